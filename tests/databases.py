"""Where does a test get a database with the real first records, quickly and for itself?

Each engine is migrated and filled once per run. What a test then gets is a copy of that template: a copied file on
SQLite, `CREATE DATABASE … TEMPLATE` on PostgreSQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.postgres import Postgres

Builder = Callable[[str], None]


class SQLiteDatabases:
    """Copies of one prepared file."""

    name = "sqlite"

    def __init__(self, folder: Path, build: Builder) -> None:
        self.folder = folder
        self.made = 0
        self.template = folder / "template.sqlite3"
        build(self.url(self.template))

    def url(self, path: Path) -> str:
        return f"sqlite:///{path}"

    def copy(self) -> str:
        self.made += 1
        path = self.folder / f"copy-{self.made}.sqlite3"
        with closing(sqlite3.connect(self.template)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)
        return self.url(path)

    def drop(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        for tail in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + tail).unlink(missing_ok=True)


class PostgresDatabases:
    """Copies of one prepared database on a server."""

    name = "postgresql"

    def __init__(self, server: Postgres, build: Builder) -> None:
        self.server = server
        self.template = server.create()
        self.names = {server.url(self.template): self.template}
        build(server.url(self.template))

    def copy(self) -> str:
        name = self.server.create(self.template)
        url = self.server.url(name)
        self.names[url] = name
        return url

    def drop(self, url: str) -> None:
        self.server.drop(self.names.pop(url))

    def close(self) -> None:
        for url in list(self.names):
            self.drop(url)
