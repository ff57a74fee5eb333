"""Does the listing find, count and order what the documents say, on both databases and in both ways?"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import criteria, indexing, listing, places
from portal.criteria import FILTERS
from tests.matching import Record, expected, in_order, matching, say, subjects, values

BOTH_WAYS = pytest.mark.parametrize("memory", [True, False], ids=["memory", "database"])

QUERIES = [
    "",
    "status=signed",
    "status=signed&status=expired&status=unknown",
    "kabar=tanpa",
    "kabar=ada&kabar=akhir",
    "kabar=tanpa_tanggal",
    "sunyi=1",
    "sunyi=9",
    "sunyi=40",
    "tahap=signed&tahap=intent",
    "berlaku=in_force",
    "berlaku=ended&berlaku=in_force_claimed",
    "beda=1",
    "prov=33",
    "prov=33&prov=34",
    "prov=33&daerah=33.72",
    "daerah=33",
    "daerah=33.72&daerah=33.14",
    "negara=JP",
    "negara=CN&negara=NL&negara=US",
    "negara=AQ",
    "mitra=foreign_local_government",
    "mitra=country_only&mitra=unknown",
    "jenis=sister_city",
    "bentuk=unclassified&bentuk=ksdpl_other",
    "bidang=education",
    "bidang=education&bidang=livestock_dairy",
    "dari=2012",
    "sampai=2012",
    "dari=2012&sampai=2017",
    "habis=6",
    "habis=120",
    "bukti=B",
    "bukti=A&bukti=E",
    "tanda=unverified",
    "tanda=disputed&tanda=stale",
    "tanda=recomputed",
    "tanda=existing&kabar=tanpa",
    "negara=JP&status=signed&bidang=education&kabar=tanpa",
    "prov=33&kabar=tanpa&sunyi=3&dari=2000",
    "negara=CN&negara=JP&jenis=sister_city&bukti=C&beda=1",
]


@BOTH_WAYS
@pytest.mark.parametrize("query", QUERIES)
def test_filters_find_what_the_documents_say(many: list[Record], query: str, memory: bool) -> None:
    assert set(subjects(query, memory)) == {record.subject for record in expected(many, query)}


@BOTH_WAYS
@pytest.mark.parametrize("query", QUERIES)
def test_counts_leave_out_their_own_filter_and_heed_all_others(many: list[Record], query: str, memory: bool) -> None:
    found = matching(query, memory)
    for name, totals in listing.tally(found, *listing.FACETS).items():
        left = expected(many, query, without=name)
        assert totals == Counter(value for record in left for value in values(record, name) if value), name


@BOTH_WAYS
@pytest.mark.parametrize("sort", ["sunyi", "baru", "mulai", "daerah"])
@pytest.mark.parametrize("query", ["", "negara=JP", "kabar=akhir&kabar=tanpa_tanggal", "prov=33", "daerah=33.72"])
def test_orders(many: list[Record], query: str, sort: str, memory: bool) -> None:
    assert subjects(f"{query}&urut={sort}", memory) == in_order(expected(many, query), sort)


@BOTH_WAYS
@pytest.mark.parametrize("query", ["", "negara=JP", "q=sister+city", "q=pelatihan&urut=daerah", "urut=baru", "beda=1"])
def test_pages_are_slices_of_one_list(many: list[Record], query: str, memory: bool) -> None:
    whole = subjects(query, memory)
    pages = [listing.page(matching(f"{query}&hal={number}", memory), 7) for number in range(1, len(whole) // 7 + 2)]
    assert [row.subject for page in pages for row in page.rows][: len(whole)] == whole
    assert all(page.total == len(whole) for page in pages)


@BOTH_WAYS
def test_a_page_beyond_the_last_is_the_last(many: list[Record], memory: bool) -> None:
    page = listing.page(matching("hal=999999", memory), 10)
    assert page.number == page.pages == -(-len(many) // 10)
    assert page.rows
    empty = listing.page(matching("negara=AQ&hal=5", memory), 10)
    assert (empty.number, empty.pages, empty.total, empty.rows) == (1, 1, 0, [])


@BOTH_WAYS
def test_a_row_says_what_the_document_and_the_answers_say(many: list[Record], memory: bool) -> None:
    rows = {row.subject: row for row in listing.page(matching("", memory), 1000).rows}
    for record in many:
        row, answers = rows[record.subject], record.answers
        assert (row.status, row.stage, row.validity, row.news) == (
            answers.status, answers.stage or "", answers.validity, answers.news,
        )  # fmt: skip
        assert row.overlays == answers.overlays
        assert (row.silent_since, row.last_news) == (answers.silent_since or "", answers.last_news or "")
        assert (row.differs, row.counted) == (answers.differs, answers.counted)
        assert (row.region, row.type, row.record_number) == (
            record.document["region"], record.document["type"], record.number,
        )  # fmt: skip
        assert row.card == indexing.card(record.document)


# -- facets and what to drop


@BOTH_WAYS
def test_facets_offer_every_choice_in_their_order(many: list[Record], memory: bool) -> None:
    facets = {one.name: one for one in listing.facets(matching("status=signed&negara=AQ", memory), say, "id")}
    assert list(facets) == list(listing.FACETS)
    assert [option.value for option in facets["status"].options] == list(criteria.BY_NAME["status"].choices)
    assert [option.value for option in facets["status"].options if option.checked] == ["signed"]
    assert {option.total for option in facets["bidang"].options} == {0}
    assert [option.value for option in facets["negara"].options if option.checked] == ["AQ"]
    assert len(facets["prov"].options) == 38
    assert facets["daerah"].options == ()


@BOTH_WAYS
def test_the_most_frequent_choice_comes_first_then_by_name(many: list[Record], memory: bool) -> None:
    facets = {one.name: one for one in listing.facets(matching("", memory), say, "id")}
    for name in ("prov", "negara", "mitra", "jenis", "bentuk", "bidang"):
        options = facets[name].options
        assert list(options) == sorted(options, key=lambda option: (-option.total, option.label.casefold())), name
    names = {option.value: option.label for option in facets["negara"].options}
    assert names["CN"] == "Tiongkok"


@BOTH_WAYS
def test_regions_are_offered_for_the_chosen_provinces(many: list[Record], memory: bool) -> None:
    facets = {one.name: one for one in listing.facets(matching("prov=34", memory), say, "id")}
    assert {option.value for option in facets["daerah"].options} == {"34", *(r.code for r in places.members("34"))}
    chosen = {one.name: one for one in listing.facets(matching("daerah=33.72", memory), say, "id")}
    assert "33.72" in [option.value for option in chosen["daerah"].options if option.checked]


def test_both_ways_offer_the_same(many: list[Record]) -> None:
    for query in ("", "negara=JP&status=signed", "prov=33&sunyi=3", "q=sister&bukti=C"):
        ways = [listing.facets(matching(query, memory), say, "en") for memory in (True, False)]
        assert ways[0] == ways[1]


@BOTH_WAYS
def test_an_empty_list_says_what_to_drop(many: list[Record], memory: bool) -> None:
    query = "negara=AQ&prov=33&pada=1950-01-01"
    drops = listing.drops(matching(query, memory), say, "id")
    assert drops[0].name == "negara"
    by_name = {drop.name: drop for drop in drops}
    assert by_name["negara"].total == len(expected(many, "prov=33")) == matching(by_name["negara"].query, memory).total
    assert (by_name["prov"].total, by_name["pada"].total) == (0, 0)
    assert by_name["prov"].text == "Jawa Tengah"


@BOTH_WAYS
def test_an_unknown_value_gives_an_empty_list_that_names_it(many: list[Record], memory: bool) -> None:
    found = matching("status=signed&status=bogus&negara=JP", memory)
    assert found.total == 0
    assert [(problem.name, problem.value) for problem in found.problems] == [("status", "bogus")]
    drops = {drop.name: drop for drop in listing.drops(found, say, "id")}
    assert drops["status"].total == len(expected(many, "negara=JP"))
    assert "bogus" in drops["status"].text
    assert listing.tally(found, "status")["status"] == Counter(
        record.answers.status for record in expected(many, "negara=JP")
    )


@BOTH_WAYS
def test_a_bad_day_finds_nothing(many: list[Record], memory: bool) -> None:
    assert matching("pada=2017-02-30", memory).total == 0
    assert matching("negara=JP&pada=kemarin", memory).total == 0


def test_totals_are_those_of_the_listing(many: list[Record]) -> None:
    totals = listing.totals()
    assert totals.records == len(many)
    assert totals.counted == sum(record.answers.counted for record in many)
    for number, query in (
        (totals.counted, "tanda=existing"),
        (totals.on_file, "bukti=A&tanda=existing"),
        (totals.in_force, "berlaku=in_force&tanda=existing"),
        (totals.claimed, "berlaku=in_force_claimed&tanda=existing"),
        (totals.with_news, "kabar=ada&tanda=existing"),
        (totals.unverified, "tanda=unverified"),
        (totals.planned, "status=planned"),
    ):
        assert number == matching(query).total


# -- any query string

NAMES = st.sampled_from([filter_.name for filter_ in FILTERS if filter_.name != "q"])
VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(sorted({choice for filter_ in FILTERS for choice in filter_.choices})),
    st.integers(-5, 3000).map(str),
    st.dates().map(str),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(pairs=st.lists(st.tuples(NAMES, VALUES), max_size=6), typed=st.sampled_from(["", "sister", "kota xian", "zzz"]))
def test_any_query_string_is_answered_alike_on_both_ways(
    many: list[Record], pairs: list[tuple[str, str]], typed: str
) -> None:
    wanted = criteria.read([("q", typed), *pairs])
    answers = []
    for memory in (True, False):
        found = listing.matching(wanted, memory=memory)
        page = listing.page(found)
        facets = listing.facets(found, say, "id")
        drops = [] if page.total else listing.drops(found, say, "id")
        answers.append((page, facets, drops))
    assert answers[0] == answers[1]
