"""What can a decision not leave out? The region always goes along, and a new document needs its required fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from portal import amending
from portal.amending import Edit
from portal.editorial.standing import Standing
from portal.record import DOCUMENTS
from portal.terms import N_
from portal.validation import Problem

_REQUIRED = frozenset(field.name for fields in DOCUMENTS.values() for field in fields if field.required)


def goes_along(edit: Edit) -> bool:
    """True for what nobody decides on: the region was chosen before anything was typed, and rights hang on it."""
    return edit.path == ("region",)


def is_needed(stands: Standing, edit: Edit) -> bool:
    """True where nothing is published yet and a document without this field is none."""
    return not stands.number and edit.top in _REQUIRED


def lacking(stands: Standing, taken: Sequence[Edit], asked: Sequence[Edit]) -> list[Problem]:
    """What was turned down of ``asked`` though the document, made of ``taken`` alone, cannot do without it."""
    if stands.number:
        return []
    made = amending.applied(stands.ground, amending.with_needed(taken, stands.open))
    kept = {edit.key for edit in taken}
    down = [edit for edit in asked if edit.key not in kept]
    message = N_("A new record cannot do without this. Accept or change it, or ask for changes of the whole proposal.")
    return [Problem(f"verdict-{edit.key}", message, {}) for edit in down if _misses(made, edit, stands.open)]


def whole(taken: Sequence[Edit], stands: Standing, out: Set[str]) -> list[Edit]:
    """The edits to be published with what supports them, without the sources that are left out (by key)."""
    return amending.without_sources(amending.with_needed(taken, stands.open), out)


def unproven(taken: Sequence[Edit], stands: Standing, out: Set[str]) -> list[Problem]:
    """Every edit of which all sources are left out that it came with, and which names no other: once a source."""
    brought = amending.added_sources(stands.open).keys()
    known = {source["key"] for source in stands.ground.get("sources", [])}
    bare = []
    for edit in taken:
        if amending.is_support(edit, stands.open):
            continue
        named = amending.named_sources(amending.with_needed([edit], stands.open))
        if named & brought & out and not (named & (brought | known)) - out:
            bare += sorted(named & brought & out)[:1]
    text = N_("Something that you publish has no other source. Keep this one, or ask for changes there.")
    return [Problem(f"left-{key}", text, {}) for key in dict.fromkeys(bare)]


def retitled(sources: Mapping[str, Mapping[str, str]], stands: Standing) -> list[tuple[Edit, str]]:
    """The added sources that get another title, with the title."""
    added = amending.added_sources(stands.edits)
    called = [(edit, sources.get(key, {}).get("title", "")) for key, edit in added.items()]
    return [(edit, title) for edit, title in called if title and title != edit.new["title"]]


def _misses(made: Mapping[str, Any], edit: Edit, found: Sequence[Edit]) -> bool:
    """True where the document lacks the field of an edit, or has no source because those of this edit are gone."""
    fields = {one.top for one in amending.with_needed([edit], found)} & _REQUIRED
    return any(not made.get(name) for name in fields)
