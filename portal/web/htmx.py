"""Does this request want the whole page or the fragment alone?"""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request

VARIES = ("HX-Request", "HX-History-Restore-Request", "HX-Boosted", "HX-Request-Type")


def wants_fragment() -> bool:
    """True for an htmx request that neither restores history nor asks for a full page."""
    heads = request.headers
    return (
        heads.get("HX-Request") == "true"
        and heads.get("HX-History-Restore-Request") != "true"
        and heads.get("HX-Boosted") != "true"
        and heads.get("HX-Request-Type") != "full"
    )


def render(page: str, fragment: str, **values: Any) -> Response:
    """The page, or its fragment for htmx; a fragment is never kept by a cache."""
    alone = wants_fragment()
    response = make_response(render_template(fragment if alone else page, fragment=alone, **values))
    response.vary.update(VARIES)
    if alone:
        response.headers["Cache-Control"] = "no-store"
    return response
