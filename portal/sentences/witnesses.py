"""Who says a thing, in words, and which of its dates are not certain?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal import vocabulary as words
from portal.record import Document
from portal.sentences.parts import Part, Speaker, lowered
from portal.terms import N_

Source = Mapping[str, Any]

_HOST = re.compile(r"^(?:www\.|m\.)?((?:[a-z0-9-]+\.)+[a-z]{2,})$")
_ENCYCLOPEDIA = "Wikipedia"
_AT_HOST: Mapping[str, str] = {
    "research": N_("research at %(name)s"),
    "press": N_("the news site %(name)s"),
    "official_page": N_("the official site %(name)s"),
    "list": N_("the list at %(name)s"),
}
_SITE = N_("the site %(name)s")
_RESEARCH = N_("research by %(name)s")
_ONE_LIST = N_("%(count)s pages, one of them %(list)s,")
_LISTS = N_("%(count)s pages, among them %(list)s,")
UNCERTAIN = N_("%(date)s (uncertain)")


def uncertain_dates(document: Document) -> frozenset[str]:
    """The dates of a record that a source leaves uncertain: of its term, its steps and the ends of its texts."""
    dated = [document.get("term", {}).get(side, {}) for side in ("start", "end")]
    dated += document.get("milestones", [])
    dated += [text.get("ends_on", {}) for text in document.get("instruments", [])]
    return frozenset(part["date"] for part in dated if part.get("uncertain") and part.get("date"))


def carrier(document: Document, keys: Iterable[str], day: str | None) -> Source | None:
    """The source among these keys that carries a date: as its own as-of date or day, in its words, else the first."""
    wanted = set(keys)
    cited: list[Source] = [source for source in document["sources"] if source["key"] in wanted]
    for source in cited:
        if day and day in {source.get("as_of", {}).get("date"), source.get("date")}:
            return source
    quoted = {claim["source"] for claim in document.get("claims", []) if day and _reads(claim.get("value"), day)}
    return next((source for source in cited if source["key"] in quoted), cited[0] if cited else None)


def _reads(value: Any, day: str) -> bool:
    """True where words of a source are read as a date."""
    return day in value.values() if isinstance(value, Mapping) else value == day


def teller(document: Document, stated: Mapping[str, Any]) -> Source | None:
    """The source that a statement about the state rests on; any of the record where the statement names none."""
    keys = stated.get("sources") or [source["key"] for source in document["sources"]]
    return carrier(document, keys, stated["as_of"])


def called(source: Source, speaker: Speaker) -> str:
    """A source by its publisher, or by its kind where none is known: ``the official site berlin.de``."""
    publisher, kind = source.get("publisher", ""), source["kind"]
    host = _HOST.match(publisher)
    if host is not None:
        name = host[1]
        if name.endswith("wikipedia.org"):
            return _ENCYCLOPEDIA
        return speaker.say(_AT_HOST.get(kind, _SITE)) % {"name": name}
    if publisher:
        return speaker.say(_RESEARCH) % {"name": publisher} if kind == "research" else str(publisher)
    return lowered(speaker.say(words.SOURCE_KINDS[kind].label))


def witness(source: Source, speaker: Speaker, marks: tuple[int, ...] = ()) -> Part:
    """A source with the day it speaks of: ``research (November 2017)``."""
    day = source.get("as_of", {}).get("date") or source.get("date")
    name = called(source, speaker)
    return Part(f"{name} ({speaker.date(day)})" if day else name, sources=marks)


def several(sources: Sequence[Source], speaker: Speaker, marks: tuple[int, ...]) -> Part | None:
    """Pages that tell alike, where a list is one of them: how many, and that one; None where there is none."""
    lists = [source for source in sources if source["kind"] == "list"]
    if len(sources) < 2 or not lists or "paper" in sources[0]:
        return None
    message = _ONE_LIST if len(lists) == 1 else _LISTS
    return Part(speaker.say(message) % {"count": str(len(sources)), "list": called(lists[0], speaker)}, sources=marks)
