"""Can one of several sources be left out, and does nothing name it afterwards?"""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from portal import amending, editorial
from portal.editorial import Choice, Incomplete, Ruling, standing
from portal.extensions import db
from portal.models import Decision, Proposal
from tests.work import test_deciding
from tests.work.test_deciding import changed, document, last, on_file, propose, ruled

desk = test_deciding.desk
VISIT = {"class": "follow_up", "kind": "visit", "date": "2026-03", "title": {"id": "Kunjungan"}}


def proven_twice() -> dict[str, Any]:
    """The record with a visit and another summary that stand on two new sources each."""
    after = changed()
    after["sources"].append({"key": "u1s2", "title": "Kabar lain", "kind": "agency_statement", "grade": "D"})
    after["events"][-1] = {**VISIT, "sources": ["u1s1", "u1s2"]}
    after.setdefault("claims", []).extend({"field": "summary", "source": key} for key in ("u1s1", "u1s2"))
    return after


def refusing(proposal: Proposal, *keys: str) -> dict[str, Choice]:
    """Everything accepted but some sources."""
    stands = standing(db.session(), proposal)
    refused = {edit.key for key, edit in amending.added_sources(stands.edits).items() if key in keys}
    return {edit.key: Choice("reject" if edit.key in refused else "accept") for edit in stands.edits}


def ruling(proposal: Proposal, *keys: str) -> Ruling:
    return replace(ruled(proposal), choices=refusing(proposal, *keys))


def test_a_source_that_is_left_out_is_named_nowhere(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, proven_twice())
    file = on_file(desk.clerk, proposal)
    assert editorial.decide(desk.moderator, proposal.id, ruling(proposal, "u1s1")).state == "published"
    told = json.dumps(document())
    assert "u1s1" not in told
    assert document()["events"][-1]["sources"] == ["u1s2"]
    assert {"field": "summary", "source": "u1s2"} in document()["claims"]
    assert (json.loads(last().evidence), file.subject) == ([], "")
    decision = db.session.query(Decision).filter_by(proposal_id=proposal.id).order_by(Decision.id.desc()).first()
    assert decision is not None
    assert "reject" in {choice.get("verdict") for choice in json.loads(decision.fields).values()}


def test_one_source_has_to_stay_and_the_author_is_told_why(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, proven_twice())
    with pytest.raises(Incomplete) as refused:
        editorial.decide(desk.moderator, proposal.id, ruling(proposal, "u1s1", "u1s2"))
    assert [one.path for one in refused.value.problems] == ["left-u1s1"]
    untold = replace(ruling(proposal, "u1s2"), note="")
    with pytest.raises(Incomplete) as refused:
        editorial.decide(desk.moderator, proposal.id, untold)
    assert [one.path for one in refused.value.problems] == ["note"]


def test_nothing_is_published_that_has_no_source_left(desk: SimpleNamespace) -> None:
    after = proven_twice()
    after["events"][-1] = {**VISIT, "sources": ["u1s1"]}
    proposal = propose(desk.clerk, after)
    with pytest.raises(Incomplete) as refused:
        editorial.decide(desk.moderator, proposal.id, ruling(proposal, "u1s1"))
    assert [one.path for one in refused.value.problems] == ["left-u1s1"], "the visit has no other"
    assert editorial.decide(desk.moderator, proposal.id, ruling(proposal, "u1s2")).state == "published"


def test_another_title_is_told_to_the_author_and_kept(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, proven_twice())
    titled = {"u1s1": {"title": "Laporan dinas, Maret 2026"}}
    with pytest.raises(Incomplete) as refused:
        editorial.decide(desk.moderator, proposal.id, replace(ruled(proposal), sources=titled, note=""))
    assert [one.path for one in refused.value.problems] == ["note"]
    editorial.decide(desk.moderator, proposal.id, replace(ruled(proposal), sources=titled))
    decision = db.session.query(Decision).filter_by(proposal_id=proposal.id).order_by(Decision.id.desc()).first()
    assert decision is not None
    assert "Laporan dinas, Maret 2026" in decision.fields
    assert "Laporan dinas, Maret 2026" in json.dumps(document())


def test_what_goes_back_takes_the_source_along(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, proven_twice())
    stands = standing(db.session(), proposal)
    choices = refusing(proposal, "u1s1")
    choices |= {edit.key: Choice("return", "Kapan tepatnya?") for edit in stands.edits if edit.top == "events"}
    made = replace(ruled(proposal), choices=choices)
    assert editorial.decide(desk.moderator, proposal.id, made).state == "returned"
    db.session.refresh(proposal)
    assert "u1s1" not in json.dumps(document())
    assert set(amending.added_sources(proposal.found)) == {"u1s1"}, "the other one is published"
