"""Do the numbers of a region hold, and is a region of which nothing is known never shown as one that has nothing?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal import criteria, editorial, listing, places, publications, regional
from portal.extensions import reading
from portal.ledger import Author
from portal.regional import Overview, Tally
from tests.cooperations import RUNNING, record, said, term
from tests.counting import statements

SOURCE = {"key": "s1", "title": "A study", "kind": "research", "grade": "C"}


@pytest.fixture(scope="module")
def overview(app: Any) -> Overview:
    with app.app_context(), reading():
        return regional.overview()


def none_said(region: str, kind: str, as_of: str, **parts: str) -> dict[str, Any]:
    statement = {"kind": kind, "text": {"id": "Belum."}, "as_of": as_of, "source": "s1", **parts}
    return {"region": region, "statements": [statement], "sources": [SOURCE]}


def test_every_region_and_province_has_a_state(overview: Overview) -> None:
    assert set(overview.regions) == set(places.regions())
    assert set(overview.provinces) == {province.code for province in places.provinces()}


def test_the_national_figures_add_up(overview: Overview) -> None:
    figures = (overview.with_records, overview.mentioned, overview.stating_none, overview.found_none, overview.unknown)
    assert sum(figures) == len(places.regions()) == 552
    assert overview.stating_none == 1


@pytest.mark.parametrize(
    ("code", "state", "as_of"),
    [
        ("33.11", "declared_none", "2017-11"),
        ("33.10", "found_none", "2017-11"),
        ("33.16", "no_data", None),
        ("33.72", "has_records", None),
        ("32.73", "mentioned", None),
    ],
)
def test_what_is_known_of_a_region(overview: Overview, code: str, state: str, as_of: str | None) -> None:
    coverage = overview.regions[code].coverage
    assert (coverage.code, coverage.as_of) == (state, as_of)


def test_numbers_split_without_rest(overview: Overview) -> None:
    for state in [*overview.regions.values(), *overview.provinces.values()]:
        assert state.counted == state.with_news + state.without_news + state.ended + state.undated, state.code
        assert state.total == state.counted + state.unverified + state.planned, state.code


def test_surakarta_has_the_four_of_the_study(overview: Overview) -> None:
    state = overview.regions["33.72"]
    assert (state.total, state.counted, state.unverified, state.planned) == (4, 4, 0, 0)


def test_the_planned_visit_of_karanganyar_is_not_counted(overview: Overview) -> None:
    assert overview.regions["33.13"].planned == 1


@pytest.mark.usefixtures("app_context")
@pytest.mark.parametrize("code", ["33", "33.72", "32", "32.73", "31"])
def test_the_numbers_are_those_of_the_listing(overview: Overview, code: str) -> None:
    name = "daerah" if "." in code else "prov"
    state = overview.regions[code] if "." in code else overview.provinces[code]
    assert listing.matching(criteria.read([(name, code)])).total == state.total
    existing = listing.matching(criteria.read([(name, code), ("tanda", "existing")]))
    assert existing.total == state.counted
    split = {"ada": state.with_news, "tanpa": state.without_news, "akhir": state.ended, "tanpa_tanggal": state.undated}
    assert {news: n for news, n in split.items() if n} == listing.tally(existing, "kabar")["kabar"]


@pytest.mark.usefixtures("app_context")
def test_some_regions_alone_say_the_same(overview: Overview) -> None:
    some = regional.states(["33", "33.10", "33.72"])
    assert {code: overview.regions[code] for code in some.regions} == dict(some.regions)
    assert dict(some.provinces) == {"33": overview.provinces["33"]}


def test_it_costs_three_statements(app: Any) -> None:
    with app.app_context(), reading(), statements(app) as seen:
        regional.overview()
    assert len([one for one in seen if one.startswith("SELECT")]) <= 3


@pytest.mark.usefixtures("app_context")
def test_before_the_register_began_nothing_was_known() -> None:
    first = publications.first_day()
    assert first is not None
    empty = regional.overview(on=first, known_at="2000-01-01T00:00:00Z")
    assert empty.unknown == 552
    assert regional.overview(on=first, known_at=publications.last_moment(first)).stating_none == 1


@pytest.mark.usefixtures("app_context")
def test_a_statement_counts_from_its_own_date_on() -> None:
    assert regional.overview(on=date(2016, 1, 1)).regions["33.11"].coverage.code == "no_data"
    assert regional.overview(on=date(2018, 1, 1)).regions["33.11"].coverage.code == "declared_none"


@pytest.mark.usefixtures("app_context")
def test_countries_count_like_the_listing() -> None:
    tallies = regional.by_country()
    for code, tally in tallies.items():
        assert tally.total == listing.matching(criteria.read([("negara", code)])).total, code
    assert regional.by_country(("daerah", "33.72"))["CN"].total == 2
    inside = regional.with_country("BG")
    assert [code for code, state in inside.regions.items() if state.total] == ["33.72"]


@pytest.mark.usefixtures("fresh_app_context")
def test_a_record_of_two_regions_counts_in_both_and_once_in_their_province() -> None:
    before = regional.overview()
    shared = record(id="KS-9001", region="33.09", other_regions=["33.11"])
    editorial.publish("cooperation", shared, Author("moderator"))
    after = regional.overview()
    assert _gain(before, after, "33.09") == _gain(before, after, "33.11") == 1
    assert after.provinces["33"].total == before.provinces["33"].total + 1


@pytest.mark.usefixtures("fresh_app_context")
def test_a_later_record_does_not_make_a_dated_statement_false() -> None:
    later = record(id="KS-9001", region="33.11", term=term("2024"), declarations=[said("in_force_claimed", "2025")])
    editorial.publish("cooperation", later, Author("moderator"))
    assert regional.overview().regions["33.11"].coverage.code == "has_records"


@pytest.mark.usefixtures("fresh_app_context")
def test_a_record_of_the_same_time_conflicts_with_it() -> None:
    same = record(id="KS-9001", region="33.11", term=term("2013"), **RUNNING)
    editorial.publish("cooperation", same, Author("moderator"))
    assert regional.overview().regions["33.11"].coverage.code == "conflicting"


@pytest.mark.usefixtures("fresh_app_context")
def test_a_new_statement_takes_the_place_of_the_old_document() -> None:
    editorial.publish("region", none_said("33.16", "declared_none", "2026-01"), Author("moderator"))
    assert regional.overview().regions["33.16"].coverage.code == "declared_none"
    editorial.publish("region", none_said("33.16", "found_none", "2026-02"), Author("moderator"))
    assert regional.overview().regions["33.16"].coverage.code == "found_none"


def _gain(before: Overview, after: Overview, code: str) -> int:
    return after.regions[code].total - before.regions[code].total


def test_a_tally_of_nothing_is_zero() -> None:
    tally = Tally.of([])
    assert tally == Tally()
    assert (tally.total, tally.counted, tally.without_news) == (0, 0, 0)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("facet", ["daerah", "prov", "negara"])
@pytest.mark.parametrize("asked", [[], [("negara", "JP")], [("prov", "33")], [("daerah", "33.72"), ("negara", "CN")]])
def test_memory_and_database_split_alike(facet: str, asked: list[tuple[str, str]]) -> None:
    made = criteria.read(asked)
    in_memory, asked_for = listing.matching(made), listing.matching(made, memory=False)
    assert type(in_memory.found) is not type(asked_for.found)
    assert in_memory.found.splits(facet) == asked_for.found.splits(facet)


@pytest.mark.usefixtures("many")
def test_today_and_the_same_day_asked_for_say_the_same() -> None:
    day = listing.matching(criteria.Criteria()).day
    now, then = regional.states(["33", "33.72", "32.73"]), regional.states(["33", "33.72", "32.73"], on=day)
    assert now == then
    assert regional.by_country() == regional.by_country(on=day)
    assert regional.by_country(("prov", "33")) == regional.by_country(("prov", "33"), on=day)


def test_it_is_worked_out_once_for_a_state_of_the_register(app: Any) -> None:
    with app.app_context(), reading():
        regional.overview()
        with statements(app) as seen:
            regional.overview()
            regional.states(["33.72"])
    assert not [one for one in seen if "version" in one]


@pytest.mark.usefixtures("fresh_app_context")
def test_a_few_records_tell_whether_a_statement_is_contested(fresh_app: Any) -> None:
    """However many there are; those that began later than what is said are not looked at."""
    later = [record(id=f"KS-{9001 + place}", region="33.11", term=term("2024"), **RUNNING) for place in range(30)]
    early = [record(id=f"KS-{9101 + place}", region="33.11", term=term("2013"), **RUNNING) for place in range(30)]
    editorial.publish_all("cooperation", later, Author("moderator"))
    assert regional.overview().regions["33.11"].coverage.code == "has_records"
    editorial.publish_all("cooperation", early, Author("moderator"))
    with statements(fresh_app) as seen:
        assert regional._today().regions["33.11"].coverage.code == "conflicting"
    assert len([one for one in seen if "revision.document" in one]) == 1
    assert regional.overview().regions["33.11"].counted == 60
