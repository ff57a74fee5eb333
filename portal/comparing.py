"""What is wrong with some revisions, and with what the index says of them? Told from their rows, without a database.

The index is compared raw, value and type, with what a rebuild would write: a database that reads 2 as *true* or '1 '
as a number hides nothing. Rows come as the driver gives them, under the names of their columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from portal import filling, indexing, ledger, linking
from portal.linking import Before, Broken, guarded
from portal.models import AnswerPeriod, RegionNote, Version, VersionFacet
from portal.models import search as search_table

Row = Mapping[str, Any]
TABLES = (Version.__tablename__, VersionFacet.__tablename__, AnswerPeriod.__tablename__, RegionNote.__tablename__)


class Table(NamedTuple):
    """Rows of one table, and what their columns are called."""

    names: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


class Revised(NamedTuple):
    """A revision, what those before it demand of it, and when it was followed (None: not yet)."""

    row: Row
    before: Before
    until: str | None


class Window(NamedTuple):
    """Some revisions that stand one after the other, and all index rows that are said to be theirs.

    ``words`` is what the search table holds of each revision, as `models.search.Held` tells it; ``turned`` what the
    file of words does, as `models.search.turned_sum`, of the revisions it knows.
    """

    dialect: str
    day: date | None
    revisions: Sequence[Revised]
    tables: Mapping[str, Table]
    words: Mapping[int, object]
    turned: Mapping[int, int]


class Findings(NamedTuple):
    """What is wrong, how far it was looked, and the words of the revisions' documents as `models.search.marks`."""

    broken: list[Broken]
    number: int
    words: bytes


def findings(window: Window) -> Findings:
    """Everything that is wrong with some revisions and their index rows."""
    compared = _Compared(window)
    broken: list[Broken] = []
    for revised in window.revisions:
        body = linking.body_of(revised.row)
        broken += linking.faults(revised.row, revised.before, body)
        broken += guarded(revised.row["seq"], compared.faults(revised, body))
    broken += compared.left()
    return Findings(broken, len(window.revisions), search_table.marks(compared.written))


class _Compared:
    """The index beside the rows a rebuild would write, one revision after the other."""

    def __init__(self, window: Window) -> None:
        self._dialect, self._day = window.dialect, window.day
        self._words, self._turned = dict(window.words), window.turned
        self._names = {name: table.names for name, table in window.tables.items()}
        self._rows = {name: _by_revision(table) for name, table in window.tables.items()}
        self.written: set[str] = set()

    def faults(self, revised: Revised, body: linking.Body) -> Iterator[str]:
        """What the index says otherwise of one revision."""
        row = revised.row
        words = self._words.pop(row["seq"], None)
        found = {name: rows.pop(row["seq"], ()) for name, rows in self._rows.items()}
        state = {"current": revised.until is None, "known_until": revised.until}
        turned = 0
        if row["act"] != ledger.PUBLISH:
            if words or any(found.values()):
                yield "the index has a row for what was withdrawn"
        elif row["kind"] == "cooperation":
            made = indexing.rows(row, body.read())
            self.written.update(made.texts.words.split())
            turned = search_table.turned_sum(made.texts)
            yield from self._version_faults(made, state, found)
            if not search_table.is_held(words, made.texts, self._dialect):
                yield "the index differs in its search words"
        else:
            yield from self._note_faults(row, state, found[RegionNote.__tablename__])
        if self._turned.get(row["seq"], turned) != turned:
            yield "the file of words differs from its words"

    def _stored(self, values: Row) -> dict[str, Any]:
        return {name: filling.stored(value, self._dialect) for name, value in values.items()}

    def _version_faults(
        self, made: indexing.Rows, state: Row, found: Mapping[str, Sequence[tuple[Any, ...]]]
    ) -> Iterator[str]:
        if not found[Version.__tablename__]:
            yield "the index has no row for it"
            return
        version = dict(zip(self._names[Version.__tablename__], found[Version.__tablename__][0], strict=True))
        yield from _differences(self._stored({**made.version, **state}), version)
        answers = tuple(version[name] for name in indexing.ANSWER_NAMES)
        valid = (filling.packed(span, indexing.ANSWER_NAMES, self._dialect) for span in self._valid(made, state))
        if not any(_same(span, answers) for span in valid):
            day = f"those of {self._day.isoformat()}" if self._day else "filled in"
            yield f"its answers are not {day}"
        facets = made.facets if state["current"] else indexing.without_partners(made.facets)
        if set(self._taken(VersionFacet, found, ("facet", "value"))) != facets:
            yield "the index differs in its facets"
        names = self._names[AnswerPeriod.__tablename__]
        periods = [filling.packed(span, names, self._dialect) for span in made.periods]
        held = found[AnswerPeriod.__tablename__]
        if len(periods) != len(held) or not all(map(_same, periods, held)):
            yield "the index differs in its answers over time"

    def _taken(
        self, table: Any, found: Mapping[str, Sequence[tuple[Any, ...]]], names: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Some of the columns of a table's rows."""
        places = [self._names[table.__tablename__].index(name) for name in names]
        return (tuple(row[place] for place in places) for row in found[table.__tablename__])

    def _valid(self, made: indexing.Rows, state: Row) -> list[Row]:
        """The spans whose answers a version may hold: a current one those of the day that was assessed."""
        if not state["current"]:
            return list(made.periods)
        return [span for span in made.periods if self._day and span["from_day"] <= self._day < span["until_day"]]

    def _note_faults(self, revision: Row, state: Row, found: Sequence[tuple[Any, ...]]) -> Iterator[str]:
        if not found:
            yield "the index has no row for what it says of the region"
            return
        wanted = {
            "revision": revision["seq"], "region": revision["subject"], "known_from": revision["time"],
            "document": revision["document"], **state,
        }  # fmt: skip
        note = dict(zip(self._names[RegionNote.__tablename__], found[0], strict=True))
        for fault in _differences(self._stored(wanted), note):
            yield f"{fault} of what it says of the region"

    def left(self) -> Iterator[Broken]:
        """Rows of revisions that do not exist, and words of none."""
        yield from (Broken(_number(seq), "the search words have a row without revision") for seq in self._words)
        for table, rows in self._rows.items():
            for seq in rows:
                yield Broken(_number(seq), f"the index {table} has a row without revision")


def _by_revision(table: Table) -> dict[Any, list[tuple[Any, ...]]]:
    found: dict[Any, list[tuple[Any, ...]]] = {}
    place = table.names.index("revision")
    for row in table.rows:
        found.setdefault(row[place], []).append(row)
    return found


def _number(seq: object) -> int:
    return seq if isinstance(seq, int) else 0


def _differences(wanted: Row, found: Row) -> Iterator[str]:
    for name, value in wanted.items():
        if type(value) is not type(found[name]) or value != found[name]:
            yield f"the index differs in {name}"


def _same(wanted: tuple[Any, ...], found: tuple[Any, ...]) -> bool:
    """Equal in values and in their types."""
    return wanted == found and [*map(type, wanted)] == [*map(type, found)]
