"""Does the first page tell the state of the record, and is every number the number of the list it leads to?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade

from portal import listing, places, regional
from tests.conftest import application
from tests.counting import statements
from tests.pages import CheckedClient, soup

HTMX = {"HX-Request": "true"}


def test_every_number_is_that_of_the_list_it_leads_to(client: CheckedClient) -> None:
    page = soup(client.get("/"))
    links = [link for link in page.select(".state a, #h-sunyi ~ p a") if link["href"].startswith("/kerja-sama")]
    assert len(links) >= 7
    for link in links:
        number = re.search(r"\d+", link.get_text())
        assert number
        found = soup(client.get(link["href"])).select_one("#h-hasil").get_text()
        assert number.group() in found, link["href"]


def test_what_is_planned_or_not_verified_is_not_counted_as_existing(app_context: Any, client: CheckedClient) -> None:
    totals = listing.totals()
    sentence = soup(client.get("/en")).select_one(".say").get_text(" ", strip=True)
    assert sentence.startswith(f"{totals.counted} cooperations")
    assert 0 < totals.counted <= totals.records - max(totals.unverified, totals.planned)


def test_the_longest_without_news_lead_to_exactly_those_counted(client: CheckedClient) -> None:
    link = soup(client.get("/")).select_one("#h-sunyi ~ p a")
    assert "tanda=existing" in link["href"]
    found = soup(client.get(link["href"])).select_one("#h-hasil").get_text()
    assert re.search(r"\d+", found).group() == re.search(r"\d+", link.get_text()).group()  # type: ignore[union-attr]


def test_every_number_of_the_list_of_provinces_is_that_of_its_link(client: CheckedClient) -> None:
    links = soup(client.get("/")).select("#daftar-prov td a")
    assert links
    for link in links:
        found = soup(client.get(link["href"])).select_one("#h-hasil").get_text()
        assert re.search(r"\d+", found).group() == link.get_text(strip=True), link["href"]  # type: ignore[union-attr]


def test_what_is_only_mentioned_is_never_a_number_of_the_map(app_context: Any, client: CheckedClient) -> None:
    page, overview = soup(client.get("/en")), regional.overview()
    open_ones = 0
    for code, state in overview.provinces.items():
        tile = page.select_one(f'.tile[href="/en/daerah/{places.regions()[code].slug}"]')
        printed, said = tile.b.get_text(), tile.select_one(".vh").get_text()
        if state.counted:
            assert printed == str(state.counted)
            assert not state.unverified or f"{state.unverified} more not verified" in said
        elif state.unverified or state.planned:
            open_ones += 1
            assert printed == f"+{state.unverified + state.planned}"
            assert {"tile--0", "tile--more"} <= set(tile["class"])
            assert not state.unverified or f"{state.unverified} not verified" in said
        else:
            assert printed in {"–", "0"}
    assert open_ones
    assert page.select_one(".key .key__more")


def test_the_true_map_says_the_same_as_the_tiles(client: CheckedClient) -> None:
    tiles = [tile.b.get_text() for tile in soup(client.get("/")).select(".tile[href]")]
    geo = soup(client.get("/?peta=geo"))
    marks = [mark.get_text() for mark in geo.select(".geo text")]
    assert sorted(marks) == sorted(number for number in tiles if number not in {"–", "0"})


def test_map_and_list_lead_to_the_same_provinces(client: CheckedClient) -> None:
    page = soup(client.get("/"))
    tiles = {tile["href"]: tile.b.get_text() for tile in page.select(".tile[href]")}
    rows = {row.a["href"]: row.select("td")[0].get_text() for row in page.select("#daftar-prov tbody tr")}
    rest = {link["href"] for link in page.select("#daftar-prov p.s a")}
    assert len(tiles) == 38
    assert set(tiles) <= set(rows) | rest
    assert {url: number for url, number in rows.items() if number != "–"} == {
        url: number for url, number in tiles.items() if number.isdigit() and number != "0"
    }
    assert {url for url, number in tiles.items() if number.startswith("+")} <= set(rows)


def test_the_true_map_comes_only_when_asked_for(client: CheckedClient) -> None:
    plain, geo = client.get("/"), client.get("/?peta=geo")
    assert b'class="geo"' not in plain.data
    assert len(soup(geo).select(".geo a[aria-label]")) == 38
    part = client.get("/?peta=geo", headers=HTMX)
    assert soup(part).select_one("#peta .geo")
    assert b"<html" not in part.data
    assert part.headers["Cache-Control"] == "no-store"


def test_the_longest_silences_are_of_verified_records_and_in_order(client: CheckedClient) -> None:
    rows = soup(client.get("/")).select("#peta .row")
    years = [int(re.search(r"(\d+) tahun", row.get_text()).group(1)) for row in rows]  # type: ignore[union-attr]
    assert 0 < len(rows) <= 5
    assert years == sorted(years, reverse=True)


def test_the_first_page_is_there_in_both_languages_without_a_cookie(client: CheckedClient) -> None:
    for path, language in (("/", "id"), ("/en", "en")):
        response = client.get(path)
        assert soup(response).html["lang"] == language
        assert "Set-Cookie" not in response.headers
        assert "HX-Request" in response.headers["Vary"]


def test_the_search_of_the_first_page_works_without_a_script(client: CheckedClient) -> None:
    form = soup(client.get("/")).select_one("form[role=search]")
    assert (form["action"], form["method"], form.select_one("input")["name"]) == ("/cari", "get", "q")


def test_the_first_page_asks_the_database_little(app: Any, client: CheckedClient) -> None:
    client.get("/")
    with statements(app) as seen:
        client.get("/")
    assert len(seen) <= 14


@pytest.fixture
def blank(empty_database_url: str, tmp_path: Path) -> Iterator[CheckedClient]:
    """A register in which nothing is published yet."""
    with application(empty_database_url, tmp_path / "instance") as app:
        with app.app_context():
            upgrade()
        yield app.test_client()


def test_an_empty_register_says_so_and_hides_the_map(blank: CheckedClient) -> None:
    page = soup(blank.get("/en"))
    assert "Nothing is recorded yet" in page.select_one(".say").get_text()
    assert not page.select(".tile")
    assert blank.get("/kerja-sama").status_code == 200
