"""How does a document become public? The one door: checked, appended to the ledger and indexed in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal import indexing, ledger, linking
from portal.extensions import db
from portal.extensions import today as this_day
from portal.ledger import Author
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
            seq = _publish(session, chain, kind, document, author, note, known, day)["seq"]
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


def _publish(
    session: Session,
    chain: ledger.Chain,
    kind: str,
    document: Document,
    author: Author,
    note: str,
    known: Known,
    day: date,
) -> Mapping[str, Any]:
    problems = [*validate(document, kind, known), *entry_problems(author.role, author.office, note)]
    if problems:
        raise NotPublishable(_called(document), problems)
    revision = chain.append(linking.subject_of(kind, document), kind, document, author, note)
    if kind == "cooperation":
        indexing.write_cooperation(session, revision, document, day)
    else:
        indexing.write_region(session, revision, document)
    return revision
