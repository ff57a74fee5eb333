"""What is wrong with a document? Every problem names its field and its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from portal import dates, safety
from portal import vocabulary as words
from portal.record import COUNTRY_CODE, DOCUMENTS, KEY, RECORD_ID, REGION_CODE, Document, Field, canonical
from portal.safety import is_safe_url as is_safe_url
from portal.terms import N_

LARGEST = 512 * 1024  # bytes of a canonical document
LONGEST_OFFICE, LONGEST_NOTE = 300, 2000
MOST_ITEMS, MOST_MONTHS = 200, 1200
# An automatic renewal is reckoned out, turn by turn, up to the year 2101: that list must stay short.
SHORTEST_RENEWAL = 3
FIRST_RENEWAL = date(1900, 1, 1)
MOST_RENEWALS = 1000
_LAST_RENEWAL = 2101

_PATTERNS = {"region": REGION_CODE, "country": COUNTRY_CODE, "record": RECORD_ID, "key": KEY, "date": dates.PATTERN}
_LANGUAGES = frozenset({"id", "en"})
# Nothing of this hides or piles up (`portal.safety`): letters of the West, dashes, quotation marks.
_PLAIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e]*")
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


Check = Callable[[Any, Known | None], bool]


def validate(
    document: object, kind: str = "cooperation", known: Known | None = None, size: int | None = None
) -> list[Problem]:
    """Everything that is wrong with a document, in field order; an empty list when nothing is.

    ``size`` is that of its canonical form in bytes, where it is known already.
    """
    if not isinstance(document, dict):
        return [Problem("", N_("A document is an object."), {})]
    fine = _whole_check(kind)(document, known)
    problems = [] if fine else list(_part_problems(document, DOCUMENTS[kind], "", known))
    if not problems:
        problems = list(_cross_problems(document))
    if not problems and (len(canonical(document)) if size is None else size) > LARGEST:
        problems = [Problem("", N_("A document may hold at most %(most)s bytes."), {"most": str(LARGEST)})]
    return problems


def entry_problems(role: str, office: str, note: str) -> list[Problem]:
    """Everything that is wrong with what is said of a publication besides its document."""
    problems = [*_plain_problems(office, LONGEST_OFFICE, "office"), *_plain_problems(note, LONGEST_NOTE, "note")]
    if role not in words.AUTHOR_ROLES:
        problems.append(Problem("role", N_("“%(value)s” is not one of the known words."), {"value": role[:80]}))
    return problems


@cache
def _whole_check(kind: str) -> Check:
    """Whether a document of a kind plainly has no problem in its fields: the short way for nearly all."""
    return _part_check(DOCUMENTS[kind])


def _part_check(fields: tuple[Field, ...]) -> Check:
    """Whether a part plainly has no problems; one that seems to have some is looked at closely (`_part_problems`)."""
    checks = {field.name: _list_check(field) if field.many else _check(field) for field in fields}
    required = frozenset(field.name for field in fields if field.required)

    def is_fine(part: Any, known: Known | None) -> bool:
        if type(part) is not dict or not required <= part.keys():
            return False
        for name, value in part.items():
            check = checks.get(name)
            if check is None or not check(value, known):
                return False
        return True

    return is_fine


def _list_check(field: Field) -> Check:
    check, least = _check(field), int(field.required)

    def is_fine(values: Any, known: Known | None) -> bool:
        if type(values) is not list or not least <= len(values) <= MOST_ITEMS:
            return False
        for value in values:  # noqa: SIM110
            if not check(value, known):
                return False
        return True

    return is_fine


def _check(field: Field) -> Check:
    """Whether a value plainly has no problems; less is said of each kind than `_value_problems` says, never more."""
    longest, vocabulary = field.longest, field.vocabulary or ()
    pattern = re.compile(_PATTERNS.get(field.kind) or field.pattern)

    def has_form(value: Any, _known: Known | None) -> bool:
        return type(value) is str and pattern.fullmatch(value) is not None and _is_plain(value, longest)

    if field.kind == "part":
        return _part_check(field.fields)
    if field.kind == "text" and not field.pattern:
        return lambda value, _known: type(value) is str and _is_plain(value, longest)
    return {
        "words": lambda value, _known: _are_words(value, longest),
        "code": lambda value, _known: type(value) is str and value in vocabulary,
        "date": lambda value, _known: dates.is_partial_date(value),
        "url": lambda value, _known: type(value) is str and _is_plain(value, longest) and is_safe_url(value),
        "flag": lambda value, _known: type(value) is bool,
        "integer": lambda value, _known: type(value) is int and 0 <= value <= MOST_MONTHS,
        "region": lambda value, known: has_form(value, known) and (known is None or value in known.regions),
        "country": lambda value, known: has_form(value, known) and (known is None or value in known.countries),
    }.get(field.kind, has_form)


def _are_words(value: Any, longest: int) -> bool:
    if type(value) is not dict or "id" not in value or not value.keys() <= _LANGUAGES:
        return False
    return all([type(text) is str and _is_plain(text, longest) for text in value.values()])  # noqa: C419


def _is_plain(text: str, longest: int) -> bool:
    """True for a line of letters and signs that can all be seen and is not too long."""
    if not 0 < len(text) <= longest or text.isspace():
        return False
    return text.isprintable() if text.isascii() else _PLAIN.fullmatch(text) is not None


def _part_problems(part: Document, fields: tuple[Field, ...], path: str, known: Known | None) -> Iterator[Problem]:
    names = {field.name for field in fields}
    yield from (Problem(f"{path}{name}", N_("This field is not known."), {}) for name in part if name not in names)
    for field in fields:
        if field.name not in part:
            if field.required:
                yield Problem(f"{path}{field.name}", N_("This field is required."), {})
        elif field.many:
            yield from _list_problems(part[field.name], field, f"{path}{field.name}", known)
        else:
            yield from _value_problems(part[field.name], field, f"{path}{field.name}", known)


def _list_problems(values: object, field: Field, path: str, known: Known | None) -> Iterator[Problem]:
    if not isinstance(values, list):
        yield Problem(path, N_("A list is expected here."), {})
        return
    if field.required and not values:
        yield Problem(path, N_("At least one is required."), {})
    if len(values) > MOST_ITEMS:
        yield Problem(path, N_("At most %(most)s are allowed."), {"most": str(MOST_ITEMS)})
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
    elif field.kind == "integer" and not 0 <= value <= MOST_MONTHS:  # type: ignore[operator]
        most = {"least": "0", "most": str(MOST_MONTHS)}
        yield Problem(path, N_("The number must be between %(least)s and %(most)s."), most)


def _words_problems(value: Mapping[str, object], field: Field, path: str) -> Iterator[Problem]:
    if "id" not in value or not set(value) <= _LANGUAGES:
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
    yield from _plain_problems(text, field.longest, path)


def _plain_problems(text: str, longest: int, path: str) -> Iterator[Problem]:
    if len(text) > longest:
        yield Problem(path, N_("At most %(most)s characters are allowed."), {"most": str(longest)})
    if safety.hides(text, longest):
        yield Problem(path, N_("Hidden characters are not allowed."), {})
    if safety.is_piled(text):
        yield Problem(path, N_("Too many marks stand on one letter."), {})


def _code_problems(value: str, field: Field, path: str, known: Known | None) -> Iterator[Problem]:
    pattern = _PATTERNS.get(field.kind) or field.pattern
    if pattern and not re.fullmatch(pattern, value):
        yield Problem(path, N_("“%(value)s” is not in the expected form."), {"value": value[:80]})
    elif field.kind == "date" and not dates.is_partial_date(value):
        yield Problem(path, N_("There is no such day: %(value)s."), {"value": value})
    elif field.kind == "code" and field.vocabulary is not None and value not in field.vocabulary:
        yield Problem(path, N_("“%(value)s” is not one of the known words."), {"value": value[:80]})
    elif field.kind == "url" and not is_safe_url(value):
        yield Problem(path, N_("A link must begin with https:// or http:// and name a public host."), {})
    elif known is not None and field.kind == "region" and value not in known.regions:
        yield Problem(path, N_("There is no region with the code %(value)s."), {"value": value})
    elif known is not None and field.kind == "country" and value not in known.countries:
        yield Problem(path, N_("There is no country with the code %(value)s."), {"value": value})


def _cross_problems(document: Document) -> Iterator[Problem]:
    keys = {source["key"] for source in document["sources"]}
    if not _source_keys(document) <= keys:
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
    yield from _text_key_problems(document)
    yield from _renewal_problems(document)
    steps = [milestone["code"] for milestone in document.get("milestones", [])]
    if len(set(steps)) != len(steps):
        yield Problem("milestones", N_("A step is named twice."), {})
    for place, said in enumerate(document.get("declarations", [])):
        if said["value"] not in words.DECLARABLE[said["axis"]]:
            yield Problem(
                f"declarations[{place}].value", N_("“%(value)s” cannot be declared."), {"value": said["value"]}
            )


def _text_key_problems(document: Document) -> Iterator[Problem]:
    """Steps and renewals name texts of the same document."""
    keys = {text["key"] for text in document.get("instruments", [])}
    named = [
        (f"{part}[{place}].{name}", item[name])
        for part, name in (("instruments", "renews"), ("milestones", "document"))
        for place, item in enumerate(document.get(part, []))
        if name in item
    ]
    for path, key in named:
        if key not in keys:
            yield Problem(path, N_("There is no text with the key %(value)s."), {"value": key})


def _renewal_problems(document: Document) -> Iterator[Problem]:
    """A term that renews itself is neither of days nor of ages: every turn becomes a row of the index."""
    term = document.get("term", {})
    if term.get("automatic_renewal") != "yes":
        return
    start, end = term.get("start", {}).get("date"), term.get("end", {}).get("date")
    spans = [("term", start, end, term.get("months"))]
    for place, text in enumerate(document.get("instruments", [])):
        ends = text.get("ends_on", {}).get("date")
        begins = text.get("effective_from") or text.get("signed_on")
        spans.append((f"instruments[{place}].ends_on", begins, ends, None))
    turns = 0
    for path, begins, ends, months in spans:
        length = months if months is not None else _length(begins, ends)
        named = [dates.earliest(day) for day in (begins, ends) if day]
        if length is not None and length < SHORTEST_RENEWAL:
            least = {"least": str(SHORTEST_RENEWAL)}
            yield Problem(path, N_("A term that renews itself must be at least %(least)s months long."), least)
        elif named and min(named) < FIRST_RENEWAL:
            first = {"year": str(FIRST_RENEWAL.year)}
            yield Problem(path, N_("A term that renews itself must not begin before %(year)s."), first)
        elif named and length:
            turns += max(_LAST_RENEWAL - max(named).year, 0) * 12 // length
    if turns > MOST_RENEWALS:
        yield Problem(
            "term.automatic_renewal",
            N_("This would renew itself more than %(most)s times."),
            {"most": str(MOST_RENEWALS)},
        )


def _length(begins: str | None, ends: str | None) -> int | None:
    """Whole months from the first day a start may mean to the last day an end may mean, where both are known."""
    if not begins or not ends:
        return None
    start, end = dates.earliest(begins), dates.latest(ends)
    return (end.year - start.year) * 12 + end.month - start.month + (end.day >= start.day)


def _source_keys(document: Document) -> set[str]:
    """The keys that `_named_sources` finds, without their places."""
    found: set[str] = set()
    for name, value in document.items():
        _add_source_keys({"": value} if name == "sources" else {name: value}, found)
    return found


def _add_source_keys(part: Mapping[str, Any], found: set[str]) -> None:
    for name, value in part.items():
        kind = type(value)
        if kind is str:
            if name == "source":
                found.add(value)
        elif kind is dict:
            _add_source_keys(value, found)
        elif kind is list:
            if name == "sources":
                found.update(value)
            elif value and type(value[0]) is dict:
                for item in value:
                    _add_source_keys(item, found)


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
