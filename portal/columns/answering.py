"""Which records match, how many values are among them, and which come first? Answered from the columns alone."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from portal import searching
from portal.columns.arrays import NEVER, PROFILES, Arrays, Key
from portal.columns.files import Numbers
from portal.columns.words import Words
from portal.conditions import Column, Facet, Flag, Mark
from portal.criteria import BY_MATCH, BY_NAME, FILTERS, Criteria
from portal.indexing import MARKS
from portal.searching import Question
from portal.selecting import Split, State

_WALKED = 65_536  # positions looked at together on the way along an order
_TIERS_ASKED = ((0,), (1, 2))  # what is left after these is in the last: anywhere
_MOST_WORDS = 24_000_000  # bytes of the sets of words that are kept


def _values(name: str) -> tuple[str, Callable[[Key], Iterable[str]]]:
    """The profile that answers for a filter, and the filter's values in one of its combinations."""
    condition = BY_NAME[name].condition
    part = condition.column if isinstance(condition, Column | Flag) else name
    if isinstance(condition, Mark):
        part = "marks"
    profile = next(profile for profile, parts in PROFILES.items() if part in parts)
    place = PROFILES[profile].index(part)
    if isinstance(condition, Facet):
        return profile, lambda key: key[place].split()
    if isinstance(condition, Mark):
        return profile, lambda key: [mark for mark, bit in MARKS.items() if key[place] & bit]
    if isinstance(condition, Flag):
        return profile, lambda key: ["1"] if key[place] else []
    return profile, lambda key: [key[place]] if key[place] else []


_COUNTED = {f.name: _values(f.name) for f in FILTERS if isinstance(f.condition, Column | Flag | Facet | Mark)}


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The values of one filter and the combinations they occur in: pairs of places, by value."""

    values: list[str]
    value_places: Numbers
    key_places: Numbers

    def counted(self, keys: Numbers) -> dict[str, int]:
        """How often each value occurs when each combination occurs so often."""
        sums = np.bincount(self.value_places, keys[self.key_places], len(self.values))
        return {self.values[place]: int(sums[place]) for place in np.flatnonzero(sums)}


class Columns:
    """The columns of one state of the database, with what is worked out from them and kept."""

    def __init__(self, arrays: Arrays, known: Words | None = None) -> None:
        self.arrays = arrays
        self._known = known or Words()
        self.state: State = arrays.state
        self.day = arrays.state.day
        self._lookups: dict[str, _Lookup] = {}
        self._ranks: dict[str, Numbers] = {}
        self._kept: dict[str, Any] = {}
        self._words: dict[tuple[str, int], Numbers] = {}
        self._held_bytes = 0

    def __len__(self) -> int:
        return len(self.arrays)

    def lookup(self, name: str) -> _Lookup:
        """The values of a filter and where they occur."""
        if name not in self._lookups:
            profile, values_of = _COUNTED[name]
            pairs = [(value, place) for place, key in enumerate(self.arrays.keys[profile]) for value in values_of(key)]
            values = sorted({value for value, _ in pairs})
            number = {value: place for place, value in enumerate(values)}
            value_places = np.fromiter((number[value] for value, _ in pairs), np.int64, len(pairs))
            key_places = np.fromiter((place for _, place in pairs), np.int64, len(pairs))
            self._lookups[name] = _Lookup(values, value_places, key_places)
        return self._lookups[name]

    @cached_property
    def totals(self) -> Mapping[str, Numbers]:
        """How many records have each combination."""
        arrays = self.arrays
        return {name: np.bincount(arrays.profiles[name], minlength=len(arrays.keys[name])) for name in PROFILES}

    def any(self, name: str, values: Iterable[str]) -> Numbers:
        """The records with any of these values, as truth for each position."""
        lookup, profile = self.lookup(name), _COUNTED[name][0]
        wanted = set(values)
        asked = np.array([value in wanted for value in lookup.values], bool)
        among = np.zeros(len(self.arrays.keys[profile]), bool)
        if len(asked):
            among[lookup.key_places[asked[lookup.value_places]]] = True
        return among[self.arrays.profiles[profile]]

    def between(self, name: str, first: date, last: date) -> Numbers:
        """The records whose day lies between two days, both included."""
        days = self.arrays.days[name]
        return np.asarray((days >= first.toordinal()) & (days <= min(last.toordinal(), NEVER - 1)))

    def counted(self, profile: str, positions: Numbers | None, others: Numbers | None = None) -> Numbers:
        """How many of these positions have each combination; all of them, or all but ``others``, where None."""
        if positions is None and others is None:
            return self.totals[profile]
        column, length = self.arrays.profiles[profile], len(self.arrays.keys[profile])
        if others is not None:
            return np.asarray(self.totals[profile] - np.bincount(column[others], minlength=length))
        return np.bincount(column[positions], minlength=length)

    def tiers(self, session: Session, question: Question, wanted: Sequence[int]) -> list[Numbers]:
        """The records found in some of `searching.TIERS`, as truth for each position."""
        if not question.words:
            return [np.zeros(len(self), bool) for _ in wanted]
        pairs = [(word, tier) for word in question.words for tier in wanted]
        known = self._words  # once: another thread may let go of all of them meanwhile
        sets = {pair: known[pair] for pair in pairs if pair in known}
        missing = [pair for pair in pairs if pair not in sets]
        if missing:
            sets |= self._asked(session, missing)
        tiers = []
        for tier in wanted:
            packed = np.bitwise_and.reduce([sets[word, tier] for word in question.words])
            tiers.append(np.unpackbits(packed, count=len(self)).view(bool))
        return tiers

    def _asked(self, session: Session, pairs: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Numbers]:
        """Where words stand, from what is known and, for the revisions since, from the database."""
        sets = {}
        for pair, found in self._known.found(session, pairs, self.state, self.arrays.revisions):
            sets[pair] = self._keep_word(pair, np.packbits(found))
        return sets

    def _keep_word(self, key: tuple[str, int], packed: Numbers) -> Numbers:
        if self._held_bytes > _MOST_WORDS:
            self._words, self._held_bytes = {}, 0  # all at once: other threads may be reading it
        self._words[key] = packed
        self._held_bytes += packed.nbytes
        return packed

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """Something worked out once for this state of the database; treat it as read-only."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    @cached_property
    def splits(self) -> tuple[Numbers, list[tuple[Any, ...]]]:
        """For each combination of answers the place of its split, and the splits (`selecting.Split` says of what)."""
        parts = PROFILES["answers"]
        status, news, marks = (parts.index(name) for name in ("status", "news", "marks"))
        found: dict[tuple[Any, ...], int] = {}
        places = [
            found.setdefault(
                (
                    key[news], bool(key[marks] & MARKS["existing"]), bool(key[marks] & MARKS["unverified"]),
                    key[status] == "planned",
                ),
                len(found),
            )
            for key in self.arrays.keys["answers"]
        ]  # fmt: skip
        return np.array(places, np.int64), list(found)

    # -- order

    def slice(self, found: Numbers | None, total: int, sort: str, start: int, stop: int) -> Numbers:
        """The positions from ``start`` to ``stop`` of a set (None: of all) in an order; the cheapest way is taken."""
        order = self.arrays.orders[sort]
        stop = min(stop, total)
        if found is None:
            return order[start:stop]
        if total * 16 < len(order) or stop - start == total:  # few: sort them
            return np.asarray(order[np.sort(self.rank(sort)[np.flatnonzero(found)])[start:stop]])
        return self._walked(found, order, start, stop)

    @staticmethod
    def _walked(found: Numbers, order: Numbers, start: int, stop: int) -> Numbers:
        """Many: along the order until there are enough."""
        parts: list[Numbers] = []
        seen = 0
        for place in range(0, len(order), _WALKED):
            if seen >= stop:
                break
            piece = order[place : place + _WALKED]
            met = piece[found[piece]]
            parts.append(met[max(start - seen, 0) : max(stop - seen, 0)])
            seen += len(met)
        return np.concatenate(parts) if parts else order[:0]

    def rank(self, sort: str) -> Numbers:
        """The place of each position in an order."""
        if sort not in self._ranks:
            order = self.arrays.orders[sort]
            found = np.empty(len(order), np.int32)
            found[order] = np.arange(len(order), dtype=np.int32)
            self._ranks[sort] = found
        return self._ranks[sort]


class Found:
    """The records that match; the same questions as `selecting.Selected`."""

    def __init__(self, columns: Columns, session: Session, criteria: Criteria, question: Question) -> None:
        self._columns, self._session, self._question = columns, session, question
        self._sets: dict[str, Numbers] = {}
        if criteria.text:
            self._sets["q"] = columns.tiers(session, question, [searching.ANYWHERE])[0]
        for filter_ in FILTERS:
            values = criteria.all(filter_.name)
            if criteria.is_problem(filter_.name):
                self._sets[filter_.name] = np.zeros(len(columns), bool)
            elif filter_.condition is not None and values:
                self._sets[filter_.name] = filter_.condition.mask(filter_.name, values, columns)
        self._found = self._all_but("")
        self.total = self._size(self._found)

    def _all_but(self, name: str) -> Numbers | None:
        """What all filters but one leave; None where that is everything."""
        sets = [held for other, held in self._sets.items() if other != name]
        if not sets:
            return None
        found = sets[0]
        for held in sets[1:]:
            found = found & held
        return found

    def _size(self, found: Numbers | None) -> int:
        return len(self._columns) if found is None else int(np.count_nonzero(found))

    def positions(self, sort: str, start: int = 0, stop: int | None = None) -> Numbers:
        """The positions from ``start`` to ``stop`` in an order."""
        end = self.total if stop is None else stop
        if sort != BY_MATCH:
            return self._columns.slice(self._found, self.total, sort, start, end)
        parts: list[Numbers] = []
        for met in self._best_first():
            parts.append(met)
            if sum(map(len, parts)) >= end:
                break
        return np.concatenate(parts)[start:end] if parts else np.empty(0, np.int64)

    def revisions(self, sort: str, start: int = 0, stop: int | None = None) -> list[int]:
        """The revisions from ``start`` to ``stop`` in an order."""
        found: list[int] = self._columns.arrays.revisions[self.positions(sort, start, stop)].tolist()
        return found

    def every(self, sort: str) -> array[int]:
        """All of them, in the least room."""
        found = array("i")
        found.frombytes(self._columns.arrays.revisions[self.positions(sort)].view(np.uint8).data)
        return found

    def _best_first(self) -> Iterator[Numbers]:
        """The positions of each tier that the better ones have not got; a tier is asked for when it is needed."""
        if not self._question.words:
            return
        left = self._found
        assert left is not None
        for group in _TIERS_ASKED:
            for tier in self._columns.tiers(self._session, self._question, group):
                yield np.flatnonzero(left & tier)
                left = left & ~tier
        yield np.flatnonzero(left)

    def tallies(self, names: Iterable[str]) -> dict[str, dict[str, int]]:
        """How often each value occurs, for each filter among the records that all other filters leave."""
        found: dict[str, dict[str, int]] = {}
        counted: dict[tuple[str, str], Numbers] = {}
        few: dict[str, tuple[Numbers | None, Numbers | None]] = {}
        for name in names:
            without, profile = name if name in self._sets else "", _COUNTED[name][0]
            if without not in few:
                few[without] = self._few(self._found if not without else self._all_but(without))
            key = (without, profile)
            if key not in counted:
                counted[key] = self._columns.counted(profile, *few[without])
            found[name] = self._columns.lookup(name).counted(counted[key])
        return found

    def _few(self, found: Numbers | None) -> tuple[Numbers | None, Numbers | None]:
        """The positions of a set, or, where those are fewer, of all that are not in it."""
        if found is None:
            return None, None
        if 2 * self._size(found) > len(self._columns):
            return None, np.flatnonzero(~found)
        return np.flatnonzero(found), None

    def occurring(self, name: str) -> dict[str, int]:
        """How often each value of a filter occurs in all records."""
        columns = self._columns
        found: dict[str, int] = columns.kept(
            f"occurring {name}", lambda: columns.lookup(name).counted(columns.totals[_COUNTED[name][0]])
        )
        return found

    def total_without(self, name: str) -> int:
        """How many would match without one filter."""
        return self._size(self._all_but(name))

    def splits(self, name: str) -> dict[str, Split]:
        """What `selecting.Split` counts, for each value of a facet among the records found."""
        columns, profile = self._columns, _COUNTED[name][0]
        kinds = columns.splits[1]
        if self._found is None:
            table = columns.kept(f"splits of {profile}", lambda: self._split(profile))
        else:
            table = self._split(profile)
        lookup = columns.lookup(name)
        sums = np.zeros((len(lookup.values), len(kinds)), np.int64)
        np.add.at(sums, lookup.value_places, table[lookup.key_places])
        found: dict[str, Split] = {}
        for place in np.flatnonzero(sums.sum(axis=1)):
            rows = [(*kind, number) for kind, number in zip(kinds, sums[place].tolist(), strict=True) if number]
            found[lookup.values[place]] = Split.of(rows)
        return found

    def _split(self, profile: str) -> Numbers:
        """How many of the records found have each combination (rows) and each kind of split (columns)."""
        columns = self._columns
        place_of, kinds = columns.splits
        among = slice(None) if self._found is None else np.flatnonzero(self._found)
        both = columns.arrays.profiles[profile][among].astype(np.int64) * len(kinds)
        both += place_of[columns.arrays.profiles["answers"][among]]
        length = len(columns.arrays.keys[profile])
        return np.bincount(both, minlength=length * len(kinds)).reshape(length, len(kinds))
