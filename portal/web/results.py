"""How is an answer of the listing shown? Title, chips, pages, rows or table, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal import exports, listing, places, selecting, streaming, vocabulary
from portal.criteria import SORTS, Criteria
from portal.listing import Matches, Page, Row
from portal.terms import N_
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import finding, formatting
from portal.web.language import current_language, path_of
from portal.web.rows import RowView, row_view
from portal.web.trails import Axis, axis

MOST_IN_TITLE = 3
AROUND = 2  # pages named before and after the current one
DEFAULT = ""  # the order that needs no name in the address

# Head of a column of the table view: its label, the order it asks for, which way that runs, and whether it is a number.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    (N_("Region and partner"), "daerah", "ascending"),
    (N_("Type"), "", ""),
    (N_("Start"), "mulai", "descending"),
    (N_("Status"), "", ""),
    (N_("News"), "sunyi", "ascending"),
    (N_("Best source"), "", ""),
    (N_("Published"), "baru", "descending"),
)

# What a format gives, in words with its number.
EXPORT_LABELS: Mapping[str, Callable[[int], str]] = {
    "csv": lambda n: ngettext("Download %(num)s row (CSV)", "Download %(num)s rows (CSV)", n),
    "json": lambda n: ngettext("Download %(num)s record (JSON)", "Download %(num)s records (JSON)", n),
    "atom": lambda n: ngettext("Follow its latest change (Atom)", "Follow the latest %(num)s changes (Atom)", n),
}


@dataclass(frozen=True, slots=True)
class ListingView:
    """Everything the listing's templates show besides the filters; see `templates/catalogue/_results.html`."""

    action: str
    title: str
    description: str
    indexed: bool
    total: int
    chips: Sequence[Mapping[str, str]]
    clear_url: str
    sorts: Sequence[Mapping[str, str]]
    sort: str
    corrections: Sequence[tuple[str, str]]
    rows: Sequence[RowView]
    axis: Axis
    table: Mapping[str, Any] | None
    pager: Mapping[str, Any] | None
    why_empty: str
    drops: Sequence[Mapping[str, str]]
    exports: Sequence[Mapping[str, Any]]
    feed: str
    other_view: Mapping[str, str]
    reading: Mapping[str, Any] | None
    kept: Sequence[tuple[str, str]]
    today: date
    page: int
    pages: int
    announcement: str = ""
    focus_heading: bool = False
    reset_form: bool = False


def address(criteria: Criteria, endpoint: str = "catalogue.index", **values: str) -> str:
    """The canonical address of what is asked for, as a page or an export."""
    return _with_query(criteria.query, path_of(endpoint, **values))


def listing_view(matches: Matches, page: Page, today: date) -> ListingView:
    """The page of the listing, in words of this request's language."""
    criteria = matches.criteria
    title = titled(criteria, page.total)
    tabled = criteria.view == "tabel"
    years = [row.start_year for row in page.rows if row.start_year]
    shared = axis(min(years, default=None), matches.day)
    query = f"?pada={criteria.day}" if criteria.day else ""
    sort = DEFAULT if not criteria.one("urut") else criteria.sort
    why_empty, drops = ("", []) if page.total else _nothing_found(matches)
    return ListingView(
        action=path_of("catalogue.index"),
        title=title if page.number == 1 else _("%(title)s (page %(n)s)", title=title, n=formatting.number(page.number)),
        description=_described(title, matches.day),
        indexed=_indexed(criteria, page.total),
        total=page.total,
        chips=chips(criteria),
        clear_url=address(criteria.without(*(name for name, _values in criteria.narrowing))),
        sorts=_sorts(criteria),
        sort=sort,
        corrections=matches.corrections,
        rows=[] if tabled else [row_view(row, matches.day, shared, query) for row in page.rows],
        axis=shared,
        table=_table(criteria, page.rows, matches.day, query) if tabled and page.rows else None,
        pager=_pager(criteria, page),
        why_empty=why_empty,
        drops=drops,
        exports=_exports(criteria, page.total),
        feed=address(criteria.without("urut", "tampilan"), "catalogue.export", format="atom"),
        other_view=_other_view(criteria),
        reading=_reading(matches, today),
        kept=[(n, v) for n, values in criteria.chosen for v in values if n not in {"pada", "hal"}],
        today=today,
        page=page.number,
        pages=page.pages,
    )


# -- names ----------------------------------------------------------------------------------------------------------


def titled(criteria: Criteria, total: int) -> str:
    """``Kerja sama di Jawa Tengah, mulai 2012–2017: 13 hasil``."""
    what = named(criteria)
    return str(ngettext("%(what)s: %(num)s result", "%(what)s: %(num)s results", total, what=what))


def named(criteria: Criteria) -> str:
    """What the criteria ask for, in words: place and partner first, then at most three more."""
    said = {name: _said(criteria, name, values) for name, values in criteria.narrowing}
    where = said.pop("daerah", "") or said.pop("prov", "")
    whom = said.pop("negara", "")
    said.pop("prov", None)
    rest = _rest(criteria, said)
    if where and whom:
        what = _("Cooperation in %(places)s with %(countries)s", places=where, countries=whom)
    elif where:
        what = _("Cooperation in %(places)s", places=where)
    elif whom:
        what = _("Cooperation with %(countries)s", countries=whom)
    else:
        what = _("Cooperation") if rest else _("Foreign cooperation")
    return ", ".join([what, *rest[:MOST_IN_TITLE]])


def _rest(criteria: Criteria, said: dict[str, str]) -> list[str]:
    words = []
    if "dari" in said or "sampai" in said:
        words.append(_("started %(years)s", years=_years(said.pop("dari", ""), said.pop("sampai", ""))))
    if "sunyi" in said:
        years = said.pop("sunyi")
        words.append(_("%(n)s years or more without news", n=years))
    if "q" in said:
        words.append(_("“%(words)s”", words=said.pop("q")))
    if "pada" in said:
        words.append(_("on %(day)s", day=said.pop("pada")))
    if "habis" in said:
        words.append(_("ending within %(n)s months", n=said.pop("habis")))
    return words + [text[:1].lower() + text[1:] if text.split(" ")[0][1:].islower() else text for text in said.values()]


def _years(first: str, last: str) -> str:
    if first and last:
        return first if first == last else f"{first}–{last}"
    return _("%(year)s or later", year=first) if first else _("%(year)s or earlier", year=last)


def _said(criteria: Criteria, name: str, values: Sequence[str]) -> str:
    if name == "pada" and criteria.day:
        return formatting.written(criteria.day)
    return formatting.listed([criteria.said(name, value, _, current_language()) for value in values])


def _described(title: str, day: date) -> str:
    values = {"title": title, "day": formatting.written(day)}
    return str(_("%(title)s. Partners, status and what came of each, with sources; as of %(day)s.", **values))


def _indexed(criteria: Criteria, total: int) -> bool:
    """One filter with one value is worth finding; combinations, orders and past days are the reader's own."""
    chosen = [(name, values) for name, values in criteria.chosen if name != "hal"]
    if not total or criteria.problems or any(name in {"q", "pada", "urut", "tampilan"} for name, _values in chosen):
        return False
    return len(chosen) <= 1 and all(len(values) == 1 for _name, values in chosen)


# -- chips, orders, pages -------------------------------------------------------------------------------------------


def chips(criteria: Criteria) -> list[dict[str, str]]:
    """What is in use, each with the address without it; the two years of a span are one chip."""
    found: list[dict[str, str]] = []
    span = bool(criteria.one("dari") and criteria.one("sampai"))
    for chip in criteria.chips(_, current_language()):
        if span and chip.name == "sampai":
            continue
        one = {"facet": chip.label, "value": chip.text, "url": _with_query(chip.without)}
        if span and chip.name == "dari":
            one = {
                "facet": _("Started"),
                "value": _years(criteria.one("dari"), criteria.one("sampai")),
                "url": address(criteria.without("dari", "sampai")),
            }
        if chip.name == "pada" and criteria.day:
            one["value"] = formatting.written(criteria.day)
        known = chip.name != "q" and not criteria.is_problem(chip.name)
        found.append({**one, "key": f"{chip.name}-{places.slug(chip.value) if known else len(found)}"})
    return found


def _with_query(query: str, base: str = "") -> str:
    base = base or path_of("catalogue.index")
    return f"{base}?{query}" if query else base


def _sorts(criteria: Criteria) -> list[dict[str, str]]:
    """The orders to choose from; the default has no name, so that it stays the default when words are added."""
    offered = [code for code in SORTS if code != "cocok" or criteria.text]
    default = "cocok" if criteria.text else "sunyi"
    return [{"value": DEFAULT if code == default else code, "label": _(SORTS[code].label)} for code in offered]


def _pager(criteria: Criteria, page: Page) -> dict[str, Any] | None:
    if page.pages < 2:
        return None
    size = -(-page.total // page.pages) if page.number == page.pages else len(page.rows)
    first = page.total - len(page.rows) + 1 if page.number == page.pages else (page.number - 1) * size + 1
    span = {"first": formatting.number(first), "last": formatting.number(first + len(page.rows) - 1)}
    start = address(criteria.without())
    shown = {1, page.pages, *range(page.number - AROUND, page.number + AROUND + 1)} & set(range(1, page.pages + 1))
    links: list[dict[str, Any]] = []
    for number in sorted(shown):
        if links and number > links[-1]["n"] + 1:
            links.append({"gap": True, "n": number - 1})
        links.append({"n": number, "url": _page_url(start, number), "current": number == page.number, "gap": False})
    return {
        "text": _("%(first)s–%(last)s of %(total)s", total=formatting.number(page.total), **span),
        "pages": links,
        "previous": _page_url(start, page.number - 1) if page.number > 1 else "",
        "next": _page_url(start, page.number + 1) if page.number < page.pages else "",
    }


def _page_url(first: str, number: int) -> str:
    """A page's address from that of the first; its number stands last in every query (`criteria.FILTERS`)."""
    if number == 1:
        return first
    return f"{first}{'&' if '?' in first else '?'}hal={number}"


def _other_view(criteria: Criteria) -> dict[str, str]:
    if criteria.view == "tabel":
        return {"label": _("Show as a list"), "url": address(criteria.without("tampilan"))}
    return {"label": _("Show as a table"), "url": address(criteria.having("tampilan", "tabel"))}


def _exports(criteria: Criteria, total: int) -> list[dict[str, Any]]:
    plain = criteria.without("tampilan")
    links = []
    for name, one in exports.FORMATS.items():
        count = min(total, streaming.NEWEST) if one.newest else total
        label = EXPORT_LABELS[name](count) if name in EXPORT_LABELS else _(one.label)
        url = address(plain, "catalogue.export", format=one.extension)
        links.append({"label": label, "url": url, "download": not one.newest})
    return links


# -- rows -----------------------------------------------------------------------------------------------------------


def _table(criteria: Criteria, found: Sequence[Row], day: date, query: str) -> dict[str, Any]:
    headers: list[dict[str, Any]] = []
    for label, sort, direction in COLUMNS:
        head: dict[str, Any] = {"label": _(label)}
        if sort:
            head["sort_url"] = address(criteria.having("urut", sort))
            head["sort"] = direction if criteria.sort == sort else "none"
        headers.append(head)
    return {"headers": headers, "rows": [{"cells": _cells(row, day, query)} for row in found]}


def _cells(row: Row, day: date, query: str) -> list[dict[str, Any]]:
    view = row_view(row, day, Axis(day.year, day), query)
    start = row.card["start"]
    pair = {name: getattr(view, name) for name in ("region_name", "partners", "tone", "glyph", "broken")}
    pulse = {"kind": view.pulse.kind, "text": view.pulse.text} if view.pulse else None
    published = row.known_from[:10]
    return [
        {"pair": pair, "url": view.url},
        {"text": _(vocabulary.TYPES[row.type].label)},
        {"text": formatting.written_short(start), "datetime": start} if start else {"nil": _("not recorded")},
        {"tag": {"label": view.status_label, "tone": view.tone, "stale": view.stale}},
        {"pulse": pulse} if pulse else {"text": None},
        {"text": _(vocabulary.GRADES[row.grade].label)},
        {"text": formatting.written_short(published), "datetime": published},
    ]


# -- nothing found, another day -------------------------------------------------------------------------------------


def _nothing_found(matches: Matches) -> tuple[str, list[dict[str, str]]]:
    """Why nothing matches, and where to go: pages that the words name, filters to give up, whom to tell."""
    named = finding.pages(matches.criteria.text)
    links = [{"label": _("See the page of %(name)s", name=name), "url": url} for name, url in named]
    return _why_empty(matches, bool(named)), [*links, *_drops(matches)]


def _why_empty(matches: Matches, is_named: bool) -> str:
    if is_named:
        return _("Your words are the name of a region or country with a page of its own.")
    if matches.problems:
        listed = formatting.listed([f"{_(problem.label)}: “{problem.value}”" for problem in matches.problems])
        return _("Not a value of this filter: %(values)s.", values=listed)
    if matches.criteria.narrowing:
        return _("Give up one of these filters:")
    return _("Nothing has been published yet.")


def _drops(matches: Matches) -> list[dict[str, str]]:
    """Which filter could be given up, with what that would give; then whom to tell."""
    links = []
    for drop in listing.drops(matches, _, current_language()):
        label = _("without “%(filter)s: %(value)s”", filter=drop.label, value=drop.text)
        note = ngettext("%(num)s cooperation", "%(num)s cooperations", drop.total)
        links.append({"label": label, "note": note, "url": _with_query(drop.query)})
    return [*links, {"label": _("Tell us of a cooperation that is missing"), "url": path_of("prose.correction")}]


def _reading(matches: Matches, today: date) -> dict[str, Any] | None:
    """What stands over the list of another day, and on whose knowledge it rests."""
    if matches.criteria.day is None:
        return None
    day = formatting.written(matches.day)
    if matches.reading == selecting.KNOWN:
        text = _("As it was known on %(day)s, and assessed for that day.", day=day)
    else:
        text = _("In hindsight: what is known today, assessed for %(day)s; the register is younger than that.", day=day)
    back = _("Back to today, %(day)s", day=formatting.written(today))
    link = {"label": back, "url": address(matches.criteria.without("pada"))}
    return {"text": text, "links": [link]}
