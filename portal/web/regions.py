"""What is known of a region? The list of provinces, and a page for each of the 552 regions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import answers, criteria, dates, folding, listing, places, publications, regional, sentences, vocabulary
from portal.places import Region
from portal.regional import Overview, Tally
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import (
    asking,
    definitions,
    formatting,
    offers,
    record_view,
    region_facts,
    region_sentence,
    region_view,
    replies,
    rows,
    trails,
)
from portal.web.clock import today
from portal.web.language import Pages, current_language
from portal.web.moving import with_query
from portal.web.voice import voice

pages = Pages("regions", __name__)

ADDRESS = re.compile(r"([0-9]{2}(?:\.[0-9]{2})?)(?:-.*)?")
ROWS_SHOWN = 25
FOUND_SHOWN = 60
OLD_DATA = vocabulary.FLAGS["stale"]
LONGEST_NAME = 100
LEGEND = ("declared_none", "found_none", "mentioned", "not_reported")


@pages.page("/daerah")
def index() -> ResponseReturnValue:
    """The provinces with their numbers; ``q`` finds regions by name."""
    overview = regional.overview()
    typed = " ".join(criteria.clean(request.args.get("q", ""), LONGEST_NAME).split())
    return render_template(
        "regions/index.html",
        overview=overview,
        total=len(overview.regions),
        today=today(),
        typed=typed,
        found=_found(typed, overview) if typed else None,
        provinces=[_province_row(province, overview) for province in places.provinces()],
        headers=_headers(_("Province"), _("What is known")),
    )


@pages.page("/daerah/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One region: sentence, numbers, records, statements, neighbours, facts."""
    region = _region(slug)
    if slug != region.slug:
        return redirect(with_query(url_for("regions.show", slug=region.slug)), 301)
    day = _day()
    known_at = _known_at(day)
    codes = {region.code, *region_view.neighbours(region), *_member_codes(region)}
    overview = regional.states(sorted(codes), day, known_at)
    note = region_facts.on_day(overview.notes.get(region.code, {}), day)
    return render_template(
        "regions/show.html",
        region=region,
        name=region.called(current_language()),
        province_name=places.regions()[region.province].called(current_language()),
        province_url=url_for("regions.show", slug=places.regions()[region.province].slug),
        today=day or today(),
        stale_label=_(OLD_DATA.label),
        on_day=_on_day(region, day, known_at),
        letter=asking.letter(region),
        steps=asking.STEPS,
        legend=[_legend(code) for code in LEGEND],
        statements=region_facts.statements(note, day or today()),
        obstacles=region_facts.obstacles(note),
        sources=region_facts.sources(region, note),
        facts=region_facts.facts(region, note),
        replies=replies.told(note.get("replies", []), voice()),
        pending=record_view.pending(region.code) if day is None else "",
        offers=offers.of_region(region.code, url_for("regions.show", slug=region.slug)),
        **_numbers(region, note, overview, day, known_at),
        **_tables(region, overview, day),
    )


def _region(slug: str) -> Region:
    """The region an address names, by its code or by its whole name."""
    address = ADDRESS.fullmatch(slug)
    region = places.regions().get(address[1] if address else _codes_by_name().get(slug.lower(), ""))
    if region is None:
        abort(404)
    return region


@cache
def _codes_by_name() -> Mapping[str, str]:
    return {places.slug(region.name): region.code for region in places.regions().values()}


def _day() -> date | None:
    """The past day asked for with ``pada``; anything else is passed over."""
    text = request.args.get("pada", "")
    if len(text) != 10 or not dates.is_partial_date(text) or text >= today().isoformat():
        return None
    return dates.earliest(text)


def _known_at(day: date | None) -> str | None:
    """The moment up to which the register is read; None reads what is known today."""
    first = publications.first_day() if day else None
    return publications.last_moment(day) if day and first and day >= first else None


def _on_day(region: Region, day: date | None, known_at: str | None) -> dict[str, Any] | None:
    """What stands over a page that is read on another day."""
    if day is None:
        return None
    written = formatting.written(day)
    text = _("As known and assessed on %(day)s.", day=written) if known_at else _(
        "What is known today, assessed on %(day)s; the register is younger than that.", day=written
    )  # fmt: skip
    return {"text": text, "links": [{"label": _("See today’s page"), "url": url_for("regions.show", slug=region.slug)}]}


def _member_codes(region: Region) -> list[str]:
    return [member.code for member in places.members(region.code)] if not region.parent else []


def _numbers(
    region: Region, note: Mapping[str, Any], overview: Overview, day: date | None, known_at: str | None
) -> dict[str, Any]:
    """Sentence, scoreboard, rows and partner countries."""
    state = overview.regions[region.code]
    province = None if region.parent else overview.provinces[region.code]
    query = {"daerah": region.code} if region.parent else {"prov": region.code}
    shown = province if province and province.total else state
    abroad = regional.by_country(("daerah", region.code), day, known_at)
    around = regional.by_country(("prov", region.code), day, known_at) if province else abroad
    parts = region_sentence.sentence(region, state, note, region_view.existing(abroad.values()), province)
    return {
        "state": state,
        "parts": parts,
        "plain": sentences.plain(parts),
        "stated": region_facts.stated(note, state.coverage.code in region_view.STATED, day or today()),
        "score": region_view.score(shown, {**query, **_asked(day)}, note, day or today()),
        "coverage": region_view.coverage(state),
        "own": _rows({"daerah": region.code}, day, state),
        "inside": _rows({"prov": region.code}, day, province, region.code)
        if province and province.total > state.total
        else None,
        "countries": region_view.country_rows(around),
        "query": query,
        "existing": {**query, "tanda": "existing"} if shown.counted else query,
    }


def _asked(day: date | None) -> dict[str, str]:
    """What the address of a list says of the day."""
    return {"pada": day.isoformat()} if day else {}


def _rows(narrowing: Mapping[str, str], day: date | None, tally: Tally, without: str = "") -> dict[str, Any]:
    """The first records of a list as rows, on the trail's shared axis, and how many there are in all.

    Those of the region ``without``, which stand above already, are not drawn again.
    """
    on_day = _asked(day)
    query = "?" + urlencode(on_day) if day else ""
    asked = criteria.read({**narrowing, **on_day}.items())
    page = listing.page(listing.matching(asked), ROWS_SHOWN)
    years = [row.start_year for row in page.rows if row.start_year]
    axis = trails.axis(min(years, default=None), day or today())
    return {
        "rows": [rows.row_view(row, day or today(), axis, query) for row in page.rows if row.region != without],
        "total": page.total,
        "first": axis.first_year,
        "last": (day or today()).year,
        "url": f"{url_for('catalogue.index')}?{asked.query}",
        "counted": tally.counted,
        "counted_url": region_view.link({**narrowing, "tanda": "existing", **on_day}),
    }


def _tables(region: Region, overview: Overview, day: date | None) -> dict[str, Any]:
    """The comparison with the neighbours, and a province's own kabupaten and kota."""
    around = region_view.neighbours(region)
    told = region_view.told(overview, around, region.code)
    members = _member_codes(region)

    def line(code: str) -> dict[str, Any]:
        return region_view.table_row(places.regions()[code], overview.regions[code], region.code, on_day=_asked(day))

    return {
        "headers": _headers(_("Region"), _("What is known")),
        "around": [line(code) for code in told],
        "around_name": _("Ex-Karesidenan Surakarta") if around == region_view.SOLO_RAYA else "",
        "around_rest": len(around) - len(told),
        "members": [line(code) for code in members],
    }


def _headers(first: str, last: str) -> list[dict[str, Any]]:
    return [
        {"label": first},
        {"label": _("On record"), "number": True},
        {"label": _("Without news"), "number": True},
        {"label": last},
    ]


def _legend(code: str) -> dict[str, Any]:
    tone, glyph = region_view.COVERAGE_LOOKS[code]
    label = str(_(answers.COVERAGE[code].label))
    return {
        "tone": tone,
        "glyph": glyph,
        "broken": False,
        "label": label,
        "text": _(definitions.COVERAGE[code].meaning),
    }


def _province_row(province: Region, overview: Overview) -> dict[str, Any]:
    """A line of the list of provinces: everything in the territory."""
    state = overview.provinces[province.code]
    codes = [province.code, *_member_codes(province)]
    known = sum(overview.regions[code].coverage.code not in {"no_data", "not_reported"} for code in codes)
    words = (
        [ngettext("something on %(num)s of %(all)s", "something on %(num)s of %(all)s regions", known, all=len(codes))]
        if known
        else [_("No data yet")]
    )
    if state.unverified:
        words.append(ngettext("%(num)s not verified", "%(num)s not verified", state.unverified))
    row = region_view.table_row(province, state, query="prov")
    row["cells"][3] = {"text": " · ".join(words)}
    return row


def _found(typed: str, overview: Overview) -> Sequence[dict[str, Any]]:
    """The regions whose name holds every word as the beginning of one of its words."""
    wanted = folding.words(typed)
    found = [region for region in places.regions().values() if wanted and _is_named(region.code, wanted)]
    return [region_view.table_row(region, overview.regions[region.code]) for region in found[:FOUND_SHOWN]]


def _is_named(code: str, wanted: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in _names(code)) for part in wanted)


@cache
def _names(code: str) -> frozenset[str]:
    return frozenset(word for name in folding.region_names(code) for word in folding.words(name))
