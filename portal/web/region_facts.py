"""What do sources say about a region, and what kind of region is it? Statements, obstacles, sources and facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal import dates, places, validation, vocabulary
from portal.places import Region
from portal.record import Document
from portal.web import formatting
from portal.web.language import current_language
from portal.web.voice import voice


def source_numbers(note: Document) -> Mapping[str, int]:
    return {source["key"]: number for number, source in enumerate(note.get("sources", []), start=1)}


def on_day(note: Document, day: date | None) -> Document:
    """What had been said of the region by a day; sources and obstacles stay while one of its statements does."""
    if day is None:
        return note
    said = [one for one in note.get("statements", []) if dates.earliest(one["as_of"]) <= day]
    return {**note, "statements": said} if said else {}


def statements(note: Document) -> list[dict[str, Any]]:
    """What sources say about the region, newest first, each with its words, period, date and source."""
    numbers = source_numbers(note)
    found = sorted(note.get("statements", []), key=lambda said: str(said["as_of"]), reverse=True)
    return [
        {
            "kind": voice().say(vocabulary.STATEMENT_KINDS[said["kind"]].label),
            "text": voice().words(said["text"]),
            "quote": said.get("quote", ""),
            "place": place(said.get("locator", "")),
            "as_of": said["as_of"],
            "scope": _scope(said),
            "note": voice().words(said.get("note")),
            "sources": (numbers[said["source"]],),
        }
        for said in found
    ]


def _scope(said: Document) -> str:
    start, end = said.get("scope_from", ""), said.get("scope_to", "")
    if start and end:
        return _("about %(start)s to %(end)s", start=formatting.written(start), end=formatting.written(end))
    return _("about the time before %(end)s", end=formatting.written(end)) if end else ""


def place(locator: str) -> str:
    """Where a source says it: ``001:512-524`` are lines of a file."""
    paper, _colon, lines = locator.partition(":")
    if paper.isdigit() and lines:
        return _("file %(paper)s, lines %(lines)s", paper=paper, lines=lines.replace("-", "–"))
    return locator


def obstacles(note: Document) -> list[dict[str, Any]]:
    """Obstacles that sources name, each in the source's own words."""
    numbers = source_numbers(note)
    return [
        {
            "label": voice().say(vocabulary.OBSTACLES[named_["code"]].label),
            "quote": named_.get("quote", ""),
            "place": place(named_.get("locator", "")),
            "sources": tuple(numbers[key] for key in named_.get("sources", []) if key in numbers),
            "note": voice().words(named_.get("note")),
        }
        for named_ in note.get("obstacles", [])
    ]


def sources(note: Document) -> list[dict[str, Any]]:
    """The sources of what is said about the region (`components/evidence.html`)."""
    return [_source(number, source) for number, source in enumerate(note.get("sources", []), start=1)]


def _source(number: int, source: Document) -> dict[str, Any]:
    about = [source.get("publisher", "")]
    day = source.get("as_of", {}).get("date")
    if day:
        basis = voice().say(vocabulary.DATE_BASES[source["as_of"]["basis"]].label)
        about.append(_("as of %(day)s (%(basis)s)", day=formatting.written(day), basis=basis))
    about.append(voice().say(vocabulary.GRADES[source["grade"]].label))
    link = source.get("link", "")
    return {
        "n": number,
        "title": source["title"],
        "url": link if validation.is_safe_url(link) else "",
        "kind": voice().say(vocabulary.SOURCE_KINDS[source["kind"]].label),
        "about": [words for words in about if words],
        "note": voice().words(source.get("note")),
    }


def facts(region: Region, note: Document) -> list[dict[str, Any]]:
    """What kind of region it is."""
    level = voice().say(vocabulary.REGION_LEVELS[region.level].label)
    rows: list[dict[str, Any]] = [
        {"label": _("Level"), "value": _("%(level)s · code %(code)s", level=level, code=region.code)}
    ]
    if region.parent:
        province = places.regions()[region.parent]
        url = url_for("regions.show", slug=province.slug)
        rows.append({"label": _("Province"), "value": province.called(current_language()), "url": url})
    if note.get("office"):
        rows.append({"label": _("Office in charge of cooperation"), "value": voice().words(note["office"])})
    if region.capital:
        rows.append(
            {
                "label": _("Seat of government"),
                "value": region.capital,
                "note": _("the weakest column of the source; not checked"),
            }
        )
    rows.append(
        {
            "label": _("Population"),
            "value": formatting.number(region.population),
            "note": _("Dukcapil, second half of 2024"),
        }
    )
    rows.append({"label": _("Area"), "value": f"{_area(region.area_km2)} km²", "note": _("BIG, December 2024")})
    return rows


def _area(text: str) -> str:
    whole, _dot, rest = text.partition(".")
    mark = "," if current_language() == "id" else "."
    return formatting.number(int(whole)) + (mark + rest[:1] if rest and len(whole) < 4 else "")


def newest_day(note: Document) -> str:
    """The newest as-of date of what is said about the region; empty where nothing is."""
    days: list[str] = [said["as_of"] for said in note.get("statements", [])]
    return max(days, default="")
