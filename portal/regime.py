"""Which rule applied? The legal regime of the day of signing, from the table of domain 2.1.

The regime never changes with time. Where the precision of the date covers a change of law, every rule it may mean is
named. The portal says which rule applied, never that one was broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from portal import data
from portal.facts import Facts, facts, first, last
from portal.record import Document
from portal.validity import validity

_CONCLUDED = frozenset({"done", "disputed"})


class Regime(NamedTuple):
    """Codes of the data table, how sure that is (known, ambiguous, not_signed, unknown), and the date it rests on."""

    codes: tuple[str, ...]
    state: str
    basis: str = ""


class Rule(NamedTuple):
    """One row of the table; both days are included."""

    code: str
    valid_from: date
    valid_to: date


def regime(record: Document) -> Regime:
    """The rule by the newest signing (of a binding text, an LoI or a renewal), else by the start of the term."""
    known = facts(record, date.max)
    signed_on = _signed_on(known)
    if signed_on:
        return _at(signed_on, "signed_on")
    start = record.get("term", {}).get("start", {})
    not_yet = validity(known).state == "none"
    if start.get("date") and not start.get("uncertain") and not not_yet:
        return _at(start["date"], "start_date")
    return Regime((), "not_signed" if not_yet and not known.texts else "unknown")


def _signed_on(known: Facts) -> str | None:
    days = [text.signed_on for text in known.texts if text.binding or text.kind == "loi"]
    days += [act.date for act in known.follow_ups if act.kind == "renewal"]
    for code in ("intent", "signed"):
        step = known.steps.get(code)
        if step is not None and step.state in _CONCLUDED:
            days.append(step.date)
    return max((day for day in days if day), key=first, default=None)


def _at(day: str, basis: str) -> Regime:
    codes = tuple(rule.code for rule in _rules() if rule.valid_from <= last(day) and first(day) <= rule.valid_to)
    if not codes:
        return Regime((), "unknown")
    return Regime(codes, "known" if len(codes) == 1 else "ambiguous", basis)


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    return tuple(rules(data.legal_regimes()))


def rules(rows: Iterable[Mapping[str, str]]) -> Iterable[Rule]:
    """The rows of the table as intervals; an empty ``valid_from`` or ``valid_to`` is open."""
    for row in rows:
        begins, ends = row["valid_from"], row["valid_to"]
        yield Rule(row["code"], first(begins) if begins else date.min, last(ends) if ends else date.max)
