"""What does a reader ask for? `FILTERS`, and the one query string of every page, feed, export and interface.

The names are those of the addresses and never change. Repeated names mean *or*, different names *and*. `read` turns any
pairs of a query string into `Criteria`: unknown names are passed over; a value that a filter does not know is kept as a
problem, so that the page can name it above its empty list; what only arranges (order, view, page) falls back to its
default. ``query`` is canonical: names in the order of `FILTERS`, values sorted, blanks and defaults left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from portal import answers, conditions, dates, digits, places, searching
from portal import vocabulary as words
from portal.conditions import Condition
from portal.indexing import OVERLAYS
from portal.terms import N_, Term, Vocabulary

Say = Callable[..., str]
Reader = Callable[[str], str | None]
Speaker = Callable[[str, Say, str], str]

LONGEST_VALUE = 60
MOST_VALUES = 50

# Orders of the listing. Every order ends with the record's number, so that pages never overlap.
SORTS = Vocabulary(
    Term("cocok", N_("Best match")),
    Term("sunyi", N_("Longest without news")),
    Term("baru", N_("Latest change")),
    Term("mulai", N_("Latest start")),
    Term("daerah", N_("Region")),
)
VIEWS = Vocabulary(Term("daftar", N_("List")), Term("tabel", N_("Table")))
BY_MATCH, BY_SILENCE = "cocok", "sunyi"


@dataclass(frozen=True, slots=True)
class Filter:
    """One name of the query string: how its value is read, what it narrows, how it says itself.

    ``read`` gives the canonical value, "" for the default, None for a value it does not know. A filter without a
    condition only arranges, or (`q`, `pada`) is heeded before any other.
    """

    name: str
    label: str
    read: Reader
    condition: Condition | None = None
    many: bool = False
    said: Speaker = lambda value, say, language: value
    arranges: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that a filter does not know."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One chosen value in words, and the query string without it."""

    name: str
    value: str
    label: str
    text: str
    without: str


def _code(vocabulary: Mapping[str, object]) -> Reader:
    return lambda value: value if value in vocabulary else None


def _term(vocabulary: Vocabulary) -> Speaker:
    return lambda value, say, language: say(vocabulary[value].label)


def _whole(least: int, most: int) -> Reader:
    def read(value: str) -> str | None:
        number = digits.whole(value, most)
        return str(number) if number is not None and number >= least else None

    return read


def _toggle(value: str) -> str | None:
    return {"1": "1", "0": ""}.get(value)


def _country(value: str) -> str | None:
    return value.upper() if value.upper() in places.countries() else None


def _province(value: str) -> str | None:
    return value if len(value) == 2 and value in places.regions() else None


def _region(value: str) -> str | None:
    return value if value in places.regions() else None


def _day(value: str) -> str | None:
    return value if len(value) == 10 and dates.is_partial_date(value) else None


def _question(value: str) -> str:
    return " ".join(value.split()[: searching.MOST_WORDS])[: searching.LONGEST_QUESTION].strip()


def _differ(_value: str, say: Say, _language: str) -> str:
    return say(N_("differ"))


def _region_said(value: str, _say: Say, language: str) -> str:
    return places.regions()[value].headed(language)


def _country_said(value: str, _say: Say, language: str) -> str:
    return places.countries()[value].called(language)


def _many(name: str, label: str, vocabulary: Vocabulary, condition: Condition) -> Filter:
    return Filter(name, label, _code(vocabulary), condition, True, _term(vocabulary), choices=tuple(vocabulary))


_PROVINCES = tuple(region.code for region in places.provinces())
_MARKS = Vocabulary(*(words.FLAGS[mark] for mark in OVERLAYS), answers.EXISTING)

FILTERS: tuple[Filter, ...] = (
    Filter("q", N_("Words"), _question),
    _many("status", N_("Status"), answers.STATUSES, conditions.Column("status")),
    _many("kabar", N_("News"), answers.NEWS, conditions.Column("news")),
    Filter("sunyi", N_("Years without news, at least"), _whole(1, 100), conditions.Silent()),
    _many("tahap", N_("Procedure"), words.MILESTONES, conditions.Column("stage")),
    _many("berlaku", N_("Validity"), answers.VALIDITY, conditions.Column("validity")),
    Filter("beda", N_("Stated and recorded"), _toggle, conditions.Flag("differs"), said=_differ, choices=("1",)),
    Filter("prov", N_("Province"), _province, conditions.Facet(), True, _region_said, choices=_PROVINCES),
    Filter("daerah", N_("Region"), _region, conditions.Facet(), True, _region_said, choices=tuple(places.regions())),
    Filter(
        "negara",
        N_("Partner country"),
        _country,
        conditions.Facet(),
        True,
        _country_said,
        choices=tuple(places.countries()),
    ),
    _many("mitra", N_("Kind of partner"), words.FOREIGN_KINDS, conditions.Facet()),
    _many("jenis", N_("Type"), words.TYPES, conditions.Column("type")),
    _many("bentuk", N_("Legal form"), words.LEGAL_FORMS, conditions.Column("legal_form")),
    _many("bidang", N_("Sector"), words.SECTORS, conditions.Facet()),
    Filter("dari", N_("Started in or after"), _whole(1900, 2100), conditions.StartedFrom()),
    Filter("sampai", N_("Started in or before"), _whole(1900, 2100), conditions.StartedUntil()),
    Filter("habis", N_("Ends within (months)"), _whole(1, 120), conditions.Ending()),
    _many("bukti", N_("Best source"), words.GRADES, conditions.Column("grade")),
    _many("tanda", N_("Mark"), _MARKS, conditions.Mark()),
    Filter("pada", N_("On the day"), _day),
    Filter("urut", N_("Order"), _code(SORTS), said=_term(SORTS), arranges=True, choices=tuple(SORTS)),
    Filter("tampilan", N_("View"), _code(VIEWS), said=_term(VIEWS), arranges=True, choices=tuple(VIEWS)),
    Filter("hal", N_("Page"), _whole(1, 1_000_000), arranges=True),
)
BY_NAME: Mapping[str, Filter] = {filter_.name: filter_ for filter_ in FILTERS}


@dataclass(frozen=True)
class Criteria:
    """Everything a query string asks for, in canonical form; made by `read`."""

    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    problems: tuple[Problem, ...] = ()
    today: date | None = None

    @cached_property
    def _values(self) -> Mapping[str, tuple[str, ...]]:
        return dict(self.chosen)

    def all(self, name: str) -> tuple[str, ...]:
        """The values asked for under a name."""
        return self._values.get(name, ())

    def one(self, name: str) -> str:
        """The value asked for under a name, "" where there is none."""
        return self._values.get(name, ("",))[0]

    @property
    def text(self) -> str:
        """The words looked for."""
        return self.one("q")

    @property
    def day(self) -> date | None:
        """The past day asked for."""
        return date.fromisoformat(self.one("pada")) if self.one("pada") and not self.is_problem("pada") else None

    @property
    def sort(self) -> str:
        """The order: the one asked for, else best match for words, else longest without news."""
        return self.one("urut") or (BY_MATCH if self.text else BY_SILENCE)

    @property
    def view(self) -> str:
        """List or table."""
        return self.one("tampilan") or next(iter(VIEWS))

    @property
    def number(self) -> int:
        """The page asked for, from 1."""
        return int(self.one("hal") or 1)

    @cached_property
    def query(self) -> str:
        """The canonical query string, "" when nothing is asked for."""
        return "&".join([_written(name, values) for name, values in self.chosen])

    @property
    def narrowing(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What narrows the list, without what only arranges it."""
        return tuple((name, values) for name, values in self.chosen if not BY_NAME[name].arranges)

    def is_problem(self, name: str) -> bool:
        """Does this filter hold a value it does not know?"""
        return any(problem.name == name for problem in self.problems)

    def without(self, *names: str) -> Criteria:
        """The same without some filters; from page 1."""
        gone = {*names, "hal"}
        return self._left((name, values) for name, values in self.chosen if name not in gone)

    def dropping(self, name: str, value: str) -> Criteria:
        """The same without one value of a filter; from page 1."""
        left = tuple(one for one in self.all(name) if one != value)
        held = ((other, left if other == name else values) for other, values in self.chosen if other != "hal")
        return self._left((other, values) for other, values in held if values)

    def having(self, name: str, *values: str) -> Criteria:
        """The same with these values of a filter in place of those it had; from page 1 unless ``hal`` is set."""
        gone = {name, "hal"}
        kept = [(other, value) for other, value in self._pairs() if other not in gone]
        return read([*kept, *((name, value) for value in values)], self.today)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        return ((name, value) for name, values in self.chosen for value in values)

    def _left(self, chosen: Iterable[tuple[str, tuple[str, ...]]]) -> Criteria:
        """What is left of the canonical is so too, but for an order that is the default once the words are gone."""
        held = dict(chosen)
        if "q" not in held and held.get("urut") == (BY_SILENCE,):
            del held["urut"]
        problems = tuple(one for one in self.problems if one.value in held.get(one.name, ()))
        return Criteria(tuple(held.items()), problems, self.today)

    def chips(self, say: Say, language: str) -> list[Chip]:
        """Every narrowing value in words. ``say`` translates a message."""
        return [
            Chip(
                name,
                value,
                say(BY_NAME[name].label),
                self.said(name, value, say, language),
                self.dropping(name, value).query,
            )
            for name, values in self.narrowing
            for value in values
        ]

    def said(self, name: str, value: str, say: Say, language: str) -> str:
        """One value in words; a value that is not known stands for itself."""
        known = not any((problem.name, problem.value) == (name, value) for problem in self.problems)
        return BY_NAME[name].said(value, say, language) if known else value


def read(pairs: Iterable[tuple[str, str]], today: date | None = None) -> Criteria:
    """What the pairs of a query string ask for. Never raises, whatever is in them.

    A day after ``today`` (where given) is a problem: nothing is known of it.
    """
    found: dict[str, dict[str, bool]] = {}
    for name, raw in pairs:
        filter_ = BY_NAME.get(name)
        if filter_ is None or len(found.get(name, ())) >= (MOST_VALUES if filter_.many else 1):
            continue
        typed = clean(raw, searching.LONGEST_QUESTION * 4 if name == "q" else LONGEST_VALUE)
        value = filter_.read(typed) if typed else ""
        if value is None and filter_.arranges:
            continue
        if name == "pada" and value and today is not None and value > today.isoformat():
            value = None
        if value is None or value:
            found.setdefault(name, {})[value or typed] = value is not None
    _put_years_in_order(found)
    _drop_defaults(found)
    chosen = tuple((f.name, tuple(sorted(found[f.name]))) for f in FILTERS if found.get(f.name))
    unknown = [(name, value) for name, values in chosen for value in values if not found[name][value]]
    return Criteria(chosen, tuple(Problem(name, BY_NAME[name].label, value) for name, value in unknown), today)


@lru_cache(maxsize=512)
def _written(name: str, values: tuple[str, ...]) -> str:
    return urlencode([(name, value) for value in values])


def clean(raw: str, longest: int) -> str:
    """Without anything that cannot be printed, blanks at both ends cut off."""
    if raw.isprintable():
        return raw[:longest].strip()
    return "".join(letter if letter.isprintable() else " " for letter in raw[:longest]).strip()


def _put_years_in_order(found: dict[str, dict[str, bool]]) -> None:
    """ "From 2017 until 2012" means the years between."""
    first, last = found.get("dari"), found.get("sampai")
    if first and last and all(first.values()) and all(last.values()) and int(next(iter(first))) > int(next(iter(last))):
        found["dari"], found["sampai"] = last, first


def _drop_defaults(found: dict[str, dict[str, bool]]) -> None:
    matching = "q" in found
    if "urut" in found and (BY_MATCH in found["urut"] or (BY_SILENCE in found["urut"] and not matching)):
        del found["urut"]  # best match is the default for words, and means nothing without them
    for name, default in (("tampilan", next(iter(VIEWS))), ("hal", "1")):
        if default in found.get(name, {}):
            del found[name]
