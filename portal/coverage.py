"""What is known of a region? Cooperation, a dated statement that there is none, or nothing (domain 7.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from portal.facts import facts, first, last
from portal.record import Document
from portal.validity import validity

_NONE = ("declared_none", "found_none")


class Coverage(NamedTuple):
    """A word of answers.COVERAGE; for statements of none their as-of date and place in the list."""

    code: str
    as_of: str | None = None
    statement: int | None = None


class Period(NamedTuple):
    """The days a cooperation existed; an open side is None."""

    since: date
    until: date | None


def coverage(
    statements: Sequence[Document], verified: int, unverified: int, on: date, periods: Iterable[Period] = ()
) -> Coverage:
    """The state of a region on a day, from its statements and the numbers of its records.

    ``verified`` counts existing agreements, ``unverified`` those that are unverified or only planned. ``periods`` are
    those of the verified records: only with them can a contradiction be seen, since a later record does not make an
    earlier statement false. The region's own word stands above an unverified mention, a source's search below it.
    """
    place = _newest(statements, on)
    said = statements[place] if place is not None else None
    if verified:
        if said is not None and any(_meets(said, period) for period in periods):
            return Coverage("conflicting", said["as_of"], place)
        return Coverage("has_records")
    if said is not None and (said["kind"] == "declared_none" or not unverified):
        return Coverage(said["kind"], said["as_of"], place)
    return Coverage("mentioned" if unverified else "no_data")


def period(record: Document, on: date) -> Period | None:
    """The days a record's cooperation existed, as far as its dates tell on a day; None without any date."""
    known = facts(record, on)
    answer = validity(known)
    dated = [answer.starts, *(text.begins for text in known.texts)]
    dated += [known.steps[code].date for code in ("intent", "signed") if code in known.steps]
    days = [first(day) for day in dated if day]
    if not days:
        return None
    return Period(min(days), last(answer.ends) if answer.state == "ended" and answer.ends else None)


def _newest(statements: Sequence[Any], on: date) -> int | None:
    best: int | None = None
    for place, said in enumerate(statements):
        if said["kind"] not in _NONE or first(said["as_of"]) > on:
            continue
        if best is None or _rank(said) > _rank(statements[best]):
            best = place
    return best


def _rank(said: Document) -> tuple[date, bool]:
    return first(said["as_of"]), said["kind"] == "declared_none"


def _meets(said: Document, period: Period) -> bool:
    """True where a cooperation existed within the period a statement of none is about."""
    until = last(said.get("scope_to") or said["as_of"])
    if period.since > until:
        return False
    return "scope_from" not in said or period.until is None or period.until >= first(said["scope_from"])
