"""Who may finish a transaction? Only the modules through which every write goes, and the command line."""

from __future__ import annotations

import ast

import pytest

from tests.sources import Module, modules

MAY_COMMIT = {
    "editorial",
    "evidence",
    "corrections",
    "reporting",
    "accounts",
    "importing",
    "cli",
    "mailing",
    "demonstration",
    "visits",
}


@pytest.mark.parametrize("module", [module for module in modules() if module.name not in MAY_COMMIT], ids=str)
def test_nobody_else_commits(module: Module) -> None:
    called = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    assert [f.lineno for f in called if isinstance(f, ast.Attribute) and f.attr == "commit"] == []


@pytest.mark.parametrize("module", modules(), ids=str)
def test_no_page_is_made_from_a_string(module: Module) -> None:
    names = {node.id for node in ast.walk(module.tree) if isinstance(node, ast.Name)}
    names |= {alias.name for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert "render_template_string" not in names
