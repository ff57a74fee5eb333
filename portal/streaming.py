"""How does a long list leave? Row by row, read in batches: neither memory nor the database is held for long."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, Table, literal, select
from sqlalchemy.orm import Session

from portal import listing, selecting
from portal.criteria import Criteria
from portal.extensions import db, reading
from portal.listing import Matches
from portal.models import Revision, Version
from portal.record import Document
from portal.selecting import State

BATCH, NEWEST = 500, 100
_VERSION: Table = Version.__table__  # type: ignore[assignment]
_REVISION: Table = Revision.__table__  # type: ignore[assignment]


class Taken(NamedTuple):
    """One record on its way out: which revision it is, its answers as codes, and what is kept of its document.

    ``known_from`` is when the revision was published (UTC, ISO 8601); ``silent_since`` and ``last_news`` are partial
    dates or ""; ``cells`` is what `flattening.cells` made; ``text`` the document as published where that was asked for.
    """

    revision: int
    subject: str
    number: int
    known_from: str
    province: str
    grade: str
    status: str
    stage: str
    validity: str
    news: str
    reporting: str
    last_news: str
    last_news_kind: str
    silent_since: str
    marks: int
    differs: bool
    counted: bool
    cells: str
    text: str = ""

    @property
    def overlays(self) -> tuple[str, ...]:
        """The marks, in the order of the vocabulary."""
        return listing.overlays(self.marks)

    @property
    def document(self) -> Document:
        """The document as published."""
        found: Document = json.loads(self.text)
        return found


@dataclass(frozen=True, slots=True)
class Stream:
    """Every record that matches, read in batches as it is asked for."""

    total: int
    state: State
    rows: Iterator[Taken]


def stream(criteria: Criteria, batch: int = BATCH, documents: bool = True) -> Stream:
    """Every record that matches, in order. The list of revisions is drawn up now; their rows are read batch by batch.

    No transaction lasts longer than a batch, so that an export never keeps a writer waiting. A revision never changes,
    so what comes later still belongs to the list as it was. Without ``documents`` nobody reads a document.
    """
    engine = db.engine
    with reading(), Session(engine) as session:
        matches = listing.matching(criteria, session)
        revisions = matches.found.every(criteria.sort)

    def batches() -> Iterator[Taken]:
        for start in range(0, len(revisions), batch):
            with reading(), Session(engine) as session:
                found = taken(session, matches, revisions[start : start + batch], documents)
            yield from found
            del found  # or else two batches are held while the next one is read

    return Stream(len(revisions), matches.state, batches())


def newest(matches: Matches, limit: int = NEWEST) -> list[Taken]:
    """The records whose revision is the newest, with their documents."""
    return taken(matches.session, matches, matches.found.revisions("baru", 0, limit))


def taken(session: Session, matches: Matches, revisions: Sequence[int], documents: bool = True) -> list[Taken]:
    """The rows of revisions, in their order, in one statement."""
    if not revisions:
        return []
    query = _rows(matches, documents).where(_VERSION.c.revision.in_(revisions))
    found = {row[0]: row for row in map(Taken._make, session.execute(query))}
    return [found[revision] for revision in revisions]


def _rows(matches: Matches, documents: bool) -> Select[tuple[object, ...]]:
    source = selecting.source(matches.criteria, matches.state)
    columns = [source.columns[name] for name in Taken._fields if name != "text"]
    if not documents:
        return select(*columns, literal("")).select_from(source.tables).where(*source.on_day)
    tables = source.tables.join(_REVISION, _REVISION.c.seq == _VERSION.c.revision)
    return select(*columns, _REVISION.c.document).select_from(tables).where(*source.on_day)
