"""Where are the words of the records kept? One search table for each kind of database, filled from the same analysis.

SQLite: an FTS5 table without a copy of the text; PostgreSQL: a row with a `tsvector` for each version, in which a word
of the names stands once more with ``=`` before it, and one of the names or topics with ``+`` (`SIGNS`): what its index
finds need not be looked at again, as it would with weights. Both hold words as `portal.folding` leaves them
(``a-z0-9``), so neither database's own idea of language, case or accents is ever asked. `search_word` lists the words
as written, for typing errors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from portal.filling import fill
from portal.folding import Texts

_SQLITE = (
    """CREATE VIRTUAL TABLE search USING fts5(
        names, topics, body, content='', columnsize=0, detail=column, tokenize='ascii', prefix='2 3'
    )""",
    "CREATE VIRTUAL TABLE search_posting USING fts5vocab(search, 'instance')",
    "CREATE TABLE search_word (word TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID",
)
_POSTGRESQL = (
    "CREATE TABLE search (revision INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_search_words ON search USING gin (words)",
    'CREATE TABLE search_word (word TEXT COLLATE "C" PRIMARY KEY)',
)
TABLES = ("search_posting", "search", "search_word")
WEIGHTS = {"names": "A", "topics": "B", "body": "D"}
# What stands before a word in a `tsvector`, by the places it may be in.
SIGNS = {("names",): "=", ("names", "topics"): "+", ("names", "topics", "body"): ""}

_WIDTH = 2**64 - 1
_MOST_LISTED = 200_000
_MOST_MARKS = 1 << 15  # of each weight

# All versions that hold a word, each four times its number and 1 for the names, 2 for the topics: read term by term.
LISTED = "SELECT term, group_concat(doc * 4 + (col = 'names') + 2 * (col = 'topics')) FROM search_posting"
_POSTINGS = f"{LISTED} GROUP BY term"
_CODES = {0: "D", 1: "A", 2: "B"}
_SHORT = 24  # characters of a list that is not worth an array

_INSERT_WORDS = {
    "sqlite": "INSERT OR IGNORE INTO search_word (word) SELECT value FROM json_each(:words)",
    "postgresql": "INSERT INTO search_word (word) SELECT unnest(string_to_array(:words, ' ')) ON CONFLICT DO NOTHING",
}


def create(connection: Connection) -> None:
    """Create both tables."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop(connection: Connection) -> None:
    """Remove both tables again."""
    for table in TABLES:
        connection.execute(text(f"DROP TABLE IF EXISTS {table}"))


def insert(connection: Connection, rows: Iterable[tuple[int, Texts]], listed: set[str]) -> None:
    """Add the words of versions, each with its revision's number in the chain. Nothing is committed here.

    ``listed`` are words that are known to be in the list, and it gets the new ones.
    """
    found = [(revision, texts) for revision, texts in rows]
    dialect = connection.dialect.name
    if dialect == "sqlite":
        rows_ = [(revision, texts.names, texts.topics, texts.body) for revision, texts in found]
        fill(connection, "search", ("rowid", "names", "topics", "body"), rows_)
    else:
        fill(connection, "search", ("revision", "words"), [(revision, _vector(texts)) for revision, texts in found])
    new = sorted({word for _, texts in found for word in texts.words.split()} - listed)
    if new:
        words = " ".join(new) if dialect == "postgresql" else json.dumps(new)
        connection.execute(text(_INSERT_WORDS[dialect]), {"words": words})
    if len(listed) > _MOST_LISTED:
        listed.clear()
    listed.update(new)


def clear(connection: Connection) -> None:
    """Empty both tables."""
    if connection.dialect.name == "sqlite":  # a table without a copy of its text knows no DELETE
        connection.execute(text("INSERT INTO search (search) VALUES ('delete-all')"))
    else:
        connection.execute(text("DELETE FROM search"))
    connection.execute(text("DELETE FROM search_word"))


def _vector(texts: Texts) -> str:
    """The text form of a `tsvector` without positions."""
    return " ".join(_lexemes(texts))


def _lexemes(texts: Texts) -> set[str]:
    """What stands in the `tsvector` of a version, in quotes."""
    words = {place: set(getattr(texts, place).split()) for place in WEIGHTS}
    return {
        f"'{sign}{word}'" for places, sign in SIGNS.items() for word in set().union(*(words[place] for place in places))
    }


def is_held(held: object, texts: Texts, dialect: str) -> bool:
    """True where the search table holds the words of a version and nothing else (see `held_words`)."""
    if dialect == "sqlite":
        return (held or 0) == _fingerprint(texts)
    wanted, found = _lexemes(texts), str(held or "").split()
    return len(found) == len(wanted) and wanted.issuperset(found)


def _fingerprint(texts: Texts) -> int:
    """One number for the words of a version and where they stand, whatever their order."""
    found = 0
    for place, weight in WEIGHTS.items():
        found += sum(map(_MARKS[weight].__getitem__, getattr(texts, place).split()))
    return found & _WIDTH


def turned_sum(texts: Texts) -> int:
    """One number for the words of a version without a digit, in every place they are looked for in (`SIGNS`)."""
    found, words = 0, set[str]()
    for sign, place in zip(SIGNS.values(), WEIGHTS, strict=True):
        words.update(getattr(texts, place).split())
        found += sum(map(_TURNED[sign].__getitem__, words))
    return found & _WIDTH


def turned_mark(word: str, place: int) -> int:
    """What a word adds to `turned_sum` in one of the places of `SIGNS`."""
    return _TURNED[tuple(SIGNS.values())[place]][word]


class Held:
    """What the search table holds of every version, to be asked for in the order of the revisions."""

    def __init__(self, connection: Connection, newest: int) -> None:
        self._connection = connection
        self._sums = np.zeros(newest + 1, np.uint64)
        self._strays: set[int] = set()
        if connection.dialect.name == "sqlite":
            for term, listed in connection.execute(text(_POSTINGS)):
                self._add(term, listed)

    def _add(self, term: str, listed: str) -> None:
        """Add the mark of a word to the sum of every version that holds it."""
        if "e" in listed:  # a number beyond all revisions is told as a fraction
            self._strays.add(len(self._sums))
            listed = ",".join(one for one in listed.split(",") if "e" not in one) or "0"
        if len(listed) < _SHORT:
            for number in map(int, listed.split(",")):
                if 0 < number >> 2 < len(self._sums):
                    added = (int(self._sums[number >> 2]) + _mark(term, _CODES[number & 3])) & _WIDTH
                    self._sums[number >> 2] = added
                else:
                    self._strays.add(number >> 2)
            return
        numbers = np.fromstring(listed, np.int64, sep=",")
        revisions = numbers >> 2
        known = (revisions > 0) & (revisions < len(self._sums))
        self._strays.update(revisions[~known].tolist())
        for code, weight in _CODES.items():
            self._sums[revisions[known & (numbers & 3 == code)]] += np.uint64(_mark(term, weight))

    def between(self, after: int | None, last: int | None) -> dict[int, object]:
        """What is held of the revisions after one up to another, by number; None is the beginning or the end."""
        if self._connection.dialect.name == "sqlite":
            first = 0 if after is None else after + 1
            part = self._sums[first : None if last is None else last + 1]
            found: dict[int, object] = {int(place) + first: int(part[place]) for place in np.flatnonzero(part)}
            return found if last is not None else {**found, **dict.fromkeys(self._strays, 1)}
        limits = {name: value for name, value in (("after", after), ("last", last)) if value is not None}
        where = " AND ".join({"after": "revision > :after", "last": "revision <= :last"}[name] for name in limits)
        asked = f"SELECT revision, words::text FROM search WHERE {where or 'true'}"  # noqa: S608
        return {row[0]: row[1] for row in self._connection.execute(text(asked), limits)}


def listed_marks(connection: Connection) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """The marks of the words as written that a typing error is compared with, in order."""
    words = connection.execute(text("SELECT word FROM search_word").execution_options(yield_per=10_000)).scalars()
    return np.unique(np.fromiter(map(_mark, words), np.uint64))


def marks(words: Iterable[str]) -> bytes:
    """The marks of words, as the bytes of an array."""
    return np.fromiter(map(_MARKS[""].__getitem__, words), np.uint64).tobytes()


class _Marks(dict[str, int]):
    """The marks of words with a weight, each worked out once."""

    def __init__(self, weight: str) -> None:
        super().__init__()
        self._weight = weight

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_MARKS:
            self.clear()
        found = self[word] = _mark(word, self._weight)
        return found


class _LetterMarks(_Marks):
    """The same, nothing for words with a digit."""

    def __missing__(self, word: str) -> int:
        return super().__missing__(word) if word.isalpha() else 0


_MARKS = {weight: _Marks(weight) for weight in ("", *WEIGHTS.values())}
_TURNED = {sign: _LetterMarks(f"turned {sign}") for sign in SIGNS.values()}


def _mark(word: str, weight: str = "") -> int:
    """A number for a word with a weight: of 48 bits, since sums of what fits a machine word are many times faster."""
    return int.from_bytes(blake2b(f"{weight} {word}".encode(), digest_size=6).digest(), "big")
