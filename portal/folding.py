"""Which words does a text come down to? Folded letters, stems, and the one word a typing error may have meant.

Both databases store and compare what is analysed here, so a search finds the same on either. Indonesian words are also
stored as their stem (snowballstemmer), so that *ternak* finds *peternakan*; every other language is left as printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise, takewhile
from string import ascii_lowercase
from typing import Any

import snowballstemmer

from portal import data, places
from portal import vocabulary as terms
from portal.record import FIELDS, Document, Field

Labels = Callable[[str], Iterable[str]]

# Apostrophes of every kind go without a trace (Xi’an, Xi‟an, Ma'an are one word each); letters that Unicode does not
# take apart get their plain neighbours.
_APOSTROPHES = "'`´‘’‚‛‟ʹʻʼʽʾʿˈˊˋ′＇՚ꞌ"
_LETTERS = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h", "ŋ": "n"}
_PLAIN = str.maketrans({**dict.fromkeys(_APOSTROPHES), **_LETTERS})
_WORD = re.compile(r"[a-z0-9]+")
_RECORD = re.compile(r"ks0*([0-9]{1,7})")

# Spellings the papers mix (domain D-04). A pair is written together, or dropped where it stands for "up to".
_PAIRS = {
    ("kerja", "sama"): "kerjasama",
    ("bekerja", "sama"): "bekerjasama",
    ("wali", "kota"): "walikota",
    ("s", "d"): "",
}
_SPELLINGS = {"lol": "loi", "dll": "", "dsb": ""}

LONGEST_WORD = 48
SHORTEST_STEM = 4
SHORTEST_CORRECTED, LONGEST_CORRECTED = 4, 24

# Fields of kind `text` that hold no words a reader would search for.
_NOT_WORDS = {"locator", "sha256", "file", "paper", "wikidata", "field", "value"}
_IN_NAMES = {"title", "local_parties", "foreign_parties"}


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of a document by where they stand, each a string of words with blanks between, every word once.

    ``names``, ``topics`` and ``body`` also hold the stems; ``words`` are those of all three as written, for
    corrections.
    """

    names: str
    topics: str
    body: str
    words: str


def fold(text: str) -> str:
    """The text in small letters without accents and apostrophes: ``Xi’an, Århus`` becomes ``xian, arhus``."""
    if text.isascii():
        return text.translate(_PLAIN).lower()
    taken_apart = unicodedata.normalize("NFKD", text.translate(_PLAIN)).casefold().translate(_PLAIN)
    return "".join(letter for letter in taken_apart if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of a text in order, folded; ``kerja sama`` is one word, ``KS-11`` is ``ks0011``."""
    found = [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]
    return list(_joined(found))


def _joined(found: list[str]) -> Iterator[str]:
    skip = False
    for word, after in pairwise([*found, ""]):
        if skip:
            skip = False
            continue
        together = _PAIRS.get((word, after))
        if together is None and word == "ks" and after.isdigit():
            together = word + after
        skip = together is not None
        spelled = _SPELLINGS.get(word, word) if together is None else together
        number = _RECORD.fullmatch(spelled)
        if number:
            spelled = record_word(int(number[1]))
        if spelled:
            yield spelled


def record_word(number: int) -> str:
    """A record's number as a word: ``ks0011``."""
    return f"ks{number:04d}"


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("indonesian")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Indonesian stem of a folded word, or the word itself where a stem would be too short to mean anything."""
    if not word.isalpha():
        return word
    short = str(_stemmer().stemWord(word))
    return short if len(short) >= SHORTEST_STEM else word


def neighbours(word: str) -> list[str]:
    """Every string one typing error away: a letter dropped, added, changed, or two swapped; none for short words.

    There are some 50 for each letter of the word, so asking which of them are known costs the same however many words
    there are.
    """
    if not SHORTEST_CORRECTED <= len(word) <= LONGEST_CORRECTED or not word.isalpha():
        return []
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {a + b[1:] for a, b in cuts if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    found |= {a + letter + b[1:] for a, b in cuts if b for letter in ascii_lowercase}
    found |= {a + letter + b for a, b in cuts for letter in ascii_lowercase}
    return sorted(found - {word})


def corrected(word: str, known: Iterable[str]) -> str | None:
    """The one among the known neighbours of a word that is taken for it, or None.

    The one that shares the longest beginning, then one of equal length, then the first by alphabet: the same question
    is always read the same way.
    """

    def order(near: str) -> tuple[int, int, str]:
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, near, strict=False)))
        return (-shared, abs(len(near) - len(word)), near)

    return min(known, key=order, default=None)


def texts(document: Document, labels: Labels = lambda message: (message,)) -> Texts:
    """The words of a cooperation for the search index.

    ``labels`` gives the texts of a vocabulary's message in every language of the interface; without it English only.
    """
    called, about, told = (
        _phrases(_names(document)),
        _phrases(_topics(document, labels)),
        _phrases(_body(document, labels)),
    )
    names = set(called.split()) | _numbers(document["id"])
    topics = set(about.split()) | _other_words(called + about)
    body = set(told.split()) | _other_words(told)
    return Texts(_string(names), _string(topics), _string(body), " ".join(sorted((names | topics | body) - {"."})))


def _phrases(parts: Iterable[str]) -> str:
    """The words of some texts in order, each text between full stops."""
    return " ".join([" . ", *(f"{' '.join(words(part))} . " for part in parts)])


def _other_words(phrases: str) -> set[str]:
    """What people type in place of phrases that stand in a text (``wisata`` for ``pariwisata``)."""
    return {word for phrase, others in _synonyms() if phrase in phrases for word in others}


@cache
def _synonyms() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (f" {' '.join(words(phrase))} ", tuple(word for other in others for word in words(other)))
        for phrase, others in _aliases("words").items()
    )


def _string(found: set[str]) -> str:
    return " ".join(sorted((found | {stem(word) for word in found}) - {"."}))


def _numbers(record: str) -> set[str]:
    """Every way a record's number is typed."""
    digits = record.removeprefix("KS-")
    return {record_word(int(digits)), digits, str(int(digits))}


def _said(value: Mapping[str, str] | None) -> Iterator[str]:
    yield from (value or {}).values()


def _names(document: Document) -> Iterator[str]:
    """What the record is called: its title, places and parties."""
    yield from _said(document["title"])
    for code in {document["region"], *document.get("other_regions", [])}:
        yield from region_names(code)
    for party in document["local_parties"]:
        yield from _said(party["name"])
        yield party.get("printed", "")
    for party in document["foreign_parties"]:
        yield from (*_said(party["name"]), *_said(party["short"]))
        yield from (party.get("printed", ""), *party.get("place", []), *party.get("aliases", []))
        for name in (*_said(party["short"]), *party.get("place", [])):
            yield from _aliases("places").get(fold(name), ())


def _topics(document: Document, labels: Labels) -> Iterator[str]:
    """What kind of cooperation it is, with whom and where."""
    for party in document["foreign_parties"]:
        yield from country_names(party["country"])
        yield from labels(terms.FOREIGN_KINDS[party["kind"]].label)
    yield from labels(terms.TYPES[document["type"]].label)
    yield from labels(terms.LEGAL_FORMS[document["legal_form"]].label)
    for sector in document.get("sectors", []):
        yield from labels(terms.SECTORS[sector].label)
    for code in {document["region"], *document.get("other_regions", [])}:
        yield from region_names(places.regions()[code].province)


def _body(document: Document, labels: Labels) -> Iterator[str]:
    """Everything else that is written: summary, events, words of the sources, their titles, notes."""
    for field in FIELDS:
        if field.name not in _IN_NAMES and field.name in document:
            yield from _written(field, document[field.name], labels)


def _written(field: Field, value: Any, labels: Labels) -> Iterator[str]:
    if field.many and isinstance(value, list):
        for item in value:
            yield from _written_one(field, item, labels)
    else:
        yield from _written_one(field, value, labels)


def _written_one(field: Field, value: Any, labels: Labels) -> Iterator[str]:
    if field.name in _NOT_WORDS:
        return
    if field.kind == "words":
        yield from _said(value)
    elif field.kind == "text":
        yield value
    elif field.kind == "part":
        for inner in field.fields:
            if inner.name in value:
                yield from _written(inner, value[inner.name], labels)
    elif field.name == "code" and field.vocabulary is terms.OBSTACLES:
        yield from labels(terms.OBSTACLES[value].label)


def region_names(code: str) -> tuple[str, ...]:
    """Every name a region is known by: full, short, English, and its nicknames."""
    region = places.regions()[code]
    return (region.name, region.short_name, region.name_en, *_aliases("regions").get(code, ()))


def country_names(code: str) -> tuple[str, ...]:
    """Every name a country is known by, in both languages."""
    country = places.countries()[code]
    return (country.name_id, country.name_en, *_aliases("countries").get(code, ()))


def _aliases(group: str) -> Mapping[str, Iterable[str]]:
    return data.aliases().get(group, {})
