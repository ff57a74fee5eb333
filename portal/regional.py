"""What is known of each region? Counts of its records, what is said of it, and in one word how much is known."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, text, union_all

from portal import criteria, dates, listing, places, status
from portal.extensions import db, today
from portal.indexing import MARKS
from portal.models import AnswerPeriod, RegionNote, Revision, Version, VersionFacet
from portal.record import Document
from portal.selecting import Split
from portal.status import Coverage, Period

NONE_KINDS = frozenset({"declared_none", "found_none"})
_NOTHING: Document = {}
# Records of a region whose documents are looked at, and regions in one statement.
_FEW, _AT_ONCE = 20, 100
Periods = Mapping[str, list[Period]]

# How many records there are, as the listing splits them.
Tally = Split
_NO_RECORDS = Tally()


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
    """All 552 regions and 38 provinces; worked out once for each state of the register.

    Today as known today, or assessed on a day, or with what was known at a time (UTC, ISO 8601).
    """
    if on is None and known_at is None:
        return listing.kept("regions", _today)
    return _then(None, on, known_at)


def states(codes: Collection[str], on: date | None = None, known_at: str | None = None) -> Overview:
    """The same for some regions and, of these, the provinces."""
    if on is not None or known_at is not None:
        return _then(codes, on, known_at)
    whole = overview()
    return Overview(
        {code: whole.regions[code] for code in codes},
        {code: whole.provinces[code] for code in codes if code in whole.provinces},
        {code: whole.notes[code] for code in codes if code in whole.notes},
    )


def _today() -> Overview:
    return _overview(places.regions(), listing.splits("daerah"), listing.splits("prov"), _notes(None, None), today())


def _then(codes: Collection[str] | None, on: date | None, known_at: str | None) -> Overview:
    """On another day, or as known at another time; three statements."""
    wanted = places.regions() if codes is None else codes
    own, inside = (_tallies(facet, codes, on, known_at) for facet in ("daerah", "prov"))
    return _overview(wanted, own, inside, _notes(codes, known_at), on or today(), known_at)


def _overview(
    wanted: Collection[str],
    own: Mapping[str, Tally],
    inside: Mapping[str, Tally],
    notes: Mapping[str, Document],
    day: date,
    known_at: str | None = None,
) -> Overview:
    """From the numbers of regions and provinces, and what is said of them."""
    contested = {code: note for code, note in notes.items() if _none_said(note) and own.get(code, _NO_RECORDS).counted}
    periods = _periods(contested, day, known_at)
    return Overview(
        {code: _state(code, own.get(code), notes, day, periods) for code in wanted},
        {code: _state(code, inside.get(code), notes, day, periods) for code in wanted if "." not in code},
        notes,
    )


def with_country(country: str) -> Overview:
    """All regions and provinces, counting only what they have today with one partner country."""
    asked, day = criteria.read([("negara", country)]), today()
    own, inside = (listing.splits(facet, asked) for facet in ("daerah", "prov"))
    return Overview(
        {code: _state(code, own.get(code), {}, day) for code in places.regions()},
        {province.code: _state(province.code, inside.get(province.code), {}, day) for province in places.provinces()},
    )


def by_country(
    within: tuple[str, str] | None = None, on: date | None = None, known_at: str | None = None
) -> Mapping[str, Tally]:
    """The partner countries that records name, of all or of those with a value in a facet."""
    if on is None and known_at is None:
        return listing.splits("negara", criteria.read([within] if within else []))
    return _tallies("negara", None, on, known_at, within)


def known(table: type[Version] | type[RegionNote], known_at: str | None) -> Any:
    """The condition for rows that are known today, or were at a time (UTC, ISO 8601)."""
    if known_at is None:
        return table.current
    return and_(table.known_from <= known_at, or_(table.known_until.is_(None), table.known_until > known_at))


def _tallies(
    facet: str,
    values: Collection[str] | None,
    on: date | None,
    known_at: str | None,
    within: tuple[str, str] | None = None,
) -> Mapping[str, Tally]:
    """Numbers of records by the values of a facet, on another day or as known then; one statement."""
    answer = Version if on is None else AnswerPeriod
    split = (VersionFacet.value, answer.news, answer.status, answer.marks)
    query: Any = (
        select(*split, func.count())
        .select_from(VersionFacet)
        .join(Version, Version.revision == VersionFacet.revision)
        .where(VersionFacet.facet == facet, known(Version, known_at))
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
    found: dict[str, list[tuple[str, bool, bool, bool, int]]] = {}
    for value, news, state, marks, number in db.session.execute(query):
        existing, unverified = bool(marks & MARKS["existing"]), bool(marks & MARKS["unverified"])
        found.setdefault(value, []).append((news, existing, unverified, state == "planned", number))
    return {value: Tally.of(rows) for value, rows in found.items()}


def _notes(codes: Collection[str] | None, known_at: str | None) -> Mapping[str, Document]:
    """What is said of the regions besides their records; one statement."""
    newest = text("region_note.current")  # as the partial index says it, word for word
    query = select(RegionNote.region, RegionNote.document).where(known(RegionNote, known_at) if known_at else newest)
    if codes is not None:
        query = query.where(RegionNote.region.in_(codes))
    return {region: json.loads(document) for region, document in db.session.execute(query)}


def _none_said(note: Document) -> list[Document]:
    return [said for said in note.get("statements", []) if said["kind"] in NONE_KINDS]


def _periods(notes: Mapping[str, Document], day: date, known_at: str | None) -> Periods:
    """When verified records of regions that are said to have none existed; one statement for each hundred regions.

    Only those that began before the end of what is said are looked at, and a few of them tell whether it is contested.
    """
    found: dict[str, list[Period]] = {}
    codes = sorted(notes)
    for start in range(0, len(codes), _AT_ONCE):
        parts = [_early(code, notes[code], known_at) for code in codes[start : start + _AT_ONCE]]
        for code, document in db.session.execute(union_all(*parts)):
            period = status.period(json.loads(document), day)
            if period is not None:
                found.setdefault(code, []).append(period)
    return found


def _early(code: str, note: Document, known_at: str | None) -> Select[Any]:
    until = max(dates.latest(said.get("scope_to") or said["as_of"]) for said in _none_said(note))
    some = (
        select(VersionFacet.value, Revision.document)
        .join(Version, Version.revision == VersionFacet.revision)
        .join(Revision, Revision.seq == Version.revision)
        .where(VersionFacet.facet == "daerah", VersionFacet.value == code, known(Version, known_at))
        .where(Version.counted, Version.start_day <= until)
        .order_by(VersionFacet.revision)
        .limit(_FEW)
    )
    return select(some.subquery())


def _state(
    code: str, tally: Tally | None, notes: Mapping[str, Document], day: date, periods: Periods | None = None
) -> RegionState:
    """One region's numbers, and what they and the statements about it come to."""
    found = tally or _NO_RECORDS
    statements = notes.get(code, _NOTHING).get("statements", [])
    open_ones = found.total - found.counted
    coverage = status.coverage(statements, found.counted, open_ones, day, (periods or {}).get(code, ()))
    numbers = {name: getattr(found, name) for name in Tally.__slots__}
    return RegionState(code=code, coverage=coverage, **numbers)
