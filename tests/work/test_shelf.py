"""Are the columns those of the tables, after every publication, and shared by all who read?"""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal import columns, editorial, indexing, ledger, listing, publications, selecting
from portal.columns import arrays, making, shelf
from portal.criteria import Criteria
from portal.editorial import publishing
from portal.extensions import db, reading, today
from portal.ledger import Author, Entry
from tests.conftest import application
from tests.load.generate import Maker
from tests.matching import subjects

AUTHOR = Author("moderator", "Kantor uji")


def shelves(app: Any) -> Path:
    return Path(app.instance_path) / "columns"


def current(session: Session | None = None) -> columns.Columns:
    used = session or db.session()
    with reading():
        found = columns.current(used, selecting.state(used))
        used.rollback()
    assert found is not None
    return found


def forget(app: Any) -> None:
    """What a process knows when it begins."""
    with app.app_context():
        shelf._shelf(db.engine).held = {}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often columns were made from all the tables: the state's number each time."""
    counted: list[int] = []
    whole = making.made

    def counting(connection: Any, state: selecting.State) -> arrays.Arrays:
        counted.append(state.seq)
        return whole(connection, state)

    monkeypatch.setattr(making, "made", counting)
    return counted


def assert_like_the_tables() -> None:
    found, session = current(), db.session()
    with reading():
        wanted = making.made(session.connection(), selecting.state(session))
        session.rollback()
    assert found.state == wanted.state
    assert list(making.differences(found.arrays, wanted)) == []


def publish_again(subject: str, **changed: Any) -> None:
    newest = publications.newest(subject)
    assert newest is not None
    editorial.publish("cooperation", {**newest.document, **changed}, AUTHOR)


def withdraw(subject: str) -> None:
    session = db.session()
    entry = Entry("Uji / test", act=ledger.WITHDRAW)
    publishing.bury(session, ledger.Chain(session), subject, AUTHOR, entry, today())
    session.commit()


def test_a_patch_gives_what_the_tables_give(fresh_app_context: Any, made: list[int]) -> None:
    current()
    rand, before = random.Random(4), len(made)
    new = list(Maker(9).documents(12))
    for step in range(12):
        match step % 4:
            case 0:
                publish_again(f"KS-{rand.randint(1, 100):04}", type="grant", sectors=["health", "education"])
            case 1:
                editorial.publish_all("cooperation", new[step : step + 3], AUTHOR)
            case 2:
                publish_again("KS-0011", sectors=[], region=("33.72" if step % 8 < 4 else "11"))
            case _:
                withdraw(f"KS-{100 + step // 4:04}")
        found = current()
        assert len(made) == before, "patched, not made anew"
        assert found.arrays.numbers.tolist() == sorted(found.arrays.numbers.tolist())
        assert_like_the_tables()
        del made[before:]


def test_a_region_note_leaves_the_records_as_they_are(fresh_app_context: Any, made: list[int]) -> None:
    before = current()
    note = publications.newest("33.11") or next(iter(publications.changes(1, kind="region"))).published
    editorial.publish("region", {**note.document}, AUTHOR)
    after = current()
    assert after.state.seq == before.state.seq + 1
    assert list(making.differences(before.arrays, after.arrays)) == []


def test_too_many_changes_are_made_anew(
    fresh_app_context: Any, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    current()
    before = len(made)
    monkeypatch.setattr(making, "MOST_PATCHED", 2)
    editorial.publish_all("cooperation", Maker(9).documents(3), AUTHOR)
    current()
    assert len(made) == before + 1


def test_another_chain_is_not_patched(fresh_app_context: Any, made: list[int]) -> None:
    held = current()
    other = selecting.State(**{**_fields(held.state), "hash": "0" * 64})
    strange = arrays.Arrays(**{**making._parts(held.arrays), "state": other})
    publish_again("KS-0011", type="grant")
    session = db.session()
    assert making.patched(session.connection(), strange, selecting.state(session)) is None
    assert making.patched(session.connection(), held.arrays, selecting.state(session)) is not None
    session.rollback()


def _fields(state: selecting.State) -> dict[str, Any]:
    return {name: getattr(state, name) for name in selecting.State.__slots__}


# -- shared -------------------------------------------------------------------------------------------------------


def test_a_second_process_maps_the_file_of_the_first(fresh_app: Any, fresh_database_url: str, made: list[int]) -> None:
    with fresh_app.app_context():
        first = current()
    count = len(made)
    with application(fresh_database_url, Path(fresh_app.instance_path)) as second, second.app_context():
        found = current()
        assert found.state == first.state
        assert len(made) == count
        assert not found.arrays.numbers.flags.writeable
        publish_again("KS-0011", type="grant")
    with fresh_app.app_context():
        assert "KS-0011" in subjects("jenis=grant")
    assert len(made) == count


def test_old_files_go(fresh_app: Any) -> None:
    with fresh_app.app_context():
        for kind in ("grant", "sister_city", "grant", "sister_city", "grant"):
            publish_again("KS-0011", type=kind)
            current()
    assert 1 <= len(list(shelves(fresh_app).glob("*.columns"))) <= 3
    assert list(shelves(fresh_app).glob("*.new")) == []


@pytest.mark.parametrize("harm", ["cut", "turned", "empty", "other"])
def test_a_damaged_file_is_made_anew(fresh_app: Any, harm: str) -> None:
    with fresh_app.app_context():
        current()
        (path,) = shelves(fresh_app).glob("*.columns")
        whole = path.read_bytes()
        damaged = {
            "cut": whole[:-100],
            "turned": whole[:-200] + bytes(255 - byte for byte in whole[-200:-100]) + whole[-100:],
            "empty": b"",
            "other": b"something else",
        }[harm]
        path.write_bytes(damaged)
        forget(fresh_app)
        assert_like_the_tables()
        assert path.read_bytes()[:-100] == whole[:-100]


def test_without_a_folder_every_process_has_its_own(fresh_app: Any) -> None:
    folder = shelves(fresh_app)
    folder.write_text("a file stands where the folder should be")
    with fresh_app.app_context():
        assert_like_the_tables()
        publish_again("KS-0011", type="grant")
        assert_like_the_tables()
    assert folder.read_text().startswith("a file")


def test_while_another_process_makes_them_the_database_answers(fresh_app: Any) -> None:
    with fresh_app.app_context(), shelf._locked(shelves(fresh_app), 0.0) as mine:
        assert mine
        found = listing.matching(Criteria())
        assert isinstance(found.found, selecting.Selected)
        assert found.total == 105
    with fresh_app.app_context():
        assert isinstance(listing.matching(Criteria()).found, columns.Found)


def test_a_patch_by_another_is_waited_for(fresh_app: Any, fresh_database_url: str) -> None:
    with fresh_app.app_context():
        current()
        publish_again("KS-0011", type="grant")
    release, locked = threading.Event(), threading.Event()

    def hold() -> None:
        with shelf._locked(shelves(fresh_app), 0.0):
            locked.set()
            release.wait(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    locked.wait()
    with fresh_app.app_context():
        assert isinstance(listing.matching(Criteria()).found, columns.Found)
    release.set()
    thread.join()


def test_who_began_before_a_publication_reads_on_as_it_was(fresh_app: Any) -> None:
    with fresh_app.app_context():
        before = current().state
        with reading(), Session(db.engine) as slow:
            then = selecting.state(slow)
            publish_again("KS-0011", type="grant")
            assert "KS-0011" in subjects("jenis=grant")
            publish_again("KS-0011", type="sister_city")
            publish_again("KS-0011", type="grant")
            assert "KS-0011" in subjects("jenis=grant")
            found = listing.page(listing.matching(Criteria(), slow), 500)
            assert found.total == 105
            assert then == before


def test_prepared_columns_are_there_when_the_assessment_is(fresh_app: Any, made: list[int]) -> None:
    with fresh_app.app_context():
        current()
        indexing.assess_all(db.session(), today())
        columns.prepare(db.session())
        db.session.commit()
        count = len(made)
        assert_like_the_tables()
        assert len(made) == count + 1, "once, by the comparison"


def test_verification_compares_the_file_with_the_tables(fresh_app: Any) -> None:
    with fresh_app.app_context():
        held = current().arrays
        assert list(columns.faults(db.session())) == []
        wrong = {name: array.copy() for name, array in held.days.items()}
        wrong["silent_day"][3] += 1
        arrays.write(
            arrays.Arrays(**{**making._parts(held), "days": wrong}), shelf._path(shelves(fresh_app), held.state)
        )
        assert list(columns.faults(db.session())) == ["the columns differ from the tables in day silent_day"]
        fewer = {name: array[:-1] for name, array in held.named().items()}
        short = arrays.Arrays(
            state=held.state, numbers=fewer["numbers"], revisions=fewer["revisions"], keys=held.keys,
            profiles={name: fewer[f"profile {name}"] for name in held.profiles},
            days={name: fewer[f"day {name}"] for name in held.days},
            orders={name: fewer[f"order {name}"] for name in held.orders},
        )  # fmt: skip
        arrays.write(short, shelf._path(shelves(fresh_app), held.state))
        assert len(list(columns.faults(db.session()))) == 1


def test_an_index_of_another_version_has_no_columns(fresh_app: Any) -> None:
    from portal.models import Assessment

    with fresh_app.app_context():
        db.session.execute(Assessment.__table__.update().values(form=0))
        db.session.commit()
        assert isinstance(listing.matching(Criteria()).found, selecting.Selected)


# -- words --------------------------------------------------------------------------------------------------------


def test_words_found_before_a_publication_are_found_after_it(fresh_app: Any) -> None:
    with fresh_app.app_context():
        for query in ("q=sister+city", "q=xian", "q=sister", "q=pelatihan&urut=daerah"):
            subjects(query)
        publish_again("KS-0011", title={"id": "Kota Contoh dan sister city lain", "en": "Another sister city"})
        withdraw("KS-0012")
        editorial.publish_all("cooperation", Maker(9).documents(5), AUTHOR)
        for query in ("q=sister+city", "q=xian", "q=sister", "q=contoh", "q=pelatihan&urut=daerah", "q=lain"):
            assert subjects(query) == subjects(query, memory=False), query


def test_verification_tells_of_a_file_that_cannot_be_read_and_leaves_it(fresh_app: Any) -> None:
    with fresh_app.app_context():
        path = shelf._path(shelves(fresh_app), current().state)
        path.write_bytes(path.read_bytes()[:-100])
        assert "cannot be read" in next(columns.faults(db.session()))
        assert path.exists()
