"""Does the database still say what the ledger says? Verification, and the rebuild of the index from the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Table, select, text
from sqlalchemy.orm import Session

from portal import columns, comparing, crew, indexing, ledger, linking
from portal.comparing import Revised, Window
from portal.extensions import today as this_day
from portal.linking import Broken, guarded
from portal.models import AnswerPeriod, Assessment, CountryRow, RegionRow, Version, guards
from portal.models import search as search_table
from portal.record import Document

Progress = Callable[[int], None]
Row = Mapping[str, Any]
_WINDOW = 250  # revisions read at a time
_MOST_MARKS = 32 << 20  # bytes
_LIMITS = {"after": "revision > :after", "last": "revision <= :last"}


def problems(session: Session, progress: Progress | None = None) -> Iterator[Broken]:
    """Every place where the chain is broken, or where the index differs from what a rebuild would write."""
    yield from (Broken(0, fault) for fault in guards.faults(session.connection()))
    yield from guarded(0, _assessment_faults(session))
    count, words = 0, _Words()
    for found in crew.in_order(comparing.findings, _compared(session)):
        yield from found.broken
        words.add(found.words)
        count += found.number
        if progress:
            progress(count)
    if not np.array_equal(words.all(), search_table.listed_marks(session.connection())):
        yield Broken(0, "the index differs in its list of words")
    yield from guarded(0, _place_faults(session))


class _Words:
    """The marks of all words of all documents, each once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, marks: bytes) -> None:
        """Take those of some documents."""
        self._parts.append(marks)
        self._size += len(marks)
        if self._size > _MOST_MARKS:
            self._parts = [self.all().tobytes()]
            self._size = 0

    def all(self) -> np.ndarray[Any, np.dtype[np.uint64]]:
        """Those taken so far, in order."""
        return np.unique(np.frombuffer(b"".join(self._parts), np.uint64))


def _compared(session: Session) -> Iterator[Window]:
    """The revisions in windows, each with the index rows said to be theirs; the last holds what lies beyond them."""
    dialect, day = session.get_bind().dialect.name, assessed_on(session)
    newest = ledger.publication_number(session)
    held = search_table.Held(session.connection(), newest)
    turned = columns.turned_sums(session, newest)
    after: int | None = None
    for found in linking.revisions(session, _WINDOW):
        last = found[-1][0]["seq"]
        revised = [Revised(*one) for one in found]
        known = (
            {} if turned is None else dict(enumerate(turned[(after or 0) + 1 : last + 1].tolist(), (after or 0) + 1))
        )
        yield Window(dialect, day, revised, _tables(session, after, last), held.between(after, last), known)
        after = last
    yield Window(dialect, day, [], _tables(session, after, None), held.between(after, None), {})


def _tables(session: Session, after: int | None, last: int | None) -> dict[str, comparing.Table]:
    """The raw rows of the index said to be of the revisions after one up to another, without any conversion."""
    limits = {name: value for name, value in (("after", after), ("last", last)) if value is not None}
    where = " AND ".join(_LIMITS[name] for name in limits) or "1 = 1"
    found = {}
    for table in comparing.TABLES:
        order = "revision, from_day" if table == AnswerPeriod.__tablename__ else "revision"
        asked = text(f"SELECT * FROM {table} WHERE {where} ORDER BY {order}")  # noqa: S608
        result = session.execute(asked, limits)
        found[table] = comparing.Table(tuple(result.keys()), [tuple(row) for row in result])
    return found


class _Indexed(NamedTuple):
    """What some revisions give: how many they are, rows of cooperations, documents about regions."""

    number: int
    entries: list[indexing.Entry]
    notes: list[tuple[Row, Document]]


def rebuild(session: Session, today: date, progress: Progress | None = None) -> int:
    """Write the whole index anew from the ledger, in the caller's transaction; returns the number of revisions."""
    ledger.hold(session)
    indexing.clear(session)
    indexing.write_places(session)
    listed: set[str] = set()
    count = 0
    work = partial(_indexed, session.get_bind().dialect.name)
    for made in crew.in_order(work, linking.revisions(session, _WINDOW)):
        indexing.write_all(session, made.entries, today, listed)
        for revision, document in made.notes:
            indexing.write_region(session, revision, document)
        count += made.number
        if progress:
            progress(count)
    indexing.assess_all(session, today)
    return count


def _indexed(dialect: str, window: Sequence[tuple[Row, linking.Before, str | None]]) -> _Indexed:
    """The rows of the cooperations among some revisions, and the notes on regions; a tombstone has none."""
    made = _Indexed(len(window), [], [])
    for revision, _before, until in window:
        document = json.loads(revision["document"])
        if document is None:
            continue
        if revision["kind"] == "cooperation":
            named = {name: revision[name] for name in ("seq", "subject", "number", "time")}
            rows = indexing.packed_rows(document, revision["document_hash"], dialect)
            made.entries.append(indexing.Entry(named, rows, until))
        else:
            made.notes.append((revision, document))
    return made


def assessed_on(session: Session) -> date | None:
    """The day the answers are said to be of; None where none is, or nothing that can be read."""
    try:
        return indexing.assessed_on(session)
    except (TypeError, ValueError):
        return None


def _assessment_faults(session: Session) -> Iterator[str]:
    """There is one assessment, of a day that has come; none only where nothing is assessed."""
    found = session.execute(select(Assessment.form, Assessment.day)).all()
    if not found and session.execute(select(Version.revision).limit(1)).first():
        yield "the answers were never filled in"
    if len(found) > 1:
        yield "more than one day is said to be assessed"
    if any(day > this_day() for _, day in found):
        yield "the answers are those of a day that has not come"
    if any(form != indexing.FORM for form, _ in found):
        yield "the index was made in another form; `portal upgrade` makes it anew"


def _place_faults(session: Session) -> Iterator[str]:
    """The reference rows are those that ship with the portal."""
    for model, made in zip((RegionRow, CountryRow), indexing.place_rows(), strict=True):
        table: Table = model.__table__  # type: ignore[assignment]
        found = {row["code"]: dict(row) for row in session.execute(select(table)).mappings()}
        if found != {row["code"]: row for row in made}:
            yield f"the reference table {table.name} differs from the one of the portal"
