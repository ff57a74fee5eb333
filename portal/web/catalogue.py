"""Which cooperations match? The listing with its exports, the search, and suggestions while typing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from flask import Response, abort, current_app, make_response, redirect, render_template, request
from flask import url_for as address_of
from flask.typing import ResponseReturnValue

from portal import criteria as asking
from portal import exports, extensions, listing, selecting, streaming, translating
from portal.criteria import Criteria
from portal.listing import Matches, Page
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import finding, formatting, htmx, results, site
from portal.web.clock import today
from portal.web.forms import filtering
from portal.web.language import Pages, current_language
from portal.web.limits import limited, limited_when_costly

pages = Pages("catalogue", __name__)

FIRST_YEAR = 1960


def asked() -> Criteria:
    """What the query string of this request asks for."""
    return asking.read(request.args.items(multi=True), today())


def _is_canonical(criteria: Criteria) -> bool:
    typed = parse_qsl(request.query_string.decode("utf-8", "replace"), keep_blank_values=True)
    return typed == [(name, value) for name, values in criteria.chosen for value in values]


@pages.page("/kerja-sama")
@limited_when_costly
def index() -> ResponseReturnValue:
    """The listing: the page, or for htmx the results alone; a plain request is sent to its canonical address."""
    criteria, alone = asked(), htmx.wants_fragment()
    if not alone and not _is_canonical(criteria):
        return redirect(results.address(criteria), 303)
    matches = listing.matching(criteria)
    page = listing.page(matches, current_app.config["PAGE_SIZE"])
    if page.number != criteria.number:
        criteria = criteria.having("hal", str(page.number))
        if not alone:
            return redirect(results.address(criteria), 303)
    response = htmx.render("catalogue/index.html", "catalogue/_fragment.html", **_shown(matches, page, alone))
    if alone:
        response.headers["HX-Push-Url"] = _pushed(results.address(criteria))
    return response


def _shown(matches: Matches, page: Page, alone: bool) -> dict[str, Any]:
    """What the templates get: the view, and the form with its options."""
    view = results.listing_view(matches, page, today())
    years = range(today().year, FIRST_YEAR - 1, -1)
    facets = listing.facets(matches, _, current_language())
    return {
        "view": _for_fragment(view) if alone else view,
        "criteria": matches.criteria,
        "facets": filtering.Sheet(matches.criteria, facets, years),
        "hidden": filtering.hidden(matches.criteria),
        "more_open": filtering.more_open(matches.criteria),
        "years": years,
    }


def _for_fragment(view: results.ListingView) -> results.ListingView:
    """What a fragment says and where the focus goes depends on what was pressed."""
    pressed = request.headers.get("HX-Source", "").partition("#")[2]
    if pressed.startswith("hal-"):
        said = _("Page %(n)s of %(total)s", n=formatting.number(view.page), total=formatting.number(view.pages))
        return replace(view, announcement=said, focus_heading=True)
    if pressed.startswith("c-"):
        found = ngettext("%(num)s cooperation", "%(num)s cooperations", view.total)
        said = _("Filter removed. %(found)s", found=found)
        return replace(view, announcement=said, focus_heading=True, reset_form=True)
    found = ngettext("%(num)s cooperation found", "%(num)s cooperations found", view.total)
    return replace(view, announcement=found)


def _pushed(address: str) -> str:
    """The address for the history; none when the reader is there already, so that one change is one entry."""
    here = request.headers.get("HX-Current-URL", "")
    return "false" if here.endswith(address) and here[: -len(address)].count("/") == 2 else address


@pages.page("/kerja-sama.<format>")
@limited
def export(format: str) -> ResponseReturnValue:  # noqa: A002 the name stands in the address
    """The same list as a file or feed, with the same query string."""
    form = next((one for one in exports.FORMATS.values() if one.extension == format), None)
    if form is None:
        abort(404)
    criteria = asked()
    found: Any
    if form.newest:
        matches = listing.matching(criteria)
        found = streaming.newest(matches)
        total, state = matches.total, matches.state
    else:
        found = streaming.stream(criteria, current_app.config["EXPORT_BATCH"], form.documents)
        total, state, found = found.total, found.state, found.rows
    listed = _listed(criteria, found, total, state, format)
    response = Response(form.write(listed), content_type=form.mimetype)
    if not form.newest:
        response.headers["Content-Disposition"] = f'attachment; filename="kerja-sama.{form.extension}"'
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _listed(criteria: Criteria, found: Any, total: int, state: Any, format: str) -> exports.Listed:  # noqa: A002
    page = site.public_url(results.address(criteria))
    base = site.public_url(results.address(Criteria()))

    def link(subject: str, slug: str, number: int) -> str:
        return f"{base}/{subject}-{slug}?rev={number}"

    return exports.Listed(
        rows=found,
        total=total,
        say=translating.catalogue(current_language()).gettext,  # the rows are written after the request is over
        language=current_language(),
        link=link,
        address=site.public_url(results.address(criteria, "catalogue.export", format=format)),
        page=page,
        query=criteria.query,
        generated=extensions.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        state=state,
        reading=selecting.reading(criteria, state),
        day=criteria.day or state.day,
        site=current_app.config["SITE_NAME"],
        authority=site.authority(),
    )


@pages.page("/cari")
@limited
def search() -> ResponseReturnValue:
    """Sends the reader to the one record, region or country that is meant, else to the listing."""
    typed = request.args.get("q", "")
    return redirect(finding.best(typed) or results.address(asking.read([("q", typed)])), 303)


@pages.page("/saran")
@limited
def suggestions() -> ResponseReturnValue:
    """Options for the search box while somebody types; who opens the address itself is sent to the search."""
    typed = request.args.get("q", "")
    if not htmx.wants_fragment():
        return redirect(address_of("catalogue.search", q=typed), 303)
    response = make_response(render_template("catalogue/_suggestions.html", suggestions=finding.suggested(typed)))
    response.headers["Cache-Control"] = "no-store"
    return response
