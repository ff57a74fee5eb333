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
    if path == request.path or not _is_plain(path) or not _is_page(path):
        return None
    return with_query(path)


def nearest_page(path: str) -> str:
    """A path itself where a page stands there, else the nearest one above it: the page whose button leads to it."""
    while path.strip("/") and not _is_page(path):
        path = path.rpartition("/")[0]
    return path or "/"


def _is_page(path: str) -> bool:
    """True where something of ours can be looked at under exactly this path."""
    adapter = request_ctx.url_adapter
    try:
        return adapter is not None and adapter.match(path, method="GET")[0] != "static"
    except HTTPException:
        return False


def _is_plain(path: str) -> bool:
    """True for names between single slashes, none of them empty or hidden."""
    names = path.split("/")[1:]
    return all(name and not name.startswith(".") and _PLAIN.issuperset(name) for name in names)
