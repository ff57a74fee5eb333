"""What was published, and can anybody see that nothing was changed since? The append-only chain of revisions.

Each revision is an envelope in canonical JSON (log format RF-1): its hash covers the whole published document and the
hash of the revision before it, 64 zeros for the first. Triggers refuse UPDATE, DELETE, TRUNCATE and an INSERT out of
turn in both databases (`models.guards`); `portal.linking` checks that the chain holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.extensions import utc_now
from portal.filling import fill
from portal.models import Revision
from portal.record import Document, canonical
from portal.terms import N_

NOTHING_BEFORE = "0" * 64
TIME = "%Y-%m-%dT%H:%M:%SZ"
PUBLISH, WITHDRAW, MERGE = "publish", "withdraw", "merge"
ACTS = frozenset({PUBLISH, WITHDRAW, MERGE})
UNDONE = N_("Publication undone")  # the note of a revision that takes the one before it back; pages translate it
_BATCH = 500
_COLUMNS = tuple(column.name for column in Revision.__table__.columns)
_APPEND_LOCK = 0x5441  # one writer at a time; SQLite has that from BEGIN IMMEDIATE


@dataclass(frozen=True, slots=True)
class Author:
    """Who publishes, by role (vocabulary.AUTHOR_ROLES) and office; never a person."""

    role: str
    office: str = ""


def hold(session: Session) -> None:
    """Let no other writer publish, assess or rebuild until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _APPEND_LOCK})


NOBODY = Author("")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of a publication besides its document: the public note, who proposed it, the SHA-256 of its files.

    ``act`` is one of `ACTS`; ``merged_into`` names the record to read instead after a merge.
    """

    note: str = ""
    proposed: Author = NOBODY
    evidence: Sequence[str] = ()
    act: str = PUBLISH
    merged_into: str = ""


class Chain:
    """The end of the chain, held by this writer alone until its transaction ends; `append` adds to it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        hold(session)
        newest = select(Revision.seq, Revision.hash, Revision.time).order_by(Revision.seq.desc()).limit(1)
        last = session.execute(newest).first()
        self._seq: int = last.seq if last else 0
        self._hash: str = last.hash if last else NOTHING_BEFORE
        self._time: str = last.time if last else ""

    def append(
        self, subject: str, kind: str, document: Document | None, author: Author, entry: Entry
    ) -> Mapping[str, Any]:
        """Add one revision and return its columns; a tombstone has no document. Nothing is committed here."""
        return self.append_all([(subject, written(document))], kind, author, entry)[0]

    def append_all(
        self, documents: Sequence[tuple[str, Written]], kind: str, author: Author, entry: Entry
    ) -> list[dict[str, Any]]:
        """Add a revision for each subject and document, in order, and return their columns."""
        before = self._before({subject for subject, _ in documents})
        made = []
        for subject, document in documents:
            columns = self._columns(subject, kind, document, author, entry, before.get(subject))
            before[subject] = (columns["number"], columns["document_hash"])
            self._seq, self._hash, self._time = columns["seq"], columns["hash"], columns["time"]
            made.append(columns)
        rows = [tuple(columns[name] for name in _COLUMNS) for columns in made]
        fill(self._session.connection(), Revision.__tablename__, _COLUMNS, rows)
        return made

    def _before(self, subjects: set[str]) -> dict[str, tuple[int, str]]:
        """Number and document's hash of the newest revision of each subject."""
        found = self._session.execute(
            select(Revision.subject, Revision.number, Revision.document_hash)
            .where(Revision.subject.in_(subjects))
            .order_by(Revision.number)
        )
        return {subject: (number, digest) for subject, number, digest in found}

    def _columns(
        self,
        subject: str,
        kind: str,
        document: Written,
        author: Author,
        entry: Entry,
        before: tuple[int, str] | None,
    ) -> dict[str, Any]:
        columns: dict[str, Any] = {
            "seq": self._seq + 1,
            "time": max(utc_now().strftime(TIME), self._time),  # a clock set back does not turn the order around
            "subject": subject,
            "kind": kind,
            "number": before[0] + 1 if before else 1,
            "base": before[0] if before else None,
            "act": entry.act,
            "role": author.role,
            "office": author.office,
            "note": entry.note,
            "document": document.body,
            "document_hash": document.digest,
            "before_hash": before[1] if before else "",
            "previous": self._hash,
            "merged_into": entry.merged_into,
            "proposed_role": entry.proposed.role,
            "proposed_office": entry.proposed.office,
            "evidence": json.dumps(sorted(entry.evidence), separators=(",", ":")),
        }
        columns["hash"] = envelope_hash(columns, canonical_body=document.body)
        return columns


class Written(NamedTuple):
    """A document as the ledger holds it: its canonical text and the SHA-256 of that."""

    body: str
    digest: str


NOTHING_WRITTEN = Written("", "")


def written(document: Document | None) -> Written:
    """A document in its canonical form; a tombstone has none."""
    body = canonical(document)
    return Written(body.decode(), hashlib.sha256(body).hexdigest())


def envelope(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The public log entry of a revision (RF-1), without its own hash; ``base`` is null for the first of a subject.

    What does not apply is left out: ``proposed_by``, ``evidence_sha256`` and ``merged_into``. ``after`` is null for a
    tombstone.
    """
    return {**_around(columns), "after": json.loads(columns["document"])}


def _around(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The envelope with nothing in it."""
    entry = {
        "seq": columns["seq"],
        "time": columns["time"],
        "id": columns["subject"],
        "kind": columns["kind"],
        "number": columns["number"],
        "base": columns["base"],
        "act": columns["act"],
        "by": {"role": columns["role"], "office": columns["office"]},
        "note": columns["note"],
        "before_hash": columns["before_hash"],
        "after": None,
        "prev": columns["previous"],
    }
    if columns["proposed_role"]:
        entry["proposed_by"] = {"role": columns["proposed_role"], "office": columns["proposed_office"]}
    if columns["evidence"] != "[]":
        entry["evidence_sha256"] = json.loads(columns["evidence"])
    if columns["merged_into"]:
        entry["merged_into"] = columns["merged_into"]
    return entry


def envelope_hash(columns: Mapping[str, Any], canonical_body: str | None = None) -> str:
    """SHA-256 of the canonical envelope, in hex; who knows the document's canonical text spares the reading of it."""
    if canonical_body is None:
        return hashlib.sha256(canonical(envelope(columns))).hexdigest()
    # Keys are sorted: ``act`` comes first, then ``after``; within a text a quotation mark never stands bare.
    around = canonical(_around(columns)).decode()
    return hashlib.sha256(around.replace('"after":null', f'"after":{canonical_body}', 1).encode()).hexdigest()


def revisions(session: Session, after: int = 0) -> Iterator[Mapping[str, Any]]:
    """All revisions in order, read in batches; the session's transaction is the caller's."""
    table = Revision.__table__
    while True:
        batch = session.execute(select(table).where(table.c.seq > after).order_by(table.c.seq).limit(_BATCH)).all()
        if not batch:
            return
        for row in batch:
            yield dict(row._mapping)
        after = batch[-1].seq


def publication_number(session: Session) -> int:
    """The number of the newest revision; 0 before the first."""
    return session.execute(select(func.coalesce(func.max(Revision.seq), 0))).scalar_one()
