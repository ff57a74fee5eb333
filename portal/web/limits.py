"""How often may one address ask for what costs much: searches, past days, files and exports?"""

from __future__ import annotations

from flask import current_app, request

from portal.extensions import limiter

COSTLY = frozenset({"q", "pada"})


def _limit() -> str:
    return str(current_app.config["RATE_LIMIT"])


def _is_free() -> bool:
    return not _limit()


def _is_cheap() -> bool:
    return _is_free() or COSTLY.isdisjoint(request.args)


limited = limiter.limit(_limit, exempt_when=_is_free)
limited_when_costly = limiter.limit(_limit, exempt_when=_is_cheap)
