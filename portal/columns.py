"""Which records match, answered from memory? An index of all current records as sets of bits, made when it is needed.

A record is a position (0, 1, 2 … by its number); a set of records is one whole number with a bit for each position.
For every value of every filter such a set is kept, so that a filter is an OR and several filters an AND, and a count is
the number of ones. The index belongs to one state of the database (`selecting.State`): after a publication or a new day
of assessment it is made again. `portal.selecting` gives the same answers in SQL, for past days and while this is made.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import islice
from operator import and_
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import searching
from portal.conditions import ENDED, Column, Facet, Flag, Mark
from portal.criteria import BY_MATCH, FILTERS, Criteria
from portal.indexing import MARKS
from portal.models import Version, VersionFacet
from portal.searching import Question
from portal.selecting import State

_COLUMNS = {filter_.name: filter_.condition.column for filter_ in FILTERS if isinstance(filter_.condition, Column)}
_FLAGS = {filter_.name: filter_.condition.column for filter_ in FILTERS if isinstance(filter_.condition, Flag)}
_FACETS = [filter_.name for filter_ in FILTERS if isinstance(filter_.condition, Facet)]
_MARKS = [filter_.name for filter_ in FILTERS if isinstance(filter_.condition, Mark)]
_DAYS = ("silent_day", "ends_day", "start_day")
_NEVER = date.max.toordinal() + 1
_BITS = [tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]
_ONE = ord("1")
_MOST_WORDS = 800
_SLACK = 1000
_AT_ONCE = 5000


class Columns:
    """The index of one state of the database."""

    def __init__(self, session: Session, state: State) -> None:
        self.day = state.day
        self.revisions = array("q")
        self.sets: dict[str, dict[str, int]] = {}
        self._days: dict[str, tuple[array[int], array[int]]] = {}
        self._ranges: dict[tuple[str, int, int], int] = {}
        self._words: dict[tuple[str, int], int] = {}
        self._kept: dict[str, Any] = {}
        self._read_versions(session)
        self._read_facets(session)

    @property
    def everything(self) -> int:
        """The set of all records."""
        return (1 << len(self.revisions)) - 1

    # -- made once

    def _read_versions(self, session: Session) -> None:
        table = Version.__table__
        single = list(_COLUMNS.values())
        flags = list(_FLAGS.values())
        wanted = ["revision", *single, *flags, "marks", *_DAYS, "sort_name"]
        query = select(*(table.c[name] for name in wanted)).where(table.c.current).order_by(table.c.record_number)
        groups: dict[str, dict[str, array[int]]] = {name: {} for name in (*_COLUMNS, *_FLAGS, *_MARKS)}
        days = [array("l") for _ in _DAYS]
        names: list[str] = []
        values_of = [groups[name] for name in _COLUMNS]
        flags_of = [groups[name] for name in _FLAGS]
        first_flag, first_day = 1 + len(single), 2 + len(single) + len(flags)
        for position, row in enumerate(session.execute(query.execution_options(yield_per=_AT_ONCE))):
            self.revisions.append(row[0])
            for held, value in zip(values_of, row[1:first_flag], strict=True):
                if value:
                    _add(held, value, position)
            for held, flag in zip(flags_of, row[first_flag : first_day - 1], strict=True):
                if flag:
                    _add(held, "1", position)
            if row[first_day - 1]:
                for mark in (mark for mark, bit in MARKS.items() if row[first_day - 1] & bit):
                    for name in _MARKS:
                        _add(groups[name], mark, position)
            for column, day in zip(days, row[first_day:-1], strict=True):
                column.append(day.toordinal() if day else _NEVER)
            names.append(row[-1])
        self._positions = self._by_revision()
        self.sets.update({name: self._packed(held) for name, held in groups.items()})
        self._days = {name: self._sorted_days(column) for name, column in zip(_DAYS, days, strict=True)}
        self._orders = self._arranged(days[_DAYS.index("silent_day")], days[_DAYS.index("start_day")], names)
        self._ranks: dict[str, array[int]] = {}

    def _by_revision(self) -> array[int]:
        """The position of each revision, -1 for those that are not current."""
        found = array("l", [-1]) * (max(self.revisions, default=0) + _SLACK)  # some may be published meanwhile
        for position, revision in enumerate(self.revisions):
            found[revision] = position
        return found  # as an index of `_set_of`, -1 is the place beyond the end

    def _read_facets(self, session: Session) -> None:
        table = VersionFacet.__table__
        query = select(table.c.facet, table.c.value, table.c.revision).execution_options(yield_per=_AT_ONCE)
        groups: dict[str, dict[str, array[int]]] = {name: {} for name in _FACETS}
        positions, most = self._positions, len(self._positions)
        for facet, value, revision in session.execute(query):
            if revision < most and positions[revision] >= 0 and facet in groups:
                _add(groups[facet], value, positions[revision])
        self.sets.update({name: self._packed(held) for name, held in groups.items()})

    def _packed(self, groups: Mapping[str, Iterable[int]]) -> dict[str, int]:
        return {value: self._set_of(positions) for value, positions in groups.items()}

    def _set_of(self, positions: Iterable[int]) -> int:
        """One digit for each position, the first one last; what lies beyond the end is dropped."""
        count = len(self.revisions)
        digits = bytearray(b"0") * (count + 1)
        for position in positions:
            digits[position] = _ONE
        return int(digits[count - 1 :: -1] if count else b"0", 2)

    @staticmethod
    def _sorted_days(column: array[int]) -> tuple[array[int], array[int]]:
        """The days known in order, and beside each the position of its record."""
        order = sorted((position for position, day in enumerate(column) if day != _NEVER), key=column.__getitem__)
        return array("l", [column[position] for position in order]), array("l", order)

    def _arranged(self, silent: array[int], start: array[int], names: list[str]) -> dict[str, array[int]]:
        """The positions in each order of the listing; sorting is stable, so the record's number decides at last."""
        every = range(len(names))
        over = _members(self.sets["kabar"].get(ENDED, 0))
        late = list(silent)
        for position in over:
            late[position] += 0 if silent[position] == _NEVER else _NEVER
        existing = self.sets["tanda"].get("existing", 0)
        last = [_NEVER * 3 if day == _NEVER else day for day in late]
        for position in set(every) - set(_members(existing)):
            last[position] += _NEVER * 4
        newest = [_NEVER if day == _NEVER else -day for day in start]
        return {
            "sunyi": array("l", sorted(every, key=last.__getitem__)),
            "baru": array("l", sorted(every, key=self.revisions.__getitem__, reverse=True)),
            "mulai": array("l", sorted(every, key=newest.__getitem__)),
            "daerah": array("l", sorted(every, key=names.__getitem__)),
        }

    # -- asked by conditions

    def any(self, name: str, values: Iterable[str]) -> int:
        """The records with any of these values."""
        held, found = self.sets[name], 0
        for value in values:
            found |= held.get(value, 0)
        return found

    def between(self, name: str, first: date, last: date) -> int:
        """The records whose day lies between two days, both included."""
        key = (name, first.toordinal(), last.toordinal())
        if key not in self._ranges:
            days, positions = self._days[name]
            self._ranges[key] = self._set_of(positions[bisect_left(days, key[1]) : bisect_right(days, key[2])])
        return self._ranges[key]

    def tiers(self, session: Session, question: Question, ranked: bool) -> list[int]:
        """The records found in each tier of `searching.TIERS`, or, unranked, only those of the last: anywhere.

        What was found for a word is kept: the words that many records hold are also those that many readers type.
        """
        wanted = tuple(range(len(searching.TIERS))) if ranked else (searching.ANYWHERE,)
        if not question.words:
            return [0] * len(wanted)
        sets = {(word, tier): self._words.get((word, tier)) for word in question.words for tier in wanted}
        missing = [key for key, found in sets.items() if found is None]
        if missing:
            read: dict[str, int] = {}
            for key, numbers in zip(missing, searching.gathered(session, missing), strict=True):
                if numbers not in read:  # a word of the names is found in all tiers alike
                    read[numbers] = self._set_of(map(self._positions.__getitem__, json.loads(f"[{numbers}]")))
                sets[key] = self._words[key] = read[numbers]
            if len(self._words) > _MOST_WORDS:
                self._words = {}  # all at once: other threads may be reading it
        return [reduce(and_, (sets[word, tier] or 0 for word in question.words)) for tier in wanted]

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """Something worked out once for this state of the database; treat it as read-only."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    # -- order

    def slice(self, found: int, sort: str, start: int, stop: int) -> list[int]:
        """The positions from ``start`` to ``stop`` of a set in an order; the cheaper of two ways is taken."""
        total = found.bit_count()
        stop = min(stop, total)
        order = self._orders[sort]
        if 4 * total * total < stop * len(order):  # few: sort them; many: walk along the order until there are enough
            return sorted(_members(found), key=self._rank(sort).__getitem__)[start:stop]
        held = found.to_bytes(len(order) // 8 + 1, "little")
        return list(islice((place for place in order if held[place >> 3] >> (place & 7) & 1), start, stop))

    def _rank(self, sort: str) -> array[int]:
        if sort not in self._ranks:
            rank = array("l", bytes(array("l").itemsize * len(self.revisions)))
            for place, position in enumerate(self._orders[sort]):
                rank[position] = place
            self._ranks[sort] = rank
        return self._ranks[sort]


class Found:
    """The records that match, as a set in memory; the same questions as `selecting.Selected`."""

    def __init__(self, columns: Columns, session: Session, criteria: Criteria, question: Question) -> None:
        self._columns = columns
        self._tiers = columns.tiers(session, question, criteria.sort == BY_MATCH) if criteria.text else []
        self._sets: dict[str, int] = {}
        if criteria.text:
            self._sets["q"] = self._tiers[-1]
        for filter_ in FILTERS:
            values = criteria.all(filter_.name)
            if criteria.is_problem(filter_.name):
                self._sets[filter_.name] = 0
            elif filter_.condition is not None and values:
                self._sets[filter_.name] = filter_.condition.bits(filter_.name, values, columns)
        self._found = self._all_but("")
        self.total = self._found.bit_count()

    def _all_but(self, name: str) -> int:
        found = self._columns.everything
        for other, held in self._sets.items():
            if other != name:
                found &= held
        return found

    def revisions(self, sort: str, start: int = 0, stop: int | None = None) -> list[int]:
        """The revisions from ``start`` to ``stop`` in an order."""
        end = self.total if stop is None else stop
        if sort == BY_MATCH:
            places: Sequence[int] = list(islice(self._best_first(), start, end))
        else:
            places = self._columns.slice(self._found, sort, start, end)
        return [self._columns.revisions[place] for place in places]

    def _best_first(self) -> Iterator[int]:
        seen = 0
        for tier in self._tiers:
            yield from _members(tier & self._found & ~seen)
            seen |= tier

    def tallies(self, names: Iterable[str]) -> dict[str, dict[str, int]]:
        """How often each value occurs, for each filter among the records that all other filters leave."""
        found = {}
        for name in names:
            base = self._all_but(name) if name in self._sets else self._found
            counts = ((value, (held & base).bit_count()) for value, held in self._columns.sets[name].items())
            found[name] = {value: count for value, count in counts if count}
        return found

    def values(self, name: str) -> set[str]:
        """The values that occur in any record."""
        return set(self._columns.sets[name])

    def total_without(self, name: str) -> int:
        """How many would match without one filter."""
        return self._all_but(name).bit_count()


def _add(groups: dict[str, array[int]], value: str, position: int) -> None:
    held = groups.get(value)
    if held is None:
        held = groups[value] = array("l")
    held.append(position)


def _members(found: int) -> Iterator[int]:
    """The positions in a set, in order."""
    for place, byte in enumerate(found.to_bytes((found.bit_length() + 7) // 8, "little")):
        if byte:
            for bit in _BITS[byte]:
                yield place * 8 + bit


class _Held:
    """The newest index of one database; the lock is held by whoever is making the next."""

    def __init__(self) -> None:
        self.making = Lock()
        self.newest: tuple[State, Columns] | None = None


_HELD: WeakKeyDictionary[Engine, _Held] = WeakKeyDictionary()
_HELD_LOCK = Lock()


def current(session: Session, state: State) -> Columns | None:
    """The index of a state; made now if it is not here, None while another thread is making one."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with _HELD_LOCK:
        held = _HELD.setdefault(engine, _Held())
    newest = held.newest
    if newest is not None and newest[0] == state:
        return newest[1]
    if not held.making.acquire(blocking=False):
        return None
    try:
        newest = held.newest = None  # the old one goes before the new one takes its room
        columns = Columns(session, state)
        held.newest = (state, columns)
        return columns
    finally:
        held.making.release()
