"""Which records match, in which order, and how many would with another choice? For the page and every export alike.

`matching` answers from memory (`portal.columns`) where it can and from the database (`portal.selecting`) where it must;
both give the same. Rows are plain values: no object of the database leaves this module.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, Table, bindparam, select
from sqlalchemy.orm import Session, scoped_session

from portal import columns, places, searching, selecting
from portal.criteria import BY_NAME, Criteria, Problem, Say, read
from portal.extensions import db
from portal.indexing import OVERLAYS
from portal.models import Version
from portal.searching import Question
from portal.selecting import Split, State

Kept = TypeVar("Kept")

PAGE_SIZE = 25
COUNTRIES = 40  # choices: those with most records; the others are chosen from their own pages

# The filters whose choices are shown with numbers. True: in the vocabulary's order, else the most frequent first.
FACETS: Mapping[str, bool] = {
    "status": True, "kabar": True, "tahap": True, "berlaku": True, "beda": True, "prov": False, "daerah": False,
    "negara": False, "mitra": False, "jenis": False, "bentuk": False, "bidang": False, "bukti": True, "tanda": True,
}  # fmt: skip

_VERSION: Table = Version.__table__  # type: ignore[assignment]


class Row(NamedTuple):
    """One record of a list: facts and answers as codes, and what its card shows.

    ``known_from`` is when the revision was published (UTC, ISO 8601); ``silent_since`` and ``last_news`` are partial
    dates or ""; ``overlays`` are the marks in the order of the vocabulary.
    """

    revision: int
    subject: str
    number: int
    record_number: int
    region: str
    province: str
    legal_form: str
    type: str
    grade: str
    start_year: int | None
    known_from: str
    status: str
    stage: str
    validity: str
    news: str
    reporting: str
    last_news: str
    last_news_kind: str
    silent_since: str
    declared: str
    declared_on: str
    declared_by: str
    ends_day: date | None
    overlays: tuple[str, ...]
    differs: bool
    counted: bool
    card: Mapping[str, Any]


_PLAIN = Row._fields[:-4]
_LATER = ("marks", "differs", "counted", "card")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; ``number`` is the one asked for, or the last there is."""

    rows: list[Row]
    total: int
    number: int
    pages: int


class Option(NamedTuple):
    """One choice of a facet, and how many records it would leave beside all other filters."""

    value: str
    label: str
    total: int
    checked: bool


@dataclass(frozen=True)
class Facet:
    """A filter with its choices: the ``values`` on offer in their order, how often each occurs, which are chosen."""

    name: str
    legend: str
    values: Sequence[str]
    totals: Mapping[str, int]
    labels: Mapping[str, str]
    chosen: Set[str]

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The choices with everything a form shows of them."""
        labels, totals, chosen = self.labels, self.totals, self.chosen
        return tuple([Option(value, labels[value], totals.get(value, 0), value in chosen) for value in self.values])


@dataclass(frozen=True, slots=True)
class Drop:
    """A filter that could be given up: its values in words, and what that would give."""

    name: str
    label: str
    text: str
    total: int
    query: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The record in numbers; each is the total of a query string of the listing.

    ``records`` all; ``counted`` tanda=existing, neither planned nor unverified, and of these ``on_file`` bukti=A;
    ``in_force`` berlaku=in_force; ``claimed`` berlaku=in_force_claimed; ``with_news`` kabar=ada; ``without_news``
    kabar=tanpa. Of all, ``unverified`` tanda=unverified; ``planned`` status=planned.
    """

    records: int
    counted: int
    on_file: int
    in_force: int
    claimed: int
    with_news: int
    without_news: int
    unverified: int
    planned: int


class Answering(Protocol):
    """What both ways of matching can say."""

    total: int

    def revisions(self, sort: str, start: int = 0, stop: int | None = None) -> list[int]: ...

    def every(self, sort: str) -> array[int]: ...

    def tallies(self, names: Iterable[str]) -> dict[str, dict[str, int]]: ...

    def occurring(self, name: str) -> dict[str, int]: ...

    def total_without(self, name: str) -> int: ...

    def splits(self, name: str) -> dict[str, Split]: ...


@dataclass(frozen=True, slots=True)
class Matches:
    """The records that criteria leave, not yet fetched."""

    criteria: Criteria
    question: Question
    state: State
    found: Answering
    session: Session

    @property
    def total(self) -> int:
        """How many they are."""
        return self.found.total

    @property
    def reading(self) -> str:
        """On which knowledge the answer rests: `selecting.TODAY`, `KNOWN` or `HINDSIGHT`."""
        return selecting.reading(self.criteria, self.state)

    @property
    def day(self) -> date:
        """The day the answers hold for."""
        return self.criteria.day or self.state.day

    @property
    def corrections(self) -> tuple[tuple[str, str], ...]:
        """Words read as others: (typed, read as)."""
        return self.question.corrections

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Values that no filter knows; with any of them nothing matches."""
        return self.criteria.problems


def matching(criteria: Criteria, session: Session | scoped_session[Any] | None = None, memory: bool = True) -> Matches:
    """What matches. From memory for today; from the database for a past day, and while the memory is being made."""
    used = session or db.session
    plain: Session = used() if isinstance(used, scoped_session) else used
    now = selecting.state(plain)
    index = columns.current(plain, now) if memory and criteria.day is None else None
    question = searching.asked(plain, criteria.text) if criteria.text else Question(())
    if index is not None:
        return Matches(criteria, question, index.state, columns.Found(index, plain, criteria, question), plain)
    return Matches(criteria, question, now, selecting.Selected(plain, criteria, question, now), plain)


def page(matches: Matches, size: int = PAGE_SIZE) -> Page:
    """The page that is asked for, in the order that is asked for; a page beyond the last is the last."""
    pages = max(1, -(-matches.total // size))
    number = min(matches.criteria.number, pages)
    revisions = matches.found.revisions(matches.criteria.sort, (number - 1) * size, number * size)
    return Page(rows(matches.session, matches, revisions), matches.total, number, pages)


def tally(matches: Matches, *names: str) -> Mapping[str, Mapping[str, int]]:
    """How often each value of some filters occurs; each filter's own choice is left out of account."""
    return matches.found.tallies(names)


def splits(name: str, criteria: Criteria | None = None) -> Mapping[str, Split]:
    """Today's records that match, by the values of a facet (``daerah``, ``prov``, ``negara``)."""
    return matching(criteria or Criteria()).found.splits(name)


def facets(matches: Matches, say: Say, language: str) -> list[Facet]:
    """Every facet with its choices in words and numbers. Those that would give nothing stay, with 0.

    Regions are offered for the provinces that are chosen, countries where there are most records at all.
    """
    totals = matches.found.tallies(FACETS)
    return [_facet(matches, name, own, totals[name], say, language) for name, own in FACETS.items()]


def drops(matches: Matches, say: Say, language: str) -> list[Drop]:
    """For a list that is empty: what each filter's absence would give, the most helpful first."""
    criteria = matches.criteria
    found = []
    for name, values in criteria.narrowing:
        rest = criteria.without(name)
        total = matching(rest, matches.session).total if name == "pada" else matches.found.total_without(name)
        said = ", ".join(criteria.said(name, value, say, language) for value in values)
        found.append(Drop(name, say(BY_NAME[name].label), said, total, rest.query))
    return sorted(found, key=lambda drop: -drop.total)


def totals(session: Session | None = None) -> Totals:
    """The record in numbers, today."""
    every = matching(Criteria(), session).found
    marks = every.tallies(["tanda", "status"])
    existing = matching(read([("tanda", "existing")]), session).found
    tallies = existing.tallies(["bukti", "berlaku", "kabar"])
    return Totals(
        records=every.total,
        counted=existing.total,
        on_file=tallies["bukti"].get("A", 0),
        in_force=tallies["berlaku"].get("in_force", 0),
        claimed=tallies["berlaku"].get("in_force_claimed", 0),
        with_news=tallies["kabar"].get("ada", 0),
        without_news=tallies["kabar"].get("tanpa", 0),
        unverified=marks["tanda"].get("unverified", 0),
        planned=marks["status"].get("planned", 0),
    )


def kept(name: str, make: Callable[[], Kept], session: Session | None = None) -> Kept:
    """What ``make`` gives, worked out once for each state of the database; read-only, alike in every language."""
    plain = session or db.session()
    index = columns.current(plain, selecting.state(plain))
    value: Kept = index.kept(name, make) if index is not None else make()
    return value


def rows(session: Session, matches: Matches, revisions: Sequence[int]) -> list[Row]:
    """The rows of revisions, in their order, in one statement."""
    if not revisions:
        return []
    query = _OF_TODAY
    if matches.criteria.day is not None:
        source = selecting.source(matches.criteria, matches.state)
        query = _reading(source.columns, source.tables).where(*source.on_day)
    found = {row[0]: _row(row) for row in session.connection().execute(query, {"revisions": revisions})}
    return [found[revision] for revision in revisions]


def _reading(columns: Mapping[str, ColumnElement[Any]], tables: Any) -> Select[Any]:
    wanted = [columns[name] for name in (*_PLAIN, *_LATER)]
    asked = _VERSION.c.revision.in_(bindparam("revisions", expanding=True))
    return select(*wanted).select_from(tables).where(asked)


_OF_TODAY = _reading({column.name: column for column in _VERSION.c}, _VERSION)  # built once: every page asks it


def _row(values: Sequence[Any]) -> Row:
    *plain, marks, differs, counted, card = values
    return Row._make((*plain, overlays(marks), differs, counted, json.loads(card)))


@cache
def overlays(marks: int) -> tuple[str, ...]:
    """The marks of a record by name, in the order of the vocabulary."""
    return tuple(mark for mark, bit in OVERLAYS.items() if marks & bit)


def _facet(matches: Matches, name: str, own: bool, totals: Mapping[str, int], say: Say, language: str) -> Facet:
    criteria = matches.criteria
    chosen = set() if criteria.is_problem(name) else set(criteria.all(name))
    labels = _labels(name, language, say)
    values = [*_offered(matches, name, chosen, labels)]
    if not own:
        found = sorted((value for value in values if value in totals), key=totals.__getitem__, reverse=True)
        values = found + [value for value in values if value not in totals]  # by label among equals, as they come
    return Facet(name, say(BY_NAME[name].label), values, totals, labels, chosen)


def _offered(matches: Matches, name: str, chosen: set[str], labels: Mapping[str, str]) -> Iterable[str]:
    """The values of a filter to choose from, in the order of ``labels``."""
    if name == "negara":
        found = matches.found.occurring(name)
        offered = {*sorted(found, key=lambda code: (-found[code], code))[:COUNTRIES], *chosen}
        return [code for code in labels if code in offered]
    if name != "daerah":
        return labels
    regions = places.regions()
    provinces = {code for code in matches.criteria.all("prov") if code in regions} | {
        regions[code].province for code in chosen
    }
    return sorted(
        (code for province in provinces for code in (province, *(one.code for one in places.members(province)))),
        key=lambda code: labels[code].casefold(),
    )


@lru_cache(maxsize=256)
def _labels(name: str, language: str, say: Say) -> Mapping[str, str]:
    """Every value of a filter in words; kept, for hundreds of look-ups cost more than the counting.

    In the order of the vocabulary where that means something, else of the words.
    """
    labels = {value: BY_NAME[name].said(value, say, language) for value in BY_NAME[name].choices}
    return labels if FACETS[name] else dict(sorted(labels.items(), key=lambda one: one[1].casefold()))
