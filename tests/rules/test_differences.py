"""Is every difference between two documents found, once, at the field where it lies?"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given

from portal import differences
from portal.differences import Piece, changes, pieces, unchanged
from portal.record import FIELDS, Field
from tests.cooperations import LOI, STUDY, event, record, records, said, source, step

Part = dict[str, Any]


def told(old: Part, new: Part) -> list[tuple[str, str]]:
    return [(change.path, change.kind) for change in changes(old, new)]


def edited(old: Part, **parts: Any) -> Part:
    return copy.deepcopy(old) | parts


OLD = record(
    sectors=["trade"],
    summary={"id": "Ringkasan"},
    term={"start": {"date": "2015", "basis": "stated"}},
    instruments=[LOI],
    milestones=[step("intent", date="2015-09-25")],
    events=[event("follow_up", "visit", "2016-02-01"), event("observation", "study", "2017-11")],
    declarations=[said("none_reported")],
)


def test_equal_documents_differ_in_nothing() -> None:
    assert changes(OLD, copy.deepcopy(OLD)) == []
    assert [field.name for field in unchanged(OLD, OLD)] == [field.name for field in FIELDS if field.name in OLD]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"type": "grant"}, [("type", "changed")]),
        ({"sectors": ["trade", "tourism"]}, [("sectors", "changed")]),
        ({"other_regions": ["33"]}, [("other_regions", "added")]),
        ({"summary": {"id": "Ringkasan lain"}}, [("summary.id", "changed")]),
        ({"summary": {"id": "Ringkasan", "en": "Summary"}}, [("summary.en", "added")]),
        ({"term": {"start": {"date": "2015-09", "basis": "stated"}}}, [("term.start.date", "changed")]),
        ({"term": {"end": {"basis": "open"}}}, [("term.start", "removed"), ("term.end", "added")]),
        ({"instruments": [LOI | {"place": "Xi’an"}]}, [("instruments[i1].place", "added")]),
        ({"instruments": [LOI | {"key": "i2"}]}, [("instruments[i1]", "removed"), ("instruments[i2]", "added")]),
        ({"milestones": [step("intent", "lapsed", date="2015-09-25")]}, [("milestones[intent].state", "changed")]),
        ({"sources": [STUDY, source("s2", "2020")]}, [("sources[s2]", "added")]),
        ({"declarations": [said("none_reported", "2020")]}, [("declarations[activity source 2020].as_of", "changed")]),
        ({"declarations": [said("completed", "2020")]},
         [("declarations[activity source 2017-11]", "removed"), ("declarations[activity source 2020]", "added")]),
    ],
)  # fmt: skip
def test_a_change_is_told_at_its_field(parts: Part, expected: list[tuple[str, str]]) -> None:
    assert told(OLD, edited(OLD, **parts)) == expected


def test_the_order_of_a_list_says_nothing() -> None:
    assert told(OLD, edited(OLD, events=list(reversed(OLD["events"])))) == []


def test_an_event_with_a_new_date_is_the_same_event() -> None:
    moved = [OLD["events"][0] | {"title": {"id": "Kunjungan"}, "date": "2016-03-01"}, OLD["events"][1]]
    earlier = [OLD["events"][0] | {"title": {"id": "Kunjungan"}}, OLD["events"][1]]
    found = changes(edited(OLD, events=earlier), edited(OLD, events=moved))
    assert [(change.fields[-1].name, change.old, change.new) for change in found] == [
        ("date", "2016-02-01", "2016-03-01")
    ]
    assert found[0].item == moved[0]


def test_what_was_added_is_removed_on_the_way_back() -> None:
    new = edited(OLD, sources=[STUDY, source("s2", "2020")], other_regions=["33"], type="grant")
    swapped = {"added": "removed", "removed": "added", "changed": "changed"}
    there = {(change.path, change.kind) for change in changes(OLD, new)}
    back = {(change.path, swapped[change.kind]) for change in changes(new, OLD)}
    assert there == back


@given(records(), records())
def test_any_two_records_can_be_compared(old: Part, new: Part) -> None:
    found = changes(old, new)
    touched = {change.fields[0].name for change in found}
    same = {field.name for field in unchanged(old, new)}
    assert touched.isdisjoint(same)
    for name in {*old, *new} - touched - same:
        assert sorted(map(str, old.get(name, []))) == sorted(map(str, new.get(name, [])))  # another order only
    assert all(change.kind in {"added", "changed", "removed"} for change in found)


def test_the_items_of_every_list_of_parts_can_be_told_apart() -> None:
    def lists(fields: tuple[Field, ...]) -> set[str]:
        inner = [lists(field.fields) for field in fields]
        return {field.name for field in fields if field.many and field.kind == "part"}.union(*inner)

    assert lists(FIELDS) <= set(differences._IDENTITIES)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("nama lama mitra di luar negeri", "nama baru mitra di luar negeri",
         ([Piece("same", "nama "), Piece("del", "lama"), Piece("same", " mitra di luar negeri")],
          [Piece("same", "nama "), Piece("ins", "baru"), Piece("same", " mitra di luar negeri")])),
        ("a b c d e f g h i", "a X c Y e f g h i",
         ([Piece("same", "a "), Piece("del", "b c d"), Piece("same", " e f g h i")],
          [Piece("same", "a "), Piece("ins", "X c Y"), Piece("same", " e f g h i")])),
        ("satu dua", "tiga empat", None),
        ("", "satu", None),
    ],
    ids=["one word", "two words close together", "all of it", "nothing before"],
)  # fmt: skip
def test_words_are_marked_unless_too_many_changed(old: str, new: str, expected: Any) -> None:
    assert pieces(old, new) == expected


def test_pieces_say_both_texts_in_full() -> None:
    old, new = "satu dua tiga  empat lima enam tujuh", "satu dua tiga  EMPAT lima enam tujuh"
    marked = pieces(old, new)
    assert marked is not None
    assert ["".join(piece.text for piece in side) for side in marked] == [old, new]


def test_a_very_long_text_is_shown_whole() -> None:
    assert pieces("a " * 3000, "b " * 3000) is None
