"""How is a record known? Its sources, their words field by field, and where they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup

from portal import answers, dates, places
from portal import vocabulary as words
from portal.checking import Tried
from portal.extensions import db
from portal.record import FIELDS, Field
from portal.sentences.parts import lowered
from portal.terms import Vocabulary
from portal.translating import gettext as _
from portal.validation import is_safe_url
from portal.visits import known
from portal.web import formatting, source_files
from portal.web.record_course import quote_language
from portal.web.record_facts import label_of
from portal.web.record_head import definition
from portal.web.record_reading import Reading
from portal.web.voice import Voice, word

_LOCATOR = re.compile(r"^(\d{3}):(\d+)(?:-(\d+))?$")
_ROW = re.compile(r"^SR\d{3}$")
PAPERS_ANCHOR = "sumber-penelitian"
_NOT_A_CONTRAST = ("signatories", "foreign_parties", "instruments", "sectors")
_WEAK = frozenset({"C", "D", "E"})


def sources(reading: Reading) -> list[dict[str, Any]]:
    """Every source with its kind, grade, as-of date, the fields it supports and its archived copy."""
    supported = _supported(reading)
    subject = reading.published.subject
    # A file is given out only while the newest revision names it.
    is_newest = reading.published.number == reading.newest
    files = source_files.disclosed(subject, reading.document) if is_newest else {}
    tried = known.tried(db.session(), {one["link"] for one in reading.document["sources"] if one.get("link")})

    def address(checksum: str) -> str:
        return url_for("files.of_record", subject=subject, sha256=checksum)

    return [
        {**_source(place, source, supported, reading, tried), "archive": source_files.archived(source, files, address)}
        for place, source in enumerate(reading.document["sources"], start=1)
    ]


def _source(
    place: int,
    source: Mapping[str, Any],
    supported: Mapping[str, list[str]],
    reading: Reading,
    tried: Mapping[str, Tried],
) -> dict[str, Any]:
    labels = supported.get(source["key"], [])
    return {
        "n": place,
        "title": source["title"],
        "url": source["link"] if is_safe_url(source.get("link", "")) else "",
        "kind": word(words.SOURCE_KINDS, source["kind"]),
        "tried": _opened(tried.get(source.get("link", ""))),
        "about": [about for about in _about(source, reading) if about],
        "supports": ", ".join(labels),
        "note": reading.voice.words(source.get("note")),
    }


def _about(source: Mapping[str, Any], reading: Reading) -> Iterator[Any]:
    grade = source["grade"]
    yield Markup('<a href="{}">{}</a>').format(
        definition("bukti", grade), _("grade %(grade)s", grade=word(words.GRADES, grade))
    )
    yield source.get("publisher", "")
    if source.get("date"):
        yield _("published %(day)s", day=formatting.written(source["date"]))
    as_of = source.get("as_of", {})
    if as_of.get("date"):
        yield _(
            "as of %(day)s (%(basis)s)",
            day=formatting.written(as_of["date"]), basis=word(words.DATE_BASES, as_of["basis"]),
        )  # fmt: skip
    if as_of.get("note"):
        yield reading.voice.words(as_of["note"])
    if source.get("further"):
        yield _("found later, to check the first source")


def _opened(tried: Tried | None) -> str:
    """That a source did not open when the portal tried it, and when; nothing is said of others."""
    if tried is None or not known.is_told(tried):
        return ""
    day = formatting.written(tried.on)
    if tried.outcome == "gone":
        return _("This page was not found when tried on %(day)s. It may have moved.", day=day)
    return _("This page could not be opened when tried on %(day)s.", day=day)


def _supported(reading: Reading) -> dict[str, list[str]]:
    """The labels of the outermost fields that name a source."""
    found: dict[str, list[str]] = {}
    for field in FIELDS:
        if field.name in {"sources", "claims", "flags"}:
            continue
        for key in _keys(reading.document.get(field.name)):
            labels = found.setdefault(key, [])
            if _(field.label) not in labels:
                labels.append(_(field.label))
    for claim in reading.document.get("claims", []):
        label = label_of(claim["field"].split(".")[0])
        labels = found.setdefault(claim["source"], [])
        if label not in labels:
            labels.append(label)
    return {
        key: [label if not place else label.lower() for place, label in enumerate(labels)]
        for key, labels in found.items()
    }


def _keys(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        yield from part.get("sources", [])
        for value in part.values():
            yield from _keys(value)
    elif isinstance(part, list):
        for value in part:
            yield from _keys(value)


def only_weak(reading: Reading) -> dict[str, bool]:
    """What has no proof yet: an official document, a word of the agency."""
    document = reading.document
    return {
        "document": all(source["grade"] in _WEAK for source in document["sources"]),
        "agency": not any(made["by"] == "agency" for made in document.get("declarations", [])),
    }


# -- the words of the sources ---------------------------------------------------------------------------------


def claims(reading: Reading) -> list[dict[str, Any]]:
    """Every claim: the field, the words as printed, how they are read, and where they stand."""
    return [_claim(claim, reading) for claim in reading.document.get("claims", [])]


def _claim(claim: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """One claim for the page: ``read`` is the whole phrase with its value, ``quote`` empty where nothing is quoted."""
    value, place = _read_as(claim, reading), place_of(claim.get("locator", ""))
    quote = claim.get("printed", "")
    return {
        "field": label_of(claim["field"]),
        "label": _source_name(claim["source"], reading),
        "quote": quote,
        "lang": quote_language([claim["source"]], reading),
        "value": value or quote,
        "read": _phrase(claim, value),
        "place": place,
        "date": "" if quote else place,
        "note": reading.voice.words(claim.get("note")),
        "sources": reading.marks([claim["source"]]),
    }


def _phrase(claim: Mapping[str, Any], value: str) -> str:
    """A value beside its quotation is how that is read; one without was taken over, and says from where."""
    if not value:
        return ""
    if "printed" in claim:
        return str(_("read as: %(value)s", value=value))
    if _ROW.match(claim.get("locator", "")):
        return str(_("from the list: %(value)s", value=value))
    return str(_("in short, not quoted: %(value)s", value=value))


def _source_name(key: str, reading: Reading) -> str:
    """Who says it: the publisher, else the kind of source, with its day."""
    source = next((one for one in reading.document["sources"] if one["key"] == key), None)
    if source is None:
        return ""
    name = source.get("publisher") or word(words.SOURCE_KINDS, source["kind"])
    day = source.get("as_of", {}).get("date") or source.get("date")
    return f"{name}, {formatting.written(day)}" if day else name


def place_of(locator: str) -> Markup | str:
    """``001:400-410`` as a reader says it, with a link to what that file is; a row of the list; others as they are."""
    if _ROW.match(locator):
        return str(_("row %(row)s of the list of sister relations", row=locator))
    found = _LOCATOR.match(locator)
    if not found:
        return locator
    paper, first, last = found.groups()
    if last and last != first:
        text = _("research file %(paper)s, lines %(lines)s", paper=paper, lines=f"{first}–{last}")
    else:
        text = _("research file %(paper)s, line %(line)s", paper=paper, line=first)
    return Markup('<a href="{}">{}</a>').format(url_for("prose.method", _anchor=PAPERS_ANCHOR), text)


def disputed(reading: Reading) -> list[dict[str, Any]]:
    """Fields on which sources differ: their words side by side, never merged."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for claim in reading.document.get("claims", []):
        groups.setdefault(claim["field"], []).append(claim)
    marked = "disputed" in reading.answers.overlays
    return [
        {"field": label_of(path), "claims": [_claim(claim, reading) for claim in group]}
        for path, group in groups.items()
        if _differ(path, group, marked)
    ]


def _differ(path: str, group: list[Mapping[str, Any]], marked: bool) -> bool:
    """Different readings of one field: by two sources, or by one in a record that is marked as disputed."""
    readings = sorted({_reading(claim).casefold() for claim in group})
    apart = [one for place, one in enumerate(readings) if not place or not one.startswith(readings[place - 1])]
    if len(apart) < 2 or (path.split(".")[-1] in _NOT_A_CONTRAST):
        return False
    if path == "declarations" and not marked:
        return False
    return marked or len({claim["source"] for claim in group}) > 1


def _reading(claim: Mapping[str, Any]) -> str:
    return str(claim["value"]["id"] if "value" in claim else claim.get("printed", ""))


def _read_as(claim: Mapping[str, Any], reading: Reading) -> str:
    return in_words(claim.get("value", {}), claim["field"], reading.voice)


def in_words(value: Mapping[str, str], path: str, voice: Voice) -> str:
    """How a claim about a field is read: words of the reader's language, or the codes, dates and names that stand for
    every one."""
    if "en" in value:
        return voice.plain(value)
    parts = str(value.get("id", "")).split(", ")
    return ", ".join(_word(part, path, voice) for part in parts)


def _word(text: str, path: str, voice: Voice) -> str:
    if dates.is_partial_date(text):
        return formatting.written(text)
    if text in places.regions():
        return voice.region(text)
    if path.startswith("foreign_parties") and text in places.countries():
        return voice.country(text)
    for vocabulary in _vocabularies(path):
        if text in vocabulary:
            return lowered(word(vocabulary, text))
    return text


def _vocabularies(path: str) -> Iterator[Vocabulary]:
    """The words a value of this field may be written with."""
    fields: tuple[Field, ...] = FIELDS
    for name in path.split("."):
        field = next((one for one in fields if one.name == name), None)
        if field is None:
            continue
        if field.vocabulary is not None:
            yield field.vocabulary
        fields = field.fields
    if path.startswith("milestones"):
        yield words.MILESTONE_STATES
    if path.startswith(("declarations", *words.AXES)):
        yield answers.VALIDITY
        yield answers.ACTIVITY
    if path.startswith("instruments"):
        yield words.INSTRUMENT_KINDS
