"""Any news, any activity, or only silence?"""

from __future__ import annotations

import pytest

from portal import answers
from tests.cooperations import LOI, RUNNING, Part, event, on, record, said, step, term, text

DOING: list[tuple[str, Part, str, str]] = [
    ("silence is no report", {"instruments": [LOI]}, "2026-01-01", "no_information"),
    (
        "nothing signed has no activity yet",
        {"milestones": [step("text", "in_progress")]},
        "2017-12-01",
        "not_applicable",
    ),
    (
        "an exploring visit is no activity yet",
        {"milestones": [step("exploration")], "events": [event("follow_up", "visit", "2017-10")]},
        "2017-12-01",
        "not_applicable",
    ),
    (
        "a follow-up is activity",
        {"instruments": [LOI], "events": [event("follow_up", "visit", "2017-05-02")]},
        "2018-05-01",
        "active",
    ),
    (
        "for twelve months",
        {"instruments": [LOI], "events": [event("follow_up", "visit", "2017-05-02")]},
        "2018-05-02",
        "no_information",
    ),
    (
        "a year counts from its last day",
        {"instruments": [LOI], "events": [event("follow_up", "visit", "2016")]},
        "2017-12-30",
        "active",
    ),
    (
        "a plan is no activity",
        {"instruments": [LOI], "events": [event("planned", "visit", "2017-05")]},
        "2017-06-01",
        "no_information",
    ),
    (
        "a study is no activity",
        {"instruments": [LOI], "events": [event("observation", "study", "2017-05")]},
        "2017-06-01",
        "no_information",
    ),
    ("said to run is activity", RUNNING, "2018-11-29", "active"),
    ("for twelve months after its as-of month", RUNNING, "2018-11-30", "no_information"),
    ("said active is activity", {"declarations": [said("active")]}, "2017-12-01", "active"),
    ("but not before it was said", {"term": term("2012"), **RUNNING}, "2015-01-01", "no_information"),
    (
        "said to run, on the same day said not to follow",
        {"declarations": [said("none_reported"), said("in_force_claimed")]},
        "2017-12-01",
        "none_reported",
    ),
    ("none stays none", {"instruments": [LOI], "declarations": [said("none_reported")]}, "2060-01-01", "none_reported"),
    (
        "none is lifted by a later follow-up",
        {
            "instruments": [LOI],
            "declarations": [said("none_reported")],
            "events": [event("follow_up", "visit", "2018-03")],
        },
        "2018-04-01",
        "active",
    ),
    (
        "and is then silence again",
        {
            "instruments": [LOI],
            "declarations": [said("none_reported")],
            "events": [event("follow_up", "visit", "2018-03")],
        },
        "2026-01-01",
        "no_information",
    ),
    (
        "an earlier follow-up does not lift none",
        {
            "instruments": [LOI],
            "declarations": [said("none_reported")],
            "events": [event("follow_up", "visit", "2017-03")],
        },
        "2017-12-01",
        "none_reported",
    ),
    (
        "none is lifted by a later statement",
        {"instruments": [LOI], "declarations": [said("none_reported"), said("active", "2019-02-01", "agency")]},
        "2019-03-01",
        "active",
    ),
    ("halted since counts from then", {"declarations": [said("halted", since="2012")]}, "2012-01-01", "halted"),
    (
        "halted without since counts from its as-of month",
        {"declarations": [said("halted")]},
        "2017-10-31",
        "no_information",
    ),
    ("halted stays halted", {"declarations": [said("halted")]}, "2040-01-01", "halted"),
    ("completed stays completed", {"declarations": [said("completed")]}, "2040-01-01", "completed"),
    (
        "the agency's none after two years is dormant",
        {"instruments": [LOI], "declarations": [said("none_reported", "2018-02-01", "agency")]},
        "2018-02-01",
        "dormant",
    ),
    (
        "within two years of signing it is not",
        {
            "instruments": [text("loi", signed_on="2017-01-01")],
            "declarations": [said("none_reported", "2018-02-01", "agency")],
        },
        "2018-12-31",
        "none_reported",
    ),
    (
        "a source's none is never dormant",
        {"instruments": [LOI], "declarations": [said("none_reported")]},
        "2026-01-01",
        "none_reported",
    ),
    (
        "an answer without activity is dormant",
        {"instruments": [LOI], "events": [event("request", "answered", "2018-06-01")]},
        "2018-06-01",
        "dormant",
    ),
    (
        "a question alone is not",
        {"instruments": [LOI], "events": [event("request", "asked", "2018-06-01")]},
        "2018-06-01",
        "no_information",
    ),
    (
        "an answer with activity is not",
        {
            "instruments": [LOI],
            "events": [event("request", "answered", "2018-06-01")],
            "declarations": [said("active", "2018-06-01", "agency")],
        },
        "2020-06-01",
        "no_information",
    ),
    (
        "nor within two years of a follow-up",
        {
            "instruments": [LOI],
            "events": [event("follow_up", "visit", "2018-05-01"), event("request", "answered", "2018-06-01")],
        },
        "2019-06-01",
        "no_information",
    ),
    (
        "what was never signed is not dormant",
        {"term": term("2010"), "declarations": [said("none_reported", "2018", "agency")]},
        "2026-01-01",
        "none_reported",
    ),
    ("after the end there is only silence", {"term": term("2010", "2017"), **RUNNING}, "2018-01-01", "no_information"),
]


@pytest.mark.parametrize(("sentence", "parts", "day", "expected"), DOING, ids=[case[0] for case in DOING])
def test_activity(sentence: str, parts: Part, day: str, expected: str) -> None:
    assert on(day, record(**parts)).activity == expected


NEWS: list[tuple[str, Part, str, str | None, str | None, str]] = [
    ("nothing dated", {}, "2026-01-01", None, None, "tanpa_tanggal"),
    ("a signing", {"instruments": [text(signed_on="2016-02-29")]}, "2018-02-28", "2016-02-29", "signing", "ada"),
    (
        "two years later",
        {"instruments": [text(signed_on="2016-02-29")]},
        "2018-03-01",
        "2016-02-29",
        "signing",
        "tanpa",
    ),
    ("an LoI", {"instruments": [LOI]}, "2016-01-01", "2015-09-25", "loi", "ada"),
    ("an LoI step", {"milestones": [step("intent", date="2015")]}, "2016-01-01", "2015", "loi", "ada"),
    (
        "a text of unknown kind",
        {"instruments": [text("unknown", signed_on="2012")]},
        "2013-01-01",
        "2012",
        "agreement",
        "ada",
    ),
    (
        "a disputed signing",
        {"milestones": [step("signed", "disputed", date="2012")]},
        "2013-01-01",
        "2012",
        "agreement",
        "ada",
    ),
    (
        "a renewal text",
        {"instruments": [text("renewal", signed_on="2017-10-30")]},
        "2017-11-30",
        "2017-10-30",
        "renewal",
        "ada",
    ),
    (
        "a renewal",
        {"events": [event("follow_up", "renewal", "2017-10-30")]},
        "2017-11-30",
        "2017-10-30",
        "renewal",
        "ada",
    ),
    ("a start", {"term": term("2012")}, "2017-11-30", "2012", "start", "tanpa"),
    ("a year is silent only when all of it is", {"term": term("2012")}, "2014-12-30", "2012", "start", "ada"),
    (
        "an uncertain start is none",
        {"term": {"start": {"date": "2012", "basis": "stated", "uncertain": True}}, **RUNNING},
        "2026-11-22",
        None,
        None,
        "tanpa_tanggal",
    ),
    (
        "but a signing of the same year is",
        {
            "term": {"start": {"date": "2012", "basis": "stated", "uncertain": True}},
            "instruments": [text(signed_on="2012")],
        },
        "2013-01-01",
        "2012",
        "signing",
        "ada",
    ),
    ("a dated step", {"milestones": [step("text", date="2017-10")]}, "2017-11-30", "2017-10", "step", "ada"),
    (
        "the day a study found a step is none",
        {"milestones": [step("text", "in_progress", as_of="2017-11")]},
        "2017-11-30",
        None,
        None,
        "tanpa_tanggal",
    ),
    (
        "though silence is counted from it",
        {"milestones": [step("text", "in_progress", as_of="2017-11")]},
        "2019-11-30",
        None,
        None,
        "tanpa",
    ),
    (
        "an inferred step is nobody's act",
        {"milestones": [step("signed", evidence="inferred", as_of="2017-11")]},
        "2017-11-30",
        None,
        None,
        "tanpa_tanggal",
    ),
    (
        "a report of the agency",
        {"declarations": [said("active", "2018-02-03", "agency")]},
        "2018-03-01",
        "2018-02-03",
        "report",
        "ada",
    ),
    (
        "a confirmation of the agency is none",
        {"declarations": [said("in_force_claimed", "2018-02-03", "agency")]},
        "2018-03-01",
        None,
        None,
        "tanpa_tanggal",
    ),
    (
        "a confirmation does not end a silence",
        {"instruments": [LOI], "declarations": [said("in_force_claimed", "2018-02-03", "agency")]},
        "2018-03-01",
        "2015-09-25",
        "loi",
        "tanpa",
    ),
    (
        "that there was nothing is none",
        {"instruments": [LOI], "declarations": [said("none_reported", "2018-02-03", "agency")]},
        "2018-03-01",
        "2015-09-25",
        "loi",
        "tanpa",
    ),
    ("a statement of a source is none", RUNNING, "2017-12-01", None, None, "tanpa_tanggal"),
    (
        "a study is none",
        {"events": [event("observation", "study", "2017-05")]},
        "2017-12-01",
        None,
        None,
        "tanpa_tanggal",
    ),
    (
        "a press report is none",
        {"events": [event("observation", "press", "2017-05")]},
        "2017-12-01",
        None,
        None,
        "tanpa_tanggal",
    ),
    (
        "our question is none",
        {"events": [event("request", "asked", "2017-05")]},
        "2017-12-01",
        None,
        None,
        "tanpa_tanggal",
    ),
    (
        "of two the newest",
        {"instruments": [LOI], "events": [event("follow_up", "visit", "2016-01")]},
        "2017-12-01",
        "2016-01",
        "follow_up",
        "ada",
    ),
    ("of one year the day", {"term": term("2015"), "instruments": [LOI]}, "2016-01-01", "2015-09-25", "loi", "ada"),
    ("what ended has no news to wait for", {"term": term("2010", "2011")}, "2012-01-01", "2010", "start", "akhir"),
]


@pytest.mark.parametrize(("sentence", "parts", "day", "newest", "kind", "word"), NEWS, ids=[case[0] for case in NEWS])
def test_news(sentence: str, parts: Part, day: str, newest: str | None, kind: str | None, word: str) -> None:
    answered = on(day, record(**parts))
    assert (answered.last_news, answered.last_news_kind, answered.news) == (newest, kind, word)
    assert kind is None or kind in answers.NEWS_KINDS


UNDERWAY = step("text", "in_progress", as_of="2017-11")
PLANNED = event("planned", "visit", "2018-03", sources=["s1"])
SILENT: list[tuple[str, Part, str, str | None]] = [
    ("nothing dated", {}, "2020-01-01", None),
    ("an act before all", {"instruments": [LOI], "milestones": [UNDERWAY]}, "2020-01-01", "2015-09-25"),
    ("else the day a step was found", {"milestones": [UNDERWAY]}, "2020-01-01", "2017-11"),
    ("not before that day", {"milestones": [UNDERWAY]}, "2017-10-31", None),
    (
        "the newest such day",
        {"milestones": [step("exploration", as_of="2016"), UNDERWAY]},
        "2020-01-01",
        "2017-11",
    ),
    ("before a planned day", {"milestones": [UNDERWAY], "events": [PLANNED]}, "2020-01-01", "2017-11"),
    ("else the planned day", {"events": [PLANNED]}, "2020-01-01", "2018-03"),
    (
        "a report of the agency before both",
        {"milestones": [UNDERWAY], "declarations": [said("active", "2017-05", "agency")]},
        "2020-01-01",
        "2017-05",
    ),
    (
        "nobody saw an inferred step",
        {"milestones": [step("signed", evidence="inferred", as_of="2017-11")]},
        "2020-01-01",
        None,
    ),
    ("nor a disputed one", {"milestones": [step("signed", "disputed", as_of="2017-11")]}, "2020-01-01", None),
    (
        "an uncertain start is nothing to count from",
        {"term": {"start": {"date": "2012", "basis": "stated", "uncertain": True}}, **RUNNING},
        "2020-01-01",
        None,
    ),
]


@pytest.mark.parametrize(("sentence", "parts", "day", "since"), SILENT, ids=[case[0] for case in SILENT])
def test_what_silence_is_counted_from(sentence: str, parts: Part, day: str, since: str | None) -> None:
    assert on(day, record(**parts)).silent_since == since


def test_a_plan_told_before_its_day_is_silent_only_from_that_day() -> None:
    whole = record(events=[event("planned", "visit", "2018-03", sources=["s1"])])
    assert on("2017-10-31", whole).status == "unknown"
    assert (on("2017-11-01", whole).status, on("2017-11-01", whole).silent_since) == ("planned", None)
    assert (on("2018-03-01", whole).silent_since, on("2018-03-01", whole).news) == ("2018-03", "tanpa_tanggal")
    assert on("2020-03-31", whole).news == "tanpa"
