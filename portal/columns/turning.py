"""How are the words of all records turned around? Read from the search tables, word by word or record by record.

SQLite hands out what its index holds of one word after the other. PostgreSQL's index does not: there the words of some
thousand revisions at a time are sorted and laid aside, and put together at the end.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from sqlalchemy import Connection, text

from portal.columns import turned
from portal.columns.files import Numbers
from portal.columns.turned import PLACES
from portal.models.search import LISTED, SIGNS

_AT_ONCE = 40_000  # revisions
Entry = tuple[int, str, Numbers]

_BY_WORD = text(f"{LISTED} WHERE term >= 'a' AND doc <= :seq GROUP BY term")
_BY_REVISION = text(
    "SELECT revision, words::text FROM search WHERE revision > :after AND revision <= :until ORDER BY revision"
)
_LEXEME = re.compile(r"'([=+]?[a-z]+)'")


def entries(connection: Connection, seq: int, folder: Path) -> Iterator[Entry]:
    """Every place, every word without a digit that stands there, and the revisions up to one that hold it.

    The words of a place come in their order, revisions (int64) rising. ``folder`` is for scratch files.
    """
    if connection.dialect.name == "sqlite":
        yield from _by_word(connection, seq)
    else:
        yield from _sorted(connection, seq, folder)


def _by_word(connection: Connection, seq: int) -> Iterator[Entry]:
    for word, listed in connection.execute(_BY_WORD, {"seq": seq}):
        if word.isalpha():
            numbers = np.fromstring(listed, np.int64, sep=",")
            numbers.sort()
            revisions, where = numbers >> 2, numbers & 3
            for place, among in enumerate((revisions[where == 1], revisions[where > 0], revisions)):
                if len(among):
                    yield place, word, _each_once(among)


def _each_once(numbers: Numbers) -> Numbers:
    """Sorted numbers without those that are there twice."""
    return numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]


def _sorted(connection: Connection, seq: int, folder: Path) -> Iterator[Entry]:
    places: defaultdict[str, int] = defaultdict(count().__next__)
    stretches: list[tuple[int, Numbers]] = []  # where each begins in the scratch file, and in it every word
    with TemporaryFile(dir=folder) as scratch:
        for after in range(0, seq, _AT_ONCE):
            limits = {"after": after, "until": min(after + _AT_ONCE, seq)}
            words, revisions = array("i"), array("i")
            for revision, vector in connection.execute(_BY_REVISION, limits):
                held = [places[word] for word in _LEXEME.findall(vector)]
                words.extend(held)
                revisions.extend([revision] * len(held))
            numbers = np.frombuffer(words, np.int32)
            begin = scratch.tell() // 4
            scratch.write(np.frombuffer(revisions, np.int32)[np.argsort(numbers, kind="stable")].data)
            ends = np.cumsum(np.bincount(numbers, minlength=len(places)))
            stretches.append((begin, np.concatenate(([0], ends)).astype(np.int32)))
        scratch.flush()
        laid = np.memmap(scratch, np.int32, "r") if scratch.tell() else np.empty(0, np.int32)
        for place, sign in enumerate(SIGNS[place] for place in PLACES):
            for word in sorted(word for word in places if word[: -len(word.lstrip("=+"))] == sign):
                yield place, word.removeprefix(sign), _gathered(laid, stretches, places[word])


def _gathered(laid: Numbers, stretches: list[tuple[int, Numbers]], place: int) -> Numbers:
    """The revisions of a word from every stretch that knows it."""
    found = [laid[begin + at[place] : begin + at[place + 1]] for begin, at in stretches if place + 1 < len(at)]
    return np.concatenate(found).astype(np.int64)


def write(connection: Connection, seq: int, digest: str, path: Path) -> None:
    """Write the words of all revisions up to one, whose hash is given, to a file. Raises `OSError`."""
    with turned.writer(path, seq, digest) as writer:
        for place, word, revisions in entries(connection, seq, path.parent):
            writer.add(place, word, revisions)
