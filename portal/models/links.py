"""Which web addresses do records cite, and what came of asking for them? No part of the record, nor of its index."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import Base


class Link(Base):
    """A web address that a record, a region's note or an open proposal cites, and what came of asking for it.

    ``digest`` is the SHA-256 of the address, ``outcome`` one of `visits.known.OUTCOMES` ("" until it is asked),
    ``code`` the HTTP status, ``target`` where it leads on to. ``failures`` counts how often in a row it did not open,
    ``failing_since`` when that began. From ``due`` on it may be asked again.
    """

    __tablename__ = "link"

    digest: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    first_asked: Mapped[str | None]
    last_asked: Mapped[str | None]
    outcome: Mapped[str]
    code: Mapped[int | None]
    target: Mapped[str]
    failing_since: Mapped[str | None] = mapped_column(index=True)
    failures: Mapped[int]
    due: Mapped[str] = mapped_column(index=True)


class LinkWork(Base):
    """How far the work on links is; always one row.

    ``changes`` rises with everything that public pages say of links. ``read`` is the last revision whose addresses
    were taken down, ``swept`` when those were last let go that nobody cites. ``busy_until`` keeps a second run away.
    """

    __tablename__ = "link_work"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    changes: Mapped[int]
    read: Mapped[int]
    swept: Mapped[str]
    busy_until: Mapped[str]
