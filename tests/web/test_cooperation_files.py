"""Can one record be taken away as a file, and does it hold whatever a record holds?"""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from portal import first_records, publications
from portal.record import FIELDS
from portal.web import cooperation
from tests.counting import statements
from tests.pages import CheckedClient
from tests.record_pages import PAPERS, XIAN, Publish, page, publisher, said


@pytest.fixture
def publish(fresh_app: Any) -> Publish:
    return publisher(fresh_app)


# -- files --------------------------------------------------------------------------------------------------------


def test_json_holds_document_answers_and_hashes(client: CheckedClient, app: Any) -> None:
    body = client.get("/en/kerja-sama/KS-0011.json").get_json()
    with app.app_context():
        newest = publications.newest("KS-0011")
    assert newest is not None
    assert body["document"] == newest.document
    assert body["sha256"] == newest.document_hash
    assert body["published"]["hash"] == newest.hash
    assert body["answers"]["status"] == "no_follow_up"
    assert body["permalink"].endswith(f"/en{XIAN}?rev=1")
    before = client.get("/kerja-sama/KS-0011.json?pada=2016-06-30").get_json()
    assert (before["answers"]["status"], before["assessed_on"]) == ("intent_signed", "2016-06-30")


def test_csv_is_one_line_of_the_whole_list(client: CheckedClient) -> None:
    response = client.get("/kerja-sama/KS-0011.csv")
    head, line = csv.reader(io.StringIO(response.get_data(as_text=True)))
    assert len(head) == len(line)
    assert "KS-0011" in line
    assert response.headers["Content-Disposition"] == "attachment; filename=KS-0011.csv"


def test_atom_tells_every_revision(fresh_client: CheckedClient, publish: Publish) -> None:
    publish("KS-0011", "Catatan & <tanda>", sectors=["tourism"])
    response = fresh_client.get("/en/kerja-sama/KS-0011.atom")
    feed = Xml.fromstring(response.data)
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert [entry.findtext("a:title", "", names) for entry in feed.iterfind("a:entry", names)] == [
        "Revision 2: Sectors",
        "Revision 1: Record made",
    ]
    assert "Catatan & <tanda>" in feed.findtext("a:entry/a:summary", "", names)
    assert len({entry.text for entry in feed.iterfind(".//a:id", names)}) == 3


def test_bibtex_cites_the_revision(client: CheckedClient) -> None:
    text = client.get("/kerja-sama/KS-0011.bib").get_data(as_text=True)
    assert text.startswith("@misc{KS-0011-r1,")
    assert f"{XIAN}?rev=1}}" in text


@pytest.mark.parametrize("form", ["json", "csv", "bib"])
@pytest.mark.parametrize(("query", "status"), [("rev=7", 404), ("pada=x", 400)])
def test_a_file_that_cannot_be_is_a_sentence(client: CheckedClient, form: str, query: str, status: int) -> None:
    response = client.get(f"/en/kerja-sama/KS-0011.{form}?{query}")
    assert (response.status_code, response.mimetype) == (status, "text/plain")


@pytest.mark.parametrize("form", ["json", "csv", "atom", "bib"])
def test_every_record_has_every_file(client: CheckedClient, form: str) -> None:
    for document in first_records.cooperations():
        assert client.get(f"/kerja-sama/{document['id']}.{form}").status_code == 200


# -- what must hold whatever the record holds ---------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?rev=1", "?pada=2016-06-30"])
def test_the_number_of_statements_does_not_grow_with_the_record(client: CheckedClient, app: Any, query: str) -> None:
    counts = set()
    for subject in PAPERS:
        path = client.get(f"/kerja-sama/{subject}").headers["Location"]
        with statements(app) as seen:
            client.get(path + query)
        counts.add(len(seen))
    assert max(counts) <= 8
    assert max(counts) - min(counts) <= 2, "one that names no other record, or cites no web page, does not ask for any"


def test_naughty_words_are_only_words(fresh_client: CheckedClient, publish: Publish) -> None:
    odd = "<script>alert(1)</script> {a} **b** $x &amp; \"'"
    publish(
        "KS-0012",
        title={"id": odd},
        summary={"id": odd},
        local_parties=[
            {"name": {"id": odd}, "kind": "unknown", "printed": odd, "link": "https://example.org/?a=1&b=2"}
        ],
        events=[{"class": "follow_up", "kind": "other", "date": "2017-05", "title": {"id": odd}, "quote": odd}],
    )
    for path in ("/kerja-sama/KS-0012", "/kerja-sama/KS-0012/riwayat", "/kerja-sama/KS-0012/banding"):
        text = fresh_client.get(path, follow_redirects=True).get_data(as_text=True)
        assert "<script>alert" not in text
    assert "{a} **b** $x &amp;" in said(page(fresh_client, "/kerja-sama/KS-0012").select_one(".say"))
    assert fresh_client.get("/kerja-sama/KS-0012.bib").status_code == 200
    Xml.fromstring(fresh_client.get("/kerja-sama/KS-0012.atom").data)


def test_no_page_sets_a_cookie(client: CheckedClient) -> None:
    for path in (XIAN, f"{XIAN}?rev=1", "/kerja-sama/KS-0011/riwayat", "/kerja-sama/KS-0011.json"):
        assert "Set-Cookie" not in client.get(path).headers


def test_the_portal_never_says_there_is_none_in_its_own_voice(client: CheckedClient) -> None:
    for subject in ("KS-0001", "KS-0011", "KS-0020"):
        found = page(client, f"/kerja-sama/{subject}")
        for quoted in found.select(".q, textarea, footer, .srcs, details, .key ~ p"):
            quoted.decompose()
        assert not re.search(r"\b[Tt]idak ada\b|ilegal", said(found.main))


def test_every_field_of_a_record_has_its_place(client: CheckedClient) -> None:
    """A field that is added to the record must be shown, or named here with the reason why it is not."""
    shown = {
        "title", "region", "other_regions", "local_parties", "foreign_parties", "legal_form", "type", "sectors",
        "summary", "term", "instruments", "milestones", "events", "declarations", "obstacles", "sources", "claims",
        "flags", "missing", "related", "replies", "id",
    }  # fmt: skip
    assert {field.name for field in FIELDS} == shown


def test_the_number_is_read_generously() -> None:
    converter = cooperation.RecordNumber(None)  # type: ignore[arg-type]
    assert {converter.to_python(text) for text in ("KS-0011", "ks-11", "Ks11", "KS-000011")} == {"KS-0011"}
