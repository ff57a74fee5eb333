"""What does a page need to know of one proposal? The proposal beside what is published, through one person's eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal import evidence, moderation, permissions, publications
from portal.amending import Edit
from portal.editorial import Standing, open_for, standing
from portal.editorial.standing import at, blank
from portal.extensions import db
from portal.models import Account, Evidence, Proposal
from portal.record import Document
from portal.web.proposals import telling
from portal.web.source_files import size
from portal.web.voice import Voice, voice

_TYPES = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}


@dataclass(frozen=True, slots=True)
class Case:
    """A proposal as one person reads it; ``before`` and ``edits`` are what its rows are made from."""

    reader: Account
    proposal: Proposal
    stands: Standing
    before: Document
    edits: Sequence[Edit]
    voice: Voice

    @property
    def own(self) -> bool:
        """True for the author."""
        return self.proposal.author_id == self.reader.id

    @property
    def writable(self) -> bool:
        """True where the reader may still write in it."""
        return self.own and self.proposal.state in moderation.WITH_AUTHOR

    @property
    def names(self) -> str:
        """What it is about."""
        document = self.stands.document or (self.before if self.stands.gone else self.stands.proposed) or self.before
        return telling.names(self.proposal, document, self.voice)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What is proposed, one row for each edit that is decided on."""
        return telling.rows(self.proposal, self.before, self.edits, self.voice)

    def may(self, act: str) -> bool:
        """Whether the reader may do something with it."""
        return permissions.can(self.reader.actor, act, self.proposal.thing)


def read(by: Account, proposal_id: int) -> Case:
    """The proposal, if it is one this person may see; raises `editorial.NotThere`.

    One that is still open is held against what is published now (or was last, where the record does not stand any
    more), one that is closed against what it was made from.
    """
    session = db.session()
    proposal = open_for(session, by, proposal_id)
    stands = standing(session, proposal)
    before, edits = stands.ground, stands.open
    if proposal.state in moderation.CLOSED:
        before = at(session, proposal.subject, proposal.base) or blank(proposal)
        edits = list(stands.edits)
    elif stands.is_over(proposal.kind):
        last = publications.newest(proposal.subject)
        before, edits = last.document if last else before, list(stands.edits)
    return Case(by, proposal, stands, before, edits, voice())


def files(session: Session, proposal: Proposal) -> list[dict[str, Any]]:
    """The files that were sent with a proposal."""
    return [_file(one) for one in evidence.of(session, proposal.id)]


def _file(one: Evidence) -> dict[str, Any]:
    pages = ngettext("%(num)s page", "%(num)s pages", one.pages) if one.pages else ""
    about = [_TYPES.get(one.mimetype, one.mimetype), pages, size(one.size)]
    return {
        "id": one.id,
        "name": one.name,
        "about": ", ".join(text for text in about if text),
        "sha256": one.sha256,
        "source": one.source,
        "url": url_for("evidence_files.own", proposal_id=one.proposal_id, evidence_id=one.id),
    }
