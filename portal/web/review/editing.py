"""With which boxes does a moderator amend a value? Those of the proposal form, made from the field's kind alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from portal import places
from portal.amending import Edit
from portal.editorial.deciding import is_amendable
from portal.record import Field
from portal.web import amendments
from portal.web.language import current_language
from portal.web.proposing import fields as boxes
from portal.web.review.noted import Noted

_LONG = 200  # from here on a text gets several rows
_UNTOUCHED = frozenset({"key", "record"})  # names that other parts of the document refer to


class RegionBox(boxes.Boxes):
    """A region, chosen among all by name."""

    widget_name = "select"
    empty = ""

    def read(self, formdata: Any) -> None:
        self.data = self.typed(formdata, self.name) or None
        if self.data and self.data not in places.regions():
            self.data = None
            self.fault(_("Choose one of the regions of the list."))

    @property
    def options(self) -> list[tuple[str, str]]:
        """Codes and names."""
        language = current_language()
        return [(code, region.called(language)) for code, region in places.regions().items()]


class Editor:
    """The boxes for the proposed value of one edit; ``value`` is what they come to once they are filled in."""

    def __init__(self, edit: Edit, kind: str, typed: MultiDict[str, str] | None = None) -> None:
        self.edit = edit
        self._field = amendments.trail(edit.path, kind)[-1]
        self._whole = self._field.kind == "part"
        made: dict[str, UnboundField[Any]] = {}
        for field, name in self._asked():
            made.update(_boxes(field, name))
        self.form = BaseForm(made, prefix=f"ubah-{edit.key}-")
        self.typed = typed is not None and any(name.startswith(f"ubah-{edit.key}-") for name in typed)
        self.form.process(typed if self.typed else None, data=dict(_given(made, self._asked(), edit.new, self._whole)))

    @property
    def is_there(self) -> bool:
        """False where nothing can be amended: a removal, a reply, or a change of names alone."""
        return is_amendable(self.edit) and len(list(self.form)) > 0

    def problems(self) -> list[Noted]:
        """What is wrong with the boxes, each with the box it is about."""
        self.form.validate()
        return [Noted(box.id, f"{box.label.text}: {text}") for box in self.form for text in box.errors]

    def value(self) -> Any:
        """The amended value, with all of the proposed one that is not asked about."""
        if not self._whole:
            return self._read(self._field, "value", self.edit.new)
        return self._part(self._field, "", self.edit.new)

    def _asked(self) -> list[tuple[Field, str]]:
        if not self._whole:
            return [(self._field, "value")]
        return [(inner, inner.name) for inner in self._field.fields]

    def _part(self, field: Field, above: str, given: Any) -> Any:
        made = dict(given or {})
        for inner in field.fields:
            value = self._read(inner, f"{above}{inner.name}", made.get(inner.name))
            if value is None:
                made.pop(inner.name, None)
            else:
                made[inner.name] = value
        return made or None

    def _read(self, field: Field, name: str, given: Any) -> Any:
        if field.kind == "part" and not field.many:
            return self._part(field, f"{name}-", given)
        if name not in self.form:
            return given
        value = self.form[name].data
        return given if value is None and given is False else value


def _boxes(field: Field, name: str) -> dict[str, UnboundField[Any]]:
    """The boxes of a field by name; none for lists of parts and for names others refer to."""
    if field.kind == "part" and not field.many:
        found: dict[str, UnboundField[Any]] = {}
        for inner in field.fields:
            found.update(_boxes(inner, f"{name}-{inner.name}"))
        return found
    box = _box(field)
    return {name: box} if box is not None else {}


def _box(field: Field) -> Any:
    label = _(field.label)
    rows = 4 if field.longest > _LONG else 1
    if field.kind in _UNTOUCHED or field.kind == "part" or (field.many and field.kind in {"region", "country"}):
        return None
    if field.kind == "code" and field.vocabulary is not None:
        if field.many:
            return boxes.Codes(label, vocabulary=field.vocabulary)
        return boxes.Code(label, vocabulary=field.vocabulary, empty=None if field.required else _("not stated"))
    if field.many:
        return boxes.Lines(label, longest=field.longest)
    plain = {
        "date": lambda: boxes.Date(label, future=True),
        "integer": lambda: boxes.Number(label),
        "flag": lambda: boxes.Flag(label),
        "url": lambda: boxes.Link(label, longest=field.longest),
        "country": lambda: boxes.Country(label),
        "region": lambda: RegionBox(label),
        "words": lambda: boxes.Words(label, longest=field.longest, rows=rows),
    }
    return plain[field.kind]() if field.kind in plain else boxes.Plain(label, longest=field.longest, rows=rows)


def _given(made: Mapping[str, Any], asked: list[tuple[Field, str]], new: Any, whole: bool) -> dict[str, Any]:
    """The proposed value, box by box."""
    holder = (new or {}) if whole else {"value": new}
    found: dict[str, Any] = {}
    for name in made:
        value: Any = holder
        for step in name.split("-"):
            value = value.get(step) if isinstance(value, Mapping) else None
        found[name] = value
    return found
