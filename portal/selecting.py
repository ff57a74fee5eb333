"""Which records match, answered by the database? One statement for each question, on any day and on both databases.

A reading is *today* (current versions with today's answers), *known* (a past day on which the portal existed: the
versions known then) or *hindsight* (an earlier day: what is known today). Both past readings take the answers that hold
on the day. A record of which nothing was known yet on that day stays in the list; its status says so.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import CTE, ColumnElement, Select, Table, and_, case, collate, desc, false, func, or_, select, union_all
from sqlalchemy.orm import Session, SessionTransaction

from portal import publications, searching
from portal.conditions import ENDED, Condition, Source
from portal.criteria import BY_MATCH, BY_NAME, FILTERS, Criteria
from portal.extensions import WIB, is_reading, moment, today
from portal.indexing import MARKS
from portal.models import AnswerPeriod, Assessment, Revision, Version, VersionFacet
from portal.searching import Question

TODAY, KNOWN, HINDSIGHT = "today", "known", "hindsight"
_AT_A_TIME = 10_000
_VERSION: Table = Version.__table__  # type: ignore[assignment]
_PERIOD: Table = AnswerPeriod.__table__  # type: ignore[assignment]
_REVISION: Table = Revision.__table__  # type: ignore[assignment]
_ASSESSMENT: Table = Assessment.__table__  # type: ignore[assignment]
_KEYS = {"revision", "from_day", "until_day"}
# Every request asks it: built once, and read without the machinery for objects.
_NEWEST = (
    select(
        _REVISION.c.seq,
        _REVISION.c.hash,
        select(func.min(_REVISION.c.time)).scalar_subquery(),
        select(func.max(_ASSESSMENT.c.day)).scalar_subquery(),
        select(func.max(_ASSESSMENT.c.generation)).scalar_subquery(),
    )
    .order_by(_REVISION.c.seq.desc())
    .limit(1)
)
# What conditions and counts read.
_HELD = (
    "revision", "status", "stage", "validity", "news", "type", "legal_form", "grade", "marks", "differs", "counted",
    "silent_day", "ends_day", "start_day",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """What the database holds: the newest revision and its hash, the day of today's answers, the first day of all.

    ``generation`` tells an index from one that was made or assessed anew.
    """

    seq: int
    hash: str
    day: date
    first_day: date | None
    generation: int = 0


_STATES: WeakKeyDictionary[SessionTransaction, State] = WeakKeyDictionary()


def state(session: Session) -> State:
    """The state of the database, in one statement; a transaction that only reads asks once."""
    begun = session.get_transaction() if is_reading() else None
    if begun is not None and begun in _STATES:
        return _STATES[begun]
    found = _state(session)
    begun = session.get_transaction() if is_reading() else None
    if begun is not None:
        _STATES[begun] = found
    return found


def _state(session: Session) -> State:
    if not is_reading():
        session.flush()  # what is about to be committed counts
    row = session.connection().execute(_NEWEST).first()
    if row is None:
        return State(0, "", today(), None)
    since = moment(row[2]).astimezone(WIB).date()
    return State(row[0], row[1], row[3] or today(), since, row[4] or 0)


def reading(criteria: Criteria, now: State) -> str:
    """Which of the three readings a day asks for."""
    if criteria.day is None:
        return TODAY
    return KNOWN if now.first_day is not None and criteria.day >= now.first_day else HINDSIGHT


def source(criteria: Criteria, now: State) -> Source:
    """The tables and columns of a reading."""
    columns: dict[str, ColumnElement[Any]] = {column.name: column for column in _VERSION.c}
    day = criteria.day
    if day is None:
        return Source(columns, _VERSION, _VERSION.c.current, (), now.day)
    columns |= {column.name: column for column in _PERIOD.c if column.name not in _KEYS}
    tables = _VERSION.join(_PERIOD, _PERIOD.c.revision == _VERSION.c.revision)
    on_day = (_PERIOD.c.from_day <= day, _PERIOD.c.until_day > day)
    return Source(columns, tables, _known(reading(criteria, now), day), on_day, day)


def _known(how: str, day: date) -> ColumnElement[bool]:
    if how == HINDSIGHT:
        return _VERSION.c.current
    last, until = publications.last_moment(day), _VERSION.c.known_until
    return and_(_VERSION.c.known_from <= last, or_(until.is_(None), until > last))


def order(sort: str, columns: dict[str, ColumnElement[Any]], dialect: str) -> list[ColumnElement[Any]]:
    """What an order of the listing sorts by.

    By silence: what is verified and more than a plan first; within that, what is over after what is only silent, the
    undated last.
    """
    silent, start = columns["silent_day"], columns["start_day"]
    name = columns["sort_name"] if dialect == "sqlite" else collate(columns["sort_name"], "C")
    first: dict[str, list[ColumnElement[Any]]] = {
        "sunyi": [
            case((columns["marks"].bitwise_and(MARKS["existing"]) != 0, 0), else_=1),
            case((silent.is_(None), 2), (columns["news"] == ENDED, 1), else_=0),
            silent,
        ],
        "baru": [desc(columns["revision"])],
        "mulai": [case((start.is_(None), 1), else_=0), desc(start)],
        "daerah": [name],
        BY_MATCH: [],
    }
    return [*first[sort], columns["record_number"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """How many records there are.

    ``total`` counts every record; ``counted`` those that stand as existing: neither planned nor unverified. The four
    numbers after it split ``counted`` by news, as the listing does with ``tanda=existing``. Of the others,
    ``unverified`` are those nobody has verified, ``planned`` those that are only planned.
    """

    total: int = 0
    counted: int = 0
    with_news: int = 0
    without_news: int = 0
    ended: int = 0
    undated: int = 0
    unverified: int = 0
    planned: int = 0

    @classmethod
    def of(cls, rows: Iterable[tuple[str, bool, bool, bool, int]]) -> Split:
        """From numbers of records by news, and whether they exist, are unverified, are planned."""
        found = dict.fromkeys(cls.__slots__, 0)
        for news, existing, unverified, planned, number in rows:
            found["total"] += number
            if existing:
                found["counted"] += number
                found[_BY_NEWS[news]] += number
            elif unverified:
                found["unverified"] += number
            elif planned:
                found["planned"] += number
        return cls(**found)


_BY_NEWS = {"ada": "with_news", "tanpa": "without_news", ENDED: "ended", "tanpa_tanggal": "undated"}


class Selected:
    """The records that match, asked of the database; the same questions as `columns.Found`."""

    def __init__(self, session: Session, criteria: Criteria, question: Question, now: State) -> None:
        self._session = session
        self._dialect = session.get_bind().dialect.name
        self._question = question
        self._criteria = criteria
        self._source = source(criteria, now)
        self._wheres = self._conditions(self._source)
        self.total = self.total_without("")

    def _conditions(self, among: Source) -> dict[str, ColumnElement[bool]]:
        """The condition of every filter that is set, on the columns of a source."""
        wheres: dict[str, ColumnElement[bool]] = {}
        if self._criteria.text:
            found = searching.anywhere(self._question, self._dialect)
            wheres["q"] = among.columns["revision"].in_(found) if self._question.words else false()
        for filter_ in FILTERS:
            values = self._criteria.all(filter_.name)
            if self._criteria.is_problem(filter_.name):
                wheres[filter_.name] = false()
            elif filter_.condition is not None and values:
                wheres[filter_.name] = filter_.condition.where(filter_.name, values, among)
        return wheres

    def _where(self, without: str = "") -> ColumnElement[bool]:
        return and_(
            self._source.scope,
            *self._source.on_day,
            *(where for name, where in self._wheres.items() if name != without),
        )

    def _select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        return select(*columns).select_from(self._source.tables)

    def revisions(self, sort: str, start: int = 0, stop: int | None = None) -> list[int]:
        """The revisions from ``start`` to ``stop`` in an order."""
        query = self._ordered(sort).offset(start)
        if stop is not None:
            query = query.limit(max(stop - start, 0))
        return list(self._session.execute(query).scalars())

    def every(self, sort: str) -> array[int]:
        """All of them, in the least room."""
        query = self._ordered(sort).execution_options(yield_per=_AT_A_TIME)
        return array("q", self._session.execute(query).scalars())

    def _ordered(self, sort: str) -> Select[Any]:
        query = self._select(_VERSION.c.revision).where(self._where())
        if sort == BY_MATCH and self._question.words:
            ranks = searching.ranked(self._question, self._dialect).subquery()
            query = query.join(ranks, ranks.c.revision == _VERSION.c.revision).order_by(ranks.c.tier)
        return query.order_by(*order(sort, self._source.columns, self._dialect))

    def tallies(self, names: Iterable[str]) -> dict[str, dict[str, int]]:
        """How often each value occurs, for each filter among what all the others leave; one statement.

        The records of the reading are drawn up once, then once more for each filter that is set: without its condition.
        """
        wanted = list(names)
        found: dict[str, dict[str, int]] = {name: {} for name in wanted}
        held = [self._source.columns[name] for name in _HELD]
        query = self._select(*held).where(self._source.scope, *self._source.on_day)
        every = query.cte("every").prefix_with("MATERIALIZED")
        wheres = self._conditions(replace(self._source, columns=dict(every.c)))
        sets: dict[str, CTE] = {}
        for without in {name if name in wheres else "" for name in wanted}:
            left = select(every).where(*(where for name, where in wheres.items() if name != without))
            sets[without] = left.cte(f"without_{without}").prefix_with("MATERIALIZED")
        parts = [part for name in wanted for part in _condition(name).tally(name, sets[name if name in wheres else ""])]
        for name, value, number in self._session.execute(union_all(*parts)) if parts else ():
            if number and value:
                found[name][value] = number
        return found

    def occurring(self, name: str) -> dict[str, int]:
        """How often each value of a facet occurs in all records of the reading."""
        facet: Table = VersionFacet.__table__  # type: ignore[assignment]
        joined = self._source.tables.join(facet, facet.c.revision == _VERSION.c.revision)
        query = select(facet.c.value, func.count()).select_from(joined).where(facet.c.facet == name)
        query = query.where(self._source.scope, *self._source.on_day).group_by(facet.c.value)
        return {row[0]: row[1] for row in self._session.execute(query)}

    def splits(self, name: str) -> dict[str, Split]:
        """What `Split` counts, for each value of a facet among the records found; one statement."""
        facet: Table = VersionFacet.__table__  # type: ignore[assignment]
        columns = self._source.columns
        split = (facet.c.value, columns["news"], columns["marks"], columns["status"])
        joined = self._source.tables.join(facet, facet.c.revision == _VERSION.c.revision)
        query = select(*split, func.count()).select_from(joined).where(facet.c.facet == name, self._where())
        found: dict[str, list[tuple[str, bool, bool, bool, int]]] = {}
        for value, news, marks, status, number in self._session.execute(query.group_by(*split)):
            existing, unverified = bool(marks & MARKS["existing"]), bool(marks & MARKS["unverified"])
            found.setdefault(value, []).append((news, existing, unverified, status == "planned", number))
        return {value: Split.of(rows) for value, rows in found.items()}

    def total_without(self, name: str) -> int:
        """How many would match without one filter."""
        return int(self._session.execute(self._select(func.count()).where(self._where(name))).scalar_one())


def _condition(name: str) -> Condition:
    condition = BY_NAME[name].condition
    assert condition is not None
    return condition
