"""How does a filter narrow the records, in the database and in memory? Each kind of condition says both, side by side.

`where` is the condition in SQL, `mask` the same on `portal.columns` (truth for each position), `tally` counts in SQL
how often each of its values occurs in a set of records; memory needs no code for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from numpy.typing import NDArray
from sqlalchemy import CTE, ColumnElement, Select, Table, and_, func, literal, select

from portal import dates
from portal.indexing import MARKS
from portal.models import VersionFacet

Values = Sequence[str]
Tally = Select[Any, Any, Any]
Mask = NDArray[Any]
_FACET: Table = VersionFacet.__table__  # type: ignore[assignment]
ENDED = "akhir"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the records of a reading stand.

    ``columns`` of facts and of answers, the ``tables`` they come from, ``scope``: which versions belong to the reading,
    ``on_day``: which of their answers, and the ``day`` itself.
    """

    columns: dict[str, ColumnElement[Any]]
    tables: Any
    scope: ColumnElement[bool]
    on_day: tuple[ColumnElement[bool], ...]
    day: date


class Asked(Protocol):
    """What conditions ask of the records in memory (`columns.Columns`)."""

    day: date

    def any(self, name: str, values: Iterable[str]) -> Mask: ...

    def between(self, name: str, first: date, last: date) -> Mask: ...


class Condition(Protocol):
    """One kind of narrowing; ``name`` is the filter's."""

    def where(self, name: str, values: Values, source: Source) -> ColumnElement[bool]: ...

    def mask(self, name: str, values: Values, columns: Asked) -> Mask: ...

    def tally(self, name: str, matched: CTE) -> list[Tally]: ...


class _Uncounted:
    def tally(self, name: str, matched: CTE) -> list[Tally]:
        """A condition whose values are not offered for choice."""
        raise NotImplementedError(name)


@dataclass(frozen=True, slots=True)
class Column:
    """The value of one column is among those asked for."""

    column: str

    def where(self, name: str, values: Values, source: Source) -> ColumnElement[bool]:
        return source.columns[self.column].in_(values)

    def mask(self, name: str, values: Values, columns: Asked) -> Mask:
        return columns.any(name, values)

    def tally(self, name: str, matched: CTE) -> list[Tally]:
        column = matched.c[self.column]
        return [select(literal(name), column, func.count()).group_by(column)]


class Facet:
    """One of several values of the record is among those asked for."""

    def where(self, name: str, values: Values, source: Source) -> ColumnElement[bool]:
        having = select(_FACET.c.revision).where(_FACET.c.facet == name, _FACET.c.value.in_(values))
        return source.columns["revision"].in_(having)

    def mask(self, name: str, values: Values, columns: Asked) -> Mask:
        return columns.any(name, values)

    def tally(self, name: str, matched: CTE) -> list[Tally]:
        joined = matched.join(_FACET, _FACET.c.revision == matched.c.revision)
        counted = select(literal(name), _FACET.c.value, func.count()).select_from(joined)
        return [counted.where(_FACET.c.facet == name).group_by(_FACET.c.value)]


class Mark:
    """One of the marks asked for is on the record."""

    def where(self, name: str, values: Values, source: Source) -> ColumnElement[bool]:
        return source.columns["marks"].bitwise_and(sum(MARKS[value] for value in values)) != 0

    def mask(self, name: str, values: Values, columns: Asked) -> Mask:
        return columns.any(name, values)

    def tally(self, name: str, matched: CTE) -> list[Tally]:
        return [
            select(literal(name), literal(mark), func.count()).where(matched.c.marks.bitwise_and(bit) != 0)
            for mark, bit in MARKS.items()
        ]


@dataclass(frozen=True, slots=True)
class Flag:
    """A column is true."""

    column: str

    def where(self, name: str, values: Values, source: Source) -> ColumnElement[bool]:
        return source.columns[self.column].is_(True)

    def mask(self, name: str, values: Values, columns: Asked) -> Mask:
        return columns.any(name, ["1"])

    def tally(self, name: str, matched: CTE) -> list[Tally]:
        return [select(literal(name), literal("1"), func.count()).where(matched.c[self.column].is_(True))]


class Silent(_Uncounted):
    """No news for at least so many years, and not ended: what is over has a right to be silent."""

    def where(self, name: str, values: Values, source: Source) -> ColumnElement[bool]:
        day, news = source.columns["silent_day"], source.columns["news"]
        return and_(day <= self.limit(values, source.day), news != ENDED)

    def mask(self, name: str, values: Values, columns: Asked) -> Mask:
        ended = columns.any("kabar", [ENDED])
        return columns.between("silent_day", date.min, self.limit(values, columns.day)) & ~ended

    def limit(self, values: Values, day: date) -> date:
        return dates.add_months(day, -12 * int(values[0]))


class Ending(_Uncounted):
    """The written term ends within so many months from the day."""

    def where(self, name: str, values: Values, source: Source) -> ColumnElement[bool]:
        return source.columns["ends_day"].between(source.day, self.limit(values, source.day))

    def mask(self, name: str, values: Values, columns: Asked) -> Mask:
        return columns.between("ends_day", columns.day, self.limit(values, columns.day))

    def limit(self, values: Values, day: date) -> date:
        return dates.add_months(day, int(values[0]))


class StartedFrom(_Uncounted):
    """It began in this year or later; a record without a date is in no period."""

    def where(self, name: str, values: Values, source: Source) -> ColumnElement[bool]:
        return source.columns["start_day"] >= date(int(values[0]), 1, 1)

    def mask(self, name: str, values: Values, columns: Asked) -> Mask:
        return columns.between("start_day", date(int(values[0]), 1, 1), date.max)


class StartedUntil(_Uncounted):
    """It began in this year or earlier."""

    def where(self, name: str, values: Values, source: Source) -> ColumnElement[bool]:
        return source.columns["start_day"] <= date(int(values[0]), 12, 31)

    def mask(self, name: str, values: Values, columns: Asked) -> Mask:
        return columns.between("start_day", date.min, date(int(values[0]), 12, 31))
