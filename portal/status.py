"""What do dates and events mean on a given day? Four answers and a headline, from the record and the day alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from portal import dates
from portal import vocabulary as words
from portal.coverage import Coverage, Period, coverage, period
from portal.facts import ONE_DAY, Facts, facts, first, last, reached, source_day
from portal.procedure import OVER, evidence, holder, stage
from portal.record import Document
from portal.regime import Regime, regime, regimes
from portal.silence import (
    ACTIVE_MONTHS,
    ANSWER_TIME,
    DORMANT_MONTHS,
    NO_NEWS_MONTHS,
    activity,
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
    "assess",
    "coverage",
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


class Case(NamedTuple):
    """What the headline is read from."""

    facts: Facts
    validity: Validity
    activity: str

    def done(self, *codes: str) -> bool:
        """True where one of these steps is done."""
        return any(code in self.facts.steps and self.facts.steps[code].state == "done" for code in codes)

    def open(self, *codes: str) -> bool:
        """True where one of these steps is in progress."""
        return any(code in self.facts.steps and self.facts.steps[code].state == "in_progress" for code in codes)


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


def _headline(known: Facts) -> tuple[str, Validity, str]:
    answer = validity(known)
    doing = activity(known, answer)
    case = Case(known, answer, doing)
    return next(code for code, fits in RULES if fits(case)), answer, doing


def assess(record: Document, on: date) -> Answers:
    """The answers for a valid record on a day; facts dated after that day are ignored."""
    known = facts(record, on)
    status, term, doing = _headline(known)
    at = stage(known)
    form = record["legal_form"]
    turn, turn_since = holder(status, at, known, term, form)
    news = newest(known, term)
    since = silent_since(known, news)
    asked = reporting(known)
    said = testimony(known, term)
    flags = known.flags
    return Answers(
        status,
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
        doing,
        word(known, news, since, status in OVER),
        news.date,
        news.kind,
        since,
        asked.state,
        asked.on,
        asked.unanswered,
        _overlays(record, known, status),
        said.said,
        said.on,
        said.by,
        said.differs,
        evidence(form, known),
        known.as_of,
        min((source["grade"] for source in record.get("sources", ())), default=""),
        status != "planned" and "unverified" not in flags,
    )


def _overlays(record: Document, known: Facts, status: str) -> tuple[str, ...]:
    """The marks people set, a disputed step, and the two that the calendar sets."""
    marks = set(known.flags - {"stale", "recomputed"})
    if any(step.state == "disputed" for step in known.steps.values()):
        marks.add("disputed")
    if known.as_of:
        spoken = last(known.as_of)
        if known.on > dates.add_months(spoken, STALE_MONTHS):
            marks.add("stale")
        if known.on > spoken and not _reported_after(known, spoken) and _headline(facts(record, spoken))[0] != status:
            marks.add("recomputed")
    return tuple(code for code in words.FLAGS if code in marks) if marks else ()


def _reported_after(known: Facts, day: date) -> bool:
    """True where a fact on record is dated after a day: what changed since is then more than the calendar."""
    dated = [act.date for act in known.follow_ups]
    dated += [text.signed_on or "" for text in known.texts]
    dated += [step.date or step.as_of or "" for step in known.steps.values()]
    dated.append(known.discontinued or "")
    return any(text and first(text) > day for text in dated) or any(said.counts_from > day for said in known.said)


def turning_points(record: Document) -> list[date]:
    """The days on which the answers may change, sorted; between two of them `assess` gives equal answers."""
    days = {day for text, months in _dated(record) for day in _turns(text, months)}
    days.update(_days_of_terms(record))
    return sorted(days)


def _turns(text: str, months: tuple[int, ...]) -> Iterator[date]:
    yield first(text)
    yield last(text) + ONE_DAY
    for number in months:
        yield reached(text, number)


def _dated(record: Document) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every date of a record that answers hang on, with the ages in months at which it counts differently."""
    silent = (NO_NEWS_MONTHS,)
    term = record.get("term", {})
    yield from ((term[side]["date"], ages) for side, ages in _TERM_AGES if "date" in term.get(side, {}))
    for text in record.get("instruments", ()):
        yield from ((text[name], silent) for name in ("signed_on", "effective_from") if name in text)
        if "date" in text.get("ends_on", {}):
            yield text["ends_on"]["date"], ()
    for step in record.get("milestones", ()):
        yield from ((step[name], silent) for name in ("date", "as_of") if name in step)
    for event in record.get("events", ()):
        if "date" in event:
            yield event["date"], _AGES[event["class"]]
    for said in record.get("declarations", ()):
        yield said["as_of"], (ACTIVE_MONTHS, NO_NEWS_MONTHS)
        if "since" in said:
            yield said["since"], ()
    for source in record.get("sources", ()):
        if day := source_day(source):
            yield day, ()


_TERM_AGES: tuple[tuple[str, tuple[int, ...]], ...] = (("start", (NO_NEWS_MONTHS,)), ("end", ()))
_AGES = {"follow_up": (ACTIVE_MONTHS, NO_NEWS_MONTHS), "planned": (NO_NEWS_MONTHS,), "observation": (), "request": ()}


def _days_of_terms(record: Document) -> Iterator[date]:
    """Days that are computed: ends and automatic renewals of terms, stale dates, the end of waiting for an answer."""
    terms = [written_term(record.get("term", {}))]
    if "instruments" in record:
        own = facts(record, date.max).texts
        terms += [own_term(text) for text in own if text.ends_on]
    for term in terms:
        if term.ends:
            yield last(term.ends) + ONE_DAY
    if record.get("term", {}).get("automatic_renewal") == "yes":
        yield from (day + ONE_DAY for term in terms for day in expiries(term))
        yield RENEWED_UNTIL
    for event in record.get("events", ()):
        if event["class"] == "request" and "date" in event:
            yield last(event["date"]) + ANSWER_TIME
    spoken = [source_day(source) for source in record.get("sources", ())]
    spoken += [said["as_of"] for said in record.get("declarations", ()) if said["by"] == "agency"]
    for text in spoken:
        if text:
            yield dates.add_months(last(text), STALE_MONTHS) + ONE_DAY
