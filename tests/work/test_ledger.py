"""Is the chain append-only, whole and checkable?"""

from __future__ import annotations

import json
import re
import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal import auditing, editorial, indexing, ledger, linking, publications, selecting
from portal.extensions import db, today
from portal.ledger import Author
from portal.models import Assessment, Revision, Version

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
        session.execute(text("ALTER TABLE revision DISABLE TRIGGER USER"))
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
        ("UPDATE revision SET before_hash = 'x' WHERE seq = 5", "hash of the document before"),
        ("UPDATE revision SET base = 0 WHERE seq = 5", "hashed"),
        ("UPDATE revision SET base = 0 WHERE seq = 5", "base"),
        ("UPDATE revision SET number = 7 WHERE seq = 5", "the number 1 of its subject is missing"),
        ("UPDATE revision SET time = 'zzz' WHERE seq = 5", "time is not in the one form"),
        ("UPDATE revision SET time = '2020-01-01T00:00:00Z' WHERE seq = 5", "lies before"),
        ("UPDATE revision SET kind = 'evil' WHERE seq = 5", "kind"),
        ("UPDATE revision SET act = 'vanish' WHERE seq = 5", "act"),
        ("UPDATE revision SET act = 'withdraw' WHERE seq = 5", "never stood there"),
        ("UPDATE revision SET merged_into = 'KS-0001' WHERE seq = 5", "where the record went"),
        ("UPDATE revision SET proposed_role = 'hacker' WHERE seq = 5", "who proposed"),
        ("UPDATE revision SET evidence = '[\"x\"]' WHERE seq = 5", "files"),
        ("UPDATE revision SET role = 'hacker' WHERE seq = 5", "role"),
        ("UPDATE revision SET subject = 'KS-9000' WHERE seq = 5", "another subject"),
        ("UPDATE revision SET document = 'not json' WHERE seq = 5", "cannot be read"),
        ("UPDATE revision SET document = '{}' WHERE seq = 5", "not valid"),
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
        ("UPDATE region SET name = 'x' WHERE code = '33'", "table region"),
        ("DELETE FROM country WHERE code = 'JP'", "table country"),
        ("INSERT INTO search_word VALUES ('unheard')", "list of words"),
        ("DELETE FROM search_word", "list of words"),
        ("UPDATE version SET known_until = known_from WHERE subject = 'KS-0011'", "known_until"),
        ("UPDATE assessment SET day = '2999-01-01'", "has not come"),
        ("DELETE FROM assessment", "never filled in"),
        ("UPDATE assessment SET form = form + 1", "another form"),
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


def _out_of_turn(change: str) -> str:
    """An INSERT of a revision that is there already, with one column changed."""
    names = [column.name for column in Revision.__table__.columns]
    values = [change if name in change.split() else name for name in names]
    return f"INTO revision ({', '.join(names)}) SELECT {', '.join(values)} FROM revision WHERE seq = 5"


@pytest.mark.parametrize(
    "change",
    ["note || 'x' AS note", "500 AS seq", "113 AS seq", "6 AS seq"],
    ids=["the same", "a gap", "the same next", "another's"],
)
@pytest.mark.parametrize("how", ["INSERT", "REPLACE"])
def test_a_revision_cannot_be_replaced_or_put_out_of_turn(
    fresh_app_context: Any, engine: str, how: str, change: str
) -> None:
    if engine == "postgresql" and how == "REPLACE":
        how = "INSERT"
    with pytest.raises(DatabaseError, match=r"follow the newest|duplicate key"):
        db.session.execute(text(f"{how} {_out_of_turn(change)}"))


_UNGUARDED = {
    "sqlite": [
        ("DROP TRIGGER revision_no_update", "revision_no_update is gone"),
        ("DROP TRIGGER revision_in_order", "revision_in_order is gone"),
        (
            """DROP TRIGGER revision_no_delete;CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
            WHEN 0 BEGIN SELECT 1; END""",
            "revision_no_delete is not as",
        ),
        (
            "CREATE TRIGGER more AFTER INSERT ON version BEGIN UPDATE version SET status = 'in_force'; END",
            "more is not the portal's",
        ),
    ],
    "postgresql": [
        ("DROP TRIGGER revision_kept ON revision", "revision_kept is gone"),
        ("ALTER TABLE revision DISABLE TRIGGER revision_in_order", "revision_in_order is not as"),
        ("ALTER TABLE revision DISABLE TRIGGER ALL", "keep references are switched off"),
        (
            """CREATE OR REPLACE FUNCTION refuse_revision_change() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN RETURN NEW; END'""",
            "revision_kept is not as",
        ),
        ("CREATE RULE more AS ON INSERT TO version DO ALSO SELECT 1", "rule more"),
    ],
}


@pytest.mark.parametrize("case", range(5))
def test_guards_that_are_gone_or_changed_are_found(fresh_app_context: Any, engine: str, case: int) -> None:
    for statements, told in _UNGUARDED[engine][case : case + 1]:
        parts = [statements] if engine == "postgresql" else re.split(r";(?=CREATE)", statements)
        for statement in parts:
            db.session.execute(text(statement))
        assert any(told in problem for problem in _problems())


@pytest.mark.parametrize(
    ("table", "column"),
    [("version", "current"), ("version", "differs"), ("version", "counted"), ("region_note", "current")],
)
def test_a_flag_is_true_or_false_and_nothing_else(fresh_app_context: Any, engine: str, table: str, column: str) -> None:
    with pytest.raises(DatabaseError):
        db.session.execute(text(f"UPDATE {table} SET {column} = 2"))


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE version SET current = 2", "current"),
        ("UPDATE version SET differs = 5, counted = 7", "answers are not"),
        ("UPDATE region_note SET current = 2", "current"),
        ("UPDATE answer_period SET counted = 3", "over time"),
        ("UPDATE version SET record_number = '1 x' WHERE record_number = 1", "record_number"),
        ("UPDATE version SET card = CAST(card AS BLOB)", "card"),
        ("INSERT INTO version_facet VALUES ('negara', 'JP', 999999)", "version_facet has a row without revision"),
        ("INSERT INTO assessment VALUES (2, '2020-01-01', 1, 1)", "more than one day"),
        ("INSERT INTO search (rowid, names, topics, body) VALUES (1, '', '', 'kabupaten surakarta')", "search words"),
    ],
)
def test_values_sqlite_would_read_otherwise_are_found(
    fresh_app_context: Any, engine: str, statement: str, told: str
) -> None:
    if engine == "sqlite":
        session = db.session()
        for switch in ("ignore_check_constraints = ON", "defer_foreign_keys = ON"):
            session.execute(text(f"PRAGMA {switch}"))
        session.execute(text(statement))
        assert any(told in problem for problem in _problems())
        session.execute(text("PRAGMA ignore_check_constraints = OFF"))
        session.rollback()


@pytest.mark.parametrize("more", ["'unheard:1D'", "'surakarta:1D'", "'surakarta:2A'"])
def test_more_search_words_in_postgresql_are_found(fresh_app_context: Any, engine: str, more: str) -> None:
    if engine == "postgresql":
        seq = publications.newest("KS-0011").seq  # type: ignore[union-attr]
        db.session.execute(
            text(f"UPDATE search SET words = words || {more}::tsvector WHERE revision = :seq"),
            {"seq": seq},
        )
        assert f"{seq}: the index differs in its search words" in _problems()


def test_a_tail_that_was_cut_shows_against_a_noted_head(fresh_app_context: Any) -> None:
    session = db.session()
    head = linking.head(session)
    assert head.seq == ledger.publication_number(session)
    assert list(linking.missing_head(session, head)) == []
    editorial.publish("cooperation", {**_document(), "sectors": ["trade"]}, AUTHOR)
    assert list(linking.missing_head(session, head)) == []
    _tamper("DELETE FROM region_note WHERE revision = 999")
    for table in ("answer_period", "version_facet", "version"):
        session.execute(text(f"DELETE FROM {table} WHERE revision > :seq"), {"seq": head.seq})
    newest = linking.head(session)
    session.execute(text("DELETE FROM revision WHERE seq > :seq"), {"seq": head.seq})
    assert [problem.seq for problem in linking.missing_head(session, newest)] == [newest.seq]
    other = linking.Head(head.seq, "0" * 64)
    assert [problem.seq for problem in linking.missing_head(session, other)] == [head.seq]


def test_the_envelope_says_null_where_there_is_no_base(app_context: Any) -> None:
    first = next(ledger.revisions(db.session()))
    assert ledger.envelope(first)["base"] is None


@pytest.mark.parametrize(
    ("author", "note", "path"),
    [
        (Author("hacker"), "", "role"),
        (Author("moderator", "o" * 301), "", "office"),
        (Author("moderator", "Kantor\nuji"), "", "office"),
        (Author("moderator", "a\ud800"), "", "office"),
        (Author("moderator"), "n" * 2001, "note"),
        (Author("moderator"), "a\u202eb", "note"),
        (Author("moderator"), "a\x00b", "note"),
    ],
)
def test_what_is_said_of_a_publication_is_checked(fresh_app_context: Any, author: Author, note: str, path: str) -> None:
    with pytest.raises(editorial.NotPublishable) as refused:
        editorial.publish("cooperation", _document(), author, note)
    assert [problem.path for problem in refused.value.problems] == [path]


def test_half_a_letter_is_refused_like_every_problem(fresh_app_context: Any) -> None:
    for change in ({"title": {"id": "a\ud800"}}, {"id": "KS-\ud800"}, {"a\ud800": 1}):
        with pytest.raises(editorial.NotPublishable):
            editorial.publish("cooperation", {**_document(), **change}, AUTHOR)


def test_a_publication_before_the_nightly_assessment_takes_its_day(fresh_app_context: Any) -> None:
    session = db.session()
    indexing.assess_all(session, date(2017, 11, 30))
    session.commit()
    editorial.publish("cooperation", {**_document("KS-0009"), "sectors": ["trade"]}, AUTHOR)
    found = session.execute(select(Version.status).where(Version.subject == "KS-0009", Version.current))
    assert found.scalar_one() == "in_force"
    assert _problems() == []


def test_a_rebuild_and_an_assessment_change_the_state(fresh_app_context: Any) -> None:
    session = db.session()
    states = [selecting.state(session)]
    auditing.rebuild(session, today())
    states.append(selecting.state(session))
    indexing.assess_all(session, today())
    states.append(selecting.state(session))
    assert [state.generation - states[0].generation for state in states] == [0, 1, 2]
    assert len(set(states)) == 3


def test_what_is_about_to_be_committed_belongs_to_the_state(fresh_app_context: Any) -> None:
    session = db.session()
    before = selecting.state(session)
    session.execute(select(Assessment)).scalar_one().generation += 1
    assert selecting.state(session).generation == before.generation + 1
    session.rollback()
    assert selecting.state(session) == before


def test_a_running_server_sees_a_rebuild(fresh_app_context: Any, fresh_client: Any) -> None:
    def count() -> int:
        return int(fresh_client.get("/kerja-sama.json?status=terminated").json["meta"]["count"])

    session = db.session()
    before = count()
    session.execute(text("UPDATE version SET status = 'terminated'"))
    indexing_state = text("UPDATE assessment SET generation = generation + 1")
    session.execute(indexing_state)
    session.commit()
    assert count() > before
    auditing.rebuild(session, today())
    session.commit()
    assert count() == before


def test_a_rebuild_mends_the_reference_tables(fresh_app_context: Any) -> None:
    session = db.session()
    session.execute(text("UPDATE region SET name = 'x'"))
    session.execute(text("DELETE FROM country"))
    auditing.rebuild(session, today())
    assert _problems() == []
