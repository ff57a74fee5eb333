"""Where does a wrong address lead? To the right one, with the query as it was typed."""

from __future__ import annotations

from flask import request


def with_query(path: str) -> str:
    """A path with the query of this request; never read as arguments of `url_for`, which has meanings of its own."""
    query = request.query_string.decode("ascii", "replace")
    return f"{path}?{query}" if query else path
