"""What does it cost that happens once in a while? A start, an export of everything, a publication, the night's work."""

from __future__ import annotations

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.load.measuring import NoAnswer, Peak, Server, anonymous, last_line, memory

ROOT = Path(__file__).resolve().parent.parent.parent
PORTAL = [sys.executable, "-c", "from portal.cli import main; main()"]
PUBLICATIONS = 5
VISIBLE_WITHIN = 60.0  # seconds
NEWEST = "/kerja-sama?urut=baru"

COLD, CSV, FIRST_BYTE, CSV_MEMORY = "cold start to the first 200", "CSV of everything", "its first byte", "its memory"
VISIBLE, PUBLISHING = "one publication visible everywhere", "one publication, the call"
TWO, ONE = "private memory, two workers and their master", "private memory, one `portal serve`"
UPKEEP = ("rebuild", "assess", "verify")


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured: what, of which server, how much, in which unit; ``aside`` says more."""

    what: str
    server: str
    value: float
    unit: str
    aside: str = ""


def cold(name: str, start: Callable[[], AbstractContextManager[Server]], starts: int) -> Figure:
    """From the start of the process to the first page, with the index file as an earlier start left it."""
    times = []
    for _ in range(starts):
        begun = time.perf_counter()
        with start() as server:
            while server.get("/").status != 200:
                time.sleep(0.01)
            times.append(time.perf_counter() - begun)
    return Figure(COLD, name, statistics.median(times), "s", f"{starts} starts")


def export(name: str, server: Server) -> Iterator[Figure]:
    """Everything as CSV: rows a second, the first byte, what the server's memory grows by."""
    lines, size, first = 0, 0, 0.0
    begun = time.perf_counter()
    with Peak(server.pid) as peak:
        for piece in server.stream("/kerja-sama.csv"):
            first = first or time.perf_counter() - begun
            lines, size = lines + piece.count(b"\n"), size + len(piece)
    took = time.perf_counter() - begun
    yield Figure(CSV, name, (lines - 1) / took, "rows/s", f"{lines - 1} rows, {size / 1e6:.0f} MB in {took:.1f} s")
    yield Figure(FIRST_BYTE, name, first, "s")
    yield Figure(CSV_MEMORY, name, peak.grown, "MB more")


def visible(name: str, servers: Sequence[Server], settings: Mapping[str, str], subjects: Sequence[str]) -> list[Figure]:
    """From the commit of a publication in a third process (this one) until list and record show it in all servers."""
    from portal import create_app
    from portal.extensions import db

    app = create_app({**settings, "STATEMENT_SECONDS": 0})
    delays, calls = [], []
    with app.app_context():
        committed: list[float] = []
        event.listen(db.engine, "commit", lambda _connection: committed.append(time.perf_counter()))
        for place, subject in enumerate(subjects):
            word = f"Contoh Terbit {time.time_ns() % 10**9}{place}"
            document = _changed(subject, word)
            with _Watch(servers, document, word) as watch:
                begun = time.perf_counter()
                _publish(document)
                calls.append((time.perf_counter() - begun) * 1000)
            delays.append((max(watch.seen) - min(at for at in committed if at >= begun)) * 1000)
        db.session.remove()
        db.engine.dispose()
    aside = f"{len(delays)} publications, the slowest {max(delays):.0f} ms"
    return [
        Figure(VISIBLE, name, statistics.median(delays), "ms", aside),
        Figure(PUBLISHING, name, statistics.median(calls), "ms"),
    ]


def _changed(subject: str, word: str) -> dict[str, Any]:
    """The newest document of a record, its partner called otherwise."""
    import json

    from sqlalchemy import select

    from portal.extensions import db, reading
    from portal.models import Revision

    newest = select(Revision.document).where(Revision.subject == subject).order_by(Revision.number.desc()).limit(1)
    with reading():
        document: dict[str, Any] = json.loads(db.session.execute(newest).scalar_one())
        db.session.remove()
    document["foreign_parties"][0]["short"] = {"id": word, "en": word}
    return document


def _publish(document: dict[str, Any]) -> None:
    from portal import editorial
    from portal.extensions import db
    from portal.ledger import Author

    editorial.publish("cooperation", document, Author("initial_import"))
    db.session.remove()


class _Watch:
    """Asks every server, one after the other address, until it shows a word; ``seen`` is when each did."""

    def __init__(self, servers: Sequence[Server], document: dict[str, Any], word: str) -> None:
        from portal import indexing

        self.word = word.encode()
        self.paths = (NEWEST, f"/kerja-sama/{document['id']}-{indexing.slug(document)}")
        self.seen: list[float] = []
        self.problems: list[NoAnswer] = []
        self.ready = threading.Barrier(len(servers) + 1)
        self.threads = [threading.Thread(target=self._ask, args=[server], daemon=True) for server in servers]

    def __enter__(self) -> _Watch:
        for thread in self.threads:
            thread.start()
        self.ready.wait(VISIBLE_WITHIN)  # all have given the old answer, and keep it if they keep any
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self.threads:
            thread.join()
        if self.problems:
            raise self.problems[0]

    def _ask(self, server: Server) -> None:
        try:
            for path in self.paths:
                server.get(path)
            self.ready.wait(VISIBLE_WITHIN)
            deadline = time.monotonic() + VISIBLE_WITHIN
            for path in self.paths:
                while self.word not in server.get(path).body:
                    if time.monotonic() > deadline:
                        raise NoAnswer(f"{path} does not show what was published within {VISIBLE_WITHIN:.0f} s")
                    time.sleep(0.005)
            self.seen.append(time.perf_counter())
        except NoAnswer as problem:
            self.problems.append(problem)


def workers(name: str, server: Server) -> Figure:
    """The memory of two workers and the process they come from: what is made by any of them, each page counted once."""
    master, *others = anonymous(server.pid)
    if len(others) != 2:
        raise NoAnswer(f"{len(others)} workers are there, not 2")
    aside = f"`portal serve --workers 2`: {master:.0f} + {' + '.join(f'{one:.0f}' for one in others)}"
    return Figure(TWO, name, master + sum(others), "MB", aside)


def single(name: str, server: Server) -> Figure:
    """The private memory of one process that serves alone."""
    found = memory(server.pid)
    return Figure(ONE, name, found.private, "MB", f"{found.shared:.0f} shared beside")


def upkeep(name: str, environment: Mapping[str, str], log: Path) -> Iterator[Figure]:
    """The commands of the night and of the day after: minutes, and the most memory of all their processes."""
    import os

    for command in UPKEEP:
        begun = time.perf_counter()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*PORTAL, command], cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output
            )
            with Peak(process.pid, 0.5) as peak:
                code = process.wait()
        took = time.perf_counter() - begun
        if code:
            raise NoAnswer(f"portal {command}: {last_line(log)}")
        yield Figure(command, name, took / 60, "min", f"{took:.1f} s, at most {peak.most:.0f} MB")
