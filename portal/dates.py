"""What does a date known to the day, the month or only the year mean?

A partial date is a string, never padded: ``2015``, ``2015-09`` or ``2015-09-25`` (the calendar forms of ISO 8601;
EDTF level 0). It stands for the interval of days it covers.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

PATTERN = r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
_FORM = re.compile(PATTERN)
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True, slots=True)
class Age:
    """Whole years and months between two days; ``exact`` is false when the start is known only to the year."""

    years: int
    months: int
    exact: bool


def is_partial_date(text: object) -> bool:
    """True for a well-formed partial date of a day that exists."""
    return isinstance(text, str) and _is_partial_date(text)


@lru_cache(maxsize=1 << 15)
def _is_partial_date(text: str) -> bool:
    if not _FORM.fullmatch(text):
        return False
    if len(text) < 10:
        return True
    year, month, day = (int(part) for part in text.split("-"))
    return day <= calendar.monthrange(year, month)[1]


def precision(text: str) -> str:
    """``year``, ``month`` or ``day``."""
    return _PRECISIONS[len(text)]


@lru_cache(maxsize=1 << 15)
def earliest(text: str) -> date:
    """The first day a partial date may mean."""
    parts = [int(part) for part in text.split("-")]
    year, month, day = [*parts, 1, 1][:3]
    return date(year, month, day)


@lru_cache(maxsize=1 << 15)
def latest(text: str) -> date:
    """The last day a partial date may mean."""
    parts = [int(part) for part in text.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return date(year, month, day)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later (or earlier), or the last day of that month where it has none."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def term_end(start: str, months: int) -> str:
    """The last day of a term of ``months`` that begins at ``start``, no more precise than the start."""
    end = add_months(earliest(start), months) - timedelta(days=1)
    return end.isoformat()[: len(start)]


@lru_cache(maxsize=8192)
def age(since: str, on: date) -> Age:
    """The time from a partial date to a day, counted from the latest day the date may mean, so never too much."""
    start = min(latest(since), on) if precision(since) != "year" else earliest(since)
    months = (on.year - start.year) * 12 + on.month - start.month - (on.day < start.day)
    if precision(since) == "year":
        return Age(on.year - start.year, 0, exact=False)
    return Age(max(months, 0) // 12, max(months, 0) % 12, exact=True)
