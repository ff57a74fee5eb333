"""Does the file of words say what the database says, after every publication, and is it used while it can be?"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import update

from portal import auditing, columns, editorial, selecting
from portal.columns import files, shelf, turned, turning, words
from portal.extensions import db, reading
from portal.ledger import Author
from portal.models import Assessment
from portal.searching import TIERS
from tests.counting import statements
from tests.load.generate import Maker
from tests.matching import subjects
from tests.work.test_cli import run
from tests.work.test_shelf import current, publish_again, shelves, withdraw

AUTHOR = Author("moderator", "Kantor uji")
ASKED = (
    "sister", "sist", "kota", "k", "a", "klaten", "pelatihan", "berlatih", "xian", "contoh", "lain", "ks0011", "2017",
    "11", "zzz", "pemerintahkota", "x" * 60,
)  # fmt: skip


@pytest.fixture(params=[32, 4, 10**6], ids=["as it is", "many bits", "numbers only"])
def dense(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """From which share of the revisions on a word has bits."""
    monkeypatch.setattr(turned, "_DENSE", request.param)


def lay_out(app: Any) -> Path:
    """Make the file, and give its path."""
    with app.app_context():
        columns.turn(db.session(), again=True)
        db.session.rollback()
    [path] = sorted(shelves(app).glob("*.words"))[-1:]
    return path


def forget(app: Any) -> None:
    """What a process knows of words when it begins."""
    with app.app_context():
        held = shelf._shelf(db.engine)
        held.held, held.words = {}, words.Words()
        held.words.folder = held.folder


def assert_like_the_database() -> None:
    """Every word in every tier; who knows no folder asks the database."""
    with reading():
        session = db.session()
        state, revisions = selecting.state(session), current().arrays.revisions
        filed, asking = words.Words(), words.Words()
        filed.folder = shelf._shelf(db.engine).folder
        pairs = [(word, tier) for word in ASKED for tier in range(len(TIERS))]
        assert filed.turned(session, state.seq) is not None
        found = dict(filed.found(session, pairs, state, revisions))
        for pair, wanted in asking.found(session, pairs, state, revisions):
            assert np.array_equal(found[pair], wanted), pair
        session.rollback()


def test_the_file_says_what_the_database_says(fresh_app: Any, dense: None) -> None:
    with fresh_app.app_context():
        editorial.publish_all("cooperation", Maker(5).documents(60), AUTHOR)
    lay_out(fresh_app)
    with fresh_app.app_context():
        assert list(columns.faults(db.session())) == []
        assert list(auditing.problems(db.session())) == []
        assert_like_the_database()


@pytest.mark.parametrize("most", [250, 0], ids=["looked through", "asked"])
def test_what_was_published_since_is_found_too(fresh_app: Any, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(words, "MOST_LOOKED_THROUGH", most)
    lay_out(fresh_app)
    with fresh_app.app_context():
        subjects("q=sister+city")
        publish_again("KS-0011", title={"id": "Kota Contoh dan sister city lain", "en": "Another sister city"})
        withdraw("KS-0012")
        editorial.publish_all("cooperation", Maker(9).documents(12), AUTHOR)
        for query in ("q=sister+city", "q=xian", "q=contoh", "q=contoh+k", "q=pelatihan&urut=daerah", "q=ks0011"):
            assert subjects(query) == subjects(query, memory=False), query
        assert_like_the_database()
        assert list(columns.faults(db.session())) == []
        assert list(auditing.problems(db.session())) == []


def searched(seen: list[str]) -> list[str]:
    return [statement for statement in seen if "group_concat" in statement or "string_agg" in statement]


@pytest.mark.parametrize("filed", [True, False], ids=["from the file", "remembered"])
def test_the_database_is_not_asked_for_what_is_known(fresh_app: Any, filed: bool) -> None:
    if filed:
        lay_out(fresh_app)
    with fresh_app.app_context():
        if not filed:
            subjects("q=sister")
        publish_again("KS-0011", type="grant")
        with statements(fresh_app) as seen:
            subjects("q=sister")
        assert searched(seen) == []
        assert len([statement for statement in seen if "document FROM revision" in statement]) == 1


def test_of_many_newer_revisions_the_database_is_asked(fresh_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MOST_LOOKED_THROUGH", 0)
    with fresh_app.app_context():
        subjects("q=sister")
        publish_again("KS-0011", type="grant")
        with statements(fresh_app) as seen:
            subjects("q=sister")
        asked = searched(seen)
        assert asked
        assert all("rowid > " in statement or "search.revision > " in statement for statement in asked)


def test_a_file_of_another_chain_is_not_believed_and_hides_no_other(fresh_app: Any) -> None:
    path = lay_out(fresh_app)
    with fresh_app.app_context():
        session = db.session()
        turning.write(session.connection(), 3, "f" * 64, path.with_name(f"{path.name[:-22]}{'f' * 16}.words"))
        held = words.Words()
        held.folder = path.parent
        found = held.turned(session, selecting.state(session).seq)
        session.rollback()
        assert found is not None
        assert found.hash != "f" * 64
        path.unlink()
        forget(fresh_app)
        assert subjects("q=klaten") == subjects("q=klaten", memory=False) != []


def test_a_file_that_is_written_anew_is_read_anew(fresh_app: Any) -> None:
    path = lay_out(fresh_app)
    whole = path.read_bytes()
    with fresh_app.app_context():
        session, held = db.session(), words.Words()
        held.folder = path.parent
        newest = selecting.state(session).seq
        path.write_bytes(whole[:-70])
        assert held.turned(session, newest) is None
        path.unlink()
        path.write_bytes(whole)
        assert held.turned(session, newest) is not None
        session.rollback()


NONSENSE: dict[str, Callable[[dict[str, Any]], None]] = {
    "a number beyond all revisions": lambda named: named["2 numbers"].__setitem__(0, 10**6),
    "a start before the last one": lambda named: named["1 starts"].__setitem__(1, 10**6),
    "one start too few": lambda named: named.update({"0 starts": named["0 starts"][:-1]}),
    "bits of other words": lambda named: named.update({"0 dense": named["0 dense"][:-1]}),
    "a word that is not there": lambda named: named["2 dense"].__setitem__(0, 10**6),
    "no list of one place": lambda named: named.pop("1 words"),
}


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_file_of_nonsense_with_a_good_checksum_is_not_believed(fresh_app: Any, nonsense: str) -> None:
    path = lay_out(fresh_app)
    head, named = files.read(path, turned._KIND, checked=True)
    changed = {name: array.copy() for name, array in named.items()}
    NONSENSE[nonsense](changed)
    files.write(path, turned._KIND, {"seq": head["seq"], "hash": head["hash"]}, changed)
    forget(fresh_app)
    with fresh_app.app_context():
        for query in ("q=klaten", "q=a", "q=kota"):
            assert subjects(query) == subjects(query, memory=False) != []
        assert list(columns.faults(db.session())) == ["the file of words cannot be read"]


def test_of_an_index_in_another_form_no_file_is_made(fresh_app: Any) -> None:
    with fresh_app.app_context():
        db.session.execute(update(Assessment).values(form=0))
        db.session.commit()
        assert columns.turn(db.session(), again=True) == ""
        db.session.rollback()
    assert list(shelves(fresh_app).glob("*.words")) == []


def test_what_was_begun_and_not_ended_is_cleared_away_in_time(fresh_app: Any) -> None:
    shelves(fresh_app).mkdir(parents=True, exist_ok=True)
    old, young = shelves(fresh_app) / "a.words.x.new", shelves(fresh_app) / "b.columns.y.new"
    for path in (old, young):
        path.touch()
    os.utime(old, (0, 0))
    lay_out(fresh_app)
    assert [path.exists() for path in (old, young)] == [False, True]


@pytest.mark.parametrize("damage", [b"", b"nothing of the kind", None])
def test_a_damaged_file_is_done_without_and_told_of(fresh_app: Any, damage: bytes | None) -> None:
    path = lay_out(fresh_app)
    path.write_bytes(path.read_bytes()[:-70] if damage is None else damage)
    forget(fresh_app)
    with fresh_app.app_context():
        assert subjects("q=klaten") == subjects("q=klaten", memory=False) != []
        assert list(columns.faults(db.session())) == ["the file of words cannot be read"]


def test_verification_compares_the_file_with_the_words(fresh_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = turning.entries
    dropped: set[int] = set()

    def falsified(*given: Any) -> Any:
        for place, word, revisions in entries(*given):
            gone = {"klaten": revisions[:1], "sister": revisions}.get(word, revisions[:0])
            dropped.update(gone.tolist())
            if word != "sister":
                yield place, word, revisions[len(gone) :]

    with monkeypatch.context() as patched:
        patched.setattr(turning, "entries", falsified)
        lay_out(fresh_app)
    with fresh_app.app_context():
        found = list(auditing.problems(db.session()))
        db.session.rollback()
    assert {one.what for one in found} == {"the file of words differs from its words"}
    assert len(dropped) > 2
    assert {one.seq for one in found} == dropped


def test_verification_tells_of_a_file_in_disorder(fresh_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = turning.entries
    with monkeypatch.context() as patched:
        patched.setattr(turning, "entries", lambda *given: reversed(list(entries(*given))))
        lay_out(fresh_app)
    with fresh_app.app_context():
        assert list(columns.faults(db.session())) == ["the file of words is not in order"]


def test_commands_bring_it_up_to_date(fresh_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_FEW_NEWER", 2)

    def written() -> list[str]:
        with fresh_app.app_context():
            db.session.remove()
        return sorted(path.name for path in shelves(fresh_app).glob("*.words"))

    first = lay_out(fresh_app).name
    run(fresh_app, "assess")
    assert written() == [first]
    with fresh_app.app_context():
        editorial.publish_all("cooperation", Maker(4).documents(3), AUTHOR)
    run(fresh_app, "assess")
    [kept, second] = written()
    assert kept == first
    with fresh_app.app_context():
        publish_again("KS-0011", type="grant")
    run(fresh_app, "rebuild")
    assert written()[0] == second
    assert len(written()) == 2


def test_a_folder_that_cannot_be_written_to_is_done_without(fresh_app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write", full)
    with fresh_app.app_context():
        assert "No space left" in columns.turn(db.session(), again=True)
        db.session.rollback()
        assert subjects("q=klaten") == subjects("q=klaten", memory=False)
    assert "No space left" in run(fresh_app, "rebuild").output
    assert list(shelves(fresh_app).glob("*.words")) == []
