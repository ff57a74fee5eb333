"""What is a record in one line? The cells of a table row, codes beside their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from portal import answers, dates, places
from portal import vocabulary as words
from portal.record import Document
from portal.terms import N_, Vocabulary

Say = Callable[..., str]
BETWEEN = "; "


class Answered(Protocol):
    """The answers of a day and the revision they belong to; a row of the listing is one."""

    @property
    def subject(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def known_from(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def grade(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def validity(self) -> str: ...
    @property
    def news(self) -> str: ...
    @property
    def reporting(self) -> str: ...
    @property
    def last_news(self) -> str: ...
    @property
    def silent_since(self) -> str: ...
    @property
    def overlays(self) -> tuple[str, ...]: ...
    @property
    def differs(self) -> bool: ...
    @property
    def document_hash(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Line:
    """What a row is made from: document, answers, the address of this revision, a language and its translator."""

    document: Document
    answered: Answered
    permalink: str
    say: Say
    language: str

    def said(self, text: Mapping[str, str] | None) -> str:
        """Words of the document in this language, else in the one they have."""
        return (text or {}).get(self.language) or next(iter((text or {}).values()), "")

    def label(self, vocabulary: Vocabulary, code: str) -> str:
        """A code in words; "" for one that is not there."""
        return self.say(vocabulary[code].label) if code in vocabulary else ""

    def labels(self, vocabulary: Vocabulary, codes: Iterable[str]) -> str:
        """Several codes in words."""
        return BETWEEN.join(self.label(vocabulary, code) for code in codes)


@dataclass(frozen=True, slots=True)
class Cell:
    """One column: its name (the same in every language), what it holds, and how it is made."""

    name: str
    label: str
    value: Callable[[Line], str]


def _parties(line: Line, side: str, key: str) -> list[str]:
    return [str(party[key]) for party in line.document.get(side, []) if party.get(key)]


def _names(line: Line, side: str) -> str:
    return BETWEEN.join(line.said(party["name"]) for party in line.document.get(side, []))


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _kinds(line: Line) -> list[str]:
    return _unique(_parties(line, "foreign_parties", "kind"))


def _countries(line: Line) -> list[str]:
    return _unique(_parties(line, "foreign_parties", "country"))


def _country_names(line: Line) -> str:
    return BETWEEN.join(places.countries()[code].called(line.language) for code in _countries(line))


def _place_names(line: Line) -> str:
    return BETWEEN.join(" › ".join(party["place"]) for party in line.document["foreign_parties"] if party.get("place"))


def _term(line: Line, end: str, key: str) -> str:
    return str(line.document.get("term", {}).get(end, {}).get(key, ""))


def _as_of(line: Line) -> str:
    """The newest date for which a source speaks."""
    found = [source["as_of"]["date"] for source in line.document["sources"] if source.get("as_of", {}).get("date")]
    return max(found, key=dates.latest, default="")


def _signed_on(line: Line) -> str:
    found = [text["signed_on"] for text in line.document.get("instruments", []) if text.get("signed_on")]
    return min(found, key=dates.earliest, default="")


def _code(name: str, label: str, vocabulary: Vocabulary, codes: Callable[[Line], Iterable[str]]) -> tuple[Cell, Cell]:
    """A column of codes and the one of their words beside it."""
    return (
        Cell(name, label, lambda line: BETWEEN.join(codes(line))),
        Cell(f"{name}_label", label, lambda line: line.labels(vocabulary, codes(line))),
    )


CELLS: tuple[Cell, ...] = (
    Cell("id", N_("Number"), lambda line: line.answered.subject),
    Cell("title", N_("Title"), lambda line: line.said(line.document["title"])),
    Cell("permalink", N_("Permanent address of this revision"), lambda line: line.permalink),
    Cell("revision", N_("Revision"), lambda line: str(line.answered.number)),
    Cell("published_at", N_("Published"), lambda line: line.answered.known_from),
    Cell("sha256", N_("Checksum (SHA-256)"), lambda line: line.answered.document_hash),
    Cell("last_checked", N_("Newest date for which a source speaks"), _as_of),
    Cell("region", N_("Region"), lambda line: str(line.document["region"])),
    Cell("region_name", N_("Region"), lambda line: places.regions()[line.document["region"]].called(line.language)),
    Cell("province", N_("Province"), lambda line: line.answered.province),
    Cell("province_name", N_("Province"), lambda line: places.regions()[line.answered.province].called(line.language)),
    Cell("other_regions", N_("Other regions"), lambda line: BETWEEN.join(line.document.get("other_regions", []))),
    Cell("local_parties", N_("Local parties"), lambda line: _names(line, "local_parties")),
    Cell("foreign_parties", N_("Foreign parties"), lambda line: _names(line, "foreign_parties")),
    *_code("partner_kind", N_("Kind of partner"), words.FOREIGN_KINDS, _kinds),
    Cell("country", N_("Partner country"), lambda line: BETWEEN.join(_countries(line))),
    Cell("country_name", N_("Partner country"), _country_names),
    Cell("place", N_("Place, from the largest unit down"), _place_names),
    *_code("legal_form", N_("Legal form"), words.LEGAL_FORMS, lambda line: [line.document["legal_form"]]),
    *_code("type", N_("Type"), words.TYPES, lambda line: [line.document["type"]]),
    *_code("sectors", N_("Sectors"), words.SECTORS, lambda line: line.document.get("sectors", [])),
    *_code("status", N_("Status"), answers.STATUSES, lambda line: [line.answered.status]),
    *_code("stage", N_("Procedure"), words.MILESTONES, lambda line: [line.answered.stage]),
    *_code("validity", N_("Validity"), answers.VALIDITY, lambda line: [line.answered.validity]),
    *_code("news", N_("News"), answers.NEWS, lambda line: [line.answered.news]),
    Cell("last_news", N_("Latest news"), lambda line: line.answered.last_news),
    Cell("silent_since", N_("Silent since"), lambda line: line.answered.silent_since),
    *_code("reporting", N_("Reporting"), answers.REPORTING, lambda line: [line.answered.reporting]),
    Cell("differs", N_("Stated and recorded differ"), lambda line: "yes" if line.answered.differs else "no"),
    *_code("marks", N_("Marks"), words.FLAGS, lambda line: line.answered.overlays),
    *_code("grade", N_("Best source"), words.GRADES, lambda line: [line.answered.grade]),
    Cell("signed_on", N_("Signed on"), _signed_on),
    Cell("start", N_("Start"), lambda line: _term(line, "start", "date")),
    *_code("start_basis", N_("Basis of the start"), words.DATE_BASES, lambda line: [_term(line, "start", "basis")]),
    Cell("end", N_("End"), lambda line: _term(line, "end", "date")),
    *_code("end_basis", N_("Basis of the end"), words.DATE_BASES, lambda line: [_term(line, "end", "basis")]),
    Cell("summary", N_("Summary"), lambda line: line.said(line.document.get("summary"))),
)


def flat(document: Document, answered: Answered, permalink: str, say: Say, language: str) -> list[str]:
    """The cells of one record, in the order of `CELLS`; what is unknown is an empty cell."""
    line = Line(document, answered, permalink, say, language)
    return [cell.value(line) for cell in CELLS]


def answers_of(answered: Any) -> dict[str, Any]:
    """The answers of a day as plain codes, for JSON; what is unknown is left out."""
    names = ("status", "stage", "validity", "news", "last_news", "last_news_kind", "silent_since", "reporting", "grade")
    found = {name: getattr(answered, name) for name in names if getattr(answered, name)}
    return {**found, "differs": answered.differs, "counted": answered.counted, "marks": list(answered.overlays)}
