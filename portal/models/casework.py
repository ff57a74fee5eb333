"""What lies on the desk? Proposals with their decisions, messages and evidence; tips, letters and acts of staff."""

from __future__ import annotations

import json

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import amending
from portal.amending import Edit
from portal.extensions import Base
from portal.models.flags import flag
from portal.models.people import Account, Agency
from portal.permissions import Thing


class Proposal(Base):
    """What somebody proposes: the fields as typed, the edits they come to, and the revision they were made from.

    ``typed`` is the form as it was filled in (JSON: a list of name and value), ``edits`` what changed (JSON,
    `amending.stored`), ``base`` the number of the revision within the subject (0: nothing published yet). ``target``
    is what some kinds name besides: the record to merge into, the revision to bring back, the text to withhold.
    ``version`` rises with every change: who decides on an older one is refused.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_state", "state", "submitted"),
        Index("ix_proposal_subject", "subject", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str]
    region: Mapped[str]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    author_role: Mapped[str]
    base: Mapped[int]
    target: Mapped[str]
    typed: Mapped[str]
    edits: Mapped[str]
    note: Mapped[str]
    state: Mapped[str]
    version: Mapped[int]
    created: Mapped[str]
    changed: Mapped[str]
    submitted: Mapped[str | None]
    endorsed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    endorsed_at: Mapped[str | None]
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[str | None]
    expiry_told: Mapped[bool] = flag("expiry_told")
    tip_id: Mapped[int | None] = mapped_column(ForeignKey("tip.id"))

    author: Mapped[Account] = relationship(foreign_keys=[author_id], lazy="joined", innerjoin=True)
    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)
    endorser: Mapped[Account | None] = relationship(foreign_keys=[endorsed_by])
    opener: Mapped[Account | None] = relationship(foreign_keys=[opened_by])

    @property
    def document_kind(self) -> str:
        """The kind of document it changes: ``cooperation`` or ``region``."""
        return "cooperation" if self.kind == "new" or self.subject.startswith("KS-") else "region"

    @property
    def thing(self) -> Thing:
        """The proposal as `permissions` sees it."""
        parties = frozenset(one for one in (self.author_id, self.endorsed_by) if one is not None)
        return Thing(self.region, self.agency_id, self.author_id, parties)

    @property
    def found(self) -> list[Edit]:
        """Its edits."""
        return amending.restored(json.loads(self.edits))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The form as it was typed; empty where it is to be filled from the edits."""
        return [(name, value) for name, value in json.loads(self.typed)]


class Decision(Base):
    """One move that was made, kept as it was: append-only.

    ``fields`` holds verdict, comment and value of each edit (JSON); ``note`` is for the author, ``change_note`` for the
    public, ``reason`` for the file; ``revision`` is the number in the ledger that a publication got.
    """

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    move: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str]
    office: Mapped[str]
    at: Mapped[str] = mapped_column(index=True)
    fields: Mapped[str]
    note: Mapped[str]
    change_note: Mapped[str]
    reason: Mapped[str]
    revision: Mapped[int | None]


class Message(Base):
    """One message between the author of a proposal and the moderators."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str]
    office: Mapped[str]
    at: Mapped[str]
    text: Mapped[str]


class Evidence(Base):
    """A file that proves something: cleaned, kept outside of the web folders under a random name.

    ``sha256``, ``size`` (bytes) and ``pages`` are those of the cleaned file. ``source`` is the key of the source it
    stands behind in the document. ``disclosure`` (vocabulary.DISCLOSURES) is a moderator's; only ``public`` files of
    published proposals are served to everybody.
    """

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    uploaded: Mapped[str]
    name: Mapped[str]
    stored: Mapped[str] = mapped_column(unique=True)
    mimetype: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    pages: Mapped[int | None]
    source: Mapped[str]
    disclosure: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    removed: Mapped[str | None]


class Tip(Base):
    """What anyone sent in: never shown before a moderator made a proposal of it.

    ``contact`` is private and emptied when the case is closed; ``once`` is the form's own mark, so that a form sent
    twice is one tip.
    """

    __tablename__ = "tip"
    __table_args__ = (
        Index("ix_tip_state", "state", "due"),
        Index("ix_tip_created", "created"),
        Index("ix_tip_closed", "closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    once: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    region: Mapped[str]
    page: Mapped[str]
    text: Mapped[str]
    evidence: Mapped[str]
    contact: Mapped[str]
    language: Mapped[str]
    state: Mapped[str]
    version: Mapped[int]
    created: Mapped[str]
    due: Mapped[str]
    extended: Mapped[str]
    answer: Mapped[str]
    closed: Mapped[str | None]
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Letter(Base):
    """A mail that waits to be sent, or was: written in the same transaction as what it tells of."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_waiting", "sent", "next_try"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created: Mapped[str]
    next_try: Mapped[str]
    tries: Mapped[int]
    sent: Mapped[str | None]
    given_up: Mapped[str | None]
    problem: Mapped[str]


class Act(Base):
    """One act of staff or of the command line: append-only. ``what`` is a code such as ``sign_in`` or ``invite``."""

    __tablename__ = "act"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(index=True)
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    what: Mapped[str]
    about: Mapped[str]
    detail: Mapped[str]
    address: Mapped[str]
