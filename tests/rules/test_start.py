"""Does `python3 -m portal` make its environment once, say when it cannot, and begin anew after an interruption?"""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from portal import __main__ as start


class Machine:
    """A project folder of its own, and a record of the long steps that would have been run."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[list[str]] = []
        self.fails = False
        (folder / start.RUN_LOCK).write_text("flask==1\n")
        (folder / start.TEST_LOCK).write_text("flask==1\npytest==1\n")
        monkeypatch.setattr(start, "ROOT", folder)
        monkeypatch.setattr(start, "VENV", folder / ".venv")
        monkeypatch.setattr(start, "STAMP", folder / ".venv" / "portal-locks.txt")
        monkeypatch.setattr(start, "UNFINISHED", folder / ".venv.lock")
        monkeypatch.setattr(start, "work", self.work)
        monkeypatch.setattr(start, "working_uv", lambda: None)
        monkeypatch.setattr(start, "usable", lambda *, needs_pip: start.interpreter().exists())
        monkeypatch.setattr("signal.signal", lambda *_: None)

    def work(self, command: list[str], step: Any) -> None:
        self.steps.append(command)
        if "venv" in command:
            start.interpreter().parent.mkdir(parents=True, exist_ok=True)
            start.interpreter().touch()
        elif self.fails:
            raise start.SetupFailed("no network")

    def set_up(self, lock: str = start.RUN_LOCK) -> list[str]:
        """Set up when needed; the words for the steps that were run."""
        self.steps.clear()
        if not start.installed(lock):
            start.set_up(lock)
        return ["make" if "venv" in step else Path(step[-1]).name for step in self.steps]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    return Machine(folder, monkeypatch)


def test_the_first_start_installs_and_the_second_does_not(machine: Machine) -> None:
    assert machine.set_up() == ["make", start.RUN_LOCK]
    assert "--require-hashes" in machine.steps[-1]
    assert machine.set_up() == []


def test_a_changed_lock_is_installed_into_the_same_environment(machine: Machine) -> None:
    machine.set_up()
    (start.ROOT / start.RUN_LOCK).write_text("flask==2\n")
    assert machine.set_up() == [start.RUN_LOCK]


def test_the_tests_need_more_and_hold_what_runs(machine: Machine) -> None:
    machine.set_up()
    assert machine.set_up(start.TEST_LOCK) == [start.TEST_LOCK]
    assert machine.set_up(start.RUN_LOCK) == []


def test_after_a_failure_everything_is_made_anew(machine: Machine) -> None:
    machine.fails = True
    with pytest.raises(start.SetupFailed):
        machine.set_up()
    assert not start.installed(start.RUN_LOCK)
    machine.fails = False
    assert machine.set_up() == ["make", start.RUN_LOCK]


def test_a_failed_update_leaves_no_stamp_of_the_old_state(machine: Machine) -> None:
    machine.set_up()
    (start.ROOT / start.TEST_LOCK).write_text("pytest==2\n")
    machine.fails = True
    with pytest.raises(start.SetupFailed):
        machine.set_up(start.TEST_LOCK)
    assert not start.installed(start.RUN_LOCK)


def test_whoever_waited_for_another_start_installs_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def after_the_other(step: Any) -> Any:
        start.interpreter().parent.mkdir(parents=True)
        start.interpreter().touch()
        start.STAMP.write_text(start.fingerprint(start.RUN_LOCK))
        yield io.StringIO()

    monkeypatch.setattr(start, "only_one", after_the_other)
    assert machine.set_up() == []


def test_without_venv_and_uv_it_names_the_package(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "venv_is_here", lambda: False)
    assert start.main(["demo"]) == 1
    assert "python3-venv" in capsys.readouterr().err


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    assert start.main(["demo"]) == 1
    assert "3.11" in capsys.readouterr().err


def test_the_command_is_run_by_the_environments_python(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[list[str]] = []
    monkeypatch.setattr(start, "run", lambda command: handed.append(command) or 0)
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert start.main(["demo", "--port", "1"]) == 0
    assert handed[0][0] == str(start.interpreter())
    assert handed[0][-3:] == ["demo", "--port", "1"]
