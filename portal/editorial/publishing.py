"""How does a document become public? Checked, appended to the ledger and indexed in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from portal import crew, indexing, ledger, linking
from portal.extensions import db
from portal.extensions import today as this_day
from portal.ledger import PUBLISH, Author, Entry
from portal.record import Document
from portal.validation import Known, Problem, entry_problems, validate

Progress = Callable[[int], None]
_BATCH = 250  # documents committed together; those of a long run are checked by all cores (`portal.crew`)


class NotPublishable(ValueError):
    """A document that has problems; ``problems`` names each field and reason."""

    def __init__(self, subject: str, problems: list[Problem]) -> None:
        super().__init__(f"{subject}: " + "; ".join(str(problem) for problem in problems[:5]))
        self.problems = problems


def _called(document: object) -> str:
    """What a refusal calls a document that may be anything."""
    named = document if isinstance(document, dict) else {}
    return ascii(named.get("id") or named.get("region") or "?").strip("'")


def publish(kind: str, document: Document, author: Author, note: str = "", today: date | None = None) -> int:
    """Publish one document and return its revision's number in the chain; raises `NotPublishable`."""
    return publish_all(kind, [document], author, note=note, today=today)


def publish_all(
    kind: str,
    documents: Iterable[Document],
    author: Author,
    note: str = "",
    progress: Progress | None = None,
    today: date | None = None,
) -> int:
    """Publish many documents, committing in batches; returns the last revision's number in the chain.

    A document with problems stops the run (`NotPublishable`); the batches before it stay published.
    """
    session = db.session()
    day = today or this_day()
    listed: set[str] = set()
    seq = done = 0
    said = entry_problems(author.role, author.office, note)
    work = partial(_prepared, kind, db.engine.dialect.name)
    try:
        for batch in crew.in_order(work, _batches(documents)):
            for one in batch:
                if one.problems or said:
                    raise NotPublishable(one.called, [*one.problems, *said])
            seq = _append_all(session, kind, batch, author, Entry(note), day, listed)
            session.commit()
            done += len(batch)
            if progress:
                progress(done)
    except BaseException:
        session.rollback()
        raise
    return seq


class _Prepared(NamedTuple):
    """A document as far as it can be got ready without the database."""

    called: str
    problems: list[Problem]
    subject: str = ""
    written: ledger.Written = ledger.NOTHING_WRITTEN
    rows: indexing.Packed | None = None
    document: Document | None = None


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    waiting = iter(documents)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def _prepared(kind: str, dialect: str, documents: list[Document]) -> list[_Prepared]:
    """Check documents and make their rows, up to the first that has problems."""
    made: list[_Prepared] = []
    for document in documents:
        problems = validate(document, kind, linking.known_codes())
        if problems:
            return [*made, _Prepared(_called(document), problems)]
        written, subject = ledger.written(document), linking.subject_of(kind, document)
        rows = indexing.packed_rows(document, written.digest, dialect) if kind == "cooperation" else None
        made.append(_Prepared(_called(document), [], subject, written, rows, None if rows else document))
    return made


def _append_all(
    session: Session,
    kind: str,
    batch: list[_Prepared],
    author: Author,
    entry: Entry,
    day: date,
    listed: set[str],
) -> int:
    """Append documents to the chain and index them; returns the number of the last in the chain."""
    documents = [(one.subject, one.written) for one in batch]
    revisions = ledger.Chain(session).append_all(documents, kind, author, entry)
    if kind == "cooperation":
        made = [(revision, one.rows) for revision, one in zip(revisions, batch, strict=True) if one.rows]
        indexing.follow(session, made, day, listed)
    else:
        for revision, one in zip(revisions, batch, strict=True):
            indexing.write(session, revision, one.document, day)
    return int(revisions[-1]["seq"])


def append(
    session: Session,
    chain: ledger.Chain,
    kind: str,
    document: Document,
    author: Author,
    entry: Entry,
    known: Known,
    day: date,
) -> Mapping[str, Any]:
    """Check one document, append and index it; returns its revision. Nothing is committed here."""
    problems = [*validate(document, kind, known), *entry_problems(author.role, author.office, entry.note)]
    if entry.proposed.role:
        problems += entry_problems(entry.proposed.role, entry.proposed.office, "")
    if problems:
        raise NotPublishable(_called(document), problems)
    revision = chain.append(linking.subject_of(kind, document), kind, document, author, entry)
    indexing.write(session, revision, document, day)
    return revision


def bury(
    session: Session, chain: ledger.Chain, subject: str, author: Author, entry: Entry, day: date
) -> Mapping[str, Any]:
    """Append the tombstone of a cooperation (``entry.act`` is withdraw or merge) and take it out of the index."""
    problems = entry_problems(author.role, author.office, entry.note)
    if problems or entry.act == PUBLISH:
        raise NotPublishable(subject, problems)
    revision = chain.append(subject, "cooperation", None, author, entry)
    indexing.write(session, revision, None, day)
    return revision
