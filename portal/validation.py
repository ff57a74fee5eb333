"""What is wrong with a document? Every problem names its field and its reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from portal import dates
from portal import vocabulary as words
from portal.record import COUNTRY_CODE, DOCUMENTS, KEY, RECORD_ID, REGION_CODE, Document, Field
from portal.terms import N_

HIDDEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_PATTERNS = {"region": REGION_CODE, "country": COUNTRY_CODE, "record": RECORD_ID, "key": KEY, "date": dates.PATTERN}
_PYTHON = {"integer": int, "flag": bool, "words": dict, "part": dict}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: the field's path (``term.end.date``), an English message of the catalogues, its values."""

    path: str
    message: str
    values: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.path}: {self.message % dict(self.values)}"


@dataclass(frozen=True, slots=True)
class Known:
    """The codes that exist; a document that names others is refused."""

    regions: Collection[str] = ()
    countries: Collection[str] = ()


def validate(document: object, kind: str = "cooperation", known: Known | None = None) -> list[Problem]:
    """Everything that is wrong with a document, in field order; an empty list when nothing is."""
    if not isinstance(document, dict):
        return [Problem("", N_("A document is an object."), {})]
    problems = list(_part_problems(document, DOCUMENTS[kind], "", known))
    if not problems:
        problems = list(_cross_problems(document))
    return problems


def _part_problems(part: Document, fields: tuple[Field, ...], path: str, known: Known | None) -> Iterator[Problem]:
    names = {field.name for field in fields}
    for name in part:
        if name not in names:
            yield Problem(f"{path}{name}", N_("This field is not known."), {})
    for field in fields:
        here = f"{path}{field.name}"
        if field.name not in part:
            if field.required:
                yield Problem(here, N_("This field is required."), {})
        elif not field.many:
            yield from _value_problems(part[field.name], field, here, known)
        else:
            yield from _list_problems(part[field.name], field, here, known)


def _list_problems(values: object, field: Field, path: str, known: Known | None) -> Iterator[Problem]:
    if not isinstance(values, list):
        yield Problem(path, N_("A list is expected here."), {})
        return
    if field.required and not values:
        yield Problem(path, N_("At least one is required."), {})
    if len(values) > 200:
        yield Problem(path, N_("At most %(most)s are allowed."), {"most": "200"})
    for place, value in enumerate(values):
        yield from _value_problems(value, field, f"{path}[{place}]", known)


def _value_problems(value: object, field: Field, path: str, known: Known | None) -> Iterator[Problem]:
    wanted = _PYTHON.get(field.kind, str)
    if not isinstance(value, wanted) or (field.kind == "integer" and isinstance(value, bool)):
        yield Problem(path, N_("A value of another kind is expected here."), {})
    elif field.kind == "part":
        yield from _part_problems(value, field.fields, f"{path}.", known)  # type: ignore[arg-type]
    elif field.kind == "words":
        yield from _words_problems(value, field, path)  # type: ignore[arg-type]
    elif isinstance(value, str):
        yield from _text_problems(value, field, path)
        yield from _code_problems(value, field, path, known)
    elif field.kind == "integer" and not 0 <= value <= 1200:  # type: ignore[operator]
        yield Problem(path, N_("The number must be between %(least)s and %(most)s."), {"least": "0", "most": "1200"})


def _words_problems(value: Mapping[str, object], field: Field, path: str) -> Iterator[Problem]:
    if "id" not in value or not set(value) <= {"id", "en"}:
        yield Problem(path, N_("Indonesian words are required; English words may stand beside them."), {})
        return
    for language, text in value.items():
        if isinstance(text, str):
            yield from _text_problems(text, field, f"{path}.{language}")
        else:
            yield Problem(f"{path}.{language}", N_("A value of another kind is expected here."), {})


def _text_problems(text: str, field: Field, path: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(path, N_("This field may not be empty."), {})
    if len(text) > field.longest:
        yield Problem(path, N_("At most %(most)s characters are allowed."), {"most": str(field.longest)})
    if HIDDEN.search(text):
        yield Problem(path, N_("Hidden characters are not allowed."), {})


def _code_problems(value: str, field: Field, path: str, known: Known | None) -> Iterator[Problem]:
    pattern = _PATTERNS.get(field.kind)
    if pattern and not re.fullmatch(pattern, value):
        yield Problem(path, N_("“%(value)s” is not in the expected form."), {"value": value[:80]})
    elif field.kind == "date" and not dates.is_partial_date(value):
        yield Problem(path, N_("There is no such day: %(value)s."), {"value": value})
    elif field.kind == "code" and field.vocabulary is not None and value not in field.vocabulary:
        yield Problem(path, N_("“%(value)s” is not one of the known words."), {"value": value[:80]})
    elif field.kind == "url" and not is_safe_url(value):
        yield Problem(path, N_("A link must begin with https:// or http:// and name a host."), {})
    elif known is not None and field.kind == "region" and value not in known.regions:
        yield Problem(path, N_("There is no region with the code %(value)s."), {"value": value})
    elif known is not None and field.kind == "country" and value not in known.countries:
        yield Problem(path, N_("There is no country with the code %(value)s."), {"value": value})


def is_safe_url(value: str) -> bool:
    """True for an absolute http(s) address with a host and without user name, blanks or controls."""
    if len(value) > 2000 or re.search(r"[\s\x00-\x1f\\]", value):
        return False
    try:
        parts = urlsplit(value)
        host, user = parts.hostname, parts.username
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and user is None


def _cross_problems(document: Document) -> Iterator[Problem]:
    keys = {source["key"] for source in document["sources"]}
    for path, key in _named_sources(document):
        if key not in keys:
            yield Problem(path, N_("There is no source with the key %(value)s."), {"value": key})
    for name in ("sources", "instruments"):
        seen = [item["key"] for item in document.get(name, [])]
        if len(set(seen)) != len(seen):
            yield Problem(name, N_("A key is used twice."), {})
    term = document.get("term", {})
    start, end = term.get("start", {}).get("date"), term.get("end", {}).get("date")
    if start and end and dates.latest(end) < dates.earliest(start):
        yield Problem("term.end.date", N_("The end lies before the start."), {})
    steps = [milestone["code"] for milestone in document.get("milestones", [])]
    if len(set(steps)) != len(steps):
        yield Problem("milestones", N_("A step is named twice."), {})
    for place, said in enumerate(document.get("declarations", [])):
        if said["value"] not in words.DECLARABLE[said["axis"]]:
            yield Problem(
                f"declarations[{place}].value", N_("“%(value)s” cannot be declared."), {"value": said["value"]}
            )


def _named_sources(part: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        for name, value in part.items():
            here = f"{path}.{name}" if path else name
            if name == "source" and isinstance(value, str):
                yield here, value
            elif name == "sources" and path:
                yield from ((here, key) for key in value)
            else:
                yield from _named_sources(value, here)
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from _named_sources(value, f"{path}[{place}]")
