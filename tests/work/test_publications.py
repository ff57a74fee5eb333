"""Is the right revision found: the newest, a numbered one, the one known on a day?"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal import editorial, ledger, publications
from portal.ledger import Author
from tests.counting import statements

AUTHOR = Author("moderator", "Pengelola portal")
SUBJECT = "KS-0011"
Publish = Callable[..., Any]


@pytest.fixture
def publish(fresh_app_context: Any, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """`publish(moment, **parts)`: one more revision of KS-0011, at a moment (UTC)."""

    def at(moment: datetime, **parts: Any) -> Any:
        monkeypatch.setattr(ledger, "utc_now", lambda: moment)
        newest = publications.newest(SUBJECT)
        assert newest is not None
        document = copy.deepcopy(dict(newest.document)) | parts
        editorial.publish("cooperation", document, AUTHOR, "Uji")
        return publications.newest(SUBJECT)

    return at


@pytest.mark.usefixtures("app_context")
def test_what_was_never_published_is_not_found() -> None:
    assert publications.newest("KS-9999") is None
    assert publications.numbered(SUBJECT, 7) is None
    assert publications.history("KS-9999") == []
    assert publications.known_on(SUBJECT, date(2017, 11, 30)) is None


@pytest.mark.usefixtures("app_context")
def test_the_first_revision_is_the_initial_import() -> None:
    found = publications.newest(SUBJECT)
    assert found is not None
    assert (found.number, found.role, found.kind, found.document["id"]) == (1, "initial_import", "cooperation", SUBJECT)
    assert found.day == publications.first_day() == publications.known_on(SUBJECT, found.day).day  # type: ignore[union-attr]
    assert publications.known_on(SUBJECT, date.max) == found


def test_each_revision_stays_readable(publish: Publish) -> None:
    first = publications.newest(SUBJECT)
    second = publish(datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC), sectors=["trade"])
    assert second.number == 2
    assert second.document["sectors"] == ["trade"]
    assert [one.number for one in publications.history(SUBJECT)] == [2, 1]
    assert [one.number for one in publications.history(SUBJECT, 1)] == [2]
    assert publications.numbered(SUBJECT, 1) == first


def test_a_day_ends_at_midnight_where_the_register_is_kept(publish: Publish) -> None:
    publish(datetime(2030, 1, 1, 16, 59, 59, tzinfo=UTC), sectors=["trade"])
    publish(datetime(2030, 1, 1, 17, 0, 0, tzinfo=UTC), sectors=["health"])
    known = {day: publications.known_on(SUBJECT, date(2030, 1, day)) for day in (1, 2)}
    assert [known[1].number, known[1].day] == [2, date(2030, 1, 1)]  # type: ignore[union-attr]
    assert [known[2].number, known[2].day] == [3, date(2030, 1, 2)]  # type: ignore[union-attr]


def test_changes_come_newest_first_with_what_they_replaced(publish: Publish) -> None:
    before = publications.newest(SUBJECT)
    assert before is not None
    publish(datetime(2030, 1, 1, tzinfo=UTC), type="grant")
    newest, older = publications.changes(2)
    assert (newest.published.subject, newest.published.number, newest.before) == (SUBJECT, 2, before.document)
    assert older.published.seq == newest.published.seq - 1
    assert older.before is None
    assert publications.changes(1, before_seq=newest.published.seq)[0] == older
    assert [one.published.number for one in publications.changes(9, subject=SUBJECT)] == [2, 1]
    assert {one.published.kind for one in publications.changes(999, kind="region")} == {"region"}


@pytest.mark.usefixtures("app_context")
def test_several_subjects_cost_one_statement(app: Any) -> None:
    publications.newest("KS-0001")
    with statements(app) as seen:
        found = publications.newest_of(["KS-0001", "KS-0002", "KS-0001", "KS-9999"])
    assert set(found) == {"KS-0001", "KS-0002"}
    assert len(seen) == 1
    assert publications.newest_of([]) == {}


@pytest.mark.usefixtures("app_context")
@pytest.mark.parametrize("limit", [1, 50])
def test_changes_cost_two_statements(app: Any, limit: int) -> None:
    publications.changes(1)
    with statements(app) as seen:
        assert len(publications.changes(limit)) == limit
    assert len(seen) == 2
