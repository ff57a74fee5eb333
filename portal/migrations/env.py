"""How do migrations reach the database? Called by Alembic through Flask-Migrate."""

from __future__ import annotations

from alembic import context
from flask import current_app

from portal.extensions import db

# Search tables differ between the databases and are made by hand in the migrations.
BY_HAND = ("search",)


def _is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith(BY_HAND))


def run() -> None:
    """Run the migrations on the application's database, each in its own transaction where it can be."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=_is_ours,
            transaction_per_migration=True,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
