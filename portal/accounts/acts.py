"""What did staff do? One line in the log for each act; the log is only ever added to."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.extensions import stamp
from portal.models import Account, Act

DETAIL_LENGTH = 500


def record(
    session: Session, by: Account | None, what: str, about: str = "", detail: str = "", address: str = ""
) -> Act:
    """Add an act to the log; the caller commits it together with the act itself.

    ``what`` is a code such as ``sign_in``, ``about`` names the thing (``account 7``, ``proposal 12``), ``detail`` says
    more in plain words, never a password, token or code; ``by`` None is the command line or somebody unknown.
    """
    act = Act(
        at=stamp(), by=by.id if by else None, role=by.role if by else "", what=what, about=_clean(about),
        detail=_clean(detail), address=_clean(address),
    )  # fmt: skip
    session.add(act)
    return act


def _clean(text: str) -> str:
    """One line without control characters, so that nothing forges a second entry."""
    return "".join(character if character.isprintable() else " " for character in text)[:DETAIL_LENGTH]
