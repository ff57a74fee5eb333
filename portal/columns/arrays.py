"""What do the columns hold, and how do they lie in a file?

Answers and facts that go together are one *profile*: a small number that stands for the whole combination. A million
records have a few thousand profiles, so that a filter looks at a short table instead of at many columns, and one pass
counts the values of several filters at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from portal.columns import files
from portal.columns.files import NotReadable, Numbers
from portal.selecting import State

Key = tuple[Any, ...]

# The profiles and the columns of `version` each is made of; a facet that allows several holds them with blanks between.
PROFILES: Mapping[str, tuple[str, ...]] = {
    "answers": ("status", "stage", "validity", "news", "marks", "differs"),
    "form": ("type", "legal_form", "grade"),
    "places": ("daerah", "prov"),
    "partners": ("negara", "mitra"),
    "fields": ("bidang",),
}
DAYS = ("silent_day", "ends_day", "start_day")
ORDERS = ("sunyi", "baru", "mulai", "daerah")
NEVER = date.max.toordinal() + 1  # the day of what has none: after all others

_KIND = b"tautan-columns-2\n"


@dataclass(frozen=True, slots=True)
class Arrays:
    """The columns of one state of the database, records in the order of their numbers.

    ``numbers`` and ``revisions`` (int32) name each record; ``profiles`` hold the place of its combination in ``keys``
    (uint16 or uint32); ``days`` are proleptic ordinals, `NEVER` for none (int32); ``orders`` are the positions in each
    order of the listing (int32).
    """

    state: State
    numbers: Numbers
    revisions: Numbers
    profiles: Mapping[str, Numbers]
    keys: Mapping[str, Sequence[Key]]
    days: Mapping[str, Numbers]
    orders: Mapping[str, Numbers]

    def __len__(self) -> int:
        return len(self.numbers)

    def named(self) -> dict[str, Numbers]:
        """All arrays by name, as they lie in the file."""
        found = {"numbers": self.numbers, "revisions": self.revisions}
        for group, arrays in (("profile", self.profiles), ("day", self.days), ("order", self.orders)):
            found |= {f"{group} {name}": array for name, array in arrays.items()}
        return found


def narrowed(places: Numbers, keys: int) -> Numbers:
    """Places among so many keys, in the smallest type that holds them."""
    return places.astype(np.uint16 if keys <= 1 << 16 else np.uint32, copy=False)


def write(arrays: Arrays, path: Path) -> None:
    """Write a file that is there whole or not at all. Raises `OSError`."""
    files.write(path, _KIND, {"state": _plain(arrays.state), "keys": dict(arrays.keys)}, arrays.named())


def read(path: Path, checked: bool) -> Arrays:
    """The columns of a file, mapped and shared, not copied; ``checked`` reads all of it once for its checksum.

    Raises `files.NotReadable` and `OSError`.
    """
    head, found = files.read(path, _KIND, checked)
    try:
        return Arrays(
            state=_state(head["state"]),
            numbers=found["numbers"],
            revisions=found["revisions"],
            profiles={name: found[f"profile {name}"] for name in PROFILES},
            keys={name: [tuple(key) for key in head["keys"][name]] for name in PROFILES},
            days={name: found[f"day {name}"] for name in DAYS},
            orders={name: found[f"order {name}"] for name in ORDERS},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise NotReadable(f"{path.name}: {error}") from error


def _plain(state: State) -> list[Any]:
    first = state.first_day.isoformat() if state.first_day else None
    return [state.seq, state.hash, state.day.isoformat(), first, state.generation]


def _state(plain: Sequence[Any]) -> State:
    seq, digest, day, first, generation = plain
    return State(seq, digest, date.fromisoformat(day), date.fromisoformat(first) if first else None, generation)
