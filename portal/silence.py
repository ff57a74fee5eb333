"""Any news? The newest dated act of the parties, what is said of their activity, and who has been asked.

Domain 4.3, model §2 (3 and 4). Ages are counted from the last day a date may mean, so that nobody is called silent too
early. A study, a press report and our own request are never news, nor are the day on which a study found a step and a
start that is uncertain. An office that confirms that it still runs, or says that there was nothing, has answered
(`reporting`), but nothing happened between the parties: the silence goes on.

Silence is counted from the first of these that is known:

1. the newest dated act of the parties, or report of the agency that there was activity or an end;
2. the newest as-of date of a step that a source tells of;
3. the newest day something was planned for, once it has come.

Only the first is news (`News`); the others are what an age may be counted from where no act is dated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from portal.facts import Facts, first, last, reached
from portal.validity import Validity

NO_NEWS_MONTHS = 24
ACTIVE_MONTHS = 12
DORMANT_MONTHS = 24
ANSWER_TIME = timedelta(days=60)

_STOPPED = frozenset({"halted", "completed"})
_ACTS = frozenset({"active", "ended", *_STOPPED})  # statements that tell of something done
_RUNS = frozenset({"in_force_claimed", "active"})
_TEXT_NEWS = {"loi": "loi", "unknown": "agreement"}
_TAKEN = frozenset({"done", "in_progress", "disputed"})
_FOUND = frozenset({"done", "in_progress"})
_SIGNINGS = frozenset({"intent", "signed"})
_PROVEN = frozenset({"documented", "reported"})


class News(NamedTuple):
    """A dated act and its kind (answers.NEWS_KINDS)."""

    date: str | None
    kind: str | None


class Reporting(NamedTuple):
    """A word of answers.REPORTING, its date, and how many questions stayed without answer."""

    state: str
    on: str | None
    unanswered: int


NO_NEWS = News(None, None)
NEVER_ASKED = Reporting("never_asked", None, 0)


def follow_up(facts: Facts) -> str | None:
    """The newest dated follow-up by the parties; that they stopped is news but no follow-up."""
    return facts.followed_up


def activity(facts: Facts, validity: Validity) -> str:
    """A word of answers.ACTIVITY; silence alone is never more than ``no_information``."""
    said, act = _said_of_activity(facts), follow_up(facts)
    if said is not None and said[0] in _STOPPED:
        return said[0]
    if said is not None and said[0] == "none_reported" and not (act and first(act) > first(said[1])):
        return "dormant" if _dormant(facts, act) else "none_reported"
    if validity.state == "none" and not _anything_signed(facts):
        return "not_applicable"
    if act and facts.on < reached(act, ACTIVE_MONTHS):
        return "active"
    if validity.state == "ended":
        return "no_information"
    if said is not None and said[0] in _RUNS and facts.on < reached(said[1], ACTIVE_MONTHS):
        return "active"
    return "dormant" if _dormant(facts, act) else "no_information"


def _said_of_activity(facts: Facts) -> tuple[str, str] | None:
    """The newest statement on activity; that it runs is one too, but on the same day the plainer one wins."""
    best: tuple[str, str] | None = None
    rank = (date.min, False)
    for said in facts.said:
        plain = said.axis == "activity"
        if not plain and said.value != "in_force_claimed":
            continue
        made = first(said.as_of)
        if (made <= facts.on or said.value in _STOPPED) and (made, plain) >= rank:
            best, rank = (said.value, said.as_of), (made, plain)
    return best


def _anything_signed(facts: Facts) -> bool:
    intent = facts.steps.get("intent")
    return bool(facts.texts) or facts.signed or (intent is not None and intent.state in {"done", "disputed"})


def _dormant(facts: Facts, act: str | None) -> bool:
    """Signed and without follow-up for 24 months, and asked and answered without activity since (domain 4.3)."""
    signed = _newest_signing(facts)
    if signed is None or facts.on < reached(signed, DORMANT_MONTHS):
        return False
    if act is not None and facts.on < reached(act, DORMANT_MONTHS):
        return False
    after = first(act) if act else first(signed)
    if any(said.value == "none_reported" and said.by == "agency" and first(said.as_of) > after for said in facts.said):
        return True
    runs = max((first(said.as_of) for said in facts.said if said.value in _RUNS), default=after)
    return any(first(day) > max(after, runs) for day in facts.answered)


def _newest_signing(facts: Facts) -> str | None:
    found = None
    for text in facts.texts:
        if text.signed_on and (found is None or first(text.signed_on) > first(found)):
            found = text.signed_on
    for code, step in facts.steps.items():
        if step.date and step.state == "done" and code in _SIGNINGS and (not found or first(step.date) > first(found)):
            found = step.date
    return found


def newest(facts: Facts, validity: Validity) -> News:
    """The newest dated act of the parties or report of the agency about one."""
    found = [(act.date, "renewal" if act.kind == "renewal" else "follow_up") for act in facts.follow_ups if act.date]
    for text in facts.texts:
        kind = "renewal" if text.renews else _TEXT_NEWS.get(text.kind, "signing")
        if text.signed_on:
            found.append((text.signed_on, kind))
        if text.effective_from:
            found.append((text.effective_from, "start"))
    for code, step in facts.steps.items():
        if step.state in _TAKEN and step.date:
            found.append((step.date, _kind_of_step(code, step.state)))
    start = facts.term.get("start")
    if start and "date" in start and validity.state != "none" and not start.get("uncertain"):
        found.append((start["date"], "start"))
    found += [(said.as_of, "report") for said in facts.said if said.by == "agency" and said.value in _ACTS]
    best: tuple[str, str] | None = None
    for day, kind in found:
        if first(day) <= facts.on and (best is None or _later(day, best[0])):
            best = (day, kind)
    return News(*best) if best else NO_NEWS


def _later(day: str, other: str) -> bool:
    """Later by the first day; of two that begin alike the one known more precisely."""
    return first(day) > first(other) or (len(day) > len(other) and first(day) == first(other))


def _kind_of_step(code: str, state: str) -> str:
    if code not in {"intent", "signed"}:
        return "step"
    if state == "disputed":
        return "agreement"
    return "loi" if code == "intent" else "signing"


def silent_since(facts: Facts, news: News) -> str | None:
    """What silence is counted from: the newest act, else a step's newest as-of date, else the newest planned day."""
    if news.date:
        return news.date
    found = [
        step.as_of
        for step in facts.steps.values()
        if step.as_of and not step.date and step.state in _FOUND and step.evidence in _PROVEN
    ]
    return _newest_by(found, facts.on) or _newest_by(facts.plans, facts.on)


def _newest_by(days: Iterable[str], on: date) -> str | None:
    """The newest of the days that have come; an empty day is none."""
    return max((day for day in days if day and first(day) <= on), key=first, default=None)


def word(facts: Facts, news: News, since: str | None, over: bool) -> str:
    """A word of answers.NEWS; ``over`` where the headline says that the cooperation has ended."""
    if over:
        return "akhir"
    if since is None:
        return "tanpa_tanggal"
    if facts.on >= reached(since, NO_NEWS_MONTHS):
        return "tanpa"
    return "ada" if news.date else "tanpa_tanggal"


def ages(facts: Facts, since: str | None) -> Iterator[date]:
    """The days on which `activity`, `word` or `reporting` may change while the same facts count."""
    act, said, signed = follow_up(facts), _said_of_activity(facts), _newest_signing(facts)
    if act:
        yield reached(act, ACTIVE_MONTHS)
        yield reached(act, DORMANT_MONTHS)
    if said:
        yield reached(said[1], ACTIVE_MONTHS)
    if signed:
        yield reached(signed, DORMANT_MONTHS)
    if since:
        yield reached(since, NO_NEWS_MONTHS)
    yield from (last(day) + ANSWER_TIME for day in facts.asked)


def reporting(facts: Facts) -> Reporting:
    """Asked, waiting, confirmed or not answered; a statement of the agency is an answer too."""
    if not (facts.asked or facts.answered or facts.said):
        return NEVER_ASKED
    stated = [said.as_of for said in facts.said if said.by == "agency" and first(said.as_of) <= facts.on]
    answer = max(facts.answered + stated, key=first, default=None)
    open_ = sorted((day for day in facts.asked if answer is None or first(day) > last(answer)), key=first)
    if not open_:
        return Reporting("confirmed", answer, 0) if answer else NEVER_ASKED
    waiting = facts.on < last(open_[-1]) + ANSWER_TIME
    return Reporting("waiting" if waiting else "not_answered", open_[-1], len(open_) - waiting)
