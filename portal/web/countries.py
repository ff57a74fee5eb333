"""With whom? Partner countries that have a record, and each foreign party with its cooperations and places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import answers, criteria, listing, partners, places, regional, sentences, vocabulary
from portal.listing import Row
from portal.partners import Named, Partner
from portal.places import Country
from portal.regional import Tally
from portal.sentences import Part
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import formatting, maps, paging, region_sentence, region_view, rows, trails
from portal.web.clock import today
from portal.web.language import Pages, current_language
from portal.web.moving import with_query

pages = Pages("countries", __name__)

ROWS_SHOWN = 50
PAGE_SIZE = 25
PLACES_SHOWN = 40
LISTED = 12  # countries on the page that says that there is no such country
_SLUG = re.compile(r"[a-z0-9-]{2,90}")


@pages.page("/negara")
def index() -> ResponseReturnValue:
    """The countries that a record names, most records first."""
    return render_template("countries/index.html", **_list(), today=today())


@pages.page("/negara/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One partner country seen from Indonesia."""
    country = places.countries().get(slug[:2].upper())
    tallies = listing.kept("countries", regional.by_country)
    if country is None or country.code not in tallies or slug[2:3] not in {"", "-"}:
        return _unknown()
    if slug != country.slug:
        return redirect(with_query(url_for("countries.show", slug=country.slug)), 301)
    tally = tallies[country.code]
    overview = regional.with_country(country.code)
    involved = Counter({code: state.total for code, state in overview.regions.items() if state.total})
    parts = _sentence(country.called(current_language()), tally, len(involved))
    return render_template(
        "countries/show.html",
        country=country,
        name=country.called(current_language()),
        tally=tally,
        parts=parts,
        plain=sentences.plain(parts),
        score=region_view.tally_score(tally, {"negara": country.code}),
        asked={"negara": country.code, **({"tanda": "existing"} if tally.counted else {})},
        tiles=maps.tiles(overview),
        classes=maps.classes(maps.of_provinces(overview)),
        **_regions(involved),
        today=today(),
        **_groups(country),
    )


@pages.page("/negara/<slug>/mitra")
def all_partners(slug: str) -> ResponseReturnValue:
    """Every foreign party of a country, page by page, those with most records first."""
    country = places.countries().get(slug[:2].upper())
    found = partners.of_country(country.code, paging.asked()) if country else None
    if country is None or found is None or not found.total or slug[2:3] not in {"", "-"}:
        return _unknown()
    here = url_for("countries.all_partners", slug=country.slug)
    if slug != country.slug:
        return redirect(with_query(here), 301)
    number = min(paging.asked(), paging.last(found.total, partners.PAGE_SIZE))
    if moved := paging.elsewhere(number):
        return moved
    return render_template(
        "countries/partners.html",
        country=country,
        name=country.called(current_language()),
        total=found.total,
        headers=[{"label": _("Partner")}, {"label": _("On record"), "number": True}],
        partners=[_partner_cells(one) for one in found.found],
        pager=_pager(here, number, found.total, partners.PAGE_SIZE),
        today=today(),
    )


@pages.page("/mitra/<slug>")
def partner(slug: str) -> ResponseReturnValue:
    """One foreign party: its cooperations, page by page, its places and kinds."""
    country = places.countries().get(slug[:2].upper())
    found = partners.named(slug) if country and _SLUG.fullmatch(slug) else None
    if country is None or found is None:
        return _unknown()
    about, records = found
    here = url_for("countries.partner", slug=slug)
    number = min(paging.asked(), paging.last(len(records), PAGE_SIZE))
    if moved := paging.elsewhere(number):
        return moved
    shown = _shown(records, number)
    axis = trails.axis(min((row.start_year for row in shown if row.start_year), default=None), today())
    regions = Counter(one.region for one in records)
    return render_template(
        "countries/partner.html",
        partner=about,
        name=_called(about.party),
        country=country,
        country_name=country.called(current_language()),
        rows=[rows.row_view(row, today(), axis) for row in shown],
        pager=_pager(here, number, len(records), PAGE_SIZE),
        cut=len(records) == partners.MOST,
        axis=axis,
        parts=_partner_sentence(about, country, len(records), len(regions)),
        kinds=_kinds(records),
        today=today(),
        **_regions(regions),
    )


def _called(party: Mapping[str, Any]) -> str:
    """A partner's name in this request's language."""
    return str(party[current_language()] or party["id"])


def _pager(here: str, number: int, total: int, size: int) -> dict[str, str] | None:
    """The steps before and after a page; None where there is but one."""
    pages_ = paging.last(total, size)
    first, last = (formatting.number(n) for n in ((number - 1) * size + 1, min(number * size, total)))
    return {
        "text": _("%(first)s–%(last)s of %(total)s", first=first, last=last, total=formatting.number(total)),
        "previous": "" if number < 2 else here if number == 2 else f"{here}?hal={number - 1}",
        "next": f"{here}?hal={number + 1}" if number < pages_ else "",
    } if pages_ > 1 else None  # fmt: skip


def _shown(records: Sequence[Named], number: int) -> list[Row]:
    """The rows of one page of records."""
    start = (number - 1) * PAGE_SIZE
    matches = listing.matching(criteria.Criteria())
    return listing.rows(matches.session, matches, [one.revision for one in records[start : start + PAGE_SIZE]])


def _unknown() -> ResponseReturnValue:
    """That no record names a country or partner: with the countries of most records, and the way to all."""
    known = _list()
    rest = len(known["countries"]) - LISTED
    known["countries"] = known["countries"][:LISTED]
    return render_template("countries/unknown.html", **known, rest=max(rest, 0), today=today()), 404


def _list() -> dict[str, Any]:
    """What the list of countries shows."""
    known = listing.kept("countries", regional.by_country)
    headers = [
        {"label": _("Country")},
        {"label": _("On record"), "number": True},
        {"label": _("Without news"), "number": True},
        {"label": _("Also")},
    ]
    language = current_language()
    order = sorted(known.items(), key=lambda pair: (-pair[1].total, places.countries()[pair[0]].called(language)))
    return {"headers": headers, "countries": [_country_row(places.countries()[code], tally) for code, tally in order]}


def _country_row(country: Country, tally: Tally) -> dict[str, Any]:
    also = [
        ngettext("%(num)s not verified", "%(num)s not verified", tally.unverified) if tally.unverified else "",
        ngettext("%(num)s planned", "%(num)s planned", tally.planned) if tally.planned else "",
    ]
    url = url_for("countries.show", slug=country.slug)
    asked = {"negara": country.code, "tanda": "existing"}
    return {
        "cells": [
            {"text": country.called(current_language()), "url": url},
            {"text": formatting.number(tally.counted), "url": region_view.link(asked)}
            if tally.counted
            else {"text": None},
            {"text": formatting.number(tally.without_news), "url": region_view.link({**asked, "kabar": "tanpa"})}
            if tally.without_news
            else {"text": "0" if tally.counted else None},
            {"text": " · ".join(words for words in also if words)},
        ]
    }


def _sentence(name: str, tally: Tally, regions: int) -> list[Part]:
    slots = {
        "number": ngettext("%(num)s cooperation", "%(num)s cooperations", tally.counted),
        "mentioned": region_sentence.mentioned(tally),
        "regions": formatting.number(regions),
        "silent": formatting.number(tally.without_news),
        "country": name,
    }
    messages = []
    if tally.counted and tally.without_news == tally.counted:
        messages.append(_("**%(number)s** with %(country)s on record; **all without news** for more than two years."))
    elif tally.counted and not tally.without_news:
        messages.append(_("**%(number)s** with %(country)s on record."))
    elif tally.counted:
        messages.append(
            _("**%(number)s** with %(country)s on record; **%(silent)s without news** for more than two years.")
        )
    if tally.unverified and tally.counted:
        messages.append(_("Sources mention %(mentioned)s that nobody has verified yet."))
    elif tally.unverified:
        messages.append(_("Sources mention **%(mentioned)s** with %(country)s that **nobody has verified yet**."))
    if tally.planned and not tally.total - tally.planned:
        messages.append(_("Only plans with %(country)s are on record; plans are not counted."))
    messages.append(_("Regions involved: %(regions)s."))
    return sentences.compose(messages, slots)


def _records(country: str) -> listing.Page:
    """The records with a country, longest without news first."""
    return listing.page(listing.matching(criteria.read([("negara", country)])), ROWS_SHOWN)


def _groups(country: Country) -> dict[str, Any]:
    """The first records of a country by foreign party, those with the most first; and its partners."""
    page = _records(country.code)
    axis = trails.axis(min((row.start_year for row in page.rows if row.start_year), default=None), today())
    groups, singles, unverified, cut = [], [], [], False
    by_partner = _by_partner(page.rows, country.code)
    totals = partners.counted([slug for slug, _found in by_partner])
    for slug, (party, own) in by_partner:
        shown = [rows.row_view(row, today(), axis) for row in own]
        if not any(row.counted for row in own):
            unverified += shown
        elif len(shown) > 1:
            groups.append(
                {"name": _heading(party), "alone": party["alone"], "slug": slug, "rows": shown, "total": totals[slug]}
            )
        else:
            singles += shown
            cut = cut or totals[slug] > 1
    known = partners.of_country(country.code)
    return {
        "groups": groups,
        "singles": singles,
        "singles_cut": cut,
        "unverified": unverified,
        "partners": [_partner_line(found) for found in known.found],
        "all_partners": known.total if known.total > len(known.found) else 0,
        "first": axis.first_year,
        "last": today().year,
        "more": page.total - len(page.rows),
        "total": page.total,
    }


def _by_partner(found: Iterable[Row], country: str) -> list[tuple[str, tuple[Mapping[str, Any], list[Row]]]]:
    """Rows by the partners of a country that they name: those with most rows first, then by name."""
    groups: dict[str, tuple[Mapping[str, Any], list[Row]]] = {}
    for row in found:
        for slug, party in partners.in_card(row.card, country).items():
            groups.setdefault(slug, (party, []))[1].append(row)
    return sorted(groups.items(), key=lambda group: (-len(group[1][1]), _called(group[1][0])))


def _heading(party: Mapping[str, Any]) -> str:
    return _("Partner not named, only the country") if party["alone"] else _called(party)


def _partner_line(found: Partner) -> dict[str, Any]:
    url = url_for("countries.partner", slug=found.slug)
    return {"label": _heading(found.party), "label_url": url, "value": formatting.number(found.records)}


def _partner_cells(found: Partner) -> dict[str, Any]:
    url = url_for("countries.partner", slug=found.slug)
    return {"cells": [{"text": _heading(found.party), "url": url}, {"text": formatting.number(found.records)}]}


def _regions(totals: Counter[str]) -> dict[str, Any]:
    """The regions with most records, each with their number, and how many more there are."""
    order = sorted(totals, key=lambda code: (-totals[code], code))
    return {
        "regions": [_region_line(code, totals[code]) for code in order[:PLACES_SHOWN]],
        "more_regions": max(len(order) - PLACES_SHOWN, 0),
    }


def _region_line(code: str, total: int) -> dict[str, Any]:
    region = places.regions()[code]
    url = url_for("regions.show", slug=region.slug)
    return {"label": region.headed(current_language()), "label_url": url, "value": formatting.number(total)}


def _partner_sentence(found: Partner, country: Country, records: int, regions: int) -> list[Part]:
    slots = {
        "partner": _called(found.party),
        "country": country.called(current_language()),
        "number": ngettext("%(num)s record", "%(num)s records", records),
        "regions": ngettext("%(num)s region", "%(num)s regions", regions),
    }
    message = _("%(partner)s is named in **%(number)s** of %(regions)s in Indonesia.") if found.party["alone"] else _(
        "%(partner)s (%(country)s) is named in **%(number)s** of %(regions)s in Indonesia."
    )  # fmt: skip
    return sentences.compose([message], slots)


def _kinds(records: Iterable[Named]) -> list[dict[str, Any]]:
    """The types and states of a partner's records, for the facts beside them."""
    types = list(dict.fromkeys(one.type for one in records))
    states = list(dict.fromkeys(one.status for one in records))
    return [
        {"label": _("Type"), "lines": [{"text": str(_(vocabulary.TYPES[code].label))} for code in types]},
        {"label": _("Status"), "lines": [{"text": str(_(answers.STATUSES[code].label))} for code in states]},
    ]
