"""How is a cooperation told in one or two sentences? The same words open the page, its feed, its export and its link.

A sentence is a message with marks for its parts: ``%(slot)s`` is filled in, ``{...}`` is left out when one of its slots
is not known, ``**...**`` is emphasised. Names are put in after the marks are read, so a name can never be a mark.
The words themselves come from a `Speaker`, which knows the language; this module knows only which sentence fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from portal import dates
from portal import vocabulary as words
from portal.differences import Change
from portal.record import Document
from portal.status import Answers
from portal.terms import N_

_TOKEN = re.compile(r"(\*\*|[{}]|%\(\w+\)s)")
_FOLLOW_UPS = frozenset({"follow_up", "renewal", "report"})
MOST_FIELDS = 3
MOST_NAMES = 3


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


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: ``sources`` are the numbers of its footnotes, ``lang`` tells another language."""

    text: str
    strong: bool = False
    sources: tuple[int, ...] = ()
    lang: str = ""
    url: str = ""


Slots = Mapping[str, Part | str | None]

# What the cooperation is about, inside a sentence; (type, level of the region) goes before the type alone.
_FORMS: Mapping[tuple[str, str] | str, str] = {
    ("sister_city", "kabupaten"): N_("a sister-regency relation"),
    "sister_city": N_("a sister-city relation"),
    "sister_province": N_("a sister-province relation"),
    "sister_school": N_("a sister-school relation"),
    "technical_cooperation": N_("technical cooperation"),
    "capacity_building": N_("training and capacity building"),
    "goods_support": N_("support in goods"),
    "grant": N_("a grant"),
    "apprenticeship": N_("apprenticeships abroad"),
    "programme_assistance": N_("a donor programme"),
    "humanitarian": N_("humanitarian aid"),
    "pass_through_loan_grant": N_("a pass-through loan or grant"),
    "equity": N_("equity participation"),
    "trade_investment_promotion": N_("trade and investment promotion"),
    "cultural_exchange": N_("cultural exchange"),
    "science_technology": N_("work in science and technology"),
    "other": N_("cooperation"),
}

_LOI = N_(
    "%(party)s and %(partner)s signed a **statement of intent (LoI)** for %(form)s{ %(when)s}{, covering %(fields)s}."
)
_AGREED = N_("%(party)s and %(partner)s signed **an agreement** on %(form)s{ %(when)s}{, covering %(fields)s}.")
_TOLD = N_("%(source)s tells of an agreement of %(party)s with %(partner)s on %(form)s{ %(when)s}.")
_SILENCE = N_("Since then, **no follow-up has been recorded**.")
_NEWS = N_("**Latest news %(news)s**{: %(event)s}.")
_UNVERIFIED = N_("This is not verified yet.")
_RUNNING = N_("%(party)s has worked with %(partner)s{ on %(fields)s}{ since %(start)s}.")
_UNTIL = N_("The written term runs until %(end)s.")
_SAID = N_(
    "{As of %(as_of)s, }%(party)s **was said to be working** with %(partner)s{ on %(fields)s}{ since %(start)s};"
    " the text is not on file."
)
_TERM = N_(
    "The cooperation{ on %(fields)s} of %(party)s with %(partner)s was planned{ for %(length)s} from %(start)s and"
    " **ended %(ended)s**; no final report is recorded."
)
_TERM_END = N_(
    "The written term of the cooperation{ on %(fields)s} of %(party)s with %(partner)s **ended %(ended)s**;"
    " no final report is recorded."
)
_TERM_OVER = N_("The written term of the cooperation{ on %(fields)s} of %(party)s with %(partner)s **has ended**.")
_MENTION = N_("%(source)s mentions %(form)s of %(party)s with %(partner)s, **without date or document**.")
_DATED_MENTION = N_(
    "%(source)s mentions %(form)s of %(party)s with %(partner)s{ since %(start)s}, **without a document**."
)

_OPENINGS: Mapping[str, str] = {
    "planned": N_(
        "{For %(planned)s, }%(party)s **planned to explore** %(form)s with %(partner)s. What followed is not recorded."
    ),
    "exploring": N_(
        "%(party)s and %(partner)s were **exploring** %(form)s{, covering %(fields)s}{, as of %(as_of)s}."
        " No text is recorded."
    ),
    "intent_signed": _LOI,
    "drafting": N_(
        "A text on %(form)s between %(party)s and %(partner)s **was being drafted**{, as of %(as_of)s}."
        " Its signing is not recorded."
    ),
    "awaiting_approval": N_(
        "A text on %(form)s between %(party)s and %(partner)s **was awaiting approval**{, as of %(as_of)s}."
        " Its signing is not recorded."
    ),
    "signed": _AGREED,
    "completed": N_("The cooperation{ on %(fields)s} of %(party)s with %(partner)s **was completed**{ %(ended)s}."),
    "ended": N_("The cooperation{ on %(fields)s} of %(party)s with %(partner)s **ended**{ %(ended)s}{: %(reason)s}."),
    "terminated": N_(
        "The cooperation{ on %(fields)s} of %(party)s with %(partner)s **was stopped**{ %(ended)s}{: %(reason)s}."
    ),
    "discontinued": N_(
        "The plan of %(party)s for %(form)s with %(partner)s **was not continued** before signing{ %(ended)s}."
    ),
}
_AGREEMENTS = (_LOI, _AGREED, _TOLD, _RUNNING)
_WITH_NEWS = frozenset({"intent_signed", "signed", "in_force", "in_force_renewed", "no_follow_up", "unknown"})


def summary(document: Document, answers: Answers, speaker: Speaker) -> list[Part]:
    """The summary sentence of a record as it is assessed (ux §3.7): at most two emphasised phrases, three fields."""
    slots = _slots(document, answers, speaker)
    messages = [_opening(answers, slots)]
    if answers.validity == "in_force" and answers.ends and answers.status in _WITH_NEWS:
        messages.append(_UNTIL)
    if answers.status in _WITH_NEWS:
        if slots["news"]:
            messages.append(_NEWS)
        elif messages[0] in _AGREEMENTS and _since_something(slots):
            messages.append(_SILENCE)
    if "unverified" in answers.overlays:
        messages.append(_UNVERIFIED)
    return compose((speaker.say(message) for message in messages), slots)


def plain(parts: Iterable[Part]) -> str:
    """The words of a sentence without marks, links or footnotes."""
    return "".join(part.text for part in parts)


def compose(texts: Iterable[str], slots: Slots) -> list[Part]:
    """Translated sentences filled in and joined with blanks; see the marks at the top of this module."""
    parts: list[Part] = []
    for text in texts:
        if parts:
            parts.append(Part(" "))
        parts.extend(_filled(text, slots))
    return _joined(parts)


def form(document: Document, speaker: Speaker) -> str:
    """What the cooperation is about, as it stands inside a sentence."""
    kind = document["type"]
    message = _FORMS.get((kind, speaker.level(document["region"]))) or _FORMS.get(kind, _FORMS["other"])
    return speaker.say(message)


def changed(changes: Sequence[Change], speaker: Speaker) -> str:
    """Which fields a revision changed, in their order and in words: ``Sources, sectors``."""
    labels = list(dict.fromkeys(speaker.say(change.fields[0].label) for change in changes))
    return ", ".join([label if place == 0 else _lowered(label) for place, label in enumerate(labels)])


def in_words(value: Mapping[str, str], speaker: Speaker) -> Part:
    """Words of a document in the reader's language, or in Indonesian and marked so."""
    text = value.get(speaker.language)
    return Part(text) if text else Part(value["id"], lang="" if speaker.language == "id" else "id")


def _opening(answers: Answers, slots: Slots) -> str:
    state = answers.status
    if state in {"in_force", "in_force_renewed"}:
        return _SAID if answers.validity == "in_force_claimed" else _RUNNING
    if state == "expired":
        return _TERM_OVER if not slots["ended"] else _TERM if slots["start"] else _TERM_END
    if state == "no_follow_up":
        if answers.stage_state == "disputed" or answers.stage is None:
            return _TOLD
        return _AGREED if answers.stage == "signed" else _LOI
    if state == "unknown":
        return _DATED_MENTION if slots["start"] or slots["news"] else _MENTION
    return _OPENINGS[state]


def _since_something(slots: Slots) -> bool:
    return bool(slots["when"] or slots["start"])


def _slots(document: Document, answers: Answers, speaker: Speaker) -> dict[str, Part | str | None]:
    numbers = {source["key"]: place for place, source in enumerate(document["sources"], start=1)}
    term = document.get("term", {})
    step_date, step_sources = _step(document, answers)
    news, event, news_sources = _news(document, answers, step_date)
    planned = next((e for e in document.get("events", []) if e["class"] == "planned" and e.get("date")), None)

    def dated(date: str | None, sources: Iterable[str] = (), message: str = "") -> Part | None:
        if not date:
            return None
        text = speaker.date(date)
        marks = tuple(sorted({numbers[key] for key in sources if key in numbers}))
        return Part(speaker.say(message) % {"date": text} if message else text, sources=marks)

    def when(date: str | None, sources: Iterable[str] = ()) -> Part | None:
        return dated(date, sources, N_("on %(date)s") if date and len(date) == 10 else N_("in %(date)s"))

    start = term.get("start", {})
    since = answers.starts or (start.get("date") if answers.stage is None else None)
    end = term.get("end", {})
    known_reason = answers.end_reason not in {None, "unknown", "expired"}
    return {
        "party": _names(document["local_parties"], speaker),
        "partner": _names(document["foreign_parties"], speaker),
        "form": form(document, speaker),
        "fields": _fields(document, speaker),
        "when": when(step_date, step_sources),
        "start": dated(since, start.get("sources", ())),
        "end": dated(answers.ends, end.get("sources", ())),
        "ended": when(answers.ends, end.get("sources", ()) or _end_sources(document)),
        "length": speaker.months(term["months"]) if term.get("months") else None,
        "planned": dated(planned["date"], planned.get("sources", ())) if planned else None,
        "as_of": dated(answers.declared_on or answers.as_of, _declared_sources(document, answers) or step_sources),
        "reason": speaker.say(words.END_REASONS[answers.end_reason or "unknown"].label) if known_reason else None,
        "news": dated(news, news_sources),
        "event": in_words(event, speaker) if isinstance(event, Mapping) else speaker.say(event) if event else None,
        "source": _source(document["sources"][0], speaker),
    }


def _step(document: Document, answers: Answers) -> tuple[str | None, Iterable[str]]:
    """The date of the deciding step, of its text where it has none itself, and its sources."""
    sources: Iterable[str] = ()
    for step in document.get("milestones", []):
        if step["code"] == answers.stage:
            sources = step.get("sources", ())
            if step.get("date"):
                return step["date"], sources
    for text in document.get("instruments", []):
        if text.get("signed_on") and (text["kind"] == "loi") == (answers.stage == "intent"):
            return text["signed_on"], text.get("sources", ())
    return None, sources


def _news(
    document: Document, answers: Answers, since: str | None
) -> tuple[str | None, Mapping[str, str] | str | None, Iterable[str]]:
    """What came after the deciding step: its date, its title (of the document, or a message), its sources."""
    day = answers.last_news
    if not day or (since and dates.earliest(day) <= dates.earliest(since)):
        return None, None, ()
    for event in document.get("events", []):
        if event["class"] == "follow_up" and event.get("date") == day:
            return day, event["title"], event.get("sources", ())
    for text in document.get("instruments", []):
        if text.get("signed_on") == day:
            return day, words.INSTRUMENT_KINDS[text["kind"]].label, text.get("sources", ())
    return (day, None, ()) if answers.last_news_kind in _FOLLOW_UPS else (None, None, ())


def _declared_sources(document: Document, answers: Answers) -> Iterable[str]:
    for said in document.get("declarations", []):
        if said["as_of"] == answers.declared_on and said["value"] == answers.declared:
            return said.get("sources", ())  # type: ignore[no-any-return]
    return ()


def _end_sources(document: Document) -> Iterable[str]:
    for said in document.get("declarations", []):
        if said["value"] in {"ended", "halted", "completed"}:
            return said.get("sources", ())  # type: ignore[no-any-return]
    return ()


def _names(parties: Sequence[Mapping[str, Any]], speaker: Speaker) -> Part:
    parts = [in_words(party["name"], speaker) for party in parties[:MOST_NAMES]]
    lang = "id" if all(part.lang for part in parts) else ""
    return Part(speaker.listed([part.text for part in parts]), lang=lang)


def _fields(document: Document, speaker: Speaker) -> str | None:
    codes = [code for code in document.get("sectors", []) if code != "other"]
    if not codes:
        return None
    labels = [speaker.say(words.SECTORS[code].label) for code in codes[:MOST_FIELDS]]
    if len(codes) > MOST_FIELDS or "other" in document["sectors"]:
        labels.append(speaker.say(words.SECTORS["other"].label))
    return speaker.listed(labels)


def _source(source: Mapping[str, Any], speaker: Speaker) -> Part:
    kind = speaker.say(words.SOURCE_KINDS[source["kind"]].label)
    day = source.get("as_of", {}).get("date") or source.get("date")
    return Part(f"{kind} ({speaker.date(day)})" if day else kind, sources=(1,))


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


def _lowered(label: str) -> str:
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
