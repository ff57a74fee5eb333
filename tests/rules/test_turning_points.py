"""On which days do the answers change, and do they depend on nothing else?"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import answers, data, status
from portal import vocabulary as words
from tests.cooperations import TODAY, Part, event, records, said, step, text


@pytest.fixture(scope="module")
def papers() -> dict[str, Part]:
    return {made["id"]: made for made in map(dict, data.papers())}


def _spans(whole: Part, first: date, final: date) -> Iterator[tuple[date, date]]:
    """The first and last day of each span between two turning points."""
    days = [first, *(day for day in status.turning_points(whole) if first < day <= final)]
    for place, day in enumerate(days):
        until = days[place + 1] - timedelta(days=1) if place + 1 < len(days) else final
        yield day, until


@st.composite
def _unsure(draw: st.DrawFn) -> Part:
    """Records of any kind, some with a start that is uncertain."""
    whole = draw(records())
    if "start" in whole["term"] and draw(st.booleans()):
        whole["term"]["start"]["uncertain"] = True
    return whole


@settings(max_examples=150, deadline=None)
@given(_unsure(), st.data())
def test_between_turning_points_the_answers_stand_still(whole: Part, draws: st.DataObject) -> None:
    for day, until in _spans(whole, date(2006, 1, 1), date(2032, 1, 1)):
        inside = draws.draw(st.dates(day, until))
        opening = status.assess(whole, day)
        assert opening == status.assess(whole, inside)
        assert opening == status.assess(whole, until)


def test_the_papers_stand_still_between_their_turning_points_on_every_single_day(papers: dict[str, Part]) -> None:
    for number in ("KS-0003", "KS-0005", "KS-0006", "KS-0009", "KS-0011", "KS-0014"):
        for day, until in _spans(papers[number], date(2006, 1, 1), date(2030, 12, 31)):
            opening = status.assess(papers[number], day)
            for later in range((until - day).days + 1):
                assert opening == status.assess(papers[number], day + timedelta(days=later)), (number, day, later)


@settings(max_examples=100, deadline=None)
@given(records(), st.dates(date(2005, 1, 1), date(2030, 1, 1)))
def test_the_answers_are_words_and_depend_on_nothing_else(whole: Part, day: date) -> None:
    before = copy.deepcopy(whole)
    answered = status.assess(whole, day)
    assert whole == before
    assert answered == status.assess(copy.deepcopy(whole), day)
    assert answered.status in answers.STATUSES
    assert answered.validity in answers.VALIDITY
    assert answered.activity in answers.ACTIVITY
    assert answered.news in answers.NEWS
    assert answered.reporting in answers.REPORTING
    assert answered.last_news is None or answered.last_news_kind in answers.NEWS_KINDS
    assert set(answered.overlays) <= set(words.FLAGS)


@settings(max_examples=100, deadline=None)
@given(records(), st.dates(date(2005, 1, 1), date(2024, 1, 1)))
def test_what_happens_later_does_not_leak_into_the_past(whole: Part, day: date) -> None:
    later = (day + timedelta(days=1)).isoformat()
    grown = copy.deepcopy(whole)
    grown["events"] += [event("follow_up", kind, later) for kind in ("visit", "renewal", "end", "discontinued")]
    grown["events"].append(event("request", "asked", later))
    grown["instruments"].append(text(key="i9", signed_on=later, effective_from=later))
    grown["declarations"] += [said(value, later, "agency") for value in ("none_reported", "active", "halted", "ended")]
    absent = [code for code in words.MILESTONES if code not in {made["code"] for made in grown["milestones"]}]
    grown["milestones"] += [step(code, date=later) for code in absent]
    assert status.assess(grown, day) == status.assess(whole, day)


@settings(max_examples=200, deadline=None)
@given(_unsure(), st.dates(date(2005, 1, 1), date(2030, 1, 1)))
def test_rules_that_never_break(whole: Part, day: date) -> None:
    answered = status.assess(whole, day)
    kinds = {made["kind"] for made in whole["instruments"]}
    if answered.validity == "in_force":
        assert kinds - {"loi"}
    spoken = {made["value"] for made in whole["declarations"]}
    if answered.activity in {"none_reported", "halted", "completed"}:
        assert answered.activity in spoken
    if answered.status == "no_follow_up":
        assert answered.activity in {"none_reported", "dormant"}
    closed = {"completed", "ended", "terminated", "discontinued"}
    assert (answered.news == "akhir") == (answered.status in closed | {"expired"})
    assert (answered.holder == "nobody") == (answered.status in closed)
    if answered.status in {"expired", "no_follow_up"}:
        assert answered.holder == "region"
    if answered.last_news:
        assert answered.silent_since == answered.last_news
    if answered.declared == "active":
        assert not answered.differs


def test_the_ages_at_which_answers_change_are_settings() -> None:
    assert (status.NO_NEWS_MONTHS, status.ACTIVE_MONTHS, status.STALE_MONTHS, status.DORMANT_MONTHS) == (24, 12, 18, 24)


def test_a_record_is_assessed_in_well_under_a_millisecond(papers: dict[str, Part]) -> None:
    begun = time.perf_counter()
    for _ in range(20):
        for whole in papers.values():
            status.assess(whole, TODAY)
    assert (time.perf_counter() - begun) / (20 * len(papers)) < 0.0005
