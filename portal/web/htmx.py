"""Does this request want the whole page or the fragment alone?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, make_response, render_template, request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

VARIES = ("HX-Request", "HX-History-Restore-Request", "HX-Boosted", "HX-Request-Type")
# What a fragment may depend on besides: where it was asked for, and by which control.
FRAGMENT_READS = ("HTTP_HX_SOURCE", "HTTP_HX_CURRENT_URL")


def wants_fragment() -> bool:
    """True for an htmx request that neither restores history nor asks for a full page."""
    return is_fragment(request.environ)


def is_fragment(environ: WSGIEnvironment) -> bool:
    """The same of a request as the server hands it over."""
    get = environ.get
    return (
        get("HTTP_HX_REQUEST") == "true"
        and get("HTTP_HX_HISTORY_RESTORE_REQUEST") != "true"
        and get("HTTP_HX_BOOSTED") != "true"
        and get("HTTP_HX_REQUEST_TYPE") != "full"
    )


def render(page: str, fragment: str, **values: Any) -> Response:
    """The page, or its fragment for htmx; a fragment is never kept by a cache."""
    alone = wants_fragment()
    response = make_response(render_template(fragment if alone else page, fragment=alone, **values))
    response.vary.update(VARIES)
    if alone:
        response.headers["Cache-Control"] = "no-store"
    return response
