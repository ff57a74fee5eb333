"""Is a publication taken back only by the one who made it, in time, and as a new revision?"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from portal import editorial, evidence, ledger, publications
from portal.editorial import Choice, Conflicting, Outdated, acting, undoing
from portal.editorial.standing import at
from portal.extensions import db
from portal.ledger import Author
from portal.models import Proposal
from tests.work import test_deciding
from tests.work.test_deciding import SUBJECT, changed, document, numbers, on_file, propose, ruled

desk = test_deciding.desk


def test_a_publication_is_undone_as_a_new_revision(desk: SimpleNamespace) -> None:
    was, proposal = document(), propose(desk.clerk, changed())
    editorial.decide(desk.moderator, proposal.id, ruled(proposal))
    before = numbers()
    outcome = editorial.undo(desk.moderator, proposal.id)
    assert (outcome.state, document(), numbers()) == ("submitted", was, before + 1)
    assert editorial.decide(desk.moderator, proposal.id, ruled(proposal)).state == "published"


def test_what_the_region_supports_is_supported_again_after_an_undo(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    editorial.endorse(desk.coordinator, proposal.id, proposal.version)
    editorial.decide(desk.moderator, proposal.id, ruled(proposal))
    assert editorial.undo(desk.moderator, proposal.id).state == "endorsed"
    assert proposal.endorsed_by == desk.coordinator.id
    assert editorial.decide(desk.moderator, proposal.id, ruled(proposal)).state == "published"


def test_only_the_one_who_published_undoes_and_only_for_ten_minutes(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = propose(desk.clerk, changed())
    editorial.decide(desk.moderator, proposal.id, ruled(proposal))
    with pytest.raises(Outdated):
        editorial.undo(desk.second, proposal.id)
    monkeypatch.setattr(undoing, "UNDO_MINUTES", 0)  # as if the ten minutes were over
    with pytest.raises(Outdated):
        editorial.undo(desk.moderator, proposal.id)


def test_a_file_that_was_published_is_the_authors_again(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    file = on_file(desk.clerk, proposal)
    editorial.decide(desk.moderator, proposal.id, ruled(proposal, sources={"u1s1": {"disclosure": "public"}}))
    assert (file.subject, file.disclosure) == (SUBJECT, "public")
    editorial.undo(desk.moderator, proposal.id)
    db.session.refresh(file)
    assert (file.subject, file.disclosure) == ("", "metadata_only")
    editorial.decide(desk.moderator, proposal.id, ruled(proposal, "return"))
    evidence.remove(desk.clerk, proposal.id, file.id)
    assert evidence.of(db.session(), proposal.id) == []


def test_what_others_changed_since_is_not_undone_with_it(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    editorial.decide(desk.moderator, proposal.id, ruled(proposal))
    editorial.publish("cooperation", document() | {"legal_form": "ksdpl_other"}, Author("moderator", "Kantor"))
    with pytest.raises(Conflicting):
        editorial.undo(desk.moderator, proposal.id)


def test_a_new_record_that_is_undone_leaves_a_tombstone_and_its_number_is_not_used_again(desk: SimpleNamespace) -> None:
    after = document()
    del after["id"]
    proposal = propose(desk.clerk, after, "new", subject="")
    first = editorial.decide(desk.moderator, proposal.id, ruled(proposal)).subject
    editorial.undo(desk.moderator, proposal.id)
    assert at(db.session(), first, 2) is None
    second = editorial.decide(desk.moderator, proposal.id, ruled(proposal)).subject
    assert int(second[3:]) == int(first[3:]) + 1


def test_what_two_had_to_agree_on_is_not_undone_by_one(desk: SimpleNamespace) -> None:
    proposal = propose(desk.moderator, None, "withdraw", note="Keliru.")
    editorial.decide(desk.second, proposal.id, ruled(proposal))
    with pytest.raises(Outdated):
        editorial.undo(desk.second, proposal.id)
    assert publications.newest(proposal.subject).act == "withdraw"  # type: ignore[union-attr]


def parted(desk: SimpleNamespace, kind: str = "change") -> Proposal:
    """A proposal of which the summary is published and the rest went back."""
    after = changed()
    if kind == "new":
        del after["id"]
    proposal = propose(desk.clerk, after, kind, **({"subject": ""} if kind == "new" else {}))
    back = Choice("return", "Sertakan bukti.")
    tops = {edit.top for edit in proposal.found}
    verdicts = {top: back if top == "events" else Choice("accept") for top in tops}
    editorial.decide(desk.moderator, proposal.id, ruled(proposal, verdicts))
    assert proposal.state == "returned"
    return proposal


@pytest.mark.parametrize("kind", ["change", "new"])
def test_what_was_published_in_part_is_undone_and_the_proposal_is_whole_again(desk: SimpleNamespace, kind: str) -> None:
    was, proposal = document(), parted(desk, kind)
    published, left = proposal.subject, len(proposal.found)
    assert editorial.undo(desk.moderator, proposal.id).state == "submitted"
    assert (proposal.kind, proposal.subject) == (kind, SUBJECT if kind == "change" else "")
    assert len(proposal.found) > left
    assert (document() if kind == "change" else at(db.session(), published, 2)) == (was if kind == "change" else None)
    assert editorial.decide(desk.second, proposal.id, ruled(proposal)).state == "published"


def test_what_went_back_is_not_taken_from_an_author_who_mended_it(desk: SimpleNamespace) -> None:
    proposal = parted(desk)
    editorial.save(desk.clerk, proposal.id, [("summary-id", "Baru")])
    assert undoing.undoable(db.session(), desk.moderator, proposal) is None
    with pytest.raises(Outdated):
        editorial.undo(desk.moderator, proposal.id)


def test_a_proposal_that_was_only_returned_has_nothing_to_undo(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    editorial.decide(desk.moderator, proposal.id, ruled(proposal, whole="return"))
    with pytest.raises(Outdated):
        editorial.undo(desk.moderator, proposal.id)


def test_an_undo_has_a_note_for_every_language_and_nobody_proposed_it(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    editorial.decide(desk.moderator, proposal.id, ruled(proposal))
    editorial.undo(desk.moderator, proposal.id)
    made = publications.newest(SUBJECT)
    assert made is not None
    assert (made.note, made.proposed_role, made.proposed_office) == (ledger.UNDONE, "", "")


def test_undoing_that_a_withdrawn_record_was_brought_back_withdraws_it_again(desk: SimpleNamespace) -> None:
    gone = propose(desk.moderator, None, "withdraw", note="Keliru.")
    editorial.decide(desk.second, gone.id, ruled(gone))
    back = acting.ask_restoring(desk.moderator, SUBJECT, 1, "Ternyata benar.")
    editorial.decide(desk.second, back.id, ruled(back))
    editorial.undo(desk.second, back.id)
    assert back.subject == SUBJECT
    assert at(db.session(), SUBJECT, 4) is None
