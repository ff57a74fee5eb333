"""Is it in force?"""

from __future__ import annotations

from datetime import date

import pytest

from tests.cooperations import LOI, MOU, RUNNING, Part, event, on, record, said, term, text

TERMS: list[tuple[str, Part, str, str]] = [
    ("before it is signed nothing is known", {"instruments": [MOU]}, "2015-05-31", "unknown"),
    ("signed and not yet effective is pending", {"instruments": [MOU]}, "2015-06-30", "pending"),
    ("the first day is in force", {"instruments": [MOU]}, "2015-07-01", "in_force"),
    ("the last day is in force", {"instruments": [MOU]}, "2020-06-30", "in_force"),
    ("the day after it has ended", {"instruments": [MOU]}, "2020-07-01", "ended"),
    ("a year as start has begun on its first day", {"term": term("2012", "2014")}, "2012-01-01", "in_force_claimed"),
    ("a year as end lasts to its last day", {"term": term("2012", "2014")}, "2014-12-31", "in_force_claimed"),
    ("and not a day longer", {"term": term("2012", "2014")}, "2015-01-01", "ended"),
    ("a month as end lasts to its last day", {"term": term("2012", "2016-02")}, "2016-02-29", "in_force_claimed"),
    ("before a stated period nothing is known", {"term": term("2012", "2014")}, "2011-12-31", "unknown"),
    ("a start alone says nothing", {"term": term("2012")}, "2017-11-30", "unknown"),
    (
        "a claim reaches back to the start of the term",
        {"term": term("2012"), **RUNNING},
        "2012-01-01",
        "in_force_claimed",
    ),
    ("but not beyond it", {"term": term("2012"), **RUNNING}, "2011-12-31", "unknown"),
    (
        "a claim since a day reaches back to that day",
        {"declarations": [said("in_force_claimed", since="2014-05")]},
        "2014-05-01",
        "in_force_claimed",
    ),
    ("a claim without any start counts from its as-of month", RUNNING, "2017-11-01", "in_force_claimed"),
    ("and not before", RUNNING, "2017-10-31", "unknown"),
    ("a claim never outlasts the written term", {"term": term("2012", "2016"), **RUNNING}, "2017-11-30", "ended"),
    (
        "a reported text without dates is unknown",
        {"term": term("2012"), "instruments": [text(signing="reported", signed_on="2012")]},
        "2013-01-01",
        "unknown",
    ),
    (
        "a text on file takes the term of the record",
        {"term": term("2012"), "instruments": [text(signed_on="2012")]},
        "2013-01-01",
        "in_force",
    ),
    (
        "a reported text within the term is said to run",
        {"term": term("2012", "2016"), "instruments": [text(signing="reported")]},
        "2017-11-01",
        "ended",
    ),
    (
        "a text on file that is said to run is in force",
        {"instruments": [text(signed_on="2012")], **RUNNING},
        "2017-12-01",
        "in_force",
    ),
    (
        "a plan with a term is not in force",
        {"term": term("2016", "2018"), "events": [event("planned")]},
        "2017-12-01",
        "none",
    ),
    ("an LoI with a term is not in force", {"term": term("2016", "2018"), "instruments": [LOI]}, "2017-12-01", "none"),
    (
        "an LoI that names its end is not in force",
        {"instruments": [LOI | {"ends_on": {"date": "2030", "basis": "stated"}}]},
        "2017-12-01",
        "none",
    ),
    (
        "a stated end ends a text early",
        {"instruments": [MOU], "declarations": [said("ended", since="2016-03-01")]},
        "2016-03-01",
        "ended",
    ),
    (
        "but not before that day",
        {"instruments": [MOU], "declarations": [said("ended", since="2016-03-01")]},
        "2016-02-29",
        "in_force",
    ),
    (
        "a new text after a stated end is in force",
        {"instruments": [MOU], "declarations": [said("ended", "2014", since="2014")]},
        "2016-01-01",
        "in_force",
    ),
    (
        "an ended run that is said to run again",
        {"declarations": [said("ended", since="2012"), said("in_force_claimed", "2020", since="2019")]},
        "2019-01-01",
        "in_force_claimed",
    ),
    (
        "rests in between",
        {"declarations": [said("ended", since="2012"), said("in_force_claimed", "2020", since="2019")]},
        "2015-01-01",
        "ended",
    ),
    ("a written length is counted", {"term": term("2015-09-10", months=96), **RUNNING}, "2023-09-10", "ended"),
    (
        "from the last day the start may mean",
        {"term": term("2015", months=96), **RUNNING},
        "2023-12-29",
        "in_force_claimed",
    ),
]


@pytest.mark.parametrize(("sentence", "parts", "day", "expected"), TERMS, ids=[case[0] for case in TERMS])
def test_validity(sentence: str, parts: Part, day: str, expected: str) -> None:
    assert on(day, record(**parts)).validity == expected


def test_any_text_in_force_decides_for_the_whole() -> None:
    old = MOU | {"key": "i1"}
    new = text(
        key="i2", signed_on="2020-01-01", effective_from="2020-01-01", ends_on={"date": "2025", "basis": "stated"}
    )
    whole = record(instruments=[old, new])
    assert on("2020-03-01", whole).ends == "2025"
    assert on("2021-01-01", whole).validity == "in_force"
    assert (on("2026-01-01", whole).validity, on("2026-01-01", whole).ends) == ("ended", "2025")


def test_without_any_in_force_the_latest_text_decides() -> None:
    later = text(key="i2", signed_on="2022")
    assert on("2023-01-01", record(instruments=[MOU, later])).validity == "unknown"
    coming = text(key="i2", signed_on="2022", effective_from="2024")
    assert on("2023-01-01", record(instruments=[MOU, coming])).validity == "pending"


def test_a_renewal_keeps_it_in_force_and_says_so() -> None:
    renewal = event("follow_up", "renewal", "2016-10-01")
    whole = record(term=term("2012", "2016"), events=[renewal], **RUNNING)
    assert on("2016-09-30", whole).status == "in_force"
    assert on("2018-01-01", whole).status == "in_force_renewed"
    assert on("2018-01-01", whole).renewed
    assert on("2018-01-01", whole).ends is None


def test_a_late_renewal_does_not_mend_the_gap() -> None:
    whole = record(term=term("2012", "2016"), events=[event("follow_up", "renewal", "2018-02-01")], **RUNNING)
    assert on("2017-06-01", whole).status == "expired"
    assert on("2018-02-01", whole).status == "in_force_renewed"


def test_an_end_long_after_the_renewal_is_the_end_of_the_renewed_term() -> None:
    whole = record(term=term("2012", "2021"), events=[event("follow_up", "renewal", "2016-12-01")], **RUNNING)
    assert on("2021-12-31", whole).status == "in_force_renewed"
    assert on("2022-01-01", whole).status == "expired"


def test_a_renewal_text_with_its_own_end_expires_then() -> None:
    renewal = text(
        "renewal", key="i2", renews="i1", signed_on="2020-06-01", ends_on={"date": "2025", "basis": "stated"}
    )
    whole = record(instruments=[MOU, renewal])
    assert on("2021-01-01", whole).status == "in_force_renewed"
    assert on("2026-01-01", whole).status == "expired"


def test_a_letter_of_intent_renews_nothing() -> None:
    whole = record(instruments=[MOU, LOI | {"key": "i2", "renews": "i1"}])
    assert not on("2021-01-01", whole).renewed
    assert on("2021-01-01", whole).status == "expired"


def test_automatic_renewal_moves_the_end_by_the_length_of_the_term() -> None:
    whole = record(
        term=term("2015-01-01", "2017-12-31", automatic_renewal="yes", notice_months=6), instruments=[text()]
    )
    assert (on("2017-12-31", whole).ends, on("2017-12-31", whole).notice_by) == ("2017-12-31", date(2017, 6, 30))
    assert (on("2018-01-01", whole).ends, on("2018-01-01", whole).validity) == ("2020-12-31", "in_force")
    assert (on("2026-11-22", whole).ends, on("2026-11-22", whole).ends_basis) == ("2026-12-31", "computed")
    assert on("2026-11-22", whole).notice_by == date(2026, 6, 30)
    assert not on("2026-11-22", whole).renewed


def test_automatic_renewal_ends_by_a_stated_end() -> None:
    whole = record(
        term=term("2015-01-01", "2017-12-31", automatic_renewal="yes"),
        instruments=[text()],
        declarations=[said("ended", "2019", since="2019-05-01", reason="unilateral_end")],
    )
    assert on("2019-04-30", whole).validity == "in_force"
    assert (on("2019-05-01", whole).status, on("2019-05-01", whole).ends) == ("terminated", "2019-05-01")


def test_automatic_renewal_unknown_or_no_does_not_renew() -> None:
    for answer in ("no", "unknown"):
        assert (
            on("2018-01-01", record(term=term("2015", "2017", automatic_renewal=answer), **RUNNING)).status == "expired"
        )


def test_a_stated_end_at_the_end_of_the_term_is_the_calendar() -> None:
    whole = record(term=term("2015-01-01", "2015-12-31"), declarations=[said("ended", since="2015")])
    assert on("2016-01-01", whole).status == "expired"
