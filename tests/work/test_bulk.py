"""Does publishing, indexing and verifying many at a time give what one after the other gives?"""

from __future__ import annotations

import json
import multiprocessing
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from portal import auditing, crew, editorial, indexing, ledger
from portal.editorial import publishing
from portal.extensions import db, today
from portal.ledger import Author
from portal.models import Assessment, Version
from portal.models import search as search_table
from tests.conftest import Databases, application
from tests.load.generate import Maker

AUTHOR = Author("moderator", "Kantor uji")
TABLES = ("revision", "version", "version_facet", "answer_period", "region_note", "search_word")


def _documents() -> list[dict[str, Any]]:
    """Made records; some are published again, at once and later, with other words."""
    made = list(Maker(11).documents(24))
    for place in (3, 4, 4, 20):
        changed = json.loads(json.dumps(made[place]))
        changed["summary"] = {"id": f"Diubah {len(made)}"}
        made.insert(min(place + 1 + len(made) % 9, len(made)), changed)
    return made


def _state() -> dict[str, Any]:
    """Every row of ledger and index, and what the search table holds."""
    session = db.session()
    state: dict[str, Any] = {
        table: sorted(map(repr, session.execute(text(f"SELECT * FROM {table}")))) for table in TABLES
    }
    state["search"] = search_table.Held(session.connection(), ledger.publication_number(session)).between(None, None)
    return state


def test_the_bulk_door_leaves_the_same_state_as_one_after_the_other(
    databases: Databases, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "utc_now", lambda: datetime(2099, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(publishing, "_BATCH", 10)
    states = []
    for way in ("one", "all"):
        with application(databases.on(engine).copy(), tmp_path / way) as app, app.app_context():
            if way == "one":
                for document in _documents():
                    editorial.publish("cooperation", document, AUTHOR, "Uji")
            else:
                editorial.publish_all("cooperation", _documents(), AUTHOR, "Uji")
            states.append(_state())
            assert list(auditing.problems(db.session())) == []
            db.session.remove()
    assert states[0] == states[1]


def test_a_document_with_problems_ends_the_run_and_earlier_batches_stay(
    fresh_app_context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_BATCH", 5)
    before = ledger.publication_number(db.session())
    db.session.rollback()
    documents = list(Maker(12).documents(12))
    documents[8]["legal_form"] = "sister"
    told: list[int] = []
    with pytest.raises(editorial.NotPublishable, match=f"{documents[8]['id']}.*legal_form"):
        editorial.publish_all("cooperation", documents, AUTHOR, progress=told.append)
    assert ledger.publication_number(db.session()) == before + 5
    assert told == [5]
    assert list(auditing.problems(db.session())) == []


@pytest.fixture
def helped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even short work is shared with other processes."""
    monkeypatch.setattr(crew, "FEW", 0)
    monkeypatch.setattr(crew, "cores", lambda: 2)
    monkeypatch.setattr(publishing, "_BATCH", 25)
    monkeypatch.setattr(auditing, "_WINDOW", 25)


@pytest.mark.usefixtures("helped")
def test_helpers_publish_rebuild_and_verify_alike(fresh_app_context: Any) -> None:
    session = db.session()
    told: list[int] = []
    editorial.publish_all("cooperation", _documents(), AUTHOR)
    kept = _state()
    assert auditing.rebuild(session, today(), told.append) == told[-1] == ledger.publication_number(session)
    assert _state() == kept
    assert list(auditing.problems(session)) == []
    session.execute(text("UPDATE version SET province = '31' WHERE subject = 'KS-0011'"))
    session.execute(text("INSERT INTO search_word VALUES ('unheard')"))
    assert [problem.what for problem in auditing.problems(session)] == [
        "the index differs in province",
        "the index differs in its list of words",
    ]
    assert multiprocessing.active_children() == []


def test_helpers_answer_in_order_and_never_run_far_ahead() -> None:
    asked: list[int] = []

    def tasks() -> Iterator[int]:
        for task in range(-60, 0):
            asked.append(task)
            yield task

    answers = crew.in_order(abs, tasks(), 2)
    found = [next(answers)]
    assert len(asked) < 20
    assert len(multiprocessing.active_children()) == 2
    found += answers
    assert found == list(range(60, 0, -1))
    assert multiprocessing.active_children() == []


def test_no_helper_stays_when_somebody_stops_asking_or_a_task_fails() -> None:
    answers = crew.in_order(int, map(str, range(100)), 2)
    assert next(answers) == 0
    answers.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []
    with pytest.raises(ValueError, match="invalid literal"):
        list(crew.in_order(int, [*map(str, range(20)), "x"], 2))
    assert multiprocessing.active_children() == []


def test_few_tasks_are_done_without_helpers() -> None:
    answers = crew.in_order(int, "123", 2)
    assert next(answers) == 1
    assert multiprocessing.active_children() == []
    assert list(answers) == [2, 3]


def test_an_assessment_writes_what_differs_and_always_counts(
    fresh_app_context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_RANGE", 30)
    session = db.session()
    indexing.assess_all(session, today())
    answers = select(*(getattr(Version, name) for name in indexing.ANSWER_NAMES)).order_by(Version.revision)
    right, generation = session.execute(answers).all(), session.execute(select(Assessment.generation)).scalar_one()
    session.execute(text("UPDATE version SET status = 'x', ends_day = NULL, marks = 99 WHERE revision % 7 = 0"))
    told: list[int] = []
    indexing.assess_all(session, today(), told.append)
    assert session.execute(answers).all() == right
    assert session.execute(select(Assessment.generation)).scalar_one() == generation + 1
    assert told == [30, 60, 90, session.execute(select(func.max(Version.revision))).scalar_one()]
    indexing.assess_all(session, today() + timedelta(4000))
    assert session.execute(answers).all() != right


def test_made_records_share_partners_and_few_have_many() -> None:
    names = Counter(made["foreign_parties"][0]["short"]["id"] for made in Maker(5).documents(2000))
    assert 400 < len(names) < 600
    assert names.most_common(1)[0][1] > 20
    assert list(Maker(5).documents(20)) == list(Maker(5).documents(20))
