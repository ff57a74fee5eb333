"""What is a record in one line? The cells of a table row, codes beside their words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol

from portal import answers, config, dates, places
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


Fact = Callable[[Document], Any]
Words = Callable[[str, Say, str], str]


def _said(texts: Iterable[Mapping[str, str] | None]) -> str | list[str]:
    """Words of the document, several joined: one text, or one for each language where they are not the same."""
    given = list(texts)
    found = [
        BETWEEN.join((text or {}).get(language) or next(iter((text or {}).values()), "") for text in given)
        for language in config.LOCALES
    ]
    return found[0] if len(set(found)) == 1 else found


def _parties(document: Document, key: str) -> str:
    """What the foreign parties have under a key, each once."""
    return BETWEEN.join(
        dict.fromkeys(str(party[key]) for party in document.get("foreign_parties", []) if party.get(key))
    )


def _place(document: Document) -> str:
    return BETWEEN.join(" › ".join(party["place"]) for party in document["foreign_parties"] if party.get("place"))


def _term(end: str, key: str) -> Fact:
    return lambda document: str(document.get("term", {}).get(end, {}).get(key, ""))


def _as_of(document: Document) -> str:
    """The newest date for which a source speaks."""
    found = [source["as_of"]["date"] for source in document["sources"] if source.get("as_of", {}).get("date")]
    return max(found, key=dates.latest, default="")


def _signed_on(document: Document) -> str:
    found = [text["signed_on"] for text in document.get("instruments", []) if text.get("signed_on")]
    return min(found, key=dates.earliest, default="")


# What a line takes from the document, in the order in which `cells` keeps it (after the slug and the checksum).
FACTS: Mapping[str, Fact] = {
    "title": lambda document: _said([document["title"]]),
    "last_checked": _as_of,
    "region": lambda document: str(document["region"]),
    "other_regions": lambda document: BETWEEN.join(document.get("other_regions", [])),
    "local_parties": lambda document: _said(party["name"] for party in document.get("local_parties", [])),
    "foreign_parties": lambda document: _said(party["name"] for party in document.get("foreign_parties", [])),
    "partner_kind": lambda document: _parties(document, "kind"),
    "country": lambda document: _parties(document, "country"),
    "place": _place,
    "legal_form": lambda document: str(document["legal_form"]),
    "type": lambda document: str(document["type"]),
    "sectors": lambda document: BETWEEN.join(document.get("sectors", [])),
    "signed_on": _signed_on,
    "start": _term("start", "date"),
    "start_basis": _term("start", "basis"),
    "end": _term("end", "date"),
    "end_basis": _term("end", "basis"),
    "summary": lambda document: _said([document.get("summary")]),
}


def cells(document: Document, slug: str = "", checksum: str = "") -> str:
    """What a line takes from the document, as text, so that a long table need not open every document.

    Codes stay codes: their words are those of the day and the language in which the table is written.
    """
    found = [slug, checksum, *(fact(document) for fact in FACTS.values())]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _labels(vocabulary: Vocabulary) -> Words:
    return lambda code, say, language: say(vocabulary[code].label) if code in vocabulary else ""


def _region(code: str, say: Say, language: str) -> str:
    return places.regions()[code].called(language)


def _country(code: str, say: Say, language: str) -> str:
    return places.countries()[code].called(language)


@dataclass(frozen=True, slots=True)
class Cell:
    """One column: its name (the same in every language) and what it holds.

    A column of words names the column whose codes they are: ``words`` says each code of ``of``.
    """

    name: str
    label: str
    of: str = ""
    words: Words | None = None


def _code(name: str, label: str, vocabulary: Vocabulary) -> tuple[Cell, Cell]:
    """A column of codes and the one of their words beside it."""
    return Cell(name, label), Cell(f"{name}_label", label, name, _labels(vocabulary))


CELLS: tuple[Cell, ...] = (
    Cell("id", N_("Number")),
    Cell("title", N_("Title")),
    Cell("permalink", N_("Permanent address of this revision")),
    Cell("revision", N_("Revision")),
    Cell("published_at", N_("Published")),
    Cell("sha256", N_("Checksum (SHA-256)")),
    Cell("last_checked", N_("Newest date for which a source speaks")),
    Cell("region", N_("Region")),
    Cell("region_name", N_("Region"), "region", _region),
    Cell("province", N_("Province")),
    Cell("province_name", N_("Province"), "province", _region),
    Cell("other_regions", N_("Other regions")),
    Cell("local_parties", N_("Local parties")),
    Cell("foreign_parties", N_("Foreign parties")),
    *_code("partner_kind", N_("Kind of partner"), words.FOREIGN_KINDS),
    Cell("country", N_("Partner country")),
    Cell("country_name", N_("Partner country"), "country", _country),
    Cell("place", N_("Place, from the largest unit down")),
    *_code("legal_form", N_("Legal form"), words.LEGAL_FORMS),
    *_code("type", N_("Type"), words.TYPES),
    *_code("sectors", N_("Sectors"), words.SECTORS),
    *_code("status", N_("Status"), answers.STATUSES),
    *_code("stage", N_("Procedure"), words.MILESTONES),
    *_code("validity", N_("Validity"), answers.VALIDITY),
    *_code("news", N_("News"), answers.NEWS),
    Cell("last_news", N_("Latest news")),
    Cell("silent_since", N_("Silent since")),
    *_code("reporting", N_("Reporting"), answers.REPORTING),
    Cell("differs", N_("Stated and recorded differ")),
    *_code("marks", N_("Marks"), words.FLAGS),
    *_code("grade", N_("Best source"), words.GRADES),
    Cell("signed_on", N_("Signed on")),
    Cell("start", N_("Start")),
    *_code("start_basis", N_("Basis of the start"), words.DATE_BASES),
    Cell("end", N_("End")),
    *_code("end_basis", N_("Basis of the end"), words.DATE_BASES),
    Cell("summary", N_("Summary")),
)

# The columns of `Sheet.line` before they are put in order: from the answers, from the document, the words for codes.
_ANSWERED = (
    "id", "permalink", "revision", "published_at", "province", "status", "stage", "validity", "news", "last_news",
    "silent_since", "reporting", "differs", "marks", "grade",
)  # fmt: skip
_HELD = ("slug", "sha256", *FACTS)
_SAID = tuple(cell for cell in CELLS if cell.words is not None)
_PLACES = {name: place for place, name in enumerate((*_ANSWERED, *_HELD, *(cell.name for cell in _SAID)))}
_IN_ORDER = itemgetter(*(_PLACES[cell.name] for cell in CELLS))
_IN_LANGUAGES = tuple(_HELD.index(name) for name in ("title", "local_parties", "foreign_parties", "summary"))
_MOST_WORDS = 10_000


class _Said(dict[str, str]):
    """The words for codes in one language, each worked out once."""

    def __init__(self, words: Words, say: Say, language: str) -> None:
        super().__init__()
        self._of = lambda code: words(code, say, language)

    def __missing__(self, codes: str) -> str:
        if len(self) > _MOST_WORDS:
            self.clear()
        found = self[codes] = BETWEEN.join(map(self._of, codes.split(BETWEEN))) if codes else ""
        return found


class Sheet:
    """The table in one language: makes its lines. What is unknown is an empty cell."""

    def __init__(self, say: Say, language: str) -> None:
        self._place = list(config.LOCALES).index(language)
        self._said = [(_PLACES[cell.of], _Said(cell.words, say, language)) for cell in _SAID if cell.words]

    def line(self, answered: Answered, held: list[Any], permalink: str) -> Sequence[str]:
        """The cells of one record, in the order of `CELLS`; ``held`` is what `cells` kept of its document."""
        for place in _IN_LANGUAGES:
            if held[place].__class__ is list:
                held[place] = held[place][self._place]
        found = [
            answered.subject, permalink, str(answered.number), answered.known_from, answered.province, answered.status,
            answered.stage, answered.validity, answered.news, answered.last_news, answered.silent_since,
            answered.reporting, "yes" if answered.differs else "no", BETWEEN.join(answered.overlays), answered.grade,
            *held,
        ]  # fmt: skip
        found += [said[found[place]] for place, said in self._said]
        line: Sequence[str] = _IN_ORDER(found)
        return line


def answers_of(answered: Any) -> dict[str, Any]:
    """The answers of a day as plain codes, for JSON; what is unknown is left out."""
    names = ("status", "stage", "validity", "news", "last_news", "last_news_kind", "silent_since", "reporting", "grade")
    found = {name: getattr(answered, name) for name in names if getattr(answered, name)}
    return {**found, "differs": answered.differs, "counted": answered.counted, "marks": list(answered.overlays)}
