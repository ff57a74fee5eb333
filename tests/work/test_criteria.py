"""Is every query string read, and written back in one form?"""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import criteria
from portal.criteria import FILTERS, read
from tests.matching import asked, say

NAMES = (
    "q status kabar sunyi tahap berlaku beda prov daerah negara mitra jenis bentuk bidang dari sampai habis bukti "
    "tanda pada urut tampilan hal"
).split()
VALUES = st.sampled_from(
    "1 2 5 1999 2012 2017 JP CN 33 33.74 signed ada sunyi baru mulai cocok existing tabel 2020-01-01 2030-01-01".split()
)


def test_the_names_and_their_order_are_those_of_the_addresses() -> None:
    assert [filter_.name for filter_ in FILTERS] == NAMES


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("", ""),
        ("hal=1&tampilan=daftar&beda=0&q=&status=", ""),
        ("negara=JP&status=signed", "status=signed&negara=JP"),
        ("negara=jp", "negara=JP"),
        ("negara=JP&negara=CN&negara=JP", "negara=CN&negara=JP"),
        ("hal=2&q=sapi+perah", "q=sapi+perah&hal=2"),
        ("q=%20%20sapi%20%09perah%20", "q=sapi+perah"),
        ("q=Xi%E2%80%99an", "q=Xi%E2%80%99an"),
        ("q=a%00b%0d", "q=a+b"),
        ("urut=sunyi", ""),
        ("urut=baru", "urut=baru"),
        ("urut=cocok", ""),
        ("q=solo&urut=cocok", "q=solo"),
        ("q=solo&urut=sunyi", "q=solo&urut=sunyi"),
        ("dari=2017&sampai=2012", "dari=2012&sampai=2017"),
        ("dari=02012", "dari=2012"),
        ("hal=0007", "hal=7"),
        ("tampilan=tabel", "tampilan=tabel"),
        ("beda=1", "beda=1"),
        ("utm_source=x&fbclid=y&status=signed", "status=signed"),
        ("sunyi=5&sunyi=9", "sunyi=5"),
        ("pada=2017-11-30", "pada=2017-11-30"),
        ("hal=-1", ""),
        ("hal=abc", ""),
        ("urut=%27--", ""),
        ("tampilan=peta", ""),
        ("daerah=33.72&prov=33", "prov=33&daerah=33.72"),
        ("tanda=stale&tanda=disputed", "tanda=disputed&tanda=stale"),
    ],
)
def test_one_form(typed: str, canonical: str) -> None:
    found = asked(typed)
    assert found.query == canonical
    assert found.problems == ()
    assert asked(canonical) == found


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("status=bogus", "status", "bogus"),
        ("status=SIGNED", "status", "SIGNED"),
        ("negara=XX", "negara", "XX"),
        ("prov=33.72", "prov", "33.72"),
        ("daerah=99.99", "daerah", "99.99"),
        ("sunyi=0", "sunyi", "0"),
        ("sunyi=1e3", "sunyi", "1e3"),
        ("sunyi=%D9%A3", "sunyi", "٣"),
        ("habis=99999999999999999999", "habis", "99999999999999999999"),
        ("dari=-5", "dari", "-5"),
        ("pada=2017-02-30", "pada", "2017-02-30"),
        ("pada=2017-11", "pada", "2017-11"),
        ("beda=ya", "beda", "ya"),
        ("bukti=F", "bukti", "F"),
    ],
)
def test_a_value_that_is_not_known_is_kept_and_named(typed: str, name: str, value: str) -> None:
    found = asked(typed)
    assert [(problem.name, problem.value) for problem in found.problems] == [(name, value)]
    assert asked(found.query) == found
    assert found.chips(say, "id")[0].text == value
    assert found.without(name).problems == ()


def test_a_day_to_come_is_a_problem() -> None:
    found = read([("pada", "2026-11-23"), ("negara", "JP")], date(2026, 11, 22))
    assert [(problem.name, problem.value) for problem in found.problems] == [("pada", "2026-11-23")]
    assert found.day is None
    assert found.having("hal", "2").is_problem("pada")
    assert not read([("pada", "2026-11-22")], date(2026, 11, 22)).problems


def test_long_values_are_cut() -> None:
    found = read([("q", "kata " * 50), ("status", "x" * 500)])
    assert len(found.text.split()) == 10
    assert len(found.problems[0].value) == criteria.LONGEST_VALUE
    assert len(read([("q", "x" * 5000)]).text) == 200
    assert len(read([("negara", f"{place:03}") for place in range(500)]).all("negara")) == criteria.MOST_VALUES


def test_every_value_says_itself_in_words() -> None:
    found = asked(
        "q=Xian&status=signed&sunyi=5&beda=1&prov=33&daerah=33.14&negara=CN&habis=6&pada=2017-11-30&urut=baru&hal=3"
    )
    assert [(chip.name, chip.text) for chip in found.chips(say, "id")] == [
        ("q", "Xian"), ("status", "Signed"), ("sunyi", "5"), ("beda", "differ"), ("prov", "Jawa Tengah"),
        ("daerah", "Kab. Sragen"), ("negara", "Tiongkok"), ("habis", "6"), ("pada", "2017-11-30"),
    ]  # fmt: skip
    assert {chip.name: chip.text for chip in found.chips(say, "en")}["negara"] == "China"
    assert {chip.name: chip.label for chip in found.chips(say, "en")}["negara"] == "Partner country"


def test_a_chip_leads_to_the_rest() -> None:
    found = asked("q=solo&negara=JP&negara=CN&urut=sunyi&hal=3")
    without = {(chip.name, chip.value): chip.without for chip in found.chips(say, "id")}
    assert without == {
        ("q", "solo"): "negara=CN&negara=JP",
        ("negara", "CN"): "q=solo&negara=JP&urut=sunyi",
        ("negara", "JP"): "q=solo&negara=CN&urut=sunyi",
    }


def test_a_change_begins_at_the_first_page() -> None:
    found = asked("status=signed&negara=JP&hal=3")
    assert found.having("status", "expired", "ended").query == "status=ended&status=expired&negara=JP"
    assert found.without("negara").query == "status=signed"
    assert found.having("hal", "4").query == "status=signed&negara=JP&hal=4"
    assert found.having("urut", "baru").query == "status=signed&negara=JP&urut=baru"


def test_what_is_not_asked_for_has_its_default() -> None:
    nothing = asked("")
    assert (nothing.sort, nothing.view, nothing.number, nothing.day, nothing.text) == ("sunyi", "daftar", 1, None, "")
    assert asked("q=solo").sort == "cocok"
    assert nothing.narrowing == asked("urut=baru&hal=2&tampilan=tabel").narrowing == ()


@given(st.lists(st.tuples(st.sampled_from([*NAMES, "x"]) | st.text(max_size=5), st.text(max_size=300)), max_size=12))
def test_anything_is_read_and_its_form_is_stable(pairs: list[tuple[str, str]]) -> None:
    found = read(pairs)
    again = read(parse_qsl(found.query, keep_blank_values=True))
    assert again == found
    assert found.query.isascii()
    assert all(chip.without != found.query for chip in found.chips(say, "id"))


@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8), st.sampled_from(NAMES))
def test_what_is_left_after_a_filter_is_given_up_is_what_the_rest_would_be_read_as(
    pairs: list[tuple[str, str]], name: str
) -> None:
    found = read(pairs, date(2026, 1, 1))
    asked_for = parse_qsl(found.query)
    rest = [pair for pair in asked_for if pair[0] not in {name, "hal"}]
    assert found.without(name) == read(rest, date(2026, 1, 1))
    for dropped in asked_for:
        left = [pair for pair in asked_for if pair[0] != "hal" and pair != dropped]
        assert found.dropping(*dropped) == read(left, date(2026, 1, 1))
