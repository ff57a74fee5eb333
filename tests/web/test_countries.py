"""Does every country and partner that a record names have a page, and no other?"""

from __future__ import annotations

import re
from typing import Any

import pytest

from portal import places, regional
from portal.extensions import reading
from portal.web import countries
from tests.counting import statements
from tests.pages import CheckedClient, soup


def named(app: Any) -> list[str]:
    with app.app_context(), reading():
        return sorted(regional.by_country())


def test_the_list_holds_the_countries_on_record(client: CheckedClient, app: Any) -> None:
    rows = soup(client.get("/negara")).select("tbody th a")
    assert sorted(row["href"] for row in rows) == sorted(
        f"/negara/{places.countries()[code].slug}" for code in named(app)
    )


def test_every_country_on_record_has_a_page(client: CheckedClient, app: Any) -> None:
    for code in named(app):
        slug = places.countries()[code].slug
        for prefix in ("", "/en"):
            with statements(app) as seen:
                answer = client.get(f"{prefix}/negara/{slug}")
            assert answer.status_code == 200, slug
            assert len(seen) <= 10, slug


def test_all_records_of_a_country_are_shown_once(client: CheckedClient) -> None:
    page = soup(client.get("/negara/cn-tiongkok"))
    links = [link["href"] for link in page.select(".row a")]
    whole = [link["href"] for link in page.select(".list a, p.s a, p a") if link["href"] == "/kerja-sama?negara=CN"]
    assert whole, "the way to all records, the unverified ones too"
    heading = soup(client.get(whole[0])).select_one("#h-hasil").get_text()
    assert len(links) == len(set(links)) == int(re.search(r"\d+", heading).group())  # type: ignore[union-attr]


@pytest.mark.parametrize("path", ["/negara", "/negara/cn-tiongkok", "/negara/jp-jepang", "/negara/us-amerika-serikat"])
def test_every_number_is_that_of_the_list_it_leads_to(client: CheckedClient, path: str) -> None:
    links = soup(client.get(path)).select("td a, .score a, .sec__h p a")
    assert links
    for link in links[:12]:
        found = soup(client.get(link["href"])).select_one("#h-hasil").get_text()
        number = re.search(r"\d+", link.get_text()).group()  # type: ignore[union-attr]
        assert re.search(r"\d+", found).group() == number, link["href"]  # type: ignore[union-attr]


def test_a_country_that_no_record_names_is_not_found_but_the_list_is_there(client: CheckedClient) -> None:
    answer = client.get("/negara/va-vatikan")
    assert answer.status_code == 404
    assert len(soup(answer).select("tbody tr")) > 10
    assert soup(answer).select_one("#pesan-isi")


@pytest.mark.parametrize("address", ["cn", "CN", "cn-china", "cn-"])
def test_other_addresses_lead_to_the_one(client: CheckedClient, address: str) -> None:
    answer = client.get(f"/negara/{address}")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/negara/cn-tiongkok")


@pytest.mark.parametrize("address", ["zz", "cnx", "c", "-", "cn_x", "%00"])
def test_what_is_no_country_is_not_found(client: CheckedClient, address: str) -> None:
    assert client.get(f"/negara/{address}").status_code == 404
    assert client.get(f"/mitra/{address}").status_code == 404


def test_every_partner_has_a_page_with_its_records(client: CheckedClient, app: Any) -> None:
    with app.app_context(), reading():
        known = countries.partners()
    assert len(known) > 80
    for slug, partner in known.items():
        answer = client.get(f"/mitra/{slug}")
        assert answer.status_code == 200, slug
        assert len(soup(answer).select(".row")) == len(partner.revisions), slug


def test_one_partner_of_several_regions_stands_together(client: CheckedClient) -> None:
    page = soup(client.get("/en/mitra/us-usaid"))
    assert page.h1.get_text() == "USAID"
    assert len(page.select(".row")) >= 2
    regions = [link.get_text() for link in page.select("#h-wilayah ~ dl a")]
    assert {"Karanganyar Regency", "Sragen Regency"} <= set(regions)


@pytest.mark.parametrize(
    ("country", "name", "slug"),
    [
        ("CN", "Xi’an", "cn-xian"),
        ("US", "USAID", "us-usaid"),
        ("CH", "Jenewa", "ch-jenewa"),
        ("KR", "a" * 200, "kr-" + "a" * 80),
    ],
)
def test_the_slug_of_a_partner(country: str, name: str, slug: str) -> None:
    assert countries.partner_slug(country, name) == slug


def test_the_map_is_of_this_country_alone(client: CheckedClient) -> None:
    page = soup(client.get("/negara/bg-bulgaria"))
    tiles = {tile["href"]: tile.b.get_text() for tile in page.select(".tile[href]")}
    assert tiles.pop("/daerah/33-jawa-tengah") == "1"
    assert set(tiles.values()) == {"–"}
    said = {
        tile.select_one(".vh").get_text(strip=True)
        for tile in soup(client.get("/en/negara/bg-bulgaria")).select(".tile")
    }
    assert said == {"cooperation in Central Java", "none on record with Bulgaria yet"}
