"""Do edits lead from one document to another, and do they notice when somebody else was there first?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from itertools import pairwise
from typing import Any

import pytest

from portal import amending, first_records
from portal.amending import CONFLICTS, DONE, FITS, Edit, applied, edits, fit, is_support, with_needed
from portal.record import canonical

DOCUMENTS = list(first_records.cooperations())
REGIONS = list(first_records.regions())
BASE: Mapping[str, Any] = DOCUMENTS[10]


def settled(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without the order of its lists, and without reasons for what is not missing."""
    whole = applied(document, [])
    return {
        name: sorted(json.dumps(item, sort_keys=True) for item in value) if isinstance(value, list) else value
        for name, value in whole.items()
    }


def changed(**values: Any) -> dict[str, Any]:
    return {**deepcopy(dict(BASE)), **values}


def one(path: str, found: list[Edit]) -> Edit:
    return next(edit for edit in found if ".".join(edit.path) == path)


def visit(**values: Any) -> dict[str, Any]:
    event = {"class": "follow_up", "kind": "visit", "date": "2026-05", "title": {"id": "Kunjungan"}, "sources": ["u1"]}
    return {**event, **values}


SOURCE = {"key": "u1", "title": "Surat", "kind": "agency_statement", "grade": "D"}


@pytest.mark.parametrize(("old", "new"), list(pairwise(DOCUMENTS)), ids=lambda document: document["id"])
def test_the_edits_between_two_records_lead_from_one_to_the_other(old: Any, new: Any) -> None:
    assert settled(applied(old, edits(old, new))) == settled(new)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["id"])
def test_a_whole_record_comes_from_nothing(document: Any) -> None:
    assert settled(applied({}, edits({}, document))) == settled(document)


@pytest.mark.parametrize(("old", "new"), list(pairwise(REGIONS)), ids=lambda document: document["region"])
def test_the_notes_of_regions_are_edited_the_same_way(old: Any, new: Any) -> None:
    assert settled(applied(old, edits(old, new, "region"))) == settled(new)


def test_equal_documents_have_no_edits() -> None:
    assert edits(BASE, deepcopy(dict(BASE))) == []


def test_laying_edits_on_a_document_leaves_the_document_as_it_was() -> None:
    before = canonical(BASE)
    applied(BASE, edits(BASE, DOCUMENTS[3]))
    assert canonical(BASE) == before


def test_edits_survive_their_plain_form() -> None:
    found = edits(BASE, DOCUMENTS[3])
    assert amending.restored(json.loads(json.dumps(amending.stored(found)))) == found


def test_the_keys_of_edits_are_used_once() -> None:
    keys = [edit.key for edit in edits(BASE, DOCUMENTS[3])]
    assert len(set(keys)) == len(keys) > 5


def test_a_value_nobody_touched_fits() -> None:
    (edit,) = edits(BASE, changed(title={"id": "Baru"}))
    assert fit(BASE, edit) == FITS


def test_a_value_that_says_so_already_is_done() -> None:
    (edit,) = edits(BASE, changed(title={"id": "Baru"}))
    assert fit(changed(title={"id": "Baru"}), edit) == DONE


def test_a_value_that_somebody_else_changed_conflicts() -> None:
    (edit,) = edits(BASE, changed(title={"id": "Baru"}))
    assert fit(changed(title={"id": "Lain"}), edit) == CONFLICTS


def test_changes_of_two_people_in_different_fields_merge() -> None:
    mine = edits(BASE, changed(title={"id": "Baru"}))
    theirs = changed(sectors=["health"])
    assert [fit(theirs, edit) for edit in mine] == [FITS]
    merged = applied(theirs, mine)
    assert (merged["title"], merged["sectors"]) == ({"id": "Baru"}, ["health"])


def test_two_people_can_add_an_event_each() -> None:
    mine = edits(BASE, changed(events=[*BASE.get("events", []), visit()]))
    theirs = changed(events=[*BASE.get("events", []), visit(date="2026-06")])
    assert [fit(theirs, edit) for edit in mine] == [FITS]
    assert len(applied(theirs, mine)["events"]) == len(BASE.get("events", [])) + 2


def test_the_same_event_is_not_added_twice() -> None:
    mine = edits(BASE, changed(events=[*BASE.get("events", []), visit()]))
    theirs = changed(events=[*BASE.get("events", []), visit()])
    assert [fit(theirs, edit) for edit in mine] == [DONE]


def test_a_field_of_an_item_finds_its_item_again_after_others_moved() -> None:
    step = {"code": "intent", "state": "in_progress", "evidence": "reported"}
    other = {"code": "initiative", "state": "done", "evidence": "reported"}
    before = changed(milestones=[step])
    mine = edits(before, {**before, "milestones": [{**step, "state": "done"}]})
    now = {**before, "milestones": [other, step]}
    assert [fit(now, edit) for edit in mine] == [FITS]
    assert applied(now, mine)["milestones"] == [other, {**step, "state": "done"}]


def test_a_field_of_an_item_that_somebody_else_changed_conflicts() -> None:
    step = {"code": "intent", "state": "in_progress", "evidence": "reported"}
    before = changed(milestones=[step])
    mine = edits(before, {**before, "milestones": [{**step, "state": "done"}]})
    assert fit({**before, "milestones": [{**step, "state": "lapsed"}]}, mine[0]) == CONFLICTS


def test_two_fields_of_one_item_change_the_same_item() -> None:
    event = visit()
    before = changed(events=[event])
    after = {**before, "events": [visit(kind="training", text={"id": "Pelatihan"})]}
    assert applied(before, edits(before, after))["events"] == after["events"]


def test_an_item_that_is_gone_already_is_done() -> None:
    before = changed(events=[visit()])
    (edit,) = [edit for edit in edits(before, changed(events=[])) if edit.top == "events"]
    assert fit(changed(events=[]), edit) == DONE


def test_an_inner_part_that_becomes_empty_disappears() -> None:
    before = changed(term={"months": 12})
    assert "term" not in applied(before, edits(before, {k: v for k, v in before.items() if k != "term"}))


def test_the_reason_of_a_missing_value_goes_when_the_value_comes() -> None:
    without = {name: value for name, value in BASE.items() if name not in {"sectors", "missing"}}
    before = {**without, "missing": [{"field": "sectors", "reason": "not_stated"}]}
    made = applied(before, [Edit("e1", ("sectors",), None, ["health"])])
    assert "missing" not in made


def test_an_accepted_event_brings_its_source_along() -> None:
    found = edits(BASE, changed(events=[*BASE.get("events", []), visit()], sources=[*BASE["sources"], SOURCE]))
    assert {edit.top for edit in with_needed([one("events", found)], found)} == {"events", "sources"}


def test_a_claim_goes_with_the_field_it_is_about_and_brings_its_source() -> None:
    claim = {"field": "sectors", "source": "u1"}
    after = changed(
        sectors=["health"], title={"id": "Baru"}, claims=[*BASE.get("claims", []), claim],
        sources=[*BASE["sources"], SOURCE],
    )  # fmt: skip
    found = edits(BASE, after)
    assert {edit.top for edit in with_needed([one("sectors", found)], found)} == {"sectors", "claims", "sources"}
    assert {edit.top for edit in with_needed([one("title", found)], found)} == {"title"}


def test_what_only_supports_is_not_decided_by_itself() -> None:
    after = changed(events=[*BASE.get("events", []), visit()], sources=[*BASE["sources"], SOURCE])
    found = edits(BASE, after)
    assert {edit.top: is_support(edit, found) for edit in found} == {"events": False, "sources": True}


def test_a_source_that_nothing_names_is_decided_by_itself() -> None:
    found = edits(BASE, changed(sources=[*BASE["sources"], SOURCE]))
    assert [is_support(edit, found) for edit in found] == [False]


def test_the_sources_of_a_changed_item_go_with_the_change() -> None:
    step = {"code": "intent", "state": "in_progress", "evidence": "reported", "sources": []}
    before = changed(milestones=[step])
    after = {
        **before,
        "milestones": [{**step, "state": "done", "sources": ["u1"]}],
        "sources": [*BASE["sources"], SOURCE],
    }
    found = edits(before, after)
    assert {".".join(edit.path): is_support(edit, found) for edit in found} == {
        "milestones.state": False, "milestones.sources": True, "sources": True,
    }  # fmt: skip
    assert len(with_needed([one("milestones.state", found)], found)) == 3


def test_two_people_can_name_a_source_each_for_the_same_item() -> None:
    step = {"code": "intent", "state": "in_progress", "evidence": "reported", "sources": ["s1", "s2"]}
    before = changed(milestones=[step])
    mine = edits(before, {**before, "milestones": [{**step, "sources": ["s2", "u1"]}]})
    now = {**before, "milestones": [{**step, "sources": ["s1", "s2", "u2"]}]}
    assert [fit(now, edit) for edit in mine] == [FITS]
    merged = applied(now, mine)
    assert merged["milestones"][0]["sources"] == ["s2", "u2", "u1"]
    assert [fit(merged, edit) for edit in mine] == [DONE]
