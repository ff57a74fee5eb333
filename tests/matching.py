"""What must the listing answer? The same questions, answered slowly from the documents alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from portal import criteria, dates, indexing, listing, places, publications, status
from portal.criteria import Criteria
from portal.extensions import reading
from portal.listing import Matches

DAY = date(2026, 11, 22)


def say(message: str) -> str:
    """Labels as they are in the code."""
    return message


def asked(query: str) -> Criteria:
    """What a query string asks for."""
    return criteria.read(parse_qsl(query, keep_blank_values=True))


def matching(query: str, memory: bool = True) -> Matches:
    """What a query string finds."""
    return listing.matching(asked(query), memory=memory)


def subjects(query: str, memory: bool = True, size: int = 1000) -> list[str]:
    """The records a query string finds, in order."""
    with reading():
        return [row.subject for row in listing.page(matching(query, memory), size).rows]


@dataclass(frozen=True)
class Record:
    """What a filter can ask of a record, read off its document."""

    subject: str
    number: int
    document: Any
    answers: status.Answers
    start: str
    order: int


def records(day: date) -> list[Record]:
    found = []
    for change in publications.changes(10_000, kind="cooperation"):
        one = change.published
        start = indexing.rows({**_columns(one), "seq": one.seq}, one.document).version["start_day"]
        found.append(
            Record(
                one.subject,
                int(one.subject[3:]),
                one.document,
                status.assess(one.document, day),
                start.isoformat() if start else "",
                one.seq,
            )
        )
    newest = {record.subject: record for record in sorted(found, key=lambda record: record.order)}
    return sorted(newest.values(), key=lambda record: record.number)


def _columns(one: publications.Published) -> dict[str, Any]:
    return {"subject": one.subject, "number": one.number, "time": one.time}


def regions_of(record: Record) -> set[str]:
    return {record.document["region"], *record.document.get("other_regions", [])}


def values(record: Record, name: str) -> set[str]:
    """The values of a record under a filter's name."""
    document, answers = record.document, record.answers
    found: dict[str, Callable[[], Any]] = {
        "status": lambda: {answers.status},
        "kabar": lambda: {answers.news},
        "tahap": lambda: {answers.stage},
        "berlaku": lambda: {answers.validity},
        "beda": lambda: {"1"} if answers.differs else set(),
        "prov": lambda: {places.regions()[code].province for code in regions_of(record)},
        "daerah": lambda: regions_of(record),
        "negara": lambda: {party["country"] for party in document["foreign_parties"]},
        "mitra": lambda: {party["kind"] for party in document["foreign_parties"]},
        "jenis": lambda: {document["type"]},
        "bentuk": lambda: {document["legal_form"]},
        "bidang": lambda: set(document.get("sectors", [])),
        "bukti": lambda: {min(source["grade"] for source in document["sources"])},
        "tanda": lambda: {*answers.overlays, *(["existing"] if answers.counted else [])},
    }
    return set(found[name]())


def silent_day(record: Record) -> date | None:
    since = record.answers.silent_since
    return dates.earliest(since) if since else None


def fits(record: Record, name: str, wanted: tuple[str, ...], day: date) -> bool:
    """Does a record fit one filter?"""
    if name == "sunyi":
        since = silent_day(record)
        years = int(wanted[0])
        return since is not None and since <= dates.add_months(day, -12 * years) and record.answers.news != "akhir"
    if name in {"dari", "sampai"}:
        year = int(record.start[:4]) if record.start else None
        return year is not None and (year >= int(wanted[0]) if name == "dari" else year <= int(wanted[0]))
    if name == "habis":
        ends = record.answers.ends
        return ends is not None and day <= dates.latest(ends) <= dates.add_months(day, int(wanted[0]))
    return bool(values(record, name) & set(wanted))


def expected(records: list[Record], query: str, without: str = "", day: date = DAY) -> list[Record]:
    wanted = asked(query)
    assert wanted.problems == ()
    narrowing = [(name, values) for name, values in wanted.narrowing if name not in {without, "pada"}]
    return [record for record in records if all(fits(record, name, value, day) for name, value in narrowing)]


def in_order(records: list[Record], sort: str) -> list[str]:
    def silence(record: Record) -> tuple[bool, int, date]:
        since = silent_day(record)
        group = 2 if since is None else 1 if record.answers.news == "akhir" else 0
        return not record.answers.counted, group, since or date.max

    def name(record: Record) -> str:
        return str(
            indexing.rows({"seq": 1, "subject": "", "number": 1, "time": ""}, record.document).version["sort_name"]
        )

    keys: dict[str, Callable[[Record], Any]] = {
        "sunyi": silence,
        "baru": lambda record: -record.order,
        "mulai": lambda record: -date.fromisoformat(record.start).toordinal() if record.start else 0,
        "daerah": name,
    }
    return [record.subject for record in sorted(records, key=keys[sort])]
