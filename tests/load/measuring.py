"""What does a server cost? The CPU time and memory of its processes, and the time of its answers.

CPU is what all threads of the server's processes ran (Linux: /proc/<pid>/task/*/schedstat, to the nanosecond); those of
a PostgreSQL of its own count with it. Memory is private where no other process has the page too.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

UP_WITHIN = 900.0  # seconds; a first start may have an index to write
ANSWER_WITHIN = 300.0
IDLE = 4.0  # seconds; after which a server may close a connection: another one is opened, at nobody's cost
PROC = Path("/proc")
TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds
WHOLE = 1 << 20


class NoAnswer(Exception):
    """A server does not come up, or does not answer as it should."""


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for one in found:  # grows while it is walked
        for task in _tasks(one):
            found += [int(child) for child in _read(task / "children").split()]
    return found


def cpu(pid: int) -> float:
    """Milliseconds that a process and its descendants have run, those included that ended since."""
    found = 0.0
    for one in family(pid):
        found += sum(int((_read(task / "schedstat") or "0").split()[0]) for task in _tasks(one)) / 1e6
        stat = _read(PROC / str(one) / "stat").rpartition(")")[2].split()
        found += (int(stat[13]) + int(stat[14])) * TICK if stat else 0.0
    return found


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of a process: its own, and those that others have too."""

    private: float
    shared: float


def memory(pid: int) -> Memory:
    """The memory of a process and its descendants."""
    sums = {"Private": 0, "Shared": 0}
    for one in family(pid):
        for line in _read(PROC / str(one) / "smaps_rollup").splitlines():
            name, _, rest = line.partition(":")
            kind = name.partition("_")[0]
            if kind in sums and name.endswith(("_Clean", "_Dirty")):
                sums[kind] += int(rest.split()[0])
    return Memory(sums["Private"] / 1024, sums["Shared"] / 1024)


def anonymous(pid: int) -> list[float]:
    """Megabytes that a process and each of its descendants made for themselves; a page shared by three counts a third
    for each, so that the sum is what the machine gives."""
    found = [_read(PROC / str(one) / "smaps_rollup").partition("Pss_Anon:")[2].split() for one in family(pid)]
    return [int(kilobytes[0]) / 1024 for kilobytes in found if kilobytes]


def _tasks(pid: int) -> list[Path]:
    try:
        return list((PROC / str(pid) / "task").iterdir())
    except OSError:  # it has ended
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


class Peak:
    """The most private memory of a process while something goes on; ``grown`` since the beginning."""

    def __init__(self, pid: int, every: float = 0.1) -> None:
        self.pid, self.every = pid, every
        self.before = self.most = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def grown(self) -> float:
        """Megabytes beyond those at the beginning."""
        return self.most - self.before

    def __enter__(self) -> Peak:
        self.before = self.most = memory(self.pid).private
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        going_on = True
        while going_on:  # the last look is taken when it is over
            going_on = not self._over.wait(self.every)
            self.most = max(self.most, memory(self.pid).private)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: milliseconds until all of it was there, CPU milliseconds of the server."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    took: float
    cpu: float


@dataclass(slots=True)
class Server:
    """A running server, and where it complains; ``beside`` are processes that work for it and are counted with it."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    beside: Sequence[int] = ()
    connection: http.client.HTTPConnection = field(init=False)
    asked_at: float = 0.0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_WITHIN)

    @property
    def pid(self) -> int:
        return self.process.pid

    def used(self) -> float:
        """CPU milliseconds so far."""
        return sum(cpu(pid) for pid in (self.pid, *self.beside))

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask once, on a connection that stays open."""
        if time.monotonic() - self.asked_at > IDLE:
            self.connection.close()
            self.connection.connect()
        before, started = self.used(), time.perf_counter()
        try:
            self.connection.request("GET", path, headers=dict(headers or {}))
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as problem:
            self.connection.close()
            raise NoAnswer(f"{path}: {problem!r}") from problem
        took = (time.perf_counter() - started) * 1000
        self.asked_at = time.monotonic()
        heads = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, heads, body, took, self.used() - before)

    def stream(self, path: str) -> Iterator[bytes]:
        """The body of an answer in pieces, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_WITHIN)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            if answer.status != 200:
                raise NoAnswer(f"{path}: {answer.status}")
            while piece := answer.read1(WHOLE):
                yield piece
        finally:
            connection.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that this run started."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def server(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path, beside: Sequence[int] = ()
) -> Iterator[Server]:
    """A server in a process of its own, up and listening; the port is put behind the command."""
    port = free_port()
    with log.open("wb") as complaints:
        process = subprocess.Popen(
            [*command, str(port)], cwd=folder, env={**os.environ, **environment},
            stdin=subprocess.DEVNULL, stdout=complaints, stderr=complaints,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + UP_WITHIN
        while not listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise NoAnswer(f"{log.stem} does not come up: {last_line(log)}")
            time.sleep(0.02)
        yield Server(process, port, log, beside)
    finally:
        end(process)


def last_line(log: Path) -> str:
    """What a program complained of at last."""
    return (log.read_text(errors="replace").strip().splitlines() or ["it says nothing"])[-1]


def listens(port: int) -> bool:
    """Does anybody listen there?"""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
