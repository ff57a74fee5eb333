"""What does a proposal change, in words? One row per edit that is decided on; what only supports it stands with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal import amending, config, differences
from portal.amending import Edit
from portal.differences import Piece
from portal.record import DOCUMENTS, Document, Field
from portal.translating import gettext as _
from portal.web import record_evidence
from portal.web.record_changes import KEYED, KINDS, keyed, label, labelled, shown, shown_one, unkeyed
from portal.web.voice import Voice, lines


def rows(
    before: Document, edits: Sequence[Edit], voice: Voice, kind: str = "cooperation",
    found: Sequence[Edit] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """One row for `components/diff.html` per edit that is decided on by itself.

    ``before`` is the document the edits are laid on, ``found`` all edits of the proposal where ``edits`` are only some.
    ``old`` is what stands in ``before``, ``new`` what is proposed, ``also`` the other language where both changed.
    Where others changed the same since, ``conflict`` is true and ``began`` what the proposal started from. ``sources``
    are the sources the edit names: key, title, link, and whether the proposal brings them (``added``).
    """
    everything = list(edits if found is None else found)
    asked = [edit for edit in edits if not amending.is_support(edit, everything)]
    return [_row(edit, before, everything, voice, kind) for edit in asked]


def trail(path: Sequence[str], kind: str = "cooperation") -> tuple[Field, ...]:
    """The fields that a path of names leads through; as far as the document has them."""
    inside, found = DOCUMENTS[kind], []
    for name in path:
        field = next((one for one in inside if one.name == name), None)
        if field is None:
            break
        found.append(field)
        inside = field.fields
    return tuple(found)


def named(path: Sequence[str], item: Any, voice: Voice, kind: str = "cooperation") -> str:
    """What the place of an edit is called; ``item`` is the list item it lies in, where there is one."""
    fields = trail(path, kind)
    inside = item if isinstance(item, Mapping) and fields[0].many and fields[0].kind == "part" else None
    return label(fields, inside, voice)


def _row(edit: Edit, before: Document, everything: Sequence[Edit], voice: Voice, kind: str) -> dict[str, Any]:
    fields = trail(edit.path, kind)
    now = amending.value_at(before, edit)
    known = {**keyed([before], voice), **keyed(_brought(everything), voice)}
    old, new = (_read(fields[-1], unkeyed(fields[-1], one, known), _item(edit, now), voice) for one in (now, edit.new))
    sides = _sides(fields[-1], old, new, voice)
    alone = sides[0] if len(sides) == 1 else None
    how = alone["kind"] if alone else _kind(now, edit.new)
    conflict = amending.fit(before, edit) == amending.CONFLICTS
    named = _sources(edit, before, everything)
    return {
        **sides[0],
        "key": edit.key,
        "path": ".".join(edit.path),
        "label": label(fields, _item(edit, now), voice, alone["language"] if alone else ""),
        "kind": how,
        "kind_label": _(KINDS[how]),
        "also": sides[1:],
        "conflict": conflict,
        "began": _whole(fields[-1], unkeyed(fields[-1], edit.old, known), voice) if conflict else None,
        "sources": named,
        "source": {"text": _("Source: %(titles)s", titles="; ".join(one["title"] for one in named))} if named else None,
    }


def _brought(everything: Sequence[Edit]) -> list[Document]:
    """The sources and texts a proposal adds, as documents of one each."""
    return [{edit.top: [edit.new]} for edit in everything if edit.top in KEYED and len(edit.path) == 1 and edit.new]


def _item(edit: Edit, now: Any) -> Mapping[str, Any] | None:
    """The list item a row is about: the one that is added, removed or changed."""
    if edit.item is not None:
        return edit.item
    whole = edit.new if edit.new is not None else now if now is not None else edit.old
    return whole if len(edit.path) == 1 and _is_item(edit.top) else None


def _read(field: Field, value: Any, part: Mapping[str, Any] | None, voice: Voice) -> Any:
    """What a source says of a field with codes in words; any other value, and what is written out, as it is."""
    is_claim = part is not None and "field" in part and field.name == "value" and isinstance(value, Mapping)
    if not is_claim or part is None or "en" in value:
        return value
    return {voice.language: record_evidence.in_words(value, part["field"], voice)}


def _is_item(top: str) -> bool:
    return any(field.name == top and field.many and field.kind == "part" for one in DOCUMENTS.values() for field in one)


def _kind(old: Any, new: Any) -> str:
    return "added" if old is None else "removed" if new is None else "changed"


def _sides(field: Field, old: Any, new: Any, voice: Voice) -> list[dict[str, Any]]:
    """What stood and what is to stand; words once for each language that changed."""
    if field.kind != "words" or not (isinstance(old or new, Mapping)):
        return [_side(field, old, new, voice)]
    before, after = old or {}, new or {}
    changed = [code for code in config.LOCALES if before.get(code) != after.get(code)] or [config.FIRST_LOCALE]
    return [_words_side(before.get(code), after.get(code), code, voice, len(changed) > 1) for code in changed]


def _words_side(old: str | None, new: str | None, code: str, voice: Voice, named: bool) -> dict[str, Any]:
    side = {
        "kind": _kind(old, new),
        "old": old,
        "new": new,
        "language": code if code != voice.language or named else "",
        "language_label": config.LOCALES[code] if named else "",
        "lang": code if code != voice.language else "",
    }
    return {**side, **_marked(differences.pieces(old, new) if old and new else None)}


def _side(field: Field, old: Any, new: Any, voice: Voice) -> dict[str, Any]:
    side = {
        "kind": _kind(old, new),
        "old": _whole(field, old, voice),
        "new": _whole(field, new, voice),
        "language": "",
        "language_label": "",
        "lang": "",
    }
    return {**side, **_marked(_pieces(field, old, new, voice) if side["kind"] == "changed" else None)}


def _marked(pieces: tuple[list[Piece], list[Piece]] | None) -> dict[str, Any]:
    return {"old_parts": pieces[0], "new_parts": pieces[1]} if pieces else {}


def _pieces(field: Field, old: Any, new: Any, voice: Voice) -> tuple[list[Piece], list[Piece]] | None:
    """The marks inside a changed value: words of a text, members of a list, fields of a part."""
    if isinstance(old, str) and isinstance(new, str):
        return differences.pieces(old, new) if field.kind == "text" else None
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return _set_apart(_told(field, old, voice), _told(field, new, voice), "; ")
    if isinstance(old, list) and isinstance(new, list) and field.kind != "part":
        both = [[shown_one(field, one, voice) for one in side] for side in (old, new)]
        return _set_apart(both[0], both[1], ", ")
    return None


def _set_apart(old: Sequence[str], new: Sequence[str], between: str) -> tuple[list[Piece], list[Piece]]:
    """Members of both sides, marked where the other side lacks them."""
    return _run(old, new, "del", between), _run(new, old, "ins", between)


def _run(side: Sequence[str], other: Sequence[str], mark: str, between: str) -> list[Piece]:
    run: list[Piece] = []
    for place, text in enumerate(side):
        if place:
            run.append(Piece("same", between))
        run.append(Piece("same" if text in other else mark, text))
    return run


def _told(field: Field, part: Mapping[str, Any], voice: Voice) -> list[str]:
    """The fields of a part: ``Date: 25 September 2015``; keys of sources and texts stand elsewhere."""
    told: list[str] = []
    for inner in field.fields:
        if inner.name not in part or inner.kind == "key":
            continue
        if inner.kind == "words":
            told += _in_languages(inner, _read(inner, part[inner.name], part, voice), voice)
        else:
            told.append(labelled(inner, _flat(inner, part[inner.name], voice)))
    return told


def _in_languages(field: Field, value: Mapping[str, str], voice: Voice) -> list[str]:
    """Words in every language they are written in, since all of them would be published."""
    name = str(_(field.label))
    if len(value) == 1 and voice.language in value:
        return [f"{name}: {value[voice.language]}"]
    return [f"{name} ({config.LOCALES[code]}): {value[code]}" for code in config.LOCALES if code in value]


def _flat(field: Field, value: Any, voice: Voice) -> str:
    listed = value if field.many else [value]
    if field.kind == "part":
        return " / ".join("; ".join(_told(field, one, voice)) for one in listed)
    return ", ".join(shown_one(field, one, voice) for one in listed)


def _whole(field: Field, value: Any, voice: Voice) -> Any:
    """A whole value in words; the fields of a part under each other."""
    if value is None:
        return None
    if isinstance(value, Mapping) and field.kind == "part":
        return lines(*_told(field, value, voice))
    return shown_one(field, value, voice) if isinstance(value, Mapping) else shown(field, value, voice)


def _sources(edit: Edit, before: Document, everything: Sequence[Edit]) -> list[dict[str, Any]]:
    """The sources that stand behind an edit, those the proposal brings first."""
    needed = amending.with_needed([edit], everything)
    brought = {one.new["key"]: one.new for one in needed if one.top == "sources" and one.item is None and one.new}
    known = {source["key"]: source for source in before.get("sources", [])}
    named: dict[str, Mapping[str, Any]] = {**brought}
    if edit.top == "sources":
        return []
    for key in _keys(edit, needed):
        if key not in named and key in known:
            named[key] = known[key]
    return [
        {"key": key, "title": one["title"], "link": one.get("link", ""), "added": key in brought}
        for key, one in named.items()
    ]


def _keys(edit: Edit, needed: Sequence[Edit]) -> list[str]:
    """The keys of sources that an edit and what supports it name."""
    keys: list[str] = []
    for one in [edit, *needed]:
        for holder in (one.new, one.item):
            if isinstance(holder, Mapping):
                keys += [key for key in holder.get("sources", []) if isinstance(key, str)]
                keys += [holder["source"]] if isinstance(holder.get("source"), str) else []
        if one.path[-1] == "sources" and isinstance(one.new, list):
            keys += [key for key in one.new if isinstance(key, str)]
    return keys
