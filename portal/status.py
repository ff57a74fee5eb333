"""What do dates and events mean on a given day? Four answers and a headline, from the record and the day alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from portal import dates
from portal import vocabulary as words
from portal.coverage import Coverage, Period, coverage, period
from portal.facts import ONE_DAY, Facts, Life, first, last
from portal.procedure import OVER, evidence, holder, stage
from portal.record import Document
from portal.regime import Regime, regime, regimes
from portal.silence import (
    ACTIVE_MONTHS,
    DORMANT_MONTHS,
    NO_NEWS_MONTHS,
    activity,
    ages,
    newest,
    reporting,
    silent_since,
    word,
)
from portal.testimony import testimony
from portal.validity import RENEWED_UNTIL, Validity, expiries, last_notice, own_term, renewed, validity, written_term

__all__ = [
    "ACTIVE_MONTHS",
    "DORMANT_MONTHS",
    "NO_NEWS_MONTHS",
    "STALE_MONTHS",
    "Answers",
    "Coverage",
    "Period",
    "Regime",
    "Told",
    "assess",
    "coverage",
    "over_time",
    "period",
    "regime",
    "regimes",
    "turning_points",
]

STALE_MONTHS = 18


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers for one record on one day; codes are those of `portal.answers` and `portal.vocabulary`.

    Dates are partial dates as they stand in the record, ``notice_by`` is a day. ``silent_since`` is what an age is
    counted from; nothing here grows with time between two turning points.
    """

    status: str
    stage: str | None
    stage_state: str
    stage_evidence: str
    stage_date: str | None
    holder: str | None
    holder_since: str | None
    validity: str
    end_reason: str | None
    starts: str | None
    ends: str | None
    ends_basis: str | None
    notice_by: date | None
    renewed: bool
    activity: str
    news: str
    last_news: str | None
    last_news_kind: str | None
    silent_since: str | None
    reporting: str
    reporting_on: str | None
    unanswered: int
    overlays: tuple[str, ...]
    declared: str | None
    declared_on: str | None
    declared_by: str | None
    differs: bool
    evidence: tuple[int, int] | None
    as_of: str | None
    grade: str
    counted: bool


class Told(NamedTuple):
    """Of the answers those that the index keeps, under the same names."""

    status: str
    stage: str | None
    validity: str
    news: str
    last_news: str | None
    last_news_kind: str | None
    silent_since: str | None
    reporting: str
    overlays: tuple[str, ...]
    declared: str | None
    declared_on: str | None
    declared_by: str | None
    differs: bool
    ends: str | None
    counted: bool


class Case(NamedTuple):
    """What the headline is read from."""

    facts: Facts
    validity: Validity
    activity: str

    def done(self, *codes: str) -> bool:
        """True where one of these steps is done."""
        return self._has(codes, "done")

    def open(self, *codes: str) -> bool:
        """True where one of these steps is in progress."""
        return self._has(codes, "in_progress")

    def _has(self, codes: tuple[str, ...], state: str) -> bool:
        steps = self.facts.steps
        for code in codes:  # noqa: SIM110
            if code in steps and steps[code].state == state:
                return True
        return False


_STOPPED_FOR = frozenset({"agreed_end", "unilateral_end", "breach", "policy_change", "national_interest"})
_RUNNING = frozenset({"in_force", "in_force_claimed"})
_UP_TO_INTENT = ("initiative", "exploration", "intent")
_FROM_INTENT = tuple(words.MILESTONES)[words.MILESTONES.place("intent") :]
_AFTER_INTENT = ("work_plan", "dprd_approval", "verification", "text", "clearance")
_TAKEN = frozenset({"done", "in_progress", "disputed"})


def _halted_midway(case: Case) -> bool:
    """Halted, and not known to have been given up before a signing."""
    return case.activity == "halted" and case.validity.state != "none"


def _ended_for(case: Case, reasons: frozenset[str]) -> bool:
    return case.validity.state == "ended" and case.validity.reason in reasons


def _nothing_followed(case: Case) -> bool:
    steps = case.facts.steps
    return case.activity in {"none_reported", "dormant"} and any(
        code in steps and steps[code].state in _TAKEN for code in _FROM_INTENT
    )


def _given_up(case: Case) -> bool:
    """Declared as not continued, or halted, with nothing signed and no step dated after that."""
    gone = case.facts.discontinued
    if case.facts.signed or (gone is None and case.activity != "halted"):
        return False
    return not gone or all(first(step.date) <= first(gone) for step in case.facts.steps.values() if step.date)


def _only_planned(case: Case) -> bool:
    known = case.facts
    return bool(known.plans) and not (known.follow_ups or known.said or known.texts or known.signed)


# The headline of domain 4.4: the first rule that fits. One row moved: what was given up is not "in preparation".
RULES: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("terminated", lambda case: _ended_for(case, _STOPPED_FOR) or _halted_midway(case)),
    ("completed", lambda case: case.activity == "completed" or _ended_for(case, frozenset({"purpose_achieved"}))),
    ("expired", lambda case: _ended_for(case, frozenset({"expired"}))),
    ("ended", lambda case: case.validity.state == "ended"),
    ("no_follow_up", _nothing_followed),
    ("in_force_renewed", lambda case: case.validity.state in _RUNNING and renewed(case.facts)),
    ("in_force", lambda case: case.validity.state in _RUNNING),
    ("signed", lambda case: case.done("signed") and case.validity.state in {"unknown", "pending"}),
    ("discontinued", _given_up),
    ("awaiting_approval", lambda case: case.open("dprd_approval", "verification", "clearance")),
    ("drafting", lambda case: case.open("work_plan", "text") or case.done(*_AFTER_INTENT)),
    ("intent_signed", lambda case: case.done("intent")),
    ("exploring", lambda case: case.done("initiative", "exploration") or case.open(*_UP_TO_INTENT)),
    ("planned", _only_planned),
    ("unknown", lambda case: True),
)


class _Span:
    """What stays the same while nothing begins to count and no term begins or ends: only ages grow within a span."""

    __slots__ = (
        "_disputed", "_headlines", "_life", "_spoken", "_stale_from", "_told", "_varying", "at", "known", "news",
        "reported", "said", "since", "term",
    )  # fmt: skip

    def __init__(self, life: Life, on: date, spoken: dict[date, str]) -> None:
        self._life, self._spoken = life, spoken
        self.known = known = life.on(on)
        self.term = validity(known)
        self.at = stage(known)
        self.news = newest(known, self.term)
        self.since = silent_since(known, self.news)
        self.said = testimony(known, self.term)
        self.reported = known.as_of is not None and _reported_after(known, last(known.as_of))
        self._stale_from = _stale_from(known.as_of) if known.as_of else date.max
        self._disputed = any([step.state == "disputed" for step in known.steps.values()])  # noqa: C419
        self._headlines: dict[str, str] = {}
        self._varying: tuple[str, str, str, tuple[str, ...]] | None = None

    def ages(self) -> Iterator[date]:
        """The days on which an age within the span is reached at which it counts differently."""
        yield from ages(self.known, self.since)
        if self.known.as_of:
            yield last(self.known.as_of) + ONE_DAY
            yield self._stale_from

    def told(self, on: date) -> Told:
        """What the index needs of the answers on a day of the span."""
        known = self.known
        known.on = on
        status = self._status(activity(known, self.term))
        heard = word(known, self.news, self.since, status in OVER)
        varying = (status, heard, reporting(known).state, self._overlays(status))
        if varying != self._varying:
            self._varying, self._told = varying, self._made(*varying)
        return self._told

    def _status(self, doing: str) -> str:
        """The headline where the activity is this; nothing else that it is read from changes within the span."""
        if doing not in self._headlines:
            self._headlines[doing] = _headline(Case(self.known, self.term, doing))
        return self._headlines[doing]

    def _made(self, status: str, heard: str, asked: str, overlays: tuple[str, ...]) -> Told:
        return Told(
            status,
            self.at.code,
            self.term.state,
            heard,
            self.news.date,
            self.news.kind,
            self.since,
            asked,
            overlays,
            *self.said,
            self.term.ends,
            status != "planned" and "unverified" not in self.known.flags,
        )

    def answers(self, on: date) -> Answers:
        """The answers on a day of the span."""
        told, known, at, term = self.told(on), self.known, self.at, self.term
        form = self._life.record["legal_form"]
        turn, turn_since = holder(told.status, at, known, term, form)
        asked = reporting(known)
        return Answers(
            told.status,
            at.code,
            at.state,
            at.evidence,
            at.date,
            turn,
            turn_since,
            term.state,
            term.reason,
            term.starts,
            term.ends,
            term.basis,
            last_notice(term, known),
            renewed(known),
            activity(known, term),
            told.news,
            told.last_news,
            told.last_news_kind,
            told.silent_since,
            asked.state,
            asked.on,
            asked.unanswered,
            told.overlays,
            told.declared,
            told.declared_on,
            told.declared_by,
            told.differs,
            evidence(form, known),
            known.as_of,
            min((source["grade"] for source in self._life.record.get("sources", ())), default=""),
            told.counted,
        )

    def _overlays(self, status: str) -> tuple[str, ...]:
        """The marks people set, a disputed step, and the two that the calendar sets."""
        known = self.known
        marks = set(known.flags - {"stale", "recomputed"}) if known.flags else set()
        if self._disputed:
            marks.add("disputed")
        if known.on >= self._stale_from:
            marks.add("stale")
        if known.as_of and not self.reported and known.on > last(known.as_of) and self._said_then() != status:
            marks.add("recomputed")
        return tuple([code for code in words.FLAGS if code in marks]) if marks else ()

    def _said_then(self) -> str:
        """The headline of the day the newest source speaks of."""
        assert self.known.as_of is not None
        day = last(self.known.as_of)
        if day not in self._spoken:
            known = self._life.on(day)
            term = validity(known)
            self._spoken[day] = _headline(Case(known, term, activity(known, term)))
        return self._spoken[day]


@lru_cache(maxsize=1 << 12)
def _stale_from(as_of: str) -> date:
    """The day from which what was known as of a date is old."""
    return dates.add_months(last(as_of), STALE_MONTHS) + ONE_DAY


def _headline(case: Case) -> str:
    for code, fits in RULES:
        if fits(case):
            return code
    raise AssertionError("the last rule fits always")


def assess(record: Document, on: date) -> Answers:
    """The answers for a valid record on a day; facts dated after that day are ignored."""
    return _Span(Life(record), on, {}).answers(on)


def over_time(record: Document) -> Iterator[tuple[date, Told]]:
    """What the answers of `assess` tell for every day there is: on the first day, then on those that may change it.

    Equal to asking `assess` on each turning point, but what two days have in common is worked out once.
    """
    for span, days in _spans(record):
        yield from ((day, span.told(day)) for day in days)


def turning_points(record: Document) -> list[date]:
    """The days on which the answers may change, sorted; between two of them `assess` gives equal answers."""
    return [day for _, days in _spans(record) for day in days][1:]


def _spans(record: Document) -> Iterator[tuple[_Span, list[date]]]:
    """The spans of a record, in order, each with the days on which its answers may change: its first, then ages."""
    life = Life(record)
    spoken: dict[date, str] = {}
    borders = sorted({date.min, *life.beginnings(), *_days_of_terms(life)})
    for border, after in pairwise([*borders, date.max]):
        span = _Span(life, border, spoken)
        yield span, [border, *sorted({day for day in span.ages() if border < day < after})]


def _reported_after(known: Facts, day: date) -> bool:
    """True where a fact on record is dated after a day: what changed since is then more than the calendar."""
    dated = [act.date for act in known.follow_ups]
    dated += [text.signed_on or "" for text in known.texts]
    dated += [step.date or step.as_of or "" for step in known.steps.values()]
    dated.append(known.discontinued or "")
    return any(text and first(text) > day for text in dated) or any(said.counts_from > day for said in known.said)


def _days_of_terms(life: Life) -> Iterator[date]:
    """The days on which terms begin and end: as written, as computed, and after each automatic renewal."""
    for side in ("start", "end"):
        if day := life.term.get(side, {}).get("date"):
            yield first(day)
            yield last(day) + ONE_DAY
    terms = [written_term(life.term)]
    terms += [own_term(text) for text in life.texts() if text.ends_on]
    for term in terms:
        if term.ends:
            yield last(term.ends) + ONE_DAY
    if life.term.get("automatic_renewal") == "yes":
        yield from (day + ONE_DAY for term in terms for day in expiries(term))
        yield RENEWED_UNTIL
