"""What does a page cost, at ten thousand records and at a million? The portal beside others, on one machine.

    python tests/load/bench.py                                    # 10 000 records, everything; 10 minutes
    python tests/load/bench.py --quick                            # 1 000 records, few rounds; a minute
    python tests/load/bench.py --records 1000000 --folder FOLDER  # the folder is kept, and used again if it is there
    python tests/load/bench.py --folder FOLDER --parts pages alone --peers none --postgres none --rounds 50

Measured are the portal on SQLite and PostgreSQL, a constant page of 20 KB on the same kind of server, and the same
records in a naive ORM listing, in Django with django-filter, and in Datasette. Every server is a process of its own;
their requests come one after the other, in an order drawn anew for each round, so that whatever else the machine does
falls on all alike. Times are those of whole answers, CPU is that of the server's processes, its PostgreSQL included.

What is measured: pages (all servers, interleaved), alone (the portal by itself: the p95 of nothing else running),
occasions (start, export, publication, two workers), upkeep (rebuild, assess, verify).
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.load import asking, copying, occasions, serving, tabling  # noqa: E402
from tests.load.asking import CONSTANT, REMEMBERED, UNCHANGED, Asker, Asks, Field  # noqa: E402
from tests.load.generate import FIRST_NUMBER, Maker  # noqa: E402
from tests.load.measuring import Answer, NoAnswer, Server, last_line, memory  # noqa: E402
from tests.load.serving import Database, Portal  # noqa: E402
from tests.load.tabling import Report  # noqa: E402

PARTS = ("pages", "alone", "occasions", "upkeep")
SQLITE, POSTGRESQL = "portal, SQLite", "portal, PostgreSQL"
CONSTANTS = 3  # constant pages a round
LEAST = 3  # answers of each kind, however long a peer takes
WARM = 3  # rounds that do not count
# What is published once more; no record page of these is asked for, since it changes its address.
SUBJECTS = [f"KS-{FIRST_NUMBER + place}" for place in range(occasions.PUBLICATIONS)]
PAGE = "/kerja-sama"  # whose 304 and whose kept answer are measured


def arguments() -> argparse.ArgumentParser:
    """What can be asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=0, help="made records beside the first ones; default 10 000")
    parser.add_argument("--folder", default="", help="instance folder to keep and use again; FOLDER-bench lies beside")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--postgres", default="auto", help="auto: a server of its own; none; or an address")
    parser.add_argument("--peers", nargs="+", choices=[*serving.NAMES, "none"], default=list(serving.NAMES))
    parser.add_argument("--rounds", type=int, default=0, help="requests of each kind to the portal; default 150")
    parser.add_argument("--peer-rounds", type=int, default=0, help="the same for each peer; default 30")
    parser.add_argument("--peer-seconds", type=float, default=240, help="after which a peer is asked no more")
    parser.add_argument("--starts", type=int, default=3, help="cold starts")
    parser.add_argument("--encoding", default="identity", help="Accept-Encoding of the requests")
    parser.add_argument("--seed", type=int, default=3, help="of the questions")
    parser.add_argument("--quick", action="store_true", help="1 000 records, 20 rounds, 4 of the peers, no upkeep")
    parser.add_argument("--markdown", type=Path, help="file for the tables")
    parser.add_argument("--json", type=Path, help="file for all numbers")
    return parser


def options(given: list[str] | None = None) -> argparse.Namespace:
    """What is asked for, with what is not said filled in."""
    asked = arguments().parse_args(given)
    quick = asked.quick
    asked.records = asked.records or (1000 if quick else 10_000)
    asked.rounds = asked.rounds or (20 if quick else 150)
    asked.peer_rounds = min(asked.rounds, asked.peer_rounds or (4 if quick else 30))
    asked.peers = [serving.NAMES[name] for name in asked.peers if name != "none"]
    if quick and asked.parts is PARTS:
        asked.parts = PARTS[:-1]
    return asked


def main(given: list[str] | None = None) -> int:
    """Prepare, measure, tell; 1 where anything went wrong."""
    asked = options(given)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every server is ended
    with ExitStack() as stack:
        if asked.folder:
            instance = Path(asked.folder).resolve()
        else:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            scratch.chmod(0o755)  # PostgreSQL runs as another account
            instance = scratch / "instance"
        beside = instance.with_name(f"{instance.name}-bench")
        beside.mkdir(parents=True, exist_ok=True)
        try:
            report = Run(asked, instance, beside, stack).all()
        except NoAnswer as problem:
            say(f"bench: {problem}")
            return 1
    text = report.markdown()
    say(text)
    if asked.markdown:
        asked.markdown.write_text(text)
    if asked.json:
        asked.json.write_text(json.dumps(report.json(), indent=1, ensure_ascii=False))
    return 1 if report.told else 0


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def prepare(settings: Mapping[str, str], wanted: int) -> None:
    """Fill the SQLite file unless it is filled."""
    from sqlalchemy import func, select

    from portal import columns, create_app, editorial
    from portal.cli import prepare as first
    from portal.extensions import db
    from portal.ledger import Author
    from portal.models import Version

    app = create_app({**settings, "STATEMENT_SECONDS": 0})
    first(app)
    with app.app_context():
        made = select(func.count()).where(Version.current, Version.record_number >= FIRST_NUMBER)
        there = db.session.execute(made).scalar_one()
        db.session.rollback()
        if there == 0:
            started = time.perf_counter()
            told = _Progress(wanted)
            editorial.publish_all("cooperation", Maker().documents(wanted), Author("initial_import"), progress=told)
            took = time.perf_counter() - started
            say(f"{wanted} records made in {took:.0f} s, {wanted / took:.0f} a second")
        elif there != wanted:
            say(f"the folder holds {there} made records; they are measured")
        columns.turn(db.session())
        db.session.remove()
        db.engine.dispose()


class _Progress:
    """Says now and then how far it is."""

    def __init__(self, whole: int) -> None:
        self.whole, self.tenth = whole, 0

    def __call__(self, done: int) -> None:
        if done * 10 // self.whole > self.tenth:
            self.tenth = done * 10 // self.whole
            say(f"  {done} records")


@dataclass(slots=True)
class Asked:
    """A server with its questions; a peer is asked in fewer rounds, and no more once it took too long."""

    server: Server
    asks: Asks
    times: int
    most_seconds: float = float("inf")
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    spent: float = 0.0

    def is_due(self, place: int, rounds: int) -> bool:
        """Is it asked in this round?"""
        enough = self.spent > self.most_seconds and all(len(found) >= LEAST for found in self.answers.values())
        return not enough and place * self.times // rounds != (place + 1) * self.times // rounds


@dataclass(slots=True)
class Run:
    """One run: what is asked for, where the files lie, what is started, what is found."""

    asked: argparse.Namespace
    instance: Path
    beside: Path
    stack: ExitStack
    report: Report = field(init=False)
    ground: Field = field(init=False)
    portals: dict[str, Portal] = field(default_factory=dict)

    def all(self) -> Report:
        """Every part that is asked for, one after the other."""
        self.prepare()
        parts: dict[str, Callable[[], None]] = {
            "pages": self.pages, "alone": self.alone, "occasions": self.occasions, "upkeep": self.upkeep
        }  # fmt: skip
        for name, part in parts.items():
            if name in self.asked.parts:
                started = time.perf_counter()
                with self.telling(name):
                    part()
                say(f"{name}: {time.perf_counter() - started:.0f} s")
        return self.report

    @contextmanager
    def telling(self, what: str) -> Iterator[None]:
        """What goes wrong is told, and the rest goes on."""
        try:
            yield
        except NoAnswer as problem:
            self.tell(what, str(problem))
        except Exception as problem:  # what was measured before is worth more than a clean end
            self.tell(what, repr(problem))

    def tell(self, what: str, problem: str) -> None:
        """Note what went wrong; the first problem of its kind says enough."""
        if not any(line.startswith(f"{what}: ") for line in self.report.told):
            self.report.told.append(f"{what}: {problem}")
            say(self.report.told[-1])

    def prepare(self) -> None:
        """The databases, and what there is to ask for."""
        from portal.extensions import sqlite_driver

        driver, source = sqlite_driver(), self.instance / "portal.sqlite"
        self.portals[SQLITE] = serving.portal(SQLITE, self.instance)
        prepare(self.portals[SQLITE].settings, self.asked.records)
        if self.asked.peers and not (self.beside / "peers.db").is_file():
            say("peers: copying the records")
            copying.flat(source, self.beside / "peers.db", driver)
        total, version = copying.count(source, driver), ""
        if self.asked.postgres != "none":
            database = Database(self.asked.postgres, self.beside / "postgres")
            self.stack.callback(database.stop)
            folder = self.beside / "instance-postgres"
            self.portals[POSTGRESQL] = serving.portal(POSTGRESQL, folder, database.address, database.beside)
            database.fill(self.portals[POSTGRESQL], source, driver, say)
            version = database.version()
        numbers = range(FIRST_NUMBER + occasions.PUBLICATIONS, FIRST_NUMBER + total)
        some = random.Random(self.asked.seed).sample(numbers, min(len(numbers), self.asked.rounds * 6 + 20))
        self.ground = asking.field(list(copying.sample(source, driver, some)), total)
        self.report = Report(total, list(self.portals), tabling.machine(version), tabling.today())

    def pages(self) -> None:
        """Everything interleaved; then the memory of all."""
        with ExitStack() as up:
            constant = up.enter_context(serving.constant(self.beside))
            servers = {CONSTANT: Asked(constant, {CONSTANT: lambda: ("/", {})}, self.asked.rounds)}
            servers |= self.started(up, 0)
            for place, name in enumerate(self.asked.peers, start=1):
                with self.telling(name):
                    start, asks = serving.peer(name, self.beside)
                    asker = Asker(self.ground, self.asked.seed + 10 * place)
                    peer = Asked(
                        up.enter_context(start()), asks(asker), self.asked.peer_rounds, self.asked.peer_seconds
                    )
                    servers[name] = peer
            self.report.together = self.measured(servers)
            self.report.memory = {name: memory(one.server.pid) for name, one in servers.items()}

    def alone(self) -> None:
        """Each portal with nothing else running."""
        for name in self.portals:
            with ExitStack() as up:
                self.report.alone |= self.measured(self.started(up, 1, name))

    def started(self, up: ExitStack, turn: int, *names: str) -> dict[str, Asked]:
        """Portals that run, with questions that no other turn asks."""
        found = {}
        for place, name in enumerate(names or self.portals):
            running = up.enter_context(self.portals[name].start(self.beside))
            asks = {**asking.of_portal(Asker(self.ground, self.asked.seed + 100 * (turn + 1) + place))}
            found[name] = Asked(running, asks | self.again(name, running), self.asked.rounds)
        return found

    def again(self, name: str, running: Server) -> Asks:
        """Questions about an answer that was given before: is it still the same, and what is it?"""
        language = {"Accept-Encoding": self.asked.encoding}
        tag = running.get(PAGE, language).headers.get("etag")
        if not tag:
            self.tell(name, f"{PAGE} has no ETag, so that there is no 304 to measure")
            return {}
        return {UNCHANGED: lambda: (PAGE, {"If-None-Match": tag}), REMEMBERED: lambda: (PAGE, {})}

    def measured(self, servers: Mapping[str, Asked]) -> dict[str, dict[str, tabling.Line]]:
        """All rounds, and what they come to."""
        rand, rounds = random.Random(self.asked.seed), self.asked.rounds
        for place in range(-WARM, rounds):
            due = [
                (name, kind)
                for name, one in servers.items()
                for kind in one.asks
                if (place == -1 if one.times < rounds and place < 0 else place < 0 or one.is_due(place, rounds))
            ]
            due += [(CONSTANT, CONSTANT)] * (CONSTANTS - 1) if CONSTANT in servers else []
            rand.shuffle(due)
            for name, kind in due:
                self.ask(name, servers[name], kind, counts=place >= 0)
        return {
            name: {kind: tabling.line(one.answers[kind]) for kind in one.asks if one.answers.get(kind)}
            for name, one in servers.items()
        }

    def ask(self, name: str, one: Asked, kind: str, counts: bool) -> None:
        """One request; an answer that is none is told and does not count."""
        path, headers = one.asks[kind]()
        wanted = 304 if kind == UNCHANGED else 200
        with self.telling(f"{name}, {kind}"):
            answer = one.server.get(path, {**headers, "Accept-Encoding": self.asked.encoding})
            if answer.status != wanted:
                said = f", {last_line(one.server.log)}" if answer.status >= 500 else ""
                raise NoAnswer(f"{path}: {answer.status}{said}")
            if counts:
                one.answers.setdefault(kind, []).append(answer)
                one.spent += answer.took / 1000

    def occasions(self) -> None:
        """What happens once in a while, on each database."""
        for name, one in self.portals.items():
            with self.telling(name):
                self.report.figures.append(occasions.cold(name, partial(one.start, self.beside), self.asked.starts))
                with one.start_workers(self.beside) as crew:
                    self.load(crew, times=2)
                    self.report.figures.append(occasions.workers(name, crew))
                with one.start(self.beside) as first, one.start(self.beside) as second:
                    self.load(first)
                    self.report.figures.append(occasions.single(name, first))
                    self.report.figures += occasions.export(name, first)
                    self.report.figures += occasions.visible(name, [first, second], one.settings, SUBJECTS)

    def load(self, running: Server, times: int = 1) -> None:
        """Some of every kind of page, each on a connection of its own, so that all workers get their share."""
        asks = asking.of_portal(Asker(self.ground, self.asked.seed + 1000))
        for _ in range(min(self.asked.rounds, 50) * times):
            for ask in asks.values():
                running.get(*ask())
                running.connection.close()

    def upkeep(self) -> None:
        """The commands, on each database, while nothing serves it."""
        for name, one in self.portals.items():
            with self.telling(name):
                log: Any = self.beside / "upkeep.log"
                self.report.figures += occasions.upkeep(name, one.environment, log)


if __name__ == "__main__":
    sys.exit(main())
