"""What stands on a region's page? Its numbers, scoreboard and comparisons, in words of this request's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from flask import url_for

from portal import answers, criteria, places, vocabulary
from portal.places import Region
from portal.record import Document
from portal.regional import NONE_KINDS, Overview, RegionState, Tally
from portal.translating import gettext as _
from portal.web import formatting, region_facts
from portal.web.language import current_language
from portal.web.voice import voice

# How a state of knowledge looks: its tone and its mark.
COVERAGE_LOOKS: Mapping[str, tuple[str, str]] = {
    "has_records": ("done", ""), "mentioned": ("unk", "dotted"), "declared_none": ("done", "declared_none"),
    "found_none": ("unk", "found_none"), "not_reported": ("unk", "not_reported"), "no_data": ("unk", ""),
    "conflicting": ("quiet", ""),
}  # fmt: skip
STATED = NONE_KINDS

# Regions that readers compare although no level of administration holds them together any more.
SOLO_RAYA = ("33.09", "33.10", "33.11", "33.12", "33.13", "33.14", "33.72")

Cell = dict[str, Any]


def coverage(state: RegionState) -> dict[str, str]:
    """What is known of a region, in a few words with its year, and how that looks."""
    code = state.coverage.code
    tone, glyph = COVERAGE_LOOKS[code]
    label = str(_(answers.COVERAGE[code].label))
    if code in STATED and state.coverage.as_of:
        label = f"{label} ({state.coverage.as_of[:4]})"
    return {"label": label, "tone": tone, "glyph": glyph}


def score(state: RegionState, query: Mapping[str, str], note: Document, day: date) -> list[Cell]:
    """The scoreboard of a region. “0” is printed only where somebody stated it on a date, else a dash with words."""
    return tally_score(state, query) if state.total else _score_without_records(state, note, day)


def tally_score(state: Tally, query: Mapping[str, str]) -> list[Cell]:
    """The scoreboard of records; each number is a link to the list that counts alike."""
    existing_ones = {**query, "tanda": "existing"}
    cells: list[Cell] = [_cell(_("on record"), state.counted, "", "", link(existing_ones), state)]
    if state.counted:
        cells += _score_by_news(state, existing_ones)
    if state.unverified:
        url = link({**query, "tanda": "unverified"})
        label = _("not verified, not counted")
        cells.append(
            {
                "label": label,
                "number": formatting.number(state.unverified),
                "url": url,
                "tone": "unk",
                "glyph": "dotted",
            }
        )
    if state.planned:
        url = link({**query, "status": "planned"})
        label = _("planned, not counted")
        cells.append(
            {"label": label, "number": formatting.number(state.planned), "url": url, "tone": "way", "glyph": "planned"}
        )
    return cells


def _cell(label: str, number: int, tone: str, glyph: str, url: str, state: Tally) -> Cell:
    if not state.counted:
        return {"label": label, "number": "–", "note": _("none verified yet"), "tone": tone}
    shown = formatting.number(number)
    return {"label": label, "number": shown, "tone": tone, "glyph": glyph, "url": url if number else ""}


def _score_by_news(state: Tally, query: Mapping[str, str]) -> list[Cell]:
    def having(news: str) -> str:
        return link({**query, "kabar": news})

    cells = [
        _cell(_("with news in the last 2 years"), state.with_news, "go", "full", having("ada"), state),
        {**_cell(_("without news"), state.without_news, "quiet", "half", having("tanpa"), state), "broken": True},
    ]
    if state.undated:
        cells.append(_cell(_("no date known"), state.undated, "unk", "dotted", having("tanpa_tanggal"), state))
    return [*cells, _cell(_("already ended"), state.ended, "done", "capped", having("akhir"), state)]


def _score_without_records(state: RegionState, about: Document, today: date) -> list[Cell]:
    code, day = state.coverage.code, state.coverage.as_of
    words = {"label": _("what is known"), "word": str(_(answers.COVERAGE[code].label))}
    if code not in STATED or not day:
        return [{"label": _("on record"), "number": "–", "note": _("we have not asked")}, words]
    said = _("as the region states, %(day)s") if code == "declared_none" else _("as a source found, %(day)s")
    tone, glyph = COVERAGE_LOOKS[code]
    beside = [said % {"day": formatting.written(day)}]
    found = region_facts.newest_none(about)
    if found:
        beside.append(voice().say(vocabulary.SOURCE_KINDS[about["sources"][found[1] - 1]["kind"]].label))
    if region_facts.is_old(day, today):
        beside.append(voice().say(vocabulary.FLAGS["stale"].label))
    note = " · ".join(beside)
    return [{"label": _("on record"), "note": note, "number": "0", "tone": tone, "glyph": glyph}, words]


def link(query: Mapping[str, str]) -> str:
    """The list with this query, at its canonical address."""
    return f"{url_for('catalogue.index')}?{_canonical(tuple(query.items()))}"


@lru_cache(maxsize=8192)
def _canonical(pairs: tuple[tuple[str, str], ...]) -> str:
    return criteria.read(pairs).query


def table_row(
    region: Region, state: RegionState, here: str = "", query: str = "daerah", on_day: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A line of a comparison: name, on record, without news, what is known."""
    name = region.headed(current_language())
    stated = not state.total and state.coverage.code in STATED and state.coverage.as_of
    number: str | None = formatting.number(state.counted) if state.counted else "0" if stated else None
    silent = formatting.number(state.without_news) if state.counted else None
    asked = {query: region.code, "tanda": "existing", **(on_day or {})}
    return {
        "current": region.code == here,
        "cells": [
            {"text": name} if region.code == here else {"text": name, "url": url_for("regions.show", slug=region.slug)},
            {"text": number, "url": link(asked)} if state.counted else {"text": number},
            {"text": silent, "url": link({**asked, "kabar": "tanpa"})} if state.without_news else {"text": silent},
            {"coverage": coverage(state)},
        ],
    }


def neighbours(region: Region) -> tuple[str, ...]:
    """The regions a reader compares with: ex-Karesidenan Surakarta, else the same province."""
    if region.code in SOLO_RAYA:
        return SOLO_RAYA
    return tuple(member.code for member in places.members(region.province)) if region.parent else ()


def told(overview: Overview, codes: Sequence[str], here: str) -> list[str]:
    """Those of the regions of which something is known, and the one that is looked at."""
    return [
        code
        for code in codes
        if code == here or overview.regions[code].coverage.code not in {"no_data", "not_reported"}
    ]


def country_rows(tallies: Mapping[str, Tally]) -> list[dict[str, Any]]:
    """Partner countries with their numbers, most first."""
    language = current_language()
    order = sorted(tallies.items(), key=lambda pair: (-pair[1].total, places.countries()[pair[0]].called(language)))
    return [
        {
            "label": places.countries()[code].called(language),
            "label_url": url_for("countries.show", slug=places.countries()[code].slug),
            "value": tally.total,
        }
        for code, tally in order
    ]


def existing(tallies: Iterable[Tally]) -> int:
    """How many of them have at least one counted record."""
    return sum(tally.counted > 0 for tally in tallies)
