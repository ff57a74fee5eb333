"""What changed between revisions, in words? The list of revisions and the comparison of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from portal import answers, config, differences, ledger, sentences
from portal import vocabulary as words
from portal.differences import Change
from portal.publications import Published
from portal.record import DOCUMENTS, FIELD_PATH, Document, Field
from portal.terms import N_
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import formatting, record_evidence, record_facts
from portal.web.record_reading import address
from portal.web.voice import Voice, lines, word

KINDS = {"added": N_("added"), "changed": N_("changed"), "removed": N_("removed")}
KEYED = ("sources", "instruments")  # lists whose items are named by key elsewhere in the document
_NAMES = ("title", "name", "code", "field", "axis", "key")  # what an item of a list is called by, first that it has


def revisions(found: Sequence[Published], voice: Voice, *, whole: bool) -> list[dict[str, Any]]:
    """Revisions, newest first; ``whole`` says that the list reaches back to the first."""
    listed = []
    for place, one in enumerate(found):
        before = found[place + 1] if place + 1 < len(found) else None
        if before is None and not whole and one.number > 1:
            break  # only fetched to tell what changed after it
        listed.append(_revision(one, before, voice))
    return listed


def _revision(one: Published, before: Published | None, voice: Voice) -> dict[str, Any]:
    query = {"rev": one.number}
    return {
        "n": one.number,
        "label": _("Revision %(number)s", number=one.number),
        "url": address(one, **query),
        "date": {"value": one.day.isoformat(), "text": formatting.written_short(one.day)},
        "changed": told(one, before.document if before else None, voice, again=bool(before and before.gone)),
        "by": author(one),
        "note": note_of(one),
        "hash": one.hash,
        "document_hash": one.document_hash,
        "evidence": one.evidence,
        "compare": url_for("cooperation.compare", subject=one.subject, dari=one.number - 1, ke=one.number)
        if one.number > 1 and not one.gone
        else "",
    }


def told(one: Published, before: Document | None, voice: Voice, *, again: bool = False) -> str:
    """What a revision did, in a few words; ``again`` says that the record did not stand before it."""
    if one.merged_into:
        return _("Merged into %(record)s", record=one.merged_into)
    if one.gone:
        return _("Record withdrawn")
    if before is None:
        return _("Record made")
    changed = sentences.changed(differences.changes(before, one.document, DOCUMENTS[one.kind]), voice)
    if again:
        return _("Brought back: %(fields)s", fields=changed) if changed else _("Brought back unchanged")
    return changed or _("Nothing in the document")


def author(one: Published) -> str:
    """Who published and, where it was another, who proposed it: by role and office, never by name."""
    publisher, proposer = _called(one.role, one.office), _called(one.proposed_role, one.proposed_office)
    if not proposer or proposer == publisher:
        return publisher
    return _("Proposed by %(proposer)s; published by %(publisher)s", proposer=proposer, publisher=publisher)


def offices(one: Published) -> list[dict[str, str]]:
    """The same as rows: who proposed, who decided."""
    proposer = _called(one.proposed_role, one.proposed_office)
    rows = [{"label": _("Proposed by"), "value": proposer}] if proposer else []
    return [*rows, {"label": _("Decided by"), "value": _called(one.role, one.office)}]


def _called(role: str, office: str) -> str:
    known = words.AUTHOR_ROLES.get(role)
    return ", ".join(text for text in (str(_(known.label)) if known else role, office) if text)


def note_of(one: Published) -> str:
    """What was noted at publication; the note of the initial import says no more than its role."""
    undone = ledger.UNDONE
    if one.note == undone:
        return _(undone)
    return "" if one.role == "initial_import" else one.note


def choices(found: Sequence[Published]) -> list[dict[str, Any]]:
    """The revisions to choose from, oldest first."""
    return [{"n": one.number, "label": _choice(one)} for one in reversed(found)]


def _choice(one: Published) -> str:
    label = _("Revision %(number)s, %(day)s", number=one.number, day=formatting.written_short(one.day))
    if not one.gone:
        return label
    state = _("merged") if one.merged_into else _("withdrawn")
    return f"{label} ({state})"


def compared(old: Published, new: Published, voice: Voice) -> dict[str, Any]:
    """Two revisions field by field; sources that the newer one names for a changed item stand with it.

    A tombstone says nothing, so there is nothing to compare it with.
    """
    tombs = [one for one in (old, new) if one.gone]
    if tombs:
        return {"rows": [], "same": [], "summary": " ".join(_buried(one) for one in tombs)}
    found = [change for change in differences.changes(old.document, new.document) if not _only_points(change)]
    known = keyed([old.document, new.document], voice)
    same = differences.unchanged(old.document, new.document)
    counts = {kind: sum(change.kind == kind for change in found) for kind in KINDS}
    return {
        "rows": [_row(change, place, new.document, voice, known) for place, change in enumerate(found, start=1)],
        "same": [{"label": _(field.label), "value": shown(field, new.document[field.name], voice)} for field in same],
        "summary": _counted(counts, len(same)),
    }


def _buried(one: Published) -> str:
    if one.merged_into:
        return _("Revision %(number)s merged the record into %(record)s.", number=one.number, record=one.merged_into)
    return _("Revision %(number)s withdrew the record: it has no text to compare.", number=one.number)


def _counted(counts: Mapping[str, int], same: int) -> str:
    texts = []
    if counts["added"]:
        texts.append(ngettext("%(num)s field added", "%(num)s fields added", counts["added"]))
    if counts["changed"]:
        texts.append(ngettext("%(num)s changed", "%(num)s changed", counts["changed"]))
    if counts["removed"]:
        texts.append(ngettext("%(num)s removed", "%(num)s removed", counts["removed"]))
    if not texts:
        return _("These two revisions say the same.")
    texts.append(ngettext("%(num)s the same", "%(num)s the same", same))
    return ", ".join(texts) + "."


def _only_points(change: Change) -> bool:
    """True for a whole claim that neither quotes its source nor says how it is read."""
    whole = change.fields[-1].name == "claims"
    return whole and change.item is not None and not ("printed" in change.item or "value" in change.item)


def keyed(documents: Sequence[Document], voice: Voice) -> dict[str, str]:
    """What the sources and texts of documents are called, by their keys."""
    return {
        item["key"]: name_of(item, field, voice) or item["key"]
        for document in documents
        for field in DOCUMENTS["cooperation"]
        if field.name in KEYED
        for item in document.get(field.name, [])
    }


def unkeyed(field: Field, value: Any, known: Mapping[str, str]) -> Any:
    """A value of a field of keys with names in their place; any other value as it is."""
    if field.kind != "key" or value is None:
        return value
    return [known.get(key, key) for key in value] if field.many else known.get(value, value)


def _row(change: Change, place: int, document: Document, voice: Voice, known: Mapping[str, str]) -> dict[str, Any]:
    field = change.fields[-1]
    row: dict[str, Any] = {
        "key": place,
        "label": label(change.fields, change.item, voice, change.language),
        "kind": change.kind,
        "kind_label": _(KINDS[change.kind]),
        "old": _side(field, unkeyed(field, change.old, known), change, voice),
        "new": _side(field, unkeyed(field, change.new, known), change, voice),
        "lang": "id" if change.language == "id" and voice.language != "id" else "",
        "source": _source(change, document),
    }
    if change.kind == "changed" and isinstance(row["old"], str) and isinstance(row["new"], str):
        marked = differences.pieces(row["old"], row["new"]) if field.kind in {"words", "text"} else None
        if marked:
            row["old_parts"], row["new_parts"] = marked
    return row


def label(fields: Sequence[Field], item: Mapping[str, Any] | None, voice: Voice, language: str = "") -> str:
    """``Events, Visit of November 2017: date``: the outermost field, the item, the field that changed."""
    labels = [str(_(field.label)) for field in fields]
    text = labels[0]
    if item is not None:
        text = f"{text}, {name_of(item, fields[0], voice)}"
    if len(labels) > 1:
        text = f"{text}: {' › '.join(label.lower() for label in labels[1:])}"
    return f"{text} ({config.LOCALES[language]})" if language else text


def name_of(item: Mapping[str, Any], field: Field, voice: Voice) -> str:
    """What an item of a list is called: its title or name, or what tells it apart."""
    for name in _NAMES:
        value = item.get(name)
        inner = next((one for one in field.fields if one.name == name), None)
        if value and inner is not None:
            return shown(inner, value, voice) if isinstance(value, str) else voice.plain(value)
    return ""


def _side(field: Field, value: Any, change: Change, voice: Voice) -> Any:
    if value is None:
        return None
    if change.language and field.name == "value" and change.item and "field" in change.item:
        return record_evidence.in_words({"id": value}, change.item["field"], voice)
    if change.language:
        return value
    return shown_one(field, value, voice) if isinstance(value, Mapping) else shown(field, value, voice)


def _source(change: Change, document: Document) -> dict[str, str] | None:
    """The titles of the sources that the changed item names."""
    keys = (change.item or {}).get("sources", [])
    titles = [source["title"] for source in document["sources"] if source["key"] in keys]
    return {"text": _("Source: %(titles)s", titles="; ".join(titles))} if titles else None


def shown(field: Field, value: Any, voice: Voice) -> Any:
    """A value of any field in words, from the field's kind alone; the items of a list of parts under each other."""
    if field.many and field.kind == "part":
        return lines(*(shown_one(field, one, voice) for one in value))
    return _in_line(field, value, voice)


def _in_line(field: Field, value: Any, voice: Voice) -> str:
    if field.many:
        return (" / " if field.kind == "part" else ", ").join(shown_one(field, one, voice) for one in value)
    return shown_one(field, value, voice)


def shown_one(field: Field, value: Any, voice: Voice) -> str:
    """One value of a field in words."""
    if field.kind == "part":
        inside = [one for one in field.fields if one.name in value and one.kind != "key"]
        return "; ".join(labelled(one, _inside(one, value, voice)) for one in inside)
    if field.kind == "words":
        return voice.plain(value)
    if field.kind == "code" and field.vocabulary is not None:
        return word(field.vocabulary, value) if value in field.vocabulary else str(value)
    if field.kind == "date":
        return formatting.written(value)
    if field.kind == "flag":
        return word(words.YES_NO, "yes" if value else "no")
    if field.kind == "region":
        return voice.region(value)
    if field.kind == "country":
        return voice.country(value)
    if field.pattern == FIELD_PATH:
        return record_facts.label_of(value)
    if field.name == "value" and value in answers.VALIDITY:
        return word(answers.VALIDITY, value)
    if field.name == "value" and value in answers.ACTIVITY:
        return word(answers.ACTIVITY, value)
    return str(value)


def labelled(field: Field, text: str) -> str:
    """``Country: Japan``; a word that begins with the label itself (“Kind of partner not known”) stands alone."""
    name = str(_(field.label))
    return text if field.kind == "code" and text.casefold().startswith(name.casefold()) else f"{name}: {text}"


def _inside(field: Field, part: Mapping[str, Any], voice: Voice) -> str:
    """One value of a part; what a source says of a field is read as that field is."""
    if field.name == "value" and field.kind == "words" and "field" in part:
        return record_evidence.in_words(part["value"], part["field"], voice)
    return _in_line(field, part[field.name], voice)


def neighbours(old: int, new: int, newest: int, subject: str) -> list[dict[str, str]]:
    """Links to the comparison before and after this one."""
    found = []
    if old > 1:
        url = url_for("cooperation.compare", subject=subject, dari=old - 1, ke=old)
        found.append({"url": url, "label": _("Earlier change")})
    if new < newest:
        url = url_for("cooperation.compare", subject=subject, dari=new, ke=new + 1)
        found.append({"url": url, "label": _("Later change")})
    return found
