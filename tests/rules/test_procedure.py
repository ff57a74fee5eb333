"""How far has it come, who holds the ball, and what is proven?"""

from __future__ import annotations

import pytest

from portal import answers
from tests.cooperations import LOI, RUNNING, Part, event, on, record, said, step, term, text

FORMS = [
    ("ksdpl_twin_province", (1, 8)),
    ("ksdpl_twin_regency_city", (1, 8)),
    ("ksdpl_other", (1, 8)),
    ("ksdll_approval", (1, 8)),
    ("ksdll_pass_through", (0, 1)),
    ("institution_level", (1, 1)),
    ("programme_participation", None),
    ("unclassified", None),
]


@pytest.mark.parametrize(("form", "expected"), FORMS)
def test_only_documents_of_required_steps_are_evidence(form: str, expected: tuple[int, int] | None) -> None:
    steps = [
        step("initiative"),
        step("intent", evidence="documented"),
        step("signed", evidence="documented", date="2015"),
    ]
    assert on("2017-12-01", record(legal_form=form, milestones=steps)).evidence == expected


def test_a_step_that_is_not_required_is_not_asked_for() -> None:
    steps = [step("dprd_approval", "not_required", "none")]
    assert on("2017-12-01", record(milestones=steps)).evidence == (0, 7)


def test_the_stage_is_the_highest_step_and_fills_nothing_in() -> None:
    steps = [
        step("exploration", date="2014"),
        step("text", "in_progress", as_of="2017-03"),
        step("clearance", "unknown"),
    ]
    answered = on("2017-12-01", record(milestones=steps))
    assert (answered.stage, answered.stage_state, answered.stage_date) == ("text", "in_progress", "2017-03")
    assert on("2015-12-01", record(milestones=steps)).stage == "exploration"
    assert on("2013-12-01", record(milestones=steps)).stage is None


def test_a_step_without_date_counts_from_the_day_its_source_speaks_of() -> None:
    whole = record(milestones=[step("intent", sources=["s1"])])
    assert on("2017-10-31", whole).stage is None
    assert on("2017-11-01", whole).stage == "intent"


HOLDERS: list[tuple[str, Part, str | None, str | None]] = [
    ("an exploration is with the region", {"milestones": [step("exploration", date="2016")]}, "region", "2016"),
    ("an LoI is with the region", {"instruments": [LOI]}, "region", "2015-09-25"),
    (
        "a council that was asked holds it",
        {"milestones": [step("dprd_approval", "in_progress", date="2016")]},
        "council",
        "2016",
    ),
    ("a council that agreed does not", {"milestones": [step("dprd_approval", date="2016")]}, "region", "2016"),
    (
        "the home ministry verifies",
        {"milestones": [step("verification", "in_progress", date="2016")]},
        "home_ministry",
        "2016",
    ),
    (
        "the home ministry calls for the text",
        {"milestones": [step("text", "in_progress", date="2016")]},
        "home_ministry",
        "2016",
    ),
    (
        "the foreign ministry clears",
        {"milestones": [step("clearance", "in_progress", date="2016")]},
        "foreign_ministry",
        "2016",
    ),
    (
        "a school's own text is with its region",
        {"legal_form": "institution_level", "milestones": [step("text", "in_progress", date="2016")]},
        "region",
        "2016",
    ),
    ("what is signed is with both", {"instruments": [text(signed_on="2016-01-02")]}, "both_parties", "2016-01-02"),
    ("what runs is with both", {"term": term("2012"), **RUNNING}, "both_parties", "2012"),
    ("a term that passed is with the region", {"term": term("2012", "2014")}, "region", "2014"),
    ("what is said to have ended is with nobody", {"declarations": [said("ended", since="2014")]}, "nobody", "2014"),
    ("what was completed is with nobody", {"declarations": [said("completed", since="2014")]}, "nobody", "2014"),
    (
        "what was not continued is with nobody",
        {"milestones": [step("text", "in_progress")], "events": [event("follow_up", "discontinued", "2014")]},
        "nobody",
        "2014",
    ),
    (
        "an LoI that nothing followed is with the region",
        {"instruments": [LOI], "declarations": [said("none_reported")]},
        "region",
        "2015-09-25",
    ),
    (
        "so is a signed text",
        {"instruments": [text(signed_on="2015-01-02")], "declarations": [said("none_reported")]},
        "region",
        "2015-01-02",
    ),
    ("what was halted is with nobody", {"declarations": [said("halted", since="2013")]}, "nobody", "2013"),
    ("of nothing nobody can tell", {}, None, None),
]


@pytest.mark.parametrize(("sentence", "parts", "holder", "since"), HOLDERS, ids=[case[0] for case in HOLDERS])
def test_who_holds_the_ball(sentence: str, parts: Part, holder: str | None, since: str | None) -> None:
    answered = on("2017-12-01", record(**parts))
    assert (answered.holder, answered.holder_since) == (holder, since)
    assert holder is None or holder in answers.HOLDERS
