"""What falls due by time alone? Reminders, drafts that nobody touches, and what need not be kept any longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete
from sqlalchemy.orm import Session

from portal import evidence, mailing, notifications
from portal.editorial import drafting, withheld
from portal.extensions import stamp
from portal.models import Attempt, Letter, SignIn

LETTERS_KEPT, ATTEMPTS_KEPT, SIGN_INS_KEPT = timedelta(days=30), timedelta(days=1), timedelta(days=365)


def remind(session: Session, today: date) -> Iterator[tuple[str, int]]:
    """Tell what is due, close what is over, forget what is old; yields what was done and how often.

    Each step stands for itself and may be done again; all of it twice a day does no more than once. Steps that the
    session holds are the caller's to commit.
    """
    yield "drafts closed after 90 days", drafting.expire()
    yield "authors told that a draft will be closed", notifications.warn_of_expiry(session)
    yield "messages from the public past their promised day", notifications.warn_of_overdue(session, today)
    yield "moderators told that something withheld is to be looked at again", _tell_of_reviews(session, today)
    yield "old letters forgotten", _forget(session, Letter, Letter.sent < stamp(-LETTERS_KEPT))
    yield "letters given up forgotten", _forget(session, Letter, Letter.given_up < stamp(-LETTERS_KEPT))
    to_senders = Letter.once.startswith(mailing.ANONYMOUS) & (Letter.created < stamp(-LETTERS_KEPT))
    yield "letters to senders of tips forgotten", _forget(session, Letter, to_senders)
    yield "counts of attempts forgotten", _forget(session, Attempt, Attempt.until < stamp(-ATTEMPTS_KEPT))
    yield "old sign-ins forgotten", _forget(session, SignIn, SignIn.begun < stamp(-SIGN_INS_KEPT))


def _tell_of_reviews(session: Session, today: date) -> int:
    """Tell of what fell due while its letters are still kept, which is what keeps them from being written twice."""
    fresh = [one for one in withheld.due(session, today) if today - one.review_on < LETTERS_KEPT]
    return sum(notifications.tell_of_review(session, one.subject, one.region, one.review_on) for one in fresh)


def sweep_files() -> int:
    """Delete uploads that nothing names; returns how many."""
    return evidence.sweep()


def _forget(session: Session, table: Any, condition: ColumnElement[bool]) -> int:
    done = session.execute(delete(table).where(condition).execution_options(synchronize_session=False))
    return int(done.rowcount) if isinstance(done, CursorResult) else 0
