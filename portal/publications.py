"""What is published about one subject: today, at a revision, on a past day, and what changed lately?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, tuple_

from portal.extensions import WIB, db
from portal.models import Revision
from portal.record import Document

_COLUMNS = (
    Revision.seq, Revision.number, Revision.subject, Revision.kind, Revision.time, Revision.role, Revision.office,
    Revision.note, Revision.hash, Revision.document_hash, Revision.document,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published:
    """One revision as it was published.

    ``time`` is UTC (ISO 8601), ``number`` counts within the subject from 1, ``seq`` within the whole ledger; ``role``
    and ``office`` say who, never a person.
    """

    seq: int
    number: int
    subject: str
    kind: str
    time: str
    role: str
    office: str
    note: str
    hash: str
    document_hash: str
    document: Document

    @property
    def day(self) -> date:
        """The day of the publication in western Indonesia, where the register is kept."""
        return _day(self.time)


@dataclass(frozen=True, slots=True)
class Change:
    """A revision and the document it replaced (None for the first of its subject)."""

    published: Published
    before: Document | None


def newest(subject: str) -> Published | None:
    """The newest revision of a subject (``KS-0011`` or a region's code); None when nothing is published of it."""
    return _one(_of(subject))


def numbered(subject: str, number: int) -> Published | None:
    """A revision by its number within the subject; None when there is none."""
    return _one(_of(subject).where(Revision.number == number))


def known_on(subject: str, day: date) -> Published | None:
    """The revision that was the newest at the end of a day (WIB); None when nothing was published by then."""
    return _one(_of(subject).where(Revision.time <= last_moment(day)))


def history(subject: str, limit: int | None = None) -> list[Published]:
    """The revisions of a subject, newest first."""
    return [_published(row) for row in db.session.execute(_of(subject).limit(limit))]


def newest_of(subjects: Iterable[str]) -> Mapping[str, Published]:
    """The newest revision of each of several subjects, in one statement; subjects without one are left out."""
    wanted = sorted(set(subjects))
    last = (
        select(Revision.subject, func.max(Revision.number))
        .where(Revision.subject.in_(wanted))
        .group_by(Revision.subject)
    )
    rows = db.session.execute(select(*_COLUMNS).where(tuple_(Revision.subject, Revision.number).in_(last)))
    return {row.subject: _published(row) for row in rows}


def changes(
    limit: int, before_seq: int | None = None, subject: str | None = None, kind: str | None = None
) -> list[Change]:
    """The newest revisions of all subjects (or of one), newest first, each with the document it replaced.

    ``before_seq`` continues a list: only revisions older than that one. Two statements, whatever is found.
    """
    wanted = select(*_COLUMNS).order_by(Revision.seq.desc()).limit(limit)
    if before_seq is not None:
        wanted = wanted.where(Revision.seq < before_seq)
    if subject is not None:
        wanted = wanted.where(Revision.subject == subject)
    if kind is not None:
        wanted = wanted.where(Revision.kind == kind)
    found = [_published(row) for row in db.session.execute(wanted)]
    replaced = _replaced(found)
    return [Change(one, replaced.get((one.subject, one.number - 1))) for one in found]


def first_day() -> date | None:
    """The day of the ledger's first revision; None while nothing is published."""
    time = db.session.execute(select(Revision.time).order_by(Revision.seq).limit(1)).scalar_one_or_none()
    return _day(time) if time else None


def last_moment(day: date) -> str:
    """The last second of a day (WIB) as revisions store it (UTC): what was published by then was known on that day."""
    return f"{day.isoformat()}T16:59:59Z"


def _of(subject: str) -> Any:
    return select(*_COLUMNS).where(Revision.subject == subject).order_by(Revision.number.desc())


def _one(wanted: Any) -> Published | None:
    row = db.session.execute(wanted.limit(1)).first()
    return _published(row) if row else None


def _day(time: str) -> date:
    return datetime.fromisoformat(time).astimezone(WIB).date()


def _replaced(found: list[Published]) -> dict[tuple[str, int], Document]:
    pairs = [(one.subject, one.number - 1) for one in found if one.number > 1]
    rows = db.session.execute(
        select(Revision.subject, Revision.number, Revision.document).where(
            tuple_(Revision.subject, Revision.number).in_(pairs)
        )
    )
    return {(row.subject, row.number): json.loads(row.document) for row in rows}


def _published(row: Any) -> Published:
    values = dict(row._mapping)
    return Published(**{**values, "document": json.loads(values["document"])})
