"""Where does a wrong address lead? To the right one, with the query as it was typed."""

from __future__ import annotations

from string import ascii_letters, digits

from flask import request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

_PLAIN = frozenset(f"{ascii_letters}{digits}-._~")


def with_query(path: str) -> str:
    """A path with the query of this request; never read as arguments of `url_for`, which has meanings of its own."""
    query = request.query_string.decode("ascii", "replace")
    return f"{path}?{query}" if query else path


def without_slash() -> str | None:
    """This address without the slash at its end, where a page stands there; None where none does."""
    path = request.path.rstrip("/")
    adapter = request_ctx.url_adapter
    if path == request.path or adapter is None or not _is_plain(path):
        return None
    try:
        endpoint, _values = adapter.match(path, method="GET")
    except HTTPException:
        return None
    return with_query(path) if endpoint != "static" else None


def _is_plain(path: str) -> bool:
    """True for names between single slashes, none of them empty or hidden."""
    names = path.split("/")[1:]
    return all(name and not name.startswith(".") and _PLAIN.issuperset(name) for name in names)
