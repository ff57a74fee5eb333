"""What falls due by time alone? Reminders, drafts that nobody touches, and what need not be kept any longer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete
from sqlalchemy.orm import Session

from portal import evidence, notifications
from portal.editorial import drafting
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
    yield "old letters forgotten", _forget(session, Letter, Letter.sent < stamp(-LETTERS_KEPT))
    yield "letters given up forgotten", _forget(session, Letter, Letter.given_up < stamp(-LETTERS_KEPT))
    yield "counts of attempts forgotten", _forget(session, Attempt, Attempt.until < stamp(-ATTEMPTS_KEPT))
    yield "old sign-ins forgotten", _forget(session, SignIn, SignIn.begun < stamp(-SIGN_INS_KEPT))


def sweep_files() -> int:
    """Delete uploads that nothing names; returns how many."""
    return evidence.sweep()


def _forget(session: Session, table: Any, condition: ColumnElement[bool]) -> int:
    done = session.execute(delete(table).where(condition).execution_options(synchronize_session=False))
    return int(done.rowcount) if isinstance(done, CursorResult) else 0
