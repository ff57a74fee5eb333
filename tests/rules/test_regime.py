"""Which rule applied on the day of signing?"""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from portal import answers, data, status
from portal.regime import rules

Part = dict[str, Any]


def record(**parts: Any) -> Part:
    return {"legal_form": "ksdpl_twin_regency_city", "sources": [], **parts}


def signed(day: str | None, kind: str = "mou", key: str = "i1") -> Part:
    made = {"key": key, "kind": kind, "signing": "reported", "disclosure": "public"}
    return {**made, "signed_on": day} if day else made


def step(code: str, state: str = "done", day: str | None = None) -> Part:
    made = {"code": code, "state": state, "evidence": "reported"}
    return {**made, "date": day} if day else made


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
    assert status.regime(record(instruments=[signed(day)])) == (codes, state, "signed_on")


CASES: list[tuple[str, Part, tuple[str, ...], str, str]] = [
    (
        "the newest text decides",
        {"instruments": [signed("2008-09"), signed("2015-05-10", "loi", "i2")]},
        (R4,),
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
        "a renewal is signed, too",
        {"events": [{"class": "follow_up", "kind": "renewal", "date": "2017-10-30"}]},
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
    assert status.regime(record(**parts)) == (codes, state, basis)
    assert state in answers.REGIME_STATES


PAPERS = {
    "KS-0001": (R3,),
    "KS-0002": (),
    "KS-0003": (),
    "KS-0004": (R3,),
    "KS-0005": (R4,),
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
    "KS-0016": (R4,),
    "KS-0017": (R0,),
    "KS-0018": (R0,),
    "KS-0019": (R0,),
}


def test_the_records_of_the_papers_fall_under_the_rules_the_domain_names() -> None:
    found = {made["id"]: status.regime(made) for made in data.papers()}
    assert {number: found[number].codes for number in PAPERS} == PAPERS
    assert {number for number, made in found.items() if made.state == "not_signed"} == {"KS-0003", "KS-0006", "KS-0013"}


def test_the_table_covers_every_day_once() -> None:
    table = list(rules(data.legal_regimes()))
    assert table[0].valid_from == date.min
    assert table[-1].valid_to == date.max
    for before, after in itertools.pairwise(table):
        assert (after.valid_from - before.valid_to).days == 1
