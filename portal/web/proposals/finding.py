"""Which proposals may a person see in a list? Their own, their office's, their region's – and what was said last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from portal import permissions
from portal.models import Account, Decision, Message, Proposal
from portal.moderation import WAITING, WITH_AUTHOR

PER_PAGE = 25
MOST_AT_HAND = 50  # in each list of the workspace
OWN, OFFICE, REGION = "saya", "instansi", "daerah"
_TURNED = ("return", "reject", "publish_return", "publish_part", "undo")


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list: ``number`` is the page shown of ``pages``, ``total`` how many proposals there are in all."""

    proposals: Sequence[Proposal]
    total: int
    number: int
    pages: int


def views(by: Account) -> list[str]:
    """The lists this person may look at, by what their role reaches (`permissions.GRANTS`)."""
    reach = permissions.GRANTS[by.role].get("read_proposal")
    more = {permissions.OWN_AGENCY: [OFFICE], permissions.OWN_REGION: [OFFICE, REGION]}
    return [OWN, *more.get(reach or "", [])]


def listed(session: Session, by: Account, view: str, state: str, number: int) -> Found:
    """One page of a list, what waits for the reader first, then the latest; a page beyond the last is the last."""
    wanted = _seen(by, view)
    if state:
        wanted = and_(wanted, Proposal.state == state)
    total = session.execute(select(func.count()).select_from(Proposal).where(wanted)).scalar_one()
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(number, 1), pages)
    ordered = select(Proposal).where(wanted).order_by(_first(by), Proposal.changed.desc(), Proposal.id.desc())
    found = session.execute(ordered.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).scalars().all()
    return Found(found, total, number, pages)


def in_states(session: Session, by: Account, view: str, states: Iterable[str]) -> Sequence[Proposal]:
    """The proposals of a list that are in one of some states, the latest first."""
    wanted = select(Proposal).where(_seen(by, view), Proposal.state.in_(tuple(states)))
    return (
        session.execute(wanted.order_by(Proposal.changed.desc(), Proposal.id.desc()).limit(MOST_AT_HAND))
        .scalars()
        .all()
    )


def to_endorse(session: Session, by: Account) -> Sequence[Proposal]:
    """What waits for this coordinator's support, the oldest first: sent from the own region by somebody else."""
    if not permissions.can(by.actor, "endorse"):
        return []
    wanted = select(Proposal).where(
        Proposal.state == "submitted", Proposal.region.in_(by.regions.split()), Proposal.author_id != by.id
    )
    return session.execute(wanted.order_by(Proposal.submitted, Proposal.id).limit(MOST_AT_HAND)).scalars().all()


def notes(session: Session, proposals: Iterable[Proposal]) -> Mapping[int, Decision]:
    """What was decided last about each of several proposals that came back, were refused or published in part."""
    keys = [proposal.id for proposal in proposals]
    rows = select(Decision).where(Decision.proposal_id.in_(keys), Decision.move.in_(_TURNED)).order_by(Decision.id)
    return {decision.proposal_id: decision for decision in session.execute(rows).scalars()}


def decisions(session: Session, proposal: Proposal) -> Sequence[Decision]:
    """Every move of a proposal, in their order."""
    rows = select(Decision).where(Decision.proposal_id == proposal.id).order_by(Decision.id)
    return session.execute(rows).scalars().all()


def messages(session: Session, proposal: Proposal) -> Sequence[Message]:
    """The talk about a proposal, in its order."""
    rows = select(Message).where(Message.proposal_id == proposal.id).order_by(Message.id)
    return session.execute(rows).scalars().all()


def _seen(by: Account, view: str) -> ColumnElement[bool]:
    """What a list holds; the drafts of others are in none."""
    own = Proposal.author_id == by.id
    if view == OWN:
        return own
    if view not in views(by):
        return false()
    here = Proposal.region.in_(by.regions.split())
    reached = and_(here, Proposal.agency_id == by.agency_id) if view == OFFICE else here
    return or_(and_(own, reached), and_(reached, Proposal.state != "draft"))


def _first(by: Account) -> Any:
    """What comes first: what came back to the reader, then what others wait for, then all else."""
    return case(
        (and_(Proposal.author_id == by.id, Proposal.state == "returned"), 0),
        (Proposal.state.in_((*WAITING, *WITH_AUTHOR)), 1),
        else_=2,
    )
