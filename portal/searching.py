"""Which records do these words find, and which come first?

Every word of a question has to be found. A word finds the words that begin with it and those of the same stem; one with
a digit in it only itself. What is found best comes first (`TIERS`), alike on SQLite and PostgreSQL:

0. every word stands whole in the names (title, places, parties, number)
1. every word begins a word of the names
2. every word begins a word of the names or topics (country, sector, kind, province)
3. every word begins a word anywhere in the record
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Integer, Select, cast, column, func, literal, literal_column, select, table, text, union
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from portal import folding
from portal.models.search import SIGNS

LONGEST_QUESTION = 200
MOST_WORDS = 10
_PLACES = ("names", "topics", "body")
# For each tier: the columns that count, and whether the beginning of a word is enough.
TIERS = ((_PLACES[:1], False), (_PLACES[:1], True), (_PLACES[:2], True), (_PLACES, True))
ANYWHERE = len(TIERS) - 1

_FTS = table("search", column("rowid", Integer))
_VECTORS = table("search", column("revision", Integer), column("words"))


@dataclass(frozen=True, slots=True)
class Question:
    """The words looked for, and those among them that stand for another one: (typed, read as)."""

    words: tuple[str, ...]
    corrections: tuple[tuple[str, str], ...] = ()


def asked(session: Session, typed: str) -> Question:
    """What a reader's text asks for; a word that finds nothing is read as a known one if that is a letter away.

    One statement where all words are known, three at most.
    """
    words = tuple(dict.fromkeys(folding.words(typed[:LONGEST_QUESTION])))[:MOST_WORDS]
    near = {word: folding.neighbours(word) for word in words}
    missed = _without_hit(session, _without_beginning(session, [word for word in words if near[word]]))
    known = _known(session, [neighbour for word in missed for neighbour in near[word]])
    found = {word: better for word in missed if (better := folding.corrected(word, known.intersection(near[word])))}
    return Question(tuple(found.get(word, word) for word in words), tuple(found.items()))


def _without_beginning(session: Session, words: Sequence[str]) -> list[str]:
    """The words with which no word of any record begins."""
    if not words:
        return []
    one = "(SELECT min(word) FROM search_word WHERE word >= :from_{0} AND word < :to_{0})"
    statement = text("SELECT " + ", ".join(one.format(place) for place in range(len(words))))
    limits = {f"from_{place}": word for place, word in enumerate(words)}
    limits |= {f"to_{place}": word + "~" for place, word in enumerate(words)}  # ~ sorts after every letter
    known = session.execute(statement, limits).one()
    return [word for word, first in zip(words, known, strict=True) if first is None]


def _without_hit(session: Session, words: Sequence[str]) -> list[str]:
    """The words that no stem answers to either."""
    if not words:
        return []
    dialect = session.get_bind().dialect.name
    found = [_matching(Question((word,)), dialect, ANYWHERE).limit(1).scalar_subquery() for word in words]
    return [word for word, hit in zip(words, session.execute(select(*found)).one(), strict=True) if hit is None]


def _known(session: Session, words: Sequence[str]) -> set[str]:
    """Those of the words that stand in some record."""
    if not words:
        return set()
    sqlite = session.get_bind().dialect.name == "sqlite"
    listed = "SELECT value FROM json_each(:words)" if sqlite else "SELECT unnest(string_to_array(:words, ' '))"
    statement = text(f"SELECT word FROM search_word WHERE word IN ({listed})")  # noqa: S608 one of two constants
    return set(session.execute(statement, {"words": json.dumps(words) if sqlite else " ".join(words)}).scalars())


def anywhere(question: Question, dialect: str) -> Select[Any]:
    """The revisions in which every word is found, as SQL."""
    return _matching(question, dialect, ANYWHERE)


def ranked(question: Question, dialect: str) -> Select[Any]:
    """The revisions found and the best tier of each, as SQL with the columns ``revision`` and ``tier``."""
    tiers = [
        _matching(question, dialect, tier).add_columns(literal_column(str(tier)).label("tier")) for tier in range(4)
    ]
    every = tiers[0].union_all(*tiers[1:]).subquery()
    return select(every.c.revision, func.min(every.c.tier).label("tier")).group_by(every.c.revision)


def named(session: Session, words: Sequence[str], most: int, every: bool = True) -> Select[Any]:
    """The newest revisions whose names hold words that begin with these (or, unless ``every``, any of them), as SQL."""
    dialect = session.get_bind().dialect.name
    if every or not words:
        found = _matching(Question(tuple(words)), dialect, 1)
    else:
        found = union(*(_matching(Question((word,)), dialect, 1) for word in words)).subquery().select()
    number = found.selected_columns[0]
    return found.order_by(number.desc()).limit(most)


def gathered(session: Session, wanted: Sequence[tuple[str, int, int]]) -> list[NDArray[np.int64]]:
    """The revisions of each (word, tier) after a revision, in one statement.

    They come as one text (SQLite) or string of bytes (PostgreSQL): as rows they would cost twenty times as much. Those
    of a better tier are in the worse ones too.
    """
    dialect = session.get_bind().dialect.name
    sqlite = dialect == "sqlite"
    if not sqlite:  # it does not know what it costs to take long vectors off their shelf, one by one
        session.execute(text("SET LOCAL enable_seqscan = off"))
    listed = []
    for word, tier, after in wanted:
        matching = _matching(Question((word,)), dialect, tier)
        number = matching.selected_columns[0]
        found = (matching.where(number > after) if after else matching).subquery()
        number = found.c.revision
        joined = func.group_concat(number) if sqlite else func.string_agg(func.int4send(number), literal(b""))
        listed.append(select(joined).select_from(found).scalar_subquery())
    return [_numbers(one) for one in session.execute(select(*listed)).one()]


def _numbers(listed: str | bytes | None) -> NDArray[np.int64]:
    """The numbers in a text with commas between, or in a string of bytes, four for each."""
    if not listed:
        return np.empty(0, np.int64)
    if isinstance(listed, str):
        return np.fromstring(listed, np.int64, sep=",")
    return np.frombuffer(listed, ">i4").astype(np.int64)


def _matching(question: Question, dialect: str, tier: int) -> Select[Any]:
    """The revisions of one tier. Words are ``a-z0-9`` only, so nothing a reader types is ever syntax."""
    places, _ = TIERS[tier]
    if dialect == "sqlite":
        pattern = " AND ".join(_fts(forms(word, tier), places) for word in question.words)
        match = literal_column("search").op("MATCH")(pattern)
        return select(_FTS.c.rowid.label("revision")).where(match if question.words else text("0"))
    pattern = " & ".join(_tsquery(forms(word, tier), SIGNS[places]) for word in question.words)
    return select(_VECTORS.c.revision).where(_VECTORS.c.words.op("@@")(cast(pattern, TSQUERY)))


def forms(word: str, tier: int) -> list[tuple[str, bool]]:
    """What a tier looks for: a word, and whether its beginning is enough; then its stem where that is another."""
    short = folding.stem(word)
    return [(word, TIERS[tier][1] and word.isalpha()), *([(short, False)] if short != word else [])]


def _fts(wanted: Sequence[tuple[str, bool]], places: Sequence[str]) -> str:
    either = " OR ".join(f'"{word}"{" *" if beginning else ""}' for word, beginning in wanted)
    return f"{{{' '.join(places)}}} : ({either})"


def _tsquery(wanted: Sequence[tuple[str, bool]], sign: str) -> str:
    either = " | ".join(f"'{sign}{word}'{':*' if beginning else ''}" for word, beginning in wanted)
    return f"({either})"
