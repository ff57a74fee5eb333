"""What did somebody from outside point out, and what became of it? Tips and corrections, from the form to the answer.

A tip never changes a record: a moderator makes a proposal of it, or answers it. The contact is for the answer alone
and is emptied in the transaction that closes the case; nothing else of the sender is kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import desk, editorial, notifications, permissions, publications, safety
from portal.accounts import acts
from portal.editorial import NotThere, Outdated
from portal.editorial.drafting import receipt
from portal.extensions import db, stamp
from portal.extensions import today as this_day
from portal.models import Account, Proposal, Tip
from portal.permissions import Actor, Thing
from portal.terms import N_
from portal.validation import Problem

LONGEST: Mapping[str, int] = {"text": 4000, "evidence": 1000, "contact": 254, "answer": 2000, "reason": 600}
SHORTEST_TEXT = 10
EXTENSION_DAYS = 7  # working days, once
PAGE = 50
OPEN = tuple(state for state in desk.TIP_STATES if desk.TIP_STATES[state].extra["open"] == "1")
ANSWERS = tuple(state for state in desk.TIP_STATES if state not in OPEN)
# Kinds whose days are those of the calendar: 3 times 24 hours (UU 27/2022 art. 30).
_EVERY_DAY = frozenset({"personal_data"})
_ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@([a-z0-9-]{1,63}\.)+[a-z]{2,63}", re.IGNORECASE)


class Unfinished(ValueError):
    """A tip or an answer that lacks something; ``problems`` names each field of the form and reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = list(problems)


class RecordGone(LookupError):
    """The record of a tip does not stand any more, so that nothing can be proposed for it."""


@dataclass(frozen=True, slots=True)
class Report:
    """A tip as it was typed, and what it is about.

    ``page`` is a path of this site, ``subject`` a record's number or a region's code ("" for neither), ``region`` the
    region in whose province it is handled ("" for the national moderators). ``once`` is the mark of the form.
    """

    once: str
    kind: str
    text: str
    evidence: str = ""
    contact: str = ""
    page: str = ""
    subject: str = ""
    region: str = ""
    language: str = "id"


def send(report: Report) -> Tip:
    """Keep a tip and tell whom it concerns; the same form sent twice is one tip. Raises `Unfinished`."""
    found = problems(report)
    if found:
        raise Unfinished(found)
    session = db.session()
    once = _mark(report)
    known = _sent(session, once)
    if known is not None:
        return known
    day = this_day()
    tip = Tip(
        receipt=receipt("K"), once=once, kind=report.kind, subject=report.subject, region=report.region,
        page=report.page, text=plain(report.text), evidence=plain(report.evidence), contact=report.contact.strip(),
        language=report.language, state="new", version=1, created=stamp(), due=due_day(report.kind, day).isoformat(),
        extended="", answer="", closed=None, handled_by=None,
    )  # fmt: skip
    session.add(tip)
    try:
        session.flush()
    except IntegrityError:  # the same form arrived twice at the same moment
        session.rollback()
        known = _sent(session, once)
        if known is None:
            raise
        return known
    notifications.announce_tip(session, tip, "received")
    session.commit()
    return tip


def by_receipt(code: str) -> Tip | None:
    """The tip with this code, however it was typed; None where there is none."""
    typed = re.sub(r"[^A-Z0-9]", "", code.upper()[:40])
    groups = [typed[:1], typed[1:5], typed[5:9], typed[9:]]
    return db.session.execute(select(Tip).where(Tip.receipt == "-".join(groups))).scalar_one_or_none()


def due_day(kind: str, day: date) -> date:
    """The last day for an answer to a tip of a kind that came on a day."""
    days = int(desk.TIP_KINDS[kind].extra["days"])
    return day + timedelta(days=days) if kind in _EVERY_DAY else working_day(day, days)


def working_day(day: date, days: int) -> date:
    """The working day (Monday to Friday) so many after a day; feast days are not known here and count."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def plain(text: str) -> str:
    """A text as it is kept: trimmed, plain line breaks, without characters that nobody sees."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one == "\n" or not safety.hides(one, safety.LONGEST_LINE + 1)).strip()


def problems(report: Report) -> list[Problem]:
    """What a tip lacks before it can be sent."""
    return list(_problems(report))


def _problems(report: Report) -> Iterator[Problem]:
    if report.kind not in desk.TIP_KINDS:
        yield Problem("kind", N_("Choose what this is about."), {})
    if len(plain(report.text)) < SHORTEST_TEXT:
        yield Problem("text", N_("Write what is wrong or missing, in a sentence at least."), {})
    for name in ("text", "evidence"):
        if len(getattr(report, name)) > LONGEST[name]:
            yield Problem(name, N_("At most %(most)s characters are allowed."), {"most": str(LONGEST[name])})
    contact = report.contact.strip()
    if contact and (len(contact) > LONGEST["contact"] or not _ADDRESS.fullmatch(contact)):
        yield Problem("contact", N_("This is not a mail address. Mend it or leave it empty."), {})


def _mark(report: Report) -> str:
    """What makes a form the same when it is sent again: its own mark and all that was typed."""
    parts = (report.once, report.kind, report.page, plain(report.text), plain(report.evidence), report.contact.strip())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _sent(session: Session, once: str) -> Tip | None:
    return session.execute(select(Tip).where(Tip.once == once)).scalar_one_or_none()


# -- for moderators -------------------------------------------------------------------------------------------


def listed(by: Actor, state: str = "open", kind: str = "", page: int = 1) -> tuple[list[Tip], int]:
    """A page of the tips a moderator handles – the most urgent first, closed ones newest first – and how many."""
    wanted = _within(select(Tip), by)
    wanted = wanted.where(Tip.state.in_(ANSWERS if state == "closed" else OPEN))
    if kind:
        wanted = wanted.where(Tip.kind == kind)
    total = int(db.session.execute(select(func.count()).select_from(wanted.subquery())).scalar_one())
    order = (Tip.closed.desc(), Tip.id.desc()) if state == "closed" else (Tip.due, Tip.id)
    return list(db.session.execute(wanted.order_by(*order).limit(PAGE).offset((page - 1) * PAGE)).scalars()), total


def waiting(by: Actor) -> int:
    """How many tips wait for a moderator."""
    wanted = _within(select(Tip.id), by).where(Tip.state.in_(OPEN))
    return int(db.session.execute(select(func.count()).select_from(wanted.subquery())).scalar_one())


def open_for(session: Session, by: Account, tip_id: int) -> Tip:
    """A tip within a moderator's reach; raises `NotThere`."""
    tip = session.get(Tip, tip_id)
    if tip is None or not permissions.can(by.actor, "handle_tips", Thing(tip.region)):
        raise NotThere(tip_id)
    return tip


def proposals_of(session: Session, tip: Tip) -> list[Proposal]:
    """The proposals that were made of a tip."""
    return list(session.execute(select(Proposal).where(Proposal.tip_id == tip.id).order_by(Proposal.id)).scalars())


def take_up(by: Account, tip_ids: Collection[int]) -> int:
    """Say that tips are being looked into; those that are already stay so. Returns how many are new."""
    session = db.session()
    taken = 0
    for tip_id in tip_ids:
        tip = open_for(session, by, tip_id)
        if tip.state == "new":
            _claim(session, tip, tip.version, state="in_progress", handled_by=by.id)
            acts.record(session, by, "tip_take_up", f"tip {tip.id}")
            taken += 1
    session.commit()
    return taken


def answer(by: Account, seen: Mapping[int, int], state: str, text: str) -> int:
    """Close tips with an answer to their senders, and forget the contacts; returns how many.

    ``seen`` is the version of each tip (by its id) that the moderator saw. All are answered or none. Raises
    `Unfinished` and `Outdated`.
    """
    lacking = []
    if state not in ANSWERS:
        lacking.append(Problem("state", N_("Choose what became of it."), {}))
    if not text.strip():
        lacking.append(Problem("answer", N_("Write an answer to the sender; anybody with the code reads it."), {}))
    if len(text) > LONGEST["answer"]:
        lacking.append(
            Problem("answer", N_("At most %(most)s characters are allowed."), {"most": str(LONGEST["answer"])})
        )
    if lacking:
        raise Unfinished(lacking)
    session = db.session()
    for tip_id, version in seen.items():
        tip = open_for(session, by, tip_id)
        if tip.state not in OPEN:
            session.rollback()
            raise Outdated(f"tip {tip_id} is closed")
        _claim(session, tip, version, state=state, answer=plain(text), closed=stamp(), handled_by=by.id)
        notifications.announce_tip(session, tip, "answered")
        tip.contact = ""
        acts.record(session, by, "tip_answer", f"tip {tip.id}", state)
    session.commit()
    return len(seen)


def extend(by: Account, tip_id: int, version: int, reason: str) -> Tip:
    """Give an answer seven more working days, once, with a reason. Raises `Unfinished` and `Outdated`."""
    if not reason.strip() or len(reason) > LONGEST["reason"]:
        raise Unfinished([Problem("reason", N_("Write why more time is needed."), {})])
    session = db.session()
    tip = open_for(session, by, tip_id)
    if not extendable(tip):
        raise Outdated(f"tip {tip_id} cannot be extended")
    due = working_day(date.fromisoformat(tip.due), EXTENSION_DAYS).isoformat()
    _claim(session, tip, version, state="in_progress", due=due, extended=plain(reason), handled_by=by.id)
    notifications.announce_tip(session, tip, "extended")
    acts.record(session, by, "tip_extend", f"tip {tip.id}")
    session.commit()
    return tip


def extendable(tip: Tip) -> bool:
    """True while a tip waits and was not given more time; personal data never wait longer (UU 27/2022)."""
    return tip.state in OPEN and not tip.extended and tip.kind not in _EVERY_DAY


def propose(by: Account, tip_id: int) -> Proposal:
    """Begin a proposal of a tip: a change of its record, or a new record of its region. Raises `RecordGone`."""
    session = db.session()
    tip = open_for(session, by, tip_id)
    if tip.state not in OPEN:
        raise Outdated(f"tip {tip_id} is closed")
    aim = aim_of(by, tip)
    if aim is None:
        raise RecordGone(tip.subject)
    take_up(by, [tip_id])
    kind, region, record = aim
    return editorial.start(by, kind, region, record, tip=tip.id)


def aim_of(by: Account, tip: Tip) -> tuple[str, str, str] | None:
    """Kind, region and record of the proposal that a tip can become; None where its record does not stand any more.

    A record that was merged is proposed for where it stands now, unless that is out of this person's reach.
    """
    if not tip.subject.startswith("KS-"):
        return "new", tip.region, ""
    found = publications.newest(tip.subject)
    if found is not None and found.merged_into:
        found = publications.newest(publications.stands_in(found))
    if found is None or found.gone:
        return None
    region = str(found.document["region"])
    allowed = permissions.can(by.actor, permissions.act_of("change"), Thing(region, by.agency_id))
    return ("change", region, found.subject) if allowed else None


def _within(wanted: Select[Any], by: Actor) -> Select[Any]:
    """The tips in a moderator's reach: all, or those of their provinces (`permissions.OWN_PROVINCES`)."""
    return wanted.where(func.substr(Tip.region, 1, 2).in_(sorted(by.regions))) if by.regions else wanted


def _claim(session: Session, tip: Tip, version: int, **values: Any) -> None:
    """Change a tip that is still as it was seen; raises `Outdated` when somebody was faster."""
    changed = session.execute(
        update(Tip)
        .where(Tip.id == tip.id, Tip.version == version)
        .values(**values, version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        session.rollback()
        raise Outdated("the tip was changed by somebody else")
    session.refresh(tip)
