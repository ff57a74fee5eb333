"""Which rule applied? For every text the legal regime of the day of its signing, from the table of domain 2.1.

The regime never changes with time. Where the precision of the date covers a change of law, every rule it may mean is
named. The portal says which rule applied, never that one was broken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from portal import data
from portal.facts import Facts, facts, first, last, step_of
from portal.procedure import stage
from portal.record import Document
from portal.validity import validity

_CONCLUDED = frozenset({"done", "disputed"})
_SIGNINGS = ("intent", "signed")


class Regime(NamedTuple):
    """Codes of the data table, how sure that is (known, ambiguous, not_signed, unknown), and the date it rests on.

    ``basis`` says what the partial date ``day`` is: signed_on, renewal or start_date; both are empty without a date.
    """

    codes: tuple[str, ...]
    state: str
    basis: str = ""
    day: str = ""


UNKNOWN, NOT_SIGNED = Regime((), "unknown"), Regime((), "not_signed")


class Rule(NamedTuple):
    """One row of the table; both days are included."""

    code: str
    valid_from: date
    valid_to: date


def regime(record: Document) -> Regime:
    """The rule of the text or step that the highest stage rests on; without any that of the start of the term."""
    return _headline(facts(record, date.max))


def regimes(record: Document) -> tuple[tuple[str, Regime], ...]:
    """The rule of every text by its key, in the record's order; under an empty key what no text on record stands for.

    Those are signings and renewals told of without a text, and a rule of the headline (`regime`) that is not the one
    of a text: the headline is always among them.
    """
    known = facts(record, date.max)
    made = Counter(step_of(text.kind) for text in known.texts if not text.renews)
    found = [(text["key"], _of_text(text, known, made)) for text in record.get("instruments", ())]
    for ruled in _without_text(known, made):
        if all(ruled != listed for _, listed in found):
            found.append(("", ruled))
    return tuple(found)


def _without_text(known: Facts, made: Mapping[str, int]) -> Iterator[Regime]:
    yield _headline(known)
    for code in _SIGNINGS:
        if code not in made and code in known.steps and known.steps[code].state in _CONCLUDED:
            yield _of_step(code, known)
    renewed_on = [text.signed_on for text in known.texts if text.renews and text.signed_on]
    for act in known.follow_ups:
        if act.kind == "renewal" and act.date and not any(_may_be_one(act.date, day) for day in renewed_on):
            yield _at(act.date, "renewal")


def _may_be_one(day: str, other: str) -> bool:
    """True where one of two partial dates lies within the other."""
    return day.startswith(other) or other.startswith(day)


def _headline(known: Facts) -> Regime:
    at = stage(known)
    if at.code in _SIGNINGS and at.state in _CONCLUDED:
        return _of_step(at.code, known)
    dated = [text.signed_on for text in known.texts if text.signed_on and step_of(text.kind)]
    if at.code is None and dated:
        return _at(max(dated, key=first), "signed_on")
    if validity(known).state == "none":
        return NOT_SIGNED if at.code is not None or not known.texts else UNKNOWN
    return _of_start(known)


def _of_step(code: str, known: Facts) -> Regime:
    """By the day of the step, of its text where that is known more precisely, else by the start."""
    texts = [text for text in known.texts if step_of(text.kind) == code and not text.renews]
    signed_on = [text.signed_on for text in texts if text.signed_on]
    told = known.steps[code].date
    if told:
        return _at(max([told, *(day for day in signed_on if day.startswith(told))], key=len), "signed_on")
    if signed_on:
        return _at(signed_on[0], "signed_on")
    effective = next((text.effective_from for text in texts if text.effective_from), None)
    if effective:
        return _at(effective, "start_date")
    return _of_start(known) if code == "signed" else UNKNOWN


def _of_text(text: Document, known: Facts, made: Mapping[str, int]) -> Regime:
    """By the day of its signing or its first day; the only text of its step is dated by that step, too."""
    if text.get("signed_on"):
        return _at(text["signed_on"], "signed_on")
    if text["signing"] == "none":
        return NOT_SIGNED
    if text.get("effective_from"):
        return _at(text["effective_from"], "start_date")
    code = step_of(text["kind"])
    renews = text["kind"] == "renewal" or "renews" in text
    alone = not renews and made[code] == 1 and code in known.steps and known.steps[code].state in _CONCLUDED
    return _of_step(code, known) if alone else UNKNOWN


def _of_start(known: Facts) -> Regime:
    start = known.term.get("start", {})
    return _at(start["date"], "start_date") if start.get("date") and not start.get("uncertain") else UNKNOWN


def _at(day: str, basis: str) -> Regime:
    codes = tuple(rule.code for rule in _rules() if rule.valid_from <= last(day) and first(day) <= rule.valid_to)
    if not codes:
        return UNKNOWN
    return Regime(codes, "known" if len(codes) == 1 else "ambiguous", basis, day)


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    return tuple(rules(data.legal_regimes()))


def rules(rows: Iterable[Mapping[str, str]]) -> Iterable[Rule]:
    """The rows of the table as intervals; an empty ``valid_from`` or ``valid_to`` is open."""
    for row in rows:
        begins, ends = row["valid_from"], row["valid_to"]
        yield Rule(row["code"], first(begins) if begins else date.min, last(ends) if ends else date.max)
