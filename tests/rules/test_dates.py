"""What does a date known to the day, the month or only the year mean?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import dates
from portal.dates import Age
from portal.facts import reached

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
PARTIAL = st.builds(lambda day, length: day.isoformat()[:length], DAYS, st.sampled_from([4, 7, 10]))

GOOD = ["2015", "2015-09", "2015-09-25", "2016-02-29", "1960-05-24", "2000-02-29"]
BAD = [
    "",
    "15",
    "2015-9",
    "2015-13",
    "2015-00",
    "2015-09-31",
    "2015-02-29",
    "1900-02-29",
    "2015-09-00",
    "2015/09",
    "September 2015",
    "0999",
    "3000",
    "2015-09-25T00:00",
    "20150925",
    " 2015",
    "2015 ",
    "２０１５",
    2015,
    None,
    ["2015"],
]


@pytest.mark.parametrize("text", GOOD)
def test_these_are_partial_dates(text: str) -> None:
    assert dates.is_partial_date(text)


@pytest.mark.parametrize("text", BAD, ids=repr)
def test_these_are_not(text: object) -> None:
    assert not dates.is_partial_date(text)


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2015", "year", date(2015, 1, 1), date(2015, 12, 31)),
        ("2015-09", "month", date(2015, 9, 1), date(2015, 9, 30)),
        ("2016-02", "month", date(2016, 2, 1), date(2016, 2, 29)),
        ("2015-12", "month", date(2015, 12, 1), date(2015, 12, 31)),
        ("2015-09-25", "day", date(2015, 9, 25), date(2015, 9, 25)),
    ],
)
def test_a_partial_date_is_the_days_it_covers(text: str, precision: str, first: date, last: date) -> None:
    assert (dates.precision(text), dates.earliest(text), dates.latest(text)) == (precision, first, last)


@given(PARTIAL)
def test_every_partial_date_begins_before_it_ends_and_is_never_padded(text: str) -> None:
    first, last = dates.earliest(text), dates.latest(text)
    assert first <= last
    assert first.isoformat().startswith(text)
    assert last.isoformat().startswith(text)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2015, 9, 10), 96, date(2023, 9, 10)),
        (date(2015, 1, 31), 1, date(2015, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2015, 12, 31), 2, date(2016, 2, 29)),
        (date(2015, 1, 15), -1, date(2014, 12, 15)),
        (date(2015, 3, 31), -1, date(2015, 2, 28)),
        (date(2015, 3, 31), 0, date(2015, 3, 31)),
    ],
)
def test_months_are_added_by_the_calendar(day: date, months: int, expected: date) -> None:
    assert dates.add_months(day, months) == expected


@given(DAYS, st.integers(-600, 600))
def test_adding_months_keeps_the_month_right(day: date, months: int) -> None:
    added = dates.add_months(day, months)
    assert (added.year * 12 + added.month) - (day.year * 12 + day.month) == months
    assert added.day <= day.day


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2015-09-10", 96, "2023-09-09"),
        ("2015-01-01", 12, "2015-12-31"),
        ("2016-03-01", 60, "2021-02-28"),
        ("2012-01-31", 1, "2012-02-28"),
    ],
)
def test_a_term_ends_on_the_day_before_its_anniversary(start: str, months: int, expected: str) -> None:
    assert dates.term_end(start, months) == expected


@given(PARTIAL, st.integers(1, 240))
def test_a_computed_end_is_no_more_precise_than_its_start(start: str, months: int) -> None:
    assert dates.precision(dates.term_end(start, months)) == dates.precision(start)


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("since", "on", "expected"),
    [
        ("2015-09-25", TODAY, Age(11, 1, exact=True)),
        ("2015-11-22", TODAY, Age(11, 0, exact=True)),
        ("2015-11-23", TODAY, Age(10, 11, exact=True)),
        ("2017-11", TODAY, Age(8, 11, exact=True)),
        ("2017-10", TODAY, Age(9, 0, exact=True)),
        ("2026-11", TODAY, Age(0, 0, exact=True)),
        ("2012", TODAY, Age(14, 0, exact=False)),
        ("2026", TODAY, Age(0, 0, exact=False)),
    ],
)
def test_an_age_is_honest_about_precision(since: str, on: date, expected: Age) -> None:
    assert dates.age(since, on) == expected


@given(PARTIAL, st.integers(1, 60))
def test_an_age_in_months_is_reached_on_the_first_day_that_age_is_shown(since: str, months: int) -> None:
    day = reached(since, months)
    start = dates.latest(since).isoformat()
    before, after = dates.age(start, date.fromordinal(day.toordinal() - 1)), dates.age(start, day)
    assert before.years * 12 + before.months == months - 1
    assert after.years * 12 + after.months == months
