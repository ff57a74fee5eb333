"""What stands on a region's page? Its sentence, numbers, statements and facts, in words of this request's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import answers, criteria, places, sentences, vocabulary
from portal.places import Region
from portal.record import Document
from portal.regional import NONE_KINDS, Overview, RegionState, Tally
from portal.sentences import Part
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


def named(region: Region) -> str:
    """The region in a sentence: ``Kabupaten Klaten``, ``Provinsi Jawa Tengah``."""
    name = region.called(current_language())
    if region.level != "province" or name.startswith("Daerah "):
        return name
    return _("the province of %(name)s", name=name)


def sentence(
    region: Region, state: RegionState, note: Document, countries: int, territory: RegionState | None = None
) -> list[Part]:
    """The region in a few sentences (ux §3.7); for a province also what its territory has."""
    slots: dict[str, Part | str | None] = {"region": named(region), "countries": _countries(countries)}
    records = _record_messages(state, slots) if state.total else []
    stated = _stated_message(state, note, slots)
    stated_first = [stated] if stated and not state.counted else []
    messages = [*stated_first, *records, *([stated] if stated and state.counted else [])]
    if not messages:
        messages = [
            _("**No data yet** for %(region)s. We have not asked. That does not mean that it has no cooperation.")
        ]
    if territory and territory.total > state.total:
        messages.append(_inside_message(state, territory, slots))
    composed = sentences.compose(messages, slots)
    first = composed[0]
    return [replace(first, text=first.text[:1].upper() + first.text[1:]), *composed[1:]]


def _countries(number: int) -> str:
    return str(ngettext("%(num)s country", "%(num)s countries", number))


def _record_messages(state: RegionState, slots: dict[str, Part | str | None]) -> list[str]:
    """What the records come to, in words."""
    slots["number"] = ngettext("%(num)s cooperation", "%(num)s cooperations", state.counted)
    slots["silent"], slots["over"] = str(state.without_news), str(state.ended) if state.ended else None
    slots["mentioned"] = ngettext("%(num)s cooperation", "%(num)s cooperations", state.unverified)
    slots["planned"] = ngettext("%(num)s plan", "%(num)s plans", state.planned)
    messages = []
    if state.counted:
        messages.append(_("%(region)s has **%(number)s** abroad on record, with %(countries)s."))
    if state.without_news:
        messages.append(_("**%(silent)s without news** for more than two years{; %(over)s already ended}."))
    elif state.ended:
        messages.append(_("%(over)s already ended."))
    if state.unverified and state.counted:
        messages.append(_("Sources mention %(mentioned)s more that nobody has verified yet."))
    elif state.unverified:
        messages.append(_("Sources mention **%(mentioned)s** of %(region)s that **nobody has verified yet**."))
    if state.planned:
        messages.append(_("Also on record: %(planned)s, not counted as cooperation."))
    return messages


def _inside_message(state: RegionState, territory: RegionState, slots: dict[str, Part | str | None]) -> str:
    """What the kabupaten and kota of a province have on record."""
    number, open_ones = territory.total - state.total, territory.unverified - state.unverified
    slots["inside"] = ngettext("%(num)s cooperation", "%(num)s cooperations", number)
    slots["open"] = str(open_ones) if open_ones else None
    return _("Its regencies and cities have **%(inside)s** on record{, %(open)s of them not verified}.")


def _stated_message(state: RegionState, note: Document, slots: dict[str, Part | str | None]) -> str:
    """What the newest statement that there is none says, with who says it and when; empty where there is none."""
    found = newest_none(note)
    if found is None:
        return ""
    statement, number = found
    slots["as_of"] = Part(formatting.written(statement["as_of"]), sources=(number,))
    slots["source"] = voice().say(vocabulary.SOURCE_KINDS[note["sources"][number - 1]["kind"]].label)
    if statement["kind"] == "declared_none":
        return _("As of %(as_of)s, %(region)s **states that it has no foreign cooperation yet**.")
    return _("%(source)s (%(as_of)s) **found no foreign cooperation** of %(region)s.")


def newest_none(note: Document) -> tuple[Document, int] | None:
    """The newest statement that there is none, and the number of its source."""
    found = [said for said in note.get("statements", []) if said["kind"] in STATED]
    if not found:
        return None
    newest = max(found, key=lambda said: str(said["as_of"]))
    return newest, region_facts.source_numbers(note)[newest["source"]]


def coverage(state: RegionState) -> dict[str, str]:
    """What is known of a region, in a few words with its year, and how that looks."""
    code = state.coverage.code
    tone, glyph = COVERAGE_LOOKS[code]
    label = str(_(answers.COVERAGE[code].label))
    if code in STATED and state.coverage.as_of:
        label = f"{label} ({state.coverage.as_of[:4]})"
    return {"label": label, "tone": tone, "glyph": glyph}


def score(state: RegionState, query: Mapping[str, str]) -> list[Cell]:
    """The scoreboard of a region. “0” is printed only where somebody stated it on a date, else a dash with words."""
    return tally_score(state, query) if state.total else _score_without_records(state)


def tally_score(state: Tally, query: Mapping[str, str]) -> list[Cell]:
    """The scoreboard of records. A number is a link where the list behind it counts alike."""
    verified = state.counted == state.total
    cells: list[Cell] = [_cell(_("on record"), state.counted, "", "", _link(query) if verified else "", state)]
    if state.counted:
        cells += _score_by_news(state, query, verified)
    if state.unverified:
        link = _link({**query, "tanda": "unverified"})
        label = _("not verified, not counted")
        cells.append({"label": label, "number": state.unverified, "url": link, "tone": "unk", "glyph": "dotted"})
    if state.planned:
        link = _link({**query, "status": "planned"})
        label = _("planned, not counted")
        cells.append({"label": label, "number": state.planned, "url": link, "tone": "way", "glyph": "planned"})
    return cells


def _cell(label: str, number: int, tone: str, glyph: str, url: str, state: Tally) -> Cell:
    if not state.counted:
        return {"label": label, "number": "–", "note": _("none verified yet"), "tone": tone}
    return {"label": label, "number": number, "tone": tone, "glyph": glyph, "url": url if number else ""}


def _score_by_news(state: Tally, query: Mapping[str, str], verified: bool) -> list[Cell]:
    def link(news: str) -> str:
        return _link({**query, "kabar": news}) if verified else ""

    cells = [
        _cell(_("with news in the last 2 years"), state.with_news, "go", "full", link("ada"), state),
        {**_cell(_("without news"), state.without_news, "quiet", "half", link("tanpa"), state), "broken": True},
    ]
    if state.undated:
        cells.append(_cell(_("no date known"), state.undated, "unk", "dotted", link("tanpa_tanggal"), state))
    return [*cells, _cell(_("completed or stopped"), state.ended, "stop", "crossed", link("akhir"), state)]


def _score_without_records(state: RegionState) -> list[Cell]:
    code, day = state.coverage.code, state.coverage.as_of
    words = {"label": _("what is known"), "word": str(_(answers.COVERAGE[code].label))}
    if code not in STATED or not day:
        return [{"label": _("on record"), "number": "–", "note": _("we have not asked")}, words]
    said = _("as the region states, %(day)s") if code == "declared_none" else _("as a source found, %(day)s")
    tone, glyph = COVERAGE_LOOKS[code]
    note = said % {"day": formatting.written(day)}
    return [{"label": _("on record"), "note": note, "number": "0", "tone": tone, "glyph": glyph}, words]


def _link(query: Mapping[str, str]) -> str:
    """The list with this query, at its canonical address."""
    return f"{url_for('catalogue.index')}?{criteria.read(query.items()).query}"


def table_row(
    region: Region, state: RegionState, here: str = "", query: str = "daerah", short: bool = False
) -> dict[str, Any]:
    """A line of a comparison: name, on record, without news, what is known."""
    name = region.headed(current_language())
    stated = not state.total and state.coverage.code in STATED and state.coverage.as_of
    number: str | None = str(state.counted) if state.counted else "0" if stated else None
    silent = str(state.without_news) if state.counted else None
    linked = state.counted == state.total and state.counted and not short
    return {
        "current": region.code == here,
        "cells": [
            {"text": name} if region.code == here else {"text": name, "url": url_for("regions.show", slug=region.slug)},
            {"text": number, "url": _link({query: region.code})} if linked else {"text": number},
            {"text": silent},
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
