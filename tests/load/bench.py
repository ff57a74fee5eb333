"""What does a page cost? Measures the real server over many records, beside a page that costs nothing.

    python tests/load/bench.py --records 10000
    python tests/load/bench.py --records 10000 --database postgresql://… --encoding br

The same waitress serves the portal and, in a second process, a constant page of 20 KB. Requests to both are
interleaved, so that whatever else the machine does falls on all alike. Time is that of the whole answer; CPU is what
the server's threads ran (Linux: /proc/<pid>/task/*/schedstat, to the nanosecond). No filter is asked for twice.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

FRAGMENT = {"HX-Request": "true"}
CONSTANT = "constant page, 20 KB"
Ask = tuple[str, dict[str, str]]


def main() -> None:
    """Prepare the database, start both servers, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--records", type=int, default=10_000, help="made records beside the first ones")
    parser.add_argument("--rounds", type=int, default=150, help="requests of each kind")
    parser.add_argument("--database", default="", help="SQLAlchemy address; default: a new SQLite file")
    parser.add_argument("--folder", default="", help="instance folder to keep and use again")
    parser.add_argument("--encoding", default="identity", help="Accept-Encoding of the requests")
    parser.add_argument("--constant", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.constant:
        serve_constant(options.constant)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or scratch
        settings = {"INSTANCE_PATH": folder, "DATABASE_URL": options.database}
        slugs = prepare(settings, options.records)
        environment = {f"PORTAL_{name}": value for name, value in {**settings, "RATE_LIMIT": ""}.items() if value}
        environment["PORTAL_RATE_LIMIT"] = ""
        own = ["-c", "from portal.cli import main; main()", "serve", "--port"]
        with server(own, environment) as portal, server([__file__, "--constant"], {}) as constant:
            report(measure(portal, constant, slugs, options.rounds, options.encoding))


def prepare(settings: dict[str, str], count: int) -> list[str]:
    """Fill the database unless it is filled; the addresses of its records."""
    from sqlalchemy import func, select

    from portal import create_app, editorial, listing
    from portal.cli import prepare as first
    from portal.criteria import Criteria
    from portal.extensions import db, reading
    from portal.ledger import Author
    from portal.models import Revision
    from tests.load.generate import Maker

    app = create_app({**settings, "STATEMENT_SECONDS": 0})
    first(app)
    with app.app_context():
        there = db.session.execute(select(func.count()).where(Revision.subject >= "KS-10001")).scalar_one()
        db.session.rollback()
        if there < count:
            started = time.perf_counter()
            editorial.publish_all("cooperation", Maker().documents(count), Author("initial_import"), progress=progress)
            say(f"{count} records made in {time.perf_counter() - started:.0f} s")
        with reading():
            rows = listing.page(listing.matching(Criteria()), 2000).rows
            db.session.remove()
        db.engine.dispose()
    return [f"{row.subject}-{row.card['slug']}" for row in rows]


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def progress(done: int) -> None:
    """Say now and then how far it is."""
    if done % 5000 == 0:
        say(f"  {done} records")


def serve_constant(port: int) -> None:
    """A page that costs nothing but the server itself."""
    from flask import Flask
    from waitress import serve

    app = Flask("constant")
    page = "<!doctype html><title>x</title>" + "<p>0123456789</p>" * 1200

    @app.get("/")
    def index() -> str:
        return page

    serve(app, host="127.0.0.1", port=port, threads=4, ident=None)


class Server:
    """A running server: where it listens and what it has used."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def used(self) -> float:
        """CPU time of all its threads so far, in milliseconds."""
        total = 0
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e6

    def get(self, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """Ask once, on a connection that stays open."""
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


@contextmanager
def server(command: list[str], environment: dict[str, str]) -> Iterator[Server]:
    """A server of its own process, up and answering."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, *command, str(port)], cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("a server does not come up") from None
                time.sleep(0.1)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(10)


def asks(slugs: list[str], rand: random.Random) -> dict[str, Callable[[], Ask]]:
    """What is asked of the portal, each time anew."""
    from portal import answers, places, vocabulary

    choices = {
        "status": list(answers.STATUSES),
        "kabar": list(answers.NEWS),
        "prov": [region.code for region in places.provinces()],
        "negara": ["JP", "CN", "KR", "AU", "NL", "US", "DE", "MY", "SG", "TW"],
        "mitra": list(vocabulary.FOREIGN_KINDS),
        "jenis": list(vocabulary.TYPES),
        "bidang": list(vocabulary.SECTORS),
        "bukti": list(vocabulary.GRADES),
    }
    words = (
        "kota jawa barat ternak pelatihan guru dairy health museum contoh surabaya medan japan belanda sister".split()
    )
    seen: set[str] = set()

    def filters(most: int) -> list[tuple[str, str]]:
        while True:
            names = rand.sample(sorted(choices), rand.randint(1, most))
            pairs = [(name, value) for name in names for value in rand.sample(choices[name], rand.randint(1, 2))]
            if rand.random() < 0.3:
                pairs.append(("dari", str(rand.randint(1990, 2024))))
            query = urlencode(sorted(pairs))
            if query not in seen:
                seen.add(query)
                return pairs

    def results(pairs: list[tuple[str, str]]) -> str:
        return f"/kerja-sama?{urlencode(pairs)}"

    return {
        "front page": lambda: ("/", {}),
        "listing, first page": lambda: ("/kerja-sama", {}),
        "fragment, new filters": lambda: (results(filters(3)), FRAGMENT),
        "fragment, words + filter": lambda: (
            results([("q", " ".join(rand.sample(words, rand.randint(1, 2)))), *filters(1)]),
            FRAGMENT,
        ),
        "fragment, deep page": lambda: (results([("hal", str(rand.randint(2, max(2, len(slugs) // 25))))]), FRAGMENT),
        "record": lambda: (f"/kerja-sama/{rand.choice(slugs)}", {}),
    }


Measured = dict[str, list[tuple[float, float, int]]]


def measure(portal: Server, constant: Server, slugs: list[str], rounds: int, encoding: str) -> Measured:
    """Milliseconds, CPU milliseconds and bytes of every request, by kind."""
    kinds = asks(slugs, random.Random(3))
    found: Measured = {CONSTANT: [], **{name: [] for name in kinds}}
    for place in range(-3, rounds):  # the first three warm up
        for name in found:
            path, headers = kinds[name]() if name in kinds else ("/", {})
            where = portal if name in kinds else constant
            before, started = where.used(), time.perf_counter()
            status, body = where.get(path, {**headers, "Accept-Encoding": encoding})
            took = (time.perf_counter() - started) * 1000
            if status != 200:
                raise SystemExit(f"{path}: {status}")
            if place >= 0:
                found[name].append((took, where.used() - before, len(body)))
    return found


def report(found: Measured) -> None:
    """A table, each line beside the constant page."""
    base = statistics.median(took for took, _, _ in found[CONSTANT])
    base_cpu = statistics.median(cpu for _, cpu, _ in found[CONSTANT])
    say(f"{'':28}{'median':>9}{'p95':>9}{'ratio':>7}{'CPU':>9}{'ratio':>7}{'KB':>7}")
    for name, lines in found.items():
        times, cpus = sorted(took for took, _, _ in lines), [cpu for _, cpu, _ in lines]
        middle, cpu = statistics.median(times), statistics.median(cpus)
        late = times[int(len(times) * 0.95)]
        size = statistics.median(size for _, _, size in lines) / 1000
        say(f"{name:28}{middle:7.2f}ms{late:7.2f}ms{middle / base:7.1f}{cpu:7.2f}ms{cpu / base_cpu:7.1f}{size:7.1f}")


if __name__ == "__main__":
    main()
