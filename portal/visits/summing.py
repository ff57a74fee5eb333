"""How do the links stand? What the command line tells of them: numbers, and what does not open, with who cites it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.extensions import reading
from portal.models import Link
from portal.safety import host_of
from portal.visits import cited, known
from portal.visits.rounds import NEVER, Report

_BARRED = "never asked, because they are not on the list (PORTAL_LINK_HOSTS)"


def told(session: Session, done: Report | None) -> Iterator[str]:
    """What came of a round, None where nobody was asked; and how many addresses never are."""
    if done is not None:
        yield from _came_of(done)
    with reading():
        barred = session.execute(select(func.count()).where(Link.due == NEVER)).scalar_one()
        session.rollback()
    if barred:
        yield f"{_BARRED}: {barred}"


def _came_of(done: Report) -> Iterator[str]:
    for outcome, count in done.outcomes.most_common():
        yield f"{known.OUTCOMES[outcome]}: {count}"
    yield f"asked: {done.outcomes.total()}"
    if done.left:
        yield f"left for later, because the time was over or their site did not answer: {done.left}"
    if done.unsure:
        yield f"held against nobody: {done.unsure}, for none answered as it should; is this machine connected?"


def report(session: Session) -> Iterator[str]:
    """Numbers by outcome, every address that does not open, since when, what cites it; the sites that are not asked."""
    with reading():
        counts = session.execute(select(Link.outcome, func.count()).group_by(Link.outcome)).all()
        failing = session.execute(select(*known.COLUMNS).where(Link.failing_since.is_not(None)).order_by(Link.address))
        dead = [row for row in failing if known.is_dead(row)]
        barred = Counter(map(host_of, session.execute(select(Link.address).where(Link.due == NEVER)).scalars()))
        citing = cited.citing(session, [row.address for row in dead])
        session.rollback()
    found = {row[0]: row[1] for row in counts}
    yield from (f"{meaning}: {found[outcome]}" for outcome, meaning in known.OUTCOMES.items() if outcome in found)
    for row in dead:
        why = known.OUTCOMES[row.outcome] + (f", {row.code}" if row.code and row.outcome != "gone" else "")
        yield f"{row.address}\n  {why}, since {row.failing_since[:10]}; cited by {', '.join(citing[row.address])}"
    if barred:
        yield f"{_BARRED}:"
    yield from (f"  {host}: {count}" for host, count in sorted(barred.items(), key=lambda one: (-one[1], one[0])))
