"""What is published about one subject: today, at a revision, on a past day, and what changed lately?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select, text, tuple_
from sqlalchemy.orm import Session, aliased

from portal import ledger
from portal.extensions import WIB, db, moment, reading
from portal.models import RegionNote, Revision
from portal.record import Document, canonical

_COLUMNS = (
    Revision.seq, Revision.number, Revision.subject, Revision.kind, Revision.time, Revision.act, Revision.role,
    Revision.office, Revision.note, Revision.hash, Revision.document_hash, Revision.merged_into, Revision.proposed_role,
    Revision.proposed_office, Revision.evidence, Revision.document,
)  # fmt: skip
_BATCH = 200
FIRST_IMPORT = "initial_import"


@dataclass(frozen=True, slots=True)
class Published:
    """One revision as it was published.

    ``time`` is UTC (ISO 8601), ``number`` counts within the subject from 1, ``seq`` within the whole ledger; ``role``
    and ``office`` say who published, ``proposed_role`` and ``proposed_office`` who proposed it ("" where nobody did),
    never a person. ``act`` is one of `ledger.ACTS`; a tombstone (``gone``) carries the last document that stood, and
    after a merge ``merged_into`` names the record to read instead. ``evidence`` holds the SHA-256 of the files behind
    it.
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
    act: str = ledger.PUBLISH
    merged_into: str = ""
    proposed_role: str = ""
    proposed_office: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def gone(self) -> bool:
        """True for a tombstone: the record was withdrawn or merged into another."""
        return self.act != ledger.PUBLISH

    @property
    def day(self) -> date:
        """The day of the publication in western Indonesia, where the register is kept."""
        return _day(self.time)


@dataclass(frozen=True, slots=True)
class Change:
    """A revision and the document that stood before it (None for the first of its subject)."""

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


def history(subject: str, limit: int | None = None, before: int | None = None) -> list[Published]:
    """The revisions of a subject, newest first; those before a number where one is given."""
    wanted = _of(subject) if before is None else _of(subject).where(Revision.number < before)
    return _all_published(db.session.execute(wanted.limit(limit)).all())


def newest_of(subjects: Iterable[str]) -> Mapping[str, Published]:
    """The newest revision of each of several subjects, in one statement; subjects without one are left out."""
    wanted = sorted(set(subjects))
    if not wanted:
        return {}
    last = (
        select(Revision.subject, func.max(Revision.number))
        .where(Revision.subject.in_(wanted))
        .group_by(Revision.subject)
    )
    rows = db.session.execute(select(*_COLUMNS).where(tuple_(Revision.subject, Revision.number).in_(last))).all()
    return {one.subject: one for one in _all_published(rows)}


def merged_here(subject: str) -> list[str]:
    """The records that were merged into this one, also by way of others, and stand nowhere else, by their numbers."""
    found: set[str] = set()
    waiting = {subject}
    while waiting:
        waiting = _merged_into(waiting) - found - {subject}
        found |= waiting
    return sorted(found)


def _merged_into(subjects: Iterable[str]) -> set[str]:
    return set(db.session.execute(_merging(), {"into": sorted(subjects)}).scalars())


@cache
def _merging() -> Select[Any]:
    """What was merged into some subjects (``into``) and stands nowhere else; drawn up once, every record asks it."""
    later = aliased(Revision)
    return select(Revision.subject).where(
        Revision.merged_into.in_(bindparam("into", expanding=True)),
        text("revision.merged_into <> ''"),  # the condition of the partial index, word for word
        ~exists().where(later.subject == Revision.subject, later.number > Revision.number),
    )


def stands_in(merged: Published) -> str:
    """The record to read instead of a merged one: the last of a chain of merges."""
    seen, subject = {merged.subject}, merged.merged_into
    while subject not in seen:
        seen.add(subject)
        found = newest(subject)
        if found is None or not found.merged_into:
            break
        subject = found.merged_into
    return subject


def changes(
    limit: int,
    before_seq: int | None = None,
    subject: str | None = None,
    kind: str | None = None,
    after_seq: int = 0,
) -> list[Change]:
    """The newest revisions of all subjects (or of one), newest first, each with the document that stood before it.

    ``before_seq`` continues a list: only revisions older than that one. ``after_seq`` ends it: only younger ones. Two
    statements, whatever is found.
    """
    wanted = select(*_COLUMNS).where(Revision.seq > after_seq).order_by(Revision.seq.desc()).limit(limit)
    if before_seq is not None:
        wanted = wanted.where(Revision.seq < before_seq)
    if subject is not None:
        wanted = wanted.where(Revision.subject == subject)
    if kind is not None:
        wanted = wanted.where(Revision.kind == kind)
    rows = db.session.execute(wanted).all()
    stood = _stood_before(row.seq for row in rows)
    return [Change(_published(row, stood.get(row.seq)), stood.get(row.seq)) for row in rows]


@dataclass(frozen=True, slots=True)
class FirstImport:
    """What the register began with: how many records and notes about regions, and when the last of them was published.

    ``seq`` is that of the last one; ``time`` is UTC (ISO 8601).
    """

    records: int
    regions: int
    seq: int
    time: str

    @property
    def day(self) -> date:
        """The day of the import (WIB)."""
        return _day(self.time)


def first_import() -> FirstImport | None:
    """The first import as one thing: all that was imported before anybody published anything. None where nothing was.

    One statement; it counts what is known of regions, of which there are few, and the ledger has no gaps.
    """
    later = select(func.min(Revision.seq) - 1).where(text(_LATER)).scalar_subquery()
    end = func.coalesce(later, select(func.max(Revision.seq)).scalar_subquery())
    regions = select(func.count()).select_from(RegionNote).where(RegionNote.revision <= Revision.seq)
    last = select(Revision.seq, Revision.time, regions.scalar_subquery()).where(Revision.seq == end)
    row = db.session.execute(last).first()
    return FirstImport(row[0] - row[2], row[2], row[0], row[1]) if row else None


def log(after: int, until: int) -> Iterator[bytes]:
    """The public log (RF-1) from one number of the ledger, not included, up to another: one canonical line a revision.

    Read in batches, each in a transaction of its own, so that nobody waits for a slow reader.
    """
    table = Revision.__table__
    while after < until:
        with reading(), Session(db.engine) as session:
            wanted = select(table).where(table.c.seq > after, table.c.seq <= until).order_by(table.c.seq).limit(_BATCH)
            rows = [dict(row._mapping) for row in session.execute(wanted)]
        if not rows:
            return
        yield b"".join(canonical({**ledger.envelope(row), "hash": row["hash"]}) + b"\n" for row in rows)
        after = rows[-1]["seq"]


def first_day() -> date | None:
    """The day of the ledger's first revision; None while nothing is published."""
    time = db.session.execute(select(Revision.time).order_by(Revision.seq).limit(1)).scalar_one_or_none()
    return _day(time) if time else None


def last_moment(day: date) -> str:
    """The last second of a day (WIB) as revisions store it (UTC): what was published by then was known on that day."""
    return f"{day.isoformat()}T16:59:59Z"


def _of(subject: str) -> Any:
    return _revisions().where(Revision.subject == subject).order_by(Revision.number.desc())


@cache
def _revisions() -> Any:
    return select(*_COLUMNS)


def _one(wanted: Any) -> Published | None:
    found = _all_published(db.session.execute(wanted.limit(1)).all())
    return found[0] if found else None


def _day(time: str) -> date:
    return moment(time).astimezone(WIB).date()


def _stood_before(seqs: Iterable[int]) -> dict[int, Document]:
    """The last document that stood before each of some revisions, by their numbers in the ledger."""
    later, earlier, between = aliased(Revision), aliased(Revision), aliased(Revision)
    last = (
        select(func.max(between.number))
        .where(between.subject == later.subject, between.number < later.number, between.act == ledger.PUBLISH)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(later.seq, earlier.document).where(
            later.seq.in_(list(seqs)), earlier.subject == later.subject, earlier.number == last
        )
    )
    return {row.seq: json.loads(row.document) for row in rows}


def _all_published(rows: Sequence[Any]) -> list[Published]:
    """Rows as revisions; one statement more where a tombstone is among them."""
    tombs = [row.seq for row in rows if row.act != ledger.PUBLISH]
    stood = _stood_before(tombs) if tombs else {}
    return [_published(row, stood.get(row.seq)) for row in rows]


def _published(row: Any, stood: Document | None) -> Published:
    values = dict(row._mapping)
    document = json.loads(values["document"]) if values["act"] == ledger.PUBLISH else stood or {}
    return Published(**{**values, "document": document, "evidence": tuple(json.loads(values["evidence"]))})


# The condition of the partial index, word for word: what is no import.
_LATER = "NOT (role = 'initial_import' AND number = 1)"
