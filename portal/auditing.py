"""Does the database still say what the ledger says? Verification, and the rebuild of the index from the ledger.

The index is compared raw, value and type, with what a rebuild would write: a database that reads 2 as *true* or '1 '
as a number hides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table, select, text
from sqlalchemy.orm import Session

from portal import indexing, ledger, linking
from portal.extensions import today as this_day
from portal.linking import Broken, guarded
from portal.models import AnswerPeriod, Assessment, CountryRow, RegionNote, RegionRow, Revision, Version, VersionFacet
from portal.models import search as search_table

Progress = Callable[[int], None]
Row = Mapping[str, Any]


def problems(session: Session, progress: Progress | None = None) -> Iterator[Broken]:
    """Every place where the chain is broken, or where the index differs from what a rebuild would write."""
    yield from linking.broken_links(session)
    yield from guarded(0, _assessment_faults(session))
    compared = _Compared(session)
    for revision in ledger.revisions(session):
        yield from guarded(revision["seq"], compared.faults(revision))
        if progress and revision["seq"] % 250 == 0:
            progress(revision["seq"])
    yield from compared.left()
    yield from guarded(0, _place_faults(session))


def rebuild(session: Session, today: date, progress: Progress | None = None) -> int:
    """Write the whole index anew from the ledger, in the caller's transaction; returns the number of revisions."""
    ledger.hold(session)
    indexing.clear(session)
    indexing.write_places(session)
    count = 0
    for revision in ledger.revisions(session):
        indexing.write(session, revision, json.loads(revision["document"]), today)
        count += 1
        if progress and count % 250 == 0:
            progress(count)
    indexing.assess_all(session, today)
    return count


class _Compared:
    """The index beside the rows a rebuild would write, one revision after the other."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._dialect = session.get_bind().dialect.name
        self._words = search_table.fingerprints(session.connection())
        self._written: set[str] = set()
        self._known: set[int] = set()
        self._day = indexing.assessed_on(session)
        moments = session.execute(select(Revision.subject, Revision.number, Revision.time))
        self._moments = {(subject, number): time for subject, number, time in moments}

    def faults(self, revision: Row) -> Iterator[str]:
        """What the index says otherwise of one revision."""
        self._known.add(revision["seq"])
        words = self._words.pop(revision["seq"], 0)
        until = self._moments.get((revision["subject"], revision["number"] + 1))
        state = {"current": until is None, "known_until": until}
        if revision["act"] != ledger.PUBLISH:
            yield from self._tombstone_faults(revision, words)
        elif revision["kind"] == "cooperation":
            made = indexing.rows(revision, json.loads(revision["document"]))
            self._written.update(made.texts.words.split())
            yield from self._version_faults(made, state)
            if words != search_table.fingerprint(made.texts, self._dialect):
                yield "the index differs in its search words"
        else:
            yield from self._note_faults(revision, state)

    def _tombstone_faults(self, revision: Row, words: int) -> Iterator[str]:
        """What is withdrawn has no rows."""
        if words or self._raw(Version, revision["seq"]):
            yield "the index has a row for what was withdrawn"

    def _raw(self, table: Any, seq: int, order: str = "revision") -> list[dict[str, Any]]:
        """The rows of a revision as the driver gives them, without any conversion."""
        found = self._session.execute(
            text(f"SELECT * FROM {table.__tablename__} WHERE revision = :seq ORDER BY {order}"),  # noqa: S608
            {"seq": seq},
        )
        return [dict(row) for row in found.mappings()]

    def _stored(self, values: Row) -> dict[str, Any]:
        """Values as the database holds them: SQLite has neither days nor truth, only texts and numbers."""
        return {name: _sqlite(value) if self._dialect == "sqlite" else value for name, value in values.items()}

    def _version_faults(self, made: indexing.Rows, state: Row) -> Iterator[str]:
        seq = made.version["revision"]
        found = self._raw(Version, seq)
        if not found:
            yield "the index has no row for it"
            return
        wanted = self._stored({**made.version, **state})
        yield from _differences(wanted, found[0])
        answers = {name: found[0][name] for name in indexing.ANSWER_NAMES}
        if not any(_same(self._stored(_answers(span)), answers) for span in self._valid(made, state)):
            day = f"those of {self._day.isoformat()}" if self._day else "filled in"
            yield f"its answers are not {day}"
        if {(row["facet"], row["value"]) for row in self._raw(VersionFacet, seq)} != made.facets:
            yield "the index differs in its facets"
        periods = self._raw(AnswerPeriod, seq, "from_day")
        if len(periods) != len(made.periods) or not all(map(_same, map(self._stored, made.periods), periods)):
            yield "the index differs in its answers over time"

    def _valid(self, made: indexing.Rows, state: Row) -> list[Row]:
        """The spans whose answers a version may hold: a current one those of the day that was assessed."""
        if not state["current"]:
            return list(made.periods)
        return [span for span in made.periods if self._day and span["from_day"] <= self._day < span["until_day"]]

    def _note_faults(self, revision: Row, state: Row) -> Iterator[str]:
        found = self._raw(RegionNote, revision["seq"])
        if not found:
            yield "the index has no row for what it says of the region"
            return
        wanted = {
            "revision": revision["seq"], "region": revision["subject"], "known_from": revision["time"],
            "document": revision["document"], **state,
        }  # fmt: skip
        for fault in _differences(self._stored(wanted), found[0]):
            yield f"{fault} of what it says of the region"

    def left(self) -> Iterator[Broken]:
        """Rows of revisions that do not exist, and words of none."""
        yield from (Broken(seq, "the search words have a row without revision") for seq in self._words)
        for table in (Version, VersionFacet, AnswerPeriod, RegionNote):
            for (seq,) in self._session.execute(text(f"SELECT DISTINCT revision FROM {table.__tablename__}")):  # noqa: S608
                if seq not in self._known:
                    yield Broken(seq, f"the index {table.__tablename__} has a row without revision")
        if search_table.word_list(self._session.connection()) != self._written:
            yield Broken(0, "the index differs in its list of words")


def _differences(wanted: Row, found: Row) -> Iterator[str]:
    for name, value in wanted.items():
        if not _equal(value, found[name]):
            yield f"the index differs in {name}"


def _equal(one: object, other: object) -> bool:
    """Equal in value and in type."""
    return type(one) is type(other) and one == other


def _same(wanted: Row, found: Row) -> bool:
    return wanted.keys() == found.keys() and all(_equal(value, found[name]) for name, value in wanted.items())


def _answers(span: Row) -> dict[str, Any]:
    return {name: span[name] for name in indexing.ANSWER_NAMES}


def _sqlite(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def _assessment_faults(session: Session) -> Iterator[str]:
    """There is one assessment, of a day that has come; none only where nothing is assessed."""
    found = session.execute(select(Assessment.id, Assessment.day)).all()
    if not found and session.execute(select(Version.revision).limit(1)).first():
        yield "the answers were never filled in"
    if len(found) > 1:
        yield "more than one day is said to be assessed"
    if any(day > this_day() for _, day in found):
        yield "the answers are those of a day that has not come"


def _place_faults(session: Session) -> Iterator[str]:
    """The reference rows are those that ship with the portal."""
    for model, made in zip((RegionRow, CountryRow), indexing.place_rows(), strict=True):
        table: Table = model.__table__  # type: ignore[assignment]
        found = {row["code"]: dict(row) for row in session.execute(select(table)).mappings()}
        if found != {row["code"]: row for row in made}:
            yield f"the reference table {table.name} differs from the one of the portal"
