"""What keeps a published revision as it is, whoever asks? The triggers of the ledger, and whether they are in place."""

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
    """Put the triggers in place."""
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE.values():
            connection.execute(text(statement))
        return
    for name, body in _FUNCTIONS.items():
        connection.execute(text(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"))
    for name, (moment, each, function, _) in _POSTGRESQL.items():
        connection.execute(
            text(f"CREATE TRIGGER {name} {moment} ON revision FOR EACH {each} EXECUTE FUNCTION {function}()")
        )
        connection.execute(text(f"ALTER TABLE revision ENABLE ALWAYS TRIGGER {name}"))  # also under replication


def drop(connection: Connection) -> None:
    """Remove what outlives the table."""
    if connection.dialect.name == "postgresql":
        for name in _FUNCTIONS:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {name}()"))


def faults(connection: Connection) -> Iterator[str]:
    """What is not as `create` makes it: a trigger that is gone, silenced, replaced or foreign, in an English line."""
    if connection.dialect.name == "sqlite":
        yield from _sqlite_faults(connection)
    else:
        yield from _postgresql_faults(connection)


def _sqlite_faults(connection: Connection) -> Iterator[str]:
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    yield from _compared(_SQLITE, {row[0]: row[1] for row in triggers})
    kind = connection.execute(text("SELECT type FROM sqlite_master WHERE name = 'revision'")).scalar_one_or_none()
    if kind != "table":
        yield "the ledger is not a table"


def _postgresql_faults(connection: Connection) -> Iterator[str]:
    wanted = {
        name: ("revision", "A", bits, function, _FUNCTIONS[function], "plpgsql")
        for name, (_, _, function, bits) in _POSTGRESQL.items()
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
