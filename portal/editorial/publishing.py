"""How does a document become public? Checked, appended to the ledger and indexed in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal import indexing, ledger, linking
from portal.extensions import db
from portal.extensions import today as this_day
from portal.ledger import PUBLISH, Author, Entry
from portal.record import Document
from portal.validation import Known, Problem, entry_problems, validate

Progress = Callable[[int], None]
_BATCH = 250


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
    known = linking.known_codes()
    seq = 0
    try:
        chain = ledger.Chain(session)
        for place, document in enumerate(documents, start=1):
            seq = append(session, chain, kind, document, author, Entry(note), known, day)["seq"]
            if place % _BATCH == 0:
                session.commit()
                chain = ledger.Chain(session)
                if progress:
                    progress(place)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return seq


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
