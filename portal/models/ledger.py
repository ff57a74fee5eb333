"""What is published, when, by which office and why? The append-only chain of revisions."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import Base


class Revision(Base):
    """One published document, whole, as canonical JSON, chained to the revision before it (`portal.ledger`).

    ``time`` is UTC, ISO 8601 to the second. ``role`` and ``office`` name who published, never a person. ``base`` is the
    number of the revision the change was made from. ``hash`` is over the whole envelope with ``previous``.
    """

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("subject", "number"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    time: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    kind: Mapped[str]
    number: Mapped[int]
    base: Mapped[int | None]
    act: Mapped[str]
    role: Mapped[str]
    office: Mapped[str]
    note: Mapped[str]
    document: Mapped[str]
    document_hash: Mapped[str]
    before_hash: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
