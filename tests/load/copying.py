"""How do other programs and the other database get the same records? Copies of a portal's SQLite file.

`flat` writes the file that the peers read: a row for each record, named as the portal's filters are, with indexes on
what they filter by, the sectors beside it, the words in FTS5. `into_postgres` copies the ledger and the index row by
row; only the words are taken from the documents again, for SQLite's search table keeps no text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

Progress = Callable[[str], None]

FACETS = ("status", "kabar", "tahap", "berlaku", "prov", "negara", "mitra", "jenis", "bentuk", "bukti")
TABLES = (
    "region", "country", "revision", "version", "version_facet", "answer_period", "region_note", "assessment",
    "search_word",
)  # fmt: skip
BATCH = 500

_FLAT = """
CREATE TABLE cooperation (
    id INTEGER PRIMARY KEY, judul TEXT, mitra_nama TEXT, daerah TEXT, status TEXT, kabar TEXT, tahap TEXT,
    berlaku TEXT, prov TEXT, negara TEXT, mitra TEXT, jenis TEXT, bentuk TEXT, bukti TEXT, bidang TEXT, tahun INTEGER,
    silent_day TEXT, teks TEXT
);
CREATE TABLE sector (id INTEGER PRIMARY KEY, cooperation_id INTEGER REFERENCES cooperation (id), value TEXT);
CREATE TABLE detail (id INTEGER PRIMARY KEY, document TEXT);
INSERT INTO detail
    SELECT v.record_number, r.document FROM portal.version v JOIN portal.revision r ON r.seq = v.revision
    WHERE v.current ORDER BY v.record_number;
INSERT INTO cooperation
    SELECT v.record_number, d.document ->> '$.title.id', d.document ->> '$.foreign_parties[0].short.id', v.region,
        v.status, v.news, v.stage, v.validity, v.province, d.document ->> '$.foreign_parties[0].country',
        d.document ->> '$.foreign_parties[0].kind', v.type, v.legal_form, v.grade,
        coalesce(d.document -> '$.sectors', '[]'), v.start_year, v.silent_day, printf('%s %s %s %s %s %s',
            d.document ->> '$.title.id', d.document ->> '$.title.en',
            d.document ->> '$.foreign_parties[0].name.id', d.document ->> '$.local_parties[0].name.id',
            d.document ->> '$.summary.id', d.document ->> '$.summary.en')
    FROM portal.version v JOIN detail d ON d.id = v.record_number WHERE v.current ORDER BY v.record_number;
INSERT INTO sector (cooperation_id, value)
    SELECT c.id, sectors.value FROM cooperation c, json_each(c.bidang) sectors;
CREATE INDEX ix_sector_cooperation ON sector (cooperation_id);
CREATE INDEX ix_sector_value ON sector (value);
CREATE INDEX ix_tahun ON cooperation (tahun);
CREATE INDEX ix_silent ON cooperation (silent_day, id);
CREATE VIRTUAL TABLE cooperation_fts USING fts5 (teks, content='cooperation', content_rowid='id');
INSERT INTO cooperation_fts (cooperation_fts) VALUES ('rebuild');
"""


def flat(source: Path, target: Path, driver: Any) -> None:
    """Write the peers' file; what is half done is never taken for it."""
    half = target.with_suffix(".half")
    half.unlink(missing_ok=True)
    with closing(driver.connect(half)) as connection:
        connection.execute("ATTACH ? AS portal", [str(source)])
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_FLAT)
        for name in FACETS:
            connection.execute(f"CREATE INDEX ix_{name} ON cooperation ({name})")
        connection.execute("ANALYZE")
        connection.commit()
    half.rename(target)


def into_postgres(source: Path, address: str, driver: Any, tell: Progress) -> None:
    """Copy everything published, with its index, into a database whose tables are there and empty."""
    with closing(driver.connect(f"file:{source}?mode=ro", uri=True)) as sqlite, psycopg.connect(address) as postgres:
        postgres.execute("SET LOCAL synchronous_commit = off")
        if _is_superuser(postgres):  # references hold in the file, so in the copy; the guards still work
            postgres.execute("SET LOCAL session_replication_role = replica")
        for table in TABLES:
            _copy(sqlite, postgres, table)
            tell(f"  {table}")
        postgres.execute("COMMIT")
        _copy_words(sqlite, postgres)
        tell("  search")
        postgres.execute("COMMIT")
    with psycopg.connect(address, autocommit=True) as postgres:
        postgres.execute("VACUUM ANALYZE")


def _is_superuser(postgres: psycopg.Connection[Any]) -> bool:
    row = postgres.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _copy(sqlite: Any, postgres: psycopg.Connection[Any], table: str) -> None:
    rows = sqlite.execute(f"SELECT * FROM {table} ORDER BY 1")  # revisions in their order, as the guards want it
    names = ", ".join(column[0] for column in rows.description)
    postgres.execute(f"DELETE FROM {table}".encode()) if table in {"region", "country", "assessment"} else None
    with postgres.cursor().copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _copy_words(sqlite: Any, postgres: psycopg.Connection[Any]) -> None:
    """The search vectors of all versions, worked out in as many processes as there are cores."""
    rows = sqlite.execute("SELECT v.revision, r.document FROM version v JOIN revision r ON r.seq = v.revision")
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores) as pool, postgres.cursor().copy("COPY search FROM STDIN") as copy:
        batches = iter(lambda: rows.fetchmany(BATCH), [])
        while some := list(islice(batches, cores * 4)):  # no more than that is ever held
            for found in pool.map(_vectors, some):
                for row in found:
                    copy.write_row(row)


def _vectors(rows: list[tuple[int, str]]) -> list[tuple[int, str]]:
    from portal import folding, indexing
    from portal.models import search

    return [
        (revision, search._vector(folding.texts(json.loads(document), indexing._labels))) for revision, document in rows
    ]


def count(source: Path, driver: Any) -> int:
    """How many records a file holds."""
    with closing(driver.connect(f"file:{source}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM version WHERE current").fetchone()[0])


def sample(source: Path, driver: Any, numbers: list[int]) -> Iterator[tuple[int, str]]:
    """The addresses of some records: (number, name in the address)."""
    with closing(driver.connect(f"file:{source}?mode=ro", uri=True)) as connection:
        for number in numbers:
            row = connection.execute(
                "SELECT card ->> '$.slug' FROM version WHERE subject = ? AND current", [f"KS-{number}"]
            ).fetchone()
            if row:
                yield number, f"KS-{number}-{row[0]}"
