"""How often may one address ask for what costs much: searches, past days, files and exports?"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue

from portal.extensions import limiter

COSTLY = frozenset({"q", "pada"})


def _limit() -> str:
    return str(current_app.config["RATE_LIMIT"])


def _is_free() -> bool:
    return not _limit()


limited = limiter.limit(_limit, exempt_when=_is_free)


def limited_when_costly(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Limit a view where what is asked of it costs much; what is cheap never meets the limiter."""
    counted = limited(view)

    @wraps(view)
    def either(**values: Any) -> ResponseReturnValue:
        return (view if COSTLY.isdisjoint(request.args) else counted)(**values)

    return either
