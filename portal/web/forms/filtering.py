"""How is the listing narrowed? One field for every filter, in the order of the sheet, with the numbers beside it.

The form only offers: what a query string means is read by `portal.criteria`, so that the page, the exports and the feed
can never disagree. Field names are those of `criteria.FILTERS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal import answers, listing
from portal.criteria import BY_NAME, Criteria
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import rows
from portal.web.forms.boxes import Boxes, Numbers
from portal.web.language import path_of

SILENT_YEARS = ("2", "5", "10", "20")
ENDING_MONTHS = ("3", "6", "12", "24")
SHOWN = 6  # options before the rest is folded away
HIDDEN = ("pada", "tampilan")
COUNTED = tuple(name for name in listing.FACETS if name not in {"prov", "daerah"})  # boxes with a number beside them
MORE = ("jenis", "bidang", "mitra", "bentuk", "tahap", "berlaku", "habis", "tanda", "beda")


@dataclass(frozen=True, slots=True)
class Option:
    """One value that may be chosen; ``total`` is what it would give, none where that is not counted."""

    value: str
    label: str
    total: int | None = None
    checked: bool = False
    tone: str = ""
    mark: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A field of the sheet as `components/filters.html` draws it.

    ``value`` is what a select shows. Boxes stand in ``first`` and, folded away, in ``rest``, which is ``unfolded``
    while one of them is chosen; ``marked`` ones have a mark to draw.
    """

    name: str
    legend: str
    options: Sequence[Option | listing.Option] = ()
    value: str = ""
    all_label: str = ""
    first: Sequence[Option] | Boxes = ()
    rest: Sequence[Option] | Boxes = ()
    more_label: str = ""
    unfolded: bool = False
    marked: bool = False
    others: str = ""


class Sheet(dict[str, Group]):
    """Every field of the sheet by name, each put together when it is asked for: a fragment shows few of them."""

    def __init__(self, criteria: Criteria, facets: Iterable[listing.Facet], years: Sequence[int]) -> None:
        super().__init__()
        self._criteria, self._years = criteria, years
        self._facets = {facet.name: facet for facet in facets}

    def __missing__(self, name: str) -> Group:
        facet = self._facets.get(name)
        if facet is not None:
            group = _places(self._criteria, facet) if name in {"prov", "daerah"} else _facet(facet)
        elif name in {"dari", "sampai"}:
            written = tuple(Option(str(year), str(year)) for year in self._years)
            group = Group(name, _legend(name), written, _known(self._criteria, name))
        else:
            group = _spans(self._criteria, name)
        self[name] = group
        return group

    @property
    def numbers(self) -> Numbers:
        """The numbers of all boxes, for a fragment that leaves the boxes themselves where they are."""
        return Numbers([self._facets[name] for name in COUNTED])


def hidden(criteria: Criteria) -> list[tuple[str, str]]:
    """What the form keeps without showing it: names and values."""
    return [(name, value) for name in HIDDEN if (value := _known(criteria, name))]


def more_open(criteria: Criteria) -> bool:
    """Is a filter in use that is folded away under "more filters"?"""
    return any(_known(criteria, name) for name in MORE)


def _known(criteria: Criteria, name: str) -> str:
    """The first value asked for that the filter knows."""
    if not criteria.problems:
        return criteria.one(name)
    unknown = {problem.value for problem in criteria.problems if problem.name == name}
    return next((value for value in criteria.all(name) if value not in unknown), "")


def _legend(name: str) -> str:
    return _(BY_NAME[name].label)


def _facet(facet: listing.Facet) -> Group:
    """Boxes, the first of them open; what nothing has comes last, under "more"."""
    options, after = list(facet.options), SHOWN
    if facet.name in {"status", "negara"}:
        options.sort(key=lambda option: not (option.total or option.checked))
    if facet.name == "status":
        after = max(SHOWN, sum(1 for option in options if option.total or option.checked))
    if len(options) <= after + 1:
        after = len(options)
    rest = options[after:]
    marked = facet.name == "status"
    return Group(
        facet.name,
        facet.legend,
        options,
        first=[_marked(option) for option in options[:after]] if marked else Boxes(facet.name, options[:after]),
        rest=[_marked(option) for option in rest] if marked else Boxes(facet.name, rest),
        more_label=ngettext("%(num)s more", "%(num)s more", len(rest)) if rest else "",
        unfolded=any(option.checked for option in rest),
        marked=marked,
        others=path_of("countries.index") if facet.name == "negara" and len(options) >= listing.COUNTRIES else "",
    )


def _marked(option: listing.Option) -> Option:
    """A status with its mark."""
    tone, mark, broken = _look(option.value)
    return Option(option.value, _capital(option.label), option.total, option.checked, tone, mark, broken)


@lru_cache(maxsize=64)
def _look(status: str) -> tuple[str, str, bool]:
    return answers.STATUSES[status].extra["tone"], rows.glyph(status, None), status == "no_follow_up"


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _places(criteria: Criteria, facet: listing.Facet) -> Group:
    """A select of places; what is chosen beyond the first stands below it as boxes."""
    regions = _("All regions") if facet.options else _("Choose a province first")
    every = _("All provinces") if facet.name == "prov" else regions
    return Group(facet.name, facet.legend, facet.options, _known(criteria, facet.name), every)


def _spans(criteria: Criteria, name: str) -> Group:
    """Years without news, or months until the end."""
    codes = SILENT_YEARS if name == "sunyi" else ENDING_MONTHS
    chosen = _known(criteria, name)
    offered = sorted({*codes, *([chosen] if chosen else [])}, key=int)
    options = tuple(Option(code, _length(name, int(code))) for code in offered)
    every = _("Any length") if name == "sunyi" else _("Any end")
    return Group(name, _legend(name), options, chosen, every)


def _length(name: str, number: int) -> str:
    if name == "sunyi":
        return ngettext("%(num)s year or more", "%(num)s years or more", number)
    return ngettext("within %(num)s month", "within %(num)s months", number)
