"""Can every revision and every day of a record be read, compared and told apart from today?"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from portal import first_records
from portal.extensions import today
from portal.web import cooperation
from tests.pages import CheckedClient
from tests.record_pages import XIAN, Publish, page, publisher, said


@pytest.fixture
def publish(fresh_app: Any) -> Publish:
    return publisher(fresh_app)


# -- revisions and days -------------------------------------------------------------------------------------------


def test_an_old_revision_says_that_it_is_one(fresh_client: CheckedClient, publish: Publish) -> None:
    publish("KS-0011", sectors=["tourism"])
    old, new = page(fresh_client, f"/en{XIAN}?rev=1"), page(fresh_client, f"/en{XIAN}")
    assert "You are reading revision 1 of 2." in said(old.select_one(".band"))
    assert old.select_one("meta[name=robots]")["content"] == "noindex"
    assert "Trade" in said(old.select_one("#isi-kerja-sama"))
    assert "Tourism" in said(new.select_one("#isi-kerja-sama"))
    assert not new.select_one(".band")
    assert not page(fresh_client, f"/en{XIAN}?rev=2").select_one(".band")
    assert "Sectors" in said(new.select_one("#riwayat tbody tr"))


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "1e9", "99999999999999999999", "٣"])
def test_an_unknown_revision_is_a_sentence(client: CheckedClient, number: str) -> None:
    found = page(client, f"/en{XIAN}?rev={number}", 404)
    assert "This revision does not exist. The newest is revision 1." in said(found.main)


def test_the_register_did_not_exist_then(client: CheckedClient) -> None:
    found = page(client, f"/en{XIAN}?pada=2016-06-30")
    assert "did not exist on 30 June 2016" in said(found.select_one(".band"))
    assert "second reading" in said(found.select_one(".band"))
    assert "LoI signed" in said(found.select_one(".now"))
    assert "2017" not in said(found.select_one("#tindak-lanjut .tl"))
    assert found.select_one("meta[name=robots]")


def test_what_was_known_on_a_day(fresh_client: CheckedClient, publish: Publish) -> None:
    publish("KS-0011", sectors=["tourism"])
    found = page(fresh_client, f"/en{XIAN}?pada={today().isoformat()}")
    assert "as it was known on" in said(found.select_one(".band"))
    assert "(revision 2)" in said(found.select_one(".band"))


@pytest.mark.parametrize(
    "day", ["x", "2016-13-01", "2016-02-30", "2016", "20160101", "0000-00-00", "9999-12-31", "%00"]
)
def test_a_bad_day_is_told_beside_the_page(client: CheckedClient, day: str) -> None:
    found = page(client, f"/en{XIAN}?pada={day}", 400)
    assert "This day cannot be shown." in said(found.select_one(".note"))
    assert found.select_one(".now")
    assert found.select_one("meta[name=robots]")


def test_no_day_lies_in_the_future(client: CheckedClient) -> None:
    coming = (today() + timedelta(days=2)).isoformat()
    assert "lies in the future" in said(page(client, f"/en{XIAN}?pada={coming}", 400).select_one(".note"))


def test_the_first_day_there_is_can_be_asked_for(client: CheckedClient) -> None:
    assert page(client, f"{XIAN}?pada=0001-01-01").select_one(".band")


# -- history and comparison ---------------------------------------------------------------------------------------


def test_the_history_names_office_note_and_hashes(fresh_client: CheckedClient, publish: Publish) -> None:
    publish("KS-0011", "Perbaikan bidang", sectors=["tourism"])
    rows = page(fresh_client, "/en/kerja-sama/KS-0011/riwayat").select("main ol > li[id^=revisi-]")
    assert [row["id"] for row in rows] == ["revisi-2", "revisi-1"]
    assert "Moderator, Pengelola portal · Perbaikan bidang" in said(rows[0])
    assert "What changed: Sectors" in said(rows[0])
    assert "Initial import · " not in said(rows[1])
    assert said(rows[1]).count("Initial import") == 1
    assert "Impor" not in said(rows[1])
    assert all(re.findall(r"\b[0-9a-f]{64}\b", said(row)) for row in rows)


def test_a_long_history_comes_in_pages(fresh_client: CheckedClient, publish: Publish, monkeypatch: Any) -> None:
    monkeypatch.setattr(cooperation, "LISTED_REVISIONS", 3)
    for sector in ("tourism", "trade", "health", "tourism", "trade", "health"):
        publish("KS-0011", sectors=[sector])
    url, seen, changed = "/en/kerja-sama/KS-0011/riwayat", [], []
    while url:
        found = page(fresh_client, url)
        assert found.select_one("link[rel=canonical]")["href"].endswith(url)
        seen += [row["id"] for row in found.select("main ol > li[id^=revisi-]")]
        changed += ["What changed: Sectors" in said(row) for row in found.select("main ol > li[id^=revisi-]")]
        following = found.select_one("a[rel=next]")
        url = following["href"] if following else ""
    assert seen == [f"revisi-{number}" for number in range(7, 0, -1)]
    assert changed == [True] * 6 + [False]
    older = page(fresh_client, "/en/kerja-sama/KS-0011/banding?dari=1&ke=2")
    assert [option["value"] for option in older.select("select#p-ke option")] == ["1", "2", "5", "6", "7"]
    assert [option["value"] for option in older.select("select#p-ke option[selected]")] == ["2"]


@pytest.mark.parametrize("before", ["", "x", "-1", "0", "1", "2", "999999", "99999999999999999999", "٣"])
def test_where_nothing_is_older_or_newer_the_history_begins_anew(client: CheckedClient, before: str) -> None:
    answer = client.get("/en/kerja-sama/KS-0011/riwayat", query_string={"sebelum": before})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/kerja-sama/KS-0011/riwayat")
    found = page(client, answer.headers["Location"])
    assert [row["id"] for row in found.select("main ol > li[id^=revisi-]")] == ["revisi-1"]


def test_a_comparison_tells_every_change_in_words(fresh_client: CheckedClient, publish: Publish) -> None:
    publish("KS-0011", sectors=["tourism"], other_regions=["33.13"], missing=[])
    found = page(fresh_client, "/en/kerja-sama/KS-0011/banding?dari=1&ke=2")
    rows = {said(row.h3): [said(side) for side in row.select(".old, .new")] for row in found.select(".diff__r")}
    assert rows["Other regions added"] == ["Revision 1 not recorded", "Revision 2 Karanganyar Regency"]
    assert rows["Sectors changed"][1] == "Revision 2 tourism"
    assert any(name.startswith("Missing values, ") and name.endswith("removed") for name in rows)
    assert "1 field added, 1 changed, 1 removed" in said(found.main)
    assert found.select("details.same dt")
    assert [option["value"] for option in found.select("select#p-ke option[selected]")] == ["2"]


@pytest.mark.parametrize("query", ["", "?dari=1", "?ke=2", "?dari=2&ke=1", "?dari=1&ke=2&dari=7"])
def test_a_comparison_fills_in_and_puts_in_order(fresh_client: CheckedClient, publish: Publish, query: str) -> None:
    publish("KS-0011", sectors=["tourism"])
    assert "1 changed" in said(page(fresh_client, f"/en/kerja-sama/KS-0011/banding{query}").main)


@pytest.mark.parametrize("query", ["?dari=1&ke=9", "?dari=x", "?ke=%00", "?dari=-1"])
def test_a_comparison_with_what_is_not_there_is_a_sentence(client: CheckedClient, query: str) -> None:
    assert "does not exist" in said(page(client, f"/en/kerja-sama/KS-0011/banding{query}", 404).main)


def test_two_equal_revisions_say_so(client: CheckedClient) -> None:
    assert "say the same" in said(page(client, "/en/kerja-sama/KS-0011/banding").main)


def test_a_comparison_reads_what_sources_say_as_words(fresh_client: CheckedClient, publish: Publish) -> None:
    claim = {"field": "foreign_parties", "value": {"id": "JP"}, "source": "s9", "printed": "Jepang"}
    kind = {"field": "type", "value": {"id": "sister_city"}, "source": "s9", "printed": "kota kembar"}
    source = {"key": "s9", "title": "Berita", "kind": "press", "grade": "C"}
    publish("KS-0016", claims=[claim, kind], sources=[*first("KS-0016")["sources"], source])
    publish("KS-0016", claims=[{**claim, "value": {"id": "CN"}}, kind])
    found = said(page(fresh_client, "/en/kerja-sama/KS-0016/banding?dari=1&ke=2").main)
    assert "Words of the sources, Foreign parties" in found
    assert "Field: Foreign parties; As printed in the source: Jepang; Read as: Japan" in found
    assert "Read as: sister city" in found
    assert "foreign_parties" not in found
    assert "sister_city" not in found
    later = said(page(fresh_client, "/en/kerja-sama/KS-0016/banding").main)
    assert "Revision 2 Japan Revision 3 China" in later


def test_a_comparison_marks_words_of_a_claim_and_not_codes(fresh_client: CheckedClient, publish: Publish) -> None:
    """Two readings that share a part are compared word by word: by the words that are shown."""
    claim = {"field": "milestones.signed", "value": {"id": "in_progress, 2017-11"}, "source": "s9", "printed": "proses"}
    state = {"field": "validity", "value": {"id": "in_force_claimed"}, "source": "s9", "printed": "masih berjalan"}
    source = {"key": "s9", "title": "Berita", "kind": "press", "grade": "C"}
    publish("KS-0016", claims=[claim, state], sources=[*first("KS-0016")["sources"], source])
    publish("KS-0016", claims=[{**claim, "value": {"id": "in_progress, 2017-12"}}, state])
    added = said(page(fresh_client, "/en/kerja-sama/KS-0016/banding?dari=1&ke=2").main)
    changed = page(fresh_client, "/en/kerja-sama/KS-0016/banding?dari=2&ke=3").main
    assert "Field: Is it running?; As printed in the source: masih berjalan; Read as: " in added
    assert [said(mark) for mark in changed.select("del, ins")] == ["November", "December"]
    for code in ("validity", "in_force", "in_progress"):
        assert code not in added
        assert code not in said(changed)


def first(subject: str) -> Any:
    """A record as it was first published."""
    return next(document for document in first_records.cooperations() if document["id"] == subject)
