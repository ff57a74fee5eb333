"""What do the tests of proposals share? Drafts made as the form makes them, sent, returned and published.

The record is one of Kabupaten Sragen, where `people.stranger` works.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from portal import amending, editorial, publications
from portal.editorial import Choice, Ruling
from portal.editorial.deciding import decidable
from portal.extensions import db
from portal.models import Account, Proposal
from tests.people import Person

RECORD = "KS-0005"
Draft = Callable[..., int]


def drafts(app: Any) -> Draft:
    """`begin(person, sectors=[…])`: the number of a draft that changes `RECORD`; ``send`` sends it."""

    def begin(who: Person, send: bool = False, kind: str = "change", note: str = "", **parts: Any) -> int:
        with app.app_context():
            by, newest = db.session.get_one(Account, who.id), publications.newest(RECORD)
            assert newest is not None
            new = copy.deepcopy(dict(newest.document)) | (parts or {"sectors": ["tourism"]})
            draft = editorial.start(by, kind, newest.document["region"], RECORD)
            edits = [] if kind == "withdraw" else amending.edits(newest.document, new)
            editorial.save(by, draft.id, [], edits, note)
            if send:
                editorial.submit(by, draft.id)
            number = draft.id
            db.session.remove()
        return number

    return begin


def state_of(app: Any, number: int) -> str:
    """Where a proposal is."""
    with app.app_context():
        state = db.session.get_one(Proposal, number).state
        db.session.remove()
    return state


def decided(app: Any, who: Person, number: int, verdict: str, comment: str = "") -> None:
    """A moderator says the same of every field of a proposal; the comment stands at the first."""
    with app.app_context():
        by, proposal = db.session.get_one(Account, who.id), db.session.get_one(Proposal, number)
        stands = editorial.standing(db.session(), proposal)
        asked = decidable(stands)
        choices = {edit.key: Choice(verdict, comment if edit is asked[0] else "") for edit in asked}
        note = "Mohon dilengkapi." if verdict != "accept" else ""
        ruling = Ruling(proposal.version, stands.number, choices, "", note, "Bidang baru.", "Jelas.")
        editorial.decide(by, number, ruling)
        db.session.remove()
