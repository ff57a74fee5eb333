"""What does the index say of a published document? The rows that listings filter on, made from the ledger alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from portal import config, dates, folding, ledger, places, status, translating
from portal.models import AnswerPeriod, Assessment, CountryRow, RegionNote, RegionRow, Version, VersionFacet
from portal.models import search as search_table
from portal.record import Document
from portal.sentences import witnesses
from portal.status import Answers

OVERLAYS = {"disputed": 1, "unverified": 2, "stale": 4, "recomputed": 8, "under_clarification": 16}
# What the listing can ask for besides: that a record counts as an existing agreement (status.Answers.counted).
MARKS = {**OVERLAYS, "existing": 32}
# Raised whenever a document is indexed otherwise than before; an index of another form is made anew (`portal upgrade`).
FORM = 2
FIRST_DAY = date(1, 1, 1)
NO_DAY = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Rows:
    """All index rows of one version, without the columns that later versions decide (``current``, ``known_until``)."""

    version: Mapping[str, Any]
    facets: frozenset[tuple[str, str]]
    periods: tuple[Mapping[str, Any], ...]
    texts: folding.Texts


def rows(revision: Mapping[str, Any], document: Document) -> Rows:
    """The index rows of a cooperation's revision; pure."""
    region = places.regions()[document["region"]]
    start = _start(document)
    version = {
        "revision": revision["seq"],
        "subject": revision["subject"],
        "number": revision["number"],
        "known_from": revision["time"],
        "record_number": int(document["id"].removeprefix("KS-")),
        "region": region.code,
        "province": region.province,
        "legal_form": document["legal_form"],
        "type": document["type"],
        "grade": min(source["grade"] for source in document["sources"]),
        "start_year": int(start[:4]) if start else None,
        "start_day": dates.earliest(start) if start else None,
        "sort_name": " ".join(folding.words(f"{region.short_name} {region.level} {_first_partner(document)}")),
        "card": json.dumps(card(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    }
    texts = folding.texts(document, _labels)
    return Rows(version, frozenset(_facets(document)), _periods(revision["seq"], document), texts)


def _labels(message: str) -> set[str]:
    """A vocabulary's label in every language, so that it is found in each."""
    return {translating.catalogue(code).gettext(message) for code in config.LOCALES}


def card(document: Document) -> dict[str, Any]:
    """What a row of the listing shows besides the answers, in both languages."""
    return {
        "slug": slug(document),
        "partners": [
            {
                "id": party["short"]["id"],
                "en": party["short"].get("en", party["short"]["id"]),
                "country": party["country"],
                "alone": party["kind"] == "country_only",
                "state": party["kind"] == "foreign_national_government",
            }
            for party in document["foreign_parties"]
        ],
        "sectors": document.get("sectors", []),
        "no_sector": next((gap["reason"] for gap in document.get("missing", []) if gap["field"] == "sectors"), ""),
        "dots": sorted(_dots(document)),
        "start": _start(document) or "",
        "unsure": sorted(witnesses.uncertain_dates(document)),
        "tellers": _tellers(document),
    }


def _tellers(document: Document) -> dict[str, str]:
    """The kind of the source that states there was no follow-up, by the as-of date of the statement."""
    found = {}
    for said in document.get("declarations", []):
        if said["value"] == "none_reported" and said["by"] == "source":
            source = witnesses.teller(document, said)
            if source:
                found[said["as_of"]] = source["kind"]
    return found


def slug(document: Document) -> str:
    """The readable tail of a record's address: region and partners."""
    partners = " ".join(party["short"]["id"] for party in document["foreign_parties"])
    return places.slug(f"{places.regions()[document['region']].name} {partners}")[:80].strip("-")


def _first_partner(document: Document) -> str:
    return str(document["foreign_parties"][0]["short"]["id"])


def _start(document: Document) -> str | None:
    """The first date of the cooperation itself: its term, a signing or a dated step."""
    found = [document.get("term", {}).get("start", {}).get("date")]
    found += [text.get("signed_on") or text.get("effective_from") for text in document.get("instruments", [])]
    found += [step.get("date") for step in document.get("milestones", [])]
    known = [day for day in found if day]
    return min(known, key=dates.earliest) if known else None


def _dots(document: Document) -> Iterable[list[Any]]:
    """Dated acts of the parties for the trail: [date, planned]."""
    seen = set()
    start = _start(document)
    if start:
        seen.add((start, False))
    for instrument in document.get("instruments", []):
        if instrument.get("signed_on"):
            seen.add((instrument["signed_on"], False))
    for step in document.get("milestones", []):
        if step["state"] in {"done", "in_progress"} and step.get("date"):
            seen.add((step["date"], False))
    for event in document.get("events", []):
        if event.get("date") and event["class"] in {"follow_up", "planned"}:
            seen.add((event["date"], event["class"] == "planned"))
    return [list(dot) for dot in seen]


def _facets(document: Document) -> Iterable[tuple[str, str]]:
    """The values of the facets that allow several."""
    codes = {document["region"], *document.get("other_regions", [])}
    yield from (("daerah", code) for code in codes)
    yield from (("prov", places.regions()[code].province) for code in codes)
    yield from (("negara", party["country"]) for party in document["foreign_parties"])
    yield from (("mitra", party["kind"]) for party in document["foreign_parties"])
    yield from (("bidang", sector) for sector in document.get("sectors", []))


def _periods(seq: int, document: Document) -> tuple[Mapping[str, Any], ...]:
    """The answers of a document for every day there is, joined where neighbouring spans answer alike."""
    days = [FIRST_DAY, *status.turning_points(document)]
    spans: list[dict[str, Any]] = []
    for place, day in enumerate(days):
        until = days[place + 1] if place + 1 < len(days) else NO_DAY
        columns = answer_columns(status.assess(document, day))
        if spans and all(spans[-1][name] == value for name, value in columns.items()):
            spans[-1]["until_day"] = until
        else:
            spans.append({"revision": seq, "from_day": day, "until_day": until, **columns})
    return tuple(spans)


def answer_columns(answers: Answers) -> dict[str, Any]:
    """The answers as the columns of `models.cooperation.AnswerColumns`."""
    return {
        "status": answers.status,
        "stage": answers.stage or "",
        "validity": answers.validity,
        "news": answers.news,
        "reporting": answers.reporting,
        "last_news": answers.last_news or "",
        "last_news_kind": answers.last_news_kind or "",
        "silent_since": answers.silent_since or "",
        "declared": answers.declared or "",
        "declared_on": answers.declared_on or "",
        "declared_by": answers.declared_by or "",
        "silent_day": dates.earliest(answers.silent_since) if answers.silent_since else None,
        "ends_day": dates.latest(answers.ends) if answers.ends else None,
        "marks": sum(MARKS[mark] for mark in answers.overlays) + MARKS["existing"] * answers.counted,
        "differs": answers.differs,
        "counted": answers.counted,
    }


def write(session: Session, revision: Mapping[str, Any], document: Document | None, today: date) -> None:
    """Write what the index says of a new revision, whatever it is about."""
    if revision["kind"] == "region" and document is not None:
        write_region(session, revision, document)
    elif document is not None:
        write_cooperation(session, revision, document, today)
    else:
        _close(session, revision)


def _close(session: Session, revision: Mapping[str, Any]) -> None:
    """Let the version before a revision be the newest no longer."""
    session.execute(
        update(Version)
        .where(Version.subject == revision["subject"], Version.current)
        .values(current=False, known_until=revision["time"])
    )


def write_cooperation(session: Session, revision: Mapping[str, Any], document: Document, today: date) -> None:
    """Write the index rows of a new revision and close those of the one before it.

    Its answers are those of the day all others were assessed for; ``today`` counts before the first assessment.
    """
    day = assessed_on(session) or today
    made = rows(revision, document)
    current = next(span for span in made.periods if span["from_day"] <= day < span["until_day"])
    answers = {name: value for name, value in current.items() if name not in {"revision", "from_day", "until_day"}}
    _close(session, revision)
    session.execute(insert(Version), [{**made.version, **answers, "current": True, "known_until": None}])
    session.execute(
        insert(VersionFacet),
        [{"facet": facet, "value": value, "revision": revision["seq"]} for facet, value in sorted(made.facets)],
    )
    session.execute(insert(AnswerPeriod), list(made.periods))
    search_table.insert(session.connection(), [(revision["seq"], made.texts)])


def write_region(session: Session, revision: Mapping[str, Any], document: Document) -> None:
    """Write the row of a new region document and close the one before it."""
    session.execute(
        update(RegionNote)
        .where(RegionNote.region == revision["subject"], RegionNote.current)
        .values(current=False, known_until=revision["time"])
    )
    session.execute(
        insert(RegionNote),
        {
            "revision": revision["seq"],
            "region": document["region"],
            "current": True,
            "known_from": revision["time"],
            "known_until": None,
            "document": revision["document"],
        },
    )


def clear(session: Session) -> None:
    """Empty every table of the index; the ledger stays."""
    search_table.clear(session.connection())
    for table in (AnswerPeriod, VersionFacet, Version, RegionNote):
        session.execute(delete(table))


def place_rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the reference regions and countries."""
    regions = [
        {"code": r.code, "name": r.name, "name_en": r.name_en, "level": r.level, "parent": r.parent or None}
        for r in places.regions().values()
    ]
    return regions, [{"code": c.code, "name_id": c.name_id, "name_en": c.name_en} for c in places.countries().values()]


def write_places(session: Session) -> None:
    """Copy the reference regions and countries into the database, anew."""
    for table, made in zip((RegionRow, CountryRow), place_rows(), strict=True):
        session.execute(delete(table))
        session.execute(insert(table), made)


def assess_all(session: Session, today: date) -> None:
    """Fill in today's answers of all current versions, from the periods written at publication, in one statement."""
    ledger.hold(session)
    columns = ", ".join(f"{name} = period.{name}" for name in ANSWER_NAMES)
    session.execute(
        text(
            f"UPDATE version SET {columns} FROM answer_period AS period WHERE period.revision = version.revision"  # noqa: S608
            " AND version.current AND period.from_day <= :today AND period.until_day > :today"
        ),
        {"today": today},
    )
    before = session.execute(select(func.max(Assessment.generation))).scalar_one() or 0
    session.execute(delete(Assessment))
    session.execute(insert(Assessment), {"id": 1, "day": today, "form": FORM, "generation": before + 1})


def assessed_on(connection: Connection | Session) -> date | None:
    """The day the answers of the current versions hold for."""
    return connection.execute(select(func.max(Assessment.day))).scalar_one()


def is_outdated(session: Session) -> bool:
    """True where an index was made in another form than this code makes."""
    form = session.execute(select(Assessment.form)).scalar_one_or_none()
    return form is not None and form != FORM


ANSWER_NAMES = [
    column.name for column in AnswerPeriod.__table__.columns if column.name not in {"revision", "from_day", "until_day"}
]
