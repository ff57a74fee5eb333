"""How is a region told in a few sentences? What it has on record, what is said of it, what its territory has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from portal import sentences, vocabulary
from portal.places import Region
from portal.record import Document
from portal.regional import RegionState, Tally
from portal.sentences import Part
from portal.terms import N_
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import formatting, region_facts
from portal.web.language import current_language
from portal.web.voice import voice

LONGEST_QUOTE = 200

# What a source is called as the subject of a sentence; others by the label of their kind (vocabulary.SOURCE_KINDS).
_SPEAKERS: Mapping[str, str] = {"research": N_("A study"), "press": N_("A news report")}


def named(region: Region) -> str:
    """The region in a sentence: ``Kabupaten Klaten``, ``Provinsi Jawa Tengah``."""
    name = region.called(current_language())
    if region.level != "province" or name.startswith("Daerah "):
        return name
    return _("the province of %(name)s", name=name)


def sentence(
    region: Region, state: RegionState, note: Document, countries: int, territory: RegionState | None = None
) -> list[Part]:
    """The region in a few sentences (ux §3.7); for a province also what its territory has."""
    slots: dict[str, Part | str | None] = {"region": named(region), "countries": _countries(countries)}
    records = _record_messages(state, slots) if state.total else []
    stated = _stated_messages(note, slots)
    messages = [*records, *stated[:1]] if state.counted else [*stated, *records]
    if not messages:
        messages = [
            _("**No data yet** for %(region)s. We have not asked. That does not mean that it has no cooperation.")
        ]
    if territory and territory.total > state.total:
        messages += _inside_messages(state, territory, slots)
    composed = sentences.compose(messages, slots)
    first = composed[0]
    return [replace(first, text=first.text[:1].upper() + first.text[1:]), *composed[1:]]


def _countries(number: int) -> str:
    return str(ngettext("%(num)s country", "%(num)s countries", number))


def _record_messages(state: RegionState, slots: dict[str, Part | str | None]) -> list[str]:
    """What the records come to, in words."""
    slots["number"] = ngettext("%(num)s cooperation", "%(num)s cooperations", state.counted)
    slots["silent"], slots["over"] = str(state.without_news), str(state.ended) if state.ended else None
    slots["mentioned"] = mentioned(state)
    slots["planned"] = ngettext("%(num)s plan", "%(num)s plans", state.planned)
    messages = []
    if state.counted:
        messages.append(_("%(region)s has **%(number)s** abroad on record, with %(countries)s."))
    if state.without_news:
        messages.append(_("**%(silent)s without news** for more than two years{; %(over)s already ended}."))
    elif state.ended:
        messages.append(_("%(over)s already ended."))
    if state.unverified and state.counted:
        messages.append(_("Sources mention %(mentioned)s that nobody has verified yet."))
    elif state.unverified:
        messages.append(_("Sources mention **%(mentioned)s** of %(region)s that **nobody has verified yet**."))
    if state.planned:
        messages.append(_("Also on record: %(planned)s, not counted as cooperation."))
    return messages


def mentioned(tally: Tally) -> str:
    """How many sources mention that are not verified: beside existing ones they are more."""
    if tally.counted:
        return str(ngettext("%(num)s more cooperation", "%(num)s more cooperations", tally.unverified))
    return str(ngettext("%(num)s cooperation", "%(num)s cooperations", tally.unverified))


def _inside_messages(state: RegionState, territory: RegionState, slots: dict[str, Part | str | None]) -> list[str]:
    """What the kabupaten and kota of a province have on record; what is not verified or planned is never added."""
    number, open_ones = territory.counted - state.counted, territory.unverified - state.unverified
    plans = territory.planned - state.planned
    slots["inside"] = ngettext("%(num)s cooperation", "%(num)s cooperations", number)
    slots["open"] = str(open_ones) if open_ones else None
    slots["plans"] = str(ngettext("%(num)s plan", "%(num)s plans", plans)) if plans else None
    messages = []
    if number:
        messages.append(_("Its regencies and cities have **%(inside)s** on record."))
    if number and open_ones:
        messages.append(_("Sources mention %(open)s more that are not verified{; %(plans)s}."))
    elif open_ones:
        messages.append(_("For its regencies and cities sources mention %(open)s that are not verified{; %(plans)s}."))
    elif plans:
        messages.append(_("Its regencies and cities have %(plans)s on record, not counted as cooperation."))
    return messages


def _stated_messages(note: Document, slots: dict[str, Part | str | None]) -> list[str]:
    """What the newest statement that there is none says, with who says it and when, and what was said later."""
    found = region_facts.newest_none(note)
    if found is None:
        return []
    statement, number = found
    slots["as_of"] = Part(formatting.written(statement["as_of"]), sources=(number,))
    slots["source"] = _speaker(note, number)
    if statement["kind"] == "declared_none":
        first = _("As of %(as_of)s, %(region)s **states that it has no foreign cooperation yet**.")
    else:
        first = _("%(source)s (%(as_of)s) **found no foreign cooperation** of %(region)s.")
    return [first, *_later_messages(note, slots)]


def _speaker(note: Document, number: int) -> str:
    """What a source of a region is called in a sentence; ``number`` counts from 1."""
    kind = note["sources"][number - 1]["kind"]
    return voice().say(_SPEAKERS.get(kind) or vocabulary.SOURCE_KINDS[kind].label)


def _later_messages(note: Document, slots: dict[str, Part | str | None]) -> list[str]:
    """What a source said after the statement that there is none; a short quotation in its own words."""
    found = region_facts.later(note)
    if found is None:
        return []
    said, number = found
    slots["later_day"] = formatting.written(said["as_of"])
    slots["later_source"] = _speaker(note, number)
    quote = said.get("quote", "")
    if quote and len(quote) <= LONGEST_QUOTE:
        lang = "" if current_language() == "id" else "id"
        slots["later"] = Part(f"“{quote}”", lang=lang, sources=(number,))
        return [_("%(later_source)s of %(later_day)s says %(later)s.")]
    slots["later"] = Part(voice().words(said["text"]), sources=(number,))
    return [_("%(later_source)s of %(later_day)s: %(later)s")]
