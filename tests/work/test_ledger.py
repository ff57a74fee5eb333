"""Is the chain append-only, whole and checkable?"""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal import auditing, editorial, ledger, publications
from portal.extensions import db, today
from portal.ledger import Author
from portal.models import Revision, Version

AUTHOR = Author("moderator", "Kantor uji")


def _document(subject: str = "KS-0011") -> dict[str, Any]:
    found = publications.newest(subject)
    assert found is not None
    return json.loads(json.dumps(found.document))


def _problems() -> list[str]:
    return [f"{problem.seq}: {problem.what}" for problem in auditing.problems(db.session())]


def _tamper(statement: str, **values: Any) -> None:
    """Change the database behind the portal's back: the guards are lifted first, as an insider could."""
    session = db.session()
    if db.engine.dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER revision_no_update"))
        session.execute(text("DROP TRIGGER revision_no_delete"))
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        session.execute(text("SET session_replication_role = replica"))
    session.execute(text(statement), values)
    if db.engine.dialect.name == "sqlite":
        session.execute(text("PRAGMA defer_foreign_keys = OFF"))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE revision SET note = 'x' WHERE seq = 1", "DELETE FROM revision WHERE seq = 1", "DELETE FROM revision"],
)
def test_a_published_revision_cannot_be_changed_or_deleted(fresh_app_context: Any, statement: str) -> None:
    with pytest.raises(DatabaseError, match="cannot be changed"):
        db.session.execute(text(statement))


def test_postgresql_refuses_to_empty_the_ledger(fresh_app_context: Any, engine: str) -> None:
    if engine == "postgresql":
        with pytest.raises(DatabaseError, match="cannot be changed"):
            db.session.execute(text("TRUNCATE revision CASCADE"))


def test_the_first_records_verify(app_context: Any) -> None:
    assert _problems() == []


def test_publishing_adds_a_revision_that_names_what_it_came_from(fresh_app_context: Any) -> None:
    before = publications.newest("KS-0011")
    assert before is not None
    document = _document()
    document["sectors"] = ["trade"]
    seq = editorial.publish("cooperation", document, AUTHOR, "Bidang dibetulkan")
    row = db.session.execute(select(Revision).where(Revision.seq == seq)).scalar_one()
    assert (row.number, row.base, row.role, row.office) == (2, 1, "moderator", "Kantor uji")
    assert row.note == "Bidang dibetulkan"
    versions = db.session.execute(
        select(Version.number, Version.current, Version.known_until).where(Version.subject == "KS-0011")
    ).all()
    assert sorted(map(tuple, versions)) == [(1, False, row.time), (2, True, None)]
    assert _problems() == []


def test_a_document_with_problems_is_refused_whole_and_nothing_is_written(fresh_app_context: Any) -> None:
    count = ledger.publication_number(db.session())
    document = _document()
    document["legal_form"] = "sister"
    with pytest.raises(editorial.NotPublishable, match="legal_form"):
        editorial.publish("cooperation", document, AUTHOR)
    assert ledger.publication_number(db.session()) == count


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE revision SET document = replace(document, 'Surakarta', 'Solo') WHERE subject = 'KS-0011'", "hashed"),
        ("UPDATE revision SET office = 'lain' WHERE subject = 'KS-0011'", "hashed"),
        ("UPDATE revision SET time = '2020-01-01T00:00:00Z' WHERE seq = 3", "hashed"),
        ("UPDATE revision SET previous = hash WHERE seq = 5", "link"),
        ("UPDATE revision SET before_hash = 'x' WHERE seq = 5", "hashed"),
    ],
)
def test_every_tampering_with_the_chain_is_found(fresh_app_context: Any, statement: str, told: str) -> None:
    _tamper(statement)
    assert any(told in problem for problem in _problems())


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE version SET province = '31' WHERE subject = 'KS-0011'", "province"),
        ("UPDATE version SET status = 'in_force' WHERE subject = 'KS-0011'", "answers are not"),
        ("UPDATE version SET card = '{}' WHERE subject = 'KS-0011'", "card"),
        ("DELETE FROM version_facet WHERE facet = 'negara' AND value = 'CN'", "facets"),
        ("UPDATE answer_period SET status = 'in_force'", "over time"),
        ("UPDATE region_note SET document = '{}' WHERE region = '33.11'", "region"),
        ("UPDATE version SET current = (NOT current) WHERE subject = 'KS-0011'", "current"),
    ],
)
def test_every_difference_between_index_and_ledger_is_found(fresh_app_context: Any, statement: str, told: str) -> None:
    db.session.execute(text(statement))
    assert any(told in problem for problem in _problems())


def test_a_rebuild_gives_the_same_index(fresh_app_context: Any) -> None:
    session = db.session()
    document = _document()
    document["sectors"] = ["trade"]
    editorial.publish("cooperation", document, AUTHOR)
    kept = session.execute(select(Version.__table__).order_by(Version.revision)).all()
    session.execute(text("UPDATE version SET status = 'unknown', province = '11'"))
    auditing.rebuild(session, today())
    assert session.execute(select(Version.__table__).order_by(Version.revision)).all() == kept
    assert _problems() == []


def test_two_writers_never_break_the_chain(fresh_app: Any) -> None:
    failures: list[BaseException] = []

    def write(subject: str) -> None:
        try:
            with fresh_app.app_context():
                for turn in range(5):
                    document = _document(subject)
                    document["summary"] = {"id": f"Uji {turn}", "en": f"Test {turn}"}
                    editorial.publish("cooperation", document, AUTHOR)
                db.session.remove()
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(f"KS-{number:04d}",)) for number in range(1, 5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with fresh_app.app_context():
        assert failures == []
        assert all(publications.newest(f"KS-{number:04d}").number == 6 for number in range(1, 5))  # type: ignore[union-attr]
        assert _problems() == []


def test_missing_search_words_are_found(fresh_app_context: Any, engine: str) -> None:
    seq = publications.newest("KS-0011").seq  # type: ignore[union-attr]
    if engine == "sqlite":
        db.session.execute(text("INSERT INTO search (search) VALUES ('delete-all')"))
    else:
        db.session.execute(text("UPDATE search SET words = '' WHERE revision = :seq"), {"seq": seq})
    assert f"{seq}: the index differs in its search words" in _problems()
