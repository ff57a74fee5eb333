"""Does the edition move with everything that the public sees, and is it known without asking the database?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal import config, corrections, editorial, evidence, indexing, throttling
from portal.corrections import Report
from portal.edition import UNSEEN, Edition, Mark, Unknown, code
from portal.extensions import db, own_transaction
from portal.ledger import Author
from portal.models import Decision
from tests import moves
from tests.conftest import application
from tests.people import People

DAY = date(2026, 11, 22)
# Pages that together show whatever there is to see of the ledger, the index and the desk.
SEEN = (
    "/", "/kerja-sama", "/kerja-sama.csv", "/kerja-sama.atom", "/kerja-sama?pada=2016-03-01", "/daerah",
    "/daerah/33.14-kabupaten-sragen", "/negara", "/perubahan", "/perubahan.atom", "/moderasi-publik",
    "/moderasi-publik.csv", "/log.jsonl", "/sitemap.xml", "/data", "/kerja-sama/KS-0005/riwayat",
    "/kerja-sama/KS-0005.json", "/saran?q=sragen",
)  # fmt: skip


@pytest.fixture
def edition(fresh_app: Any) -> Edition:
    return fresh_app.extensions["portal_edition"]  # type: ignore[no-any-return]


@pytest.fixture
def elsewhere(fresh_app: Any, fresh_database_url: str, tmp_path: Path) -> Iterator[Any]:
    """Another process of the same machine: an application of its own over the same database and folder."""
    with application(fresh_database_url, tmp_path / "instance") as other:
        yield other


def seen(app: Any) -> Mapping[str, bytes]:
    """What the public reads."""
    client = app.test_client()
    htmx = {"HX-Request": "true"}
    pages = {path: client.get(path, headers=htmx if path.startswith("/saran") else {}) for path in SEEN}
    record = client.get("/kerja-sama/KS-0005", follow_redirects=True)
    return {path: answer.data for path, answer in {**pages, "record": record}.items()}


class Watch:
    """Looks before and after each move: nothing that the public sees may change while the edition stands."""

    def __init__(self, app: Any, edition: Edition) -> None:
        self.app, self.edition = app, edition
        self.number, self.pages = edition.known(DAY), seen(app)

    def moved(self) -> tuple[bool, bool]:
        """Whether the edition moved, and whether any page did."""
        number, pages = self.edition.known(DAY), seen(self.app)
        found = number != self.number, pages != self.pages
        self.number, self.pages = number, pages
        assert found[0] or not found[1], "a page changed under an edition that stands"
        return found


def test_every_move_that_the_public_sees_moves_the_edition(
    fresh_app: Any, fresh_people: People, edition: Edition
) -> None:
    moderator, stranger, session = fresh_people.moderator, fresh_people.stranger, db.session
    section = moves.section(fresh_app)
    watch = Watch(fresh_app, edition)
    with fresh_app.app_context():
        draft = moves.drafted(stranger, "Ringkasan")
        assert watch.moved() == (False, False)  # a draft is its author's alone
        sent = editorial.submit(moves.account(stranger), draft.id)
        assert watch.moved() == (True, True)
        editorial.endorse(moves.account(section), sent.id, sent.version)
        assert watch.moved() == (True, False)
        editorial.say(moves.account(moderator), sent.id, "Mohon lampirannya.")
        assert watch.moved() == (False, False)
        moves.decided(moderator, sent, whole="return")
        assert watch.moved() == (True, True)
        again = editorial.submit(moves.account(stranger), sent.id)
        assert watch.moved() == (True, True)
        moves.decided(moderator, again)
        assert watch.moved() == (True, True)
        editorial.undo(moves.account(moderator), again.id)
        assert watch.moved() == (True, True)
        editorial.take_back(moves.account(stranger), again.id)
        assert watch.moved() == (True, True)
        tip = corrections.send(Report("a", "correction", "Tahunnya salah, semestinya 2015.", region="33.14"))
        assert watch.moved() == (True, True)
        corrections.take_up(moves.account(moderator), [tip.id])
        assert watch.moved() == (False, False)
        session.refresh(tip)
        corrections.answer(moves.account(moderator), {tip.id: tip.version}, corrections.ANSWERS[0], "Terima kasih.")
        assert watch.moved() == (True, True)
        indexing.assess_all(session(), date(2031, 1, 1))
        session.commit()
        assert watch.moved() == (True, True)
        throttling.count("upload", "x")
        assert watch.moved() == (False, False)


def test_a_file_that_is_made_public_comes_with_a_revision(
    fresh_app: Any, fresh_people: People, edition: Edition
) -> None:
    """Nothing but a publication changes what `evidence.disclosed` finds; each is in the ledger."""
    before = edition.known(DAY)
    with fresh_app.app_context():
        sent = moves.sent(fresh_people.stranger, "Ringkasan")
        moves.decided(fresh_people.moderator, sent)
        assert evidence.disclosed(db.session(), moves.SUBJECT) == {}
    assert edition.known(DAY) != before


def test_a_returned_proposal_that_moves_to_another_province_moves_the_edition(
    fresh_app: Any, fresh_people: People, edition: Edition
) -> None:
    """The numbers of moderation go by the province a proposal belongs to, also before it is sent again."""
    with fresh_app.app_context():
        moves.decided(fresh_people.moderator, moves.sent(fresh_people.stranger, "Ringkasan"), whole="return")
        db.session.execute(text("UPDATE proposal SET subject = ''"))
        db.session.commit()
        watch = Watch(fresh_app, edition)
        db.session.execute(text("UPDATE proposal SET region = '35.01'"))
        db.session.commit()
        assert watch.moved() == (True, True)


def test_the_edition_has_a_day_and_what_runs(fresh_app: Any, edition: Edition, tmp_path: Path) -> None:
    assert edition.known(DAY) == edition.known(DAY)
    assert edition.known(DAY) != edition.known(date(2026, 11, 23))
    with fresh_app.app_context():
        upgraded = Edition(db.engine, tmp_path / "x", "another code")
    assert upgraded.known(DAY) != edition.known(DAY)


def test_code_templates_and_settings_that_are_shown_make_the_fingerprint(tmp_path: Path) -> None:
    values = {setting.name: setting.default for setting in config.SETTINGS}
    (tmp_path / "a.html").write_text("satu")
    before = code([tmp_path], values)
    assert code([tmp_path], {**values, "SECRET_KEY": "x", "MAIL_SERVER": "y"}) == before
    for name in ("SITE_NAME", "OPERATOR", "CONTACT", "PUBLIC_URL", "PAGE_SIZE", "DEMO"):
        assert code([tmp_path], {**values, name: "lain"}) != before, name
    (tmp_path / "a.html").write_text("dua")
    assert code([tmp_path], values) != before
    assert set(values) > UNSEEN


def test_nothing_is_asked_while_nothing_is_committed(fresh_app: Any, edition: Edition) -> None:
    edition.seconds = 3600
    first, asked = edition.known(DAY), edition.asked
    fresh_app.test_client().get("/daerah")
    assert (edition.known(DAY), edition.asked) == (first, asked)


def test_after_a_second_it_is_asked_again(fresh_app: Any, edition: Edition) -> None:
    """Another machine, or a process that died between commit and file: nobody changed the mark."""
    edition.known(DAY)
    edition.seconds, asked = 0, edition.asked
    edition.known(DAY)
    assert edition.asked == asked + 1


def test_many_who_ask_at_once_ask_the_database_once(edition: Edition) -> None:
    edition.seconds = 3600
    edition.known(DAY)
    edition._mark.change()
    asked = edition.asked
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(edition.known, [DAY] * 50))) == 1
    assert edition.asked == asked + 1


@pytest.mark.parametrize("how", ["session", "own transaction", "connection", "bulk"])
def test_every_commit_is_noticed_in_every_process_at_once(
    fresh_app: Any, edition: Edition, elsewhere: Any, how: str
) -> None:
    other: Edition = elsewhere.extensions["portal_edition"]
    edition.seconds = other.seconds = 3600
    before = edition.known(DAY)
    assert other.known(DAY).split("-", 1)[1] == before.split("-", 1)[1]
    statement = text("UPDATE assessment SET generation = generation + 1")
    with fresh_app.app_context():
        if how == "session":
            db.session.execute(statement)
            db.session.commit()
        elif how == "own transaction":
            with own_transaction(db.engine) as connection:
                connection.execute(statement)
        elif how == "connection":
            with db.engine.begin() as connection:
                connection.execute(statement)
        else:
            editorial.publish_all(
                "cooperation", [moves.document() | {"sectors": ["tourism"]}], Author("moderator", "Kantor")
            )
    assert edition.known(DAY) != before
    assert other.known(DAY).split("-", 1)[1] == edition.known(DAY).split("-", 1)[1]


def test_what_is_taken_back_moves_nothing(fresh_app: Any, edition: Edition) -> None:
    edition.seconds = 3600
    before, asked = edition.known(DAY), edition.asked
    with fresh_app.app_context():
        db.session.execute(text("UPDATE assessment SET generation = generation + 1"))
        db.session.rollback()
    assert (edition.known(DAY), edition.asked) == (before, asked)


def test_numbers_that_become_visible_out_of_order_move_it(
    fresh_app: Any, fresh_people: People, edition: Edition
) -> None:
    """Two who decide at once on PostgreSQL: the later number may be committed first."""
    with fresh_app.app_context():
        sent = moves.sent(fresh_people.stranger, "Ringkasan")
        last = db.session.query(Decision).order_by(Decision.id.desc()).first()
        assert last is not None
        values = {
            name: getattr(last, name)
            for name in Decision.__table__.columns.keys()  # noqa: SIM118
            if name != "id"
        }
        db.session.add(Decision(id=last.id + 5, **values))
        db.session.commit()
        before = edition.known(DAY)
        db.session.add(Decision(id=last.id + 3, **values))
        db.session.commit()
        assert sent.state == "submitted"
    assert edition.known(DAY) != before


def test_a_folder_that_may_only_be_read_tells_of_the_commits_of_others(tmp_path: Path) -> None:
    writer = Mark(tmp_path / "edition")
    writer.change()
    (tmp_path / "edition").chmod(0o400)
    reader = Mark(tmp_path / "edition")
    reader._may_write = False  # also where the tests run as root
    before = reader.seen()
    writer.change()
    assert before != (then := reader.seen())
    reader.change()
    assert reader.seen() != then
    assert writer.seen() == then


def test_without_a_file_the_database_is_asked_each_time(fresh_app: Any, tmp_path: Path) -> None:
    assert Mark(tmp_path / "no folder" / "edition").seen() is None
    with fresh_app.app_context():
        alone = Edition(db.engine, tmp_path / "no folder" / "edition", "")
    first = alone.known(DAY)
    assert (alone.known(DAY), alone.asked) == (first, 2)


def test_a_file_that_is_emptied_or_gone_is_no_harm(tmp_path: Path) -> None:
    mark = Mark(tmp_path / "edition")
    mark.change()
    (tmp_path / "edition").write_bytes(b"")
    assert mark.seen() == b""
    mark.change()
    assert mark.seen() != b""
    (tmp_path / "edition").unlink()
    mark.change()
    assert mark.seen() != b""


def test_a_database_that_is_away_holds_nothing_new(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    edition.seconds = 0
    before = edition.known(DAY)

    def away() -> Any:
        raise OperationalError("", {}, Exception("away"))

    monkeypatch.setattr(edition._engine, "raw_connection", away)
    assert edition.known(DAY) == before
    edition._mark.change()
    with pytest.raises(Unknown):
        edition.known(DAY)


def test_the_states_that_are_counted_are_those_that_are_open() -> None:
    assert corrections.OPEN == ("new", "in_progress")  # they stand in `edition._NUMBERS` as well
