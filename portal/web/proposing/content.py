"""How does a document become a form, and a form a document? What is not asked stays as it was.

`filled` makes the form's values of a document, `made` lays the form's values on the document it started from. What the
form says newly names its evidence: list items and dates in their ``sources``, every other field by a claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from portal import differences, digits, places, translating
from portal import vocabulary as words
from portal.editorial.sensitive import is_withheld
from portal.record import Document
from portal.web.proposing.asking import LISTS, asked
from portal.web.proposing.forms import MOST_PROOFS, SECTIONS, name_of
from portal.web.proposing.proving import Said, is_neutral, is_place, proven

_FLAT = ("term", "content")


def filled(kind: str, document: Document, base: Document) -> dict[str, Any]:
    """The values of the form for a document that was made from ``base``."""
    values: dict[str, Any] = {}
    for section in SECTIONS[kind]:
        if section in _FLAT:
            values.update({name_of(path): _at(document, path) for path in asked(section)})
        elif section in LISTS:
            values[section] = list(_rows(section, document, base, all_items=kind != "follow_up"))
        elif section == "milestones":
            values[section] = {item["code"]: dict(item) for item in document.get(section, [])}
        elif section == "status":
            values.update(_said(document, base))
        elif section == "none":
            values.update(_stated(document, base))
    if "term_end_basis" in values:
        values["term_end_basis"] = True if values["term_end_basis"] == "open" else None
    values["bukti"] = _places(document, base)
    values["judul"] = _titles(document, base)
    return values


def first_values(region: str) -> dict[str, Any]:
    """What the form for a new cooperation knows before anything is typed."""
    known = places.regions().get(region)
    values: dict[str, Any] = {}
    if known:
        name = {"id": f"Pemerintah {known.name}", "en": f"Government of {known.name_en}"}
        values["local_parties"] = [{"name": name, "kind": "regional_government"}]
    return values


def made(kind: str, base: Document, values: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """The document that a form comes to; equal to ``base`` where the form changes nothing."""
    document = deepcopy(dict(base))
    for section in SECTIONS[kind]:
        if section in _FLAT:
            _lay(document, section, values)
        elif section in LISTS:
            _lay_rows(document, base, section, values[section], said, whole=kind != "follow_up")
        elif section == "milestones":
            _lay_steps(document, values[section])
        elif section == "status":
            _declare(document, values, said)
        elif section == "none":
            _state_none(document, values, said)
    if kind == "still_running":
        _declare(document, {"said_validity": "in_force_claimed"}, said)
    if kind == "new":
        _name(document, said)
    return proven(document, base, said, "region" if kind == "none" else "cooperation")


# -- document to form


def _at(document: Document, path: str) -> Any:
    value: Any = document
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _rows(section: str, document: Document, base: Document, *, all_items: bool) -> Iterator[dict[str, Any]]:
    """The items of a list, each with its place in the document it came from; what is withheld has no row."""
    before: list[Any] = list(base.get(section, []))
    items = document.get(section, [])
    pairs, _, _ = differences.matched(before, items, section)
    origin = {id(after): before.index(old) for old, after in pairs}
    for item in items:
        place = before.index(item) if item in before else origin.get(id(item))
        if (all_items or place is None) and not is_withheld(item):
            row = {name_of(path, section): _at(item, path.removeprefix(f"{section}.")) for path in asked(section)}
            yield {**row, "asal": None if place is None else str(place)}


def _said(document: Document, base: Document) -> dict[str, Any]:
    """The statements that stand in a document and not in the one it came from."""
    values: dict[str, Any] = {}
    for one in document.get("declarations", []):
        if one not in base.get("declarations", []):
            values[f"said_{one['axis']}"] = one["value"]
            values["said_since"] = one.get("since") or values.get("said_since")
            values["said_reason"] = one.get("reason") or values.get("said_reason")
    return values


def _stated(document: Document, base: Document) -> dict[str, Any]:
    new = [one for one in document.get("statements", []) if one not in base.get("statements", [])]
    return {name: new[-1].get(name) for name in ("text", "scope_from", "scope_to")} if new else {}


def _places(document: Document, base: Document) -> list[dict[str, Any]]:
    """Evidence that is no file, of a proposal that is only known by its edits."""
    old = {source["key"] for source in base.get("sources", [])}
    new = [source for source in document.get("sources", []) if source["key"] not in old]
    links = [source for source in new if is_place(source)]
    return [
        {"place": one["link"], "title": one["title"]} if "link" in one else {"place": one["title"]} for one in links
    ][:MOST_PROOFS]


def _titles(document: Document, base: Document) -> dict[str, str]:
    """What the files of a proposal contain, by the keys of their sources; of one that is only known by its edits."""
    old = {source["key"] for source in base.get("sources", [])}
    new = [source for source in document.get("sources", []) if source["key"] not in old]
    return {source["key"]: source["title"] for source in new if not (is_place(source) or is_neutral(source))}


# -- form to document


def _lay(document: dict[str, Any], section: str, values: Mapping[str, Any]) -> None:
    for path in asked(section):
        if path == "term.end.basis":
            _lay_open_end(document, bool(values["term_end_basis"]))
        else:
            _put(document, path.split("."), values[name_of(path)])


def _put(holder: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Put a value at a path; a date that lies in a part of its own takes its basis along."""
    *above, name = path
    if above and name == "date":
        if (_at(holder, ".".join(above)) or {}).get("date") != value:
            _put(holder, above, {"date": value, "basis": "stated"} if value else None)
    elif above:
        inner = holder.setdefault(above[0], {})
        _put(inner, path[1:], value)
        if not inner:
            del holder[above[0]]
    elif value is None:
        holder.pop(name, None)
    else:
        holder[name] = value


def _lay_open_end(document: dict[str, Any], is_open: bool) -> None:
    end = _at(document, "term.end") or {}
    if is_open and end.get("basis") != "open":
        _put(document, ["term", "end"], {"basis": "open"})
    elif not is_open and end.get("basis") == "open" and "date" not in end:
        _put(document, ["term", "end"], None)


def _lay_rows(
    document: dict[str, Any], base: Document, section: str, rows: Sequence[Mapping[str, Any]], said: Said, *,
    whole: bool,
) -> None:  # fmt: skip
    """Lay the rows of a list on its items; ``whole`` lists lose the items that have no row."""
    before = base.get(section, [])
    items = [] if whole else deepcopy(list(before))
    taken: set[int] = set()
    closed = {place for place, item in enumerate(before) if whole and is_withheld(item)}
    for row in rows:
        place = digits.whole(row.get("asal") or "", len(before) - 1)
        place = None if place in taken else place
        if (place is None and _is_empty(section, row)) or (place is not None and (not whole or place in closed)):
            continue  # what is only added to has no rows for what is there already, nor has what is withheld
        item = deepcopy(dict(before[place])) if place is not None else _new_item(section, items, before, said)
        taken.update([] if place is None else [place])
        for path in asked(section):
            name = name_of(path, section)
            if name in row:
                _put(item, path.removeprefix(f"{section}.").split("."), row[name])
        _complete(section, item)
        items.append(item)
    for place in sorted(closed):
        items.insert(min(place, len(items)), deepcopy(dict(before[place])))
    _put(document, [section], items or None)


def _is_empty(section: str, row: Mapping[str, Any]) -> bool:
    """True for a row that says nothing but what every new row says."""
    return all(row.get(name) is None for name in ("name", "title", "text", "date", "number", "signed_on", "link")) and (
        row.get("kind") in (None, "unknown")
    )


def _new_item(section: str, items: list[Any], before: Sequence[Any], said: Said) -> dict[str, Any]:
    """What a new item of a list holds before its row is laid on it."""
    if section == "instruments":
        used = {one["key"] for one in [*items, *before]}
        key = next(key for n in range(1, 300) if (key := f"u{said.proposal}t{n}") not in used)
        return {"key": key, "signing": "reported", "disclosure": "metadata_only"}
    if section == "local_parties":
        return {"region": said.region}
    return {"class": "follow_up"} if section == "events" else {}


def _complete(section: str, item: dict[str, Any]) -> None:
    """Fill in what an item must have and a row may leave out."""
    if section == "foreign_parties" and "short" not in item and "name" in item:
        item["short"] = {code: text[:120] for code, text in item["name"].items()}
    if section == "events" and "title" not in item and "kind" in item:
        item["title"] = _both(words.EVENT_KINDS[item["kind"]].label)


def _both(message: str) -> dict[str, str]:
    """A message of the catalogues as words of a document."""
    return {code: translating.catalogue(code).gettext(message) for code in ("id", "en")}


def _lay_steps(document: dict[str, Any], values: Mapping[str, Any]) -> None:
    here = {item["code"]: item for item in document.get("milestones", [])}
    for code in words.MILESTONES:
        state, date = (values[code][name] for name in ("state", "date"))
        if state is None:
            here.pop(code, None)
            continue
        item = here.setdefault(code, {"code": code, "evidence": "reported"})
        _put(item, ["state"], state)
        _put(item, ["date"], date)
    kept = [item for item in document.get("milestones", []) if item["code"] in here]
    known = {item["code"] for item in kept}
    _put(document, ["milestones"], [*kept, *(item for code, item in here.items() if code not in known)] or None)


def _declare(document: dict[str, Any], values: Mapping[str, Any], said: Said) -> None:
    """Add what the agency says of the state, as of today."""
    for axis in words.AXES:
        value = values.get(f"said_{axis}")
        if not value:
            continue
        one = {"axis": axis, "value": value, "as_of": said.today, "by": "agency"}
        if values.get("said_since"):
            one["since"] = values["said_since"]
        if axis == "validity" and values.get("said_reason"):
            one["reason"] = values["said_reason"]
        document.setdefault("declarations", []).append(one)


def _state_none(document: dict[str, Any], values: Mapping[str, Any], said: Said) -> None:
    """Add the statement of the region; its source is the first evidence."""
    one = {"kind": "declared_none", "text": values["text"], "as_of": said.today}
    for name in ("scope_from", "scope_to"):
        if values.get(name):
            one[name] = values[name]
    if one["text"]:
        document.setdefault("statements", []).append(one)


def _name(document: dict[str, Any], said: Said) -> None:
    """Make the title of the two names where it was left empty."""
    document.setdefault("region", said.region)
    region = places.regions().get(document["region"])
    partners = document.get("foreign_parties", [])
    if "title" in document or region is None or not partners:
        return
    short = partners[0].get("short", {})
    document["title"] = {"id": f"{region.name} – {short.get('id', '')}"[:300]}
    document["title"]["en"] = f"{region.name_en} – {short.get('en') or short.get('id', '')}"[:300]
