"""What do sources say about a region, and what kind of region is it? Statements, obstacles, sources and facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for

from portal import dates, places, status, validation, vocabulary
from portal.places import Region
from portal.record import Document
from portal.regional import NONE_KINDS
from portal.translating import gettext as _
from portal.web import formatting, source_files
from portal.web.language import current_language
from portal.web.voice import voice


def source_numbers(note: Document) -> Mapping[str, int]:
    return {source["key"]: number for number, source in enumerate(note.get("sources", []), start=1)}


def on_day(note: Document, day: date | None) -> Document:
    """What had been said of the region by a day; sources and obstacles stay while a statement or reply does."""
    if day is None:
        return note
    said = [one for one in note.get("statements", []) if dates.earliest(one["as_of"]) <= day]
    answered = [one for one in note.get("replies", []) if dates.earliest(one["date"]) <= day]
    return {**note, "statements": said, "replies": answered} if said or answered else {}


def is_old(as_of: str, day: date) -> bool:
    """True for what was said more than `status.STALE_MONTHS` before a day (domain 7.1, rule 2)."""
    return dates.add_months(dates.latest(as_of), status.STALE_MONTHS) < day


def newest_none(note: Document) -> tuple[Document, int] | None:
    """The newest statement that there is none, the region's own first, and the number of its source."""
    found = [said for said in note.get("statements", []) if said["kind"] in NONE_KINDS]
    if not found:
        return None
    newest = max(found, key=lambda said: (dates.earliest(said["as_of"]), said["kind"] == "declared_none"))
    return newest, source_numbers(note)[newest["source"]]


def later(note: Document) -> tuple[Document, int] | None:
    """The newest statement of another kind that is younger than the newest one of none, and its source's number."""
    none = newest_none(note)
    if none is None:
        return None
    since = dates.latest(none[0]["as_of"])
    found = [said for said in note["statements"] if said["kind"] not in NONE_KINDS]
    newest = max(found, key=lambda said: dates.earliest(said["as_of"]), default=None)
    if newest is None or dates.earliest(newest["as_of"]) <= since:
        return None
    return newest, source_numbers(note)[newest["source"]]


def statements(note: Document, day: date) -> list[dict[str, Any]]:
    """What sources say about the region, newest first, each with its words, period, date and source."""
    numbers = source_numbers(note)
    found = sorted(note.get("statements", []), key=lambda said: str(said["as_of"]), reverse=True)
    return [
        {
            "kind": _kind(said),
            "stale": is_old(said["as_of"], day),
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


def _kind(said: Document) -> str:
    """What kind of statement it is; of earlier cooperation that is not listed also before which year."""
    until = said.get("scope_to", "")
    if said["kind"] == "unlisted" and until and "scope_from" not in said:
        return _("Cooperation before %(year)s is not listed yet", year=dates.latest(until).year + 1)
    return voice().say(vocabulary.STATEMENT_KINDS[said["kind"]].label)


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


def sources(region: Region, note: Document) -> list[dict[str, Any]]:
    """The sources of what is said about the region (`components/evidence.html`), with the files behind them."""
    files = source_files.disclosed(region.code, note)

    def address(checksum: str) -> str:
        return url_for("files.of_region", slug=region.slug, sha256=checksum)

    return [
        {**_source(number, source), "archive": source_files.archived(source, files, address)}
        for number, source in enumerate(note.get("sources", []), start=1)
    ]


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
                "note": _("not yet compared with an official source"),
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


def stated(note: Document, is_zero: bool, day: date) -> dict[str, Any] | None:
    """When the region was last spoken of; where “0” is printed, the statement it rests on; None without any."""
    none = newest_none(note) if is_zero else None
    sources: tuple[int, ...] = ()
    days: list[str] = [said["as_of"] for said in note.get("statements", [])]
    if none:
        as_of, sources = none[0]["as_of"], (none[1],)
        text = _("Newest statement that there is none: %(day)s.", day=formatting.written(as_of))
    elif days:
        as_of = max(days, key=dates.earliest)
        text = _("Newest statement about the region: %(day)s.", day=formatting.written(as_of))
    else:
        return None
    return {"text": text, "sources": sources, "stale": is_old(as_of, day)}
