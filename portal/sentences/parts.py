"""What is a sentence made of? A message with marks, and what is put in their place.

``%(slot)s`` is filled in, ``{...}`` is left out when one of its slots is not known, ``**...**`` is emphasised. Names
are put in after the marks are read, so a name can never be a mark. A sentence begins with a capital, whatever stands
there, unless it is a name that is written otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

_TOKEN = re.compile(r"(\*\*|[{}]|%\(\w+\)s)")


class Speaker(Protocol):
    """One language: its messages, dates, names and ways of listing."""

    @property
    def language(self) -> str:
        """Its code."""

    def say(self, message: str) -> str:
        """A message of the catalogues, its slots still open."""

    def date(self, partial: str) -> str:
        """A partial date in words."""

    def months(self, count: int) -> str:
        """A length of time in words."""

    def level(self, region: str) -> str:
        """The level of a region (vocabulary.REGION_LEVELS)."""

    def listed(self, words: list[str]) -> str:
        """Words joined as a sentence does."""

    def named(self, name: str) -> str:
        """A name of this language as it stands inside a sentence, with the article it takes there."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: ``sources`` are the numbers of its footnotes, ``lang`` tells another language."""

    text: str
    strong: bool = False
    sources: tuple[int, ...] = ()
    lang: str = ""
    url: str = ""


Slots = Mapping[str, Part | str | None]


def plain(parts: Iterable[Part]) -> str:
    """The words of a sentence without marks, links or footnotes."""
    return "".join(part.text for part in parts)


def compose(texts: Iterable[str], slots: Slots) -> list[Part]:
    """Translated sentences filled in and joined with blanks; see the marks at the top of this module."""
    parts: list[Part] = []
    for text in texts:
        if parts:
            parts.append(Part(" "))
        parts.extend(_begun(_filled(text, slots)))
    return _joined(parts)


def in_words(value: Mapping[str, str], speaker: Speaker) -> Part:
    """Words of a document in the reader's language, or in Indonesian and marked so."""
    text = value.get(speaker.language)
    return Part(text) if text else Part(value["id"], lang="" if speaker.language == "id" else "id")


def lowered(label: str) -> str:
    """A label as it stands inside a sentence; abbreviations keep their capitals."""
    return label[:1].lower() + label[1:] if label.split(" ")[0][1:].islower() else label


def raised(text: str) -> str:
    """A text as it stands at the beginning of a sentence; a name that is written otherwise stays so."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def _begun(parts: list[Part]) -> list[Part]:
    parts = [part for part in parts if part.text]
    if not parts:
        return parts
    first = parts[0]
    return [replace(first, text=raised(first.text)), *parts[1:]]


def _filled(text: str, slots: Slots) -> list[Part]:
    parts: list[Part] = []
    strong = False
    group: list[Part] | None = None  # the parts of an open {...}
    whole = True
    for token in _TOKEN.split(text):
        target = parts if group is None else group
        if token == "**":  # noqa: S105
            strong = not strong
        elif token == "{":  # noqa: S105
            group, whole = [], True
        elif token == "}":  # noqa: S105
            parts.extend(group or [] if whole else [])
            group = None
        elif token.startswith("%("):
            value = slots.get(token[2:-2])
            whole = whole and bool(value)
            part = Part(value) if isinstance(value, str) else value or Part("")
            target.append(replace(part, strong=strong))
        elif token:
            target.append(Part(token, strong))
    return parts


def _joined(parts: list[Part]) -> list[Part]:
    """Neighbours that look alike become one part."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last and not last.sources and (last.strong, last.lang, last.url) == (part.strong, part.lang, part.url):
            joined[-1] = replace(part, text=last.text + part.text)
        elif part.text:
            joined.append(part)
    return joined
