"""Do the example accounts work where they should, and nowhere else? And does the command line let the first one in?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal import demonstration, desk
from portal.cli import main
from portal.extensions import db
from portal.models import Account, Agency, Proposal, Revision
from tests.conftest import application
from tests.pages import soup
from tests.people import People, Person, signed_in


def accounts() -> list[Account]:
    return list(db.session.execute(select(Account).order_by(Account.id)).scalars())


def test_there_is_one_marked_account_of_each_role_and_nothing_published(fresh_app_context: Any) -> None:
    before = len(db.session.execute(select(Revision.seq)).all())
    assert demonstration.make_accounts() == demonstration.make_accounts() == ""
    assert {account.role for account in accounts()} == set(desk.ROLES)
    assert all(account.demo and "ontoh" in account.name and "(contoh)" in account.agency.name for account in accounts())
    assert len(accounts()) == len(demonstration.EXAMPLES)
    assert len(db.session.execute(select(Revision.seq)).all()) == before
    assert db.session.execute(select(Proposal.id)).all() == []


def test_an_example_account_works_in_a_demonstration_alone(fresh_app: Any, fresh_app_context: Any) -> None:
    demonstration.make_accounts()
    assert not any(account.is_active for account in accounts())
    assert list(demonstration.shown()) == []
    fresh_app.config["DEMO"] = True
    assert all(account.is_active for account in accounts())
    shown = list(demonstration.shown())
    assert [bool(one.code) for one in shown] == [one.role in {"moderator", "administrator"} for one in shown]


def test_they_stand_beside_the_signing_in_and_on_no_page_of_somebody_signed_in(
    fresh_database_url: str, tmp_path: Path
) -> None:
    with application(fresh_database_url, tmp_path / "instance", DEMO=True) as app:
        with app.app_context():
            demonstration.make_accounts()
            clerk = next(one for one in accounts() if one.role == "agency_clerk")
            who = Person(clerk.id, clerk.email, clerk.role, clerk.agency_id, clerk.fs_uniquifier)
            db.session.remove()
        assert soup(app.test_client().get("/masuk")).find(id="h-contoh") is not None
        page = soup(signed_in(app, who).get("/akun/kata-sandi"))
        assert page.find("input", {"type": "password"}) is not None
        assert page.find(id="h-contoh") is None


def test_no_example_is_made_beside_real_people(fresh_people: People, fresh_app_context: Any) -> None:
    assert demonstration.make_accounts() == demonstration.REAL
    assert not any(account.demo for account in accounts())


def _invite(app: Any, *more: str) -> Any:
    from click.testing import CliRunner
    from flask.cli import ScriptInfo

    given = ["invite", "--email", "kepala@kantor.example", "--name", "Kepala", "--agency", "Sekretariat", *more]
    return CliRunner().invoke(main, given, obj=ScriptInfo(create_app=lambda: app))


def test_the_command_line_invites_the_first_administrator_and_prints_the_link(fresh_app: Any) -> None:
    fresh_app.config["PUBLIC_URL"] = "https://portal.example"
    result = _invite(fresh_app)
    assert result.exit_code == 0, result.output
    link = next(line for line in result.output.splitlines() if line.startswith("https://portal.example/undangan/"))
    page = soup(fresh_app.test_client().get(link.removeprefix("https://portal.example")))
    assert page.select_one("#email")["value"] == "kepala@kantor.example"


def test_the_command_line_says_what_is_wrong(fresh_app: Any) -> None:
    result = _invite(fresh_app, "--role", "coordinator")
    assert result.exit_code == 1
    assert "agency: This role needs an office of a region." in result.output
    assert _invite(fresh_app, "--region", "99.99").exit_code == 1


def test_an_invitation_that_is_refused_leaves_no_office_behind(fresh_app: Any) -> None:
    for more in (["--role", "coordinator"], ["--name", "x" * 200], ["--email", "bukan alamat"], ["--province", "99"]):
        role = ["--role", "moderator"] if more[0] == "--province" else []
        assert _invite(fresh_app, *more, *role).exit_code == 1
    with fresh_app.app_context():
        assert list(db.session.scalars(select(Agency.name).where(Agency.name == "Sekretariat"))) == []
        db.session.remove()
    assert _invite(fresh_app).exit_code == 0
    with fresh_app.app_context():
        assert list(db.session.scalars(select(Agency.name).where(Agency.name == "Sekretariat"))) == ["Sekretariat"]
        db.session.remove()
