"""Where are the words of the records kept? One search table for each kind of database, filled from the same analysis.

SQLite: an FTS5 table without a copy of the text; PostgreSQL: a row with a `tsvector` for each version, weights A, B and
D for names, topics and body. Both hold words as `portal.folding` leaves them (``a-z0-9``), so neither database's own
idea of language, case or accents is ever asked. `search_word` lists the words as written, for typing errors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b

from sqlalchemy import Connection, text

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

_WIDTH = 2**64 - 1

# Every word of every version with the weights it has there: SQLite knows each column, PostgreSQL the first alone.
_POSTINGS = {
    "sqlite": """SELECT DISTINCT term, CASE col WHEN 'names' THEN 'A' WHEN 'topics' THEN 'B' ELSE 'D' END, doc
        FROM search_posting""",
    "postgresql": """SELECT lexeme,
        (SELECT string_agg(weight, '') FROM unnest(weights) AS weight)
            || CASE WHEN positions = '{1}' THEN '' ELSE '!' END, revision
        FROM search, unnest(words)""",
}

_INSERT = {
    "sqlite": "INSERT INTO search (rowid, names, topics, body) VALUES (:revision, :names, :topics, :body)",
    "postgresql": "INSERT INTO search (revision, words) VALUES (:revision, CAST(:vector AS tsvector))",
}
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


def insert(connection: Connection, rows: Iterable[tuple[int, Texts]]) -> None:
    """Add the words of versions, each with its revision's number in the chain. Nothing is committed here."""
    found = [(revision, texts) for revision, texts in rows]
    if not found:
        return
    dialect = connection.dialect.name
    connection.execute(text(_INSERT[dialect]), [_parameters(revision, texts, dialect) for revision, texts in found])
    new = sorted({word for _, texts in found for word in texts.words.split()})
    listed = " ".join(new) if dialect == "postgresql" else json.dumps(new)
    if new:
        connection.execute(text(_INSERT_WORDS[dialect]), {"words": listed})


def clear(connection: Connection) -> None:
    """Empty both tables."""
    if connection.dialect.name == "sqlite":  # a table without a copy of its text knows no DELETE
        connection.execute(text("INSERT INTO search (search) VALUES ('delete-all')"))
    else:
        connection.execute(text("DELETE FROM search"))
    connection.execute(text("DELETE FROM search_word"))


def _parameters(revision: int, texts: Texts, dialect: str) -> dict[str, object]:
    if dialect == "sqlite":
        return {"revision": revision, "names": texts.names, "topics": texts.topics, "body": texts.body}
    return {"revision": revision, "vector": _vector(texts)}


def _vector(texts: Texts) -> str:
    """The text form of a `tsvector`; the position says nothing, a weight needs one."""
    weighted = ((texts.names, WEIGHTS["names"]), (texts.topics, WEIGHTS["topics"]), (texts.body, WEIGHTS["body"]))
    return " ".join(f"{word}:1{weight}" for string, weight in weighted for word in string.split())


def fingerprint(texts: Texts, dialect: str) -> int:
    """One number for the words of a version and where they stand, whatever their order, as a database holds them."""
    pairs: dict[tuple[str, str], str] = {}
    for column, string in (("names", texts.names), ("topics", texts.topics), ("body", texts.body)):
        for word in string.split():
            pairs.setdefault((word, column if dialect == "sqlite" else ""), WEIGHTS[column])
    return sum(_mark(word, weight) for (word, _), weight in pairs.items()) & _WIDTH


def fingerprints(connection: Connection) -> dict[int, int]:
    """The fingerprint of every version as the search table holds it, by the revision's number in the chain."""
    sums: dict[int, int] = {}
    for word, weight, revision in connection.execute(text(_POSTINGS[connection.dialect.name])):
        sums[revision] = (sums.get(revision, 0) + _mark(word, weight)) & _WIDTH
    return sums


def word_list(connection: Connection) -> set[str]:
    """The words as written that a typing error is compared with."""
    return set(connection.execute(text("SELECT word FROM search_word")).scalars())


def _mark(word: str, weight: str) -> int:
    return int.from_bytes(blake2b(f"{weight} {word}".encode(), digest_size=8).digest(), "big")
