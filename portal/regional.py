"""What is known of each region? Counts of its records, what is said of it, and in one word how much is known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from portal import places, status
from portal.extensions import db, today
from portal.indexing import MARKS
from portal.models import AnswerPeriod, RegionNote, Revision, Version, VersionFacet
from portal.record import Document
from portal.status import Coverage, Period

NONE_KINDS = frozenset({"declared_none", "found_none"})
_NOTHING: Document = {}
Rows = Mapping[tuple[str, str], list[Any]]
Periods = Mapping[str, list[Period]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many records there are.

    ``total`` counts every record; ``counted`` those that stand as existing: neither planned nor unverified. The four
    numbers after it split ``counted`` by news, as the listing does with ``tanda=existing``.
    """

    total: int
    counted: int
    with_news: int
    without_news: int
    ended: int
    undated: int
    unverified: int
    planned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionState(Tally):
    """How many records a region has and what is known of it."""

    code: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Overview:
    """Regions with what their own governments and bodies have, and provinces with all that is in their territory."""

    regions: Mapping[str, RegionState]
    provinces: Mapping[str, RegionState]
    notes: Mapping[str, Document] = field(default_factory=dict)

    def having(self, *codes: str) -> int:
        """How many of the regions are in one of these states (answers.COVERAGE)."""
        return sum(state.coverage.code in codes for state in self.regions.values())

    @property
    def with_records(self) -> int:
        """Regions with at least one verified record, those with contradicting statements included."""
        return self.having("has_records", "conflicting")

    @property
    def mentioned(self) -> int:
        """Regions that a source only mentions."""
        return self.having("mentioned")

    @property
    def stating_none(self) -> int:
        """Regions that themselves state there is none."""
        return self.having("declared_none")

    @property
    def found_none(self) -> int:
        """Regions where a source searched and found none."""
        return self.having("found_none")

    @property
    def unknown(self) -> int:
        """Regions of which nothing is known."""
        return self.having("no_data", "not_reported")


def overview(on: date | None = None, known_at: str | None = None) -> Overview:
    """All 552 regions and 38 provinces, in three statements.

    Today as known today, or assessed on a day, or with what was known at a time (UTC, ISO 8601).
    """
    return states(None, on, known_at)


def states(codes: Collection[str] | None, on: date | None = None, known_at: str | None = None) -> Overview:
    """The same for some regions and, of these, the provinces; three statements."""
    rows = _rows(("daerah", "prov"), codes, on, known_at)
    notes = _notes(codes, known_at)
    wanted = places.regions() if codes is None else codes
    day = on or today()
    periods = _periods([code for code, note in notes.items() if _says_none(note)], day, known_at)
    return Overview(
        {code: _state(code, rows.get(("daerah", code), []), notes, day, periods) for code in wanted},
        {code: _state(code, rows.get(("prov", code), []), notes, day, periods) for code in wanted if "." not in code},
        notes,
    )


def with_country(country: str) -> Overview:
    """All regions and provinces, counting only what they have with one partner country; one statement."""
    rows = _rows(("daerah", "prov"), None, None, None, ("negara", country))
    day = today()
    return Overview(
        {code: _state(code, rows.get(("daerah", code), []), {}, day) for code in places.regions()},
        {
            region.code: _state(region.code, rows.get(("prov", region.code), []), {}, day)
            for region in places.provinces()
        },
    )


def by_country(
    within: tuple[str, str] | None = None, on: date | None = None, known_at: str | None = None
) -> Mapping[str, Tally]:
    """The partner countries that records name, of all or of those with a value in a facet; one statement."""
    rows = _rows(("negara",), None, on, known_at, within)
    return {code: tally(found) for (_, code), found in rows.items()}


def known(table: type[Version] | type[RegionNote], known_at: str | None) -> Any:
    """The condition for rows that are known today, or were at a time (UTC, ISO 8601)."""
    if known_at is None:
        return table.current
    return and_(table.known_from <= known_at, or_(table.known_until.is_(None), table.known_until > known_at))


def _rows(
    facets: tuple[str, ...],
    values: Collection[str] | None,
    on: date | None,
    known_at: str | None,
    within: tuple[str, str] | None = None,
) -> Rows:
    """Numbers of records by facet and value, split by news, existence, status and marks; one statement."""
    answer = Version if on is None else AnswerPeriod
    split = (VersionFacet.facet, VersionFacet.value, answer.news, answer.counted, answer.status, answer.marks)
    query: Any = (
        select(*split, func.count())
        .select_from(VersionFacet)
        .join(Version, Version.revision == VersionFacet.revision)
        .where(VersionFacet.facet.in_(facets), known(Version, known_at))
        .group_by(*split)
    )
    if on is not None:
        query = query.join(AnswerPeriod, AnswerPeriod.revision == Version.revision)
        query = query.where(AnswerPeriod.from_day <= on, AnswerPeriod.until_day > on)
    if values is not None:
        query = query.where(VersionFacet.value.in_(values))
    if within is not None:
        inside = select(VersionFacet.revision).where(VersionFacet.facet == within[0], VersionFacet.value == within[1])
        query = query.where(Version.revision.in_(inside))
    found: dict[tuple[str, str], list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault((row[0], row[1]), []).append(row[2:])
    return found


def _notes(codes: Collection[str] | None, known_at: str | None) -> Mapping[str, Document]:
    """What is said of the regions besides their records; one statement."""
    query = select(RegionNote.region, RegionNote.document).where(known(RegionNote, known_at))
    if codes is not None:
        query = query.where(RegionNote.region.in_(codes))
    return {region: json.loads(document) for region, document in db.session.execute(query)}


def _says_none(note: Document) -> bool:
    return any(said["kind"] in NONE_KINDS for said in note.get("statements", []))


def _periods(codes: Collection[str], day: date, known_at: str | None) -> Periods:
    """When the verified records of the regions that are said to have none existed; one statement."""
    query = (
        select(VersionFacet.value, Revision.document)
        .join(Version, Version.revision == VersionFacet.revision)
        .join(Revision, Revision.seq == Version.revision)
        .where(VersionFacet.facet == "daerah", VersionFacet.value.in_(codes), Version.counted, known(Version, known_at))
    )
    found: dict[str, list[Period]] = {}
    for code, document in db.session.execute(query):
        period = status.period(json.loads(document), day)
        if period is not None:
            found.setdefault(code, []).append(period)
    return found


def _state(
    code: str, rows: Iterable[Any], notes: Mapping[str, Document], day: date, periods: Periods | None = None
) -> RegionState:
    """One region's numbers, and what they and the statements about it come to."""
    found = tally(rows)
    statements = notes.get(code, _NOTHING).get("statements", [])
    open_ones = found.total - found.counted
    coverage = status.coverage(statements, found.counted, open_ones, day, (periods or {}).get(code, ()))
    numbers = {name: getattr(found, name) for name in Tally.__slots__}
    return RegionState(code=code, coverage=coverage, **numbers)


def tally(rows: Iterable[Any]) -> Tally:
    """The numbers in grouped rows (news, counted, status, marks, number)."""
    counted: Counter[str] = Counter()
    total = unverified = planned = 0
    for news, exists, state, marks, number in rows:
        total += number
        if exists:
            counted[news] += number
        elif marks & MARKS["unverified"]:
            unverified += number
        elif state == "planned":
            planned += number
    return Tally(
        total=total,
        counted=counted.total(),
        with_news=counted["ada"],
        without_news=counted["tanpa"],
        ended=counted["akhir"],
        undated=counted["tanpa_tanggal"],
        unverified=unverified,
        planned=planned,
    )
