"""Does every country and partner that a record names have a page, and no other?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from portal import criteria, editorial, indexing, listing, partners, places, regional
from portal.extensions import reading
from portal.web import countries, region_view
from tests.conftest import Databases, application, only_reading
from tests.counting import statements
from tests.load.generate import Maker
from tests.pages import CheckedClient, soup
from tests.record_pages import AUTHOR


def named(app: Any) -> list[str]:
    with app.app_context(), reading():
        return sorted(regional.by_country())


def on_record(app: Any, country: str = "") -> dict[str, set[str]]:
    """The addresses of the records that name each partner, as their cards say it."""
    found: dict[str, set[str]] = {}
    asked = criteria.read([("negara", country)] if country else [])
    with app.app_context(), reading():
        for row in listing.page(listing.matching(asked), 10_000).rows:
            for party in row.card["partners"]:
                slug = indexing.partner_slug(party["country"], party["id"])
                if slug.startswith(country.lower()):
                    found.setdefault(slug, set()).add(f"/kerja-sama/{row.subject}-{row.card['slug']}")
    return found


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
    known = [row["href"] for row in soup(client.get("/negara")).select("tbody th a")]
    assert [row["href"] for row in soup(answer).select("tbody th a")] == known[: countries.LISTED]
    more = soup(answer).select_one(".sec p a[href='/negara']").get_text()
    assert more.split()[0] == str(len(known) - countries.LISTED)
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
    known = on_record(app)
    assert len(known) > 80
    for slug, records in known.items():
        answer = client.get(f"/mitra/{slug}")
        assert answer.status_code == 200, slug
        assert {link["href"] for link in soup(answer).select(".row a")} == records, slug


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
    assert indexing.partner_slug(country, name) == slug


def test_the_map_has_the_classes_of_its_own_numbers(client: CheckedClient, crowded: Any) -> None:
    for visitor, slug, least in ((client, "bg-bulgaria", "12+"), (crowded.test_client(), "jp-jepang", "")):
        page = soup(visitor.get(f"/en/negara/{slug}"))
        key = page.select_one("#h-petak").find_parent("section").select_one(".key--map")
        said = [" ".join(line.get_text(" ").split()) for line in key.select("li")]
        assert said[0].startswith("– none on record with")
        assert not any("states there is none" in line for line in said)
        firsts = [int(line.split("–")[0].rstrip("+")) for line in said[1:5]]
        assert said[4].endswith(least)
        for tile in page.select(".tile[href]"):
            number = tile.b.get_text()
            level = sum(int(number) >= first for first in firsts) if number.isdigit() else 0
            assert f"tile--{level}" in tile["class"]


def test_the_numbers_of_a_scoreboard_have_thousands_marks(app: Any) -> None:
    tally = regional.Tally(counted=12_345, with_news=2_000, without_news=10_345, unverified=1_500, planned=3_000)
    for path, mark in (("/", "."), ("/en/", ",")):
        with app.test_request_context(path):
            said = [cell["number"] for cell in region_view.tally_score(tally, {"negara": "JP"})]
        assert {f"12{mark}345", f"2{mark}000", f"10{mark}345", f"1{mark}500", f"3{mark}000"} <= set(said)


def test_the_map_is_of_this_country_alone(client: CheckedClient) -> None:
    page = soup(client.get("/negara/bg-bulgaria"))
    tiles = {tile["href"]: tile.b.get_text() for tile in page.select(".tile[href]")}
    assert tiles.pop("/daerah/33-jawa-tengah") == "1"
    assert set(tiles.values()) == {"–"}
    said = {
        tile.select_one(".vh").get_text(strip=True)
        for tile in soup(client.get("/en/negara/bg-bulgaria")).select(".tile[href]")
    }
    assert said == {"cooperation in Central Java", "none on record with Bulgaria yet"}


MADE = 130


@pytest.fixture(scope="module")
def crowded(databases: Databases, engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A register in which one partner has many records, one country many partners, and one record named another."""
    with application(databases.on(engine).copy(), tmp_path_factory.mktemp("crowded")) as app:
        with app.app_context():
            documents = list(Maker(7).documents(MADE))
            for place, document in enumerate(documents):
                party = document["foreign_parties"][0]
                party["country"] = "JP"
                name = "Contoh Besar" if place < 60 else f"Contoh {place}"
                party["short"] = {"id": name, "en": f"{name} (en)"}
                if 100 <= place < 120:
                    party["kind"], party["short"] = "country_only", {"id": "Jepang", "en": "Japan"}
            editorial.publish_all("cooperation", documents, AUTHOR)
            again = {**documents[-1], "foreign_parties": [{**documents[-1]["foreign_parties"][0], "country": "NL"}]}
            editorial.publish("cooperation", again, AUTHOR)
        only_reading(app)
        yield app


def walked(client: CheckedClient, address: str, links: str) -> list[str]:
    """What all pages of a list lead to, in order."""
    found = []
    while address:
        page = soup(client.get(address))
        found += [link["href"] for link in page.select(links)]
        following = page.select_one("a[rel=next]")
        address = following["href"] if following else ""
    return found


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_partner_of_many_records_has_pages(crowded: Any, prefix: str) -> None:
    client = crowded.test_client()
    found = walked(client, f"{prefix}/mitra/jp-contoh-besar", ".row a")
    assert len(found) == len(set(found)) == 60
    with statements(crowded) as seen:
        page = soup(client.get(f"{prefix}/mitra/jp-contoh-besar"))
    assert len(page.select(".row")) == countries.PAGE_SIZE
    assert len(seen) <= 6
    assert "60" in page.select_one(".say").get_text()


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "1e3", "٣", "99999999999999999999"])
def test_any_page_may_be_asked_for(crowded: Any, number: str) -> None:
    client = crowded.test_client()
    for address, last in (("/mitra/jp-contoh-besar", 3), ("/negara/jp-jepang/mitra", 2)):
        answer = client.get(address, query_string={"hal": number})
        right = f"{address}?hal={last}" if number == "99" else address
        assert (answer.status_code, answer.headers["Location"]) == (303, right)
    last_page = soup(client.get("/mitra/jp-contoh-besar?hal=99", follow_redirects=True))
    assert len(last_page.select(".row")) == 60 - 2 * countries.PAGE_SIZE


def test_every_page_of_a_list_is_its_own_address(crowded: Any) -> None:
    client = crowded.test_client()
    for address in ("/mitra/jp-contoh-besar", "/en/negara/jp-jepang/mitra"):
        first, second = soup(client.get(address)), soup(client.get(f"{address}?hal=2&dari=surat"))
        assert first.select_one("link[rel=canonical]")["href"].endswith(address)
        assert second.select_one("link[rel=canonical]")["href"].endswith(f"{address}?hal=2")
        assert second.select_one("link[hreflang=id]")["href"].endswith(f"{address.removeprefix('/en')}?hal=2")
        assert second.select_one("a[rel=prev]")["href"] == address
        assert client.get(f"{address}?hal=1&dari=surat").headers["Location"] == f"{address}?dari=surat"


def test_a_country_of_many_records_shows_some_of_them_and_the_way_to_all(crowded: Any) -> None:
    client = crowded.test_client()
    page = soup(client.get("/negara/jp-jepang"))
    rows = {link["href"] for link in page.select(".row a")}
    assert len(rows) == countries.ROWS_SHOWN
    group = page.select_one("#m-jp-contoh-besar")
    shown = group.find_next("ul", class_="rows")
    said = shown.find_next_sibling("p")
    assert said.a["href"] == "/mitra/jp-contoh-besar"
    counted = [int(number) for number in re.findall(r"\d+", said.get_text())]
    assert counted == [len(shown.select(".row")), 60]
    partners_shown = [link["href"] for link in page.select("#h-pihak ~ dl a")]
    assert partners_shown[0] == "/mitra/jp-contoh-besar"
    assert len(partners_shown) == partners.PAGE_SIZE
    assert page.select_one("#h-pihak ~ p a")["href"] == "/negara/jp-jepang/mitra"
    with statements(crowded) as seen:
        client.get("/en/negara/jp-jepang")
    assert len(seen) <= 6


def test_records_without_a_named_partner_are_told_without_a_name(crowded: Any) -> None:
    page = soup(crowded.test_client().get("/en/negara/jp-jepang"))
    heading = next(one for one in page.select("h3[id^=m-]") if "not named" in one.get_text())
    said = heading.find_next("ul", class_="rows").find_next_sibling("p").get_text()
    assert re.fullmatch(r"\d+ of 2\d shown here; see all of them", said)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_all_partners_of_a_country_stand_on_its_pages(crowded: Any, prefix: str) -> None:
    found = walked(crowded.test_client(), f"{prefix}/negara/jp-jepang/mitra", "tbody th a")
    assert len(found) == len(set(found))
    assert {one.removeprefix(f"{prefix}/mitra/") for one in found} == set(on_record(crowded, "JP"))


def test_partners_are_counted_as_of_today(crowded: Any) -> None:
    with crowded.app_context(), reading():
        counted = {one.slug: one.records for page in (1, 2) for one in partners.of_country("JP", page).found}
    assert counted == {slug: len(records) for slug, records in on_record(crowded, "JP").items()}


@pytest.mark.parametrize("address", ["va-vatikan", "zz", "jpx", "c", "%00"])
def test_a_country_without_records_has_no_list_of_partners(client: CheckedClient, address: str) -> None:
    assert client.get(f"/negara/{address}/mitra").status_code == 404


def test_the_list_of_partners_has_one_address(client: CheckedClient) -> None:
    answer = client.get("/negara/cn/mitra?hal=2")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/negara/cn-tiongkok/mitra?hal=2")


@pytest.mark.parametrize("slug", ["jp-%00", "jp-%FF", "jp-" + "a" * 5000, "jp-日本", "jp-a%2Fb", "JP-tokyo"])
def test_what_is_no_slug_is_no_partner(client: CheckedClient, slug: str) -> None:
    assert client.get(f"/mitra/{slug}").status_code == 404
