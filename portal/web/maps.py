"""Where does each province stand on the tile map and on the true map, and what is written there?

The tiles keep the neighbours of the archipelago on a grid of 8 by 8 (`data.tiles`); the true map is that of
`data.province_map`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal import data, places
from portal.regional import Overview, RegionState
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import rows

# How far from its place a number stands on the true map, where the province is too small or too crowded to hold it.
OFFSETS: Mapping[str, tuple[int, int]] = {
    "12": (190, -170), "13": (-190, 60), "17": (-170, 110), "18": (-190, 140), "19": (150, -90), "21": (-120, -130),
    "31": (-10, -180), "32": (-110, 190), "33": (-30, -170), "34": (20, 190), "35": (120, -180), "36": (-190, 90),
    "51": (-20, 180), "52": (60, 190), "71": (60, -220), "75": (-60, -170), "76": (-170, 90), "96": (-120, -180),
}  # fmt: skip


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
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A province on the true map."""

    d: str
    url: str
    level: int
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of a province on the true map, joined to its place by a line."""

    x: int
    y: int
    cx: int
    cy: int
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
    return [_tile(place, overview) for place in sorted(data.tiles(), key=lambda place: (place.row, place.column))]


def _tile(place: data.TilePlace, overview: Overview) -> Tile:
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
    )


def stating_none(province: str, overview: Overview, kind: str = "declared_none") -> int:
    """How many governments in a province state that they have no cooperation (or: of how many a source found none)."""
    codes = [province, *(member.code for member in places.members(province))]
    return sum(overview.regions[code].coverage.code == kind for code in codes)


def level(total: int) -> int:
    """The class of colour of a number: 1-2, 3-5, 6-11, 12 and more."""
    return sum(total >= least for least in (1, 3, 6, 12))


def geography(overview: Overview) -> Geography:
    """The true map with the same links and numbers as the tiles."""
    drawn: Mapping[str, Any] = data.province_map()
    shapes, marks = [], []
    for code, shape in drawn["provinces"].items():
        province, state = places.regions()[code], overview.provinces[code]
        url = url_for("regions.show", slug=province.slug)
        name = rows.region_name(code)
        shapes.append(Shape(shape["d"], url, level(state.counted), f"{name}: {_words(state)}"))
        if state.total:
            across, down = OFFSETS.get(code, (0, 0))
            x, y = shape["x"], shape["y"]
            number = str(state.counted or f"+{state.unverified + state.planned}")
            marks.append(Mark(x, y, x + across, y + down, number, url))
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
        words.append(_("%(n)s without news", n=state.without_news))
    if state.unverified:
        words.append(ngettext("%(num)s not verified", "%(num)s not verified", state.unverified))
    if state.planned:
        words.append(ngettext("%(num)s planned", "%(num)s planned", state.planned))
    return ", ".join(words)
