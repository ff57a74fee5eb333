"""How does moderation answer for itself? What came in and what became of it, in numbers; never what it was about.

Everything is counted from the decisions, which nobody can change. Months are those of western Indonesia (WIB).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlalchemy import and_, func, or_, select

from portal.extensions import WIB, db, utc_now
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
    """Months, newest first, without gaps; totals by province; what waits now."""

    months: Sequence[Month]
    provinces: Mapping[str, Counter[str]]
    proposals: Waiting
    tips: Waiting


def account(now: datetime | None = None) -> Account:
    """The whole account, in four statements whatever there is."""
    moment = now or utc_now()
    months: dict[str, Month] = {}
    provinces: dict[str, Counter[str]] = defaultdict(Counter)
    _count_moves(_moves(), months, provinces)
    _count_tips(months)
    return Account(_without_gaps(months, _month(moment)), dict(provinces), _waiting(moment), _waiting_tips(moment))


def waiting_for(subject: str) -> int:
    """How many proposals about a record or region wait for a moderator; a region's new cooperations count for it."""
    about = Proposal.subject == subject
    if not subject.startswith("KS-"):
        about = or_(about, and_(Proposal.subject == "", Proposal.region == subject))
    wanted = select(func.count()).select_from(Proposal).where(about, Proposal.state.in_(WAITING))
    return int(db.session.execute(wanted).scalar_one())


def _moves() -> Sequence[Any]:
    """The moves that count, those of each proposal together and in order."""
    return db.session.execute(
        select(Decision.proposal_id, Decision.move, Decision.at, Proposal.region)
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .where(Decision.move.in_([*OUTCOMES, "submit", "undo"]))
        .order_by(Decision.proposal_id, Decision.id)
    ).all()


def _count_moves(moves: Sequence[Any], months: dict[str, Month], provinces: dict[str, Counter[str]]) -> None:
    sent: dict[int, datetime] = {}
    for place, (proposal, move, at, region) in enumerate(moves):
        moment = datetime.fromisoformat(at)
        after = moves[place + 1] if place + 1 < len(moves) else None
        undone = move in PUBLISHING and after is not None and after[0] == proposal and after[1] == "undo"
        if move == "submit":
            first = proposal not in sent
            sent[proposal] = moment
            outcome = "received" if first else ""
        else:
            outcome = "" if undone else OUTCOMES.get(move, "")
        if not outcome or proposal not in sent:
            continue  # a draft that was never sent is nobody's business
        month = _of(months, moment)
        month.proposals[outcome] += 1
        provinces[region[:2]][outcome] += 1
        if outcome not in {"received", "taken_back"}:
            month.days.append((moment - sent[proposal]).total_seconds() / 86_400)


def _count_tips(months: dict[str, Month]) -> None:
    for created, closed, state in db.session.execute(select(Tip.created, Tip.closed, Tip.state)):
        _of(months, datetime.fromisoformat(created)).tips["received"] += 1
        if closed:
            _of(months, datetime.fromisoformat(closed)).tips[state] += 1


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
    return max(0, (now - datetime.fromisoformat(since)).days) if since else None


def _of(months: dict[str, Month], moment: datetime) -> Month:
    name = _month(moment)
    return months.setdefault(name, Month(name))


def _month(moment: datetime) -> str:
    return moment.astimezone(WIB).strftime("%Y-%m")


def _without_gaps(months: Mapping[str, Month], last: str) -> list[Month]:
    """Every month from the first with anything in it to the present one, newest first."""
    return [months.get(name) or Month(name) for name in reversed(list(_names(min(months, default=last), last)))]


def _names(first: str, last: str) -> Iterable[str]:
    day = date.fromisoformat(f"{first}-01")
    while day.strftime("%Y-%m") <= last:
        yield day.strftime("%Y-%m")
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
