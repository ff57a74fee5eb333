"""What does a public answer follow from? The edition: what is published and decided, the day, and this code.

Whatever the public sees comes from the ledger (its newest number and hash), the index of it (the generation of its
assessment), the moves at the desk (proposals that wait, and the numbers of moderation), the messages from outside (how
many there were, how many are open), the links that do not open, the day it is, and what this process runs: code,
templates, catalogues, settings.

A request need not ask the database for it. Every process of a machine changes a few bytes in a file of the instance
folder after each commit; while they are as they were when the database was last asked, nothing was committed since.
They are read *before* the database is, so that an edition may be older than what is read after it, never newer: such
an answer is found outdated as soon as the edition is known. Once a second the database is asked all the same: other
machines have a file of their own, and a process may die between a commit and the file.
"""

from __future__ import annotations

import hashlib
import os
import sys
import weakref
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from portal import config
from portal.extensions import after_commits

SECONDS = 1.0  # after which the database is asked whatever the file says
_SIZE = 8
# What waits, and what became of it, follows from the decisions; where a proposal belongs may change while it is back
# with its author. Numbers of a sequence may become visible out of order, so the last of them are counted besides.
_LAST = 256
_NUMBERS = f"""
    SELECT (SELECT coalesce(max(seq), 0) FROM revision),
        (SELECT substr(hash, 1, 16) FROM revision ORDER BY seq DESC LIMIT 1),
        (SELECT max(generation) FROM assessment),
        (SELECT coalesce(max(id), 0) FROM decision),
        (SELECT count(*) FROM decision WHERE id > (SELECT max(id) FROM decision) - {_LAST}),
        (SELECT coalesce(max(id), 0) FROM tip),
        (SELECT count(*) FROM tip WHERE id > (SELECT max(id) FROM tip) - {_LAST}),
        (SELECT count(*) FROM tip WHERE state IN ('new', 'in_progress')),
        (SELECT max(changes) FROM link_work),
        (SELECT sum(id * CAST(substr(region, 1, 2) AS INTEGER)) FROM proposal WHERE subject = '' AND state = 'returned')
"""  # noqa: S608 - a number of ours
# Settings that no public answer shows; every other one is part of the edition.
UNSEEN = frozenset({
    "INSTANCE_PATH", "DATABASE_URL", "SECRET_KEY", "TRUSTED_HOSTS", "PROXY_HOPS", "EXPORT_BATCH", "ANSWERS_MB",
    "RATE_LIMIT", "RATE_STORAGE", "STATEMENT_SECONDS", "MAIL_SERVER", "MAIL_PORT", "MAIL_TLS", "MAIL_USERNAME",
    "MAIL_PASSWORD", "MAIL_FROM", "WORKERS", "LINK_HOSTS",
})  # fmt: skip
_LIBRARIES = ("flask", "werkzeug", "jinja2", "babel")


class Unknown(Exception):
    """The database does not say what it holds: it is away, locked, or not made yet."""


class Mark:
    """A few bytes that all processes of a machine see, and that are others after every commit.

    A file is read and written rather than mapped: a mapped file that somebody empties kills the process. Where the
    folder may not be written to, the file of a process that may is read; where there is none, `seen` is None.
    """

    def __init__(self, place: Path) -> None:
        self._handle, self._may_write = _opened(place)
        self._own = b""
        if self._handle is not None:
            weakref.finalize(self, os.close, self._handle)

    def seen(self) -> bytes | None:
        """The bytes as they are now; what this process could not write down is added."""
        if self._handle is None:
            return None
        try:
            return os.pread(self._handle, _SIZE, 0) + self._own
        except OSError:
            return None

    def change(self) -> None:
        """Make them others, which they never were before."""
        new = os.urandom(_SIZE)
        if self._may_write and self._handle is not None:
            with suppress(OSError):  # no room left: the others learn of it within a second
                os.pwrite(self._handle, new, 0)
                return
        self._own = new


def _opened(place: Path) -> tuple[int | None, bool]:
    if not hasattr(os, "pread"):
        return None, False  # Windows
    with suppress(OSError):
        return os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), True
    with suppress(OSError):
        return os.open(place, os.O_RDONLY | os.O_CLOEXEC), False
    return None, False


class _Held(NamedTuple):
    """What the database said, the mark that was seen before, and when (seconds of the process's clock)."""

    numbers: str
    mark: bytes
    at: float


class Edition:
    """The edition of one database in this process; safe between threads."""

    def __init__(self, engine: Engine, place: Path, code: str) -> None:
        self.seconds = SECONDS
        self.asked = 0
        self._engine = engine
        self._mark = Mark(place)
        self._code = code
        self._held: _Held | None = None
        self._failed: tuple[bytes, float] = b"", 0.0  # for which mark the database said nothing, and when
        self._asking = Lock()
        after_commits(engine, self._mark.change)

    def known(self, day: date) -> str:
        """The edition as of now on a day; raises `Unknown` where the database does not say."""
        return f"{self._code}-{day.isoformat()}-{self._numbers()}"

    def _numbers(self) -> str:
        mark = self._mark.seen()
        if mark is None:
            return self._ask()
        held = self._held
        if held is None or held.mark != mark:
            return self._anew()
        if monotonic() - held.at < self.seconds or not self._asking.acquire(blocking=False):
            return held.numbers  # nothing was committed on this machine; or somebody is asking already
        try:
            return self._kept(mark)
        except Unknown:  # a database that is away holds nothing new: what was known stays so for another while
            self._held = held._replace(at=monotonic())
            return held.numbers
        finally:
            self._asking.release()

    def _anew(self) -> str:
        """Something was committed: nobody goes on with what was known before; one asks for all who wait."""
        with self._asking:
            mark, held = self._mark.seen(), self._held
            if mark is None:
                return self._ask()
            if held is not None and held.mark == mark:
                return held.numbers
            if self._failed[0] == mark and monotonic() - self._failed[1] < self.seconds:
                raise Unknown("asked a moment ago")  # who waited meanwhile need not wait once more
            return self._kept(mark)

    def _kept(self, mark: bytes) -> str:
        began = monotonic()
        try:
            numbers = self._ask()
        except Unknown:
            self._failed = mark, monotonic()
            raise
        self._held = _Held(numbers, mark, began)
        return numbers

    def _ask(self) -> str:
        """One statement on a connection of its own, which is not the request's and begins no transaction of ours."""
        self.asked += 1
        try:
            connection = self._engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(_NUMBERS)
                found = cursor.fetchone()
                cursor.close()
            finally:
                connection.close()
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as problem:
            raise Unknown(str(problem)) from problem
        return ".".join("" if one is None else str(one) for one in found or ())


def code(folders: Iterable[Path], settings: Mapping[str, Any]) -> str:
    """A fingerprint of what this process runs: files, libraries, and the settings that answers show."""
    found = hashlib.sha256(sys.version.encode())
    for name in _LIBRARIES:
        found.update(f"{name} {version(name)}\n".encode())
    for name in sorted({setting.name for setting in config.SETTINGS} - UNSEEN):
        found.update(f"{name}={settings[name]!r}\n".encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                found.update(f"{path.relative_to(folder)} {content}\n".encode())
    return found.hexdigest()[:16]
