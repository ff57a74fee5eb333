"""Which rule applied on the day of signing?"""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from portal import answers, data, status
from portal.regime import rules
from tests.cooperations import records

Part = dict[str, Any]


def record(**parts: Any) -> Part:
    return {"legal_form": "ksdpl_twin_regency_city", "sources": [], **parts}


def signed(day: str | None, kind: str = "mou", key: str = "i1") -> Part:
    made = {"key": key, "kind": kind, "signing": "reported", "disclosure": "public"}
    return {**made, "signed_on": day} if day else made


def step(code: str, state: str = "done", day: str | None = None) -> Part:
    made = {"code": code, "state": state, "evidence": "reported"}
    return {**made, "date": day} if day else made


RENEWED = {"class": "follow_up", "kind": "renewal", "date": "2017-10-30"}
R0, R1, R2, R3 = "r0_circular_1993", "r1_uu22_1999", "r2_uu32_2004", "r3_permendagri3_2008"
R4, R5, R6 = "r4_uu23_2014", "r5_pp28_2018", "r6_permendagri25_2020"

DAYS = [
    ("1960-05-24", (R0,)),
    ("1999-05-06", (R0,)),
    ("1999-05-07", (R1,)),
    ("1999-05", (R0, R1)),
    ("1999", (R0, R1)),
    ("2004-10-14", (R1,)),
    ("2004-10-15", (R2,)),
    ("2007-02-19", (R2,)),
    ("2008-01-28", (R2,)),
    ("2008-01-29", (R3,)),
    ("2008-09", (R3,)),
    ("2008", (R2, R3)),
    ("2012", (R3,)),
    ("2014-10-01", (R3,)),
    ("2014-10-02", (R4,)),
    ("2014", (R3, R4)),
    ("2015-09-25", (R4,)),
    ("2018-07-12", (R4,)),
    ("2018-07-13", (R5,)),
    ("2020-05-21", (R5,)),
    ("2020-05-22", (R6,)),
    ("2026", (R6,)),
]


@pytest.mark.parametrize(("day", "codes"), DAYS)
def test_the_day_of_signing_decides_as_far_as_it_is_known(day: str, codes: tuple[str, ...]) -> None:
    state = "known" if len(codes) == 1 else "ambiguous"
    made = record(instruments=[signed(day)])
    assert status.regime(made) == (codes, state, "signed_on", day)
    assert status.regimes(made) == (("i1", status.regime(made)),)


CASES: list[tuple[str, Part, tuple[str, ...], str, str]] = [
    (
        "the text that the stage rests on decides",
        {"instruments": [signed("2008-09"), signed("2015-05-10", "loi", "i2")]},
        (R3,),
        "known",
        "signed_on",
    ),
    (
        "a plan of action does not",
        {"instruments": [signed("2008-09"), signed("2015", "plan_of_action", "i2")]},
        (R3,),
        "known",
        "signed_on",
    ),
    ("a signing step stands for its text", {"milestones": [step("signed", day="2012")]}, (R3,), "known", "signed_on"),
    ("a disputed one, too", {"milestones": [step("signed", "disputed", "2012")]}, (R3,), "known", "signed_on"),
    (
        "a renewal says nothing of what it renews",
        {"events": [RENEWED]},
        (),
        "unknown",
        "",
    ),
    (
        "a renewing text beside a dated one does not decide",
        {"instruments": [signed("2008-09"), signed("2016", "renewal", "i2")]},
        (R3,),
        "known",
        "signed_on",
    ),
    (
        "a step that covers a change of law is as sure as its text",
        {"milestones": [step("signed", day="2008")], "instruments": [signed("2008-09-10")]},
        (R3,),
        "known",
        "signed_on",
    ),
    (
        "a step that names another year than its text is asked itself",
        {"milestones": [step("signed", day="2007")], "instruments": [signed("2008-09-10")]},
        (R2,),
        "known",
        "signed_on",
    ),
    (
        "an undated step is as old as its text",
        {"milestones": [step("signed")], "instruments": [signed("2008-09")]},
        (R3,),
        "known",
        "signed_on",
    ),
    (
        "an undated text from its first day",
        {"instruments": [signed(None) | {"effective_from": "2016-01-01"}]},
        (R4,),
        "known",
        "start_date",
    ),
    (
        "an undated text from the start of the term",
        {"instruments": [signed(None)], "term": {"start": {"date": "2016", "basis": "stated"}}},
        (R4,),
        "known",
        "start_date",
    ),
    (
        "a text in preparation after an LoI",
        {"instruments": [signed("2015", "loi")], "milestones": [step("text", "in_progress")]},
        (),
        "not_signed",
        "",
    ),
    (
        "an LoI that lapsed was signed all the same",
        {"instruments": [signed("2015", "loi")], "milestones": [step("intent", "lapsed")]},
        (R4,),
        "known",
        "signed_on",
    ),
    ("only a start is known", {"term": {"start": {"date": "2013", "basis": "stated"}}}, (R3,), "known", "start_date"),
    (
        "an uncertain start says nothing",
        {"term": {"start": {"date": "2012", "basis": "stated", "uncertain": True}}},
        (),
        "unknown",
        "",
    ),
    ("signed on a day not known", {"instruments": [signed(None)]}, (), "unknown", ""),
    ("an LoI on a day not known", {"instruments": [signed(None, "loi")]}, (), "unknown", ""),
    ("on the way", {"milestones": [step("text", "in_progress", "2017")]}, (), "not_signed", ""),
    (
        "on the way with a term in mind",
        {"milestones": [step("text", "in_progress")], "term": {"start": {"date": "2013", "basis": "stated"}}},
        (),
        "not_signed",
        "",
    ),
    ("only planned", {"events": [{"class": "planned", "kind": "visit", "date": "2017-11"}]}, (), "not_signed", ""),
    ("nothing known", {}, (), "unknown", ""),
]


@pytest.mark.parametrize(("sentence", "parts", "codes", "state", "basis"), CASES, ids=[case[0] for case in CASES])
def test_what_the_rule_rests_on(sentence: str, parts: Part, codes: tuple[str, ...], state: str, basis: str) -> None:
    found = status.regime(record(**parts))
    assert found[:3] == (codes, state, basis)
    assert bool(found.day) == bool(basis)
    assert state in answers.REGIME_STATES


LISTED: list[tuple[str, Part, list[tuple[str, tuple[str, ...], str, str]]]] = [
    ("nothing known", {}, [("", (), "unknown", "")]),
    ("only planned", {"events": [{"class": "planned", "kind": "visit"}]}, [("", (), "not_signed", "")]),
    ("only a start", {"term": {"start": {"date": "2013", "basis": "stated"}}}, [("", (R3,), "known", "start_date")]),
    (
        "every text by its own day",
        {"instruments": [signed("2008"), signed("2015-05-10", "loi", "i2"), signed("2016", "plan_of_action", "i3")]},
        [
            ("i1", (R2, R3), "ambiguous", "signed_on"),
            ("i2", (R4,), "known", "signed_on"),
            ("i3", (R4,), "known", "signed_on"),
        ],
    ),
    (
        "a step stands for its undated text",
        {"instruments": [signed(None)], "milestones": [step("signed", day="2012")]},
        [("i1", (R3,), "known", "signed_on")],
    ),
    (
        "not for two of them",
        {"instruments": [signed(None), signed(None, "pks", "i2")], "milestones": [step("signed", day="2012")]},
        [("i1", (), "unknown", ""), ("i2", (), "unknown", ""), ("", (R3,), "known", "signed_on")],
    ),
    (
        "a signing without a text beside an LoI",
        {"instruments": [signed("2010", "loi")], "milestones": [step("signed", day="2012")]},
        [("i1", (R3,), "known", "signed_on"), ("", (R3,), "known", "signed_on")],
    ),
    (
        "a draft is not signed",
        {"instruments": [signed("2010", "loi"), signed(None, key="i2") | {"signing": "none"}]},
        [("i1", (R3,), "known", "signed_on"), ("i2", (), "not_signed", "")],
    ),
    (
        "a text in preparation has no rule yet",
        {"instruments": [signed("2010", "loi")], "milestones": [step("text", "in_progress")]},
        [("i1", (R3,), "known", "signed_on"), ("", (), "not_signed", "")],
    ),
    (
        "a renewal is named as one, beside the text it renews",
        {"milestones": [step("signed", day="2008")], "events": [RENEWED]},
        [("", (R2, R3), "ambiguous", "signed_on"), ("", (R4,), "known", "renewal")],
    ),
    (
        "a renewal that is a text is listed once",
        {"instruments": [signed("2008-09"), signed("2017-10-30", "renewal", "i2")], "events": [RENEWED]},
        [("i1", (R3,), "known", "signed_on"), ("i2", (R4,), "known", "signed_on")],
    ),
    (
        "one disputed agreement is listed once",
        {"milestones": [step("intent", "disputed", "2012"), step("signed", "disputed", "2012")]},
        [("", (R3,), "known", "signed_on")],
    ),
]


@pytest.mark.parametrize(("sentence", "parts", "expected"), LISTED, ids=[case[0] for case in LISTED])
def test_every_text_has_the_rule_of_its_own_day(
    sentence: str, parts: Part, expected: list[tuple[str, tuple[str, ...], str, str]]
) -> None:
    assert [(key, *found[:3]) for key, found in status.regimes(record(**parts))] == expected


@settings(max_examples=100, deadline=None)
@given(records())
def test_the_headline_is_one_of_the_listed_and_every_text_is_listed_once(whole: Part) -> None:
    listed = status.regimes(whole)
    assert status.regime(whole) in [found for _, found in listed]
    assert [key for key, _ in listed if key] == [text["key"] for text in whole["instruments"]]
    assert len(set(listed)) == len(listed)


PAPERS = {
    "KS-0001": (R3,),
    "KS-0002": (),
    "KS-0003": (),
    "KS-0004": (R3,),
    "KS-0005": (),
    "KS-0006": (),
    "KS-0007": (),
    "KS-0008": (R3,),
    "KS-0009": (R4,),
    "KS-0010": (R4,),
    "KS-0011": (R4,),
    "KS-0012": (R4,),
    "KS-0013": (),
    "KS-0014": (R2,),
    "KS-0015": (),
    "KS-0016": (R2, R3),
    "KS-0017": (R0,),
    "KS-0018": (R0,),
    "KS-0019": (R0,),
}


def test_the_records_of_the_papers_fall_under_the_rules_the_domain_names() -> None:
    found = {made["id"]: status.regime(made) for made in data.papers()}
    assert {number: found[number].codes for number in PAPERS} == PAPERS
    assert {number for number, made in found.items() if made.state == "not_signed"} == {"KS-0003", "KS-0006", "KS-0013"}


def test_two_records_of_the_papers_have_more_than_one_rule() -> None:
    papers = {made["id"]: made for made in data.papers() if made["id"] <= "KS-0020"}
    several = {number for number, made in papers.items() if len(status.regimes(made)) > 1}
    assert several == {"KS-0005", "KS-0016"}
    assert status.regimes(papers["KS-0016"]) == (
        ("i1", ((R2, R3), "ambiguous", "signed_on", "2008")),
        ("i2", ((R4,), "known", "signed_on", "2015-05-10")),
    )
    assert status.regimes(papers["KS-0005"]) == (
        ("", ((), "unknown", "", "")),
        ("", ((R4,), "known", "renewal", "2017-10-30")),
    )


def test_the_table_covers_every_day_once() -> None:
    table = list(rules(data.legal_regimes()))
    assert table[0].valid_from == date.min
    assert table[-1].valid_to == date.max
    for before, after in itertools.pairwise(table):
        assert (after.valid_from - before.valid_to).days == 1
