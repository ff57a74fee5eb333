"""Does a row of a list say no more than is known, and who said it?"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from portal.web import rows
from portal.web.trails import Dot, TrailView
from portal.web.voice import Voice, listed


@pytest.fixture(autouse=True)
def english(app: Any) -> Iterator[None]:
    with app.test_request_context("/en/"):
        yield


def row(status: str, **parts: Any) -> Any:
    """A row of the listing, as far as its short words need it."""
    plain = {
        "status": status, "stage": "", "validity": "none", "last_news": "", "last_news_kind": "", "silent_since": "",
        "declared": "", "declared_on": "", "declared_by": "", "card": {"start": "", "unsure": [], "tellers": {}},
    }  # fmt: skip
    return SimpleNamespace(**plain | parts)


CLAIMED = {
    "validity": "in_force_claimed", "declared": "in_force_claimed", "declared_on": "2017-11", "declared_by": "source",
    "last_news": "2012", "last_news_kind": "start",
}  # fmt: skip
NOTES = [
    (row("in_force", **CLAIMED, card={"start": "2012"}), "Said to be running since 2012, as of Nov 2017"),
    (row("in_force", **CLAIMED, card={"start": "2012", "unsure": ["2012"]}),
     "Said to be running since 2012 (uncertain), as of Nov 2017"),
    (row("in_force_renewed", **CLAIMED), "Said to be running (renewed), as of Nov 2017"),
    (row("in_force", validity="in_force", last_news="2015-07-01", last_news_kind="start"), "In force since 1 Jul 2015"),
    (row("intent_signed", last_news="2015-05-10", last_news_kind="loi"), "LoI 10 May 2015"),
    (row("signed", last_news="2016", last_news_kind="signing"), "Signed 2016"),
    (row("exploring", silent_since="2017-11"), "Exploring, as of Nov 2017"),
    (row("planned", silent_since="2017-11"), "Planned for Nov 2017"),
    (row("signed", last_news="2017-10-30", last_news_kind="renewal"), "Latest news 30 Oct 2017"),
    (row("unknown"), ""),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), NOTES, ids=[case[1] for case in NOTES])
def test_what_silence_is_counted_from_is_told_as_what_it_is(given: Any, expected: str) -> None:
    assert rows.note(given) == expected


STATED = {"declared": "none_reported", "declared_on": "2017-11"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (row("no_follow_up", **STATED, declared_by="source"), "stated by a source, November 2017"),
        (row("no_follow_up", **STATED, declared_by="source", card={"tellers": {"2017-11": "research"}}),
         "stated by research, November 2017"),
        (row("no_follow_up", **STATED, declared_by="agency"), "stated by the agency, November 2017"),
        (row("no_follow_up"), "by rule: asked, and answered without follow-up"),
        (row("signed", **STATED, declared_by="agency"), ""),
    ],
)  # fmt: skip
def test_no_follow_up_says_who_stated_it_and_when(given: Any, expected: str) -> None:
    assert rows.stated(given) == expected


def test_a_list_of_pairs_is_set_apart() -> None:
    pairs = ["environment and greening", "agriculture and seedlings"]
    assert listed(pairs) == "environment and greening, as well as agriculture and seedlings"
    assert listed(["trade", "culture"]) == "trade and culture"
    assert listed(pairs[:1]) == pairs[0]


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Government of Surakarta City", "the Government of Surakarta City"),
        ("City of Xi’an", "the City of Xi’an"),
        ("Queensland Department of Education", "the Queensland Department of Education"),
        ("Regional water utility (PDAM) of Sragen Regency", "the regional water utility (PDAM) of Sragen Regency"),
        ("Kyoto Prefecture", "Kyoto Prefecture"),
        ("Davao City", "Davao City"),
        ("New Zealand", "New Zealand"),
    ],
)
def test_english_names_take_their_article(name: str, inside: str) -> None:
    assert Voice("en").named(name) == inside
    assert Voice("id").named(name) == name


def drawn(**parts: Any) -> rows.RowView:
    """A row as it is drawn; what is not said is what most rows have."""
    plain = {
        "ref": "KS-0001", "url": "/en/kerja-sama/KS-0001-kota", "region_name": "Kota Contoh",
        "names": ("Kota ", "Contoh"), "partners": "Xi’an, China", "tone": "go", "glyph": "full", "broken": False,
        "status_label": "Signed", "stale": False, "meta": "Sister city", "pulse": None, "trail": None,
    }  # fmt: skip
    return rows.RowView(**plain | parts)


def test_no_word_of_a_record_becomes_markup() -> None:
    bad = "<b>\"'&"
    row = drawn(partners=bad, meta=bad, names=(bad, bad), status_label=bad, pulse=rows.PulseView("news", bad))
    assert "<b>" not in row.drawn()
    assert row.drawn().count("&lt;b&gt;&#34;&#39;&amp;") == 6


def test_a_row_draws_what_there_is_and_nothing_else() -> None:
    bare = drawn(meta="")
    assert "row__meta" not in bare.drawn()
    assert "signal" not in bare.drawn()
    assert 'class="trail"' not in bare.drawn()
    life = TrailView("Trail: recorded 2015", (Dot(50.0, False),), (), (), None)
    full = drawn(stale=True, pulse=rows.PulseView("between", "Latest news 2015"), trail=life)
    for part in ("is-go is-stale", "signal signal--mid", 'aria-label="Trail: recorded 2015"', '<circle cx="50.0%"'):
        assert part in full.drawn()


def test_a_row_stands_under_the_heading_it_belongs_to() -> None:
    assert drawn().__html__().count("<h3 ") == 1
    assert drawn().drawn(4).count("<h4 ") == 1
