"""Who is told what? Letters written in the same transaction as the move they tell of."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.models import Decision, Message, Proposal


def announce(session: Session, proposal: Proposal, decision: Decision) -> None:
    """Write the letters that a move causes."""


def announce_message(session: Session, proposal: Proposal, message: Message) -> None:
    """Write the letters that a message causes."""
