"""What does a document look like to a machine? JSON Schema (draft 2020-12) made from the table of fields."""

from __future__ import annotations

import re
from typing import Any

from portal import dates
from portal.record import COUNTRY_CODE, DOCUMENTS, KEY, RECORD_ID, REGION_CODE, Field
from portal.safety import hidden_in
from portal.terms import N_

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLES = {"cooperation": N_("A cooperation"), "region": N_("What is said of a region")}

# What no schema can say: `validation.validate` checks it besides.
LIMITS = N_(
    "Beyond this schema: days exist in the calendar, codes of regions and countries exist, keys of sources and texts"
    " are defined and used once, an end does not lie before its start, a step is named once, each question has its"
    " own answers, links name a public host, and an automatic renewal has limits."
)

_PATTERNS = {"region": REGION_CODE, "country": COUNTRY_CODE, "record": RECORD_ID, "key": KEY, "date": dates.PATTERN}
_LINK = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s\\/?#@:][^\s\\/?#@]*([/?#][^\s\\]*)?$"
_MOST_ITEMS = 200
_LONGEST_LINK = 2000
_LONGEST_TERM = 1200


def schema(kind: str = "cooperation") -> dict[str, Any]:
    """The schema of a ``cooperation`` or ``region`` document; ``title`` of each field is its label, an English message.

    Raises KeyError for another kind.
    """
    return {
        "$schema": DIALECT,
        "title": TITLES[kind],
        "$comment": LIMITS,
        **_object(DOCUMENTS[kind]),
    }


def _object(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.name: {"title": field.label, **_property(field)} for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _property(field: Field) -> dict[str, Any]:
    if not field.many:
        return _value(field)
    return {"type": "array", "items": _value(field), "minItems": int(field.required), "maxItems": _MOST_ITEMS}


def _value(field: Field) -> dict[str, Any]:
    """One value of a field, by its kind."""
    if field.kind == "part":
        return _object(field.fields)
    if field.kind == "flag":
        return {"type": "boolean"}
    if field.kind == "integer":
        return {"type": "integer", "minimum": 0, "maximum": _LONGEST_TERM}
    text = _text(field.longest, field.pattern)
    if field.kind == "words":
        return {
            "type": "object",
            "properties": {"id": text, "en": text},
            "required": ["id"],
            "additionalProperties": False,
        }
    if field.kind == "code" and field.vocabulary is not None:
        return {"enum": list(field.vocabulary)}
    if field.kind == "url":
        return {"type": "string", "format": "uri", "pattern": _LINK, "maxLength": min(_LONGEST_LINK, field.longest)}
    if field.kind in _PATTERNS:
        return {"type": "string", "pattern": _PATTERNS[field.kind]}
    return text


def _text(longest: int, pattern: str = "") -> dict[str, Any]:
    """Text that is not blank and hides no characters; one of another form where a pattern says so."""
    hidden = _escaped(hidden_in(longest))
    return {"type": "string", "maxLength": longest, "pattern": pattern or r"\S", "not": {"pattern": hidden}}


def _escaped(pattern: re.Pattern[str]) -> str:
    """A pattern of odd characters written in ASCII, as every reader of JSON Schema understands it."""
    return "".join(sign if " " <= sign <= "~" else f"\\u{ord(sign):04x}" for sign in pattern.pattern)
