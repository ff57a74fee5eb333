"""Does the bench still run? Once over a handful of records, with little of everything; nothing is said about times."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.conftest import missing
from tests.load import asking, bench, measuring, occasions, serving, tabling
from tests.load.asking import CONSTANT, DEEP, FILTERED, LISTING, RECORD, SINGLE, WORDS, Asker
from tests.load.measuring import Answer
from tests.load.occasions import Figure
from tests.sources import ROOT

FEW = ["--records", "30", "--rounds", "2", "--peer-rounds", "1", "--starts", "1"]


def run(written: Path, *more: str) -> dict[str, Any]:
    """What a short run of the command writes down."""
    command = [sys.executable, "tests/load/bench.py", *FEW, "--json", str(written), *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(written.read_text())
    return found


def test_everything_is_measured(tmp_path: Path) -> None:
    found = run(tmp_path / "found.json", "--postgres", "none", "--peers", "naive")
    for turn in ("together", "alone"):
        assert set(found[turn][bench.SQLITE]) == set(tabling.KINDS)
    assert set(found["together"][serving.NAIVE]) == {FILTERED, SINGLE, WORDS, LISTING, DEEP, RECORD}
    assert set(found["together"][CONSTANT]) == {CONSTANT}
    assert set(found["memory"]) == {CONSTANT, bench.SQLITE, serving.NAIVE}
    assert {one["what"] for one in found["figures"]} == {
        occasions.COLD, occasions.CSV, occasions.FIRST_BYTE, occasions.CSV_MEMORY, occasions.TWO, occasions.ONE,
        occasions.VISIBLE, occasions.PUBLISHING, *occasions.UPKEEP,
    }  # fmt: skip


@pytest.mark.postgres
def test_postgresql_gets_the_same_records(tmp_path: Path) -> None:
    if not postgres.folders():
        missing("postgres", "no folder of its programs")
    found = run(tmp_path / "found.json", "--postgres", "auto", "--peers", "none", "--parts", "pages")
    assert set(found["together"][bench.POSTGRESQL]) == set(tabling.KINDS)


@pytest.fixture
def asker() -> Asker:
    return Asker(asking.field([(number, f"KS-{number}-x") for number in range(10_001, 10_040)], 40), 1)


def test_no_filters_and_no_host_come_twice(asker: Asker) -> None:
    asks = asking.of_portal(asker)
    drawn = [asks[FILTERED]() for _ in range(200)]
    assert len({path for path, _ in drawn}) == len({headers["Host"] for _, headers in drawn}) == 200


def test_no_record_comes_twice_while_there_are_others(asker: Asker) -> None:
    asks = asking.of_datasette(asker)
    assert len({asks[RECORD]()[0] for _ in range(39)}) == 39


def test_the_tables_hold_ratios_to_the_constant_page() -> None:
    def lines(cpu: float) -> tabling.Line:
        return tabling.line([Answer(200, {}, b"x" * 2000, took, cpu) for took in (3.0, 1.0, 2.0)])

    together = {CONSTANT: {CONSTANT: lines(0.5)}, "portal": {FILTERED: lines(5.0)}, "peer": {FILTERED: lines(50.0)}}
    report = tabling.Report(10_000, ["portal"], together=together, figures=[Figure("assess", "portal", 0.5, "min")])
    rows = [[cell.strip() for cell in line.split("|")] for line in report.markdown().splitlines()]
    assert ["", FILTERED, "10.0", "100 (10.0 ×)", "≤ 15, Django ≥ 5 ×, Datasette ≥ 18 ×", ""] in rows
    assert ["", f"{FILTERED}, portal", "2.00", "3.00", "5.00", "", "", "2.00", "3", ""] in rows
    assert "Not as promised:" not in report.markdown()
    assert ["", "assess, portal", "0.50 min", "", "", ""] in rows


def test_work_that_is_not_the_requests_own_does_not_count() -> None:
    answers = [Answer(200, {}, b"", 1.0, cpu) for cpu in (*[2.0] * 19, *[4.0] * 20, 900.0)]
    assert tabling.line(answers).cpu == pytest.approx((17 * 2 + 19 * 4) / 36)


def test_cpu_and_memory_are_those_of_a_process_and_its_children() -> None:
    work = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = chr(7) * (64 << 20); input()'])"
    with subprocess.Popen([sys.executable, "-c", work], stdin=subprocess.PIPE) as process:
        with measuring.Peak(process.pid, 0.01) as peak:
            deadline = time.monotonic() + 30
            while measuring.memory(process.pid).private < 64 and time.monotonic() < deadline:
                time.sleep(0.01)
        before = measuring.cpu(process.pid)
        assert process.stdin is not None
        assert before > 0
        assert len(measuring.family(process.pid)) == 2
        assert peak.most > 60
        process.stdin.close()
