"""Do imports run downhill? The floors are those of the README; a module that is not named here fails.

A module may use what stands on a floor below its own, and on its own floor what stands before it: no circle can form.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.sources import Module, modules

FLOORS: list[list[str]] = [
    ["data", "terms", "vocabulary", "answers", "desk", "notices", "config", "dates", "digits"],
    [
        "places", "record", "safety", "validation", "schema", "facts", "validity", "silence", "procedure",
        "testimony", "regime", "coverage", "status", "differences", "sentences", "folding", "flattening",
        "amending", "moderation", "permissions", "checking", "inspecting",
    ],
    ["translating", "extensions", "filling", "models"],
    ["crew", "ledger", "indexing", "edition"],
    [
        "first_records", "publications", "searching", "conditions", "criteria", "selecting",
        "columns", "listing", "streaming", "regional", "partners", "exports", "notifications", "carrier", "mailing",
        "linking", "throttling", "visits", "duplicates", "editorial", "evidence", "comparing", "auditing", "accounts",
        "corrections", "reporting", "importing", "accountability", "upkeep", "readiness", "demonstration",
    ],
    ["web", "workers", "cli"],
    ["assembly", "__init__", "__main__"],
]  # fmt: skip

# What is allowed beside that, each with its reason.
SIDEWAYS: dict[tuple[str, str], str] = {
    ("cli", "__init__"): "the command line starts the application",
    ("__init__", "assembly"): "create_app() hands over",
    ("__main__", "cli"): "hands over to the command",
}

PURE = {*FLOORS[0], *FLOORS[1]}
NOT_FOR_PURE = {"flask", "werkzeug", "sqlalchemy", "flask_sqlalchemy", "flask_wtf", "wtforms", "click", "psycopg"}
ONLY_ABOVE = {"request", "session", "render_template", "render_template_string", "flash", "redirect", "abort", "g"}


def floor(name: str) -> int:
    return next((number for number, names in enumerate(FLOORS) if name in names), -1)


def place(name: str) -> tuple[int, int]:
    """Floor and place on the floor; what is used must have a smaller one."""
    here = floor(name)
    return here, FLOORS[here].index(name) if here >= 0 else -1


def imports(module: Module) -> Iterator[tuple[str, str, int]]:
    """(what is imported from, name, line) – also of imports inside functions."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name, node.lineno) for alias in node.names)


def own(source: str, name: str) -> str | None:
    """Which of our modules an import names; the version may be read from everywhere."""
    parts = source.split(".")
    if parts[0] != "portal" or name == "__version__":
        return None
    if len(parts) > 1:
        return parts[1]
    known = {module.name for module in modules()} | {name for names in FLOORS for name in names}
    return name if name in known else "__init__"


def test_there_is_something_to_read() -> None:
    assert {"__init__", "__main__", "cli", "web", "models"} <= {module.name for module in modules()}


@pytest.mark.parametrize("module", modules(), ids=str)
def test_every_module_has_its_floor(module: Module) -> None:
    assert floor(module.name) >= 0, f"{module} stands on no floor: add it to FLOORS here and in the README"


@pytest.mark.parametrize("module", modules(), ids=str)
def test_imports_run_downhill(module: Module) -> None:
    wrong = []
    for source, name, line in imports(module):
        target = own(source, name)
        if target is None or target == module.name or module.name in ("__init__", "assembly"):
            continue
        if place(target) >= place(module.name) and (module.name, target) not in SIDEWAYS:
            wrong.append(f"line {line}: {module.name} imports {target}, which does not stand before it")
    assert wrong == []


@pytest.mark.parametrize("module", [module for module in modules() if module.name in PURE], ids=str)
def test_the_lowest_floors_know_no_database_and_no_request(module: Module) -> None:
    assert [source for source, _, _ in imports(module) if source.split(".")[0] in NOT_FOR_PURE] == []


@pytest.mark.parametrize("module", [module for module in modules() if floor(module.name) < 5], ids=str)
def test_only_the_web_and_the_command_line_know_who_asks(module: Module) -> None:
    wrong = [name for source, name, _ in imports(module) if source == "flask" and name in ONLY_ABOVE]
    wrong += [source for source, _, _ in imports(module) if source.split(".")[0] == "click"]
    assert wrong == []


def test_every_exception_is_still_needed() -> None:
    existing = {module.name for module in modules()}
    used = {(module.name, own(source, name)) for module in modules() for source, name, _ in imports(module)}
    idle = [pair for pair in SIDEWAYS if set(pair) <= existing and pair not in used]
    assert idle == [], "take these lines out of SIDEWAYS"


def test_the_package_and_its_start_need_nothing_foreign() -> None:
    """`python3 -m portal` must run before anything is installed."""
    import sys

    for module in modules():
        if module.name == "__main__":
            nodes = list(imports(module))
        elif module.name == "__init__":
            outside = [node for node in module.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
            nodes = [(getattr(node, "module", None) or node.names[0].name, "", node.lineno) for node in outside]
        else:
            continue
        foreign = [source for source, _, _ in nodes if source.split(".")[0] not in {*sys.stdlib_module_names, "portal"}]
        assert foreign == [], f"{module} imports {foreign}"
