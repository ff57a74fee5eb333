"""What does the public read where a record was withdrawn, merged into another, or brought back?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from portal import auditing, editorial, ledger, publications
from portal.editorial.publishing import bury
from portal.extensions import db, today
from portal.ledger import MERGE, WITHDRAW, Author, Entry
from tests.counting import statements
from tests.pages import CheckedClient
from tests.record_pages import XIAN, page, said

REASON = "Tercatat dua kali / Recorded twice"
BY, FROM = Author("moderator", "Kantor Moderasi"), Author("coordinator", "Bagian Kerja Sama Uji")
ATOM = {"a": "http://www.w3.org/2005/Atom"}
Bury = Callable[..., None]


@pytest.fixture
def gone(fresh_app: Any) -> Bury:
    """`gone("KS-0011")` withdraws a record, `gone("KS-0011", "KS-0012")` merges it into another."""

    def one(subject: str, into: str = "") -> None:
        with fresh_app.app_context():
            session = db.session()
            entry = Entry(REASON, FROM, act=MERGE if into else WITHDRAW, merged_into=into)
            bury(session, ledger.Chain(session), subject, BY, entry, today())
            session.commit()

    return one


@pytest.fixture
def again(fresh_app: Any) -> Callable[[str], None]:
    """`again("KS-0011")` publishes the last document that stood once more."""

    def one(subject: str) -> None:
        with fresh_app.app_context():
            newest = publications.newest(subject)
            assert newest is not None
            editorial.publish("cooperation", json.loads(json.dumps(newest.document)), BY, "Dikembalikan")

    return one


def test_a_withdrawn_record_says_that_it_is_gone_why_and_who_decided(fresh_client: CheckedClient, gone: Bury) -> None:
    before = said(page(fresh_client, f"/en{XIAN}").h1)
    gone("KS-0011")
    found = page(fresh_client, f"/en{XIAN}", 410)
    assert "KS-0011 was withdrawn" in said(found.h1)
    assert re.split(r"\W* with \W*", before)[0] in said(found.main)
    assert REASON in said(found.main)
    assert "Proposed by Cooperation section, Bagian Kerja Sama Uji" in said(found.main)
    assert "Decided by Moderator, Kantor Moderasi" in said(found.main)
    assert "/en/kerja-sama/KS-0011/riwayat" in [link["href"] for link in found.select("main a")]
    assert found.select_one("meta[name=robots]")["content"] == "noindex"
    assert page(fresh_client, "/en/kerja-sama/ks-11", 410).h1


def test_a_withdrawn_record_is_in_no_list(fresh_client: CheckedClient, gone: Bury) -> None:
    paths = ("/kerja-sama?q=KS-0011", "/kerja-sama.json", "/kerja-sama.csv", "/sitemap.xml", "/kerja-sama.atom")
    assert any("KS-0011" in fresh_client.get(path).get_data(as_text=True) for path in paths)
    gone("KS-0011")
    for path in paths[1:]:
        assert "KS-0011" not in fresh_client.get(path).get_data(as_text=True), path
    assert not page(fresh_client, "/kerja-sama").select(f"a[href^='{XIAN}']")


def test_what_was_published_stays_readable(fresh_client: CheckedClient, gone: Bury) -> None:
    gone("KS-0011")
    old = page(fresh_client, f"/en{XIAN}?rev=1")
    assert "You are reading revision 1 of 2. This record was withdrawn on" in said(old.select_one(".band"))
    assert "LoI" in said(old.select_one(".now"))
    assert old.select_one("meta[name=robots]")
    rows = page(fresh_client, "/en/kerja-sama/KS-0011/riwayat").select("li[id^=revisi-]")
    assert "What changed: Record withdrawn" in said(rows[0])
    assert "Proposed by Cooperation section, Bagian Kerja Sama Uji; published by Moderator" in said(rows[0])
    assert "withdrew the record" in said(page(fresh_client, "/en/kerja-sama/KS-0011/banding").main)
    assert page(fresh_client, f"/en{XIAN}?rev=2", 410).h1


def test_the_day_before_it_was_withdrawn_still_shows_it(
    fresh_client: CheckedClient, fresh_app: Any, gone: Bury, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from portal.extensions import utc_now
    from portal.web import clock, record_reading

    later = utc_now() + timedelta(days=3)
    monkeypatch.setattr(ledger, "utc_now", lambda: later)
    gone("KS-0011")
    monkeypatch.setattr(record_reading, "today", lambda: today() + timedelta(days=4))
    monkeypatch.setattr(clock, "today", lambda: today() + timedelta(days=4))
    then = page(fresh_client, f"/en{XIAN}?pada={today().isoformat()}")
    assert "as it was known on" in said(then.select_one(".band"))
    assert "This record was withdrawn on" in said(then.select_one(".band"))
    after = (today() + timedelta(days=4)).isoformat()
    assert "was withdrawn" in said(page(fresh_client, f"/en{XIAN}?pada={after}", 410).h1)


@pytest.mark.parametrize("form", ["json", "csv", "bib"])
def test_a_file_of_what_is_gone_is_gone(fresh_client: CheckedClient, gone: Bury, form: str) -> None:
    gone("KS-0011")
    answer = fresh_client.get(f"/en/kerja-sama/KS-0011.{form}")
    assert (answer.status_code, answer.mimetype) == (410, "text/plain")
    assert REASON in answer.get_data(as_text=True)
    assert fresh_client.get(f"/en/kerja-sama/KS-0011.{form}?rev=1").status_code == 200


def test_feeds_tell_that_it_was_withdrawn(fresh_client: CheckedClient, gone: Bury) -> None:
    gone("KS-0011")
    own = ElementTree.fromstring(fresh_client.get("/en/kerja-sama/KS-0011.atom").data)
    assert own.findtext("a:entry/a:title", "", ATOM) == "Revision 2: Record withdrawn"
    every = ElementTree.fromstring(fresh_client.get("/en/perubahan.atom").data)
    assert "Record withdrawn" in every.findtext("a:entry/a:summary", "", ATOM)
    assert "Record withdrawn" in said(page(fresh_client, "/en/perubahan").select_one(".tl li"))
    assert "Record withdrawn" in said(page(fresh_client, "/en").main)


def test_a_merged_record_leads_to_the_one_to_read_instead(fresh_client: CheckedClient, gone: Bury) -> None:
    gone("KS-0011", "KS-0012")
    answer = fresh_client.get(f"/en{XIAN}")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/kerja-sama/KS-0012")
    found = page(fresh_client, f"/en{XIAN}")
    assert "KS-0011 was merged into this record." in said(found.main)
    assert page(fresh_client, "/en/kerja-sama/KS-0011/riwayat").select("li[id^=revisi-]")
    old = page(fresh_client, f"/en{XIAN}?rev=1")
    assert "merged into KS-0012" in said(old.select_one(".band"))
    assert "KS-0011 was merged into KS-0012" in said(page(fresh_client, f"/en{XIAN}?rev=2", 410).h1)
    file = fresh_client.get("/kerja-sama/KS-0011.json")
    assert (file.status_code, file.headers["Location"]) == (301, "/kerja-sama/KS-0012.json")
    assert "Merged into KS-0012" in said(page(fresh_client, "/en/perubahan").select_one(".tl li"))


def test_a_text_of_what_is_gone_leads_to_what_became_of_it(
    fresh_client: CheckedClient, fresh_app: Any, gone: Bury
) -> None:
    with fresh_app.app_context():
        newest = publications.newest("KS-0011")
        assert newest is not None
        key = newest.document["instruments"][0]["key"]
    gone("KS-0011")
    assert "withdrawn" in said(page(fresh_client, f"/en/kerja-sama/KS-0011/dokumen/{key}", 410).h1)


def test_a_page_that_is_not_there_offers_only_what_can_be_read(fresh_client: CheckedClient, gone: Bury) -> None:
    wrong = "/en/kerja-sama/xx-KS-0011-zz/nothing"
    assert "Did you mean KS-0011?" in said(page(fresh_client, wrong, 404).main)
    gone("KS-0011", "KS-0012")
    assert "Did you mean KS-0012?" in said(page(fresh_client, wrong, 404).main)
    gone("KS-0012")
    assert "KS-0012" not in said(page(fresh_client, wrong.replace("KS-0011", "KS-0012"), 404).main)


def test_a_record_that_was_brought_back_stands_again(
    fresh_client: CheckedClient, fresh_app: Any, gone: Bury, again: Callable[[str], None]
) -> None:
    gone("KS-0011", "KS-0012")
    again("KS-0011")
    found = page(fresh_client, f"/en{XIAN}")
    assert "Xi’an" in said(found.h1)
    assert not found.select_one(".band")
    assert "merged into this record" not in said(page(fresh_client, "/en/kerja-sama/KS-0012").main)
    tomb = page(fresh_client, f"/en{XIAN}?rev=2")
    assert "It stands again since" in said(tomb.main)
    rows = page(fresh_client, "/en/kerja-sama/KS-0011/riwayat").select("li[id^=revisi-]")
    assert "What changed: Brought back unchanged" in said(rows[0])
    assert XIAN in fresh_client.get("/sitemap.xml").get_data(as_text=True)
    with fresh_app.app_context():
        assert list(auditing.problems(db.session())) == []


def test_a_tombstone_costs_one_statement_more(fresh_client: CheckedClient, fresh_app: Any, gone: Bury) -> None:
    with statements(fresh_app) as seen:
        fresh_client.get("/kerja-sama/KS-0011/riwayat")
    gone("KS-0011")
    with statements(fresh_app) as then:
        fresh_client.get("/kerja-sama/KS-0011/riwayat")
    assert len(then) == len(seen) + 1


def test_a_withheld_text_says_on_what_ground_and_when_that_is_looked_at_again(
    fresh_client: CheckedClient, fresh_app: Any
) -> None:
    with fresh_app.app_context():
        newest = publications.newest("KS-0011")
        assert newest is not None
        document = json.loads(json.dumps(newest.document))
        text = document["instruments"][0]
        text |= {
            "disclosure": "withheld",
            "withheld": {"ground": "UU 14/2008 pasal 17 huruf f", "review_on": "2027-06-01"},
        }
        text.pop("link", None)
        editorial.publish("cooperation", document, BY, "Naskah dikecualikan")
    found = page(fresh_client, f"/en/kerja-sama/KS-0011/dokumen/{text['key']}")
    assert "Legal ground: UU 14/2008 pasal 17 huruf f. To be reviewed on 1 June 2027." in said(found.main)
    assert "The text is withheld" in said(found.main)
    assert "not on file" not in said(found.main)
    assert "Withheld" in said(page(fresh_client, "/en/kerja-sama/KS-0011").select_one("#dokumen"))


def test_a_chain_of_merges_leads_straight_to_its_end_and_names_what_was_asked_for(
    fresh_client: CheckedClient, gone: Bury
) -> None:
    gone("KS-0011", "KS-0012")
    gone("KS-0012", "KS-0013")
    assert fresh_client.get(f"/en{XIAN}").headers["Location"] == "/en/kerja-sama/KS-0013"
    assert fresh_client.get("/kerja-sama/KS-0011.json").headers["Location"] == "/kerja-sama/KS-0013.json"
    found = said(page(fresh_client, f"/en{XIAN}").main)
    assert "KS-0011 was merged into this record." in found
    assert "KS-0012 was merged into this record." in found


def test_a_chain_of_merges_ends_at_a_record_that_was_withdrawn(fresh_client: CheckedClient, gone: Bury) -> None:
    gone("KS-0011", "KS-0012")
    gone("KS-0012")
    assert "KS-0012 was withdrawn" in said(page(fresh_client, f"/en{XIAN}", 410).h1)


@pytest.mark.parametrize(("prefix", "expected"), [("", "Penerbitan dibatalkan"), ("/en", "Publication undone")])
def test_an_undone_publication_is_told_in_the_language_of_the_page(
    fresh_client: CheckedClient, fresh_app: Any, prefix: str, expected: str
) -> None:
    with fresh_app.app_context():
        session = db.session()
        bury(session, ledger.Chain(session), "KS-0011", BY, Entry(ledger.UNDONE, act=WITHDRAW), today())
        session.commit()
    tomb = page(fresh_client, f"{prefix}{XIAN}", 410)
    assert "Proposed by" not in said(tomb.main)
    for found in (
        tomb,
        page(fresh_client, f"{prefix}/kerja-sama/KS-0011/riwayat"),
        page(fresh_client, f"{prefix}/perubahan"),
    ):
        assert expected in said(found.main)
    assert expected in fresh_client.get(f"{prefix}/kerja-sama/KS-0011.json").get_data(as_text=True)
