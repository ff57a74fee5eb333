"""Which words does a text come down to? Folded letters, stems, and the one word a typing error may have meant.

Both databases store and compare what is analysed here, so a search finds the same on either. Indonesian words are also
stored as their stem (snowballstemmer), so that *ternak* finds *peternakan*; every other language is left as printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import filterfalse, takewhile
from string import ascii_lowercase, digits
from typing import Any, NamedTuple

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
_BETWEEN = "\0"  # stands between texts, so that no two of them make a phrase
_OF_WORDS = ascii_lowercase + digits + _BETWEEN
_BLANKED = bytes(code if chr(code) in _OF_WORDS else ord(" ") for code in range(256))
_LONGEST = 48  # a longer word is cut
_RECORD = re.compile(r"ks0*([0-9]{1,7})")

# Spellings the papers mix (domain D-04). A pair is written together, or dropped where it stands for "up to".
_SPELLINGS = {
    "kerja sama": "kerjasama",
    "bekerja sama": "bekerjasama",
    "wali kota": "walikota",
    "s d": "",
    "lol": "loi",
    "dll": "",
    "dsb": "",
}
_MIXED = re.compile(rf"(?<= )(?:{'|'.join(_SPELLINGS)}|ks ?[0-9]+)(?= )")
_MAYBE_MIXED = frozenset(spelling.split()[0] for spelling in _SPELLINGS)

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
        return text.replace("'", "").replace("`", "").lower()
    taken_apart = unicodedata.normalize("NFKD", text.translate(_PLAIN)).casefold().translate(_PLAIN)
    return "".join(filterfalse(unicodedata.combining, taken_apart))


def words(text: str) -> list[str]:
    """The words of a text in order, folded; ``kerja sama`` is one word, ``KS-11`` is ``ks0011``."""
    return _spelled(fold(text).replace(_BETWEEN, " "))


def _spelled(folded: str) -> list[str]:
    """The words of a folded text, those with two spellings in the one that is kept."""
    plain = folded.encode("ascii", "replace").translate(_BLANKED).decode()
    found = plain.split()
    if max(map(len, found), default=0) > _LONGEST:
        found = [word[:_LONGEST] for word in found]
    if "ks" not in plain and _MAYBE_MIXED.isdisjoint(found):
        return found
    return _MIXED.sub(_one_spelling, f" {' '.join(found)} ").split()


def _one_spelling(found: re.Match[str]) -> str:
    """A pair in one word; a record's number in its one form."""
    spelled = _SPELLINGS.get(found[0])
    if spelled is not None:
        return spelled
    number = _RECORD.fullmatch(together := found[0].replace(" ", ""))
    return record_word(int(number[1])) if number else together


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
    called, about = [*map(_read, _names(document))], [*map(_read, _topics(document, labels))]
    told = _found(f" {_BETWEEN} ".join([fold(_undashed(part)) for part in _body(document, labels)]))
    names = set().union(*[part.words for part in called], _numbers(document["id"]))
    topics = set().union(*[part.words for part in about], *[part.others for part in called + about])
    body = told.words | told.others
    return Texts(_string(names), _string(topics), _string(body), " ".join(names | topics | body))


class _Read(NamedTuple):
    """The words of a text, and what people type in place of its phrases."""

    words: frozenset[str]
    others: frozenset[str]


@lru_cache(maxsize=1 << 13)
def _read(text: str) -> _Read:
    """What is read of a name or a label: they come again in many records."""
    return _found(fold(_undashed(text)))


def _undashed(text: str) -> str:
    """A text without the one sign that keeps most texts from being ASCII; between words it means nothing."""
    return text.replace("–", "-")


def _found(folded: str) -> _Read:
    """What is read of folded texts."""
    spelled = _spelled(folded)
    found = frozenset(spelled)
    begun = found & _synonyms().keys()
    others = _other_words(begun, f" {' '.join(spelled)} ") if begun else ()
    return _Read(found - {_BETWEEN}, frozenset(others))


def _other_words(begun: Iterable[str], phrases: str) -> Iterator[str]:
    """What people type in place of phrases that stand in a text (``wisata`` for ``pariwisata``)."""
    for first in begun:
        for phrase, others in _synonyms()[first]:
            if phrase in phrases:
                yield from others


@cache
def _synonyms() -> Mapping[str, list[tuple[str, tuple[str, ...]]]]:
    """What people type in place of a phrase, by the first word of the phrase."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for phrase, others in _aliases("words").items():
        spelled = words(phrase)
        typed = tuple(word for other in others for word in words(other))
        found.setdefault(spelled[0], []).append((f" {' '.join(spelled)} ", typed))
    return found


def _string(found: Set[str]) -> str:
    return " ".join({*found, *map(stem, found)})


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


def _body(document: Document, labels: Labels) -> list[str]:
    """Everything else that is written: summary, events, words of the sources, their titles, notes."""
    found: list[str] = []
    _gather(document, _wordy(), labels, found)
    return found


@dataclass(frozen=True, slots=True)
class _Wordy:
    """A field that holds words, or parts that do."""

    name: str
    kind: str
    inner: tuple[_Wordy, ...]


@cache
def _wordy() -> tuple[_Wordy, ...]:
    return tuple(_fields_with_words(field for field in FIELDS if field.name not in _IN_NAMES))


def _fields_with_words(fields: Iterable[Field]) -> Iterator[_Wordy]:
    for field in fields:
        inner = tuple(_fields_with_words(field.fields))
        obstacle = field.name == "code" and field.vocabulary is terms.OBSTACLES
        if field.name not in _NOT_WORDS and (inner or field.kind in {"words", "text"} or obstacle):
            yield _Wordy(field.name, field.kind, inner)


def _gather(part: Mapping[str, Any], fields: tuple[_Wordy, ...], labels: Labels, found: list[str]) -> None:
    """Add the texts of these fields to those found."""
    for field in fields:
        if field.name not in part:
            continue
        held = part[field.name]
        for value in held if isinstance(held, list) else (held,):
            if field.kind == "part":
                _gather(value, field.inner, labels, found)
            elif field.kind == "words":
                found += (value or {}).values()
            elif field.kind == "text":
                found.append(value)
            else:
                found += labels(terms.OBSTACLES[value].label)


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
