"""Which servers are measured, and how is each started? The portal on both databases, the constant page, the peers.

Peers of other makers run in an environment of their own: the dependency group `bench` of pyproject.toml, installed by
pip as this machine has it set up.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests import postgres
from tests.load import asking, copying
from tests.load.asking import Asker, Asks
from tests.load.measuring import NoAnswer, Server, server
from tests.load.occasions import PORTAL, ROOT

PEERS = Path(__file__).resolve().parent / "peers"
GROUP = "bench"
NAIVE, DJANGO, DATASETTE = "naive ORM listing", "Django", "Datasette"
NAMES = {"naive": NAIVE, "django": DJANGO, "datasette": DATASETTE}
# Datasette's own limits would leave its facets out where they take long; all else is as it comes.
LIMITS = {"sql_time_limit_ms": 120_000, "facet_time_limit_ms": 120_000}

Start = Callable[[], AbstractContextManager[Server]]


@dataclass(frozen=True, slots=True)
class Portal:
    """The portal on one database: its settings, and the server that works for it."""

    name: str
    settings: Mapping[str, str]
    beside: tuple[int, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        """The settings as its processes get them."""
        return {f"PORTAL_{name}": value for name, value in self.settings.items()}

    def start(self, logs: Path) -> AbstractContextManager[Server]:
        """A worker."""
        return self._serving(logs / f"{self.name}.log")

    def start_workers(self, logs: Path) -> AbstractContextManager[Server]:
        """Two workers and their master, as in production."""
        return self._serving(logs / f"{self.name}-workers.log", "--workers", "2")

    def _serving(self, log: Path, *more: str) -> AbstractContextManager[Server]:
        return server([*PORTAL, "serve", *more, "--port"], self.environment, ROOT, log, self.beside)


def portal(name: str, instance: Path, address: str = "", beside: tuple[int, ...] = ()) -> Portal:
    """The portal with an instance folder, on the SQLite file there or the database of an address."""
    settings = {"INSTANCE_PATH": str(instance), "DATABASE_URL": address, "RATE_LIMIT": "", "DEMO": "no"}
    return Portal(name, settings, beside)


def constant(logs: Path) -> AbstractContextManager[Server]:
    """The page that all others are compared with."""
    return server([sys.executable, str(PEERS / "constant.py")], {}, ROOT, logs / "constant.log")


def peer(name: str, folder: Path) -> tuple[Start, Callable[[Asker], Asks]]:
    """How a peer is started, and how it is asked; its file `peers.db` lies in the folder."""
    records, log = folder / "peers.db", folder / f"{name}.log"
    if name == NAIVE:
        command = [sys.executable, str(PEERS / "naive.py"), str(records)]
        return partial(server, command, {}, PEERS, log), asking.of_page
    python = str(environment(folder))
    if name == DJANGO:
        return partial(server, [python, str(PEERS / "django_listing.py"), str(records)], {}, PEERS, log), asking.of_page
    command = [python, "-m", "datasette", "serve", str(records), "--metadata", str(PEERS / "datasette.json")]
    for limit, value in LIMITS.items():
        command += ["--setting", limit, str(value)]
    return partial(server, [*command, "--port"], {}, PEERS, log), asking.of_datasette


def environment(folder: Path) -> Path:
    """The Python of an environment that holds what the peers need; made when it is not there yet."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    wanted = groups[GROUP]
    python, noted = folder / "env" / "bin" / "python", folder / "env" / "installed"
    if not noted.is_file() or noted.read_text().splitlines() != wanted:
        venv.create(folder / "env", with_pip=True, clear=True)
        done = subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", *wanted], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NoAnswer(f"the peers cannot be installed: {done.stderr.strip()[-800:]}")
        noted.write_text("\n".join(wanted))
    return python


class Database:
    """A PostgreSQL for measuring: one that is given, or one with the settings it comes with, kept in a folder."""

    def __init__(self, wanted: str, folder: Path) -> None:
        self.own: postgres.OwnPostgres | None = None
        self.address = wanted
        if wanted == "auto":
            self.own = self._started(folder)
            with suppress(Exception):  # it is there already
                self.own.say("CREATE DATABASE portal ENCODING 'UTF8' TEMPLATE template0")
            self.address = self.own.url("portal")

    def _started(self, folder: Path) -> postgres.OwnPostgres:
        problems = ["no PostgreSQL is on this machine"]
        for programs in postgres.folders():
            try:
                return postgres.OwnPostgres(programs, folder, {"max_connections": "60"})
            except (OSError, postgres.NoPostgres) as problem:
                problems.append(str(problem))
        raise NoAnswer("; ".join(problems))

    @property
    def beside(self) -> tuple[int, ...]:
        """Its process, when it is one of ours."""
        return (self.own.server.pid,) if self.own and self.own.server else ()

    @property
    def plain(self) -> str:
        """The address as libpq reads it."""
        return self.address.replace("postgresql+psycopg", "postgresql", 1)

    def version(self) -> str:
        """Its version."""
        import psycopg

        with psycopg.connect(self.plain) as connection:
            return str(connection.info.parameter_status("server_version"))

    def fill(self, one: Portal, source: Path, driver: Any, tell: copying.Progress) -> None:
        """Copy the records of a SQLite file unless as many are there."""
        import psycopg
        from flask_migrate import upgrade

        from portal import columns, create_app
        from portal.extensions import db

        app = create_app({**one.settings, "STATEMENT_SECONDS": 0})
        with app.app_context():
            upgrade()
            db.session.remove()
            db.engine.dispose()
        with psycopg.connect(self.plain) as connection:
            row = connection.execute("SELECT count(*) FROM version WHERE current").fetchone()
        there, wanted = int(row[0]) if row else 0, copying.count(source, driver)
        if there not in {0, wanted}:
            raise NoAnswer(f"the PostgreSQL holds {there} records, the SQLite file {wanted}: give another folder")
        if not there:
            tell("PostgreSQL: copying")
            copying.into_postgres(source, self.plain, driver, tell)
        with app.app_context():
            columns.turn(db.session())
            db.session.remove()
            db.engine.dispose()

    def stop(self) -> None:
        """Stop a server of ours; its folder stays."""
        if self.own:
            self.own.stop()
