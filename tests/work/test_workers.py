"""Do several workers serve as one? gunicorn with the settings of `portal.workers`, over real HTTP."""

from __future__ import annotations

import gc
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from portal import assembly, config, create_app, editorial, workers
from portal.cli import main
from portal.crew import cores
from portal.extensions import db
from portal.ledger import Author
from portal.models import Revision
from tests.conftest import ROOT, application
from tests.load.measuring import family, free_port

WITHIN = 60  # seconds
RECORD = "/kerja-sama/KS-0005.json"
MARK = "Terbit di Proses Lain"

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="who is whose child is read from /proc")


@dataclass(frozen=True, slots=True)
class Site:
    """A master, its port, and what it says."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def workers(self) -> list[int]:
        return family(self.process.pid)[1:]

    def ask(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """An answer, on a connection of its own, with its text as ``text``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WITHIN)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"Connection": "close", **named})
            answer = connection.getresponse()
            answer.text = answer.read().decode()  # type: ignore[attr-defined]
        finally:
            connection.close()
        return answer

    def ask_each(self, path: str) -> list[str]:
        """What each worker answers, while the other one stands still."""
        found = []
        for one in self.workers:
            with standing_still(set(self.workers) - {one}):
                answer = self.ask(path)
            assert answer.status == 200
            found.append(answer.text)  # type: ignore[attr-defined]
        return found

    def wait_for(self, what: Any) -> None:
        until = time.monotonic() + WITHIN
        while not what():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        with suppress(OSError):
            return self.ask("/robots.txt").status == 200
        return False


@contextmanager
def standing_still(pids: set[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture
def site(fresh_app: Any, fresh_database_url: str, tmp_path: Path) -> Iterator[Site]:
    """Two workers over the database and the folder of `fresh_app`."""
    port, log = free_port(), tmp_path / "log"
    folder = {"PORTAL_DATABASE_URL": fresh_database_url, "PORTAL_INSTANCE_PATH": fresh_app.instance_path}
    command = [sys.executable, "-c", "from portal.cli import main; main()", "serve", "--workers", "2", "--port"]
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*command, str(port)], cwd=ROOT, env={**os.environ, **folder}, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        )  # fmt: skip
    running = Site(process, port, log)
    try:
        running.wait_for(running.answers)
        running.wait_for(lambda: len(running.workers) == 2)
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def publish(app: Any) -> None:
    """Another process, this one, publishes a record with a mark in it."""
    with app.app_context():
        newest = select(Revision.document).where(Revision.subject == "KS-0005").order_by(Revision.number.desc())
        document: dict[str, Any] = json.loads(db.session.execute(newest.limit(1)).scalar_one())
        document["foreign_parties"][0]["short"] = {"id": MARK, "en": MARK}
        db.session.rollback()
        editorial.publish("cooperation", document, Author("initial_import"))
        db.session.remove()


@needs_proc
def test_what_another_process_publishes_is_seen_by_every_worker(site: Site, fresh_app: Any) -> None:
    assert [MARK in text for text in site.ask_each(RECORD)] == [False, False]
    publish(fresh_app)
    assert [MARK in text for text in site.ask_each(RECORD)] == [True, True]
    assert [MARK in text for text in site.ask_each("/kerja-sama?urut=baru")] == [True, True]


@needs_proc
def test_a_killed_worker_is_replaced_and_the_end_is_clean(site: Site) -> None:
    before = site.workers
    os.kill(before[0], signal.SIGKILL)
    assert site.ask("/kerja-sama").status == 200
    site.wait_for(lambda: len(site.workers) == 2 and before[0] not in site.workers)
    assert len(site.ask_each("/kerja-sama")) == 2
    everybody = family(site.process.pid)
    site.process.terminate()
    assert site.process.wait(WITHIN) == 0
    assert [pid for pid in everybody if Path(f"/proc/{pid}").exists()] == []
    assert "Traceback" not in site.log.read_text()


@needs_proc
def test_the_first_process_holds_no_connection_and_the_site_tells_nothing_of_itself(site: Site) -> None:
    folder = Path(f"/proc/{site.process.pid}/fd")
    held = [str(one.readlink()) for one in folder.iterdir()]
    assert [name for name in held if "sqlite" in name] == []
    assert len([name for name in held if name.startswith("socket:")]) == 1, "it listens, and that is all"
    answer = site.ask("/", X_Forwarded_Proto="https", X_Forwarded_Host="elsewhere.example")
    assert answer.status == 200
    assert answer.headers["Server"] is None
    assert answer.headers["Strict-Transport-Security"] is None, "nobody counts as a proxy before it is named"
    assert site.ask("/kerja-sama?q=" + "x" * 9000).status in {400, 414}
    assert "127.0.0.1 -" not in site.log.read_text(), "no address of a reader is written down"


@pytest.mark.parametrize(
    ("environment", "number"),
    [
        ({"PORTAL_WORKERS": "3", "WEB_CONCURRENCY": "5"}, 3),
        ({"PORTAL_WORKERS": "0", "WEB_CONCURRENCY": "5"}, 5),
        ({"WEB_CONCURRENCY": ""}, cores()),
        ({}, cores()),
    ],
)
def test_how_many_workers_there_are(environment: dict[str, str], number: int) -> None:
    assert workers.number_of_workers(environment) == number


def test_gunicorn_knows_every_setting() -> None:
    """It would pass over a name it does not know."""
    from gunicorn.config import Config

    plain = (str, int, bool, dict, type(None))
    ours = {name for name, value in vars(workers).items() if name.islower() and isinstance(value, plain)}
    ours = {name for name in ours if not name.startswith("_")} | {"on_starting", "post_worker_init"}
    assert ours - set(Config().settings) == set()
    assert {"preload_app", "control_socket_disable", "wsgi_app", "workers", "accesslog"} <= ours


def test_pages_asked_for_at_the_start_are_there_and_cost_nobody_a_search(database_url: str, tmp_path: Path) -> None:
    with application(database_url, tmp_path, RATE_LIMIT="1 per minute") as app:
        client = app.test_client()
        for path in workers.WARMING * 2:
            assert client.get(path).status_code == 200, path
        app.test_client_class = None  # what arrives is compressed, which ours cannot look into
        workers.warm(app)
        assert client.get("/kerja-sama.csv").status_code == 200


def test_a_server_loads_nothing_that_only_commands_need(tmp_path: Path) -> None:
    """Nothing for the tables' upgrades, and nothing for files, which are looked into by processes of their own."""
    code = "import sys, portal.cli, portal.workers; portal.create_app(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PORTAL_INSTANCE_PATH": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "portal.assembly" in done.stdout.split()
    assert {"alembic", "flask_migrate", "mako", "PIL", "pikepdf", "qrcode"}.isdisjoint(done.stdout.split())


def test_letters_are_sent_by_the_workers_where_there_is_a_mail_server(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Worker:
        class app:  # noqa: N801 - as gunicorn calls it
            wsgi = staticmethod(lambda: app)

    asked: list[Any] = []
    monkeypatch.setattr(workers.mailing, "keep_delivering", asked.append)
    workers.post_worker_init(Worker)
    assert asked == []
    monkeypatch.setitem(app.config, "MAIL_SERVER", "mail.example")
    workers.post_worker_init(Worker)
    assert asked == [app]


def test_without_gunicorn_one_sentence_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "find_spec", lambda _name: None)
    done = CliRunner().invoke(main, ["serve", "--workers", "2"])
    assert done.exit_code == 1
    assert f"{sys.executable} -m pip install 'gunicorn" in done.output, "of the Python that runs the portal"
    assert "Traceback" not in done.output


def test_an_environment_without_pip_is_told_of_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "find_spec", lambda _name: None)
    assert config.installing("a>=1") == f"uv pip install --python {sys.executable} 'a>=1'"


def test_what_is_told_to_be_installed_is_what_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = project["project"]["optional-dependencies"]["prod"]
    assert named == [workers.GUNICORN, assembly.REDIS]
    assert any(one.startswith(f"{workers.GUNICORN};") for one in project["dependency-groups"]["test"])
    assert all(f'"{one}"' in (ROOT / "README.md").read_text() for one in named)


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """What the command was about to become, without becoming it; in a folder of its own."""
    found: list[Any] = []
    monkeypatch.setattr(workers.os, "execve", lambda *given: found.append(given))
    monkeypatch.setenv("PORTAL_INSTANCE_PATH", str(tmp_path))
    return found


@pytest.mark.parametrize(("host", "bind"), [("127.0.0.1", "127.0.0.1:5000"), ("::1", "[::1]:5000")])
def test_the_command_becomes_gunicorn(
    became: list[Any], monkeypatch: pytest.MonkeyPatch, database_url: str, host: str, bind: str
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", database_url)
    monkeypatch.setenv("WEB_CONCURRENCY", "")
    done = CliRunner().invoke(main, ["serve", "--workers", "3", "--host", host])
    assert done.exit_code == 0, done.output
    ((_, command, environment),) = became
    assert command[-2:] == ["--bind", bind]
    assert environment["PORTAL_WORKERS"] == "3"
    assert "WEB_CONCURRENCY" not in environment, "which gunicorn could not read"


@pytest.mark.parametrize("more", [[], ["--workers", "2"]])
def test_an_empty_database_stops_the_start_with_one_sentence(
    became: list[Any], monkeypatch: pytest.MonkeyPatch, empty_database_url: str, more: list[str]
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", empty_database_url)
    done = CliRunner().invoke(main, ["serve", *more])
    assert (done.exit_code, became) == (1, [])
    assert len(done.output.splitlines()) == 1
    assert done.output.endswith("Run `portal init` first\n")


def test_the_first_process_tells_of_a_database_without_its_statement(empty_database_url: str, tmp_path: Path) -> None:
    class Log:
        warning = staticmethod(lambda text, *given: told.append(text % given))

    class Server:
        log = Log

        class app:  # noqa: N801 - as gunicorn calls it
            wsgi = staticmethod(lambda: made)

    told: list[str] = []
    made = create_app({"DATABASE_URL": empty_database_url, "INSTANCE_PATH": str(tmp_path)})
    workers.on_starting(Server)
    gc.unfreeze()
    assert len(told) == 1
    assert "SELECT" not in told[0]
    assert told[0].endswith("Run `portal init` first")


@pytest.mark.parametrize("value", ["abc", "-1", "1.5", "9999"])
def test_a_number_of_workers_that_cannot_be_read_is_told_in_one_sentence(value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from portal.cli import main; main()", "serve", "--workers", "0"],
        cwd=ROOT, env={**os.environ, "WEB_CONCURRENCY": value}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == f"portal: WEB_CONCURRENCY cannot be read (between 0 and 999): {value!r}\n"


@pytest.mark.parametrize(
    ("storage", "told"),
    [
        ("redis://:s3cret@127.0.0.1:1/0", f"it needs a package: {config.installing(assembly.REDIS)}"),
        ("elsewhere://:s3cret@127.0.0.1", "unknown storage scheme"),
    ],
)
def test_limits_that_cannot_be_counted_are_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, storage: str, told: str
) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)  # as where it is not installed
    with pytest.raises(config.BadSetting, match=re.escape(told)) as problem:
        create_app({"RATE_STORAGE": storage, "INSTANCE_PATH": str(tmp_path)})
    assert str(problem.value).startswith("PORTAL_RATE_STORAGE cannot be used: ")
    assert "s3cret" not in str(problem.value)
