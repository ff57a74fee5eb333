"""Do `portal remind` and `portal check` do what the README says, and no more when they are run again?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from portal import mailing, notifications, readiness, upkeep
from portal.cli import main
from portal.extensions import db, stamp
from portal.models import Attempt, Letter, Proposal, SignIn, Tip
from tests import moves
from tests.mailbox import Mailbox, free_port, opened
from tests.people import SRAGEN, People


def run(app: Any, *arguments: str) -> Any:
    from click.testing import CliRunner
    from flask.cli import ScriptInfo

    with app.app_context():
        db.session.remove()
    return CliRunner().invoke(main, arguments, obj=ScriptInfo(create_app=lambda: app))


def count(app: Any, *conditions: Any) -> int:
    with app.app_context():
        return int(db.session.execute(select(func.count()).select_from(Letter).where(*conditions)).scalar_one())


def aged(app: Any, draft_id: int, days: int) -> None:
    with app.app_context():
        db.session.execute(update(Proposal).where(Proposal.id == draft_id).values(changed=stamp(timedelta(days=-days))))
        db.session.commit()


def state(app: Any, proposal_id: int) -> str:
    with app.app_context():
        found = db.session.get(Proposal, proposal_id)
        assert found is not None
        return found.state


def test_a_draft_is_warned_of_and_closed_only_after_its_author_was_told(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        draft = moves.drafted(fresh_people.stranger, "Ringkasan lama").id
    aged(fresh_app, draft, 95)
    assert "authors told that a draft will be closed: 1" in run(fresh_app, "remind").output
    assert (state(fresh_app, draft), count(fresh_app)) == ("draft", 1)
    assert "drafts closed after 90 days: 1" in run(fresh_app, "remind").output
    assert (state(fresh_app, draft), count(fresh_app)) == ("withdrawn", 1)


def test_reminding_twice_tells_nothing_twice(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        db.session.add(
            Tip(
                receipt="K-1", once="o", kind="correction", subject=moves.SUBJECT, region=SRAGEN, page="",
                text="Keliru.",
                evidence="", contact="", language="id", state="new", version=1, created=stamp(), due="2020-01-01",
                extended="", answer="", closed=None, handled_by=None,
            )
        )  # fmt: skip
        db.session.commit()
    for _ in range(2):
        assert "past their promised day: 1" in run(fresh_app, "remind").output
    assert count(fresh_app) == 2


def test_what_is_old_is_forgotten_and_what_waits_is_kept(fresh_app: Any, fresh_people: People) -> None:
    old, recent = stamp(-upkeep.LETTERS_KEPT - timedelta(days=1)), stamp(timedelta(days=-2))
    with fresh_app.app_context():
        session = db.session()
        for name, sent in (("lama", old), ("baru", recent), ("menunggu", None)):
            notifications.post(session, f"{name}@uji.example", "s", "b", name)
            session.execute(update(Letter).where(Letter.once == name).values(sent=sent, created=old))
        for name, until in (("lama", old), ("baru", stamp())):
            session.add(Attempt(bucket="tip", key_hash=name, count=1, since=until, until=until))
        for name, begun in (("lama", stamp(-upkeep.SIGN_INS_KEPT - timedelta(days=1))), ("baru", old)):
            session.add(
                SignIn(
                    token_hash=name, account_id=fresh_people.clerk.id, begun=begun, seen=begun, ended=None, agent="",
                    address="",
                )
            )  # fmt: skip
        session.commit()
    assert run(fresh_app, "remind").exit_code == 0
    with fresh_app.app_context():
        session = db.session()
        assert set(session.execute(select(Letter.once)).scalars()) == {"baru", "menunggu"}
        assert list(session.execute(select(Attempt.key_hash)).scalars()) == ["baru"]
        assert "lama" not in set(session.execute(select(SignIn.token_hash)).scalars())


def test_remind_sends_everything_that_waits(fresh_app: Any) -> None:
    with opened() as box:
        fresh_app.config.update(box.settings)
        with fresh_app.app_context():
            for number in range(130):
                notifications.post(db.session(), f"orang{number}@uji.example", "s", "b")
            db.session.commit()
        result = run(fresh_app, "remind")
    assert (result.exit_code, len(box.letters)) == (0, 130)
    assert "letters sent: 130, put off: 0, given up: 0" in result.output


def test_remind_says_that_letters_wait(fresh_app: Any) -> None:
    with fresh_app.app_context():
        notifications.post(db.session(), "warga@uji.example", "s", "b")
        db.session.commit()
    silent = run(fresh_app, "remind")
    assert (silent.exit_code, "1 letters wait: PORTAL_MAIL_SERVER" in silent.output) == (0, True)
    box = Mailbox()
    box.port = free_port()
    fresh_app.config.update(box.settings)
    down = run(fresh_app, "remind")
    assert (down.exit_code, "1 letters wait: the mail server cannot be used" in down.output) == (1, True)
    assert count(fresh_app, Letter.sent.is_(None), Letter.tries == 0) == 1


def test_without_a_public_address_no_letter_goes_out_with_half_a_link(fresh_app: Any) -> None:
    with opened() as box:
        fresh_app.config.update(box.settings | {"PUBLIC_URL": ""})
        with fresh_app.app_context():
            body = f"Buka:\n\n{notifications.address('/undangan/abc')}\n"
            notifications.post(db.session(), "warga@uji.example", "s", body)
            db.session.commit()
        assert "1 letters wait: PORTAL_PUBLIC_URL not set" in run(fresh_app, "remind").output
        assert "FAIL PORTAL_PUBLIC_URL not set: letters wait" in run(fresh_app, "check").output
        assert box.letters == []
        fresh_app.config["PUBLIC_URL"] = "https://tautan.example"
        assert "letters sent: 1" in run(fresh_app, "remind").output
        (arrived,) = box.letters
        assert "\nhttps://tautan.example/undangan/abc\n" in arrived.message.get_content().replace("\r\n", "\n")


def test_a_demonstration_sends_its_letters_without_one(fresh_app: Any) -> None:
    with opened() as box:
        fresh_app.config.update(box.settings | {"PUBLIC_URL": "", "DEMO": True})
        with fresh_app.app_context():
            notifications.post(db.session(), "warga@uji.example", "s", "b")
            db.session.commit()
        assert "letters sent: 1" in run(fresh_app, "remind").output


def test_letters_given_up_can_be_tried_again(fresh_app: Any) -> None:
    with opened() as box:
        fresh_app.config.update(box.settings)
        box.refuses = {"warga@uji.example": "550 no such mailbox"}
        with fresh_app.app_context():
            notifications.post(db.session(), "warga@uji.example", "s", "b")
            db.session.commit()
        assert "given up: 1" in run(fresh_app, "remind").output
        box.refuses = {}
        assert "letters sent: 0" in run(fresh_app, "remind").output
        assert "letters sent: 1" in run(fresh_app, "remind", "--again").output


# -- check ----------------------------------------------------------------------------------------------------


def test_check_fails_where_the_portal_is_not_fit_for_the_public(fresh_app: Any) -> None:
    result = run(fresh_app, "check")
    assert result.exit_code == 1
    for line in (
        "FAIL PORTAL_PUBLIC_URL", "FAIL PORTAL_TRUSTED_HOSTS", "FAIL PORTAL_PROXY_HOPS", "FAIL the cookie",
        "FAIL PORTAL_MAIL_SERVER", "FAIL other host names", "ok   the secret key", "ok   the guards",
    ):  # fmt: skip
        assert line in result.output


def levels(app: Any) -> dict[str, list[str]]:
    with app.app_context():
        found = list(readiness.findings(app))
        db.session.remove()
    return {level: [one.what for one in found if one.level == level] for level in ("FAIL", "note", "ok")}


@pytest.fixture
def fit(fresh_database_url: str, tmp_path: Any) -> Any:
    """A portal set up as it should be, with a mail server that is there."""
    from tests.conftest import application

    with opened() as box:
        public = {
            "PUBLIC_URL": "https://tautan.example", "TRUSTED_HOSTS": ["tautan.example"], "PROXY_HOPS": 1,
            "RATE_LIMIT": "600 per minute", "TESTING": False, **box.settings,
        }  # fmt: skip
        with application(fresh_database_url, tmp_path / "instance", **public) as app:
            yield app


def test_check_is_content_with_a_portal_that_is_set_up(fit: Any) -> None:
    assert levels(fit)["FAIL"] == []
    assert run(fit, "check").exit_code == 0


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("DEBUG", True, "debugging"),
        ("DEMO", True, "PORTAL_DEMO"),
        ("RATE_LIMIT", "", "PORTAL_RATE_LIMIT"),
        ("SECRET_KEY", "a" * 60, "secret key"),
        ("TRUSTED_HOSTS", ["other.example"], "PORTAL_TRUSTED_HOSTS"),
        ("MAIL_PORT", 1, "the mail server cannot be used"),
        ("MAIL_FROM", "", "PORTAL_MAIL_FROM"),
        ("SESSION_COOKIE_SECURE", False, "the cookie"),
    ],
)
def test_check_names_each_fault(fit: Any, setting: str, value: object, told: str) -> None:
    fit.config[setting] = value
    assert [line for line in levels(fit)["FAIL"] if told in line]


def test_check_names_an_open_secret_and_letters_that_wait(fit: Any) -> None:
    from pathlib import Path

    (Path(fit.instance_path) / "secret.key").chmod(0o644)
    with fit.app_context():
        notifications.post(db.session(), "warga@uji.example", "s", "b")
        db.session.execute(update(Letter).values(created=stamp(-mailing.OVERDUE - timedelta(hours=1))))
        db.session.commit()
    told = levels(fit)["FAIL"]
    assert told == ["secret.key can be read by other accounts", "letters that wait for longer than a day: 1"]
