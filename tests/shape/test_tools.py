"""What do the linters and the type checker say? With no machine's settings but those of pyproject.toml."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.sources import ROOT

COMMANDS = {
    "ruff": ["-m", "ruff", "check", "."],
    "mypy": ["-m", "mypy"],
    "djlint": ["-m", "djlint", "templates", "--lint", "--quiet"],
}


@pytest.mark.parametrize("tool", COMMANDS)
def test_it_has_nothing_to_say(tool: str) -> None:
    done = subprocess.run([sys.executable, *COMMANDS[tool]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{tool}:\n{(done.stdout + done.stderr)[-6000:]}"
