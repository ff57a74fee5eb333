"""How does a proposal move in tests that need no page? Straight through `portal.editorial`, as somebody of `people`.

All of it is about KS-0005, a record of Kabupaten Sragen; the application context is the caller's.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from portal import amending, editorial, publications
from portal.editorial import Choice, Outcome, Ruling, deciding
from portal.extensions import db
from portal.models import Account, Proposal
from tests.people import SRAGEN, Person, agency, person

SUBJECT = "KS-0005"
NOTE = "Terima kasih, sudah kami periksa."
PUBLIC = "Diperbarui menurut keterangan instansi."


def section(app: Any, name: str = "section") -> Person:
    """A coordinator of Sragen, where the record is."""
    return person(app, name, "coordinator", agency(app, "Bagian Kerja Sama Sragen", SRAGEN), SRAGEN)


def account(who: Person) -> Account:
    """The account of somebody of the tests."""
    found = db.session.get(Account, who.id)
    assert found is not None
    return found


def document(subject: str = SUBJECT) -> dict[str, Any]:
    """What the newest revision says, to be changed."""
    found = publications.newest(subject)
    assert found is not None
    return deepcopy(dict(found.document))


def drafted(who: Person, summary: str, subject: str = SUBJECT) -> Proposal:
    """A draft that gives the record another summary."""
    by, after = account(who), document(subject)
    after["summary"] = {**after.get("summary", {}), "id": summary}
    begun = editorial.start(by, "change", SRAGEN, subject)
    editorial.save(by, begun.id, [("summary-id", summary)], amending.edits(document(subject), after))
    return begun


def sent(who: Person, summary: str, subject: str = SUBJECT) -> Proposal:
    """The same, sent."""
    return editorial.submit(account(who), drafted(who, summary, subject).id)


def ruling(proposal: Proposal, verdict: str = "accept", whole: str = "", note: str = NOTE) -> Ruling:
    """One verdict for all fields of a proposal as it stands now."""
    stands = editorial.standing(db.session(), proposal)
    choices = {edit.key: Choice(verdict) for edit in deciding.decidable(stands)} if not whole else {}
    given = {"note": note, "change_note": PUBLIC, "reason": "Bukti sudah cukup."}
    return Ruling(version=proposal.version, base=stands.number, choices=choices, whole=whole, **given)


def decided(who: Person, proposal: Proposal, verdict: str = "accept", whole: str = "", note: str = NOTE) -> Outcome:
    """A decision on all of a proposal."""
    return editorial.decide(account(who), proposal.id, ruling(proposal, verdict, whole, note))
