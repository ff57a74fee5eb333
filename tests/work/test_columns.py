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
from tests.matching import Record, asked, expected, in_order, matching, say, subjects

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
    held = columns._HELD[db.engine]
    newest, held.newest = held.newest, None
    try:
        with held.making:
            assert columns.current(db.session(), now) is None
            found = matching("negara=JP")
            assert isinstance(found.found, selecting.Selected)
            assert found.total == len(expected(many, "negara=JP"))
    finally:
        held.newest = newest


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
        assert max(numbers) == (2 if memory else 6)
        counted.clear()
        listing.page(matching("q=sister+city+surakarta&kabar=tanpa", memory))
        assert len(counted) <= 5
    finally:
        event.remove(db.engine, "before_cursor_execute", count)


# -- streams


@pytest.mark.parametrize(
    "query", ["", "negara=JP&urut=daerah", "q=sister+city", "pada=2017-11-30&kabar=tanpa", "negara=AQ"]
)
@pytest.mark.parametrize("batch", [1, 7, 500])
def test_a_stream_is_the_whole_list_with_documents(many: list[Record], query: str, batch: int) -> None:
    streamed = listing.stream(asked(query), batch)
    rows = list(streamed.rows)
    assert [row.subject for row in rows] == subjects(query)
    assert streamed.total == len(rows)
    documents = {record.subject: record.document for record in many}
    assert all(row.document == documents[row.subject] and len(row.document_hash) == 64 for row in rows)


def test_between_batches_nothing_holds_the_database(fresh_app_context: Any) -> None:
    streamed = listing.stream(asked(""), 10)
    first = next(streamed.rows)
    newest = publications.newest("KS-0011")
    assert newest is not None
    editorial.publish("cooperation", {**newest.document, "type": "grant"}, AUTHOR)
    rest = list(streamed.rows)
    assert len({first.subject, *(row.subject for row in rest)}) == streamed.total == 105
    assert {row.type for row in rest if row.subject == "KS-0011"} <= {"sister_city"}


def test_the_newest_changes_come_with_documents(many: list[Record]) -> None:
    rows = listing.newest(matching("negara=JP"), 5)
    assert [row.subject for row in rows] == in_order(expected(many, "negara=JP"), "baru")[:5]
    assert all(row.document for row in rows)
