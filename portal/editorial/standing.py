"""How does a proposal stand against what is published now? The newest revision, and which edits still fit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import amending
from portal.amending import Edit
from portal.models import Proposal, Revision, Version
from portal.record import Document
from portal.terms import N_
from portal.validation import Problem


class Outdated(Exception):
    """Somebody else was faster: the proposal or the record is not what was decided on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposal beside the newest revision of its subject.

    ``number`` is that revision's (0: nothing published), ``document`` what it says (None also for a tombstone),
    ``state`` tells for each edit's key whether it fits, is done already or conflicts.
    """

    number: int
    document: Document | None
    gone: bool
    edits: tuple[Edit, ...]
    state: Mapping[str, str]

    @property
    def ground(self) -> Document:
        """What the edits are laid on."""
        return self.document or {}

    @property
    def open(self) -> list[Edit]:
        """The edits that would change something."""
        return [edit for edit in self.edits if self.state[edit.key] != amending.DONE]

    @property
    def conflicts(self) -> list[Edit]:
        """The edits that ask for a decision, because others changed the same since."""
        return [edit for edit in self.edits if self.state[edit.key] == amending.CONFLICTS]

    def is_over(self, kind: str) -> bool:
        """True where the record does not stand any more, so that a proposal of this kind can only be turned down."""
        return self.gone and kind != "restore"

    @property
    def proposed(self) -> dict[str, Any]:
        """The document as it would be with all edits."""
        return amending.applied(self.ground, self.open)


def standing(session: Session, proposal: Proposal) -> Standing:
    """How a proposal stands now."""
    return laid_on(proposal, *newest(session, proposal.subject))


def laid_on(proposal: Proposal, number: int, document: Document | None) -> Standing:
    """How a proposal stands on a revision: its number and document, 0 and None where nothing is published."""
    edits = tuple(proposal.found)
    ground = document if document is not None else blank(proposal)
    state = {edit.key: amending.fit(ground, edit) for edit in edits}
    return Standing(number, ground if ground else None, number > 0 and document is None, edits, state)


def newest(session: Session, subject: str) -> tuple[int, Document | None]:
    """Number and document of a subject's newest revision; (0, None) where nothing is published."""
    row = session.execute(
        select(Revision.number, Revision.document)
        .where(Revision.subject == subject)
        .order_by(Revision.number.desc())
        .limit(1)
    ).first()
    return (row.number, json.loads(row.document)) if row else (0, None)


def at(session: Session, subject: str, number: int) -> Document | None:
    """The document of one revision; None for a tombstone or where there is none."""
    found = session.execute(
        select(Revision.document).where(Revision.subject == subject, Revision.number == number)
    ).scalar_one_or_none()
    return json.loads(found) if found is not None else None


def blank(proposal: Proposal) -> dict[str, Any]:
    """What a document holds before anything is said: the region of a region's note, nothing of a new record."""
    return {"region": proposal.region} if proposal.document_kind == "region" else {}


def strays(proposal: Proposal, document: Document) -> list[Problem]:
    """What is wrong where a document is not about the proposal's own subject and region: rights hang on both."""
    name = "id" if proposal.document_kind == "cooperation" else "region"
    other = bool(proposal.subject) and document.get(name) != proposal.subject
    if not other and document.get("region") == proposal.region:
        return []
    return [Problem("region", N_("A proposal cannot move to another record or region."), {})]


def region_of(document: Document | None, subject: str) -> str:
    """The region a published subject belongs to; empty for a tombstone and where nothing is published."""
    return str(document["region"]) if document is not None else "" if subject.startswith("KS-") else subject


def next_record(session: Session) -> str:
    """The number the next new record gets; numbers of withdrawn records are not used again (model §1)."""
    last = session.execute(select(func.max(Version.record_number))).scalar_one()
    return f"KS-{(last or 0) + 1:04d}"
