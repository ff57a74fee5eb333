"""What is a finding on a document, and which texts are looked at?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal import safety
from portal.record import DOCUMENTS, Document, Field

OK, NOTE, WARN, BLOCK = "ok", "note", "warn", "block"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that may be the same cooperation: its number, title and partners (by language), and why."""

    subject: str
    title: Mapping[str, str]
    slug: str
    partners: tuple[Mapping[str, str], ...]
    why: str


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: level (`desk.LEVELS`), English message of the catalogues with its values, and what it is about.

    ``subject`` is the outermost field, or the number of another record; ``group`` is the check that found it.
    """

    level: str
    message: str
    values: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a document: its outermost field, the field itself, and the words."""

    top: str
    field: Field
    value: str


Finder = Callable[[Document, Sequence[Text], date], Iterator[Check]]


def texts(document: Document | None, kind: str = "cooperation") -> list[Text]:
    """Every text of a document a person wrote, links included."""
    found: list[Text] = []
    for one in DOCUMENTS[kind]:
        found += _texts(one, (document or {}).get(one.name), one.name)
    return found


def _texts(one: Field, value: Any, top: str) -> Iterator[Text]:
    if value is None:
        return
    for item in value if one.many and isinstance(value, list) else [value]:
        if one.kind == "part" and isinstance(item, Mapping):
            for inner in one.fields:
                yield from _texts(inner, item.get(inner.name), top)
        elif one.kind == "words" and isinstance(item, Mapping):
            yield from (Text(top, one, words) for words in item.values() if isinstance(words, str))
        elif one.kind in {"text", "url"} and isinstance(item, str):
            yield Text(top, one, item)


def short(text: str) -> str:
    """A text as a finding quotes it: on one line, hidden characters written out."""
    plain = "".join(f"[U+{ord(letter):04X}]" if safety.hides(letter, 1) else letter for letter in text)
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
