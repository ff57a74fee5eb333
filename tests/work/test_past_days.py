"""Does the listing show a past day as it was known, or, before the portal, as it is known now?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from portal import editorial, ledger, listing, publications, selecting, status
from portal.extensions import today
from portal.ledger import Author
from tests.matching import Record, expected, in_order, matching, subjects

AUTHOR = Author("moderator", "Kantor uji")
BOTH_WAYS = pytest.mark.parametrize("memory", [True, False], ids=["memory", "database"])


@pytest.mark.parametrize("day", [date(1990, 1, 1), date(2012, 6, 30), date(2017, 11, 30), date(2024, 2, 29)])
@pytest.mark.parametrize(
    "query", ["", "status=signed", "kabar=tanpa&sunyi=2", "habis=60", "berlaku=in_force", "tanda=stale"]
)
def test_a_day_before_the_portal_is_told_from_what_is_known_today(many: list[Record], query: str, day: date) -> None:
    then = [replace(record, answers=status.assess(record.document, day)) for record in many]
    found = matching(f"{query}&pada={day}")
    assert (found.reading, found.day) == (selecting.HINDSIGHT, day)
    assert {row.subject for row in listing.page(found, 1000).rows} == {
        record.subject for record in expected(then, query, day=day)
    }
    totals = listing.tally(found, "status")["status"]
    assert totals == Counter(record.answers.status for record in expected(then, query, without="status", day=day))


@BOTH_WAYS
@pytest.mark.parametrize("sort", ["sunyi", "mulai", "daerah", "baru"])
def test_a_past_day_keeps_the_orders(many: list[Record], sort: str, memory: bool) -> None:
    day = date(2017, 11, 30)
    then = [replace(record, answers=status.assess(record.document, day)) for record in many]
    assert subjects(f"pada={day}&urut={sort}", memory) == in_order(then, sort)


def test_every_record_is_listed_on_every_day(many: list[Record]) -> None:
    assert matching("pada=1900-01-01").total == len(many)


def _publish_on(moment: str, monkeypatch: pytest.MonkeyPatch, subject: str, **changed: Any) -> None:
    monkeypatch.setattr(ledger, "utc_now", lambda: datetime.fromisoformat(moment))
    newest = publications.newest(subject)
    assert newest is not None
    editorial.publish("cooperation", {**newest.document, **changed}, AUTHOR)


def test_a_day_of_the_portal_knows_only_what_was_published(
    fresh_app_context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # in western Indonesia both are the 10th of March
    _publish_on("2031-03-09T17:00:00+00:00", monkeypatch, "KS-0011", type="grant", sectors=["health"])
    _publish_on(
        "2032-03-10T16:59:59+00:00", monkeypatch, "KS-0011", type="equity", title={"id": "Judul ganti", "en": "Changed"}
    )

    def types(query: str) -> list[tuple[str, int]]:
        return [(row.type, row.number) for row in listing.page(matching(query), 500).rows if row.subject == "KS-0011"]

    before = today().isoformat()
    assert types(f"pada={before}") == [("sister_city", 1)]
    assert types("pada=2031-03-09") == [("sister_city", 1)]
    assert types("pada=2031-03-10") == types("pada=2032-03-09") == [("grant", 2)]
    assert types("pada=2032-03-10") == types("") == [("equity", 3)]
    assert matching("pada=2031-03-10").reading == selecting.KNOWN
    assert types("pada=2031-06-01&jenis=grant&bidang=health") == [("grant", 2)]
    assert types("jenis=grant&bidang=health") == []
    assert types("q=judul+ganti") == [("equity", 3)]
    assert types("q=judul+ganti&pada=2031-06-01") == []
    assert types("pada=2012-01-01") == [("equity", 3)]
    assert matching("pada=2031-06-01").total == matching("").total == 105
