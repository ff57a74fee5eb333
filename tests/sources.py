"""Which files are ours, and what is in them? Read once for the tests that read our code."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"instance", "dist", "build", "test-results", "__pycache__"}


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, its text and its tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """What the house calls it: `listing`, `models`, `web`; `__init__` is the package itself."""
        parts = self.path.with_suffix("").parts[1:]
        return parts[0]

    def __str__(self) -> str:
        return str(self.path)

    def lines(self) -> int:
        return len(self.text.splitlines())


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is, or would be, in the repository, as a path from the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        paths = [Path(name) for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # unpacked from an archive, without git
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        paths = [path for path in found if not NOT_OURS.intersection(path.parts) and not hidden(path)]
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def hidden(path: Path) -> bool:
    """Caches and environments start with a dot; of the folders that do, only `.ci` is ours."""
    return any(part.startswith(".") for part in path.parts[:-1]) and path.parts[0] != ".ci"


@cache
def modules(folder: str = "portal") -> tuple[Module, ...]:
    """The Python files under a folder, parsed; migrations are written once and then history."""
    found = []
    for path in tracked():
        if path.suffix == ".py" and path.parts[0] == folder and path.parts[1:2] != ("migrations",):
            text = (ROOT / path).read_text(encoding="utf-8")
            found.append(Module(path, text, ast.parse(text, str(path))))
    return tuple(found)


def templates() -> tuple[Path, ...]:
    """The page templates, as paths from the root."""
    return tuple(path for path in tracked() if path.parts[0] == "templates" and path.suffix == ".html")


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, those inside classes and functions too."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
