"""Do words and record agree?"""

from __future__ import annotations

import pytest

from portal import data, status
from tests.cooperations import AS_OF, LOI, MOU, RUNNING, TODAY, Part, event, on, record, said, term

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
        False,
    ),
    ("silence contradicts no word", {"declarations": [said("active")]}, "2060-01-01", "active", False),
    (
        "of one day's words the one that is contradicted",
        {"term": term("2010", "2019"), "declarations": [said("active"), said("in_force_claimed")]},
        "2020-01-01",
        "in_force_claimed",
        True,
    ),
    (
        "until the written end both agree with it",
        {"term": term("2010", "2019"), "declarations": [said("active"), said("in_force_claimed")]},
        "2019-12-31",
        "in_force_claimed",
        False,
    ),
    (
        "said to run on without end",
        {"term": term("2012"), "declarations": [said("active"), said("in_force_claimed")]},
        "2060-01-01",
        "in_force_claimed",
        False,
    ),
    (
        "said to run before it begins",
        {"term": term("2019"), "events": [event("planned")], **RUNNING},
        "2018-01-01",
        "in_force_claimed",
        True,
    ),
    ("said to have ended and ended", {"declarations": [said("ended", since="2014")]}, "2018-01-01", "ended", False),
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
        "said none after a visit",
        {"declarations": [said("none_reported")], "events": [event("follow_up", "visit", "2017-03")]},
        "2018-01-01",
        "none_reported",
        False,
    ),
    (
        "said completed and then a visit",
        {"declarations": [said("completed", since="2015")], "events": [event("follow_up", "visit", "2016")]},
        "2018-01-01",
        "completed",
        True,
    ),
    (
        "a visit before the stop",
        {"declarations": [said("halted", since="2015")], "events": [event("follow_up", "visit", "2014")]},
        "2018-01-01",
        "halted",
        False,
    ),
    (
        "the stop itself is no follow-up to it",
        {"declarations": [said("halted", since="2015")], "events": [event("follow_up", "end", "2016")]},
        "2018-01-01",
        "halted",
        False,
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


def test_of_the_papers_only_what_the_calendar_ended_differs_from_its_source() -> None:
    papers = [made for made in data.papers() if made["id"] <= "KS-0020"]
    assert len(papers) == 20
    assert [made["id"] for made in papers if status.assess(made, AS_OF).differs] == []
    assert [made["id"] for made in papers if status.assess(made, TODAY).differs] == ["KS-0001", "KS-0004", "KS-0009"]
