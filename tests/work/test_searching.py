"""Do words find the right records, in the same order on both databases and on both ways of answering?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import criteria, listing, searching
from portal.extensions import db, reading

BOTH_WAYS = pytest.mark.parametrize("memory", [True, False], ids=["memory", "database"])

DUTCH = {"KS-0005", "KS-0010", "KS-0022", "KS-0105"}
LIVESTOCK = {"KS-0009", "KS-0010"}
XIAN = {"KS-0011", "KS-0013"}

# What is typed, what is found before anything else, and what stands first.
QUESTIONS: list[tuple[str, set[str], str]] = [
    ("Xi'an", XIAN, "KS-0011"),
    ("Xian", XIAN, "KS-0011"),
    ("xi’an", XIAN, "KS-0011"),
    ("XI‟AN", XIAN, "KS-0011"),
    ("Sian", {"KS-0011"}, "KS-0011"),
    ("Surakarta Xi'an", XIAN, "KS-0011"),
    ("KS-0011", {"KS-0011"}, "KS-0011"),
    ("ks11", {"KS-0011"}, "KS-0011"),
    ("Ks 0011", {"KS-0011"}, "KS-0011"),
    ("OISCA", {"KS-0002"}, "KS-0002"),
    ("sapi perah", {"KS-0010"}, "KS-0010"),
    ("peternakan", LIVESTOCK, "KS-0009"),
    ("ternak", LIVESTOCK, "KS-0009"),
    ("Netherlands", DUTCH, "KS-0005"),
    ("Belanda", DUTCH, "KS-0005"),
    ("Holland", DUTCH, "KS-0005"),
    ("boyo", LIVESTOCK, "KS-0009"),
    ("bojo", set(), ""),
    ("tidakadakatasepertiini", set(), ""),
    ("sapi tidakadakatasepertiini", set(), ""),
]
# Longer answers: how they begin, and how many there are at least.
BEGINNINGS: list[tuple[str, list[str], int]] = [
    ("Wuming", ["KS-0008"], 2),
    ("Guangxi", ["KS-0008"], 3),
    ("Solo", ["KS-0011", "KS-0012", "KS-0013", "KS-0014"], 4),
    ("Jogja", ["KS-0019"], 1),
    ("sister city", ["KS-0011", "KS-0013", "KS-0014"], 50),
]


@pytest.fixture(autouse=True)
def _only_reading() -> Iterator[None]:
    with reading():
        yield


def found(typed: str, memory: bool = True, **more: str) -> list[str]:
    asked = criteria.read([("q", typed), *more.items()])
    matches = listing.matching(asked, memory=memory)
    return [row.subject for row in listing.page(matches, 500).rows]


@BOTH_WAYS
@pytest.mark.parametrize(("typed", "expected", "first"), QUESTIONS, ids=[typed for typed, *_ in QUESTIONS])
def test_words_find_records(app_context: Any, typed: str, expected: set[str], first: str, memory: bool) -> None:
    subjects = found(typed, memory)
    assert set(subjects[: len(expected)]) == expected
    assert subjects[:1] == ([first] if first else [])
    assert len(set(subjects)) == len(subjects)
    assert expected or not subjects


@BOTH_WAYS
@pytest.mark.parametrize("typed", ["KS-0011", "ks11", "Sian", "Surakarta Sian"])
def test_a_number_or_a_rare_name_finds_one_record(app_context: Any, typed: str, memory: bool) -> None:
    assert found(typed, memory) == ["KS-0011"]


@BOTH_WAYS
@pytest.mark.parametrize(("typed", "beginning", "least"), BEGINNINGS, ids=[typed for typed, *_ in BEGINNINGS])
def test_the_best_comes_first(app_context: Any, typed: str, beginning: list[str], least: int, memory: bool) -> None:
    subjects = found(typed, memory)
    assert subjects[: len(beginning)] == beginning
    assert len(subjects) >= least


@BOTH_WAYS
@pytest.mark.parametrize("typed", ["China", "Cina", "RRC", "Tiongkok", "Republik Rakyat Cina"])
def test_a_country_has_many_names(app_context: Any, typed: str, memory: bool) -> None:
    chinese = {row.subject for row in listing.page(listing.matching(criteria.read([("negara", "CN")])), 500).rows}
    subjects = found(typed, memory)
    assert chinese <= set(subjects)
    assert set(subjects[: len(chinese)]) == chinese


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kerjasama", "kerja sama"),
        ("Belanda", "netherlands"),
        ("Solo", "solo"),
        ("sapi  perah", "perah sapi"),
        ("Xi'an", "xian xian"),
    ],
)
def test_two_ways_of_typing_find_the_same(app_context: Any, one: str, other: str) -> None:
    assert found(one) == found(other) != []


@BOTH_WAYS
def test_a_typing_error_is_corrected_and_said(app_context: Any, memory: bool) -> None:
    matches = listing.matching(criteria.read([("q", "Surakrta Xian")]), memory=memory)
    assert matches.corrections == (("surakrta", "surakarta"),)
    assert found("Surakrta Xian", memory) == found("Surakarta Xian", memory) != []


@pytest.mark.parametrize("typed", ["boyo", "Surakarta", "ternak", "2017", "KS-0011", "qwertyuiop"])
def test_a_word_that_is_known_or_cannot_be_guessed_stays(app_context: Any, typed: str) -> None:
    assert listing.matching(criteria.read([("q", typed)])).corrections == ()


@BOTH_WAYS
@pytest.mark.parametrize(
    "typed", ["!!!", "’", "西安", '"', "*", "NEAR(", "a AND", "names:", "-", "{names} :", "%_", ":*"]
)
def test_nothing_typed_is_ever_syntax(app_context: Any, typed: str, memory: bool) -> None:
    assert isinstance(found(typed, memory), list)


@pytest.mark.parametrize("typed", ["!!!", "’", "西安"])
def test_what_holds_no_word_finds_nothing(app_context: Any, typed: str) -> None:
    assert found(typed) == found(typed, memory=False) == []


@BOTH_WAYS
@pytest.mark.parametrize("sort", ["sunyi", "baru", "mulai", "daerah"])
def test_words_can_be_put_in_another_order(app_context: Any, sort: str, memory: bool) -> None:
    assert set(found("sister city", memory, urut=sort)) == set(found("sister city", memory))


def test_only_ten_words_and_two_hundred_letters_count(app_context: Any) -> None:
    long = searching.asked(db.session(), " ".join(f"kata{place}" for place in range(40)))
    assert len(long.words) == searching.MOST_WORDS
    assert sum(map(len, searching.asked(db.session(), "x" * 5000).words)) <= searching.LONGEST_QUESTION


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(typed=st.text(max_size=40) | st.text(alphabet="abkst'\"*:()^{}-+ ~\\", max_size=30))
def test_any_text_is_answered_alike_on_both_ways(app_context: Any, typed: str) -> None:
    assert found(typed, memory=True) == found(typed, memory=False)
