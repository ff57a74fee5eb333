"""How does moderation answer for itself? What came in and what became of it, in numbers; never what it was about.

Everything is counted from the decisions, which nobody can change. Months are those of western Indonesia (WIB).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.extensions import WIB, db, moment, stamp, utc_now
from portal.models import Decision, Proposal, Tip
from portal.moderation import PUBLISHING, WAITING

# What a decision counts as; a publication of a part counts by itself, whatever became of the rest.
OUTCOMES: Mapping[str, str] = {
    "publish": "published",
    "publish_part": "in_part",
    "publish_return": "in_part",
    "return": "returned",
    "reject": "rejected",
    "withdraw": "taken_back",
}
OPEN_TIPS = ("new", "in_progress")


@dataclass(slots=True)
class Month:
    """What happened in a month (``2026-10``): numbers of proposals and tips by outcome, days until each decision."""

    name: str
    proposals: Counter[str] = field(default_factory=Counter)
    days: list[float] = field(default_factory=list)
    tips: Counter[str] = field(default_factory=Counter)

    @property
    def median_days(self) -> float | None:
        """The median of the days from sending to decision; None without a decision."""
        return median(self.days) if self.days else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait now, and for how many whole days the oldest has waited (None where nothing waits)."""

    number: int
    oldest: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """Months, newest first, without gaps; totals by province in these months; what waits now.

    ``older`` says that there is more before these months.
    """

    months: Sequence[Month]
    provinces: Mapping[str, Counter[str]]
    proposals: Waiting
    tips: Waiting
    older: bool = False


def account(now: datetime | None = None, most: int = 0) -> Account:
    """The whole account, or that of the last months, in a fixed number of statements whatever there is."""
    present = now or utc_now()
    since = _beginning(present, most) if most else ""
    months: dict[str, Month] = {}
    provinces: dict[str, Counter[str]] = defaultdict(Counter)
    _count_moves(_moves(since), since, months, provinces)
    _count_tips(since, months)
    waiting = _waiting(present), _waiting_tips(present)
    return Account(_without_gaps(months, _month(present)), dict(provinces), *waiting, bool(since) and _is_before(since))


def _beginning(present: datetime, most: int) -> str:
    """When the first of the last months began, as tables hold it."""
    here = present.astimezone(WIB)
    count = here.year * 12 + here.month - most
    return stamp(now=datetime(count // 12, count % 12 + 1, 1, tzinfo=WIB).astimezone(UTC))


def _is_before(since: str) -> bool:
    """Was anything sent in before a moment?"""
    moves = select(Decision.id).where(Decision.at < since, Decision.move == "submit").limit(1)
    tips = select(Tip.id).where(Tip.created < since).limit(1)
    return any(
        found is not None for found in db.session.execute(select(moves.scalar_subquery(), tips.scalar_subquery())).one()
    )


def waiting_for(subject: str) -> int:
    """How many proposals about a record or region wait for a moderator; a region's new cooperations count for it."""
    about = Proposal.subject == subject
    if not subject.startswith("KS-"):
        about = or_(about, and_(Proposal.subject == "", Proposal.region == subject))
    wanted = select(func.count()).select_from(Proposal).where(about, Proposal.state.in_(WAITING))
    return int(db.session.execute(wanted).scalar_one())


def _moves(since: str) -> Sequence[Any]:
    """The moves that count, those of each proposal together and in order; of all that were moved since a moment."""
    wanted = (
        select(Decision.proposal_id, Decision.move, Decision.at, Proposal.region)
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .where(Decision.move.in_([*OUTCOMES, "submit", "undo"]))
        .order_by(Decision.proposal_id, Decision.id)
    )
    if since:
        later = aliased(Decision)
        wanted = wanted.where(Decision.proposal_id.in_(select(later.proposal_id).where(later.at >= since)))
    return db.session.execute(wanted).all()


def _count_moves(
    moves: Sequence[Any], since: str, months: dict[str, Month], provinces: dict[str, Counter[str]]
) -> None:
    sent: dict[int, datetime] = {}
    for place, (proposal, move, at, region) in enumerate(moves):
        when = moment(at)
        after = moves[place + 1] if place + 1 < len(moves) else None
        undone = move in PUBLISHING and after is not None and after[0] == proposal and after[1] == "undo"
        if move == "submit":
            first = proposal not in sent
            sent[proposal] = when
            outcome = "received" if first else ""
        else:
            outcome = "" if undone else OUTCOMES.get(move, "")
        if not outcome or proposal not in sent or at < since:
            continue  # a draft that was never sent is nobody's business
        month = _of(months, when)
        month.proposals[outcome] += 1
        provinces[region[:2]][outcome] += 1
        if outcome not in {"received", "taken_back"}:
            month.days.append((when - sent[proposal]).total_seconds() / 86_400)


def _count_tips(since: str, months: dict[str, Month]) -> None:
    touched = or_(Tip.created >= since, Tip.closed >= since)
    for created, closed, state in db.session.execute(select(Tip.created, Tip.closed, Tip.state).where(touched)):
        if created >= since:
            _of(months, moment(created)).tips["received"] += 1
        if closed and closed >= since:
            _of(months, moment(closed)).tips[state] += 1


def _waiting(now: datetime) -> Waiting:
    """Proposals that wait for a moderator; the wait counts from when they were last sent."""
    last = (
        select(func.max(Decision.at).label("at"))
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .where(Proposal.state.in_(WAITING), Decision.move == "submit")
        .group_by(Proposal.id)
        .subquery()
    )
    number, oldest = db.session.execute(select(func.count(), func.min(last.c.at))).one()
    return Waiting(number, _age(oldest, now))


def _waiting_tips(now: datetime) -> Waiting:
    wanted = select(func.count(), func.min(Tip.created)).where(Tip.state.in_(OPEN_TIPS))
    number, oldest = db.session.execute(wanted).one()
    return Waiting(number, _age(oldest, now))


def _age(since: str | None, now: datetime) -> int | None:
    return max(0, (now - moment(since)).days) if since else None


def _of(months: dict[str, Month], when: datetime) -> Month:
    name = _month(when)
    return months.setdefault(name, Month(name))


def _month(when: datetime) -> str:
    return when.astimezone(WIB).strftime("%Y-%m")


def _without_gaps(months: Mapping[str, Month], last: str) -> list[Month]:
    """Every month from the first with anything in it to the present one, newest first."""
    return [months.get(name) or Month(name) for name in reversed(list(_names(min(months, default=last), last)))]


def _names(first: str, last: str) -> Iterable[str]:
    day = date.fromisoformat(f"{first}-01")
    while day.strftime("%Y-%m") <= last:
        yield day.strftime("%Y-%m")
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
