"""Can everybody see how moderation works, take the whole log away, and see that something waits – and no more?"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

import pytest

from portal import editorial
from portal.extensions import db
from portal.models import Proposal
from portal.record import canonical
from tests import moves
from tests.pages import CheckedClient
from tests.people import People
from tests.record_pages import AUTHOR, Publish, page, publisher, said

SECRET = "Kalimat yang belum diterbitkan"


@pytest.fixture
def publish(fresh_app: Any) -> Publish:
    return publisher(fresh_app)


@pytest.fixture
def waiting(fresh_app: Any, fresh_people: People) -> None:
    """A proposal of Sragen's office about KS-0005 waits; another was returned."""
    with fresh_app.app_context():
        returned = moves.sent(fresh_people.stranger, "Lain")
        moves.decided(fresh_people.moderator, returned, whole="return")
        moves.sent(fresh_people.stranger, SECRET)


@pytest.mark.parametrize("path", ["/moderasi-publik", "/en/moderasi-publik"])
def test_an_empty_ledger_is_a_page(client: CheckedClient, path: str) -> None:
    assert page(client, path).select("#usulan tbody tr")
    assert f'href="{path}"' in client.get(path.removesuffix("/moderasi-publik") or "/").get_data(as_text=True)


@pytest.mark.usefixtures("waiting")
def test_the_numbers_are_there_and_nothing_of_the_proposals(fresh_client: CheckedClient) -> None:
    found = page(fresh_client, "/en/moderasi-publik")
    first = said(found.select_one(".score > div"))
    assert first == "proposals waiting for a decision the oldest for 0 days 1"
    cells = [said(cell) for cell in found.select("#usulan tbody tr:first-child td")]
    assert cells == ["2", "0", "0", "1", "0", "0", "0.0"]
    assert "Central Java" in said(found.select_one("#provinsi tbody"))
    for words in (SECRET, "Dinas Uji", "KS-0005", "Pegawai", "uji.example"):
        assert words not in said(found.main)


@pytest.mark.usefixtures("waiting")
def test_the_table_holds_the_same(fresh_client: CheckedClient) -> None:
    answer = fresh_client.get("/moderasi-publik.csv")
    assert answer.mimetype == "text/csv"
    first = next(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert (first["received"], first["returned"], first["median_days"], first["tips_received"]) == (
        "2",
        "1",
        "0.0",
        "0",
    )


@pytest.mark.usefixtures("waiting")
def test_a_record_and_its_region_say_that_something_waits(fresh_client: CheckedClient, fresh_app: Any) -> None:
    found = page(fresh_client, "/en/kerja-sama/KS-0005")
    assert "1 proposal is being reviewed." in said(found.select_one("#ditinjau"))
    assert SECRET not in said(found)
    assert not page(fresh_client, "/en/kerja-sama/KS-0001").select("#ditinjau")
    assert not page(fresh_client, "/en/kerja-sama/KS-0005?rev=1&pada=2016-01-01").select("#ditinjau")
    assert not page(fresh_client, "/en/daerah/33.14").select("#ditinjau")
    with fresh_app.app_context():
        proposal = db.session.query(Proposal).filter_by(state="submitted").one()
        proposal.kind, proposal.subject = "new", ""
        db.session.commit()
    assert "1 proposal is being reviewed." in said(page(fresh_client, "/en/daerah/33.14").select_one("#ditinjau"))


def test_the_log_can_be_checked_by_anybody(fresh_client: CheckedClient, publish: Publish) -> None:
    publish("KS-0011", sectors=["tourism"])
    answer = fresh_client.get("/log.jsonl")
    assert answer.mimetype == "application/jsonl"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    before, count = "0" * 64, 0
    for line in answer.get_data(as_text=True).splitlines():
        entry = json.loads(line)
        stated = entry.pop("hash")
        assert hashlib.sha256(canonical(entry)).hexdigest() == stated
        assert (entry["prev"], entry["seq"]) == (before, count + 1)
        before, count = stated, entry["seq"]
    assert answer.headers["X-Log-Head"] == f"{count} {before}"
    assert (entry["id"], entry["number"], entry["by"]["office"]) == ("KS-0011", 2, "Pengelola portal")


def test_yesterdays_log_is_the_beginning_of_todays(fresh_client: CheckedClient, publish: Publish) -> None:
    first = fresh_client.get("/log.jsonl")
    again = fresh_client.get("/log.jsonl", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    publish("KS-0011", sectors=["tourism"])
    then = fresh_client.get("/log.jsonl", headers={"If-None-Match": first.headers["ETag"]})
    assert then.status_code == 200
    assert then.data.startswith(first.data)
    count = first.data.count(b"\n")
    assert fresh_client.get(f"/log.jsonl?setelah={count}").data == then.data[len(first.data) :]
    assert fresh_client.head("/log.jsonl").data == b""


@pytest.mark.parametrize("after", ["x", "-1", "99999999999999999999", "٣", "999999"])
def test_any_place_in_the_log_may_be_asked_for(client: CheckedClient, after: str) -> None:
    assert client.get("/log.jsonl", query_string={"setelah": after}).status_code == 200


def test_who_proposed_and_who_published_stand_beside_a_revision(
    fresh_client: CheckedClient, fresh_app: Any, fresh_people: People
) -> None:
    with fresh_app.app_context():
        moves.decided(fresh_people.moderator, moves.sent(fresh_people.stranger, "Ringkasan yang baru."))
    row = page(fresh_client, "/en/kerja-sama/KS-0005/riwayat").select_one("#revisi-2")
    assert "Proposed by Agency, Dinas Uji Sragen; published by Moderator, Sekretariat Tautan Daerah" in said(row)
    assert moves.PUBLIC in said(row)
    body = fresh_client.get("/kerja-sama/KS-0005.json").get_json()
    assert body["published"]["proposed_by"] == {"role": "agency_clerk", "office": "Dinas Uji Sragen"}
    assert "Dinas Uji Sragen" in said(page(fresh_client, "/en/perubahan").select_one(".tl li"))
    assert "Pegawai" not in said(page(fresh_client, "/en/kerja-sama/KS-0005"))


def test_the_reply_of_a_region_stands_under_the_record(fresh_client: CheckedClient, publish: Publish) -> None:
    replies = [
        {"text": {"id": "Jawaban lama."}, "office": "Bagian Kerja Sama", "date": "2024-02-01"},
        {
            "text": {"id": "Jawaban baru.\nBaris kedua.", "en": "New answer."},
            "office": "Dinas Uji",
            "date": "2025-03-04",
        },
    ]
    publish("KS-0011", replies=replies)
    found = page(fresh_client, "/en/kerja-sama/KS-0011").select_one("#tanggapan")
    assert said(found).startswith("Reply of the region New answer. Dinas Uji, 4 March 2025 1 earlier reply")
    assert found.select_one("details [lang=id]").get_text() == "Jawaban lama."
    home = page(fresh_client, "/kerja-sama/KS-0011").select_one("#tanggapan")
    assert "Jawaban baru. Baris kedua." in said(home)
    assert home.select("br")
    then = page(fresh_client, "/en/kerja-sama/KS-0011?pada=2024-06-01")
    assert "Jawaban lama." in said(then.select_one("#tanggapan"))
    assert "New answer." not in said(then.main)
    assert fresh_client.get("/kerja-sama/KS-0011.json").get_json()["document"]["replies"] == replies


def test_the_reply_of_a_region_stands_on_its_page(fresh_client: CheckedClient, fresh_app: Any) -> None:
    with fresh_app.app_context():
        note = moves.document("33.11")
        note["replies"] = [{"text": {"id": "Kami sedang menyusun."}, "office": "Bagian Uji", "date": "2026-01-02"}]
        editorial.publish("region", note, AUTHOR, "Tanggapan daerah")
    found = page(fresh_client, "/en/daerah/33.11").select_one("#tanggapan")
    assert "Kami sedang menyusun." in said(found)
    assert "Bagian Uji, 2 January 2026" in said(found)
    assert "Replies of the region" in said(page(fresh_client, "/en/perubahan").select_one(".tl li"))
