"""How is a publication taken back? Within ten minutes, by the one who made it, as a new revision."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import ledger, linking, moderation, notifications
from portal.editorial.deciding import KEPT, Conflicting, Outcome
from portal.editorial.drafting import claim, decided, is_two_person, open_for
from portal.editorial.publishing import append, bury
from portal.editorial.standing import Outdated, at, standing
from portal.extensions import db, moment, stamp, utc_now
from portal.extensions import today as this_day
from portal.ledger import WITHDRAW, Author, Entry
from portal.models import Account, Decision, Evidence, Proposal, Revision

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
    """The publication that this person may still undo; what was returned with it only while its author left it so.

    What two had to agree on, nobody undoes alone: an earlier revision can be proposed instead.
    """
    if proposal.state not in {"published", "partly_published", "returned"}:
        return None
    if is_two_person(proposal.kind) or proposal.agreed_by is not None:
        return None
    last = session.execute(
        select(Decision).where(Decision.proposal_id == proposal.id).order_by(Decision.id.desc()).limit(1)
    ).scalar_one()
    if last.by != by.id or last.revision is None or last.move not in moderation.PUBLISHING:
        return None
    if proposal.state == "returned" and _kept(last).get("version") != proposal.version:
        return None
    return last if last.at > stamp(timedelta(minutes=-UNDO_MINUTES)) else None


def _undo(session: Session, by: Account, proposal_id: int, day: date) -> Outcome:
    proposal = open_for(session, by, proposal_id, "decide")
    chain = ledger.Chain(session)
    session.refresh(proposal)  # the author may have mended it while this waited for its turn
    last = undoable(session, by, proposal)
    if last is None:
        raise Outdated(f"proposal {proposal_id} cannot be undone")
    made = session.execute(select(Revision).where(Revision.seq == last.revision)).scalar_one()
    stands = standing(session, proposal)
    if stands.number != made.number:
        raise Conflicting(f"proposal {proposal_id}")
    author, entry = Author(by.role, by.agency.name), Entry(ledger.UNDONE)
    before, kind = at(session, made.subject, made.number - 1), made.kind
    if before is not None:
        revision = append(session, chain, kind, before, author, entry, linking.known_codes(), day)
    elif kind == "cooperation":
        revision = bury(session, chain, made.subject, author, replace(entry, act=WITHDRAW), day)
        notifications.announce_tombstone(session, proposal, by, "")
    else:
        raise Outdated("the first note of a region cannot be undone")
    _untie(session, proposal, json.loads(made.evidence), before or {})
    state = proposal.state
    subject = proposal.subject if made.number > 1 else ""  # a record that was new gets another number next time
    after = moderation.next_state(state, "undo", supported=proposal.endorsed_by is not None)
    values = {"state": after, "agreed_by": None, "subject": subject, **_restored(last)}
    claim(session, proposal, proposal.version, state, **values)
    decided(session, by, proposal, "undo", state, revision=revision["seq"])
    return Outcome(proposal.state, made.subject, revision["seq"])


def _untie(session: Session, proposal: Proposal, tied: Iterable[str], document: Mapping[str, Any]) -> None:
    """Files that were tied (SHA-256) and the document does not name are the proposal's alone again, to be removed."""
    named = {source.get("archive", {}).get("sha256") for source in document.get("sources", [])}
    session.execute(
        update(Evidence)
        .where(Evidence.proposal_id == proposal.id, Evidence.sha256.in_(set(tied) - named))
        .values(subject="", disclosure="metadata_only")
    )


def _kept(decision: Decision) -> Mapping[str, Any]:
    """What the proposal was before part of it was published (`deciding.KEPT`); nothing for other decisions."""
    found: Mapping[str, Any] = json.loads(decision.fields).get(KEPT, {})
    return found


def _restored(decision: Decision) -> dict[str, Any]:
    """The proposal whole again, as it was sent."""
    return {name: value for name, value in _kept(decision).items() if name != "version"}


def minutes_left(decision: Decision) -> int:
    """Whole minutes in which a publication can still be undone."""
    passed = utc_now() - moment(decision.at)
    return max(0, UNDO_MINUTES - int(passed.total_seconds() // 60))
