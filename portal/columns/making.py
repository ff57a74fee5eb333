"""How do the columns come from the tables? All of them at once, or only what was published since.

Both read the database in ranges, so that no statement takes long, and both read it as one transaction sees it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, text

from portal.columns.arrays import DAYS, NEVER, ORDERS, PROFILES, Arrays, Key, narrowed
from portal.columns.files import Numbers
from portal.conditions import ENDED
from portal.indexing import MARKS, SEVERAL
from portal.selecting import State

MOST_PATCHED = 500  # changed records; beyond that everything is made anew
_AT_ONCE = 20_000
_FEW = 16  # positions that are looked for one by one
_ALL = slice(None)
_SINGLE = (*PROFILES["answers"], *PROFILES["form"])
_READ = ("record_number", "revision", *_SINGLE, "facets", *DAYS, "sort_name")
_PLACE = {name: place for place, name in enumerate(_READ)}

_RANGE = text(
    f"SELECT {', '.join(_READ)} FROM version WHERE current AND revision > :after AND revision <= :until"  # noqa: S608
)
_SUBJECTS = text("SELECT DISTINCT subject FROM revision WHERE seq > :after AND seq <= :until AND kind = 'cooperation'")
_CHANGED = text(
    f"SELECT {', '.join(_READ)} FROM version WHERE current AND subject IN :subjects"  # noqa: S608
).bindparams(bindparam("subjects", expanding=True))
_NAMES = text("SELECT revision, sort_name FROM version WHERE revision IN :revisions").bindparams(
    bindparam("revisions", expanding=True)
)
_LINK = text("SELECT hash FROM revision WHERE seq = :seq")
Rows = Sequence[Sequence[Any]]


class _Gathered:
    """Rows of `version` as columns of numbers; combinations get a place as they come."""

    def __init__(self, keys: Mapping[str, Sequence[Key]]) -> None:
        self.places: dict[str, defaultdict[Key, int]] = {}
        for name in PROFILES:
            held = keys.get(name, ())
            self.places[name] = defaultdict(count(len(held)).__next__, {key: place for place, key in enumerate(held)})
        self._days: dict[Any, int] = {None: NEVER}
        self.columns: dict[str, list[Numbers]] = defaultdict(list)
        self.names: list[str] = []

    def add(self, rows: Rows) -> None:
        """Take in rows with the columns of `_READ`."""
        held = dict(zip(_READ, zip(*rows, strict=True), strict=True))
        several = list(zip(*(text.split("|") for text in held["facets"]), strict=True))
        held |= dict(zip(SEVERAL, several, strict=True))
        for name, parts in PROFILES.items():
            place = self.places[name].__getitem__
            self._put(name, map(place, zip(*(held[part] for part in parts), strict=True)), len(rows))
        for name in DAYS:
            self._put(name, map(self._day, held[name]), len(rows))
        for name in ("record_number", "revision"):
            self._put(name, held[name], len(rows))
        self.names.extend(held["sort_name"])

    def _put(self, name: str, values: Any, length: int) -> None:
        self.columns[name].append(np.fromiter(values, np.int32, length))

    def _day(self, value: Any) -> int:
        """A day as the driver gives it (SQLite: a text) as an ordinal."""
        if value not in self._days:
            day = value if isinstance(value, date) else date.fromisoformat(value)
            self._days[value] = day.toordinal()
        return self._days[value]

    def column(self, name: str) -> Numbers:
        """All that was taken in of one column."""
        parts = self.columns[name]
        return np.concatenate(parts) if parts else np.empty(0, np.int32)

    def keys(self) -> dict[str, list[Key]]:
        """The combinations of every profile, in the order of their places."""
        return {name: list(places) for name, places in self.places.items()}


def made(connection: Connection, state: State) -> Arrays:
    """The columns of everything that is current."""
    gathered = _Gathered({})
    for after in range(0, state.seq, _AT_ONCE):
        rows = connection.execute(_RANGE, {"after": after, "until": after + _AT_ONCE}).fetchall()
        if rows:
            gathered.add(rows)
    by_number = np.argsort(gathered.column("record_number"), kind="stable")
    names = [gathered.names[place] for place in by_number]
    gathered.names = []
    by_name = np.fromiter(sorted(range(len(names)), key=names.__getitem__), np.int32, len(names))
    return _arranged(state, gathered, {name: gathered.column(name)[by_number] for name in gathered.columns}, by_name)


def _arranged(state: State, gathered: _Gathered, columns: Mapping[str, Numbers], by_name: Numbers) -> Arrays:
    keys = gathered.keys()
    empty = np.empty(0, np.int32)
    found = Arrays(
        state=state,
        numbers=columns.get("record_number", empty),
        revisions=columns.get("revision", empty),
        profiles={name: narrowed(columns.get(name, empty), len(keys[name])) for name in PROFILES},
        keys=keys,
        days={name: columns.get(name, empty) for name in DAYS},
        orders={},
    )
    orders = {name: np.argsort(ranks(found, name), kind="stable").astype(np.int32) for name in ORDERS[:-1]}
    return Arrays(**{**_parts(found), "orders": {**orders, ORDERS[-1]: by_name}})


def _parts(arrays: Arrays) -> dict[str, Any]:
    return {name: getattr(arrays, name) for name in Arrays.__slots__}


def ranks(arrays: Arrays, order: str, at: Numbers | slice = _ALL) -> Numbers:
    """What an order of the listing sorts by, the smallest first (int64), of all records or of those at some positions.

    `selecting.order` says the same in SQL. The order by region sorts by names, which are no numbers.
    """
    if order == "baru":
        return -arrays.revisions[at].astype(np.int64)
    start = arrays.days["start_day"][at].astype(np.int64)
    if order == "mulai":
        return np.where(start == NEVER, NEVER, -start)
    keys, answers = arrays.keys["answers"], arrays.profiles["answers"][at]
    news, marks = PROFILES["answers"].index("news"), PROFILES["answers"].index("marks")
    over = np.array([key[news] == ENDED for key in keys], np.int64)[answers]
    other = np.array([not key[marks] & MARKS["existing"] for key in keys], np.int64)[answers]
    silent = arrays.days["silent_day"][at].astype(np.int64)
    late = np.where(silent == NEVER, 3 * NEVER, silent + over * NEVER)
    return np.asarray(late + other * 4 * NEVER)


# -- what was published since -------------------------------------------------------------------------------------


def patched(connection: Connection, old: Arrays, state: State) -> Arrays | None:
    """The columns of a later state from those of an earlier one; None where too much has changed for that."""
    if not 0 < old.state.seq <= state.seq or (old.state.day, old.state.generation) != (state.day, state.generation):
        return None
    if connection.execute(_LINK, {"seq": old.state.seq}).scalar_one_or_none() != old.state.hash:
        return None
    limits = {"after": old.state.seq, "until": state.seq}
    subjects = list(connection.execute(_SUBJECTS, limits).scalars())
    if len(subjects) > MOST_PATCHED:
        return None
    gathered = _Gathered(old.keys)
    rows = connection.execute(_CHANGED, {"subjects": subjects}).fetchall() if subjects else []
    if rows:
        gathered.add(sorted(rows))
    gone = np.searchsorted(old.numbers, np.array([int(subject[3:]) for subject in subjects], np.int32))
    known = [place for place, subject in zip(gone, subjects, strict=True) if _is_at(old, place, subject)]
    return _Patch(connection, old, gathered, np.array(known, np.int64)).applied(state)


def _is_at(old: Arrays, place: int, subject: str) -> bool:
    return bool(place < len(old) and old.numbers[place] == int(subject[3:]))


class _Patch:
    """Some records taken out of the columns, and their present versions put in."""

    def __init__(self, connection: Connection, old: Arrays, gathered: _Gathered, gone: Numbers) -> None:
        self._connection = connection
        self._old, self._gathered, self._gone = old, gathered, np.sort(gone)
        added = gathered.column("record_number")
        self._in_place = np.array_equal(old.numbers[self._gone], added)  # nothing new, nothing withdrawn
        if self._in_place:
            self._added = self._gone
            return
        self._kept = np.ones(len(old), bool)
        self._kept[gone] = False
        numbers = old.numbers[self._kept]
        self._places = np.searchsorted(numbers, added)  # among those that stay
        self._added = self._places + np.arange(len(added))  # among all there will be
        self._moved = np.full(len(old), -1, np.int32)
        self._moved[self._kept] = np.arange(len(numbers)) + np.searchsorted(added, numbers)

    def _spliced(self, column: Numbers, name: str) -> Numbers:
        values = self._gathered.column(name)
        if not self._in_place:
            return np.insert(column[self._kept], self._places, values)
        found = column.copy()
        found[self._gone] = values
        return found

    def applied(self, state: State) -> Arrays:
        """The columns after the patch."""
        old, keys = self._old, self._gathered.keys()
        wide = {name: self._old.profiles[name].astype(np.int32) for name in PROFILES}
        found = Arrays(
            state=state,
            numbers=self._spliced(old.numbers, "record_number"),
            revisions=self._spliced(old.revisions, "revision"),
            profiles={name: narrowed(self._spliced(wide[name], name), len(keys[name])) for name in PROFILES},
            keys=keys,
            days={name: self._spliced(old.days[name], name) for name in DAYS},
            orders={},
        )
        return Arrays(**{**_parts(found), "orders": {name: self._ordered(found, name) for name in ORDERS}})

    def _left(self, order: str) -> Numbers:
        """An order without those that went, in the new positions."""
        found = self._old.orders[order]
        if not self._in_place:
            moved = self._moved[found]
            return moved[moved >= 0]
        if len(self._gone) > _FEW:
            return found[~np.isin(found, self._gone)]
        return np.delete(found, [int(np.flatnonzero(found == position)[0]) for position in self._gone])

    def _ordered(self, found: Arrays, order: str) -> Numbers:
        """An order with the added ones where they belong, which is looked up by halving, all of them together."""
        left, mine = self._left(order), self._keys(found, order, self._added, self._gathered.names)
        first, last = [0] * len(mine), [len(left)] * len(mine)
        while open_ := [place for place in range(len(mine)) if first[place] < last[place]]:
            middle = [(first[place] + last[place]) // 2 for place in open_]
            met = self._keys(found, order, left[middle], None)
            for place, half, key in zip(open_, middle, met, strict=True):
                if key < mine[place]:
                    first[place] = half + 1
                else:
                    last[place] = half
        sorted_ = sorted(range(len(mine)), key=mine.__getitem__)
        at = np.array([first[place] for place in sorted_], np.int64)
        return np.insert(left, at, self._added[sorted_]).astype(np.int32) if sorted_ else left.astype(np.int32)

    def _keys(self, found: Arrays, order: str, at: Numbers, names: Sequence[str] | None) -> list[tuple[Any, int]]:
        """What some positions are sorted by, equal ones by the record's number; names are read where not given."""
        if order != "daerah":
            values: Sequence[Any] = ranks(found, order, at).tolist()
        elif names is not None:
            values = names
        else:
            revisions = found.revisions[at].tolist()
            known = {row[0]: row[1] for row in self._connection.execute(_NAMES, {"revisions": sorted(set(revisions))})}
            values = [known[revision] for revision in revisions]
        return list(zip(values, at.tolist(), strict=True))


# -- compared ------------------------------------------------------------------------------------------------------


def differences(held: Arrays, wanted: Arrays) -> Iterator[str]:
    """Where columns are not what the tables give; the places of combinations may differ, what they say may not."""
    if len(held) != len(wanted):
        yield "the columns hold another number of records than the tables"
        return
    there = {name: {key: place for place, key in enumerate(keys)} for name, keys in wanted.keys.items()}
    for (name, one), other in zip(held.named().items(), wanted.named().values(), strict=True):
        profile = name.removeprefix("profile ")
        if profile in there:
            places = np.array([there[profile].get(key, -1) for key in held.keys[profile]], np.int64)
            one = places[one]
        if not np.array_equal(one, other):
            yield f"the columns differ from the tables in {profile}"
