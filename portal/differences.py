"""What changed between two documents? One change per field of `record.FIELDS`; items of lists are matched first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from portal.record import FIELDS, Document, Field

_LANGUAGES = ("id", "en")
_WORD = re.compile(r"\S+\s*")
MOST_WORDS = 2_000  # longer texts are shown whole: comparing them word by word takes too long

# What tells an item of a list from its neighbours, strongest first; items that fit nowhere are added or removed.
_IDENTITIES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "local_parties": (("name.id",), ("kind", "region")),
    "foreign_parties": (("name.id",), ("kind", "country")),
    "signatories": (("office.id",), ("side",)),
    "instruments": (("key",),),
    "milestones": (("code",),),
    "events": (("class", "kind", "date"), ("title.id",), ("class", "date")),
    "declarations": (("axis", "by", "as_of"), ("axis", "by", "value")),
    "obstacles": (("code", "locator"), ("code",)),
    "sources": (("key",),),
    "claims": (("field", "source", "locator"), ("field", "source")),
    "flags": (("code",),),
    "missing": (("field",),),
    "related": (("id",),),
    "replies": (("date", "office"), ("date",)),
    "statements": (("kind", "source", "locator"), ("kind", "as_of")),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    ``fields`` leads from the outermost field to the one that changed; ``item`` is the list item it lies in (as it is in
    the newer document, or was in the older), None outside of lists; ``path`` names the place, like
    ``instruments[i1].signed_on``.
    ``kind`` is added, changed or removed; ``language`` is set where the words of one language changed.
    """

    path: str
    fields: tuple[Field, ...]
    kind: str
    old: Any
    new: Any
    item: Mapping[str, Any] | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of one side: same, or del (older side) or ins (newer side)."""

    kind: str
    text: str


def changes(old: Document, new: Document, fields: tuple[Field, ...] = FIELDS) -> list[Change]:
    """Everything that differs, in the order of the fields; an empty list for equal documents."""
    return list(_part_changes(old, new, fields, "", (), None))


def unchanged(old: Document, new: Document, fields: tuple[Field, ...] = FIELDS) -> list[Field]:
    """The outermost fields that both documents have and that are equal."""
    return [field for field in fields if field.name in old and old[field.name] == new.get(field.name)]


def pieces(old: str, new: str) -> tuple[list[Piece], list[Piece]] | None:
    """Both sides of a changed text word by word; None when so much changed that marks would only confuse.

    Changes less than two words apart are told as one; over 40 % of changed words there are no marks (ux, diff_text).
    """
    left, right = _WORD.findall(old), _WORD.findall(new)
    if len(left) + len(right) > MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, [word.strip() for word in left], [word.strip() for word in right], autojunk=False)
    spans = _merged([list(code) for code in matcher.get_opcodes()])
    touched = sum(max(span[2] - span[1], span[4] - span[3]) for span in spans if span[0] != "equal")
    if touched > 0.4 * max(len(left), len(right), 1):
        return None
    before = [Piece("same" if tag == "equal" else "del", "".join(left[a:b])) for tag, a, b, _, _ in spans if b > a]
    after = [Piece("same" if tag == "equal" else "ins", "".join(right[a:b])) for tag, _, _, a, b in spans if b > a]
    return _blanks_outside(before), _blanks_outside(after)


def _blanks_outside(run: list[Piece]) -> list[Piece]:
    """The blank after a changed run belongs to what follows it, so that no mark covers it."""
    moved: list[Piece] = []
    blank = ""
    for piece in run:
        text = blank + piece.text
        blank = "" if piece.kind == "same" else text[len(text.rstrip()) :]
        moved.append(Piece(piece.kind, text if piece.kind == "same" else text.rstrip()))
    return moved


def _part_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], fields: tuple[Field, ...], path: str, above: tuple[Field, ...],
    item: Mapping[str, Any] | None,
) -> Iterator[Change]:  # fmt: skip
    for field in fields:
        before, after = old.get(field.name), new.get(field.name)
        if before == after:
            continue
        here, trail = f"{path}{field.name}", (*above, field)
        if field.many and field.kind == "part":
            yield from _list_changes(before or [], after or [], field, here, trail)
        elif before is None or after is None:
            yield Change(here, trail, "added" if before is None else "removed", before, after, item)
        elif field.kind == "part":
            yield from _part_changes(before, after, field.fields, f"{here}.", trail, item)
        elif field.kind == "words":
            yield from _words_changes(before, after, here, trail, item)
        else:
            yield Change(here, trail, "changed", before, after, item)


def _words_changes(
    old: Mapping[str, str], new: Mapping[str, str], path: str, trail: tuple[Field, ...], item: Mapping[str, Any] | None
) -> Iterator[Change]:
    for language in _LANGUAGES:
        before, after = old.get(language), new.get(language)
        if before != after:
            kind = "added" if before is None else "removed" if after is None else "changed"
            yield Change(f"{path}.{language}", trail, kind, before, after, item, language)


def _list_changes(
    old: Sequence[Mapping[str, Any]],
    new: Sequence[Mapping[str, Any]],
    field: Field,
    path: str,
    trail: tuple[Field, ...],
) -> Iterator[Change]:
    pairs, gone, come = matched(old, new, field.name)
    for before, after in pairs:
        yield from _part_changes(before, after, field.fields, f"{path}[{_named(after, field)}].", trail, after)
    for before in gone:
        yield Change(f"{path}[{_named(before, field)}]", trail, "removed", before, None, before)
    for after in come:
        yield Change(f"{path}[{_named(after, field)}]", trail, "added", None, after, after)


_Items = list[Mapping[str, Any]]


def matched(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], name: str
) -> tuple[list[Any], _Items, _Items]:
    """The items of two lists of the field ``name``: pairs that belong together but differ, items that are gone, items
    that came; equal items are left out."""
    gone, come = list(old), list(new)
    identities = _IDENTITIES.get(name, ())
    _take_pairs(gone, come, lambda one: one)
    pairs: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
    for names in identities:
        pairs += _take_pairs(gone, come, lambda one, names=names: [_at(one, name) for name in names])
    order = {id(item): place for place, item in enumerate(new)}
    return sorted(pairs, key=lambda pair: order[id(pair[1])]), gone, come


def _take_pairs(gone: _Items, come: _Items, identity: Callable[..., Any]) -> list[Any]:
    """Take the pairs with the same identity out of both lists."""
    pairs = []
    for before in list(gone):
        wanted = identity(before)
        after = next((one for one in come if identity(one) == wanted), None)
        if after is not None:
            pairs.append((before, after))
            gone.remove(before)
            come.remove(after)
    return pairs


def _at(item: Mapping[str, Any], name: str) -> Any:
    value: Any = item
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _named(item: Mapping[str, Any], field: Field) -> str:
    names = (_IDENTITIES.get(field.name) or (("key",),))[0]
    return " ".join(str(value) for name in names if (value := _at(item, name)) is not None)


def _merged(spans: list[list[Any]]) -> list[list[Any]]:
    """Changed spans with fewer than two same words between them become one."""
    merged: list[list[Any]] = []
    for place, span in enumerate(spans):
        short = span[0] == "equal" and span[2] - span[1] < 2 and 0 < place < len(spans) - 1
        kind = "replace" if short or span[0] != "equal" else "equal"
        if merged and kind == "replace" == merged[-1][0]:
            merged[-1][2], merged[-1][4] = span[2], span[4]
        else:
            merged.append([kind, *span[1:]])
    return merged
