"""Which facts count on a day? The view of one record that every answer is drawn from.

A dated fact counts from the first day its date may mean, an undated one from the first as-of date of the sources that
tell it (always, where these are undated too). A plan counts from the day it was told, a statement about a state from
the day that state is said to hold (`Said.since`). Terms end on the last day their date may mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from portal import dates
from portal import vocabulary as words
from portal.record import Document

ONE_DAY = timedelta(days=1)
_NOTHING: Document = {}
# Acts by which the parties stop.
ENDINGS = frozenset({"end", "suspension", "discontinued"})
_BINDING = frozenset(code for code, term in words.INSTRUMENT_KINDS.items() if term.extra["binding"] == "1")
# Statements of these last from the day the state itself began, the others from the day they were made.
_LASTING = frozenset({"in_force_claimed", "ended", "unknown", "halted", "completed"})

first = lru_cache(maxsize=1 << 16)(dates.earliest)
last = lru_cache(maxsize=1 << 16)(dates.latest)


@lru_cache(maxsize=1 << 16)
def reached(since: str, months: int) -> date:
    """The first day on which `dates.age` since the last day of a partial date is at least ``months``."""
    start = last(since)
    day = dates.add_months(start, months)
    return day if day.day == start.day else day + ONE_DAY


class Text(NamedTuple):
    """A signed text: when, how well proven, and its own period."""

    kind: str
    binding: bool
    signed_on: str | None
    signing: str
    effective_from: str | None
    ends_on: str | None
    ends_basis: str | None
    renews: bool

    @property
    def dated(self) -> bool:
        """True where the text says itself when it begins or ends."""
        return self.effective_from is not None or self.ends_on is not None

    @property
    def begins(self) -> str | None:
        """The text's own first day: effective from, else signed on."""
        return self.effective_from or self.signed_on


class Step(NamedTuple):
    """A milestone as far as it is known."""

    state: str
    evidence: str
    date: str | None
    as_of: str | None


class Act(NamedTuple):
    """A dated event; ``date`` is empty where it is not known."""

    kind: str
    date: str


class Said(NamedTuple):
    """A statement about a state, and the first day it speaks of."""

    axis: str
    value: str
    reason: str | None
    since: str | None
    as_of: str
    by: str
    counts_from: date


@dataclass(slots=True)
class Facts:
    """What counts on a day; lists are in the record's order, ``said`` oldest statement first."""

    on: date
    term: Document
    flags: frozenset[str]
    texts: list[Text]
    steps: dict[str, Step]
    follow_ups: list[Act]
    plans: list[str]
    asked: list[str]
    answered: list[str]
    discontinued: str | None
    said: list[Said]
    later: list[Said]
    as_of: str | None
    followed_up: str | None = None  # the newest dated follow-up that is no end

    def newest(self, axis: str) -> Said | None:
        """The newest statement on an axis that speaks of this day."""
        for said in reversed(self.said):
            if said.axis == axis:
                return said
        return None

    @property
    def signed(self) -> bool:
        """True where a binding text is known to have been signed."""
        step = self.steps.get("signed")
        if step is not None and step.state in {"done", "disputed"}:
            return True
        return any([text.binding for text in self.texts])  # noqa: C419


class Life:
    """A valid record's facts day after day: each is read once, with the day from which it counts."""

    __slots__ = ("_as_of", "_events", "_flags", "_said", "_steps", "_texts", "record", "term")

    def __init__(self, record: Document) -> None:
        sources = record.get("sources", ())
        told = _told(sources)
        self.record = record
        self.term: Document = record.get("term", _NOTHING)
        self._flags = frozenset(flag["code"] for flag in record["flags"]) if "flags" in record else frozenset()
        self._texts = [found for text in record.get("instruments", ()) if (found := _text(text, told))]
        self._steps = [_step(step, told) for step in record.get("milestones", ())]
        self._events = [(_event_counts(event, told), event) for event in record.get("events", ()) if _tells(event)]
        self._said = [_said(said) for said in record.get("declarations", ())]
        self._as_of = [(first(day), day) for source in sources if (day := source_day(source))]

    def on(self, on: date) -> Facts:
        """The facts that count on a day."""
        found = Facts(on, self.term, self._flags, [], {}, [], [], [], [], None, [], [], None)
        found.texts = [text for counts, text in self._texts if counts <= on]
        for counts, code, step in self._steps:
            if counts <= on:
                found.steps[code] = step
        for text in found.texts:
            _add_step_of(text, found.steps)
        for counts, event in self._events:
            if counts <= on:
                _add_event(found, event)
        for said in self._said:
            (found.said if said.counts_from <= on else found.later).append(said)
        if len(found.said) > 1:
            found.said.sort(key=_said_order)
        found.as_of = self._newest_as_of(found)
        return found

    def _newest_as_of(self, found: Facts) -> str | None:
        """The newest as-of date of the sources and of the agency's own statements that are known by the day."""
        known = [day for counts, day in self._as_of if counts <= found.on]
        if found.said:
            known += [said.as_of for said in found.said if said.by == "agency" and first(said.as_of) <= found.on]
        return max(known, key=last) if len(known) > 1 else known[0] if known else None

    def texts(self) -> Iterator[Text]:
        """Every signed text, in the record's order."""
        return (text for _, text in self._texts)

    def beginnings(self) -> Iterator[date]:
        """The days on which something begins to count, or a date that is told of comes."""
        for counts, text in self._texts:
            yield counts
            if text.effective_from:
                yield first(text.effective_from)
        yield from (step[0] for step in self._steps)
        for counts, event in self._events:
            yield counts
            if "date" in event:
                yield first(event["date"])
        for said in self._said:
            yield said.counts_from
            yield first(said.as_of)
        yield from (counts for counts, _ in self._as_of)


def facts(record: Document, on: date) -> Facts:
    """The facts of a valid record that count on a day."""
    return Life(record).on(on)


def _told(sources: Sequence[Any]) -> dict[str, date]:
    """The day each source speaks of; under the empty key the earliest of them."""
    told = {source["key"]: first(day) for source in sources if (day := source_day(source))}
    told[""] = min(told.values()) if told else date.min
    return told


def source_day(source: Document) -> str | None:
    """The day a source speaks of: its as-of date, else the date it was published."""
    as_of = source.get("as_of")
    return (as_of.get("date") if as_of else None) or source.get("date")


def _first_told(part: Document, told: dict[str, date]) -> date:
    days = [told[key] for key in part.get("sources", ()) if key in told]
    return min(days) if days else told[""]


def _text(text: Document, told: dict[str, date]) -> tuple[date, Text] | None:
    """A signed text and the day it counts from; None for one that is not known to be signed."""
    signed_on, signing = text.get("signed_on"), text["signing"]
    if not signed_on and signing == "none":
        return None
    effective = text.get("effective_from")
    if signed_on:
        counts = first(signed_on)
    else:
        counts = _first_told(text, told)
        if effective:
            counts = min(counts, first(effective))
    ends, kind = text.get("ends_on", _NOTHING), text["kind"]
    binding = kind in _BINDING
    renews = binding and (kind == "renewal" or "renews" in text)
    return counts, Text(kind, binding, signed_on, signing, effective, ends.get("date"), ends.get("basis"), renews)


def _step(step: Document, told: dict[str, date]) -> tuple[date, str, Step]:
    """The day a step counts from, its code, and what is known of it."""
    day, as_of = step.get("date"), step.get("as_of")
    counts = first(day or as_of) if day or as_of else _first_told(step, told)
    return counts, step["code"], Step(step["state"], step["evidence"], day, as_of)


def step_of(kind: str) -> str:
    """The step that a text of a kind is the outcome of: ``signed``, ``intent`` or, for other texts, empty."""
    return "signed" if kind in _BINDING else "intent" if kind == "loi" else ""


def _add_step_of(text: Text, steps: dict[str, Step]) -> None:
    """A signed text is itself the evidence of its own step; nothing is filled in below it."""
    code = step_of(text.kind)
    if code and (code not in steps or steps[code].state == "unknown"):
        steps[code] = Step("done", text.signing, text.signed_on, None)


def _tells(event: Document) -> bool:
    """False for what others merely observed."""
    return bool(event["class"] != "observation" or event["kind"] == "discontinued")


def _event_counts(event: Document, told: dict[str, date]) -> date:
    """The day an event counts from; a plan from the day it was told, where that is earlier."""
    day = event.get("date")
    if event["class"] != "planned":
        return first(day) if day else _first_told(event, told)
    return min(_first_told(event, told), first(day)) if day else _first_told(event, told)


def _add_event(found: Facts, event: Document) -> None:
    group, kind, day = event["class"], event["kind"], event.get("date", "")
    if group == "planned":
        found.plans.append(day)
        return
    if kind == "discontinued":
        found.discontinued = day
    if group == "follow_up":
        found.follow_ups.append(Act(kind, day))
        if day and kind not in ENDINGS and (found.followed_up is None or first(day) > first(found.followed_up)):
            found.followed_up = day
    elif group == "request" and day:
        (found.answered if kind == "answered" else found.asked).append(day)


def _said(said: Document) -> Said:
    value, since, as_of = said["value"], said.get("since"), said["as_of"]
    counts_from = first(since) if since and value in _LASTING else first(as_of)
    return Said(said["axis"], value, said.get("reason"), since, as_of, said["by"], counts_from)


def _said_order(said: Said) -> tuple[date, bool]:
    return first(said.as_of), said.by == "agency"
