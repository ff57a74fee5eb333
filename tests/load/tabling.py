"""How is what was measured told? As tables in Markdown, which read well on a screen too, and as JSON."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.load import promises
from tests.load.asking import CONSTANT, DEEP, FILTERED, FRONT, LISTING, RECORD, REMEMBERED, SINGLE, UNCHANGED, WORDS
from tests.load.measuring import Answer, Memory
from tests.load.occasions import Figure

KINDS = (FILTERED, SINGLE, WORDS, FRONT, LISTING, DEEP, RECORD, UNCHANGED, REMEMBERED)


@dataclass(frozen=True, slots=True)
class Line:
    """The answers of one kind from one server: milliseconds, CPU milliseconds, kilobytes."""

    median: float
    p95: float
    cpu: float
    size: float
    times: int


def line(answers: Sequence[Answer]) -> Line:
    """What many answers come to."""
    times = sorted(answer.took for answer in answers)
    return Line(
        statistics.median(times),
        times[min(len(times) - 1, int(len(times) * 0.95))],
        _mean([answer.cpu for answer in answers]),
        statistics.median(len(answer.body) for answer in answers) / 1000,
        len(times),
    )


def _mean(values: Sequence[float]) -> float:
    """What one costs, without the twentieth at either end: work of the machine's own may fall into any request."""
    apart = len(values) // 20
    return statistics.fmean(sorted(values)[apart : len(values) - apart])


Lines = Mapping[str, Mapping[str, Line]]


@dataclass(slots=True)
class Report:
    """Everything one run found out; ``told`` is what went wrong or could not be asked."""

    records: int
    portals: Sequence[str]
    machine: str = ""
    day: str = ""
    together: dict[str, dict[str, Line]] = field(default_factory=dict)
    alone: dict[str, dict[str, Line]] = field(default_factory=dict)
    memory: dict[str, Memory] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """All of it as plain values."""
        return asdict(self)

    def markdown(self) -> str:
        """All of it as tables."""
        title = f"{self.records:,} records".replace(",", " ")
        parts = [f"**{title}**, {self.day}, {self.machine}"]
        base = self.together.get(CONSTANT, {}).get(CONSTANT)
        if base:
            parts += [_ratios(self, base), _portals(self, base)]
        if self.figures:
            parts.append(_figures(self))
        if self.memory:
            parts.append(_memory(self.memory))
        if missed := list(promises.broken(self)):
            parts += ["Not as promised:", "\n".join(f"- {line}" for line in missed)]
        if self.told:
            parts += ["Not measured:", "\n".join(f"- {line}" for line in self.told)]
        return "\n\n".join(parts) + "\n"


def machine(postgres: str = "") -> str:
    """On what was measured."""
    names = [row.partition(":")[2].strip() for row in _rows("/proc/cpuinfo") if row.startswith("model name")]
    kilobytes = next((int(row.split()[1]) for row in _rows("/proc/meminfo") if row.startswith("MemTotal")), 0)
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    from portal.extensions import sqlite_driver

    versions = [f"Python {platform.python_version()}", f"SQLite {sqlite_driver().sqlite_version}"]
    versions += [f"PostgreSQL {postgres}"] if postgres else []
    processor = names[0] if names else platform.machine()
    return f"{os.cpu_count()} cores of {processor}, {kilobytes / 1e6:.0f} GB, {system}, {', '.join(versions)}"


def today() -> str:
    """The day of the measuring."""
    return datetime.now(UTC).date().isoformat()


def _rows(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).is_file() else []


def _ratios(report: Report, base: Line) -> str:
    """CPU of each server in constant pages; of the peers also how many times the portal's."""
    own, *_ = report.portals
    servers = [name for name in report.together if name != CONSTANT]
    promised = promises.of(report.records)
    rows = []
    for kind in KINDS:
        cells = []
        for name in servers:
            found, ours = report.together[name].get(kind), report.together[own].get(kind)
            cell = _number(found.cpu / base.cpu) if found else "–"
            if found and ours and name not in report.portals:
                cell += f" ({_number(found.cpu / ours.cpu)} ×)"
            cells.append(cell)
        rows.append([kind, *cells, str(promised.get(kind, ""))])
    return _table(["CPU of the server, constant page = 1", *servers, "promised"], rows)


def _portals(report: Report, base: Line) -> str:
    """The portal's own answers in milliseconds, among the others and alone."""
    head = ["milliseconds", "median", "p95", "CPU", "median alone", "p95 alone", "KB", "asked"]
    rows = [[CONSTANT, _number(base.median), _number(base.p95), _number(base.cpu), "", "", _number(base.size), ""]]
    for name in report.portals:
        for kind, one in report.together.get(name, {}).items():
            alone = report.alone.get(name, {}).get(kind)
            apart = [_number(alone.median), _number(alone.p95)] if alone else ["", ""]
            numbers = [_number(value) for value in (one.median, one.p95, one.cpu)]
            rows.append([f"{kind}, {name}", *numbers, *apart, _number(one.size), str(one.times)])
    return _table(head, rows)


def _figures(report: Report) -> str:
    promised = promises.of(report.records)
    rows = [
        [f"{one.what}, {one.server}", f"{_number(one.value)} {one.unit}", str(promised.get(one.what, "")), one.aside]
        for one in report.figures
    ]
    return _table(["besides", "measured", "promised", ""], rows)


def _memory(found: Mapping[str, Memory]) -> str:
    rows = [[name, _number(one.private), _number(one.shared)] for name, one in found.items()]
    return _table(["memory after the run, MB", "private", "shared"], rows)


def _number(value: float) -> str:
    """Three digits that say something."""
    if value >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
