"""Which addresses are asked now, and what is kept of it? One round of `portal links`, never part of a request.

No transaction is open while somebody is asked. A round that is killed is taken up by the next one; a second one at the
same time is refused. Where nobody at all answers, or no certificate is good, the fault is more likely here: such a
round holds nothing against a page. Whoever can send a proposal chooses addresses: those get a share of a round, and
HEAD only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.extensions import reading, stamp, utc_now
from portal.models import Link, LinkWork
from portal.safety import host_of
from portal.visits import cited, fetching, hosts, known
from portal.visits.fetching import Answer, Ways

EACH, FAILED_EACH = timedelta(days=7), timedelta(days=1)  # an address is asked no more often
SWEPT_EACH = timedelta(days=1)
_SILENT_EACH = timedelta(hours=12)  # addresses of a silent site make room for others, and are the first of it next time
_MOST_SILENT = 3  # questions to one site that come to nothing, in one round
_MOST_PROPOSED = 20  # addresses of one proposal, in one round
NEVER = "never"  # due after every moment: an address that may not be asked
_GRACE = timedelta(minutes=3)  # the longest that one address takes
_BATCH = 500
Now = Callable[[], datetime]
# What must be proven of this machine before a failure is held against others.
_NEEDS = {"no_name": "connected", "no_answer": "connected", "not_secure": "trusting"}


class Busy(Exception):
    """Another round is under way."""


class Due(NamedTuple):
    """An address to be asked, and whether by HEAD only: nobody but the sender of a proposal has looked at it."""

    digest: str
    address: str
    head_only: bool = False


@dataclass(slots=True)
class Report:
    """What came of a round: outcomes, how many were left for later, how many failures may be our own fault."""

    outcomes: Counter[str] = field(default_factory=Counter)
    left: int = 0
    unsure: int = 0


@contextmanager
def alone(session: Session, seconds: float, now: Now = utc_now) -> Iterator[None]:
    """No other round begins meanwhile, and none after this was killed until its time is over. Raises `Busy`."""
    until = stamp(timedelta(seconds=seconds) + _GRACE, now())
    free = update(LinkWork).where(LinkWork.busy_until <= stamp(now=now())).values(busy_until=until)
    if not _changed(session, free):
        raise Busy("another round of links is under way")
    try:
        yield
    finally:
        session.rollback()
        _changed(session, update(LinkWork).where(LinkWork.busy_until == until).values(busy_until=""))


def ask_all(session: Session, found: Iterable[Due], agent: str, until: float, ways: Ways, now: Now = utc_now) -> Report:
    """Ask addresses, each host with a pause between, until a time of the clock; what is sure is kept as it comes."""
    report, last = Report(), dict[str, float]()
    doubtful: list[tuple[Due, Answer]] = []
    proven: set[str] = set()
    silent: Counter[str] = Counter()
    for one in spread(found):
        site = hosts.site_of(one.address)
        is_silent = silent[site] >= _MOST_SILENT
        if is_silent:
            _put_off(session, [one], now, _SILENT_EACH)
        if is_silent or ways.clock() >= until:
            report.left += 1
            continue
        host = host_of(one.address)
        if host in last:
            ways.sleep(max(0.0, fetching.PAUSE - (ways.clock() - last[host])))
        answer = fetching.ask(one.address, agent, ways, one.head_only)
        last[host] = ways.clock()
        report.outcomes[answer.outcome] += 1
        silent[site] += answer.outcome == "no_answer"
        proven |= _proven(one, answer)
        doubtful = _keep_sure(session, [*doubtful, (one, answer)], proven, now)
    report.unsure = len(doubtful)
    _put_off(session, [one for one, _ in doubtful], now)
    return report


def _proven(one: Due, answer: Answer) -> set[str]:
    """What an answer proves of this machine: that it is connected, that it knows whom certificates come from."""
    if answer.code is None:
        return {"connected"} if answer.outcome == "not_secure" else set()
    return {"connected", "trusting"} if one.address.startswith("https:") else {"connected"}


def spread(found: Iterable[Due]) -> list[Due]:
    """The same addresses, those of one host as far apart as can be."""
    turns: Counter[str] = Counter()
    placed = []
    for one in found:
        host = host_of(one.address)
        placed.append((turns[host], one))
        turns[host] += 1
    return [one for _, one in sorted(placed, key=lambda pair: pair[0])]


# -- what is due ------------------------------------------------------------------------------------------------


def gather(session: Session, own: Collection[str], now: Now = utc_now) -> None:
    """Take down the addresses that are new in the ledger and on the desk; once a day let go of those nobody cites."""
    with reading():
        work = session.execute(select(LinkWork.read, LinkWork.swept)).one()
        session.rollback()
    sweeping = work.swept <= stamp(-SWEPT_EACH, now())
    seen = _take_down(session, 0 if sweeping else work.read, own, now)
    if sweeping:
        _let_go(session, seen, own, now)
        _changed(session, update(LinkWork).values(swept=stamp(now=now())))


def due(session: Session, most: int, now: Now = utc_now) -> list[Due]:
    """What may be asked again, the longest waiting first; what a moderator has to judge first, up to half of it."""
    wanted = select(Link.digest, Link.address, Link.due).where(Link.due <= stamp(now=now()))
    ready = wanted.order_by(Link.due, Link.digest)
    with reading():
        held = {cited.digest(each): receipt for receipt, found in cited.of_proposals(session) for each in found}
        urgent = _proposed(session, ready, held)[: most // 2]
        rows = session.execute(ready.limit(most + len(held))).all()
        session.rollback()
    others = [Due(row.digest, row.address) for row in rows if row.digest not in held]
    return [*urgent, *others][:most]


def _proposed(session: Session, ready: Select[str, str, str], held: Mapping[str, str]) -> list[Due]:
    """Those that are ready among the addresses of proposals (digest to receipt), only some of each proposal."""
    names, rows = sorted(held), list[Any]()
    for place in range(0, len(names), _BATCH):
        rows += session.execute(ready.where(Link.digest.in_(names[place : place + _BATCH])))
    turns: Counter[str] = Counter()
    found = []
    for row in sorted(rows, key=lambda row: (row.due, row.digest)):
        turns[held[row.digest]] += 1
        if turns[held[row.digest]] <= _MOST_PROPOSED:
            found.append(Due(row.digest, row.address, head_only=True))
    return found


def _take_down(session: Session, after: int, own: Collection[str], now: Now) -> set[bytes]:
    """Note every address cited from a revision on, and on the desk; returns their digests."""
    seen: set[bytes] = set()
    start = after
    with reading():
        proposed = {address for _, found in cited.of_proposals(session) for address in found}
        session.rollback()
    seen |= _note_new(session, proposed, own, now)
    while True:
        with reading():
            rows = list(islice(cited.of_records(session, after), _BATCH))
            session.rollback()
        if not rows:
            if after != start:
                _changed(session, update(LinkWork).values(read=after))
            return seen
        seen |= _note_new(session, {address for _, _, found in rows for address in found}, own, now)
        after = rows[-1][0]


def _note_new(session: Session, found: Iterable[str], own: Collection[str], now: Now) -> set[bytes]:
    """Add the addresses that are not known yet; returns the digests of all."""
    digests = {cited.digest(address): address for address in found}
    names = sorted(digests)
    for place in range(0, len(names), _BATCH):
        part = names[place : place + _BATCH]
        with reading():
            old = set(session.execute(select(Link.digest).where(Link.digest.in_(part))).scalars())
            session.rollback()
        rows = [_blank(name, digests[name], own, now) for name in part if name not in old]
        if rows:
            insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
            session.execute(insert(Link).values(rows).on_conflict_do_nothing(index_elements=["digest"]))
            session.commit()
    return {bytes.fromhex(name) for name in names}


def _blank(digest: str, address: str, own: Collection[str], now: Now) -> dict[str, Any]:
    barred = bool(hosts.why_not(address, own))
    return {
        "digest": digest, "address": address, "first_asked": None, "last_asked": None, "code": None, "target": "",
        "outcome": "not_asked" if barred else "", "failing_since": None, "failures": 0,
        "due": NEVER if barred else stamp(now=now()),
    }  # fmt: skip


def _let_go(session: Session, seen: Collection[bytes], own: Collection[str], now: Now) -> None:
    """Delete what nobody cites any more; what may be asked by now is due, what may not any more never is."""
    after = ""
    while True:
        with reading():
            wanted = select(Link).where(Link.digest > after).order_by(Link.digest).limit(_BATCH)
            rows = session.execute(wanted.with_only_columns(*_STANDING)).all()
            session.rollback()
        if not rows:
            return
        after = rows[-1].digest
        for row in rows:
            if bytes.fromhex(row.digest) not in seen:
                session.execute(delete(Link).where(Link.digest == row.digest))
                _count_change(session, known.shown(row), None)
            elif bool(hosts.why_not(row.address, own)) != (row.due == NEVER):
                values = _blank(row.digest, row.address, own, now)
                session.execute(update(Link).where(Link.digest == row.digest).values(**values))
                _count_change(session, known.shown(row), None)
        session.commit()


_STANDING = (
    Link.digest, Link.address, Link.due, Link.outcome, Link.code, Link.target, Link.failures, Link.failing_since,
    Link.last_asked,
)  # fmt: skip


# -- what is kept -----------------------------------------------------------------------------------------------


def _keep_sure(
    session: Session, found: Iterable[tuple[Due, Answer]], proven: Collection[str], now: Now
) -> list[tuple[Due, Answer]]:
    """Note the answers that are believed by now; returns the others."""
    doubtful = []
    for one, answer in found:
        if _NEEDS.get(answer.outcome, "") in {"", *proven}:
            keep(session, one.digest, answer, now())
        else:
            doubtful.append((one, answer))
    return doubtful


def keep(session: Session, digest: str, answer: Answer, now: datetime) -> None:
    """Note what came of asking, in a transaction of its own; nothing where the address was let go meanwhile."""
    link = session.execute(select(Link).where(Link.digest == digest).with_for_update()).scalar_one_or_none()
    if link is not None:
        before, failed, time = known.shown(link), answer.outcome in known.FAILED, stamp(now=now)
        link.outcome, link.code, link.target = answer.outcome, answer.code, answer.target
        link.failures = link.failures + 1 if failed else 0
        link.failing_since = (link.failing_since or time) if failed else None
        if answer.outcome != "not_asked":
            link.first_asked, link.last_asked = link.first_asked or time, time
        link.due = stamp(FAILED_EACH if failed else EACH, now)
        session.flush()
        _count_change(session, before, known.shown(link))
    session.commit()


def _put_off(session: Session, found: Iterable[Due], now: Now, by: timedelta = FAILED_EACH) -> None:
    later = stamp(by, now())
    for one in found:
        _changed(session, update(Link).where(Link.digest == one.digest).values(due=later))


def _count_change(session: Session, before: object, after: object) -> None:
    """Raise the number that public answers follow from (`edition`) where pages say something else now."""
    if before != after:
        session.execute(update(LinkWork).values(changes=LinkWork.changes + 1))


def _changed(session: Session, statement: Any) -> bool:
    """Run one update in a transaction of its own; True where it met a row."""
    done = session.execute(statement.execution_options(synchronize_session=False))
    session.commit()
    return bool(done.rowcount)  # type: ignore[attr-defined]
