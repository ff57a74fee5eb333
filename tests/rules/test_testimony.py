"""Do words and record agree?"""

from __future__ import annotations

import pytest

from tests.cooperations import LOI, MOU, RUNNING, Part, event, on, record, said, term

DIFFERS: list[tuple[str, Part, str, str | None, bool]] = [
    ("nothing said", {}, "2018-01-01", None, False),
    ("said to run and running", RUNNING, "2018-01-01", "in_force_claimed", False),
    (
        "said to run after the written end",
        {"term": term("2010", "2015"), **RUNNING},
        "2018-01-01",
        "in_force_claimed",
        True,
    ),
    (
        "said to have ended before a new text",
        {"instruments": [MOU], "declarations": [said("ended", "2014", since="2014")]},
        "2018-01-01",
        "ended",
        True,
    ),
    (
        "said active with a recent act",
        {"declarations": [said("active")], "events": [event("follow_up", "visit", "2017-03")]},
        "2018-01-01",
        "active",
        False,
    ),
    (
        "said active with an old act",
        {"declarations": [said("active")], "events": [event("follow_up", "visit", "2014")]},
        "2018-01-01",
        "active",
        True,
    ),
    ("said active with no act", {"declarations": [said("active")]}, "2018-01-01", "active", True),
    (
        "said none and none",
        {"instruments": [LOI], "declarations": [said("none_reported")]},
        "2018-01-01",
        "none_reported",
        False,
    ),
    (
        "said none and then a visit",
        {"declarations": [said("none_reported")], "events": [event("follow_up", "visit", "2018-03")]},
        "2025-01-01",
        "none_reported",
        True,
    ),
    (
        "said none beside a recent visit",
        {"declarations": [said("none_reported")], "events": [event("follow_up", "visit", "2017-03")]},
        "2018-01-01",
        "none_reported",
        True,
    ),
    (
        "said halted and then a visit",
        {"declarations": [said("halted")], "events": [event("follow_up", "visit", "2019")]},
        "2020-01-01",
        "halted",
        True,
    ),
    ("said halted", {"declarations": [said("halted")]}, "2020-01-01", "halted", False),
    (
        "the newest word counts",
        {"declarations": [said("none_reported"), said("in_force_claimed", "2020-01-01", "agency")]},
        "2020-02-01",
        "in_force_claimed",
        False,
    ),
    (
        "on one day the agency before the source",
        {"declarations": [said("none_reported", "2018-01-01"), said("halted", "2018-01-01", "agency")]},
        "2018-02-01",
        "halted",
        False,
    ),
    ("a word said later about this day", {"term": term("2012"), **RUNNING}, "2014-01-01", "in_force_claimed", False),
]


@pytest.mark.parametrize(("sentence", "parts", "day", "value", "differs"), DIFFERS, ids=[case[0] for case in DIFFERS])
def test_words_stand_beside_the_record(sentence: str, parts: Part, day: str, value: str | None, differs: bool) -> None:
    answered = on(day, record(**parts))
    assert (answered.declared, answered.differs) == (value, differs)
