"""How is the listing narrowed? One field for every filter, in the order of the sheet, with the numbers beside it.

The form only offers: what a query string means is read by `portal.criteria`, so that the page, the exports and the feed
can never disagree. Field names are those of `criteria.FILTERS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SearchField, SelectField, SelectMultipleField

from portal import answers, listing
from portal.criteria import BY_NAME, Criteria
from portal.web import rows

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
    """A field of the sheet as `components/filters.html` draws it; ``value`` is what a select shows."""

    name: str
    legend: str
    options: tuple[Option, ...] = ()
    value: str = ""
    all_label: str = ""
    more_label: str = ""
    more_after: int = SHOWN


def _several(name: str) -> SelectMultipleField:
    return SelectMultipleField(BY_NAME[name].label, choices=[], validate_choice=False)


def _one(name: str) -> SelectField:
    return SelectField(BY_NAME[name].label, choices=[], validate_choice=False)


class FilterForm(FlaskForm):
    """Every filter once; sent with GET, so there is nothing to forge and no token."""

    class Meta:
        csrf = False

    q = SearchField(BY_NAME["q"].label)
    kabar = _several("kabar")
    sunyi = _one("sunyi")
    status = _several("status")
    prov = _several("prov")
    daerah = _several("daerah")
    negara = _several("negara")
    dari = _one("dari")
    sampai = _one("sampai")
    bukti = _several("bukti")
    jenis = _several("jenis")
    bidang = _several("bidang")
    mitra = _several("mitra")
    bentuk = _several("bentuk")
    tahap = _several("tahap")
    berlaku = _several("berlaku")
    habis = _one("habis")
    tanda = _several("tanda")
    beda = BooleanField(BY_NAME["beda"].label)
    pada = HiddenField(BY_NAME["pada"].label)
    urut = _one("urut")
    tampilan = HiddenField(BY_NAME["tampilan"].label)
    hal = HiddenField(BY_NAME["hal"].label)


def filled(criteria: Criteria) -> FilterForm:
    """The form with the values that a query string asks for; values no filter knows are left out."""
    form = FilterForm(formdata=None)
    unknown = {(problem.name, problem.value) for problem in criteria.problems}
    for field in form:
        known = [value for value in criteria.all(field.name) if (field.name, value) not in unknown]
        field.data = known if isinstance(field, SelectMultipleField) else "".join(known)
    return form


def offered(form: FilterForm, facets: Iterable[listing.Facet], years: Sequence[int]) -> Mapping[str, Group]:
    """Every field of the sheet with its options, by name."""
    groups = {facet.name: _facet(form, facet) for facet in facets}
    for name in ("sunyi", "habis"):
        groups[name] = _spans(form, name)
    written = tuple(Option(str(year), str(year)) for year in years)
    for name in ("dari", "sampai"):
        groups[name] = Group(name, _legend(form, name), written, form[name].data)
    return groups


def hidden(form: FilterForm) -> list[tuple[str, str]]:
    """What the form keeps without showing it: names and values."""
    return [(name, form[name].data) for name in HIDDEN if form[name].data]


def more_open(form: FilterForm) -> bool:
    """Is a filter in use that is folded away under "more filters"?"""
    return any(form[name].data for name in MORE)


def _legend(form: FilterForm, name: str) -> str:
    return str(_(form[name].label.text))


def _facet(form: FilterForm, facet: listing.Facet) -> Group:
    if facet.name in {"prov", "daerah"}:
        return _places(form, facet)
    options = [_option(facet.name, option) for option in facet.options]
    if facet.name in {"status", "negara"}:  # what nothing has comes last, under "more"
        options.sort(key=lambda option: not (option.total or option.checked))
    after = SHOWN
    if facet.name == "status":
        after = max(SHOWN, sum(1 for option in options if option.total or option.checked))
    rest = len(options) - after
    more = str(ngettext("%(num)s more", "%(num)s more", rest)) if rest > 1 else ""
    return Group(facet.name, facet.legend, tuple(options), more_label=more, more_after=after)


def _option(name: str, option: listing.Option) -> Option:
    label = option.label[:1].upper() + option.label[1:]
    if name != "status":
        return Option(option.value, label, option.total, option.checked)
    look = answers.STATUSES[option.value].extra
    mark, broken = rows.glyph(option.value, None), option.value == "no_follow_up"
    return Option(option.value, label, option.total, option.checked, look["tone"], mark, broken)


def _places(form: FilterForm, facet: listing.Facet) -> Group:
    """A select of places; what is chosen beyond the first stands below it as boxes."""
    options = tuple(Option(one.value, one.label, one.total, one.checked) for one in facet.options)
    chosen = form[facet.name].data
    regions = _("All regions") if options else _("Choose a province first")
    every = _("All provinces") if facet.name == "prov" else regions
    return Group(facet.name, facet.legend, options, chosen[0] if chosen else "", str(every))


def _spans(form: FilterForm, name: str) -> Group:
    """Years without news, or months until the end."""
    codes = SILENT_YEARS if name == "sunyi" else ENDING_MONTHS
    chosen = form[name].data
    offered_codes = sorted({*codes, *([chosen] if chosen else [])}, key=int)
    options = tuple(Option(code, _length(name, int(code))) for code in offered_codes)
    every = _("Any length") if name == "sunyi" else _("Any end")
    return Group(name, _legend(form, name), options, chosen, str(every))


def _length(name: str, number: int) -> str:
    if name == "sunyi":
        return str(ngettext("%(num)s year or more", "%(num)s years or more", number))
    return str(ngettext("within %(num)s month", "within %(num)s months", number))
