"""Where do the columns lie, and who makes them? One file for each state of the database, made by one process.

A process that finds the file of the state it reads maps it. Where there is none, whoever gets the lock makes it: from
the newest columns at hand where little has changed since, else from the tables. The others wait for the first, which
takes a moment, and are answered by the database during the second. Files that cannot be written or read are done
without.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from time import monotonic, sleep, time
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from portal import selecting
from portal.columns import arrays, making, turning, words
from portal.columns.answering import Columns
from portal.columns.arrays import Arrays
from portal.columns.files import NotReadable, Numbers
from portal.columns.words import Words
from portal.extensions import is_reading, reading
from portal.indexing import FORM
from portal.models import Assessment
from portal.selecting import State

try:
    import fcntl
except ImportError:  # Windows: two processes may make the same file, and the last one stays
    fcntl = None  # type: ignore[assignment]

_PATIENCE = 5.0  # seconds that a patch by somebody else is waited for
_REMEMBERED = 2  # states a process keeps at hand: readers of the one before may not be done
_LEFT = 3  # files that stay in the folder
_LEFT_OF_WORDS = 2
_GIVEN_UP = 3600  # seconds after which a file that is not whole will not be
_FEW_NEWER = 50  # revisions that are not worth turning all words around again


class _Shelf:
    """The columns of one database in this process, and the folder it shares with others."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.making = Lock()
        self.held: dict[State, Columns] = {}
        self.words = Words()

    @property
    def newest(self) -> Columns | None:
        return next(reversed(list(self.held.values())), None)

    def put(self, made: Arrays) -> Columns:
        """Keep columns at hand; the oldest go."""
        columns = Columns(made, self.words)
        newest = [*self.held.items()][-(_REMEMBERED - 1) :]
        self.held = {**dict(newest), made.state: columns}  # all at once: other threads may be reading it
        return columns


_SHELVES: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()
_SHELVES_LOCK = Lock()


def _shelf(engine: Engine) -> _Shelf:
    with _SHELVES_LOCK:
        return _SHELVES.setdefault(engine, _Shelf())


def keep_in(engine: Engine, folder: Path) -> None:
    """Share the columns of a database with other processes in a folder; without one each process has its own."""
    shelf = _shelf(engine)
    shelf.folder = shelf.words.folder = folder


def _engine(session: Session) -> Engine:
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


def current(session: Session, state: State) -> Columns | None:
    """The columns of the state that a session reads; None while they are being made, and where there can be none.

    On PostgreSQL they may be those of a newer state, which the session's next statement sees as well.
    """
    shelf = _shelf(_engine(session))
    found = shelf.held.get(state)
    if found is not None:
        return found
    if not is_reading() and not _is_committed(session, state):
        made = _made(shelf, session.connection(), state)
        return Columns(made) if made is not None else None
    newest = shelf.newest
    if newest is not None and newest.state.seq > state.seq:
        return None  # a reader who began before the newest publication: the database answers as it was
    patience = _PATIENCE if newest is not None and newest.state.generation == state.generation else 0.0
    if not (shelf.making.acquire(timeout=patience) if patience else shelf.making.acquire(blocking=False)):
        return None
    try:
        return shelf.held.get(state) or _brought(shelf, session, state, patience)
    finally:
        shelf.making.release()


def prepare(session: Session) -> None:
    """Lay out the columns of the state that a session is about to commit, so that readers find them at once."""
    engine = _engine(session)
    shelf = _shelf(engine)
    if shelf.folder is not None:
        with shelf.making, _locked(shelf.folder, _PATIENCE):
            made = _made(shelf, session.connection(), selecting.state(session))
            if made is not None:
                _store(shelf.folder, made)


def turn(session: Session, again: bool = False) -> str:
    """Turn the words of all records around, in a file; unless ``again`` only where the newest has fallen behind.

    At a million records it takes a minute, and it holds nobody up: for commands, after what they did is committed.
    Returns why the file could not be written, or "".
    """
    shelf = _shelf(_engine(session))
    with reading():
        state = selecting.state(session)
        held = shelf.words.turned(session, state.seq)
        if shelf.folder is None or not state.seq or not _is_of_this_form(session.connection()):
            return ""
        if held is not None and not again and state.seq - held.seq <= _FEW_NEWER:
            return ""
        try:
            shelf.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = words.path_of(shelf.folder, state.seq, state.hash)
            turning.write(session.connection(), state.seq, state.hash, path)
            _tidy(shelf.folder, words.ENDING, _LEFT_OF_WORDS)
        except OSError as problem:
            return str(problem)
    return ""


def faults(session: Session) -> Iterator[str]:
    """Where the columns differ from the tables, and where the file of words cannot be used; nothing without them.

    What the words say is compared revision by revision (`turned_sums`).
    """
    shelf, state = _shelf(_engine(session)), selecting.state(session)
    if shelf.folder is not None:
        yield from _column_faults(shelf.folder, session, state)
        yield from _word_faults(shelf, session, state)


def _column_faults(folder: Path, session: Session, state: State) -> Iterator[str]:
    try:
        held = arrays.read(_path(folder, state), checked=True)
    except FileNotFoundError:
        return
    except (OSError, NotReadable) as error:
        yield f"the file of the columns cannot be read: {error}"
        return
    yield from making.differences(held, making.made(session.connection(), state))


def _word_faults(shelf: _Shelf, session: Session, state: State) -> Iterator[str]:
    held = shelf.words.turned(session, state.seq)
    if held is None and words.stored(shelf.folder, state.seq):
        yield "the file of words cannot be read"
    elif held is not None and not held.is_sorted:
        yield "the file of words is not in order"


def turned_sums(session: Session, seq: int) -> Numbers | None:
    """What the file of words holds of each revision up to one, as `models.search.turned_sum`; None without a file."""
    held = _shelf(_engine(session)).words.turned(session, seq)
    return held.sums() if held is not None else None


def _brought(shelf: _Shelf, session: Session, state: State, patience: float) -> Columns | None:
    """From the folder, or made; the thread holds the lock of the process."""
    found = _loaded(shelf.folder, state, checked=shelf.newest is None)
    if found is not None:
        return shelf.put(found)
    with _locked(shelf.folder, patience) as mine:
        found = _loaded(shelf.folder, state, checked=False)  # somebody else may have made it meanwhile
        if found is None and mine:
            found = _made_alone(shelf, session, state)
        return shelf.put(found) if found is not None else None


def _made_alone(shelf: _Shelf, session: Session, state: State) -> Arrays | None:
    """Made, stored, and mapped again, so that what is in memory is shared."""
    made = _made_from(shelf, session, state)
    if made is None or shelf.folder is None:
        return made
    _store(shelf.folder, made)
    return _loaded(shelf.folder, made.state, checked=False) or made


def _made_from(shelf: _Shelf, session: Session, state: State) -> Arrays | None:
    """From a transaction that sees one state from its beginning to its end: on SQLite every transaction does."""
    if _engine(session).dialect.name == "sqlite":
        return _made(shelf, session.connection(), state)
    with _apart(session) as alone:
        return _made(shelf, alone.connection(), selecting.state(alone))


def _is_committed(session: Session, state: State) -> bool:
    """Is it what others see, too, or what this transaction wrote and may yet take back?"""
    with _apart(session) as alone:
        return selecting.state(alone) == state


@contextmanager
def _apart(session: Session) -> Iterator[Session]:
    """A transaction of its own that only reads, and sees one state from its beginning to its end."""
    engine = _engine(session)
    if engine.dialect.name != "sqlite":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with reading(), Session(engine) as alone:
        yield alone


def _made(shelf: _Shelf, connection: Connection, state: State) -> Arrays | None:
    """From the newest columns at hand where little has changed, else from the tables."""
    if not _is_of_this_form(connection):
        return None
    newest = shelf.newest
    base = newest.arrays if newest is not None else _newest_stored(shelf.folder)
    made = making.patched(connection, base, state) if base is not None else None
    return made or making.made(connection, state)


def _is_of_this_form(connection: Connection) -> bool:
    """Not an index of another version of the code; `portal upgrade` makes it anew."""
    return connection.execute(select(Assessment.form)).scalar_one_or_none() == FORM


# -- the folder ---------------------------------------------------------------------------------------------------


def _path(folder: Path, state: State) -> Path:
    return folder / f"{state.seq:09d}-{state.generation}-{state.day.isoformat()}-{state.hash[:16]}.columns"


def _loaded(folder: Path | None, state: State, checked: bool) -> Arrays | None:
    if folder is None:
        return None
    path = _path(folder, state)
    try:
        found = arrays.read(path, checked)
    except FileNotFoundError:
        return None
    except (OSError, NotReadable):
        with suppress(OSError):
            path.unlink()
        return None
    return found if found.state == state else None


def _newest_stored(folder: Path | None) -> Arrays | None:
    """The newest file there is, whatever its state."""
    for path in reversed(_stored(folder)):
        with suppress(OSError, NotReadable):
            return arrays.read(path, checked=True)
    return None


def _stored(folder: Path | None) -> list[Path]:
    return sorted(folder.glob("*.columns"), key=lambda path: path.name) if folder is not None else []


def _store(folder: Path, made: Arrays) -> None:
    """Write the file; without room or leave to write every process does with its own."""
    with suppress(OSError):
        arrays.write(made, _path(folder, made.state))
        _tidy(folder, ".columns", _LEFT)


def _tidy(folder: Path, ending: str, left: int) -> None:
    """Leave the newest files of a kind only, and nothing that somebody began to write and did not end."""
    for path in folder.glob("*.new"):
        if time() - path.stat().st_mtime > _GIVEN_UP:
            path.unlink(missing_ok=True)
    for path in sorted(folder.glob(f"*{ending}"), key=lambda path: path.stat().st_mtime)[:-left]:
        path.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path | None, patience: float) -> Iterator[bool]:
    """Hold the folder's lock against other processes, waiting so many seconds for it; False where it is not to be had.

    A folder that cannot be written to is locked by nobody.
    """
    if folder is None or fcntl is None:
        yield True
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "lock").open("ab")
    except OSError:
        yield True
        return
    with lock:
        yield _acquired(lock.fileno(), patience)  # closing gives it back


def _acquired(file: int, patience: float) -> bool:
    until = monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if monotonic() >= until:
                return False
            sleep(0.01)
        else:
            return True
