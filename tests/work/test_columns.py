"""Is the index in memory that of the database, and does a stream let others write?"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from portal import columns, editorial, indexing, ledger, listing, publications, selecting
from portal.extensions import db, today
from portal.ledger import Author
from tests.matching import Record, expected, matching, say, subjects, values

AUTHOR = Author("moderator", "Kantor uji")
BOTH_WAYS = pytest.mark.parametrize("memory", [True, False], ids=["memory", "database"])

# -- the index in memory


def test_memory_follows_a_publication_and_a_new_day(fresh_app_context: Any) -> None:
    assert "KS-0011" in subjects("jenis=sister_city")
    newest = publications.newest("KS-0011")
    assert newest is not None
    editorial.publish("cooperation", {**newest.document, "type": "grant"}, AUTHOR)
    assert "KS-0011" not in subjects("jenis=sister_city")
    assert "KS-0011" in subjects("jenis=grant")
    indexing.assess_all(db.session(), date(2017, 11, 30))
    db.session.commit()
    assert (
        Counter(row.status for row in listing.page(matching(""), 500).rows)
        == listing.tally(matching(""), "status")["status"]
    )
    assert subjects("kabar=tanpa") == subjects("kabar=tanpa", memory=False)


def test_what_is_rolled_back_is_forgotten(fresh_app_context: Any) -> None:
    session = db.session()
    newest = publications.newest("KS-0011")
    assert newest is not None
    document = {**newest.document, "type": "grant"}
    revision = ledger.Chain(session).append("KS-0011", "cooperation", document, AUTHOR, ledger.Entry())
    indexing.write_cooperation(session, revision, document, today())
    assert "KS-0011" in [row.subject for row in listing.page(matching("jenis=grant"), 500).rows]
    session.rollback()
    assert "KS-0011" not in subjects("jenis=grant")


def test_what_is_worked_out_is_kept_until_something_is_published(fresh_app_context: Any) -> None:
    asked_for: list[int] = []

    def make() -> int:
        asked_for.append(1)
        return matching("jenis=grant").total

    before = [listing.kept("grants", make) for _ in range(3)]
    assert (len(set(before)), len(asked_for)) == (1, 1)
    newest = publications.newest("KS-0011")
    assert newest is not None
    editorial.publish("cooperation", {**newest.document, "type": "grant"}, AUTHOR)
    assert listing.kept("grants", make) == before[0] + 1
    assert len(asked_for) == 2


def test_while_memory_is_being_made_the_database_answers(many: list[Record]) -> None:
    now = selecting.state(db.session())
    matching("")
    shelf = columns.shelf._shelf(db.engine)
    held, shelf.held = shelf.held, {}
    try:
        with shelf.making:
            assert columns.current(db.session(), now) is None
            found = matching("negara=JP")
            assert isinstance(found.found, selecting.Selected)
            assert found.total == len(expected(many, "negara=JP"))
    finally:
        shelf.held = held


@BOTH_WAYS
def test_the_number_of_statements_does_not_grow(many: list[Record], memory: bool) -> None:
    counted: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        counted.append(statement)

    matching("", memory)
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        numbers = []
        for query in ("", "negara=JP", "negara=JP&status=signed&bidang=education&dari=2000", "prov=33&urut=daerah"):
            counted.clear()
            found = matching(query, memory)
            listing.page(found)
            listing.facets(found, say, "id")
            numbers.append(len(counted))
        assert max(numbers) == (1 if memory else 5)
        counted.clear()
        listing.page(matching("q=sister+city+surakarta&kabar=tanpa", memory))
        assert len([statement for statement in counted if not statement.startswith("SET LOCAL")]) <= 5
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


@pytest.mark.parametrize("name", ["daerah", "prov", "negara", "mitra", "bidang"])
@pytest.mark.parametrize("query", ["", "negara=JP", "tanda=existing&prov=33", "negara=AQ", "sunyi=3"])
def test_numbers_of_a_facet_split_by_news_are_alike_on_both_ways(many: list[Record], query: str, name: str) -> None:
    found = matching(query).found.splits(name)
    assert found == matching(query, memory=False).found.splits(name)
    assert {value: split.total for value, split in found.items()} == (
        Counter(value for record in expected(many, query) for value in values(record, name))
    )
    for split in found.values():
        assert split.counted == split.with_news + split.without_news + split.ended + split.undated
        assert split.total >= split.counted + split.unverified + split.planned
