"""Which records do these words find, and which come first?

Every word of a question has to be found. A word finds the words that begin with it and those of the same stem; one with
a digit in it only itself. What is found best comes first (`TIERS`), alike on SQLite and PostgreSQL:

0. every word stands whole in the names (title, places, parties, number)
1. every word begins a word of the names
2. every word begins a word of the names or topics (country, sector, kind, province)
3. every word begins a word anywhere in the record
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, String, cast, column, func, literal, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from portal import folding
from portal.models.search import WEIGHTS

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
    """What a reader's text asks for; a word that nothing begins with is read as a known one if it is a letter away.

    Two statements at most, the second only for a word that is not known.
    """
    words = tuple(dict.fromkeys(folding.words(typed[:LONGEST_QUESTION])))[:MOST_WORDS]
    missed = [word for word in words if word.isalpha() and len(word) >= folding.SHORTEST_CORRECTED]
    missed = _unknown(session, missed)
    if not missed:
        return Question(words)
    near = _of_like_length(session, missed)
    found = {word: better for word in missed if (better := folding.corrected(word, near))}
    return Question(tuple(found.get(word, word) for word in words), tuple(found.items()))


def _unknown(session: Session, words: Sequence[str]) -> list[str]:
    """The words that neither as they are nor by their stem begin a word of any record."""
    if not words:
        return []
    beginnings = sorted({form for word in words for form in (word, folding.stem(word))})
    one = "(SELECT min(word) FROM search_word WHERE word >= :from_{0} AND word < :to_{0})"
    statement = text("SELECT " + ", ".join(one.format(place) for place in range(len(beginnings))))
    limits = {f"from_{place}": word for place, word in enumerate(beginnings)}
    limits |= {f"to_{place}": word + "~" for place, word in enumerate(beginnings)}  # ~ sorts after every letter
    known = dict(zip(beginnings, session.execute(statement, limits).one(), strict=True))
    return [word for word in words if known[word] is None and known[folding.stem(word)] is None]


def _of_like_length(session: Session, words: Sequence[str]) -> list[str]:
    lengths = [len(word) for word in words]
    statement = text("SELECT word FROM search_word WHERE length(word) BETWEEN :least AND :most ORDER BY word")
    return list(session.execute(statement, {"least": min(lengths) - 1, "most": max(lengths) + 1}).scalars())


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


def gathered(session: Session, wanted: Sequence[tuple[str, int]]) -> list[str]:
    """The revisions of each (word, tier), in one statement: their numbers with commas between.

    As rows they would cost ten times as much. Those of a better tier are in the worse ones too.
    """
    dialect = session.get_bind().dialect.name
    strings = []
    for word, tier in wanted:
        found = _matching(Question((word,)), dialect, tier).subquery()
        number = found.c.revision
        joined = (
            func.group_concat(number) if dialect == "sqlite" else func.string_agg(cast(number, String), literal(","))
        )
        strings.append(select(joined).select_from(found).scalar_subquery())
    return [string or "" for string in session.execute(select(*strings)).one()]


def _matching(question: Question, dialect: str, tier: int) -> Select[Any]:
    """The revisions of one tier. Words are ``a-z0-9`` only, so nothing a reader types is ever syntax."""
    places, beginning = TIERS[tier]
    if dialect == "sqlite":
        pattern = " AND ".join(_fts(word, places, beginning) for word in question.words)
        match = literal_column("search").op("MATCH")(pattern)
        return select(_FTS.c.rowid.label("revision")).where(match if question.words else text("0"))
    weights = "".join(WEIGHTS[place] for place in places)
    pattern = " & ".join(_tsquery(word, weights, beginning) for word in question.words)
    return select(_VECTORS.c.revision).where(_VECTORS.c.words.op("@@")(cast(pattern, TSQUERY)))


def _forms(word: str, beginning: bool) -> tuple[str, bool, str]:
    """The word, whether its beginning is enough, and its stem where that is another word."""
    short = folding.stem(word)
    return word, beginning and word.isalpha(), short if short != word else ""


def _fts(word: str, places: Sequence[str], beginning: bool) -> str:
    whole, open_end, short = _forms(word, beginning)
    either = f'"{whole}"' + (" *" if open_end else "") + (f' OR "{short}"' if short else "")
    return f"{{{' '.join(places)}}} : ({either})"


def _tsquery(word: str, weights: str, beginning: bool) -> str:
    whole, open_end, short = _forms(word, beginning)
    either = f"{whole}:{'*' if open_end else ''}{weights}" + (f" | {short}:{weights}" if short else "")
    return f"({either})"
