"""What keeps a published revision as it is, whoever asks? The triggers of the ledger, and whether they are in place.

The decisions on proposals and the acts of staff are kept the same way: a row that stands is never changed or deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

REFUSAL = "a published revision cannot be changed"
DISORDER = "a revision must be new and follow the newest one"

# REPLACE deletes without asking a DELETE trigger, so an INSERT that meets a revision is refused before it begins.
_SQLITE = {
    "revision_no_update": f"CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "revision_no_delete": f"CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "revision_in_order": "CREATE TRIGGER revision_in_order BEFORE INSERT ON revision"  # noqa: S608
    " WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM revision)"
    " OR EXISTS (SELECT 1 FROM revision WHERE hash = NEW.hash)"
    " OR EXISTS (SELECT 1 FROM revision WHERE subject = NEW.subject AND number = NEW.number)"
    f" BEGIN SELECT RAISE(ABORT, '{DISORDER}'); END",
}

KEPT_REFUSAL = "what was done cannot be changed"
KEPT = ("decision", "act")
_KEPT_SQLITE = {
    f"{table}_no_{act}": f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table}"
    f" BEGIN SELECT RAISE(ABORT, '{KEPT_REFUSAL}'); END"
    for table in KEPT
    for act in ("update", "delete")
}
# REPLACE deletes without asking a DELETE trigger.
_KEPT_SQLITE |= {
    f"{table}_new": f"CREATE TRIGGER {table}_new BEFORE INSERT ON {table}"  # noqa: S608
    f" WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
    f" BEGIN SELECT RAISE(ABORT, '{KEPT_REFUSAL}'); END"
    for table in KEPT
}

_KEPT_FUNCTIONS = {"refuse_kept_change": f" BEGIN RAISE EXCEPTION '{KEPT_REFUSAL}'; END "}
_FUNCTIONS = {
    "refuse_revision_change": f" BEGIN RAISE EXCEPTION '{REFUSAL}'; END ",
    "refuse_revision_disorder": " BEGIN IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM revision)"  # noqa: S608
    f" THEN RAISE EXCEPTION '{DISORDER}'; END IF; RETURN NEW; END ",
}
# When it fires, for what, its function, and `pg_trigger.tgtype`: the same in bits.
_POSTGRESQL = {
    "revision_kept": ("BEFORE UPDATE OR DELETE", "ROW", "refuse_revision_change", 27),
    "revision_not_emptied": ("BEFORE TRUNCATE", "STATEMENT", "refuse_revision_change", 34),
    "revision_in_order": ("BEFORE INSERT", "ROW", "refuse_revision_disorder", 7),
}

_KEPT_POSTGRESQL = {
    f"{table}_{name}": (moment, each, "refuse_kept_change", bits, table)
    for table in KEPT
    for name, moment, each, bits in (
        ("kept", "BEFORE UPDATE OR DELETE", "ROW", 27),
        ("not_emptied", "BEFORE TRUNCATE", "STATEMENT", 34),
    )
}

_FOUND_TRIGGERS = """
    SELECT t.tgname, c.relname, t.tgenabled::text, t.tgtype::integer, p.proname, p.prosrc, l.lanname
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    JOIN pg_language l ON l.oid = p.prolang
    WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND t.tgqual IS NULL"""
_SILENCED = """
    SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND t.tgisinternal AND t.tgenabled <> 'O'"""
_RULES = "SELECT rulename FROM pg_rules WHERE schemaname = current_schema()"
_KIND = (
    "SELECT relkind::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = 'revision'"
)


def create(connection: Connection) -> None:
    """Put the triggers of the ledger in place."""
    rows = {name: (*made, "revision") for name, made in _POSTGRESQL.items()}
    _create(connection, _SQLITE, _FUNCTIONS, rows)


def create_kept(connection: Connection) -> None:
    """Put the triggers in place that keep decisions and acts."""
    _create(connection, _KEPT_SQLITE, _KEPT_FUNCTIONS, _KEPT_POSTGRESQL)


def _create(
    connection: Connection,
    statements: Mapping[str, str],
    functions: Mapping[str, str],
    triggers: Mapping[str, tuple[str, str, str, int, str]],
) -> None:
    if connection.dialect.name == "sqlite":
        for statement in statements.values():
            connection.execute(text(statement))
        return
    for name, body in functions.items():
        connection.execute(text(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"))
    for name, (moment, each, function, _, table) in triggers.items():
        connection.execute(
            text(f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()")
        )
        connection.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"))  # also under replication


def drop(connection: Connection) -> None:
    """Remove what outlives the ledger's table."""
    _drop(connection, _FUNCTIONS)


def drop_kept(connection: Connection) -> None:
    """Remove what outlives the tables of decisions and acts."""
    _drop(connection, _KEPT_FUNCTIONS)


def _drop(connection: Connection, functions: Mapping[str, str]) -> None:
    if connection.dialect.name == "postgresql":
        for name in functions:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {name}()"))


def faults(connection: Connection) -> Iterator[str]:
    """What is not as `create` makes it: a trigger that is gone, silenced, replaced or foreign, in an English line."""
    if connection.dialect.name == "sqlite":
        yield from _sqlite_faults(connection)
    else:
        yield from _postgresql_faults(connection)


def _sqlite_faults(connection: Connection) -> Iterator[str]:
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    yield from _compared({**_SQLITE, **_KEPT_SQLITE}, {row[0]: row[1] for row in triggers})
    kind = connection.execute(text("SELECT type FROM sqlite_master WHERE name = 'revision'")).scalar_one_or_none()
    if kind != "table":
        yield "the ledger is not a table"


def _postgresql_faults(connection: Connection) -> Iterator[str]:
    bodies = {**_FUNCTIONS, **_KEPT_FUNCTIONS}
    rows = {name: (*made, "revision") for name, made in _POSTGRESQL.items()}
    wanted = {
        name: (table, "A", bits, function, bodies[function], "plpgsql")
        for name, (_, _, function, bits, table) in {**rows, **_KEPT_POSTGRESQL}.items()
    }
    yield from _compared(wanted, {row[0]: tuple(row[1:]) for row in connection.execute(text(_FOUND_TRIGGERS))})
    if connection.execute(text(_SILENCED)).scalar_one():
        yield "triggers that keep references are switched off"
    yield from (f"the rule {name} is not the portal's" for (name,) in connection.execute(text(_RULES)))
    if connection.execute(text(_KIND)).scalar_one_or_none() != "r":
        yield "the ledger is not a table"


def _compared(wanted: Mapping[str, object], found: Mapping[str, object]) -> Iterator[str]:
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield f"the trigger {name} is gone"
        elif name not in wanted:
            yield f"the trigger {name} is not the portal's"
        elif wanted[name] != found[name]:
            yield f"the trigger {name} is not as the portal makes it"
