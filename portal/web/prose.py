"""What does the portal say about itself? `PAGES`: a page of text is one template and one row here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from portal import listing, schema
from portal.exports import FORMATS
from portal.flattening import CELLS
from portal.record import DOCUMENTS
from portal.translating import gettext as _
from portal.web import dictionary, method_view
from portal.web.clock import today
from portal.web.crawling import contact_address
from portal.web.language import Pages

pages = Pages("prose", __name__)

LONGEST_PATH = 300


@dataclass(frozen=True, slots=True)
class Page:
    """A page of text: its endpoint (also the name of its template), its address, and what the template needs."""

    name: str
    rule: str
    values: Callable[[], Mapping[str, Any]]


def _nothing() -> Mapping[str, Any]:
    return {"contact": contact(), "operator": str(current_app.config["OPERATOR"])}


def _data() -> Mapping[str, Any]:
    """What is in the files, and every field of a document."""
    return {
        "formats": FORMATS.values(),
        "totals": listing.totals(),
        "columns": CELLS,
        "fields": {kind: dictionary.lines(fields) for kind, fields in DOCUMENTS.items()},
        "headers": dictionary.headers(),
        "licences": dictionary.licences(),
        "today": today(),
    }


def contact() -> dict[str, str]:
    """Whom to write to: address and text; empty while no contact is set."""
    address = contact_address()
    return {"url": address, "text": address.removeprefix("mailto:")} if address else {}


def own_path(path: str) -> str:
    """The path again when it is one that a page of this site answers, without its query; else empty."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or len(path) > LONGEST_PATH:
        return ""
    if not all("\x20" < letter < "\x7f" and letter not in '\\<>"' for letter in path):
        return ""
    own = urlsplit(path).path
    try:
        endpoint, _values = current_app.url_map.bind("").match(own, method="GET")
    except HTTPException:
        return ""
    return own if endpoint != "static" else ""


PAGES: tuple[Page, ...] = (
    Page("method", "/metode", method_view.values),
    Page("data", "/data", _data),
    Page("about", "/tentang", _nothing),
    Page("guide", "/panduan", _nothing),
    Page("accessibility", "/aksesibilitas", _nothing),
)


def _view(page: Page) -> Callable[[], ResponseReturnValue]:
    def view() -> ResponseReturnValue:
        return render_template(f"prose/{page.name}.html", **page.values())

    view.__name__ = page.name
    view.__doc__ = f"The page of text at {page.rule}."
    return view


for _page in PAGES:
    pages.page(_page.rule)(_view(_page))


@pages.page("/data/skema.json", defaults={"kind": "cooperation"}, endpoint="schema")
@pages.page("/data/skema-<kind>.json", endpoint="schema_of")
def json_schema(kind: str) -> ResponseReturnValue:
    """The JSON Schema of a document, its field names in the language of the address."""
    if kind not in DOCUMENTS:
        abort(404)
    made = _translated(schema.schema(kind))
    response = Response(json.dumps(made, ensure_ascii=False, indent=1), mimetype="application/schema+json")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _translated(part: Any) -> Any:
    """The schema with its titles in this request's language."""
    if isinstance(part, list):
        return [_translated(item) for item in part]
    if not isinstance(part, dict):
        return part
    told = {"title", "$comment", "description"}
    return {
        name: _(value) if name in told and isinstance(value, str) else _translated(value)
        for name, value in part.items()
    }
