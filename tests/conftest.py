"""What do all tests have in common? The application, its databases, and what may be left out where.

A test that asks for `app` or `client` runs once on SQLite and once on PostgreSQL, over the real first records, and may
only read: a write is refused by the database itself. A test that writes asks for `fresh_app` or `fresh_client` and
gets a copy of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import pytest

from tests import postgres
from tests.databases import PostgresDatabases, SQLiteDatabases
from tests.pages import CheckedClient
from tests.people import People
from tests.people import people as make_people

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false", "no")
REQUIRED = {"browser", "postgres"} if IN_CI else set(os.environ.get("PORTAL_TEST_REQUIRE", "").split())

for name in [name for name in os.environ if name.startswith("PORTAL_") and not name.startswith("PORTAL_TEST_")]:
    del os.environ[name]  # what this machine sets for its own portal is not meant for the tests

hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "local")


def missing(what: str, reason: str) -> NoReturn:
    """Something that a test needs is not on this machine: here a reason to skip, under CI a failure."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here: {reason}", pytrace=False)
    pytest.skip(f"no {what}: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI a skipped test is a test that did not pass."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if IN_CI and reporter is not None and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line("Nothing may be skipped under CI.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folder says what a test needs, so that `-m "not browser"` needs no mark in each file."""
    for item in items:
        if (ROOT / "tests" / "browser") in item.path.parents:
            item.add_marker(pytest.mark.browser)


# -- databases ------------------------------------------------------------------------------------------------


def settings(url: str, instance: Path) -> dict[str, Any]:
    """What a test says to create_app(); everything else is the default of the portal itself."""
    return {"DATABASE_URL": url, "INSTANCE_PATH": str(instance), "RATE_LIMIT": "", "ANSWERS_MB": 0, "TESTING": True}


def build_database(url: str, instance: Path) -> None:
    """The one place that fills a database: migrations, reference data, the real first records."""
    from portal import create_app
    from portal.cli import prepare

    app = create_app(settings(url, instance))
    prepare(app)
    let_go(app)


def let_go(app: Any) -> None:
    """Close the connections an application keeps, so that its database can be copied or dropped."""
    from portal.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def only_reading(app: Any) -> None:
    """Let the database refuse what a test that shares it must not do."""
    from sqlalchemy import event

    from portal.extensions import db

    with app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
        statement = "PRAGMA query_only = ON" if sqlite else "SET default_transaction_read_only = on"

        def refuse(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            cursor.execute(statement)
            cursor.close()
            if not sqlite:
                connection.commit()

        db.session.remove()
        db.engine.dispose()
        event.listen(db.engine, "connect", refuse)


class Databases:
    """The engines, each prepared when the first test asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prepared: dict[str, SQLiteDatabases | PostgresDatabases] = {}
        self.server: postgres.Postgres | None = None
        self.problem = ""

    def on(self, engine: str) -> SQLiteDatabases | PostgresDatabases:
        if engine == "postgresql" and self.server is None:
            self.start_server()
        if engine not in self.prepared:
            instance = self.folder / f"instance-{engine}"

            def build(url: str) -> None:
                build_database(url, instance)

            if engine == "sqlite":
                self.prepared[engine] = SQLiteDatabases(self.folder, build)
            else:
                assert self.server is not None
                self.prepared[engine] = PostgresDatabases(self.server, build)
        return self.prepared[engine]

    def start_server(self) -> None:
        if not self.problem:
            try:
                self.server = postgres.start()
            except postgres.NoPostgres as problem:
                self.problem = str(problem)
        if self.server is None:
            missing("postgres", self.problem)

    def close(self) -> None:
        postgresql = self.prepared.get("postgresql")
        try:
            if isinstance(postgresql, PostgresDatabases):
                postgresql.close()
        finally:
            if self.server is not None:
                self.server.stop()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Every engine, prepared on demand."""
    kept = Databases(tmp_path_factory.mktemp("databases"))
    yield kept
    kept.close()


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> str:
    """The database engine this round runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def database_url(databases: Databases, engine: str) -> str:
    """A filled database that all reading tests of one engine share."""
    return databases.on(engine).copy()


@pytest.fixture
def fresh_database_url(databases: Databases, engine: str) -> Iterator[str]:
    """A filled database for one test alone."""
    kept = databases.on(engine)
    url = kept.copy()
    yield url
    kept.drop(url)


@pytest.fixture
def empty_database_url(databases: Databases, engine: str, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it, not even tables: for migrations and first starts."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    if databases.server is None:
        databases.start_server()
    assert databases.server is not None
    name = databases.server.create()
    yield databases.server.url(name)
    databases.server.drop(name)


# -- the application ------------------------------------------------------------------------------------------


@contextmanager
def application(url: str, instance: Path, **more: Any) -> Iterator[Any]:
    """An application over a prepared database, whose client checks every page it gets."""
    from portal import create_app

    app = create_app({**settings(url, instance), **more})
    app.test_client_class = CheckedClient
    yield app
    let_go(app)


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The portal over the real records, for reading."""
    with application(database_url, tmp_path_factory.mktemp("instance")) as shared:
        shared.extensions["test_people"] = make_people(shared, begun=True)
        only_reading(shared)
        yield shared


@pytest.fixture
def client(app: Any) -> Iterator[CheckedClient]:
    """A visitor. Every page is checked by `tests.pages` as it arrives; what the test itself asks only reads, too."""
    from portal.extensions import reading

    with reading():
        yield app.test_client()


@pytest.fixture
def fresh_app(fresh_database_url: str, tmp_path: Path) -> Iterator[Any]:
    """The portal over a copy that this test may write to."""
    with application(fresh_database_url, tmp_path / "instance") as own:
        yield own


@pytest.fixture
def fresh_client(fresh_app: Any) -> CheckedClient:
    """A visitor of `fresh_app`."""
    return fresh_app.test_client()  # type: ignore[no-any-return]


@pytest.fixture
def people(app: Any) -> People:
    """Those who work at the desk of the shared portal; it can be looked at, not written to."""
    return app.extensions["test_people"]  # type: ignore[no-any-return]


@pytest.fixture
def fresh_people(fresh_app: Any) -> People:
    """Those who work at the desk of `fresh_app`."""
    return make_people(fresh_app)


@pytest.fixture
def app_context(app: Any) -> Iterator[Any]:
    """An application context over the shared records, for tests of `work/` that only read."""
    from portal.extensions import reading

    with reading(), app.app_context() as pushed:
        yield pushed


@pytest.fixture
def fresh_app_context(fresh_app: Any) -> Iterator[Any]:
    """An application context over a copy that this test may write to."""
    with fresh_app.app_context() as pushed:
        yield pushed


@pytest.fixture
def published(app_context: Any) -> Callable[[str], Mapping[str, Any]]:
    """The newest published document of a record (``KS-0001``) or region (``33.11``)."""
    from portal import publications

    def newest(subject: str) -> Mapping[str, Any]:
        found = publications.newest(subject)
        if found is None:
            raise LookupError(f"nothing is published about {subject}")
        return found.document

    return newest
