"""Has each of the 552 regions a page that says what is known, and no more than that?"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from portal import places, regional
from portal.extensions import reading
from portal.web import region_facts
from tests.counting import statements
from tests.pages import CheckedClient, soup

ALL = list(places.regions().values())
MOST_STATEMENTS = 14


def main_text(page: BeautifulSoup, *without: str) -> str:
    """What the portal itself says: the page without quotations and the letter."""
    main = page.select_one("main")
    assert main is not None
    for part in main.select(", ".join((".q", "textarea", ".srcs", *without))):
        part.decompose()
    return main.get_text(" ", strip=True)


def scored(page: BeautifulSoup) -> str:
    return page.select_one(".score dd").get_text(strip=True)


def test_all_552_pages_answer(app: Any, client: CheckedClient) -> None:
    with app.app_context(), reading():
        known = regional.overview()
    for region in ALL:
        with statements(app) as seen:
            answer = client.get(f"/daerah/{region.slug}")
        assert answer.status_code == 200, region.slug
        assert len(seen) <= MOST_STATEMENTS, region.slug
        page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")  # the client has parsed it strictly already
        assert page.h1.get_text() == region.name
        text = main_text(page)
        assert "tidak ada" not in text.lower(), region.slug
        state = known.provinces.get(region.code, known.regions[region.code])
        if not state.counted and known.regions[region.code].coverage.code in {"no_data", "mentioned"}:
            assert scored(page) == "–", region.slug


def test_english_pages_answer(client: CheckedClient) -> None:
    for region in ALL[::14]:
        page = soup(client.get(f"/en/daerah/{region.slug}"))
        assert page.html["lang"] == "en"
        assert page.h1.get_text() == region.name_en


@pytest.mark.parametrize("address", ["33.72", "33.72-kota-solo", "33.72-KOTA-SURAKARTA", "kota-surakarta", "33.72-"])
def test_other_addresses_lead_to_the_one(client: CheckedClient, address: str) -> None:
    answer = client.get(f"/daerah/{address}?pada=2016-01-01")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/daerah/33.72-kota-surakarta?pada=2016-01-01"
    english = client.get(f"/en/daerah/{address}")
    assert english.headers["Location"] == "/en/daerah/33.72-kota-surakarta"


@pytest.mark.parametrize("address", ["99", "33.99-kota-x", "3372", "kota-tak-dikenal", "33.72x", "_", "33.7"])
def test_an_unknown_region_is_not_found(client: CheckedClient, address: str) -> None:
    assert client.get(f"/daerah/{address}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["_external=1", "_scheme=javascript", "slug=x", "_anchor=y", "language=en", "pada=1&pada=2", "pada=2999-01-01"],
)
def test_a_strange_query_moves_nothing(client: CheckedClient, query: str) -> None:
    answer = client.get(f"/daerah/33.72?{query}")
    assert answer.headers["Location"].startswith("/daerah/33.72-kota-surakarta?")


def test_what_a_region_states_is_told_with_date_and_source(client: CheckedClient) -> None:
    page = soup(client.get("/en/daerah/33.11-kabupaten-sukoharjo"))
    sentence = page.select_one(".say")
    assert sentence.get_text().startswith("As of November 2017")
    assert "states that it has no foreign cooperation yet" in sentence.strong.get_text()
    source = page.select_one(sentence.select_one("a.fn")["href"])
    assert "Karesidenan Surakarta" in source.get_text()
    assert scored(page) == "0"
    assert "November 2017" in page.select_one(".score dt").get_text()
    assert "belum melakukan kerjasama" in page.select_one(".q[lang=id]").get_text()


def test_a_search_without_result_is_not_put_into_the_region_s_mouth(client: CheckedClient) -> None:
    page = soup(client.get("/en/daerah/33.10-kabupaten-klaten"))
    sentence = page.select_one(".say").get_text()
    assert "found no foreign cooperation" in sentence
    assert "states that" not in sentence
    assert scored(page) == "0"


def test_a_zero_rests_on_the_statement_of_none_and_a_later_one_is_told_beside_it(client: CheckedClient) -> None:
    page = soup(client.get("/en/daerah/33.10-kabupaten-klaten"))
    sentence = page.select_one(".say").get_text(" ", strip=True)
    assert sentence.index("November 2017") < sentence.index("24 June 2025")
    assert page.select_one(".say [lang=id]").get_text().startswith("“hari ini melakukan")
    beside = page.select_one(".score dt small").get_text()
    assert "November 2017" in beside
    assert "Old data" in beside
    newest = page.select_one(".score ~ p")
    assert "Newest statement that there is none: November 2017" in newest.get_text()
    assert "2025" not in newest.get_text()
    assert newest.select_one("a.fn")["href"] == page.select_one(".say a.fn")["href"]


def test_old_statements_are_marked_and_new_ones_are_not(client: CheckedClient) -> None:
    marked = {}
    for line in soup(client.get("/en/daerah/33.10-kabupaten-klaten")).select("#h-kata")[0].parent.parent.select("li"):
        marked[line.time["datetime"]] = line.select_one(".tag") is not None
    assert marked == {"2025-06-24": False, "2017-11": True}


@pytest.mark.parametrize(
    ("as_of", "day", "old"),
    [("2017-11", "2019-05-30", False), ("2017-11", "2019-06-01", True), ("2017", "2019-06-30", False)],
)
def test_what_was_said_is_old_after_eighteen_months(as_of: str, day: str, old: bool) -> None:
    assert region_facts.is_old(as_of, date.fromisoformat(day)) is old


def test_only_statements_younger_than_that_of_none_are_later() -> None:
    def said(kind: str, as_of: str) -> dict[str, str]:
        return {"kind": kind, "as_of": as_of, "source": "s1"}

    note: dict[str, Any] = {"sources": [{"key": "s1"}], "statements": [said("found_none", "2017-11")]}
    assert region_facts.later(note) is None
    note["statements"] += [said("context", "2017"), said("role", "2017-11"), said("found_none", "2016")]
    assert region_facts.later(note) is None
    note["statements"].append(said("context", "2018"))
    assert region_facts.later(note) == (said("context", "2018"), 1)
    note["statements"].append(said("declared_none", "2017-11"))
    none = region_facts.newest_none(note)
    assert none is not None
    assert none[0]["kind"] == "declared_none"


def test_no_data_is_said_to_be_no_data(client: CheckedClient) -> None:
    page = soup(client.get("/en/daerah/33.16-kabupaten-blora"))
    assert "No data yet" in page.select_one(".say strong").get_text()
    assert "We have not asked" in page.select_one(".say").get_text()
    assert scored(page) == "–"
    assert re.search(r"\b0\b", page.select_one(".score").get_text()) is None


def test_unverified_mentions_do_not_count(client: CheckedClient) -> None:
    page = soup(client.get("/en/daerah/32.73-kota-bandung"))
    assert scored(page) == "–"
    assert "nobody has verified yet" in page.select_one(".say").get_text()
    link = page.select_one(".score a")
    assert "tanda=unverified" in link["href"]
    assert client.get(link["href"]).status_code == 200


def test_every_number_is_that_of_the_list_it_leads_to(client: CheckedClient) -> None:
    for code in ("33.72", "33.13", "33", "32", "32.73", "33.72?pada=2016-01-01"):
        page = soup(client.get(f"/daerah/{places.regions()[code[:5].rstrip('?')].slug}{code[5:]}"))
        links = page.select(".score a, .sec__h p a, #h-tetangga ~ table td a, section:has(#h-tetangga) td a")
        assert links, code
        for link in links:
            found = soup(client.get(link["href"])).select_one("#h-hasil").get_text()
            assert re.search(r"\d+", found).group() == re.search(r"\d+", link.get_text()).group(), link["href"]


def test_what_is_not_verified_is_told_apart_for_a_territory(app: Any, client: CheckedClient) -> None:
    with app.app_context(), reading():
        known = regional.states(["33"])
    own, inside = known.regions["33"], known.provinces["33"]
    sentence = soup(client.get("/en/daerah/33-jawa-tengah")).select_one(".say").get_text()
    assert f"regencies and cities have {inside.counted - own.counted} cooperations on record" in sentence
    assert f"Sources mention {inside.unverified - own.unverified} more that are not verified; 1 plan" in sentence


def test_rows_do_not_repeat_the_region(client: CheckedClient) -> None:
    page = soup(client.get("/daerah/33.72-kota-surakarta"))
    rows = page.select(".row h3 a")
    assert len(rows) == 4
    assert all(row.select_one(".vh").get_text() == "Kota Surakarta" for row in rows)
    assert all(client.get(row["href"]).status_code == 200 for row in rows)


def test_solo_raya_is_compared_with_itself(client: CheckedClient) -> None:
    page = soup(client.get("/daerah/33.72-kota-surakarta"))
    names = [
        row.select_one("th").get_text()
        for row in page.select("#h-tetangga")[0].find_parent("section").select("tbody tr")
    ]
    assert len(names) == 7
    assert page.select_one("tr[aria-current] th").get_text() == "Kota Surakarta"


def test_a_province_shows_its_own_first_and_then_its_territory(client: CheckedClient) -> None:
    page = soup(client.get("/daerah/33-jawa-tengah"))
    ids = [heading["id"] for heading in page.select("main section h2")]
    assert ids.index("h-ks") < ids.index("h-wilayah") < ids.index("h-anggota")
    members = page.select_one("#h-anggota").find_parent("section").select("tbody tr")
    assert len(members) == 35
    assert page.select_one("#h-wilayah").parent.a["href"] == "/kerja-sama?prov=33&tanda=existing"


def test_earlier_ones_that_are_not_listed_are_told(client: CheckedClient) -> None:
    text = soup(client.get("/daerah/33.72-kota-surakarta")).select_one("#h-kata").find_parent("section").get_text()
    assert "sebelum 2012" in text


def test_obstacles_are_attributed_quotations(client: CheckedClient) -> None:
    section = soup(client.get("/daerah/33.10-kabupaten-klaten")).select_one("#h-kendala").find_parent("section")
    assert section.select_one(".q[lang=id]").get_text().strip().startswith("“")
    assert section.select_one("a.fn")


def test_the_letter_is_indonesian_in_every_language(client: CheckedClient) -> None:
    for prefix in ("", "/en"):
        letter = soup(client.get(f"{prefix}/daerah/33-jawa-tengah")).select_one("#surat")
        assert letter["lang"] == "id"
        assert "Provinsi Jawa Tengah" in letter.get_text()


def test_a_past_day_is_named_and_not_kept_by_search_engines(client: CheckedClient) -> None:
    page = soup(client.get("/en/daerah/33.11-kabupaten-sukoharjo?pada=2016-01-01"))
    assert "1 January 2016" in page.select_one(".band").get_text()
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert "No data yet" in page.select_one(".say").get_text()
    assert page.select_one("#h-sumber") is None


@pytest.mark.parametrize("day", ["2016-13-01", "x", "2016", "2999-01-01", "'\"<"])
def test_what_is_not_a_past_day_is_passed_over(client: CheckedClient, day: str) -> None:
    answer = client.get("/daerah/33.11-kabupaten-sukoharjo", query_string={"pada": day})
    assert answer.status_code == 200
    assert soup(answer).select_one(".band") is None


def test_the_list_holds_all_provinces_and_the_three_figures(client: CheckedClient, app: Any) -> None:
    with app.app_context(), reading():
        known = regional.overview()
    page = soup(client.get("/en/daerah"))
    assert len(page.select("tbody tr")) == 38
    words = page.select_one("main p.text").get_text()
    for figure in (552, known.with_records, known.mentioned, known.stating_none, known.found_none, known.unknown):
        assert re.search(rf"\b{figure}\b", words), figure


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("solo", "Kota Surakarta"),
        ("SURAKARTA", "Kota Surakarta"),
        ("jogja", "Kota Yogyakarta"),
        ("kab boyo", "Kab. Boyolali"),
    ],
)
def test_regions_are_found_by_name(client: CheckedClient, typed: str, name: str) -> None:
    page = soup(client.get("/daerah", query_string={"q": typed}))
    found = page.select_one("#h-cari").find_parent("section")
    assert name in [row.get_text() for row in found.select("tbody th")]


@pytest.mark.parametrize("typed", ["zzz", "<script>", "%", "'", "a" * 5000, "\u202e", " "])
def test_any_name_may_be_looked_for(client: CheckedClient, typed: str) -> None:
    assert client.get("/daerah", query_string={"q": typed}).status_code == 200
