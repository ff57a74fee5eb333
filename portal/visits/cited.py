"""Which web addresses are cited? By published records and notes of regions, and by proposals that wait."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import amending, ledger, publications
from portal.checking import texts
from portal.models import Proposal, RegionNote, Revision, Version
from portal.moderation import WAITING
from portal.record import Document

_BATCH = 200


def digest(address: str) -> str:
    """Under what an address is kept: addresses may be longer than what databases index."""
    return hashlib.sha256(address.encode()).hexdigest()


def addresses(document: Document, kind: str) -> set[str]:
    """The web addresses a document holds, wherever it does."""
    return {text.value for text in texts(document, kind) if text.field.kind == "url"}


def of_records(session: Session, after: int = 0) -> Iterator[tuple[int, str, set[str]]]:
    """Number, subject and addresses of what is published now, in the order of the ledger from after a number on.

    What was published meanwhile and replaced since is left out.
    """
    wanted = (
        select(Revision.seq, Revision.subject, Revision.kind, Revision.document)
        .outerjoin(Version, Version.revision == Revision.seq)
        .outerjoin(RegionNote, RegionNote.revision == Revision.seq)
        .where(or_(Version.current, RegionNote.current), Revision.act == ledger.PUBLISH)
        .order_by(Revision.seq)
        .limit(_BATCH)
    )
    while rows := session.execute(wanted.where(Revision.seq > after)).all():
        for row in rows:
            yield row.seq, row.subject, addresses(json.loads(row.document), row.kind)
        after = rows[-1].seq


def of_proposals(session: Session) -> Iterator[tuple[str, set[str]]]:
    """Receipt of every proposal that waits for a moderator, and the addresses it adds to what is published."""
    waiting = session.execute(select(Proposal).where(Proposal.state.in_(WAITING)).order_by(Proposal.id)).scalars().all()
    published = publications.newest_of(one.subject for one in waiting if one.subject)
    for proposal in waiting:
        newest = published.get(proposal.subject)
        ground = newest.document if newest is not None else {}
        kind = proposal.document_kind
        yield proposal.receipt, addresses(amending.applied(ground, proposal.found), kind) - addresses(ground, kind)


def citing(session: Session, wanted: Iterable[str]) -> dict[str, list[str]]:
    """The records, regions and proposals (by receipt) that cite each of some addresses."""
    found: dict[str, list[str]] = {address: [] for address in wanted}
    named = [(subject, held) for _, subject, held in of_records(session)] if found else []
    for subject, held in [*named, *(of_proposals(session) if found else ())]:
        for address in held & found.keys():
            found[address].append(subject)
    return found
