"""What is promised of the portal, and which of it does a run not keep? CPU is counted in constant pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from tests.load import asking, occasions, serving

if TYPE_CHECKING:
    from tests.load.tabling import Report

LARGE = 300_000  # records from which on the promises for a million hold


@dataclass(frozen=True, slots=True)
class Promise:
    """At most, or at least, so much; for pages also the p95 alone (ms) and how many times a peer has to cost."""

    most: float = inf
    least: float = 0.0
    p95: float = inf
    times: Mapping[str, float] | None = None

    def __str__(self) -> str:
        parts = [f"≤ {self.most:g}"] if self.most < inf else []
        parts += [f"≥ {self.least:,g}".replace(",", " ")] if self.least else []
        parts += [f"p95 ≤ {self.p95:g} ms alone"] if self.p95 < inf else []
        parts += [f"{name} ≥ {least:g} ×" for name, least in (self.times or {}).items()]
        return ", ".join(parts)


DEEPER = 1.5  # times page 1 that a deep page may cost
_SAME = {
    asking.RECORD: Promise(20), asking.UNCHANGED: Promise(1.5), asking.REMEMBERED: Promise(2),
    occasions.CSV: Promise(least=15_000),
}  # fmt: skip
_SMALL = _SAME | {
    asking.FILTERED: Promise(15, times={serving.DJANGO: 5, serving.DATASETTE: 18}), asking.WORDS: Promise(30),
    asking.FRONT: Promise(20), asking.LISTING: Promise(20), occasions.COLD: Promise(2.5), occasions.TWO: Promise(200),
    occasions.VISIBLE: Promise(100),
}  # fmt: skip
_LARGE = _SAME | {
    asking.FILTERED: Promise(30, p95=40, times={serving.DJANGO: 20, serving.DATASETTE: 300}),
    asking.WORDS: Promise(150, p95=200), asking.FRONT: Promise(25), asking.LISTING: Promise(25),
    occasions.FIRST_BYTE: Promise(1), occasions.CSV_MEMORY: Promise(30), occasions.COLD: Promise(6),
    occasions.TWO: Promise(600), occasions.VISIBLE: Promise(300), "rebuild": Promise(15), "assess": Promise(5),
    "verify": Promise(10),
}  # fmt: skip


def of(records: int) -> Mapping[str, Promise]:
    """What is promised for so many records."""
    return _LARGE if records >= LARGE else _SMALL


def broken(report: Report) -> Iterator[str]:
    """Every promise that the run does not keep, in words."""
    promised = of(report.records)
    base = report.together.get(asking.CONSTANT, {}).get(asking.CONSTANT)
    for name in report.portals if base else ():
        lines = report.together.get(name, {})
        for kind, one in lines.items():
            promise = promised.get(kind, Promise())
            if one.cpu / base.cpu > promise.most:
                yield f"{kind}, {name}: {one.cpu / base.cpu:.1f} for {promise.most:g}"
            for peer, least in (promise.times or {}).items():
                other = report.together.get(peer, {}).get(kind)
                if other and other.cpu / one.cpu < least:
                    yield f"{kind}, {name}: {peer} costs {other.cpu / one.cpu:.1f} times as much, not {least:g}"
        first, deep = lines.get(asking.LISTING), lines.get(asking.DEEP)
        if first and deep and deep.cpu > first.cpu * DEEPER:
            yield f"{asking.DEEP}, {name}: {deep.cpu / first.cpu:.1f} times page 1"
    for name, alone in report.alone.items():
        for kind, one in alone.items():
            if one.p95 > promised.get(kind, Promise()).p95:
                yield f"{kind}, {name}: p95 {one.p95:.0f} ms alone"
    for figure in report.figures:
        promise = promised.get(figure.what, Promise())
        if not promise.least <= figure.value <= promise.most:
            digits = 0 if figure.value >= 100 else 2
            yield f"{figure.what}, {figure.server}: {figure.value:.{digits}f} {figure.unit}"
