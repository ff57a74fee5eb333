"""How does the life of a record look as a line? Dots for dated acts on an axis that a whole page shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from portal import answers, dates
from portal.translating import gettext as _
from portal.web import formatting

ENDED = frozenset({"completed", "expired", "ended", "terminated", "discontinued"})
SETTLED = frozenset({"go", "done", "stop"})
LEFT, RIGHT = 1.0, 99.0
PLANNED = ' class="plan"'
YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class Axis:
    """The time that all trails of a page share: from the first day of a year to a day."""

    first_year: int
    today: date
    _start: int = field(init=False, repr=False, compare=False)
    _length: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        start = date(self.first_year, 1, 1).toordinal()
        object.__setattr__(self, "_start", start)
        object.__setattr__(self, "_length", max(self.today.toordinal() - start, 1))

    def place(self, day: date) -> float:
        """Where a day stands, in per cent of the width."""
        x = LEFT + (RIGHT - LEFT) * (day.toordinal() - self._start) / self._length
        return round(LEFT if x < LEFT else min(x, RIGHT), 1)

    @property
    def year_width(self) -> float:
        """Twelve months, in per cent of the width."""
        return (RIGHT - LEFT) * YEAR / self._length


class Dot(NamedTuple):
    """A dated act on the trail; hollow when only planned."""

    x: float
    plan: bool


class Stretch(NamedTuple):
    """A part of the trail; ``cls``: on way end (thick), empty for a gap."""

    x1: float
    x2: float
    cls: str = ""


class TrailView(NamedTuple):
    """The life of a record as a line; ``cap`` is where it ended."""

    label: str
    dots: tuple[Dot, ...]
    spans: tuple[Stretch, ...]
    gaps: tuple[Stretch, ...]
    cap: float | None

    def __html__(self) -> str:
        """The lines and dots of the small trail: nothing but numbers, drawn here because a page holds dozens."""
        drawn = ['<line x1="1%" x2="99%" y1="9" y2="9"/>']
        drawn += [f'<line class="{cls}" x1="{x1}%" x2="{x2}%" y1="9" y2="9"/>' for x1, x2, cls in self.spans]
        for x1, x2, _none in self.gaps:
            where = f'x1="{x1}%" x2="{x2}%" y1="9" y2="9"/>'
            drawn.append(f'<line class="gap" {where}<line class="off" {where}')
        drawn += [f'<circle{PLANNED if plan else ""} cx="{x}%" cy="9" r="4"/>' for x, plan in self.dots]
        if self.cap is not None:
            drawn.append(f'<line class="cap" x1="{self.cap}%" x2="{self.cap}%" y1="3" y2="15"/>')
        return "".join(drawn)


def axis(first_year: int | None, today: date) -> Axis:
    """The shared axis of a page; at least five years long, so that a young list does not look like an old one."""
    return Axis(max(min(first_year or today.year, today.year - 5), 1), today)


def trail(dots: Iterable[Sequence[Any]], answered: Any, today: date, axis: Axis) -> TrailView | None:
    """The trail of a record: dots for dated acts, thick for a year after each, dashes where nothing is recorded.

    ``dots`` are ``[partial date, planned]`` in order; ``answered`` is a row of the listing, or the answers. Without a
    date there is no trail.
    """
    found = [(when, dates.earliest(when), bool(plan)) for when, plan in dots]
    known = [(when, axis.place(day), plan) for when, day, plan in found if plan or day <= today]
    if not known:
        return None
    over = answered.status in ENDED
    ends: date | None = getattr(answered, "ends_day", None)
    places = [x for _when, x, _plan in known]
    last = places[-1]
    finish = RIGHT if not over else axis.place(ends) if ends and ends <= today else last
    thick = "on" if answers.STATUSES[answered.status].extra["tone"] in SETTLED else "way"
    spans, gaps = _stretches(sorted(places), finish, axis.year_width, thick)
    return TrailView(
        label=_label(known, answered, ends if over else None),
        dots=tuple([Dot(x, plan) for _when, x, plan in known]),
        spans=spans,
        gaps=gaps,
        cap=max(finish, last) if over else None,
    )


def _stretches(
    starts: list[float], finish: float, width: float, cls: str
) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    spans, gaps = [], []
    for start, following in zip(starts, [*starts[1:], finish], strict=True):
        end = round(min(start + width, max(following, start)), 1)
        if end > start:
            spans.append(Stretch(start, end, cls))
        if following > end:
            gaps.append(Stretch(end, following))
    return tuple(spans), tuple(gaps)


def _label(known: Sequence[tuple[str, float, bool]], answered: Any, ends: date | None) -> str:
    done = ", ".join([formatting.written(when) for when, _x, plan in known if not plan])
    planned = ", ".join([formatting.written(when) for when, _x, plan in known if plan])
    words = [_("recorded %(days)s", days=done)] if done else []
    words += [_("planned %(days)s", days=planned)] if planned else []
    if ends is not None:
        words.append(_("ended %(day)s", day=formatting.written(ends)))
    elif answered.status not in ENDED and answered.news == "tanpa" and answered.silent_since:
        words.append(_("no news since %(day)s", day=formatting.written(answered.silent_since)))
    return _("Trail: %(events)s", events="; ".join(words))
