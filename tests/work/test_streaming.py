"""Does a long list leave whole, in batches, with everything that was published, and let others write meanwhile?"""

from __future__ import annotations

from typing import Any

import pytest

from portal import editorial, publications, streaming
from portal.ledger import Author
from tests.matching import Record, asked, expected, in_order, matching, subjects

AUTHOR = Author("moderator", "Kantor uji")


@pytest.mark.parametrize(
    "query", ["", "negara=JP&urut=daerah", "q=sister+city", "pada=2017-11-30&kabar=tanpa", "negara=AQ"]
)
@pytest.mark.parametrize("batch", [1, 7, 500])
def test_a_stream_is_the_whole_list_with_documents(many: list[Record], query: str, batch: int) -> None:
    streamed = streaming.stream(asked(query), batch)
    rows = list(streamed.rows)
    assert [row.subject for row in rows] == subjects(query)
    assert streamed.total == len(rows)
    documents = {record.subject: record.document for record in many}
    assert all(row.document == documents[row.subject] for row in rows)


def test_between_batches_nothing_holds_the_database(fresh_app_context: Any) -> None:
    streamed = streaming.stream(asked(""), 10)
    first = next(streamed.rows)
    newest = publications.newest("KS-0011")
    assert newest is not None
    editorial.publish("cooperation", {**newest.document, "type": "grant"}, AUTHOR)
    rest = list(streamed.rows)
    assert len({first.subject, *(row.subject for row in rest)}) == streamed.total == 105
    assert {row.document["type"] for row in rest if row.subject == "KS-0011"} <= {"sister_city"}


def test_the_newest_changes_come_with_documents(many: list[Record]) -> None:
    rows = streaming.newest(matching("negara=JP"), 5)
    assert [row.subject for row in rows] == in_order(expected(many, "negara=JP"), "baru")[:5]
    assert all(row.document for row in rows)
