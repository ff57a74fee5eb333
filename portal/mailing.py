"""How do letters leave the outbox? By SMTP, outside of every request, so that a mail server that is down costs nothing.

A letter is claimed by a conditional update before it is sent, so that of several deliverers one sends it. A server that
cannot be reached is nobody's fault: letters wait for it as long as it takes, those to people without account for thirty
days (`upkeep`). A letter that the server keeps refusing is tried with growing pauses and given up after seven days; one
that is refused for good is given up at once. Of a letter to somebody without account nothing is kept once it is sent or
given up. A deliverer that is killed between the server's answer and the note of it sends that one letter twice, under
the same Message-ID.
"""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import carrier
from portal.carrier import Lost, Parcel, Refused, Unreachable
from portal.extensions import db, moment, reading, stamp, utc_now
from portal.models import Letter

CLAIM = timedelta(minutes=10)  # after which a claimed letter is anybody's again
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=12)
PATIENCE = timedelta(days=7)
OVERDUE = timedelta(days=1)  # after which a letter that waits is worth a warning
LEAST_TRIES = 5  # before anything is given up for being old
LOST_AT_MOST = 2  # connections in one run
ANONYMOUS = "tip-"  # letters to people without account: once sent or given up, nothing of them is kept
_FORGOTTEN = {"recipient": "", "subject": "", "body": "", "problem": ""}


@dataclass(slots=True)
class Report:
    """What came of a delivery: letters sent, put off and given up, and why it ended early."""

    sent: int = 0
    later: int = 0
    given_up: int = 0
    problem: str = ""


def waiting() -> int:
    """How many letters wait to be sent."""
    with reading():
        session = db.session()
        count = session.execute(
            select(func.count()).where(Letter.sent.is_(None), Letter.given_up.is_(None))
        ).scalar_one()
        session.rollback()
    return count


def deliver(limit: int = 100) -> Report:
    """Send what is due, the longest waiting first; each letter in transactions of its own.

    Without a mail server, or a public address for the links (`carrier.missing`), nothing is touched. The caller's
    session must be clean: it is committed here.
    """
    report = Report()
    if carrier.missing():
        return report
    session = db.session()
    server: smtplib.SMTP | None = None
    lost = 0
    try:
        for letter_id in _due(session, limit):
            server = server or carrier.connected()
            letter = _claim(session, letter_id)
            if letter is None:
                continue
            if not _handle(session, server, letter, report):
                server.close()
                server, lost = None, lost + 1
                if lost >= LOST_AT_MOST:
                    break
    except Unreachable as problem:
        report.problem = str(problem)
    if server is not None:
        carrier.goodbye(server)
    return report


def deliver_all() -> Report:
    """Send all that is due, until nothing is left or the server is of no more use."""
    total = Report()
    while True:
        done = deliver()
        total.sent, total.later = total.sent + done.sent, total.later + done.later
        total.given_up, total.problem = total.given_up + done.given_up, done.problem
        if done.problem or not (done.sent or done.given_up):
            return total


def reach() -> str:
    """Why the mail server cannot be used; empty where it can. Nothing is sent."""
    try:
        carrier.goodbye(carrier.connected())
    except Unreachable as problem:
        return str(problem)
    return ""


def again() -> int:
    """Let letters that were given up be tried once more; returns how many."""
    session = db.session()
    values: dict[str, Any] = {"given_up": None, "next_try": stamp(), "tries": 0, "created": stamp()}
    done = session.execute(update(Letter).where(Letter.given_up.is_not(None), Letter.body != "").values(**values))
    session.commit()
    return int(done.rowcount)  # type: ignore[attr-defined]


# -- the outbox -------------------------------------------------------------------------------------------------


def _due(session: Session, limit: int) -> list[int]:
    with reading():
        due = select(Letter.id).where(Letter.sent.is_(None), Letter.given_up.is_(None), Letter.next_try <= stamp())
        found = list(session.execute(due.order_by(Letter.next_try, Letter.id).limit(limit)).scalars())
        session.rollback()
    return found


def _claim(session: Session, letter_id: int) -> Parcel | None:
    """Take a letter that is still due; None where another deliverer was faster."""
    taken = session.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.sent.is_(None), Letter.given_up.is_(None), Letter.next_try <= stamp())
        .values(tries=Letter.tries + 1, next_try=stamp(CLAIM))
        .execution_options(synchronize_session=False)
    )
    columns = (Letter.id, Letter.once, Letter.recipient, Letter.subject, Letter.body, Letter.created, Letter.tries)
    row = session.execute(select(*columns).where(Letter.id == letter_id)).first()
    session.commit()
    return Parcel(*row) if row and taken.rowcount == 1 else None  # type: ignore[attr-defined]


def _handle(session: Session, server: smtplib.SMTP, letter: Parcel, report: Report) -> bool:
    """Send one letter and note what came of it; False where the connection is gone."""
    try:
        carrier.send(server, letter)
    except Refused as problem:
        _put_off(session, letter, str(problem), report, for_good=problem.for_good)
    except Lost as problem:
        _put_off(session, letter, str(problem), report, for_good=False)
        return False
    except Unreachable as problem:
        _note(session, letter, next_try=stamp(_wait(letter.tries)), problem=str(problem))
        report.later += 1
        raise
    else:
        _note(session, letter, **{"sent": stamp(), "problem": "", "body": "", **_forgotten(letter)})
        report.sent += 1
    return True


def _put_off(session: Session, letter: Parcel, problem: str, report: Report, for_good: bool) -> None:
    """Try again later, or never: refused for good, or refused for seven days."""
    age = utc_now() - moment(letter.created)
    if for_good or (age > PATIENCE and letter.tries >= LEAST_TRIES):
        _note(session, letter, **{"given_up": stamp(), "problem": problem, **_forgotten(letter)})
        report.given_up += 1
    else:
        _note(session, letter, next_try=stamp(_wait(letter.tries)), problem=problem)
        report.later += 1


def _forgotten(letter: Parcel) -> dict[str, str]:
    """What is emptied of a letter that is over: nothing more of one to an account."""
    return _FORGOTTEN if letter.once.startswith(ANONYMOUS) else {}


def _wait(tries: int) -> timedelta:
    """One minute after the first try, twice as long after each other one, twelve hours at most."""
    return min(FIRST_WAIT * (1 << min(tries - 1, 12)), LONGEST_WAIT)


def _note(session: Session, letter: Parcel, **values: Any) -> None:
    session.execute(
        update(Letter)
        .where(Letter.id == letter.id, Letter.tries == letter.tries, Letter.sent.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.commit()


# -- beside a server --------------------------------------------------------------------------------------------


def keep_delivering(app: Flask, pause: float = 5, stop: Event | None = None) -> Thread:
    """Deliver every few seconds in a thread that nothing ends; a server that is down is asked less often."""
    over = stop or Event()

    def work() -> None:
        wait = pause
        while not over.wait(wait):
            try:
                with app.app_context():
                    problem = deliver().problem
            except Exception as error:  # whatever happens, the next round comes
                problem = type(error).__name__
            if problem and wait == pause:
                logging.getLogger(__name__).warning("letters wait: %s", problem)
            wait = min(wait * 2, 300) if problem else pause

    thread = Thread(target=work, name="letters", daemon=True)
    thread.start()
    return thread
