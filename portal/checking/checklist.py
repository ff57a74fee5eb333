"""Which checks does a proposed document go through? `CHECKS`, and what depends on the proposal besides."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from portal import amending, places
from portal.amending import Edit
from portal.checking import chronology, hyperlinks, wording
from portal.checking.findings import BLOCK, NOTE, OK, WARN, Check, Finder, Similar, Text, short, texts
from portal.checking.hyperlinks import Tried
from portal.record import Document, Field
from portal.terms import N_

_NOTE = Field("change_note", "text", N_("Note for the public"))
_LINK = Field("change_note", "url", N_("Link"))
_LINKS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def checks(
    before: Document | None,
    after: Document,
    edits: Collection[Edit] = (),
    others: Sequence[Similar] = (),
    *,
    today: date,
    kind: str = "cooperation",
    files: int = 0,
    endorsed: bool | None = None,
    tried: Mapping[str, Tried] | None = None,
) -> list[Check]:
    """The findings on a proposed document, gravest first, then one line for each check that found nothing.

    ``files`` counts the uploaded evidence; ``endorsed`` is None where support of the region is not asked for. ``edits``
    may be left out: what is new is seen from both documents. ``tried`` is what is known of the links.
    """
    found: list[Check] = []
    for group, (fine, finder) in CHECKS.items():
        old = set(_marks(finder(before, texts(before, kind), today))) if before else set()
        new = [one for one in finder(after, texts(after, kind), today) if _mark(one) not in old]
        found += [Check(one.level, one.message, one.values, one.subject, group) for one in _once(new)]
        if not new:
            found.append(Check(OK, fine, {}, "", group))
    found += _on_opening(before, after, kind, tried or {})
    found += _on_english(before, after, kind)
    found += _on_duplicates(others)
    found += _on_evidence(before, after, files)
    if endorsed is not None:
        found.append(_on_support(endorsed))
    return sorted(found, key=lambda one: (BLOCK, WARN, NOTE, OK).index(one.level))


def blocks(found: Iterable[Check]) -> list[Check]:
    """The findings that must be mended before publication."""
    return [one for one in found if one.level == BLOCK]


def on_note(note: str) -> list[Check]:
    """The findings on what is said to the public beside a document: its words, its letters and the links in it."""
    links = [Text(_LINK.name, _LINK, link.rstrip(".,;:!?)")) for link in _LINKS.findall(note)]
    finders = (hyperlinks.on_links, wording.on_hidden, wording.on_letters, wording.on_words)
    return _once(one for finder in finders for one in finder({}, [Text(_NOTE.name, _NOTE, note), *links], date.min))


def _mark(one: Check) -> tuple[Any, ...]:
    return one.message, tuple(sorted(one.values.items())), one.subject


def _marks(found: Iterable[Check]) -> Iterator[tuple[Any, ...]]:
    return (_mark(one) for one in found)


def _once(found: Iterable[Check]) -> list[Check]:
    return list({_mark(one): one for one in found}.values())


def _on_places(document: Document, _texts: Sequence[Text], _day: date) -> Iterator[Check]:
    named = [document.get("region", ""), *document.get("other_regions", [])]
    named += [party.get("region", "") for party in document.get("local_parties", [])]
    for code in named:
        if code and code not in places.regions():
            yield Check(BLOCK, N_("There is no region with the code %(value)s."), {"value": code}, "region")
    for party in document.get("foreign_parties", []):
        if party.get("country") not in places.countries():
            values = {"value": str(party.get("country", ""))}
            yield Check(BLOCK, N_("There is no country with the code %(value)s."), values, "foreign_parties")
        elif party["country"] == "ID":
            yield Check(BLOCK, N_("A foreign partner cannot be in Indonesia."), {}, "foreign_parties")


def _on_opening(before: Document | None, after: Document, kind: str, tried: Mapping[str, Tried]) -> Iterator[Check]:
    for one in hyperlinks.on_opening(texts(after, kind), texts(before, kind), tried):
        yield Check(one.level, one.message, one.values, one.subject, "opening")


def _on_english(before: Document | None, after: Document, kind: str) -> Iterator[Check]:
    """Whether an English text stayed as it was while its Indonesian one changed."""
    stale = [edit for edit in amending.edits(before, after, kind) if _left_behind(edit)] if before else []
    for edit in stale:
        message = N_("The English text beside “%(text)s” is still the old one.")
        yield Check(WARN, message, {"text": short(edit.new["id"])}, edit.top, "english")
    if not stale:
        yield Check(OK, N_("No English text was left behind by a change."), {}, "", "english")


def _left_behind(edit: Edit) -> bool:
    both = isinstance(edit.old, Mapping) and isinstance(edit.new, Mapping)
    if not both or set(edit.old) != {"id", "en"} or set(edit.new) != {"id", "en"}:
        return False
    return bool(edit.old["id"] != edit.new["id"] and edit.old["en"] == edit.new["en"])


def _on_duplicates(others: Sequence[Similar]) -> Iterator[Check]:
    for other in others:
        values = {"record": other.subject}
        yield Check(WARN, N_("May be on record already: %(record)s."), values, other.subject, "duplicates")
    if not others:
        yield Check(OK, N_("No similar record is known."), {}, "", "duplicates")


def _on_evidence(before: Document | None, after: Document, files: int) -> Iterator[Check]:
    """Whether anything new stands behind the proposal that can be looked at."""
    old = {source["key"] for source in (before or {}).get("sources", [])}
    new = [source for source in after.get("sources", []) if source["key"] not in old]
    if files or any(source.get("link") for source in new):
        yield Check(OK, N_("Evidence that can be looked at is attached."), {}, "sources", "evidence")
    elif new:
        message = N_("The evidence is named in words only: neither a file nor a link.")
        yield Check(WARN, message, {}, "sources", "evidence")
    else:
        yield Check(WARN, N_("No new evidence stands behind this."), {}, "sources", "evidence")


def _on_support(endorsed: bool) -> Check:
    if endorsed:
        return Check(OK, N_("The region’s cooperation section supports this."), {}, "", "support")
    return Check(WARN, N_("The region’s cooperation section has not supported this."), {}, "", "support")


# Each check: what is said when it finds nothing, and the finder. The order is that of the screen.
CHECKS: Mapping[str, tuple[str, Finder]] = {
    "dates": (N_("The dates are in order."), chronology.on_dates),
    "links": (N_("The links look usual."), hyperlinks.on_links),
    "hidden": (N_("No hidden characters."), wording.on_hidden),
    "letters": (N_("No letters that look like others."), wording.on_letters),
    "words": (N_("No words of gambling, loan or link sellers."), wording.on_words),
    "capitals": (N_("Nothing is written all in capitals."), wording.on_capitals),
    "people": (N_("No personal data seen."), wording.on_people),
    "places": (N_("Region and countries are known."), _on_places),
}
