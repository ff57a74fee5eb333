"""Does the listing show what matches, at one address, as page and fragment, in every form alike?"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from portal import listing
from portal.criteria import FILTERS
from portal.extensions import today
from tests.conftest import application
from tests.counting import statements
from tests.pages import CheckedClient, soup

HTMX = {"HX-Request": "true"}
VARIES = {"HX-Request", "HX-History-Restore-Request", "HX-Boosted", "HX-Request-Type"}
ATOM = "{http://www.w3.org/2005/Atom}"
QUERIES = [
    "", "?prov=33", "?kabar=tanpa", "?negara=CN&negara=JP", "?q=air", "?dari=2012&sampai=2017", "?negara=FR&bukti=A",
]  # fmt: skip


def total(response: Any) -> int:
    """The number in the heading over the results."""
    found = re.search(r"\d[\d.,]*", soup(response).select_one("#h-hasil").get_text())
    assert found
    return int(re.sub(r"\D", "", found.group()))


# -- one address ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("?q=&prov=33&daerah=", "?prov=33"),
        ("?prov=33&prov=32", "?prov=32&prov=33"),
        ("?bukti=C&status=unknown", "?status=unknown&bukti=C"),
        ("?hal=1&urut=sunyi&tampilan=daftar", ""),
        ("?utm_source=x&kabar=ada", "?kabar=ada"),
        ("?negara=cn", "?negara=CN"),
        ("?dari=2017&sampai=2012", "?dari=2012&sampai=2017"),
    ],
)
def test_every_other_spelling_leads_to_the_one_address(client: CheckedClient, typed: str, canonical: str) -> None:
    for base in ("/kerja-sama", "/en/kerja-sama"):
        response = client.get(base + typed)
        assert (response.status_code, response.headers["Location"]) == (303, base + canonical)
        assert client.get(base + canonical).status_code == 200


def test_a_page_beyond_the_last_is_the_last(client: CheckedClient) -> None:
    response = client.get("/kerja-sama?prov=33&hal=999")
    assert response.status_code == 303
    assert "hal=" not in response.headers["Location"]
    links = soup(client.get("/kerja-sama?hal=999", follow_redirects=True)).select(".pager li a")
    assert links[-1].has_attr("aria-current")


def test_public_pages_set_no_cookie_and_name_what_they_depend_on(client: CheckedClient) -> None:
    for headers in ({}, HTMX):
        response = client.get("/kerja-sama?prov=33", headers=headers)
        assert "Set-Cookie" not in response.headers
        assert {name.lower() for name in response.vary} >= {name.lower() for name in VARIES}


def test_search_words_are_shown_as_typed(client: CheckedClient) -> None:
    response = client.get("/kerja-sama?q=%3Cb%3Eair%3C%2Fb%3E")
    assert "<b>air</b>" not in response.get_data(as_text=True)
    assert soup(response).select_one("#q")["value"] == "<b>air</b>"


# -- page and fragment ----------------------------------------------------------------------------------------------


def test_htmx_gets_the_results_alone(client: CheckedClient) -> None:
    response = client.get("/kerja-sama?prov=33&q=", headers=HTMX)
    page = soup(response)
    assert response.status_code == 200
    assert response.headers["HX-Push-Url"] == "/kerja-sama?prov=33"
    assert response.headers["Cache-Control"] == "no-store"
    assert b"<html" not in response.data
    assert page.select_one("#hasil") is None
    assert page.select_one("#h-hasil")
    assert page.title.get_text() == soup(client.get("/kerja-sama?prov=33")).title.get_text()
    assert str(total(response)) in page.select_one("#pengumuman").get_text()
    assert page.select_one("#n-tombol").get_text() == str(total(response))
    assert page.select_one("#n-kabar-tanpa")["hx-swap-oob"] == "innerHTML"
    assert not page.select("[autofocus]")


@pytest.mark.parametrize(
    "headers", [{"HX-History-Restore-Request": "true"}, {"HX-Boosted": "true"}, {"HX-Request-Type": "full"}]
)
def test_who_asks_for_the_page_gets_the_page(client: CheckedClient, headers: dict[str, str]) -> None:
    response = client.get("/kerja-sama?prov=33", headers={**HTMX, **headers})
    assert b"<html" in response.data
    assert "HX-Push-Url" not in response.headers


def test_the_same_address_is_not_pushed_twice(client: CheckedClient) -> None:
    here = {**HTMX, "HX-Current-URL": "http://localhost/kerja-sama?prov=33"}
    assert client.get("/kerja-sama?prov=33", headers=here).headers["HX-Push-Url"] == "false"
    assert client.get("/kerja-sama?prov=32", headers=here).headers["HX-Push-Url"] == "/kerja-sama?prov=32"
    assert client.get("/en/kerja-sama?prov=33", headers=here).headers["HX-Push-Url"] == "/en/kerja-sama?prov=33"


def test_a_removed_chip_moves_the_focus_and_resets_the_form(client: CheckedClient) -> None:
    page = soup(client.get("/kerja-sama?prov=33", headers={**HTMX, "HX-Source": "a#c-negara-cn"}))
    assert page.select_one("#h-hasil").has_attr("autofocus")
    assert page.select_one("#saring-form[hx-swap-oob] #prov option[selected]")["value"] == "33"
    assert page.select_one(".search #q")


def test_another_page_moves_the_focus_and_says_which(client: CheckedClient) -> None:
    page = soup(client.get("/kerja-sama?hal=2", headers={**HTMX, "HX-Source": "a#hal-2"}))
    assert page.select_one("#h-hasil").has_attr("autofocus")
    assert page.select_one("#pengumuman").get_text().count("2") == 1
    assert not page.select("#saring-form")


# -- the same everywhere --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES)
def test_page_and_exports_hold_the_same(client: CheckedClient, query: str) -> None:
    number = total(client.get(f"/kerja-sama{query}"))
    table = client.get(f"/kerja-sama.csv{query}")
    assert table.mimetype == "text/csv"
    lines = list(csv.DictReader(io.StringIO(table.get_data(as_text=True).lstrip("\ufeff"))))
    assert len(lines) == number
    documents = json.loads(client.get(f"/kerja-sama.json{query}").get_data(as_text=True))
    longest = max((value for value in documents.values() if isinstance(value, list)), key=len)
    assert len(longest) == number
    feed = ElementTree.fromstring(client.get(f"/kerja-sama.atom{query}").data)
    assert len(feed.findall(f"{ATOM}entry")) == min(number, 100)


def test_the_page_names_its_exports_with_their_numbers(client: CheckedClient) -> None:
    response = client.get("/kerja-sama?prov=33")
    links = {a["href"]: a.get_text() for a in soup(response).select(".note a")}
    for name in ("csv", "json", "atom"):
        assert str(total(response)) in links[f"/kerja-sama.{name}?prov=33"]


def test_an_unknown_form_of_export_does_not_exist(client: CheckedClient) -> None:
    assert client.get("/kerja-sama.exe").status_code == 404


def test_each_number_of_a_facet_is_what_choosing_it_gives(client: CheckedClient) -> None:
    page = soup(client.get("/kerja-sama?prov=33"))
    for box in page.select("#g-kabar input, #g-status input"):
        number = int(page.select_one(f"#n-{box['name']}-{box['value']}").get_text())
        assert total(client.get(f"/kerja-sama?{box['name']}={box['value']}&prov=33")) == number


def test_the_form_has_a_field_for_every_filter(client: CheckedClient) -> None:
    page = soup(client.get("/kerja-sama?pada=2020-01-01&tampilan=tabel"))
    fields = {field["name"] for field in page.select("#saring-form [name], [form=saring-form][name]")}
    assert fields == {one.name for one in FILTERS} - {"hal"}, "who changes a filter begins at the first page"


def test_every_filter_of_the_form_shows_what_is_chosen(client: CheckedClient) -> None:
    query = "kabar=tanpa&sunyi=5&prov=32&prov=33&daerah=33.72&dari=2007&bukti=C&beda=1"
    page = soup(client.get(f"/kerja-sama?{query}", follow_redirects=True))
    boxes = {f"{box['name']}={box['value']}" for box in page.select("#saring-form input:checked")}
    for select in page.select("#saring-form select"):
        chosen = select.select_one("option[selected]")
        if chosen is not None:
            boxes.add(f"{select['name']}={chosen.get('value') or chosen.get_text()}")
    assert boxes >= set(query.split("&"))


@pytest.mark.parametrize("path", ["/kerja-sama", "/kerja-sama?q=surakarta", "/kerja-sama?tampilan=tabel"])
def test_the_number_of_statements_does_not_grow_with_the_rows(
    app: Any, client: CheckedClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    counts = []
    for size in (10, 100):
        monkeypatch.setitem(app.config, "PAGE_SIZE", size)
        client.get(path)
        with statements(app) as seen:
            page = soup(client.get(path))
        counts.append((len(seen), len(page.select("#hasil .row, #hasil tbody tr"))))
    assert counts[0][0] == counts[1][0] <= 8
    assert counts[0][1] == 10 < counts[1][1] or "q=" in path


# -- what the page says ---------------------------------------------------------------------------------------------


def test_the_title_says_what_was_asked_for(client: CheckedClient) -> None:
    response = client.get("/en/kerja-sama?prov=33&dari=2012&sampai=2017")
    title = soup(response).title.get_text()
    assert title == f"Cooperation in Central Java, started 2012–2017: {total(response)} results"
    title = soup(client.get("/kerja-sama?prov=33&dari=2012&sampai=2017")).title.get_text()
    assert title == f"Kerja sama di Jawa Tengah, mulai 2012–2017: {total(response)} hasil"


def test_chips_say_what_is_in_use_and_lead_to_the_list_without_it(client: CheckedClient) -> None:
    chips = soup(client.get("/kerja-sama?prov=33&negara=CN&dari=2012&sampai=2017")).select(".chip")
    assert [chip["href"] for chip in chips] == [
        "/kerja-sama?negara=CN&dari=2012&sampai=2017",
        "/kerja-sama?prov=33&dari=2012&sampai=2017",
        "/kerja-sama?prov=33&negara=CN",
    ]
    assert "2012–2017" in chips[2].get_text()


def test_an_empty_list_says_which_filter_to_give_up_and_what_that_gives(client: CheckedClient) -> None:
    page = soup(client.get("/kerja-sama?prov=11&negara=FR"))
    links = page.select(".empty li")
    assert len(links) == 3
    for line in links[:2]:
        promised = int(re.search(r"\((\d+)", line.get_text()).group(1))  # type: ignore[union-attr]
        assert total(client.get(line.a["href"])) == promised > 0


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("kabupaten sukoharjo", "/daerah/33.11-kabupaten-sukoharjo"),
        ("klaten", "/daerah/33.10-kabupaten-klaten"),
        ("blora", "/daerah/33.16-kabupaten-blora"),
    ],
)
def test_an_empty_list_leads_to_the_page_of_the_region_that_was_typed(
    client: CheckedClient, words: str, page: str
) -> None:
    response = client.get("/kerja-sama", query_string={"q": words, "bukti": "A"}, follow_redirects=True)
    assert total(response) == 0
    links = [link["href"] for link in soup(response).select(".empty li a")]
    assert links[0] == page
    assert client.get(page).status_code == 200


def test_an_empty_list_leads_to_no_page_that_is_not_meant(client: CheckedClient) -> None:
    for words in ("zzzz", "vatikan", "klaten zzzz"):
        response = client.get("/kerja-sama", query_string={"q": words, "bukti": "A"}, follow_redirects=True)
        assert not [link for link in soup(response).select(".empty li a") if "/daerah/" in link["href"]]


def test_a_value_nobody_knows_is_named_and_never_breaks_the_page(client: CheckedClient) -> None:
    response = client.get("/kerja-sama?status=besok&negara=CN")
    assert response.status_code == 200
    assert "besok" in soup(response).select_one(".empty").get_text()
    assert 'content="noindex' in response.get_data(as_text=True)


def test_a_typing_error_is_read_as_the_known_word_and_says_so(client: CheckedClient) -> None:
    response = client.get("/kerja-sama?q=surakrta")
    assert total(response) == total(client.get("/kerja-sama?q=surakarta")) > 0
    assert "surakrta" in soup(response).select_one("#hasil > p").get_text()


def test_a_day_before_the_register_is_called_hindsight(client: CheckedClient) -> None:
    page = soup(client.get("/en/kerja-sama?pada=2017-11-30"))
    assert "hindsight" in page.select_one("#pita").get_text()
    assert page.select_one("#pita a")["href"] == "/en/kerja-sama"
    assert all("?pada=2017-11-30" in link["href"] for link in page.select(".row h3 a"))


def test_a_day_of_the_register_is_as_it_was_known(client: CheckedClient) -> None:
    day = today().isoformat()
    page = soup(client.get(f"/en/kerja-sama?pada={day}", follow_redirects=True))
    assert "known on" in page.select_one("#pita").get_text()


def test_a_day_to_come_is_not_known(client: CheckedClient) -> None:
    assert total(client.get("/kerja-sama?pada=2999-01-01")) == 0


def test_the_table_says_how_it_is_sorted(client: CheckedClient) -> None:
    page = soup(client.get("/kerja-sama?urut=daerah&tampilan=tabel"))
    sorts = [head["aria-sort"] for head in page.select("th[aria-sort]")]
    assert sorted(sorts) == ["ascending", "none", "none", "none"]
    assert page.select_one("th[aria-sort=ascending] a")["href"] == "/kerja-sama?urut=daerah&tampilan=tabel"


@pytest.mark.parametrize(
    ("query", "indexed"),
    [
        ("", True),
        ("?prov=33", True),
        ("?hal=2", True),
        ("?prov=33&negara=CN", False),
        ("?q=air", False),
        ("?urut=baru", False),
    ],
)
def test_only_plain_lists_are_offered_to_search_engines(client: CheckedClient, query: str, indexed: bool) -> None:
    assert ("noindex" not in client.get(f"/kerja-sama{query}").get_data(as_text=True)) == indexed


# -- search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("KS-0011", "/kerja-sama/KS-0011-kota-surakarta-xian"),
        ("ks 11", "/kerja-sama/KS-0011-kota-surakarta-xian"),
        ("kota surakarta", "/daerah/33.72-kota-surakarta"),
        ("Solo", "/daerah/33.72-kota-surakarta"),
        ("jawa tengah", "/daerah/33-jawa-tengah"),
        ("China", "/negara/cn-tiongkok"),
        ("bogor", "/kerja-sama?q=bogor"),
        ("air bersih", "/kerja-sama?q=air+bersih"),
        ("KS-999999", "/kerja-sama?q=KS-999999"),
        ("", "/kerja-sama"),
    ],
)
def test_a_search_leads_to_the_one_page_that_is_meant(client: CheckedClient, words: str, path: str) -> None:
    response = client.get("/cari", query_string={"q": words})
    assert (response.status_code, response.headers["Location"]) == (303, path)


def test_suggestions_begin_like_what_is_typed(client: CheckedClient) -> None:
    options = soup(client.get("/saran?q=sura", headers=HTMX)).select("option")
    assert options[0]["value"] == "Kota Surakarta"
    assert soup(client.get("/saran?q=s", headers=HTMX)).select("option") == []
    assert client.get("/saran?q=sura").status_code == 303


@pytest.fixture
def limited(fresh_database_url: str, tmp_path: Path) -> Iterator[CheckedClient]:
    """A portal that answers two searches a minute."""
    with application(fresh_database_url, tmp_path / "instance", RATE_LIMIT="2 per minute") as app:
        yield app.test_client()


def test_too_many_exports_are_told_to_wait_and_the_pages_stay_open(limited: CheckedClient) -> None:
    answers = [limited.get("/kerja-sama.csv?q=xian") for _ in range(4)]
    codes = [answer.status_code for answer in answers if answer.data]
    assert codes == [200, 200, 429, 429]
    assert int(limited.get("/kerja-sama.csv").headers["Retry-After"]) > 0
    assert limited.get("/kerja-sama").status_code == 200


@pytest.mark.parametrize(("language", "written"), [("", "10.105"), ("/en", "10,105")])
def test_large_numbers_have_the_mark_of_the_language(
    fresh_client: CheckedClient, monkeypatch: pytest.MonkeyPatch, language: str, written: str
) -> None:
    page = listing.page
    monkeypatch.setattr(listing, "page", lambda *asked: replace(page(*asked), total=10105, pages=2021, number=2020))
    for headers in ({}, HTMX):
        answer = fresh_client.get(f"{language}/kerja-sama?hal=2020", headers=headers)
        assert soup(answer).find(id="n-tombol").get_text() == written
        shown = soup(answer).get_text()
        assert written[:3] + "100" in shown, "the rows of the page"
        assert "10105" not in shown


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br, gzip"])
@pytest.mark.parametrize("path", ["/kerja-sama.csv", "/kerja-sama.json", "/kerja-sama.atom", "/log.jsonl"])
def test_whoever_asks_for_the_head_of_a_file_is_told_no_wrong_length(
    client: CheckedClient, path: str, encoding: str
) -> None:
    whole, head = (ask(path, headers={"Accept-Encoding": encoding}) for ask in (client.get, client.head))
    assert (len(whole.data) > 0, head.data) == (True, b"")
    assert "Content-Length" not in head.headers
    for name in ("Content-Type", "Content-Encoding", "ETag"):
        assert head.headers.get(name) == whole.headers.get(name)


def test_only_who_must_wait_is_told_how_long(limited: CheckedClient) -> None:
    for path in ("/kerja-sama.xlsx", "/koreksi/ABCD", "/kerja-sama.csv"):
        names = {name.lower() for name, _ in limited.get(path).headers}
        assert not {name for name in names if name == "retry-after" or name.startswith("x-ratelimit")}
    limited.get("/kerja-sama.csv?q=a")
    held = limited.get("/kerja-sama.csv?q=b")
    assert held.status_code == 429
    assert 0 < int(held.headers["Retry-After"]) <= 60
    assert f"Tunggu {held.headers['Retry-After']} detik" in soup(held).get_text()
