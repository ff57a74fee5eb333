"""Does the database still say what the ledger says? Verification, and the rebuild of the index from the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_, not_, select
from sqlalchemy.orm import Session

from portal import indexing, ledger
from portal.ledger import Broken
from portal.models import AnswerPeriod, RegionNote, Revision, Version, VersionFacet
from portal.models import search as search_table

Progress = Callable[[int], None]


def problems(session: Session, progress: Progress | None = None) -> Iterator[Broken]:
    """Every place where the chain is broken, or where the index differs from what a rebuild would write."""
    yield from ledger.broken_links(session)
    known = set()
    words = search_table.fingerprints(session.connection())
    for revision in ledger.revisions(session):
        known.add(revision["seq"])
        if revision["kind"] == "cooperation":
            yield from _version_problems(session, revision, words.pop(revision["seq"], 0))
        else:
            yield from _note_problems(session, revision)
        if progress and revision["seq"] % 250 == 0:
            progress(revision["seq"])
    yield from (Broken(seq, "the search words have a row without revision") for seq in words)
    for table in (Version, RegionNote):
        for (seq,) in session.execute(select(table.revision)):
            if seq not in known:
                yield Broken(seq, f"the index {table.__tablename__} has a row without revision")
    yield from _answer_problems(session)


def rebuild(session: Session, today: date, progress: Progress | None = None) -> int:
    """Write the whole index anew from the ledger, in the caller's transaction; returns the number of revisions."""
    indexing.clear(session)
    count = 0
    for revision in ledger.revisions(session):
        document = json.loads(revision["document"])
        if revision["kind"] == "cooperation":
            indexing.write_cooperation(session, revision, document, today)
        else:
            indexing.write_region(session, revision, document)
        count += 1
        if progress and count % 250 == 0:
            progress(count)
    indexing.assess_all(session, today)
    return count


def _version_problems(session: Session, revision: Mapping[str, Any], words: int) -> Iterator[Broken]:
    seq = revision["seq"]
    made = indexing.rows(revision, json.loads(revision["document"]))
    found = session.execute(select(Version.__table__).where(Version.revision == seq)).mappings().first()
    if found is None:
        yield Broken(seq, "the index has no row for it")
        return
    for name, value in made.version.items():
        if found[name] != value:
            yield Broken(seq, f"the index differs in {name}")
    yield from _state_problems(session, revision, dict(found))
    facets = session.execute(select(VersionFacet.facet, VersionFacet.value).where(VersionFacet.revision == seq))
    if {tuple(row) for row in facets} != made.facets:
        yield Broken(seq, "the index differs in its facets")
    periods = session.execute(
        select(AnswerPeriod.__table__).where(AnswerPeriod.revision == seq).order_by(AnswerPeriod.from_day)
    ).mappings()
    if [dict(row) for row in periods] != [dict(span) for span in made.periods]:
        yield Broken(seq, "the index differs in its answers over time")
    if words != search_table.fingerprint(made.texts):
        yield Broken(seq, "the index differs in its search words")


def _state_problems(session: Session, revision: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Broken]:
    """``current`` and ``known_until`` follow from the next revision of the same subject."""
    following = session.execute(
        select(Revision.time)
        .where(Revision.subject == revision["subject"], Revision.number == revision["number"] + 1)
    ).scalar_one_or_none()  # fmt: skip
    if found["known_until"] != following or found["current"] != (following is None):
        yield Broken(revision["seq"], "the index differs in when this version was current")


def _note_problems(session: Session, revision: Mapping[str, Any]) -> Iterator[Broken]:
    found = session.execute(select(RegionNote).where(RegionNote.revision == revision["seq"])).scalar_one_or_none()
    if found is None or found.document != revision["document"] or found.region != revision["subject"]:
        yield Broken(revision["seq"], "the index differs in what it says of the region")
    else:
        yield from _state_problems(
            session, revision, {"known_until": found.known_until, "current": found.current}
        )  # fmt: skip


def _answer_problems(session: Session) -> Iterator[Broken]:
    """The answers of current versions are those of the day that the assessment names."""
    day = indexing.assessed_on(session)
    if day is None:
        if session.execute(select(Version.revision).limit(1)).first():
            yield Broken(0, "the answers were never filled in")
        return
    answer = indexing.ANSWER_NAMES
    period, version = AnswerPeriod.__table__, Version.__table__
    same = [version.c[name].is_not_distinct_from(period.c[name]) for name in answer]
    differing = (
        select(version.c.revision)
        .join(period, period.c.revision == version.c.revision)
        .where(version.c.current, period.c.from_day <= day, period.c.until_day > day)
    )
    for (seq,) in session.execute(differing.where(not_(and_(*same)))):
        yield Broken(seq, f"its answers are not those of {day.isoformat()}")
