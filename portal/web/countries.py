"""With whom? Partner countries that have a record, and each foreign party with its cooperations and places."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from portal import answers, criteria, listing, places, regional, sentences, vocabulary
from portal.extensions import db
from portal.models import Version, VersionFacet
from portal.places import Country
from portal.regional import Tally
from portal.sentences import Part
from portal.web import maps, region_sentence, region_view, rows
from portal.web.clock import today
from portal.web.language import Pages, current_language
from portal.web.moving import with_query

pages = Pages("countries", __name__)

ROWS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Partner:
    """A foreign party: one name in one country, and the revisions of the records that name it."""

    slug: str
    country: str
    name: Mapping[str, str]
    alone: bool
    revisions: frozenset[int]

    def called(self) -> str:
        """Its name in this request's language."""
        return str(self.name.get(current_language()) or self.name["id"])


def partner_slug(country: str, short_name: str) -> str:
    """The one rule for a partner's address: its country's code and its Indonesian short name (``cn-xian``)."""
    return f"{country.lower()}-{places.slug(short_name)[:80]}"


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
        return render_template("countries/unknown.html", **_list(tallies), today=today()), 404
    if slug != country.slug:
        return redirect(with_query(url_for("countries.show", slug=country.slug)), 301)
    tally = tallies[country.code]
    overview = regional.with_country(country.code)
    involved = [code for code, state in overview.regions.items() if state.total]
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
        regions=[_region_line(code, overview.regions[code]) for code in involved],
        today=today(),
        **_groups(country),
    )


@pages.page("/mitra/<slug>")
def partner(slug: str) -> ResponseReturnValue:
    """One foreign party: its cooperations, places and kinds."""
    country = places.countries().get(slug[:2].upper())
    found = partners(country.code).get(slug) if country else None
    if country is None or found is None:
        return render_template("countries/unknown.html", **_list(), today=today()), 404
    shown = [row for row in _records(country.code).rows if row.revision in found.revisions]
    axis = rows.axis(min((row.start_year for row in shown if row.start_year), default=None), today())
    regions = sorted({row.region for row in shown})
    return render_template(
        "countries/partner.html",
        partner=found,
        name=found.called(),
        country=country,
        country_name=country.called(current_language()),
        rows=[rows.row_view(row, today(), axis) for row in shown],
        axis=axis,
        parts=_partner_sentence(found, country, shown, regions),
        regions=[_region_line(code) for code in regions],
        kinds=_kinds(shown),
        today=today(),
    )


def _list(tallies: Mapping[str, Tally] | None = None) -> dict[str, Any]:
    """What the list of countries shows."""
    known = listing.kept("countries", regional.by_country) if tallies is None else tallies
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
            {"text": str(tally.counted), "url": region_view.link(asked)} if tally.counted else {"text": None},
            {"text": str(tally.without_news), "url": region_view.link({**asked, "kabar": "tanpa"})}
            if tally.without_news
            else {"text": "0" if tally.counted else None},
            {"text": " · ".join(words for words in also if words)},
        ]
    }


def _sentence(name: str, tally: Tally, regions: int) -> list[Part]:
    slots = {
        "number": ngettext("%(num)s cooperation", "%(num)s cooperations", tally.counted),
        "mentioned": region_sentence.mentioned(tally),
        "regions": str(regions),
        "silent": str(tally.without_news),
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
    """The records of a country by foreign party; those with the most first."""
    page = _records(country.code)
    axis = rows.axis(min((row.start_year for row in page.rows if row.start_year), default=None), today())
    known = sorted(partners(country.code).values(), key=lambda one: (-len(one.revisions), one.called()))
    groups, singles, unverified = [], [], []
    for found in known:
        own = [row for row in page.rows if row.revision in found.revisions]
        shown = [rows.row_view(row, today(), axis) for row in own]
        if own and not any(row.counted for row in own):
            unverified += shown
        elif len(shown) > 1:
            groups.append({"name": _heading(found), "slug": found.slug, "rows": shown})
        else:
            singles += shown
    return {
        "groups": groups,
        "singles": singles,
        "unverified": unverified,
        "partners": [_partner_line(found) for found in known],
        "first": axis.first_year,
        "last": today().year,
        "more": page.total - len(page.rows),
        "total": page.total,
    }


def _heading(found: Partner) -> str:
    return _("Partner not named, only the country") if found.alone else found.called()


def _partner_line(found: Partner) -> dict[str, Any]:
    url = url_for("countries.partner", slug=found.slug)
    return {"label": _heading(found), "label_url": url, "value": len(found.revisions)}


def partners(country: str | None = None) -> Mapping[str, Partner]:
    """The foreign parties of current records, of one country or of all, by their slugs; one statement."""
    query = select(Version.revision, Version.card).where(Version.current).order_by(Version.record_number)
    if country:
        having = select(VersionFacet.revision).where(VersionFacet.facet == "negara", VersionFacet.value == country)
        query = query.where(Version.revision.in_(having))
    found: dict[str, Partner] = {}
    for revision, card in db.session.execute(query):
        for party in json.loads(card)["partners"]:
            if country is None or party["country"] == country:
                slug = partner_slug(party["country"], party["id"])
                held = found.get(slug)
                revisions = (held.revisions if held else frozenset()) | {revision}
                found[slug] = Partner(slug, party["country"], party, party["alone"], revisions)
    return found


def _region_line(code: str, state: regional.RegionState | None = None) -> dict[str, Any]:
    region = places.regions()[code]
    return {
        "label": region.headed(current_language()),
        "label_url": url_for("regions.show", slug=region.slug),
        "value": state.total if state else "",
    }


def _partner_sentence(found: Partner, country: Country, shown: list[Any], regions: list[str]) -> list[Part]:
    slots = {
        "partner": found.called(),
        "country": country.called(current_language()),
        "number": ngettext("%(num)s record", "%(num)s records", len(shown)),
        "regions": ngettext("%(num)s region", "%(num)s regions", len(regions)),
    }
    message = _("%(partner)s is named in **%(number)s** of %(regions)s in Indonesia.") if found.alone else _(
        "%(partner)s (%(country)s) is named in **%(number)s** of %(regions)s in Indonesia."
    )  # fmt: skip
    return sentences.compose([message], slots)


def _kinds(shown: Iterable[Any]) -> list[dict[str, Any]]:
    """The types and states of a partner's records, for the facts beside them."""
    types = list(dict.fromkeys(str(_(vocabulary.TYPES[row.type].label)) for row in shown))
    states = list(dict.fromkeys(str(_(answers.STATUSES[row.status].label)) for row in shown))
    return [
        {"label": _("Type"), "lines": [{"text": words} for words in types]},
        {"label": _("Status"), "lines": [{"text": words} for words in states]},
    ]
