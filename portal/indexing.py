"""What does the index say of a published document? The rows that listings filter on, made from the ledger alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from portal import config, dates, filling, flattening, folding, ledger, places, status, translating
from portal.models import AnswerPeriod, Assessment, CountryRow, RegionNote, RegionRow, Version, VersionFacet
from portal.models import search as search_table
from portal.record import Document
from portal.sentences import witnesses
from portal.status import Answers, Told

OVERLAYS = {"disputed": 1, "unverified": 2, "stale": 4, "recomputed": 8, "under_clarification": 16}
# What the listing can ask for besides: that a record counts as an existing agreement (status.Answers.counted).
MARKS = {**OVERLAYS, "existing": 32}
# Raised whenever a document is indexed otherwise than before; an index of another form is made anew (`portal upgrade`).
FORM = 3
# The facets that allow several values, in the order of `Version.facets`.
SEVERAL = ("daerah", "prov", "negara", "mitra", "bidang")
# No filter but a facet all the same: who the partner is, by the slug of the address.
PARTNER = "partner"
NO_DAY = date(9999, 12, 31)
_RANGE = 20_000  # revisions assessed in one statement


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
    facets = frozenset(_facets(document))
    version |= {
        "facets": facet_words(facets),
        "cells": flattening.cells(document, slug(document), revision.get("document_hash", "")),
    }
    return Rows(version, facets, _periods(revision["seq"], document), texts(document))


def facet_words(facets: Iterable[tuple[str, str]]) -> str:
    """The values of `SEVERAL` in one text: facets with ``|`` between, their values sorted with a blank between."""
    held: dict[str, list[str]] = {name: [] for name in SEVERAL}
    for name, value in sorted(facets):
        if name in held:
            held[name].append(value)
    return "|".join(" ".join(values) for values in held.values())


def texts(document: Document) -> folding.Texts:
    """The words of a cooperation, those of its vocabularies in every language."""
    return folding.texts(document, _labels)


@cache
def _labels(message: str) -> frozenset[str]:
    """A vocabulary's label in every language, so that it is found in each."""
    return frozenset({translating.catalogue(code).gettext(message) for code in config.LOCALES})


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
    for party in document["foreign_parties"]:
        yield PARTNER, partner_slug(party["country"], party["short"]["id"])


def without_partners(facets: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """The facets that a version keeps when it is the newest no longer: partners are asked for as of today alone."""
    return frozenset(one for one in facets if one[0] != PARTNER)


def partner_slug(country: str, short_name: str) -> str:
    """The one rule for a partner's address: its country's code and its Indonesian short name (``cn-xian``)."""
    return f"{country.lower()}-{places.slug(short_name)[:80]}"


def _periods(seq: int, document: Document) -> tuple[Mapping[str, Any], ...]:
    """The answers of a document for every day there is, joined where neighbouring spans answer alike."""
    spans: list[dict[str, Any]] = []
    before: Told | None = None
    columns: dict[str, Any] = {}
    for day, told in status.over_time(document):
        if told == before:
            continue
        before, held = told, columns
        columns = answer_columns(told)
        if columns != held:
            if spans:
                spans[-1]["until_day"] = day
            spans.append({"revision": seq, "from_day": day, "until_day": NO_DAY, **columns})
    return tuple(spans)


def answer_columns(answers: Answers | Told) -> dict[str, Any]:
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
        "marks": sum(map(MARKS.__getitem__, answers.overlays)) + MARKS["existing"] * answers.counted,
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
    """Let the version before a revision be the newest no longer; of its facets it keeps all but the partners."""
    closed = select(Version.revision).where(Version.subject == revision["subject"], Version.current)
    session.execute(delete(VersionFacet).where(VersionFacet.facet == PARTNER, VersionFacet.revision.in_(closed)))
    session.execute(
        update(Version)
        .where(Version.subject == revision["subject"], Version.current)
        .values(current=False, known_until=revision["time"])
    )


def write_cooperation(session: Session, revision: Mapping[str, Any], document: Document, today: date) -> None:
    """Write the index rows of a new revision and close those of the one before it.

    Its answers are those of the day all others were assessed for; ``today`` counts before the first assessment.
    """
    made = packed(rows(revision, document), session.connection().dialect.name)
    follow(session, [(revision, made)], today, set())


class Packed(NamedTuple):
    """Rows as a database takes them, without the revision they belong to: quick to hand on and to write."""

    version: tuple[Any, ...]
    facets: tuple[tuple[str, str], ...]
    periods: tuple[tuple[Any, ...], ...]  # first day, day after the last, answers
    texts: folding.Texts


class Entry(NamedTuple):
    """A revision's rows; the newest of its subject is known until nothing."""

    revision: Mapping[str, Any]
    rows: Packed
    known_until: str | None = None


def packed(made: Rows, dialect: str) -> Packed:
    """Rows in the order of the columns."""
    return Packed(
        filling.packed(made.version, _MADE, dialect),
        tuple(sorted(made.facets)),
        tuple(filling.packed(span, _SPAN, dialect) for span in made.periods),
        made.texts,
    )


def packed_rows(document: Document, digest: str, dialect: str) -> Packed:
    """The rows of a document that has no revision yet."""
    nowhere = {"seq": 0, "subject": "", "number": 0, "time": "", "document_hash": digest}
    return packed(rows(nowhere, document), dialect)


def follow(session: Session, made: Sequence[tuple[Mapping[str, Any], Packed]], today: date, listed: set[str]) -> None:
    """Write the rows of new revisions of cooperations, in order, and close those they follow."""
    after: dict[str, str] = {}
    entries = []
    for revision, its_rows in reversed(made):
        entries.append(Entry(revision, its_rows, after.get(revision["subject"])))
        after[revision["subject"]] = revision["time"]
    first = {revision["subject"]: revision for revision, _ in reversed(made)}
    for revision in first.values():
        if revision["number"] > 1:
            _close(session, revision)
    write_all(session, entries[::-1], assessed_on(session) or today, listed)


def write_all(session: Session, entries: Sequence[Entry], day: date, listed: set[str]) -> None:
    """Write the rows of many new revisions, with the answers of a day.

    ``listed`` holds words known to be in the list of words already, and gets those that are now.
    """
    connection = session.connection()
    on = filling.stored(day, connection.dialect.name)
    versions, facets, periods = [], [], []
    for revision, made, until in entries:
        seq, current = revision["seq"], until is None
        answers = next(span[2:] for span in made.periods if span[0] <= on < span[1])
        state = filling.stored(current, connection.dialect.name)
        named = (seq, revision["subject"], revision["number"], revision["time"])
        versions.append((*named, state, until, *made.version, *answers))
        facets += [(*facet, seq) for facet in made.facets if current or facet[0] != PARTNER]
        periods += [(seq, *span) for span in made.periods]
    filling.fill(connection, Version.__tablename__, _VERSION, versions)
    filling.fill(connection, VersionFacet.__tablename__, ("facet", "value", "revision"), facets)
    filling.fill(connection, AnswerPeriod.__tablename__, ("revision", *_SPAN), periods)
    search_table.insert(connection, [(entry.revision["seq"], entry.rows.texts) for entry in entries], listed)


def write_region(session: Session, revision: Mapping[str, Any], document: Document) -> None:
    """Write the row of a new region document and close the one before it."""
    session.execute(
        update(RegionNote)
        .where(RegionNote.region == revision["subject"], RegionNote.current)
        .values(current=False, known_until=revision["time"])
    )
    note = {"revision": revision["seq"], "region": document["region"], "current": True, "known_until": None}
    session.execute(insert(RegionNote), {**note, "known_from": revision["time"], "document": revision["document"]})


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


def assess_all(session: Session, today: date, progress: Callable[[int], None] | None = None) -> None:
    """Fill in today's answers of all current versions, from the periods written at publication; only what differs."""
    ledger.hold(session)
    held, wanted = (", ".join(f"{table}.{name}" for name in ANSWER_NAMES) for table in ("version", "period"))
    change = text(
        f"UPDATE version SET ({', '.join(ANSWER_NAMES)}) = ({wanted}) FROM answer_period AS period"  # noqa: S608
        " WHERE version.revision > :after AND version.revision <= :last AND period.revision = version.revision"
        " AND version.current AND period.from_day <= :today AND period.until_day > :today"
        f" AND ({held}) {'IS NOT' if session.connection().dialect.name == filling.SQLITE else 'IS DISTINCT FROM'}"
        f" ({wanted})"
    )
    newest = session.execute(select(func.max(Version.revision))).scalar_one() or 0
    for after in range(0, newest, _RANGE):
        session.execute(change, {"after": after, "last": after + _RANGE, "today": today})
        if progress:
            progress(min(after + _RANGE, newest))
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
_SPAN = ("from_day", "until_day", *ANSWER_NAMES)
_NAMED = ("revision", "subject", "number", "known_from", "current", "known_until")
_MADE = tuple(column.name for column in Version.__table__.columns if column.name not in {*_NAMED, *ANSWER_NAMES})
_VERSION = (*_NAMED, *_MADE, *ANSWER_NAMES)
