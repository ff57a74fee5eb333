"""Do the commands do what the README says?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from portal import create_app
from portal.cli import main
from portal.extensions import db, today
from tests.conftest import let_go, settings


def run(app: Any, *arguments: str) -> Any:
    from click.testing import CliRunner
    from flask.cli import ScriptInfo

    _let_go_of_session(app)
    return CliRunner().invoke(main, arguments, obj=ScriptInfo(create_app=lambda: app))


def _let_go_of_session(app: Any) -> None:
    with app.app_context():
        db.session.remove()


def test_verify_tells_that_the_chain_holds(fresh_app: Any) -> None:
    result = run(fresh_app, "verify")
    assert result.exit_code == 0, result.output
    assert "112 revisions verified" in result.output


def test_verify_names_what_is_wrong_and_fails(fresh_app: Any) -> None:
    with fresh_app.app_context():
        db.session.execute(text("UPDATE version SET province = '31' WHERE subject = 'KS-0011'"))
        db.session.commit()
    result = run(fresh_app, "verify")
    assert result.exit_code == 1
    assert "differs in province" in result.output


def test_verify_prints_the_head_and_takes_one_to_expect(fresh_app: Any) -> None:
    output = run(fresh_app, "verify").output
    head = next(line.removeprefix("head ") for line in output.splitlines() if line.startswith("head "))
    assert head.startswith("112:")
    assert run(fresh_app, "verify", "--expect", head).exit_code == 0
    cut = run(fresh_app, "verify", "--expect", f"113:{head[4:]}")
    assert cut.exit_code == 1
    assert "the end of the chain was cut off" in cut.output
    assert "written anew" in run(fresh_app, "verify", "--expect", f"112:{'0' * 64}").output
    assert run(fresh_app, "verify", "--expect", "112").exit_code == 2


def test_verify_warns_of_answers_of_an_earlier_day(fresh_app: Any) -> None:
    assert "warning" not in run(fresh_app, "verify").output
    run(fresh_app, "assess", "--day", "2017-11-30")
    result = run(fresh_app, "verify")
    assert result.exit_code == 0
    assert "answers of 2017-11-30" in result.output
    assert "warning: the answers are those of an earlier day" in result.output


def test_rebuild_mends_the_index(fresh_app: Any) -> None:
    with fresh_app.app_context():
        db.session.execute(text("DELETE FROM version_facet"))
        db.session.commit()
    assert run(fresh_app, "rebuild").exit_code == 0
    assert run(fresh_app, "verify").exit_code == 0


def test_assess_fills_in_the_answers_of_a_day(fresh_app: Any) -> None:
    def status() -> str:
        with fresh_app.app_context():
            found = db.session.execute(text("SELECT status FROM version WHERE subject = 'KS-0009' AND current"))
            return str(found.scalar_one())

    assert status() == "expired"
    assert run(fresh_app, "assess", "--day", "2017-11-30").exit_code == 0
    assert status() == "in_force"
    assert run(fresh_app, "verify").exit_code == 0


def test_help_names_every_command() -> None:
    from click.testing import CliRunner

    output = CliRunner().invoke(main, ["--help"]).output
    for command in ("demo", "init", "serve", "upgrade", "assess", "verify", "rebuild"):
        assert command in output


def test_who_writes_a_migration_has_the_commands_of_the_library(fresh_app: Any) -> None:
    done = run(fresh_app, "db", "current")
    assert done.exit_code == 0, done.output


def test_an_index_of_another_form_is_made_anew(fresh_app: Any) -> None:
    with fresh_app.app_context():
        db.session.execute(text("UPDATE assessment SET form = 0"))
        db.session.execute(text("UPDATE version SET province = '31'"))
        db.session.commit()
    assert run(fresh_app, "upgrade").exit_code == 0
    assert run(fresh_app, "verify").exit_code == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # which holds whatever it is given
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE assessment SET day = 'nonsense'", "cannot be read"),
        (
            "INSERT INTO search (rowid, names, topics, body) VALUES (2305843009213693952, 'kota', '', '')",
            "search words",
        ),
        ("INSERT INTO search (rowid, names, topics, body) VALUES (2305843009213693952, 'zzz', '', '')", "search words"),
    ],
)
def test_verification_of_nonsense_ends_with_what_was_found(fresh_app: Any, statement: str, told: str) -> None:
    with fresh_app.app_context():
        db.session.execute(text(statement))
        db.session.commit()
    result = run(fresh_app, "verify")
    assert told in result.output
    assert "head 112:" in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize("command", ["upgrade", "check"])
def test_where_no_register_is_one_sentence_says_how_to_make_one(
    empty_database_url: str, tmp_path: Path, command: str
) -> None:
    app = create_app(settings(empty_database_url, tmp_path / "instance"))
    result = run(app, command)
    assert result.exit_code == 1
    (said,) = result.output.splitlines()
    assert said.startswith("portal: ")
    assert said.endswith(". Run `portal init` first")
    with app.app_context():
        assert inspect(db.engine).get_table_names() == []
    let_go(app)


def test_no_answers_are_filled_in_for_a_day_that_has_not_come(fresh_app: Any) -> None:
    for day in (today() + timedelta(days=1)).isoformat(), "9999-12-31":
        result = run(fresh_app, "assess", "--day", day)
        assert result.exit_code == 2
        assert f"{day} has not come yet" in result.output
    assert run(fresh_app, "verify").exit_code == 0
    assert run(fresh_app, "assess", "--day", today().isoformat()).exit_code == 0
