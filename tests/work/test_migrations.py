"""Do migrations make the tables the code expects, and run up and down?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from portal import create_app
from portal.cli import prepare
from portal.extensions import db
from tests.conftest import let_go, settings


def _tables() -> set[str]:
    return {name for name in inspect(db.engine).get_table_names() if not name.startswith("search_")}


def _differences() -> list[Any]:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": lambda _o, name, kind, *_: not _by_hand(name, kind)}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata))


def _by_hand(name: str | None, kind: str) -> bool:
    return kind == "table" and name is not None and name.startswith("search")


def test_the_migrations_make_what_the_models_say(empty_database_url: str, tmp_path: Path) -> None:
    app = create_app(settings(empty_database_url, tmp_path))
    with app.app_context():
        upgrade()
        assert _differences() == []
    let_go(app)


def test_a_filled_database_goes_down_and_up_again(fresh_app: Any) -> None:
    with fresh_app.app_context():
        downgrade(revision="base")
        assert _tables() <= {"alembic_version"}
    prepare(fresh_app)
    with fresh_app.app_context():
        assert {"revision", "version", "region_note"} <= _tables()


def test_a_database_of_the_first_version_keeps_what_was_published(fresh_app: Any) -> None:
    from portal import auditing, linking

    with fresh_app.app_context():
        head = linking.head(db.session())
        db.session.remove()
        downgrade(revision="0001")
        assert "proposal" not in _tables()
        upgrade()
        assert linking.head(db.session()) == head
    prepare(fresh_app)  # writes the index anew
    with fresh_app.app_context():
        assert list(auditing.problems(db.session())) == []
        db.session.remove()
        assert _differences() == []


def test_preparing_twice_changes_nothing(fresh_app: Any) -> None:
    from portal import ledger

    with fresh_app.app_context():
        before = ledger.publication_number(db.session())
    prepare(fresh_app)
    with fresh_app.app_context():
        assert ledger.publication_number(db.session()) == before
