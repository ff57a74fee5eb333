"""What goes into the sentence of a record? Names, dates with their footnotes, sectors, sources, news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from portal import dates
from portal import vocabulary as words
from portal.record import Document
from portal.sentences import messages, witnesses
from portal.sentences.parts import Part, Speaker, in_words
from portal.status import Answers
from portal.terms import N_

MOST_FIELDS = 3
MOST_NAMES = 3
_FOLLOW_UPS = frozenset({"follow_up", "renewal", "report"})
_RECKONED = frozenset({"computed", "inferred"})


class Step(NamedTuple):
    """The deciding step: its own date or that of its text, else the day of which it is told; its sources."""

    date: str | None
    as_of: str | None
    sources: Sequence[str]
    evidence: str


class Dates:
    """The dates of a record in words: uncertain ones say so, and each carries the numbers of its sources."""

    def __init__(self, document: Document, speaker: Speaker) -> None:
        self._numbers = {source["key"]: place for place, source in enumerate(document["sources"], start=1)}
        self._uncertain = witnesses.uncertain_dates(document)
        self._speaker = speaker

    def marks(self, sources: Iterable[str]) -> tuple[int, ...]:
        """The footnotes of source keys."""
        return tuple(sorted({self._numbers[key] for key in sources if key in self._numbers}))

    def day(self, date: str | None, sources: Iterable[str] = (), message: str = "", url: str = "") -> Part | None:
        """A date, inside a message with the slot ``date`` where one is given."""
        if not date:
            return None
        text = self._speaker.date(date)
        if date in self._uncertain:
            text = self._speaker.say(witnesses.UNCERTAIN) % {"date": text}
        text = self._speaker.say(message) % {"date": text} if message else text
        return Part(text, sources=self.marks(sources), url=url)

    def when(self, date: str | None, sources: Iterable[str] = ()) -> Part | None:
        """A date with the word that goes before it."""
        return self.day(date, sources, N_("on %(date)s") if date and len(date) == 10 else N_("in %(date)s"))


def slots(document: Document, answers: Answers, speaker: Speaker, url: str = "") -> dict[str, Part | str | None]:
    """Every slot of `messages` for a record as it is assessed; ``url`` is where its newer reports stand."""
    said = Dates(document, speaker)
    at = step(document, answers)
    return {
        "party": _names(document["local_parties"], speaker),
        "partner": _names(document["foreign_parties"], speaker),
        "form": form(document, speaker),
        "fields": _fields(document, speaker),
        "when": said.when(at.date, at.sources) or said.day(at.as_of, at.sources, N_("(as of %(date)s)")),
        "step": said.day(at.date, at.sources),
        **_of_term(document, answers, speaker, said),
        **_of_sources(document, answers, at, speaker, said),
        **_of_news(document, answers, at, speaker, said),
        "newer": said.day(*newer(document, answers), url=url),
    }


def form(document: Document, speaker: Speaker) -> str:
    """What the cooperation is about, as it stands inside a sentence."""
    kind = document["type"]
    level = speaker.level(document["region"])
    return speaker.say(messages.FORMS.get((kind, level)) or messages.FORMS.get(kind, messages.FORMS["other"]))


def step(document: Document, answers: Answers) -> Step:
    """The deciding step as the record tells of it; where the step has no date, its text may have one."""
    found: Mapping[str, Any] = next((one for one in document.get("milestones", []) if one["code"] == answers.stage), {})
    date, sources = found.get("date"), found.get("sources", ())
    if not date:
        for text in document.get("instruments", []):
            if text.get("signed_on") and (text["kind"] == "loi") == (answers.stage == "intent"):
                date, sources = text["signed_on"], text.get("sources", ())
                break
    return Step(date, None if date else found.get("as_of"), sources, found.get("evidence", ""))


def newer(document: Document, answers: Answers) -> tuple[str | None, Sequence[str]]:
    """The newest observation by others that is younger than what was stated, and its sources."""
    if not answers.declared_on or not answers.as_of:
        return None, ()
    stated, until = dates.latest(answers.declared_on), dates.latest(answers.as_of)
    later = [
        event
        for event in document.get("events", [])
        if event["class"] == "observation" and event.get("date") and stated < dates.earliest(event["date"]) <= until
    ]
    newest: Mapping[str, Any] = max(later, key=lambda event: dates.earliest(event["date"]), default={})
    return newest.get("date"), newest.get("sources", ())


def declaration(document: Document, answers: Answers) -> Mapping[str, Any]:
    """The statement that the answers show as declared; empty where there is none."""
    for said in document.get("declarations", []):
        if said["as_of"] == answers.declared_on and said["value"] == answers.declared:
            return said  # type: ignore[no-any-return]
    return {}


def _of_term(document: Document, answers: Answers, speaker: Speaker, said: Dates) -> dict[str, Part | str | None]:
    term = document.get("term", {})
    start, end = term.get("start", {}), term.get("end", {})
    since = answers.starts or (start.get("date") if answers.stage is None else None)
    # A date that was reckoned stands in no source.
    reckoned = answers.ends_basis in _RECKONED
    sources = () if reckoned else end.get("sources", ()) or _end_sources(document)
    known_reason = answers.end_reason not in {None, "unknown", "expired"}
    return {
        "start": said.day(since, start.get("sources", ())),
        "end": said.day(answers.ends, () if reckoned else end.get("sources", ())),
        "ended": said.when(answers.ends, sources),
        "basis": speaker.say(words.DATE_BASES[answers.ends_basis].label) if answers.ends_basis and reckoned else None,
        "length": speaker.months(term["months"]) if term.get("months") else None,
        "reason": speaker.say(words.END_REASONS[answers.end_reason or "unknown"].label) if known_reason else None,
    }


def _of_sources(
    document: Document, answers: Answers, at: Step, speaker: Speaker, said: Dates
) -> dict[str, Part | str | None]:
    stated = declaration(document, answers)
    keys = at.sources or document.get("term", {}).get("start", {}).get("sources", ())
    tellers = [source for source in document["sources"] if source["key"] in keys] or document["sources"]
    first = witnesses.carrier(document, keys, at.date) or tellers[0]
    plans = (event for event in document.get("events", []) if event["class"] == "planned" and event.get("date"))
    planned: Mapping[str, Any] = next(plans, {})
    as_of = at.as_of or answers.declared_on or answers.as_of
    return {
        "teller": witnesses.witness(first, speaker, said.marks([first["key"]])),
        "tellers": witnesses.several(tellers, speaker, said.marks(source["key"] for source in tellers)),
        "stater": _stater(document, stated, speaker, said),
        "planned": said.day(planned.get("date"), planned.get("sources", ())),
        "as_of": said.day(as_of, (at.sources if at.as_of else stated.get("sources")) or at.sources),
    }


def _stater(document: Document, stated: Mapping[str, Any], speaker: Speaker, said: Dates) -> Part | None:
    """Who made a statement, with its day."""
    if not stated:
        return None
    marks, by = said.marks(stated.get("sources", ())), stated["by"]
    source = witnesses.teller(document, stated) if by == "source" else None
    name = witnesses.called(source, speaker) if source else speaker.say(words.SPEAKERS[by].label)
    return Part(f"{name} ({speaker.date(stated['as_of'])})", sources=marks)


def _of_news(
    document: Document, answers: Answers, at: Step, speaker: Speaker, said: Dates
) -> dict[str, Part | str | None]:
    """What came after the deciding step: its date, and its title in words."""
    day = answers.last_news
    if not day or (at.date and dates.earliest(day) <= dates.earliest(at.date)):
        return {"news": None, "event": None}
    for event in document.get("events", []):
        if event["class"] == "follow_up" and event.get("date") == day:
            return {"news": said.day(day, event.get("sources", ())), "event": in_words(event["title"], speaker)}
    for text in document.get("instruments", []):
        if text.get("signed_on") == day:
            label = speaker.say(words.INSTRUMENT_KINDS[text["kind"]].label)
            return {"news": said.day(day, text.get("sources", ())), "event": label}
    return {"news": said.day(day) if answers.last_news_kind in _FOLLOW_UPS else None, "event": None}


def _end_sources(document: Document) -> Sequence[str]:
    for said in document.get("declarations", []):
        if said["value"] in {"ended", "halted", "completed"}:
            return said.get("sources", ())  # type: ignore[no-any-return]
    return ()


def _names(parties: Sequence[Mapping[str, Any]], speaker: Speaker) -> Part:
    parts = [in_words(party["name"], speaker) for party in parties[:MOST_NAMES]]
    lang = "id" if all(part.lang for part in parts) else ""
    return Part(speaker.listed([part.text if part.lang else speaker.named(part.text) for part in parts]), lang=lang)


def _fields(document: Document, speaker: Speaker) -> str | None:
    codes = [code for code in document.get("sectors", []) if code != "other"]
    if not codes:
        return None
    labels = [speaker.say(words.SECTORS[code].label) for code in codes[:MOST_FIELDS]]
    if len(codes) > MOST_FIELDS or "other" in document["sectors"]:
        labels.append(speaker.say(words.SECTORS["other"].label))
    return speaker.listed(labels)
