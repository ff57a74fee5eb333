"""Does the chain of revisions hold? Every link, every envelope and every document is checked anew, from raw values."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import ledger, places
from portal.models import Revision
from portal.record import DOCUMENTS, SHA256, Document, canonical
from portal.validation import Known, entry_problems, validate

_NUMBERS = ("seq", "number")
_NOT_TEXTS = (*_NUMBERS, "base")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the chain or the index does not hold; 0 where it is no single revision."""

    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: who keeps both values elsewhere sees when the end was cut off."""

    seq: int
    hash: str


class Before(NamedTuple):
    """What the revisions so far demand of the next one: the newest of all, and the newest of its subject.

    ``kind`` is None where there is none; ``knows`` tells whether the record it was merged into is among them.
    """

    seq: int = 0
    hash: str = ledger.NOTHING_BEFORE
    time: str = ""
    number: int = 0
    digest: str = ""
    kind: str | None = None
    knows: bool = True


@cache
def known_codes() -> Known:
    """The region and country codes a document may name."""
    return Known(places.regions().keys(), places.countries().keys())


def subject_of(kind: str, document: Document) -> str:
    """What a document is about: the record's number or the region's code."""
    return str(document["id"] if kind == "cooperation" else document["region"])


def head(session: Session) -> Head:
    """The newest revision's number in the chain and its hash."""
    newest = session.execute(select(Revision.seq, Revision.hash).order_by(Revision.seq.desc()).limit(1)).first()
    return Head(newest.seq, newest.hash) if newest else Head(0, ledger.NOTHING_BEFORE)


def missing_head(session: Session, expected: Head) -> Iterator[Broken]:
    """That a head noted earlier is still part of the chain."""
    found = session.execute(select(Revision.hash).where(Revision.seq == expected.seq)).scalar_one_or_none()
    if found is None and expected != Head(0, ledger.NOTHING_BEFORE):
        yield Broken(expected.seq, "the revision that was expected is not there: the end of the chain was cut off")
    elif found is not None and found != expected.hash:
        yield Broken(expected.seq, "the revision is not the one that was expected: the chain was written anew")


def revisions(session: Session, number: int) -> Iterator[list[tuple[Mapping[str, Any], Before, str | None]]]:
    """All revisions, so many at a time, each with what stands before it and when it was followed (None: not yet)."""
    table, next_, before = Revision.__table__, Revision.__table__.alias(), Revision.__table__.alias()
    earlier = Revision.__table__.alias()
    newest = select(func.max(earlier.c.seq)).where(earlier.c.subject == table.c.subject, earlier.c.seq < table.c.seq)
    asked = (
        select(table, next_.c.time, before.c.number, before.c.document_hash, before.c.kind)
        .outerjoin(next_, (next_.c.subject == table.c.subject) & (next_.c.number == table.c.number + 1))
        .outerjoin(before, before.c.seq == newest.scalar_subquery())
        .order_by(table.c.seq)
        .limit(number)
    )
    names = tuple(table.c.keys())
    last = Before()
    while found := session.execute(asked.where(table.c.seq > last.seq)).all():
        made: list[tuple[Mapping[str, Any], Before, str | None]] = []
        for line in found:
            row = dict(zip(names, line, strict=False))
            until, known, digest, kind = line[len(names) :]
            knows = not row["merged_into"] or _is_before(session, row)
            made.append((row, Before(*last[:3], known or 0, digest or "", kind, knows), until))
            last = Before(row["seq"], row["hash"], row["time"])
        yield made


def _is_before(session: Session, row: Mapping[str, Any]) -> bool:
    """True where the record that a revision was merged into was published before it."""
    found = select(Revision.seq).where(Revision.subject == row["merged_into"], Revision.seq < row["seq"]).limit(1)
    return session.execute(found).first() is not None


class Body(NamedTuple):
    """A revision's document, read once: what can be read of it, and its bytes where they are in canonical form."""

    read: Callable[[], Any]
    canonical: bytes | None = None


def body_of(row: Mapping[str, Any]) -> Body:
    """The document of a revision; what cannot be read fails for those who ask for it."""
    try:
        held = row["document"].encode()
        document = json.loads(row["document"])
    except (AttributeError, TypeError, ValueError, RecursionError):
        return Body(lambda: json.loads(row["document"]))
    try:
        return Body(lambda: document, held if canonical(document) == held else None)
    except (TypeError, ValueError, RecursionError):
        return Body(lambda: document)


def faults(row: Mapping[str, Any], before: Before, body: Body) -> Iterator[Broken]:
    """Everything wrong with a revision: a gap, a changed envelope, wrong order, a document out of form."""
    yield from guarded(row["seq"], _link_faults(row, before, body))
    yield from guarded(row["seq"], _form_faults(row, before))
    yield from guarded(row["seq"], _document_faults(row, body))


def guarded(seq: int, checks: Iterator[str]) -> Iterator[Broken]:
    """What checks find, as broken places; a check that cannot even be made is one of them."""
    try:
        for what in checks:
            yield Broken(seq, what)
    except Exception as error:
        yield Broken(seq, f"it cannot be read ({type(error).__name__})")


def _link_faults(row: Mapping[str, Any], before: Before, body: Body) -> Iterator[str]:
    """The link to the revision before, and the hashes."""
    if row["seq"] != before.seq + 1:
        yield f"the number {before.seq + 1} is missing"
    if row["previous"] != before.hash:
        yield "the link to the revision before it does not hold"
    if hashlib.sha256(row["document"].encode()).hexdigest() != row["document_hash"]:
        yield "the hash of its document does not fit"
    if row["hash"] != ledger.envelope_hash(row, row["document"] if body.canonical is not None else None):
        yield "its content is not what was hashed"


def _form_faults(row: Mapping[str, Any], before: Before) -> Iterator[str]:
    """The columns besides the document: their types, time, order and words."""
    yield from (f"its {name} is of another type" for name in _NUMBERS if type(row[name]) is not int)
    yield from (f"its {name} is no text" for name in row if name not in _NOT_TEXTS and type(row[name]) is not str)
    if row["number"] != before.number + 1:
        yield f"the number {before.number + 1} of its subject is missing"
    if row["base"] != (before.number or None):
        yield "it names another base than the revision before it"
    if row["before_hash"] != before.digest:
        yield "the hash of the document before it does not fit"
    if row["kind"] not in DOCUMENTS or row["kind"] != (before.kind or row["kind"]):
        yield "its kind is not one there is"
    if row["act"] not in ledger.ACTS:
        yield "its act is not one there is"
    yield from _entry_faults(row, before)
    if not _is_time(row["time"]):
        yield "its time is not in the one form"
    elif row["time"] < before.time:
        yield "its time lies before that of the revision before it"
    for problem in entry_problems(row["role"], row["office"], row["note"]):
        yield f"what is said of it is not allowed: {problem}"


def _entry_faults(row: Mapping[str, Any], before: Before) -> Iterator[str]:
    """Who proposed it, the files behind it, and where a merged record went."""
    if row["proposed_role"] or row["proposed_office"]:
        for problem in entry_problems(row["proposed_role"], row["proposed_office"], ""):
            yield f"who proposed it is not allowed: {problem}"
    files = json.loads(row["evidence"]) if row["evidence"] != "[]" else []
    if files != sorted(files) or not all(re.fullmatch(SHA256, one) for one in files):
        yield "the list of its files is not in form"
    if (row["act"] == ledger.MERGE) != bool(row["merged_into"]):
        yield "it does not say where the record went"
    elif row["merged_into"] and not before.knows:
        yield "the record it was merged into does not exist"


def _is_time(written: str) -> bool:
    try:
        return bool(_TIME.fullmatch(written) and datetime.fromisoformat(written))
    except ValueError:
        return False


def _document_faults(row: Mapping[str, Any], body: Body) -> Iterator[str]:
    document = body.read()
    if row["act"] != ledger.PUBLISH:
        if document is not None or row["kind"] != "cooperation" or row["number"] == 1:
            yield "it takes back what never stood there"
        return
    if body.canonical is None:
        yield "its document is not in canonical form"
    size = None if body.canonical is None else len(body.canonical)
    problems = validate(document, row["kind"], known_codes(), size)
    if problems:
        yield f"its document is not valid: {str(problems[0])!a}"
    elif subject_of(row["kind"], document) != row["subject"]:
        yield "its document is about another subject"
