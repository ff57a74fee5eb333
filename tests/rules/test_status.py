"""What does a record say on a given day?"""

from __future__ import annotations

import pytest

from portal import answers, data, status
from tests.cooperations import (
    AS_OF,
    LOI,
    RUNNING,
    STUDY,
    TODAY,
    Part,
    event,
    on,
    record,
    said,
    source,
    step,
    term,
    text,
)

# record, status and validity on the as-of day, then today (domain 4.7); the marks and the activity of today.
PAPERS = [
    ("KS-0001", "in_force", "in_force_claimed", "active", "expired", "ended", {"disputed", "stale", "recomputed"}),
    ("KS-0002", "in_force", "in_force_claimed", "active", "in_force", "in_force_claimed", {"stale"}),
    ("KS-0003", "planned", "none", "not_applicable", "planned", "none", {"stale"}),
    ("KS-0004", "in_force", "in_force_claimed", "active", "expired", "ended", {"stale", "recomputed"}),
    ("KS-0005", "in_force_renewed", "in_force_claimed", "active", "in_force_renewed", "in_force_claimed", {"stale"}),
    ("KS-0006", "drafting", "none", "not_applicable", "drafting", "none", {"stale"}),
    ("KS-0007", "in_force", "in_force_claimed", "active", "in_force", "in_force_claimed", {"stale"}),
    ("KS-0008", "no_follow_up", "unknown", "none_reported", "no_follow_up", "unknown", {"disputed", "stale"}),
    ("KS-0009", "in_force", "in_force_claimed", "active", "expired", "ended", {"stale", "recomputed"}),
    ("KS-0010", "expired", "ended", "no_information", "expired", "ended", {"stale"}),
    ("KS-0011", "no_follow_up", "none", "none_reported", "no_follow_up", "none", {"stale"}),
    ("KS-0012", "in_force", "in_force_claimed", "active", "in_force", "in_force_claimed", {"stale"}),
    ("KS-0013", "exploring", "none", "not_applicable", "exploring", "none", {"disputed", "stale"}),
    ("KS-0014", "terminated", "ended", "halted", "terminated", "ended", {"disputed", "stale"}),
    ("KS-0015", "unknown", "unknown", "none_reported", "unknown", "unknown", {"unverified", "stale"}),
    ("KS-0016", "signed", "unknown", "no_information", "signed", "unknown", {"disputed", "stale"}),
    ("KS-0018", "unknown", "unknown", "no_information", "unknown", "unknown", {"unverified", "stale"}),
    ("KS-0020", "unknown", "unknown", "no_information", "unknown", "unknown", {"unverified", "stale"}),
]


@pytest.fixture(scope="module")
def papers() -> dict[str, Part]:
    return {made["id"]: made for made in map(dict, data.papers())}


@pytest.mark.parametrize(("number", "then", "term_then", "doing", "now", "term_now", "marks"), PAPERS)
def test_the_records_of_the_papers_read_as_the_domain_says(
    papers: dict[str, Part],
    number: str,
    then: str,
    term_then: str,
    doing: str,
    now: str,
    term_now: str,
    marks: set[str],
) -> None:
    past, today = status.assess(papers[number], AS_OF), status.assess(papers[number], TODAY)
    assert (past.status, past.validity, past.activity) == (then, term_then, doing)
    assert (today.status, today.validity, set(today.overlays)) == (now, term_now, marks)


@pytest.mark.parametrize("number", ["KS-0001", "KS-0004"])
def test_a_programme_until_2017_runs_through_the_last_day_of_that_year(papers: dict[str, Part], number: str) -> None:
    assert on("2017-12-31", papers[number]).status == "in_force"
    assert "recomputed" not in on("2017-12-31", papers[number]).overlays
    over = on("2018-01-01", papers[number])
    assert (over.status, over.end_reason, over.ends) == ("expired", "expired", "2017")
    assert "recomputed" in over.overlays


def test_eight_years_from_a_day_expire_after_the_last_day(papers: dict[str, Part]) -> None:
    boyolali = papers["KS-0009"]
    assert on("2017-11-30", boyolali).validity == "in_force_claimed"
    assert on("2023-09-09", boyolali).status == "in_force"
    assert (on("2023-09-10", boyolali).status, on("2023-09-10", boyolali).ends) == ("expired", "2023-09-09")


def test_the_stopped_twinning_names_no_reason_and_is_with_nobody(papers: dict[str, Part]) -> None:
    montana = status.assess(papers["KS-0014"], TODAY)
    assert (montana.end_reason, montana.ends, montana.holder, montana.news) == ("unknown", "2012", "nobody", "akhir")


def test_the_plan_stays_a_plan_and_its_silence_counts_from_the_planned_month(papers: dict[str, Part]) -> None:
    geneva = status.assess(papers["KS-0003"], TODAY)
    assert (geneva.status, geneva.silent_since, geneva.last_news, geneva.news) == ("planned", "2017-11", None, "tanpa")
    assert not geneva.counted
    assert geneva.holder == "region"
    assert status.assess(papers["KS-0003"], AS_OF).news == "tanpa_tanggal"


@pytest.mark.parametrize("number", ["KS-0002", "KS-0007"])
def test_a_start_that_may_be_the_window_of_the_study_is_no_news(papers: dict[str, Part], number: str) -> None:
    for day in (AS_OF, TODAY):
        answered = status.assess(papers[number], day)
        assert (answered.status, answered.news, answered.last_news) == ("in_force", "tanpa_tanggal", None)
        assert (answered.silent_since, answered.differs) == (None, False)


def test_the_draft_is_silent_since_the_study_that_saw_it(papers: dict[str, Part]) -> None:
    then, today = status.assess(papers["KS-0006"], AS_OF), status.assess(papers["KS-0006"], TODAY)
    assert (then.last_news, then.silent_since, then.news) == (None, "2017-11", "tanpa_tanggal")
    assert (today.last_news, today.silent_since, today.news) == (None, "2017-11", "tanpa")


@pytest.mark.parametrize(
    ("number", "since"), [("KS-0001", "2017"), ("KS-0009", "2023-09-09"), ("KS-0010", "2015-12-31")]
)
def test_a_term_that_passed_is_the_regions_to_confirm(papers: dict[str, Part], number: str, since: str) -> None:
    today = status.assess(papers[number], TODAY)
    assert (today.status, today.holder, today.holder_since) == ("expired", "region", since)


def test_the_letter_of_intent_has_news_for_two_years(papers: dict[str, Part]) -> None:
    solo = papers["KS-0011"]
    assert on("2017-09-24", solo).news == "ada"
    assert on("2017-09-25", solo).news == "tanpa"
    today = status.assess(solo, TODAY)
    assert (today.last_news, today.last_news_kind, today.evidence) == ("2015-09-25", "loi", (0, 8))
    assert (today.stage, today.stage_state, today.holder) == ("intent", "done", "region")


# ------------------------------------------------------------------------------------------------- the headline rules

HEADLINES: list[tuple[str, str, Part]] = [
    ("nothing known is unknown", "unknown", {}),
    ("a plan alone is planned", "planned", {"events": [event("planned", "visit", "2018-03", sources=["s1"])]}),
    ("a plan without a day is planned", "planned", {"events": [event("planned", "visit")]}),
    (
        "a plan beside an observation is planned",
        "planned",
        {"events": [event("planned"), event("observation", "press")]},
    ),
    (
        "a plan beside a visit is more than a plan",
        "unknown",
        {"events": [event("planned"), event("follow_up", "visit")]},
    ),
    ("an initiative is exploring", "exploring", {"milestones": [step("initiative")]}),
    ("an exploration under way is exploring", "exploring", {"milestones": [step("exploration", "in_progress")]}),
    ("an LoI under way is exploring", "exploring", {"milestones": [step("intent", "in_progress")]}),
    ("an LoI step is an LoI", "intent_signed", {"milestones": [step("intent")]}),
    ("an LoI text is an LoI", "intent_signed", {"instruments": [LOI]}),
    ("an LoI that lapsed is none", "unknown", {"milestones": [step("intent", "lapsed")]}),
    ("a work plan under way is drafting", "drafting", {"milestones": [step("work_plan", "in_progress")]}),
    ("a text drafted is drafting", "drafting", {"milestones": [step("intent"), step("text")]}),
    ("a council asked is awaiting", "awaiting_approval", {"milestones": [step("dprd_approval", "in_progress")]}),
    (
        "a ministry asked is awaiting",
        "awaiting_approval",
        {"milestones": [step("verification", "in_progress"), step("text")]},
    ),
    ("a council that agreed is drafting", "drafting", {"milestones": [step("intent"), step("dprd_approval")]}),
    ("signed without dates is signed", "signed", {"instruments": [text(signed_on="2015-01-02")]}),
    ("a signing step is signed", "signed", {"milestones": [step("signed", evidence="inferred")]}),
    (
        "signed but not yet effective is signed",
        "signed",
        {"instruments": [text(signed_on="2017", effective_from="2019")]},
    ),
    ("a draft text is not signed", "unknown", {"instruments": [text(signing="none")]}),
    ("said to run is in force", "in_force", RUNNING),
    ("an LoI said to run is in force by claim", "in_force", {"instruments": [LOI], **RUNNING}),
    ("a dated text is in force", "in_force", {"instruments": [text(effective_from="2015")]}),
    ("said not to follow, before an LoI, is unknown", "unknown", {"declarations": [said("none_reported")]}),
    (
        "said not to follow after an LoI",
        "no_follow_up",
        {"instruments": [LOI], "declarations": [said("none_reported")]},
    ),
    ("said completed is completed", "completed", {"declarations": [said("completed")]}),
    (
        "ended on purpose reached is completed",
        "completed",
        {"declarations": [said("ended", reason="purpose_achieved")]},
    ),
    ("ended by one side is stopped", "terminated", {"declarations": [said("ended", reason="unilateral_end")]}),
    ("ended by a new law is ended", "ended", {"declarations": [said("ended", reason="new_norm")]}),
    ("ended without reason is ended", "ended", {"declarations": [said("ended", since="2016")]}),
    (
        "an act of ending ends",
        "ended",
        {"events": [event("follow_up", "end", "2016")], **RUNNING}
        | {"declarations": [said("in_force_claimed", "2014")]},
    ),
    ("a term that passed is expired", "expired", {"term": term("2010", "2015")}),
    (
        "halted after signing is stopped",
        "terminated",
        {"milestones": [step("signed")], "declarations": [said("halted")]},
    ),
    (
        "halted on the way was not continued",
        "discontinued",
        {"milestones": [step("intent")], "declarations": [said("halted")]},
    ),
    (
        "given up on the way was not continued",
        "discontinued",
        {
            "milestones": [step("text", "in_progress", date="2012")],
            "events": [event("follow_up", "discontinued", "2014")],
        },
    ),
    (
        "taken up again after that is drafting",
        "drafting",
        {
            "milestones": [step("text", "in_progress", date="2016")],
            "events": [event("follow_up", "discontinued", "2014")],
        },
    ),
]


@pytest.mark.parametrize(("sentence", "expected", "parts"), HEADLINES, ids=[case[0] for case in HEADLINES])
def test_the_headline(sentence: str, expected: str, parts: Part) -> None:
    assert status.assess(record(**parts), AS_OF).status == expected


def test_every_headline_is_a_word_with_a_rule_and_a_case() -> None:
    ruled = {code for code, _ in status.RULES}
    assert ruled == set(answers.STATUSES)
    tried = {case[1] for case in HEADLINES} | {case[1] for case in PAPERS}
    assert ruled == tried


# ------------------------------------------------------------ the marks


def test_data_is_old_after_eighteen_months() -> None:
    assert "stale" not in on("2019-05-30", record()).overlays
    assert "stale" in on("2019-05-31", record()).overlays


def test_a_report_of_the_agency_makes_it_fresh() -> None:
    whole = record(declarations=[said("active", "2026-02-01", "agency")])
    assert (on("2026-11-22", whole).as_of, on("2026-11-22", whole).overlays) == ("2026-02-01", ())


def test_a_source_counts_by_the_day_it_speaks_of() -> None:
    whole = record(sources=[STUDY | {"date": "2019"}, source("s2", "2018-03-04")])
    assert on("2017-12-01", whole).as_of == "2017-11"
    assert on("2026-11-22", whole).as_of == "2018-03-04"


def test_it_is_not_the_calendar_alone_where_something_was_reported() -> None:
    parts = {"term": term("2012", "2017"), **RUNNING}
    assert "recomputed" in on("2018-06-01", record(**parts)).overlays
    visited = record(**parts, events=[event("follow_up", "visit", "2018-02")])
    assert "recomputed" not in on("2018-06-01", visited).overlays


def test_people_set_marks_and_the_calendar_sets_its_own() -> None:
    flags = [
        {"code": code, "reason": {"id": "Alasan"}}
        for code in ("stale", "under_clarification", "disputed", "recomputed")
    ]
    assert on("2017-12-01", record(flags=flags)).overlays == ("disputed", "under_clarification")


def test_a_disputed_step_marks_the_record() -> None:
    assert on("2017-12-01", record(milestones=[step("signed", "disputed")])).overlays == ("disputed",)


def test_the_unverified_and_the_planned_do_not_count() -> None:
    unverified = [{"code": "unverified", "reason": {"id": "Alasan"}}]
    assert on("2017-12-01", record()).counted
    assert not on("2017-12-01", record(flags=unverified)).counted
    assert not on("2017-12-01", record(events=[event("planned")])).counted
