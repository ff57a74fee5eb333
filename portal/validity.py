"""Is it in force? The term of every signed text, rolled up to the cooperation, beside what is said of it.

Domain 4.2. Uncertain dates are read in favour of the parties: a term begins on the first day its start may mean and
ends on the last day its end may mean. A written end holds until it is renewed; a text that is reported but not on file
and has no dates of its own is at most *said to be running*.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from portal import dates
from portal.facts import ONE_DAY, Facts, Said, Text, first, last, reached
from portal.record import Document

# Automatic renewals are counted up to this day, so that the days on which an answer changes stay a finite list.
RENEWED_UNTIL = date(2101, 1, 1)
# A written end further than this beyond a renewal is taken as the end the renewal itself set.
RENEWAL_MONTHS = 12


class Validity(NamedTuple):
    """The answer: a word of answers.VALIDITY, why it ended, and the term that decides."""

    state: str
    reason: str | None = None
    starts: str | None = None
    ends: str | None = None
    basis: str | None = None


UNKNOWN, NONE = Validity("unknown"), Validity("none")
_RUNNING = frozenset({"in_force", "in_force_claimed"})
_UNDER_WAY = frozenset({"done", "in_progress", "disputed"})


class Term(NamedTuple):
    """The written term of a record or text; ``months`` is its length where one can be told."""

    starts: str | None
    ends: str | None
    basis: str | None
    months: int | None


def validity(facts: Facts) -> Validity:
    """The first that fits: an end that was stated, the texts, what is said, the term alone, the way so far."""
    said = _newest_word(facts)
    texts = _binding(facts)
    computed = _rolled_up(texts, facts) if texts else None
    if said is not None and said.value == "ended" and not _signed_after(texts, said):
        return _ended(said, computed or _of_term(facts))
    if computed is not None and computed.state != "unknown":
        return computed
    if said is not None and said.value == "unknown":
        return computed or UNKNOWN
    claim = _claim(facts, said)
    if claim is not None:
        on_file = any(text.signing == "documented" for text in texts)
        return claim._replace(state="in_force") if on_file and claim.state in _RUNNING else claim
    if computed is not None:
        return computed
    return _before_signing(facts) or _of_term(facts) or UNKNOWN


def _newest_word(facts: Facts) -> Said | None:
    """The newest statement on validity; that the parties ended it on a day is one too."""
    said = facts.newest("validity")
    days = [act.date for act in facts.follow_ups if act.kind == "end" and act.date]
    if not days:
        return said
    ended_on = max(days, key=first)
    if said is not None and first(said.as_of) >= first(ended_on):
        return said
    return Said("validity", "ended", None, ended_on, ended_on, "source", first(ended_on))


def last_notice(validity: Validity, facts: Facts) -> date | None:
    """The last day to give notice before the running term ends."""
    months = facts.term.get("notice_months")
    if months is None or validity.ends is None or validity.state not in _RUNNING | {"pending"}:
        return None
    return dates.add_months(last(validity.ends), -months)


def renewed(facts: Facts) -> bool:
    """True where a renewal stands on record, as a text or as an act of the parties."""
    return any(text.renews for text in facts.texts) or any(act.kind == "renewal" for act in facts.follow_ups)


def expiries(term: Term) -> list[date]:
    """The last days of a term and of its automatic renewals."""
    if term.ends is None or not term.months:
        return []
    days, turn = [last(term.ends)], 1
    while days[-1] < RENEWED_UNTIL:
        days.append(_turned(term, turn))
        turn += 1
    return days


def written_term(term: Document) -> Term:
    """The term of a record; an end that is not written is computed from start and length."""
    if not term:
        return Term(None, None, None, None)
    end = term.get("end", {})
    starts, ends, basis = term.get("start", {}).get("date"), end.get("date"), end.get("basis")
    return _written(starts, ends, basis, term.get("months"))


@lru_cache(maxsize=1 << 12)
def _written(starts: str | None, ends: str | None, basis: str | None, months: int | None) -> Term:
    if starts and months and not ends:
        # Counted from the last day the start may mean, like every end.
        ends, basis = dates.term_end(last(starts).isoformat(), months)[: len(starts)], "computed"
    return Term(starts, ends, basis, months or _length(starts, ends))


def own_term(text: Text) -> Term:
    """The term a text itself names."""
    return Term(text.begins, text.ends_on, text.ends_basis, _length(text.begins, text.ends_on))


def _length(starts: str | None, ends: str | None) -> int | None:
    if not starts or not ends:
        return None
    begin, after = first(starts), last(ends) + ONE_DAY
    return max((after.year - begin.year) * 12 + after.month - begin.month - (after.day < begin.day), 1)


def _binding(facts: Facts) -> list[Text]:
    """The signed binding texts; a signing that is known without a text stands as a text without dates."""
    texts = [text for text in facts.texts if text.binding]
    step = facts.steps.get("signed")
    if not texts and step is not None and step.state == "done":
        texts.append(Text("unknown", True, step.date, step.evidence, None, None, None, renews=False))
    return texts


def _rolled_up(texts: list[Text], facts: Facts) -> Validity:
    """In force if any text is (the one that ends last), else the answer for the latest text."""
    answers = [_of_text(text, facts) for text in texts]
    if len(answers) == 1:
        return answers[0]
    for state in ("in_force", "in_force_claimed"):
        running = [answer for answer in answers if answer.state == state]
        if running:
            return max(running, key=lambda answer: last(answer.ends) if answer.ends else date.max)
    ranked = zip((first(text.begins) if text.begins else date.min for text in texts), answers, strict=True)
    return max(ranked, key=lambda pair: pair[0])[1]


def _of_text(text: Text, facts: Facts) -> Validity:
    term = written_term(facts.term)
    starts, ends, basis, months = term
    if text.dated:
        starts = text.begins
        if text.ends_on:
            starts, ends, basis, months = own_term(text)
        elif ends and starts and last(ends) < first(starts):
            ends, basis, months = None, None, None
    if starts and first(starts) > facts.on:
        return Validity("pending", None, starts, ends, basis)
    renewed = _renewal(facts, starts)
    if not (text.dated or renewed or ends or (text.signing == "documented" and starts)):
        return Validity("unknown", None, starts)
    if renewed and text.ends_on and term.ends and last(term.ends) > last(text.ends_on):
        ends, basis, months = term.ends, term.basis, term.months
    state = "in_force" if text.dated or text.signing == "documented" else "in_force_claimed"
    return _run(state, Term(starts, ends, basis, months), facts)


def _claim(facts: Facts, said: Said | None) -> Validity | None:
    """The run a statement speaks of: from the start of the term, else the day it names, else its as-of date."""
    term = written_term(facts.term)
    if said is None and term.starts:
        said = next((later for later in facts.later if later.value == "in_force_claimed"), None)
    if said is None or said.value != "in_force_claimed":
        return None
    starts = term.starts or said.since or said.as_of
    if first(starts) > facts.on:
        return None
    shown = term.starts or said.since
    return _run("in_force_claimed", term._replace(starts=shown), facts)


def _of_term(facts: Facts) -> Validity | None:
    """A stated period without any text: said to be running within it, ended after it; nothing before it."""
    term = written_term(facts.term)
    if term.ends is None or (term.starts and first(term.starts) > facts.on):
        return None
    return _run("in_force_claimed", term, facts)


def _run(state: str, term: Term, facts: Facts) -> Validity:
    """A term that has begun: running until its end, after it ended by the calendar unless renewed."""
    renewal = _renewal(facts, term.starts)
    if renewal and term.ends and last(term.ends) < reached(renewal, RENEWAL_MONTHS):
        return Validity(state, None, term.starts)
    if term.ends is None or last(term.ends) >= facts.on:
        return Validity(state, None, term.starts, term.ends, term.basis)
    if facts.term.get("automatic_renewal") != "yes":
        return Validity("ended", "expired", term.starts, term.ends, term.basis)
    if not term.months or facts.on >= RENEWED_UNTIL:
        return Validity(state, None, term.starts)
    turn = max(((facts.on.year - last(term.ends).year) * 12 + facts.on.month - last(term.ends).month) // term.months, 1)
    while _turned(term, turn) < facts.on:
        turn += 1
    ends = _turned(term, turn).isoformat()[: len(term.ends)]
    return Validity(state, None, term.starts, ends, "computed")


def _turned(term: Term, turn: int) -> date:
    """The last day of a term after ``turn`` automatic renewals."""
    assert term.ends is not None
    assert term.months is not None
    return dates.add_months(last(term.ends) + ONE_DAY, turn * term.months) - ONE_DAY


def _renewal(facts: Facts, starts: str | None) -> str | None:
    """The newest renewal after the start that names no new end of its own."""
    days = [text.signed_on for text in facts.texts if text.renews and not text.dated]
    days += [act.date for act in facts.follow_ups if act.kind == "renewal"]
    known = [day for day in days if day and not (starts and first(day) <= first(starts))]
    return max(known, key=first) if known else None


def _ended(said: Said, computed: Validity | None) -> Validity:
    """A stated end; where the written term had passed by then, the calendar's end and reason stand."""
    starts = computed.starts if computed else None
    passed = computed.ends if computed and computed.state == "ended" else None
    if computed is not None and passed and (said.since is None or last(said.since) >= last(passed)):
        return computed._replace(reason=said.reason or computed.reason)
    return Validity("ended", said.reason or "unknown", starts, said.since, "stated" if said.since else None)


def _signed_after(texts: list[Text], said: Said) -> bool:
    return any(text.begins and first(text.begins) > said.counts_from for text in texts)


def _before_signing(facts: Facts) -> Validity | None:
    """Nothing binding is known, and what is known lies before a signing."""
    if facts.signed:
        return UNKNOWN
    under_way = any(step.state in _UNDER_WAY for step in facts.steps.values())
    if under_way or facts.texts or facts.plans or facts.discontinued is not None:
        return NONE
    return None
