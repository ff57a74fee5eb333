"""What does every field mean, and whose are the reference data? The tables of the data page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from portal import data
from portal.record import Field
from portal.terms import N_
from portal.translating import gettext as _

# What a kind of value looks like.
KINDS: Mapping[str, str] = {
    "text": N_("text"),
    "words": N_("text in Indonesian (id) and, where given, English (en)"),
    "code": N_("one of the words named here"),
    "date": N_("date: year, month or day, never padded"),
    "integer": N_("whole number"),
    "flag": N_("true or absent"),
    "url": N_("address (http or https)"),
    "region": N_("Kemendagri code of a region"),
    "country": N_("ISO 3166-1 alpha-2 code of a country"),
    "record": N_("number of a record"),
    "key": N_("key inside the document"),
    "part": N_("part with fields of its own"),
}


def headers() -> list[dict[str, str]]:
    """The heads of the table of fields."""
    return [{"label": _("Field")}, {"label": _("Meaning")}, {"label": _("Kind")}]


def lines(fields: tuple[Field, ...]) -> list[dict[str, Any]]:
    """One line for each field, parts before what they hold."""
    return [_line(path, field) for path, field in _walk(fields, "")]


def _walk(fields: tuple[Field, ...], above: str) -> Iterator[tuple[str, Field]]:
    for field in fields:
        path = f"{above}{field.name}{'[]' if field.many else ''}"
        yield path, field
        yield from _walk(field.fields, f"{path}.")


def _line(path: str, field: Field) -> dict[str, Any]:
    kind = str(_(KINDS[field.kind]))
    if field.vocabulary is not None:
        kind += ": " + ", ".join(field.vocabulary)
    meaning = str(_(field.label)) + (f" ({_('required')})" if field.required else "")
    return {"cells": [{"text": path}, {"text": meaning}, {"text": kind}]}


def licences() -> list[dict[str, Any]]:
    """The notices that travel with the reference data, as the shipped file has them: heading and paragraphs."""
    sections: list[dict[str, Any]] = []
    notices = files(data).joinpath("LICENSES.md").read_text(encoding="utf-8")
    for block in notices.split("\n\n"):
        if block.startswith("## "):
            sections.append({"title": block.removeprefix("## ").strip(), "paragraphs": []})
        elif sections and block.strip():
            sections[-1]["paragraphs"].append(" ".join(block.split()))
    return sections
