"""Which extensions carry the application, and how is the database driven?

SQLite: the driver's own transactions are off; every transaction that may write begins with ``BEGIN IMMEDIATE``, so that
two writers never lose an update, and one that only reads (`reading`) begins deferred, so that it waits for nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import import_module
from types import ModuleType
from typing import Any

from flask import Response
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

from portal.translating import CatalogueBabel

WIB = timezone(timedelta(hours=7), "WIB")

_NO_TABLE = re.compile(r"no such (table|column)|(relation|column) \S+ does not exist")
_READING: ContextVar[bool] = ContextVar("portal_reading", default=False)


class Base(DeclarativeBase):
    """Mother of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Packing(Compress):
    """What makes answers small on their way out, those that tell of a failure too; the library leaves these whole."""

    def after_request(self, response: Response | None) -> Response:
        """The answer in the best encoding that is accepted."""
        code = response.status_code if response else 0
        if response and code >= 400:
            response.status_code = 200
        packed: Response = super().after_request(response)
        if code >= 400:
            packed.status_code = code
        return packed


db = SQLAlchemy(model_class=Base, engine_options={})
babel = CatalogueBabel()
compress = Packing()
limiter = Limiter(key_func=get_remote_address)
csrf = CSRFProtect()


class Migrations:
    """What Flask-Migrate asks of the application. Only commands load it, and Alembic with it: no server needs them."""

    configure_args: Mapping[str, Any] = {"render_as_batch": True, "compare_type": True}

    def __init__(self, directory: str) -> None:
        self.directory = directory

    @property
    def migrate(self) -> Any:
        """The library's own object."""
        from flask_migrate import Migrate

        return Migrate(db=db, directory=self.directory)


def cause(problem: Exception) -> str:
    """Why something failed; of a database only its reason, without the statement, and what helps when it is empty."""
    reason = str(getattr(problem, "orig", None) or problem).strip()
    if hasattr(problem, "orig"):
        reason = reason.partition("\n")[0]
    return reason + (". Run `portal init` first" if _NO_TABLE.search(reason) else "")


def utc_now() -> datetime:
    """The present moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def stamp(later: timedelta = timedelta(), now: datetime | None = None) -> str:
    """The present moment, or another, as tables hold it: UTC, ISO 8601 to the second; ``later`` is added."""
    return ((now or utc_now()) + later).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(stamped: str) -> datetime:
    """A time as tables hold it (`stamp`), in UTC."""
    return datetime.fromisoformat(stamped)


def today() -> date:
    """The day it is in western Indonesia (WIB, UTC+7, no summer time), where the register is kept."""
    return datetime.now(WIB).date()


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read."""
    token = _READING.set(True)
    try:
        yield
    finally:
        _READING.reset(token)


def set_reading(value: bool) -> None:
    """Say for this request or task whether transactions begun from now on only read."""
    _READING.set(value)


def is_reading() -> bool:
    """True where transactions that begin now only read."""
    return _READING.get()


@contextmanager
def own_transaction(engine: Engine, patience_ms: int = 8000) -> Iterator[Connection]:
    """A short transaction that writes, apart from that of the request, which must not be holding a lock.

    ``patience_ms`` is how long it waits for another writer before it fails with `OperationalError`.
    """
    token = _READING.set(False)
    try:
        with engine.connect() as connection:
            sqlite = engine.dialect.name == "sqlite"
            cursor = connection.connection.cursor()
            if sqlite:
                cursor.execute(f"PRAGMA busy_timeout={patience_ms}")
            try:
                with connection.begin():
                    if not sqlite:
                        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience_ms}")
                    yield connection
            finally:
                if sqlite:
                    cursor.execute("PRAGMA busy_timeout=8000")
                cursor.close()
    finally:
        _READING.reset(token)


def after_commits(engine: Engine, told: Callable[[], None]) -> None:
    """Have something called after every commit on an engine, whoever commits: sessions, `own_transaction`, bulk loads.

    The library's own event comes before the database has committed, so its one place that commits is wrapped.
    """
    commit = engine.dialect.do_commit

    def do_commit(connection: Any) -> None:
        commit(connection)
        told()

    engine.dialect.do_commit = do_commit  # type: ignore[method-assign,assignment]


def sqlite_driver() -> ModuleType:
    """The newest SQLite at hand: the wheel's where there is one, else the one Python was built with."""
    try:
        return import_module("pysqlite3.dbapi2")
    except ImportError:
        return import_module("sqlite3.dbapi2")


def journal_mode(driver: ModuleType) -> str:
    """WAL, or a rollback journal where WAL can, rarely, corrupt a file (SQLite 3.7.0 to 3.51.2)."""
    return "WAL" if driver.sqlite_version_info >= (3, 51, 3) else "DELETE"


def engine_options(address: str, statement_seconds: int) -> dict[str, Any]:
    """Options of the engine for a database address."""
    if address.startswith("sqlite"):
        return {"module": sqlite_driver()}
    limit = f"-c statement_timeout={statement_seconds * 1000} -c timezone=UTC"
    return {"connect_args": {"options": limit}, "pool_pre_ping": True}


def drive_sqlite(engine: Engine, statement_seconds: int) -> None:
    """Set the switches of every SQLite connection of an engine."""
    driver = sqlite_driver()

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for switch in ("busy_timeout=8000", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {switch}")
        with suppress(driver.OperationalError):  # a file that may only be read keeps the mode it has
            cursor.execute(f"PRAGMA journal_mode={journal_mode(driver)}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if _READING.get() else "BEGIN IMMEDIATE")

    if statement_seconds:
        _limit_reads(engine, statement_seconds)


def _limit_reads(engine: Engine, seconds: int) -> None:
    """Interrupt a statement of a reading transaction after so many seconds (SQLite's progress handler)."""

    @event.listens_for(engine, "before_cursor_execute")
    def _before(connection: Any, *_: Any) -> None:
        raw = connection.connection.driver_connection
        if not _READING.get():
            raw.set_progress_handler(None, 0)
            return
        started = datetime.now(UTC).timestamp()
        raw.set_progress_handler(lambda: int(datetime.now(UTC).timestamp() - started > seconds), 200_000)
