"""Which way of counting is the fastest? The same questions asked of the columns, of sets of bits, and of the database.

    python tests/load/ways.py --folder FOLDER [--database postgresql://…]

For a database that is there (`bench.py --folder` makes one). Each question – total, all facets, first page – is asked
of every way in turn; printed are the medians of the CPU time in this process, and of the time it takes (a database
works elsewhere).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

QUESTIONS = (
    "", "kabar=tanpa", "negara=JP", "status=signed&bidang=education", "prov=33&jenis=sister_city&bukti=B",
    "negara=CN&negara=JP&kabar=tanpa&dari=2005", "dari=2000",
)  # fmt: skip


class Bits:
    """Every value of every filter as a whole number with a bit for each record."""

    def __init__(self, columns: Any) -> None:
        from portal.columns import answering

        self.columns = columns
        self.sets: dict[str, dict[str, int]] = {}
        for name in answering._COUNTED:
            values = columns.lookup(name).values
            self.sets[name] = {value: _whole(columns.any(name, [value])) for value in values}

    def answer(self, asked: Any) -> int:
        """Total and facets; days are left to the columns, and the first page to nobody."""
        from portal import listing
        from portal.criteria import FILTERS

        sets: dict[str, int] = {}
        for filter_ in FILTERS:
            values = asked.all(filter_.name)
            if filter_.name in self.sets and values:
                sets[filter_.name] = 0
                for value in values:
                    sets[filter_.name] |= self.sets[filter_.name].get(value, 0)
            elif filter_.condition is not None and values:
                sets[filter_.name] = _whole(filter_.condition.mask(filter_.name, values, self.columns))
        everything = (1 << len(self.columns)) - 1
        for name in listing.FACETS:
            base = everything
            for other, held in sets.items():
                if other != name:
                    base &= held
            for held in self.sets[name].values():
                (base & held).bit_count()
        for held in sets.values():
            everything &= held
        return everything.bit_count()


def _whole(mask: Any) -> int:
    import numpy as np

    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def main() -> None:
    """Ask every question of every way, print what each costs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", required=True, help="instance folder")
    parser.add_argument("--database", default="", help="SQLAlchemy address; default: the SQLite file of the folder")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    from portal import create_app, listing
    from portal.criteria import read
    from portal.extensions import db, reading
    from portal.listing import Matches

    app = create_app({"INSTANCE_PATH": options.folder, "DATABASE_URL": options.database, "STATEMENT_SECONDS": 0})
    with app.app_context(), reading():
        first = listing.matching(read([])).found
        bits = Bits(first._columns)  # type: ignore[attr-defined]

        def asked(memory: bool) -> Callable[[Any], Any]:
            def ask(criteria: Any) -> int:
                found: Matches = listing.matching(criteria, memory=memory)
                listing.tally(found, *listing.FACETS)
                found.found.revisions(criteria.sort, 0, 25)
                return found.total

            return ask

        ways = {"columns": asked(True), "bits": bits.answer, db.engine.dialect.name: asked(False)}
        spent: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for question in QUESTIONS:
            criteria, totals = read(parse_qsl(question)), set()
            for _ in range(options.rounds):
                for name, ask in ways.items():
                    cpu, begun = time.process_time(), time.perf_counter()
                    totals.add(ask(criteria))
                    spent[name].append((time.process_time() - cpu, time.perf_counter() - begun))
            if len(totals) != 1:
                raise SystemExit(f"{question}: the ways differ, {totals}")
        for name, times in spent.items():
            cpu, took = (statistics.median(column) * 1000 for column in zip(*times, strict=True))
            sys.stdout.write(f"{name:12} {cpu:9.2f} ms CPU {took:9.2f} ms\n")


if __name__ == "__main__":
    main()
