"""What did somebody type into the form? Labels and words, of what differs from the record alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField

from portal import publications
from portal import vocabulary as words
from portal.models import Account
from portal.web.proposing import opening
from portal.web.proposing.opening import Sheet
from portal.web.proposing.showing import HEADINGS
from portal.web.voice import word

Line = tuple[str, str]


def told(typed: MultiDict[str, str]) -> list[Line]:
    """Label and words of every field of a sent form that says something new; for whoever sent it, signed in or not."""
    kind = opening.WORDS.get(typed.get("jenis", ""), "change")
    subject = typed.get("untuk", "")
    newest = publications.newest(subject) if subject.startswith("KS-") else None
    base = newest.document if newest is not None and not newest.gone else {}
    nobody = cast("Account", None)  # only what was typed is looked at, nothing of whom it belongs to
    sheet = Sheet(nobody, kind, subject, typed.get("daerah", ""), 0, base or {})
    sheet.bind(MultiDict(opening.typed_pairs(typed.items(multi=True))))
    return [line for field in sheet.form for line in _lines(field, "")]


def _lines(field: Any, above: str) -> Iterator[Line]:
    if isinstance(field, FieldList):
        for place, entry in enumerate(field.entries, start=1):
            heading = HEADINGS.get(field.name)
            yield from _lines(entry, f"{_(heading)} {place}: " if heading else "")
    elif isinstance(field, FormField):
        step = words.MILESTONES[field.short_name].label if field.short_name in words.MILESTONES else ""
        for inner in field.form:
            yield from _lines(inner, f"{_(step)}: " if step else above)
    elif field.widget_name != "hidden" and field.data != field.object_data:
        text = _text(field)
        if text:
            yield f"{above}{field.label.text}", text


def _text(field: Any) -> str:
    """What stands in the boxes of a field, as the form shows it."""
    kind = field.widget_name
    if kind == "words":
        return " / ".join(text for text in field.texts.values() if text)
    if kind == "date":
        return " ".join(part for part in field.parts.values() if part)
    if kind == "select":
        return dict(field.options).get(field.data, "")
    if kind == "checks":
        return ", ".join(one["label"] for one in field.options if one["checked"])
    if kind == "flag":
        return word(words.YES_NO, "yes") if field.data else ""
    if kind == "titles":
        return "; ".join(field.titles.values())
    return str(field.value if getattr(field, "value", "") else field.data or "")
