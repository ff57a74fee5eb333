"""What is published, when, by which office and why? The append-only chain of revisions."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import Base


class Revision(Base):
    """One published document, whole, as canonical JSON, chained to the revision before it (`portal.ledger`).

    ``time`` is UTC, ISO 8601 to the second. ``role`` and ``office`` name who published, ``proposed_role`` and
    ``proposed_office`` who proposed it, never a person. ``base`` is the number of the revision the change was made
    from. ``act`` is publish, withdraw or merge; the document of the latter two is ``null``, and ``merged_into`` names
    the record to read instead. ``evidence`` lists the SHA-256 of the files behind it (JSON). ``hash`` is over the whole
    envelope with ``previous``.
    """

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("subject", "number"),
        Index(
            "ix_revision_merged_into", "merged_into", "subject",
            postgresql_where=text("merged_into <> ''"), sqlite_where=text("merged_into <> ''"),
        ),
        Index(
            "ix_revision_later", "seq",
            postgresql_where=text("NOT (role = 'initial_import' AND number = 1)"),
            sqlite_where=text("NOT (role = 'initial_import' AND number = 1)"),
        ),
    )  # fmt: skip

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
    merged_into: Mapped[str] = mapped_column(server_default="")
    proposed_role: Mapped[str] = mapped_column(server_default="")
    proposed_office: Mapped[str] = mapped_column(server_default="")
    evidence: Mapped[str] = mapped_column(server_default="[]")
    hash: Mapped[str] = mapped_column(unique=True)
