"""Where does each province stand on the tile map and on the true map, and what is written there?

The tiles keep the neighbours of the archipelago on a grid of 8 by 8 (`data.tiles`); the true map is that of
`data.province_map`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

from flask import url_for

from portal import data, places
from portal.regional import Overview, RegionState
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import formatting, rows

# How far from its place a number stands on the true map, where the province is too small or too crowded to hold it.
OFFSETS: Mapping[str, tuple[int, int]] = {
    "12": (190, -170), "13": (-190, 60), "17": (-170, 110), "18": (-190, 140), "19": (150, -90), "21": (-120, -130),
    "31": (-10, -180), "32": (-110, 190), "33": (-30, -170), "34": (20, 190), "35": (120, -180), "36": (-190, 90),
    "51": (-20, 180), "52": (60, 190), "71": (60, -220), "75": (-60, -170), "76": (-170, 90), "96": (-120, -180),
}  # fmt: skip

Steps = tuple[int, int, int]
# Where the classes of colour begin while no province has many.
FEW: Steps = (3, 6, 12)
MANY = 25
_ROW = [one * 10**power for power in range(7) for one in (1, 2, 3, 5)]


@dataclass(frozen=True, slots=True)
class Tile:
    """A province on the tile map (`components/maps.html`)."""

    code: str
    short: str
    name: str
    url: str
    col: int
    row: int
    total: int | None
    quiet: int
    unverified: int
    planned: int
    declared_none: bool
    level: int


@dataclass(frozen=True, slots=True)
class Shape:
    """A province on the true map."""

    d: str
    url: str
    level: int
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of a province on the true map; where it stands beside its place, how far that is from it."""

    x: int
    y: int
    across: int
    down: int
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Geography:
    """The true map."""

    view_box: str
    scale: int
    shapes: tuple[Shape, ...]
    marks: tuple[Mark, ...]
    attribution: str


def tiles(overview: Overview) -> list[Tile]:
    """The 38 provinces as tiles, row by row from west to east."""
    begins = of_provinces(overview)
    ordered = sorted(data.tiles(), key=lambda place: (place.row, place.column))
    return [_tile(place, overview, begins) for place in ordered]


def _tile(place: data.TilePlace, overview: Overview, begins: Steps) -> Tile:
    province, state = places.regions()[place.code], overview.provinces[place.code]
    return Tile(
        code=place.code,
        short=place.label,
        name=rows.region_name(place.code),
        url=url_for("regions.show", slug=province.slug),
        col=place.column,
        row=place.row,
        total=state.counted or None,
        quiet=state.without_news,
        unverified=state.unverified,
        planned=state.planned,
        declared_none=not state.total and stating_none(place.code, overview) > 0,
        level=level(state.counted, begins),
    )


def stating_none(province: str, overview: Overview, kind: str = "declared_none") -> int:
    """How many governments in a province state that they have no cooperation (or: of how many a source found none)."""
    codes = [province, *(member.code for member in places.members(province))]
    return sum(overview.regions[code].coverage.code == kind for code in codes)


def steps(totals: Iterable[int]) -> Steps:
    """Where the second, third and fourth class of colour begin: near the quarters of the numbers, and round."""
    found = sorted(total for total in totals if total)
    if not found or found[-1] < MANY:
        return FEW
    first, second, third = (_round(found[len(found) * part // 4]) for part in (1, 2, 3))
    third = max(10, third if third <= found[-1] else _ROW[_ROW.index(third) - 1])
    second = min(max(5, second), _ROW[_ROW.index(third) - 1])
    return min(max(2, first), _ROW[_ROW.index(second) - 1]), second, third


def _round(total: int) -> int:
    """The nearest round number, as one sees it: by how many times it is more or less."""
    return min(_ROW, key=lambda one: abs(log(one / total)))


def level(total: int, begins: Steps) -> int:
    """The class of colour of a number, from 1 to 4; 0 for none."""
    return sum(total >= least for least in (1, *begins))


def classes(begins: Steps) -> list[str]:
    """The four classes of colour in numbers: ``1–2``, ``3–5``, ``6–11``, ``12+``."""
    firsts = (1, *begins)
    spans = []
    for first, following in pairwise(firsts):
        last = formatting.number(following - 1)
        spans.append(last if following - first == 1 else f"{formatting.number(first)}–{last}")
    return [*spans, f"{formatting.number(firsts[-1])}+"]


def of_provinces(overview: Overview) -> Steps:
    """Where the classes of the provinces begin."""
    return steps(state.counted for state in overview.provinces.values())


def geography(overview: Overview) -> Geography:
    """The true map with the same links and numbers as the tiles."""
    drawn: Mapping[str, Any] = data.province_map()
    shapes, marks, begins = [], [], of_provinces(overview)
    for code, shape in drawn["provinces"].items():
        province, state = places.regions()[code], overview.provinces[code]
        url = url_for("regions.show", slug=province.slug)
        name = rows.region_name(code)
        shapes.append(Shape(shape["d"], url, level(state.counted, begins), f"{name}: {_words(state)}"))
        if state.total:
            across, down = OFFSETS.get(code, (0, 0))
            x, y = shape["x"], shape["y"]
            more = f"+{formatting.number(state.unverified + state.planned)}"
            number = formatting.number(state.counted) if state.counted else more
            marks.append(Mark(x + across, y + down, -across, -down, number, url))
    text = _("%(source)s; not the official boundaries.", source=drawn["attribution"])
    view_box = " ".join(str(part) for part in drawn["viewBox"])
    return Geography(view_box, drawn["scale"], tuple(shapes), tuple(marks), text)


def _words(state: RegionState) -> str:
    if not state.total:
        return str(_("no data yet"))
    words = []
    if state.counted:
        words.append(ngettext("%(num)s cooperation", "%(num)s cooperations", state.counted))
    if state.without_news:
        words.append(_("%(n)s without news", n=formatting.number(state.without_news)))
    if state.unverified:
        words.append(ngettext("%(num)s not verified", "%(num)s not verified", state.unverified))
    if state.planned:
        words.append(ngettext("%(num)s planned", "%(num)s planned", state.planned))
    return ", ".join(words)
