"""How do many rows come into a table quickly? As tuples, past the ORM: SQLite's `executemany`, PostgreSQL's `COPY`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

SQLITE = "sqlite"
_PLAIN = frozenset({str, int, type(None)})
_FORMS: Mapping[type, Callable[[Any], object]] = {bool: int, date: date.isoformat}  # as SQLite holds them


def stored(value: object, dialect: str) -> Any:
    """A value as a database holds it: SQLite has neither days nor truth, only texts and numbers."""
    if dialect != SQLITE:
        return value
    form = _FORMS.get(type(value))
    return form(value) if form else value


def packed(values: Mapping[str, Any], names: Iterable[str], dialect: str) -> tuple[Any, ...]:
    """Some of the values in the order of their names, as a database holds them."""
    if dialect != SQLITE:
        return tuple([values[name] for name in names])
    found = [values[name] for name in names]
    return tuple([value if type(value) in _PLAIN else stored(value, dialect) for value in found])


def fill(connection: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows to a table, values in the order of the columns named, as `stored` gives them. Nothing is committed."""
    if not rows:
        return
    listed = ", ".join(names)
    if connection.dialect.name == SQLITE:
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table} ({listed}) VALUES ({marks})", list(rows))  # noqa: S608
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
