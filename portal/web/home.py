"""How far has it got? The state of the record, the provinces, the longest silences and the latest changes."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Response, get_template_attribute, request

from portal import answers, criteria, listing, places, regional, sentences
from portal.listing import Totals
from portal.regional import Overview
from portal.sentences import Part
from portal.terms import N_
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import changes, formatting, htmx, maps, results, rows, trails
from portal.web.language import Pages, current_language, path_of

pages = Pages("home", __name__)

SILENT, CHANGED = 5, 4

# Marks explained on the first page: status, what it means; the last explains the broken line.
LEGEND: tuple[tuple[str, str], ...] = (
    ("exploring", N_("nothing is signed yet")),
    ("intent_signed", N_("a statement of intent, not binding yet")),
    ("drafting", N_("the text is still a draft")),
    ("in_force", N_("there is a text, or somebody says so")),
    ("completed", N_("the purpose was reached")),
    ("expired", N_("the term has passed; no extension is recorded")),
    ("terminated", N_("stopped before its time")),
    ("unknown", N_("a source mentions it, without more")),
)


@pages.page("/")
def index() -> Response:
    """The first page; ``peta=geo`` shows the true map in place of the tiles, for htmx that part alone.

    What follows from the state of the database alone is worked out once for each state, language and root.
    """
    geo, whose = request.args.get("peta") == "geo", f"{current_language()} {request.root_path}"
    shown = {"geography": None, "map_views": _map_views(geo), **listing.kept(f"map {whose}", _map)}
    if geo:
        shown["geography"] = listing.kept(f"geography {whose}", lambda: maps.geography(_overview()))
    if not htmx.wants_fragment():
        shown |= listing.kept(f"front {whose}", _page)
    return htmx.render("home/index.html", "home/_map.html", **shown)


def _overview() -> Overview:
    return listing.kept("overview", regional.overview)


def _map() -> dict[str, Any]:
    """The tiles, what their colours mean, and the longest silences beside them."""
    draw = get_template_attribute("components/maps.html", "tile_map")
    return {
        "tiles": draw(maps.tiles(_overview()), _("Tile map of the 38 provinces")),
        "classes": maps.classes(maps.of_provinces(_overview())),
        **_longest(),
    }


def _page() -> dict[str, Any]:
    """Everything beside the map."""
    overview, totals = _overview(), listing.totals()
    day = listing.matching(criteria.Criteria()).day
    return {
        "has_records": totals.records > 0,
        "state": _state(totals, overview, day),
        "details": _details(totals, overview, day) if totals.records else [],
        "examples": _examples(overview) if totals.records else [],
        "changes": changes.latest(CHANGED),
        "legend": _legend(),
        **_table(overview),
    }


def _longest() -> dict[str, Any]:
    """The verified records that have been silent longest, and the way to all that are silent."""
    silent = listing.matching(criteria.read([("kabar", "tanpa"), ("tanda", "existing")]))
    found = listing.page(silent, SILENT).rows
    axis = trails.axis(None, silent.day)
    every = ngettext("See the %(num)s without news", "See all %(num)s without news", silent.total)
    return {
        "longest": [_silent(row, silent.day, axis) for row in found],
        "longest_link": {"label": every, "url": results.address(silent.criteria)} if silent.total else None,
    }


def _silent(row: listing.Row, day: date, axis: trails.Axis) -> rows.RowView:
    """A row of this list speaks of the silence alone, whatever the status says."""
    pulse = rows.PulseView("none", rows.no_news_for(row.silent_since, day))
    return rows.row_view(row, day, axis)._replace(pulse=pulse, note=rows.note(row))


def _map_views(geo: bool) -> list[dict[str, Any]]:
    home = path_of("home.index")
    return [
        {"label": _("Tiles"), "url": home, "current": not geo, "id": "peta-petak"},
        {"label": _("Map"), "url": f"{home}?peta=geo", "current": geo, "id": "peta-geo", "wide": True},
        {"label": _("List"), "url": "#daftar-prov", "current": False, "id": "peta-daftar"},
    ]


def _listing(**values: str) -> str:
    base = path_of("catalogue.index")
    return f"{base}?{urlencode(values)}" if values else base


def _state(totals: Totals, overview: Overview, day: date) -> list[Part]:
    """The state of the record in one sentence; what is planned or not verified is named, never counted in."""
    if not totals.records:
        return [Part(_("Nothing is recorded yet. Collecting began on %(day)s.", day=formatting.written(day)))]
    records = ngettext("%(num)s record", "%(num)s records", totals.records)
    existing = ngettext("%(num)s cooperation", "%(num)s cooperations", totals.counted)
    regions = ngettext("%(num)s region", "%(num)s regions", overview.with_records)
    unverified = ngettext("%(num)s is not verified yet", "%(num)s are not verified yet", totals.unverified)
    planned = ngettext("%(num)s is only planned", "%(num)s are only planned", totals.planned)
    slots: dict[str, Part | str | None] = {
        "existing": Part(existing, True, url=_listing(tanda="existing")),
        "regions": Part(regions, True, url=path_of("regions.index")),
        "records": Part(records, url=_listing()),
        "unverified": Part(unverified, url=_listing(tanda="unverified")) if totals.unverified else None,
        "planned": Part(planned, url=_listing(status="planned")) if totals.planned else None,
    }
    text = _("%(existing)s in %(regions)s on record, among %(records)s{; %(unverified)s}{; %(planned)s}.")
    return sentences.compose([text], slots)


def _details(totals: Totals, overview: Overview, day: date) -> list[list[Part]]:
    """The split of the number, each with the list that gives it; then the regions."""
    split = [
        (_("announced"), totals.counted, _listing(tanda="existing")),
        (_("text on file"), totals.on_file, _listing(bukti="A", tanda="existing")),
        (_("in force"), totals.in_force, _listing(berlaku="in_force", tanda="existing")),
        (_("said to be running"), totals.claimed, _listing(berlaku="in_force_claimed", tanda="existing")),
        (_("with news in the last 24 months"), totals.with_news, _listing(kabar="ada", tanda="existing")),
        (_("without news"), totals.without_news, _listing(kabar="tanpa", tanda="existing")),
    ]
    first: list[Part] = []
    for place, (words, number, url) in enumerate(split):
        first += [Part(" · " if place else ""), Part(f"{formatting.number(number)} {words}", url=url if number else "")]
    known = [
        (overview.with_records, _("with records")),
        (overview.mentioned, _("only mentioned by a source")),
        (overview.stating_none, _("stating that there is none")),
        (overview.found_none, _("where a source found none")),
        (overview.unknown, _("of which nothing is known")),
    ]
    listed = ", ".join(f"{formatting.number(number)} {words}" for number, words in known if number)
    regions = len(overview.regions)
    written = formatting.written(day)
    text = _("As of %(day)s, of %(total)s regions: %(listed)s.", day=written, total=regions, listed=listed)
    return [first, [Part(text + " "), Part(_("All regions"), url=path_of("regions.index"))]]


def _examples(overview: Overview) -> list[dict[str, str]]:
    """Three ways to begin: the region with most records, the country, the field."""
    tally = listing.tally(listing.matching(criteria.Criteria()), "negara", "bidang")
    language = current_language()
    regions = [state for state in overview.regions.values() if "." in state.code and state.counted]
    examples = []
    if regions:
        region = places.regions()[max(regions, key=lambda state: state.counted).code]
        examples.append({"label": region.called(language), "url": path_of("regions.show", slug=region.slug)})
    for name, counted in tally.items():
        if any(counted.values()):
            code = max(counted, key=lambda value: counted[value])
            label = criteria.BY_NAME[name].said(code, _, language)
            examples.append({"label": label, "url": _listing(**{name: code})})
    return examples


def _legend() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = [
        {
            "glyph": rows.glyph(code, None),
            "tone": rows.tone(code),
            "broken": False,
            "label": _(answers.STATUSES[code].label),
            "text": _(text),
        }
        for code, text in LEGEND
    ]
    line = {"glyph": "half", "tone": "quiet", "broken": True, "label": _("Broken line")}
    return [*entries, {**line, "text": _("no news on record for more than 2 years")}]


def _table(overview: Overview) -> dict[str, Any]:
    """The provinces with records or statements as a table, the others in a line below: the same as on the map."""
    told, silent = [], []
    for region in places.provinces():
        state, also = overview.provinces[region.code], _also(region.code, overview)
        link = {"label": rows.region_name(region.code), "url": path_of("regions.show", slug=region.slug)}
        if state.total or also:
            told.append((state, also, link))
        else:
            silent.append(link)
    told.sort(key=lambda one: (-one[0].counted, -one[0].total, one[2]["label"]))
    headers: list[dict[str, Any]] = [
        {"label": _("Province")},
        {"label": _("Cooperation"), "number": True},
        {"label": _("Without news"), "number": True},
        {"label": _("Also")},
    ]
    lines = [{"cells": _cells(state, also, link)} for state, also, link in told]
    draw = get_template_attribute("components/tables.html", "table_lead")
    return {"table": draw(headers, lines, _("Provinces of which something is known"), True), "silent": silent}


def _also(province: str, overview: Overview) -> str:
    """What is known of a province beside its existing cooperation: not verified, planned, said to be none."""
    state = overview.provinces[province]
    none, found = (maps.stating_none(province, overview, kind) for kind in ("declared_none", "found_none"))
    words = [
        ngettext("%(num)s not verified", "%(num)s not verified", state.unverified) if state.unverified else "",
        ngettext("%(num)s planned", "%(num)s planned", state.planned) if state.planned else "",
        ngettext("%(num)s states there is none", "%(num)s state there is none", none) if none else "",
        ngettext("for %(num)s a source found none", "for %(num)s a source found none", found) if found else "",
    ]
    return " · ".join(text for text in words if text)


def _cells(state: regional.RegionState, also: str, link: dict[str, str]) -> list[dict[str, Any]]:
    """A line of the list of provinces; each number leads to the records it counts."""

    def number(counted: int, **query: str) -> dict[str, Any]:
        if not counted:
            return {"text": "0" if state.counted else None}
        url = results.address(criteria.read({"prov": state.code, "tanda": "existing", **query}.items()))
        return {"text": formatting.number(counted), "url": url}

    return [
        {"text": link["label"], "url": link["url"]},
        number(state.counted),
        number(state.without_news, kabar="tanpa"),
        {"text": also},
    ]
