"""Which sentence fits a record? One that says who, with whom, what and since when, and never more than is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from portal import dates
from portal.differences import Change
from portal.record import Document
from portal.sentences import messages, witnesses
from portal.sentences.parts import Part, Slots, Speaker, compose, lowered
from portal.sentences.slots import declaration, slots, step
from portal.status import Answers

_AGREEMENTS = (messages.LOI, messages.AGREED, messages.OFFICIAL, messages.TOLD, messages.RUNNING)
_SIGNINGS = (messages.LOI, messages.AGREED)
MOST_STRONG = 2
_WITH_NEWS = frozenset({"intent_signed", "signed", "in_force", "in_force_renewed", "no_follow_up", "unknown"})


def summary(document: Document, answers: Answers, speaker: Speaker, newer_url: str = "") -> list[Part]:
    """The summary sentence of a record as it is assessed (ux §3.7): at most two emphasised phrases, three fields.

    ``newer_url`` is where reports stand that are newer than what is stated.
    """
    known = slots(document, answers, speaker, newer_url)
    opening = _opening(document, answers, known)
    if opening in _SIGNINGS and len(document.get("instruments", [])) > 1:
        known["fields"] = None  # of which of the texts they are is not known
    texts = [opening, *_after(opening, document, answers, known)]
    if answers.validity == "in_force" and answers.ends and answers.status in _WITH_NEWS:
        texts.append(messages.UNTIL)
    if "unverified" in answers.overlays:
        texts.append(messages.UNVERIFIED)
    parts = _calm(compose((speaker.say(text) for text in texts), known))
    return _disputed(parts, speaker) if "disputed" in answers.overlays else parts


def changed(changes: Sequence[Change], speaker: Speaker) -> str:
    """Which fields a revision changed, in their order and in words: ``Sources, sectors``."""
    labels = list(dict.fromkeys(speaker.say(change.fields[0].label) for change in changes))
    return ", ".join([label if place == 0 else lowered(label) for place, label in enumerate(labels)])


def _opening(document: Document, answers: Answers, known: Slots) -> str:
    state = answers.status
    if state in {"in_force", "in_force_renewed"}:
        return messages.SAID if answers.validity == "in_force_claimed" else messages.RUNNING
    if state == "expired":
        return _expired(known)
    if state == "signed":
        return _signing(document, answers)
    if state == "no_follow_up":
        if answers.stage_state == "disputed" or answers.stage is None:
            return messages.TOLD
        return _signing(document, answers) if answers.stage == "signed" else messages.LOI
    if state == "unknown":
        dated = known["start"] or known["news"]
        if known["tellers"]:
            return messages.DATED_MENTIONS if dated else messages.MENTIONS
        return messages.DATED_MENTION if dated else messages.MENTION
    return messages.OPENINGS[state]


def _expired(known: Slots) -> str:
    if not known["ended"]:
        return messages.TERM_OVER
    if not known["start"]:
        return messages.TERM_END
    return messages.TERM_PASSED if known["basis"] else messages.TERM


def _signing(document: Document, answers: Answers) -> str:
    """Signed, or only said to be official: where the signing is inferred, or its date is not certain."""
    at = step(document, answers)
    weak = at.evidence == "inferred" or at.date in witnesses.uncertain_dates(document)
    return messages.OFFICIAL if weak else messages.AGREED


def _after(opening: str, document: Document, answers: Answers, known: Slots) -> Iterator[str]:
    """What came after: news, what somebody says of it, what is newer than that; or that nothing is recorded."""
    if answers.status not in _WITH_NEWS:
        return
    stated = declaration(document, answers) if answers.status == "no_follow_up" else {}
    if stated.get("value") != "none_reported":
        if known["news"]:
            yield messages.NEWS
        elif opening in _AGREEMENTS:
            yield messages.SILENCE if known["when"] or known["start"] else messages.NOTHING
        return
    itself = answers.last_news_kind == "report" and answers.last_news == stated["as_of"]
    later = known["news"] and dates.earliest(str(answers.last_news)) > dates.latest(stated["as_of"])
    if known["news"] and not later and not itself:
        yield messages.NEWS
    same = opening == messages.TOLD and _text(known["teller"]) == _text(known["stater"])
    yield messages.STATED_TOO if same else messages.STATED
    if later:
        yield messages.NEWS
    elif known["newer"]:
        yield messages.NEWER


def _text(value: Part | str | None) -> str:
    return value.text if isinstance(value, Part) else value or ""


def _disputed(parts: list[Part], speaker: Speaker) -> list[Part]:
    """The same sentence, which ends by saying that its sources conflict."""
    *before, last = parts
    return [*before, replace(last, text=f"{last.text.removesuffix('.')} {speaker.say(messages.DISPUTED)}.")]


def _calm(parts: list[Part]) -> list[Part]:
    """No more than so many emphasised phrases."""
    strong = [place for place, part in enumerate(parts) if part.strong]
    return [replace(part, strong=place in strong[:MOST_STRONG]) for place, part in enumerate(parts)]
