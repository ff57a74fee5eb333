"""Do imports run downhill? The floors are those of the README; a module that is not named here fails."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.sources import Module, modules

FLOORS: list[set[str]] = [
    {"data", "terms", "vocabulary", "config", "dates"},
    {
        "record",
        "validation",
        "status",
        "answers",
        "moderation",
        "permissions",
        "differences",
        "sentences",
        "places",
        "folding",
    },
    {"models", "extensions"},
    {"ledger"},
    {
        "listing",
        "searching",
        "indexing",
        "editorial",
        "reporting",
        "accounts",
        "notifications",
        "exports",
        "importing",
        "auditing",
        "publications",
        "regional",
    },
    {"web", "cli"},
    {"__init__", "__main__", "assembly"},
]

# The steps that are allowed beside "only to a lower floor", each with its reason.
SIDEWAYS: dict[tuple[str, str], str] = {
    ("vocabulary", "terms"): "the words are made of terms",
    ("answers", "status"): "an answer is worded from the status",
    ("status", "record"): "the status is read off a document",
    ("validation", "record"): "the rules name the fields of the record",
    ("differences", "record"): "changes are found field by field",
    ("sentences", "differences"): "a change is told in words",
    ("folding", "places"): "names of places are search terms",
    ("folding", "record"): "search terms are taken from the fields",
    ("models", "extensions"): "tables need the base they are declared on",
    ("editorial", "indexing"): "a published document is indexed in the same transaction",
    ("regional", "indexing"): "the marks of a region are those of the index",
    ("auditing", "indexing"): "the index is checked by making it again",
    ("editorial", "notifications"): "a writer tells who must hear of it",
    ("reporting", "notifications"): "a writer tells who must hear of it",
    ("accounts", "notifications"): "a writer tells who must hear of it",
    ("importing", "notifications"): "a writer tells who must hear of it",
    ("importing", "editorial"): "there is one door to the record, for the importer too",
    ("listing", "searching"): "a search term is one of the filters",
    ("cli", "__init__"): "the command line starts the application",
    ("__main__", "cli"): "hands over to the command",
}

PURE = FLOORS[0] | FLOORS[1]
NOT_FOR_PURE = {"flask", "werkzeug", "sqlalchemy", "flask_sqlalchemy", "flask_wtf", "wtforms", "click", "psycopg"}
ONLY_ABOVE = {"request", "session", "render_template", "render_template_string", "flash", "redirect", "abort", "g"}


def floor(name: str) -> int:
    return next((number for number, names in enumerate(FLOORS) if name in names), -1)


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
    known = {module.name for module in modules()} | set().union(*FLOORS)
    return name if name in known else "__init__"


def test_there_is_something_to_read() -> None:
    assert {"__init__", "__main__", "cli", "web", "models"} <= {module.name for module in modules()}


@pytest.mark.parametrize("module", modules(), ids=str)
def test_every_module_has_its_floor(module: Module) -> None:
    assert floor(module.name) >= 0, f"{module} stands on no floor: add it to FLOORS here and in the README"


@pytest.mark.parametrize("module", modules(), ids=str)
def test_imports_run_downhill(module: Module) -> None:
    here = floor(module.name)
    wrong = []
    for source, name, line in imports(module):
        target = own(source, name)
        if target is None or target == module.name or module.name in ("__init__", "assembly"):
            continue
        if floor(target) >= here and (module.name, target) not in SIDEWAYS:
            wrong.append(f"line {line}: {module.name} (floor {here}) imports {target} (floor {floor(target)})")
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
