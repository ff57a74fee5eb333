"""How is a publication taken back? Within ten minutes, by the one who made it, as a new revision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import ledger, linking, moderation
from portal.editorial.deciding import Conflicting, Outcome
from portal.editorial.drafting import claim, decided, open_for
from portal.editorial.publishing import append, bury
from portal.editorial.standing import Outdated, at, standing
from portal.extensions import db, stamp, utc_now
from portal.extensions import today as this_day
from portal.ledger import WITHDRAW, Author, Entry
from portal.models import Account, Decision, Proposal, Revision

UNDO_MINUTES = 10


def undo(by: Account, proposal_id: int, today: date | None = None) -> Outcome:
    """Take an own publication of the last ten minutes back, as a new revision; the proposal waits again.

    Raises `Outdated` once the time is over or the record was changed since.
    """
    session = db.session()
    try:
        outcome = _undo(session, by, proposal_id, today or this_day())
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return outcome


def undoable(session: Session, by: Account, proposal: Proposal) -> Decision | None:
    """The publication that this person may still undo."""
    if proposal.state not in {"published", "partly_published"}:
        return None
    last = session.execute(
        select(Decision).where(Decision.proposal_id == proposal.id).order_by(Decision.id.desc()).limit(1)
    ).scalar_one()
    if last.by != by.id or last.revision is None or last.move not in {"publish", "publish_part"}:
        return None
    return last if last.at > stamp(timedelta(minutes=-UNDO_MINUTES)) else None


def _undo(session: Session, by: Account, proposal_id: int, day: date) -> Outcome:
    proposal = open_for(session, by, proposal_id, "decide")
    chain = ledger.Chain(session)
    last = undoable(session, by, proposal)
    if last is None:
        raise Outdated(f"proposal {proposal_id} cannot be undone")
    made = session.execute(select(Revision).where(Revision.seq == last.revision)).scalar_one()
    stands = standing(session, proposal)
    if stands.number != made.number:
        raise Conflicting(f"proposal {proposal_id}")
    author = Author(by.role, by.agency.name)
    entry = Entry(f"Pembatalan revisi {made.number} / Revision {made.number} undone", author)
    before, kind = at(session, made.subject, made.number - 1), made.kind
    if before is not None:
        revision = append(session, chain, kind, before, author, entry, linking.known_codes(), day)
    elif kind == "cooperation":
        revision = bury(session, chain, made.subject, author, replace(entry, act=WITHDRAW), day)
    else:
        raise Outdated("the first note of a region cannot be undone")
    state = proposal.state
    subject = proposal.subject if before is not None else ""  # a record that was new gets another number next time
    after = moderation.next_state(state, "undo")
    claim(session, proposal, proposal.version, state, state=after, agreed_by=None, subject=subject)
    decided(session, by, proposal, "undo", state, change_note=entry.note, revision=revision["seq"])
    return Outcome(proposal.state, made.subject, revision["seq"])


def minutes_left(decision: Decision) -> int:
    """Whole minutes in which a publication can still be undone."""
    made = datetime.fromisoformat(decision.at)
    return max(0, UNDO_MINUTES - int((utc_now() - made).total_seconds() // 60))
