"""How does a proposed change lie on a document? Edits: what changed, from what, to what – and whether it still fits.

An edit is the smallest thing a moderator decides on: one value, one field of a list item, or one item added or removed.
It keeps the old value, so that it can be laid on a document that others changed since: it fits where the old value is
still there, is done where the new one is, and conflicts everywhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from typing import Any

from portal.differences import matched
from portal.record import DOCUMENTS, Document, Field, canonical

FITS, DONE, CONFLICTS = "fits", "done", "conflicts"
_KEYED = ("sources", "instruments")  # lists whose items are named by key elsewhere in the document
_NAMED = {*_KEYED, "milestones", "flags", "missing", "related"}  # lists that hold an item of a name once


@dataclass(frozen=True, slots=True)
class Edit:
    """One change. ``path`` leads to the field; ``item`` is the list item as it was, None outside of lists.

    An item that is added has only ``new``, one that is removed only ``old``; both with the path of the list. ``key``
    names the edit within its proposal (``e1``).
    """

    key: str
    path: tuple[str, ...]
    old: Any
    new: Any
    item: Mapping[str, Any] | None = None

    @property
    def top(self) -> str:
        """The outermost field."""
        return self.path[0]


def edits(old: Document, new: Document, kind: str = "cooperation") -> list[Edit]:
    """The edits that lead from one document to another, in the order of the fields."""
    found = _part_edits(old, new, DOCUMENTS[kind], ())
    return [Edit(f"e{place}", *edit) for place, edit in enumerate(found, start=1)]


def stored(found: Iterable[Edit]) -> list[dict[str, Any]]:
    """Edits as plain JSON."""
    return [{**asdict(edit), "path": list(edit.path)} for edit in found]


def restored(rows: Iterable[Mapping[str, Any]]) -> list[Edit]:
    """Edits from their plain JSON."""
    return [Edit(row["key"], tuple(row["path"]), row["old"], row["new"], row.get("item")) for row in rows]


def applied(document: Document, wanted: Iterable[Edit]) -> dict[str, Any]:
    """A new document with the edits laid on it; those that find their place gone add it anew.

    A reason for a missing value is dropped where the value is there now.
    """
    made: dict[str, Any] = deepcopy(dict(document))
    meant: dict[bytes, dict[str, Any]] = {}
    for edit in wanted:
        if edit.item is not None:
            item = _meant(made, edit, meant)
            _put(item, edit.path[1], _joined(item.get(edit.path[1]), edit) if _is_keys(edit) else edit.new)
        elif edit.top in _LISTS and len(edit.path) == 1:
            _apply_item(made, edit)
        else:
            _apply_value(made, edit)
    return _settled(made)


def fit(document: Document, edit: Edit) -> str:
    """Whether an edit `FITS` a document, is `DONE` there already, or `CONFLICTS` with what is there."""
    here = value_at(document, edit)
    if here == edit.new or (_is_keys(edit) and _joined(here, edit) == here):
        return DONE
    if _is_keys(edit):
        return FITS
    return FITS if here == edit.old else CONFLICTS


def value_at(document: Document, edit: Edit) -> Any:
    """What a document says at the place of an edit; None where it says nothing."""
    holder: Any = document
    if edit.item is not None:
        holder = _found(document.get(edit.top, []), edit.item, edit.top)
        return holder.get(edit.path[1]) if holder else None
    if edit.top in _LISTS and len(edit.path) == 1:
        items = document.get(edit.top, [])
        return _found(items, edit.old, edit.top) if edit.old is not None else _found_added(items, edit.new, edit.top)
    for step in edit.path:
        holder = holder.get(step) if isinstance(holder, Mapping) else None
    return holder


def with_needed(chosen: Sequence[Edit], all_edits: Sequence[Edit]) -> list[Edit]:
    """The chosen edits and what supports them in the same proposal, in the order of the whole.

    That is: the claims about the changed field, the sources a changed item newly names, and every source and text that
    is named and added.
    """
    taken = {edit.key: edit for edit in chosen}
    waiting = list(chosen)
    while waiting:
        for edit in _supporting(waiting.pop(), all_edits):
            if edit.key not in taken:
                taken[edit.key] = edit
                waiting.append(edit)
    return [taken[edit.key] for edit in all_edits if edit.key in taken]


def added_sources(found: Sequence[Edit]) -> dict[str, Edit]:
    """The edits that add a source, by the key of the source."""
    return {edit.new["key"]: edit for edit in found if edit.path == ("sources",) and edit.new and edit.old is None}


def named_sources(found: Sequence[Edit]) -> set[str]:
    """The keys that edits name: of sources, and of texts."""
    return {key for edit in found for key in _names({edit.path[-1]: edit.new})}


def without_sources(found: Sequence[Edit], keys: Set[str]) -> list[Edit]:
    """The edits without some sources they add: nothing names these any more, and claims that rest on one go with it."""
    if not keys:
        return list(found)
    gone = {edit.key for key, edit in added_sources(found).items() if key in keys}
    gone |= {edit.key for edit in found if edit.path == ("claims",) and edit.new and edit.new["source"] in keys}
    return [replace(edit, new=_unnamed(edit.new, keys)) for edit in found if edit.key not in gone]


def _unnamed(value: Any, keys: Set[str]) -> Any:
    """A value in which no list names any of the keys; a list that named nothing else is gone."""
    if isinstance(value, list):
        return [_unnamed(one, keys) for one in value if not (isinstance(one, str) and one in keys)]
    if not isinstance(value, Mapping):
        return value
    made = {name: _unnamed(inner, keys) for name, inner in value.items()}
    return {name: inner for name, inner in made.items() if inner or not value[name]}


def is_support(edit: Edit, all_edits: Sequence[Edit]) -> bool:
    """True for what only supports other edits of the proposal: it is decided with them, not by itself.

    A claim without words and value says no more than its field and its source: it is never decided on beside others.
    """
    if _only_points(edit):
        return any(not (_may_support(other) or _only_points(other)) for other in all_edits)
    if not _may_support(edit):
        return False
    return any(edit in _supporting(other, all_edits) for other in all_edits if other.key != edit.key)


def _only_points(edit: Edit) -> bool:
    """True for a whole claim that neither quotes its source nor says how it is read."""
    claim = edit.new if edit.new is not None else edit.old
    return edit.path == ("claims",) and isinstance(claim, Mapping) and not ("printed" in claim or "value" in claim)


def _may_support(edit: Edit) -> bool:
    added = edit.old is None and edit.item is None
    return (added and edit.top in {"sources", "claims"}) or (edit.item is not None and edit.path[1] == "sources")


def _supporting(edit: Edit, all_edits: Sequence[Edit]) -> list[Edit]:
    """What one edit needs directly."""
    names = set(_names({edit.path[-1]: edit.new}))
    found = []
    for other in all_edits:
        added = other.old is None and other.item is None and other.new is not None
        named = added and other.top in _KEYED and other.new["key"] in names
        claimed = added and other.top == "claims" and other.new["field"] == ".".join(edit.path)
        beside = edit.item is not None and other.item == edit.item and other.path[1] == "sources"
        if other.key != edit.key and (named or (_may_support(other) and (claimed or beside))):
            found.append(other)
    return found


def _names(value: Any) -> Iterator[str]:
    """The keys that a value names: sources, a source, a document, what it renews."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in {"source", "document", "renews"} and isinstance(inner, str):
                yield inner
            elif name == "sources" and isinstance(inner, list):
                yield from (one for one in inner if isinstance(one, str))
            else:
                yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, str):
                yield inner
            else:
                yield from _names(inner)


def _part_edits(old: Document, new: Document, fields: tuple[Field, ...], above: tuple[str, ...]) -> Iterator[Any]:
    for field in fields:
        before, after = old.get(field.name), new.get(field.name)
        path = (*above, field.name)
        if before == after:
            continue
        if field.many and field.kind == "part":
            yield from _list_edits(before or [], after or [], field, path)
        elif field.kind == "part" and not any(inner.required for inner in field.fields):
            yield from _part_edits(before or {}, after or {}, field.fields, path)
        else:
            yield path, before, after, None


def _list_edits(old: list[Any], new: list[Any], field: Field, path: tuple[str, ...]) -> Iterator[Any]:
    pairs, gone, come = matched(old, new, field.name)
    for before, after in pairs:
        for inner in field.fields:
            if before.get(inner.name) != after.get(inner.name):
                yield (*path, inner.name), before.get(inner.name), after.get(inner.name), before
    yield from ((path, before, None, None) for before in gone)
    yield from ((path, None, after, None) for after in come)


def _found(items: Sequence[Mapping[str, Any]], wanted: Mapping[str, Any], name: str) -> Any:
    """The item of a list that an edit means: the same, or the one with the same identity."""
    if wanted in items:
        return items[items.index(wanted)]
    pairs, _, _ = matched([wanted], list(items), name)
    return pairs[0][1] if pairs else None


def _found_added(items: Sequence[Mapping[str, Any]], wanted: Mapping[str, Any], name: str) -> Any:
    """What stands already where an item is to be added: in most lists only the very same, else one of its name."""
    if name in _NAMED or wanted in items:
        return _found(items, wanted, name)
    return None


def _meant(document: dict[str, Any], edit: Edit, meant: dict[bytes, dict[str, Any]]) -> dict[str, Any]:
    """The item whose field an edit changes; the same one for every edit that names the same old item."""
    mark = canonical(edit.item or {})
    if mark not in meant:
        item = _found(document.get(edit.top, []), edit.item or {}, edit.top)
        if item is None:
            item = deepcopy(dict(edit.item or {}))
            document.setdefault(edit.top, []).append(item)
        meant[mark] = item
    return meant[mark]


def _apply_value(document: dict[str, Any], edit: Edit) -> None:
    holders = [document]
    for step in edit.path[:-1]:
        holders.append(holders[-1].setdefault(step, {}))
    _put(holders[-1], edit.path[-1], edit.new)
    for place in range(len(holders) - 1, 0, -1):
        if not holders[place]:
            del holders[place - 1][edit.path[place - 1]]


def _apply_item(document: dict[str, Any], edit: Edit) -> None:
    items = document.setdefault(edit.top, [])
    here = _found(items, edit.old, edit.top) if edit.old is not None else _found_added(items, edit.new, edit.top)
    if here is not None:
        place = next(index for index, item in enumerate(items) if item is here)
        items[place : place + 1] = [] if edit.new is None else [deepcopy(edit.new)]
    elif edit.new is not None:
        items.append(deepcopy(edit.new))
    if not items:
        del document[edit.top]


def _is_keys(edit: Edit) -> bool:
    """True for the sources an item names: two people can add one each."""
    return edit.item is not None and edit.path[1] == "sources"


def _joined(here: list[str] | None, edit: Edit) -> list[str] | None:
    """The keys that stand there, without those the edit took away and with those it added."""
    before, after = edit.old or [], edit.new or []
    kept = [key for key in here or [] if key in after or key not in before]
    return [*kept, *(key for key in after if key not in before and key not in kept)] or None


def _put(holder: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        holder.pop(name, None)
    else:
        holder[name] = deepcopy(value)


def _settled(document: dict[str, Any]) -> dict[str, Any]:
    gaps = [gap for gap in document.get("missing", []) if not _has(document, gap["field"])]
    if gaps:
        document["missing"] = gaps
    else:
        document.pop("missing", None)
    return document


def _has(document: Mapping[str, Any], path: str) -> bool:
    value: Any = document
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value is not None


_LISTS: Collection[str] = {
    field.name for fields in DOCUMENTS.values() for field in fields if field.many and field.kind == "part"
}
