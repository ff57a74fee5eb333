"""Where may somebody be sent after signing in? Only to a path of this site, written the way our own links are (S18)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

LONGEST = 2000
# A path of one leading slash; neither a second one nor a backslash after it, nothing that browsers drop or read as one.
_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\\]")


def inside(target: object) -> str:
    """The target where it leads to a page of this site that can be looked at, else an empty text.

    Anything with a scheme, a host, a backslash or a control character – as it is, or once decoded – leads nowhere.
    """
    text = str(target or "")
    if len(text) > LONGEST or not _PATH.fullmatch(text):
        return ""
    path = text.partition("#")[0].partition("?")[0]
    plain = unquote(path)
    if _CONTROL.search(plain) or plain.startswith("//") or "//" in plain:
        return ""
    return text if _is_page(plain) else ""


def _is_page(path: str) -> bool:
    """True for a path that our own router knows, and that is not part of signing in or out."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    try:
        endpoint, _values = adapter.match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return endpoint == "security.wan_register" or not str(endpoint).startswith(("security.", "static"))
