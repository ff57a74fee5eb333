"""Which proposals wait for a moderator, who has them open, and which one comes next?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, joinedload

from portal import moderation, permissions
from portal.editorial.deciding import TAKING_PART, has_part
from portal.editorial.drafting import open_for
from portal.editorial.standing import Standing, laid_on
from portal.extensions import db, stamp
from portal.models import Account, Decision, Message, Proposal, Revision

OPEN_MINUTES = 30  # how long an opened proposal counts as being looked at
_CHECKED_FOR_NEXT = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the queue is narrowed: a kind (`desk.KINDS`), a province's code, only what this person has open."""

    kind: str = ""
    province: str = ""
    mine: bool = False


def waiting(
    session: Session, by: Account, wanted: Wanted, limit: int, offset: int = 0
) -> tuple[Sequence[Proposal], int]:
    """The proposals that wait within this person's provinces, oldest first, and how many there are in all."""
    found = _narrowed(_in_reach(by), by, wanted)
    total = session.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    ordered = found.order_by(Proposal.submitted, Proposal.id).limit(limit).offset(offset)
    return session.execute(ordered.options(joinedload(Proposal.opener))).scalars().all(), total


def standings(session: Session, proposals: Collection[Proposal]) -> Mapping[int, Standing]:
    """How each of several proposals stands now, by its id; one statement."""
    last = (
        select(Revision.subject, func.max(Revision.number))
        .where(Revision.subject.in_({one.subject for one in proposals if one.subject}))
        .group_by(Revision.subject)
    )
    rows = session.execute(
        select(Revision.subject, Revision.number, Revision.document).where(
            tuple_(Revision.subject, Revision.number).in_(last)
        )
    )
    known = {subject: (number, json.loads(document)) for subject, number, document in rows}
    return {one.id: laid_on(one, *known.get(one.subject, (0, None))) for one in proposals}


def with_part(session: Session, by: Account, proposals: Collection[Proposal]) -> set[int]:
    """The proposals that this person ever sent or endorsed, by their ids; one statement."""
    mine = select(Decision.proposal_id).where(
        Decision.proposal_id.in_([one.id for one in proposals]), Decision.by == by.id, Decision.move.in_(TAKING_PART)
    )
    return set(session.execute(mine).scalars())


def following(session: Session, by: Account, after: Proposal | None = None) -> Proposal | None:
    """The oldest proposal behind another that this person may decide on; from the front again when none is behind."""
    if after is not None and after.submitted is not None:
        behind = or_(
            Proposal.submitted > after.submitted,
            and_(Proposal.submitted == after.submitted, Proposal.id > after.id),
        )
        found = _first(session, by, _in_reach(by).where(behind))
        if found is not None:
            return found
    other = _in_reach(by).where(Proposal.id != after.id) if after is not None else _in_reach(by)
    return _first(session, by, other)


def is_free_for(session: Session, by: Account, proposal: Proposal) -> bool:
    """True for who may decide on a waiting proposal: in reach, no part in it, not the first of two moderators."""
    return _is_open_to(by, proposal) and not has_part(session, by, proposal)


def free_for(session: Session, by: Account, proposals: Collection[Proposal]) -> set[int]:
    """Those of several proposals that this person may decide on, by their ids; one statement."""
    taken = with_part(session, by, proposals)
    return {one.id for one in proposals if one.id not in taken and _is_open_to(by, one)}


def _is_open_to(by: Account, proposal: Proposal) -> bool:
    return (
        proposal.state in moderation.WAITING
        and permissions.can(by.actor, "decide", proposal.thing)
        and proposal.agreed_by != by.id
    )


def open_softly(by: Account, proposal_id: int) -> Proposal:
    """Say that this person looks at a proposal, unless somebody else does; it keeps nobody from deciding."""
    session = db.session()
    proposal = open_for(session, by, proposal_id, "decide")
    free = or_(
        Proposal.opened_by.is_(None),
        Proposal.opened_by == by.id,
        Proposal.opened_at < stamp(timedelta(minutes=-OPEN_MINUTES)),
    )
    session.execute(
        update(Proposal)
        .where(Proposal.id == proposal.id, Proposal.state.in_(moderation.WAITING), free)
        .values(opened_by=by.id, opened_at=stamp())
        .execution_options(synchronize_session=False)
    )
    session.commit()
    session.refresh(proposal)
    return proposal


def opened_by_other(by: Account, proposal: Proposal) -> Account | None:
    """Who else looks at a proposal just now."""
    if proposal.opener is None or proposal.opener.id == by.id or proposal.opened_at is None:
        return None
    return proposal.opener if proposal.opened_at >= stamp(timedelta(minutes=-OPEN_MINUTES)) else None


def sent_before(session: Session, proposal: Proposal) -> Counter[str]:
    """What became of the proposals of the same office: moves of moderators on them, by name of the move."""
    made = (
        select(Decision.move, func.count())
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .where(Proposal.agency_id == proposal.agency_id, Proposal.id != proposal.id)
        .group_by(Decision.move)
    )
    return Counter({row[0]: row[1] for row in session.execute(made)})


def moves(session: Session, proposal: Proposal) -> Sequence[Decision]:
    """The moves that were made on a proposal, oldest first."""
    wanted = select(Decision).where(Decision.proposal_id == proposal.id).order_by(Decision.id)
    return session.execute(wanted).scalars().all()


def messages(session: Session, proposal: Proposal) -> Sequence[Message]:
    """The talk about a proposal, oldest first."""
    wanted = select(Message).where(Message.proposal_id == proposal.id).order_by(Message.id)
    return session.execute(wanted).scalars().all()


def _in_reach(by: Account) -> Select[Proposal]:
    wanted = select(Proposal).where(Proposal.state.in_(moderation.WAITING))
    provinces = by.actor.regions
    return wanted.where(_province().in_(sorted(provinces))) if provinces else wanted


def _narrowed(found: Select[Proposal], by: Account, wanted: Wanted) -> Select[Proposal]:
    if wanted.kind:
        found = found.where(Proposal.kind == wanted.kind)
    if wanted.province:
        found = found.where(_province() == wanted.province)
    if wanted.mine:
        recent = stamp(timedelta(minutes=-OPEN_MINUTES))
        found = found.where(Proposal.opened_by == by.id, Proposal.opened_at >= recent)
    return found


def _province() -> Any:
    return func.substr(Proposal.region, 1, 2)


def _first(session: Session, by: Account, found: Select[Proposal]) -> Proposal | None:
    ordered = found.order_by(Proposal.submitted, Proposal.id).limit(_CHECKED_FOR_NEXT)
    waiting_ones = session.execute(ordered).scalars().all()
    free = free_for(session, by, waiting_ones)
    return next((proposal for proposal in waiting_ones if proposal.id in free), None)
