"""Is a publication taken back only by the one who made it, in time, and as a new revision?"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from portal import editorial
from portal.editorial import Conflicting, Outdated, undoing
from portal.editorial.standing import at
from portal.extensions import db
from portal.ledger import Author
from tests.work import test_deciding
from tests.work.test_deciding import changed, document, numbers, propose, ruled

desk = test_deciding.desk


def test_a_publication_is_undone_as_a_new_revision(desk: SimpleNamespace) -> None:
    was, proposal = document(), propose(desk.clerk, changed())
    editorial.decide(desk.moderator, proposal.id, ruled(proposal))
    before = numbers()
    outcome = editorial.undo(desk.moderator, proposal.id)
    assert (outcome.state, document(), numbers()) == ("submitted", was, before + 1)
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


def test_a_withdrawal_that_is_undone_brings_the_record_back(desk: SimpleNamespace) -> None:
    was, proposal = document(), propose(desk.moderator, None, "withdraw", note="Keliru.")
    editorial.decide(desk.second, proposal.id, ruled(proposal))
    editorial.undo(desk.second, proposal.id)
    assert document() == was
