"""What is known of a region?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal import answers, data, status
from portal.status import Period

Part = dict[str, Any]
TODAY = date(2026, 11, 22)


def statement(kind: str, as_of: str = "2017-11", **parts: str) -> Part:
    return {"kind": kind, "as_of": as_of, "text": {"id": "Pernyataan"}, "source": "s1", **parts}


NONE = statement("declared_none", scope_from="2012", scope_to="2017")
FOUND_NONE = statement("found_none", scope_from="2012", scope_to="2017")

CASES: list[tuple[str, list[Part], int, int, str, tuple[str, str | None, int | None]]] = [
    ("nobody said anything", [], 0, 0, "2026-11-22", ("no_data", None, None)),
    (
        "an empty list is not none",
        [statement("context"), statement("found")],
        0,
        0,
        "2026-11-22",
        ("no_data", None, None),
    ),
    ("the region says none", [NONE], 0, 0, "2026-11-22", ("declared_none", "2017-11", 0)),
    ("from its as-of month on", [NONE], 0, 0, "2017-11-01", ("declared_none", "2017-11", 0)),
    ("not before", [NONE], 0, 0, "2017-10-31", ("no_data", None, None)),
    ("a source found none", [statement("role"), FOUND_NONE], 0, 0, "2026-11-22", ("found_none", "2017-11", 1)),
    (
        "the newest statement counts",
        [NONE, statement("found_none", "2020")],
        0,
        0,
        "2026-11-22",
        ("found_none", "2020", 1),
    ),
    ("on one day the region's own", [FOUND_NONE, NONE], 0, 0, "2026-11-22", ("declared_none", "2017-11", 1)),
    ("a verified record", [], 2, 0, "2026-11-22", ("has_records", None, None)),
    ("a later record makes no statement false", [NONE], 1, 0, "2026-11-22", ("has_records", None, None)),
    ("only mentioned", [], 0, 3, "2026-11-22", ("mentioned", None, None)),
    ("mentioned although a source found none", [FOUND_NONE], 0, 1, "2026-11-22", ("mentioned", None, None)),
    ("the region's word above a mention", [NONE], 0, 1, "2026-11-22", ("declared_none", "2017-11", 0)),
]


@pytest.mark.parametrize(
    ("sentence", "statements", "verified", "unverified", "day", "expected"), CASES, ids=[c[0] for c in CASES]
)
def test_the_state_of_a_region(
    sentence: str,
    statements: list[Part],
    verified: int,
    unverified: int,
    day: str,
    expected: tuple[str, str | None, int | None],
) -> None:
    assert status.coverage(statements, verified, unverified, date.fromisoformat(day)) == expected
    assert expected[0] in answers.COVERAGE


PERIODS = [
    ("within", Period(date(2015, 1, 1), date(2016, 1, 1)), "conflicting"),
    ("still open", Period(date(2010, 1, 1), None), "conflicting"),
    ("on the last day", Period(date(2017, 12, 31), None), "conflicting"),
    ("after", Period(date(2018, 1, 1), None), "has_records"),
    ("before", Period(date(2007, 1, 1), date(2011, 12, 31)), "has_records"),
]


@pytest.mark.parametrize(("when", "period", "code"), PERIODS, ids=[case[0] for case in PERIODS])
def test_a_record_of_the_same_period_contradicts_a_statement_of_none(when: str, period: Period, code: str) -> None:
    assert status.coverage([NONE], 1, 0, TODAY, [period]).code == code
    assert status.coverage([FOUND_NONE], 1, 0, TODAY, [period]).code == code


def test_a_statement_without_scope_is_about_all_time_before_it() -> None:
    assert (
        status.coverage([statement("declared_none")], 1, 0, TODAY, [Period(date(1990, 1, 1), None)]).code
        == "conflicting"
    )


def test_the_period_of_a_record_comes_from_its_dates() -> None:
    made = {number["id"]: status.period(number, TODAY) for number in data.papers()}
    assert made["KS-0010"] == (date(2015, 1, 1), date(2015, 12, 31))
    assert made["KS-0011"] == (date(2015, 9, 25), None)
    assert made["KS-0014"] == (date(2007, 2, 19), date(2012, 12, 31))
    assert made["KS-0003"] is None
    assert made["KS-0020"] is None


def test_the_regions_of_the_papers() -> None:
    notes = {note["region"]: note["statements"] for note in data.region_notes()}
    sukoharjo = status.coverage(notes["33.11"], 0, 0, TODAY)
    assert (sukoharjo.code, sukoharjo.as_of) == ("declared_none", "2017-11")
    klaten = status.coverage(notes["33.10"], 0, 0, TODAY)
    assert (klaten.code, klaten.as_of) == ("found_none", "2017-11")
    blora = status.coverage(notes.get("33.16", []), 0, 0, TODAY)
    assert blora == ("no_data", None, None)
    assert status.coverage(notes["33.72"], 4, 0, TODAY).code == "has_records"
