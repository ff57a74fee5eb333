"""Do the pages of text define every word the portal uses, with numbers from the code, and echo nothing foreign?"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import jsonschema
import pytest
from sqlalchemy import select

from portal import answers, data, record, status, vocabulary
from portal.extensions import db
from portal.flattening import CELLS
from portal.models import Revision, Version
from portal.web import definitions, prose, steps
from portal.web.method_view import LISTS, MONTHS
from tests.pages import CheckedClient, soup

ANCHORS = (
    [f"status-{code}" for code in answers.STATUSES]
    + [f"berlaku-{code}" for code in answers.VALIDITY]
    + [f"kabar-{code}" for code in answers.NEWS]
    + [f"kegiatan-{code}" for code in answers.ACTIVITY]
    + [f"pelaporan-{code}" for code in answers.REPORTING]
    + [f"tanda-{code}" for code in vocabulary.FLAGS]
    + [f"tahap-{code}" for code in vocabulary.MILESTONES]
    + [f"bukti-{code}" for code in vocabulary.GRADES]
    + [f"cakupan-{code}" for code in answers.COVERAGE]
    + [f"aturan-{row['code']}" for row in data.legal_regimes()]
)
# Who acts next by status, as `portal.procedure.holder` has it; of an open step also whoever decides it.
WHO = {
    **dict.fromkeys(("terminated", "completed", "ended", "discontinued"), "Nobody"),
    **dict.fromkeys(("in_force", "in_force_renewed", "signed"), "Both parties"),
    **dict.fromkeys(("expired", "no_follow_up", "intent_signed", "exploring", "planned"), "The regional government"),
    "drafting": "The regional government; the Ministry of Home Affairs",
    "awaiting_approval": "Whoever holds the request",
    "unknown": "Not known",
}
HOLDERS = {"nobody": "Nobody", "both_parties": "Both parties", "region": "The regional government"}
HOSTILE = [
    "//evil.example/x", "/\\evil.example", "\\/evil.example", "https://evil.example/", "javascript:alert(1)",
    "/tak-ada", "/daerah/33-jawa-tengah\r\nX: y", "/<script>", "/daerah/\"onclick=", "daerah", "/" + "a" * 400,
    "/static/css/tokens.css", "/@evil.example", "/%5cevil", "http:/evil", "", "/daerah/33-jawa-tengah\u202e",
]  # fmt: skip


@pytest.mark.parametrize("text", prose.PAGES, ids=lambda text: text.name)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_text_answers_in_every_language(client: CheckedClient, text: prose.Page, prefix: str) -> None:
    answer = client.get(prefix + text.rule)
    assert answer.status_code == 200
    assert soup(answer).title.get_text().strip()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_word_has_its_anchor(client: CheckedClient, prefix: str) -> None:
    page = soup(client.get(f"{prefix}/metode"))
    assert [anchor for anchor in ANCHORS if page.find(id=anchor) is None] == []


def test_the_statuses_stand_in_the_order_of_their_rules(client: CheckedClient) -> None:
    found = [term["id"].removeprefix("status-") for term in soup(client.get("/metode")).select("dt[id^=status-]")]
    assert found == [code for code, _rule in status.RULES]


def test_every_status_says_what_it_means_who_acts_and_what_follows() -> None:
    assert set(definitions.STATUSES) == set(answers.STATUSES)
    for code, meaning in definitions.STATUSES.items():
        assert all((meaning.meaning, meaning.rule, meaning.actor, meaning.follows)), code
        assert WHO[code] in meaning.actor, code
    assert set(steps.MILESTONES) == set(vocabulary.MILESTONES)
    for anchor, terms, meanings in LISTS:
        assert set(meanings) == set(terms), anchor


@pytest.mark.usefixtures("app_context")
def test_who_acts_next_is_who_the_records_name() -> None:
    held: dict[str, set[str]] = {}
    for _seq, document in db.session.execute(
        select(Version.revision, Revision.document).join(Revision).where(Version.current)
    ):
        known = status.assess(json.loads(document), date(2026, 11, 22))
        if known.holder:
            held.setdefault(known.status, set()).add(known.holder)
    assert held
    for code, holders in held.items():
        for holder in holders & set(HOLDERS):
            assert HOLDERS[holder] in definitions.STATUSES[code].actor or code == "unknown", (code, holder)


def test_numbers_of_months_come_from_the_rules(client: CheckedClient) -> None:
    text = soup(client.get("/en/metode")).get_text()
    assert MONTHS == {"no_news": 24, "active": 12, "stale": 18, "dormant": 24}
    for months in (status.NO_NEWS_MONTHS, status.ACTIVE_MONTHS, status.STALE_MONTHS):
        assert f"{months} months" in text


def test_unsure_rules_say_so(client: CheckedClient) -> None:
    page = soup(client.get("/en/metode"))
    for row in data.legal_regimes():
        text = page.find(id=f"aturan-{row['code']}").find_next("dd").get_text()
        assert ("Not certain" in text) == (row["unsure"] == "yes"), row["code"]


def test_the_dictionary_holds_every_field_and_column(client: CheckedClient) -> None:
    page = soup(client.get("/data"))
    paths = {cell.get_text() for cell in page.select("tbody th")}
    assert {f"{field.name}{'[]' if field.many else ''}" for field in record.FIELDS} <= paths
    assert {"term.end.date", "sources[].grade", "statements[].as_of"} <= paths
    assert [code.get_text() for code in page.select("dt code")] == [cell.name for cell in CELLS]


def test_every_file_of_the_data_page_can_be_fetched(client: CheckedClient) -> None:
    links = [link["href"] for link in soup(client.get("/data")).select("#unduh ~ ul:first-of-type a")]
    own = [link for link in links if link.startswith("/")]
    assert len(own) >= 7
    for link in own:
        assert client.get(link).status_code == 200, link


def test_reference_data_name_their_sources(client: CheckedClient) -> None:
    text = soup(client.get("/data")).get_text()
    for name in ("cahyadsn/wilayah", "cahyadsn/wilayah_boundaries", "Unicode CLDR", "Natural Earth", "300.2.2-2430"):
        assert name in text, name
    for notice in ("Cahya DSN", "UNICODE LICENSE V3", "Permission is hereby granted"):
        assert notice in text


@pytest.mark.parametrize("address", ["/data/skema.json", "/data/skema-region.json", "/en/data/skema.json"])
def test_the_schemas_are_schemas(client: CheckedClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    jsonschema.Draft202012Validator.check_schema(json.loads(answer.data))


def test_there_is_no_schema_of_anything_else(client: CheckedClient) -> None:
    assert client.get("/data/skema-x.json").status_code == 404


@pytest.mark.parametrize("path", ["/daerah/33-jawa-tengah", "/en/negara/cn-tiongkok", "/metode", "/"])
def test_the_page_to_correct_is_named(client: CheckedClient, path: str) -> None:
    page = soup(client.get("/koreksi", query_string={"hal": path}))
    assert page.select_one(".note a")["href"] == path


@pytest.mark.parametrize("path", HOSTILE)
def test_a_foreign_address_is_never_echoed(client: CheckedClient, path: str) -> None:
    answer = client.get("/koreksi", query_string={"hal": path})
    assert answer.status_code == 200
    page = soup(answer)
    assert page.select_one(".note") is None
    page.head.decompose()
    for links in page.select(".util"):
        links.decompose()
    assert "evil" not in str(page)


def test_the_contact_of_the_settings_is_shown(client: CheckedClient, app: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(app.config, "CONTACT", "redaksi@example.org")
    assert soup(client.get("/koreksi")).select_one("#alamat ~ p a")["href"] == "mailto:redaksi@example.org"
    monkeypatch.setitem(app.config, "CONTACT", "https://example.org/kontak")
    assert soup(client.get("/koreksi")).select_one("#alamat ~ p a")["href"] == "https://example.org/kontak"


def test_without_a_contact_no_address_is_made_up(client: CheckedClient, app: Any, monkeypatch: Any) -> None:
    assert "no address to write to yet" in soup(client.get("/en/aksesibilitas")).select_one("article").get_text()
    assert soup(client.get("/en/koreksi")).select_one("#alamat") is None
    monkeypatch.setitem(app.config, "CONTACT", "redaksi@example.org")
    assert "no address" not in soup(client.get("/en/aksesibilitas")).select_one("article").get_text()


def test_an_answer_is_promised_in_working_days(client: CheckedClient) -> None:
    assert "within 10 working days" in soup(client.get("/en/koreksi")).main.get_text()


@pytest.mark.parametrize("path", ["/en/koreksi", "/en/aksesibilitas"])
def test_a_demonstration_says_that_reports_reach_nobody(
    client: CheckedClient, app: Any, monkeypatch: Any, path: str
) -> None:
    assert "reaches nobody" not in soup(client.get(path)).get_text()
    monkeypatch.setitem(app.config, "DEMO", True)
    assert "reaches nobody" in soup(client.get(path)).main.get_text()


def test_files_and_lines_are_explained_where_the_pages_lead(client: CheckedClient) -> None:
    link = soup(client.get("/en/daerah/33.11-kabupaten-sukoharjo")).select_one('a[href$="#sumber-penelitian"]')
    page = soup(client.get(link["href"].partition("#")[0]))
    text = page.find(id="sumber-penelitian").parent.get_text()
    assert all(words in text for words in ("File 001", "File 004", "SR067"))
    assert "sister province" in page.find(id="jenis-dan-bentuk").get_text()


def test_nothing_is_said_to_be_none(client: CheckedClient) -> None:
    for page in prose.PAGES:
        text = soup(client.get(page.rule)).select_one("main").get_text().lower()
        assert "tidak ada" not in text.replace("tidak ada yang berubah", ""), page.rule  # “nothing changed”
