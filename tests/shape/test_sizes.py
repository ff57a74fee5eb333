"""Are modules, functions and templates small enough to be read, and do modules say what they are for?"""

from __future__ import annotations

import ast

import pytest

from tests.sources import ROOT, Module, functions, modules, templates

MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 60, 200
OURS = modules("portal") + modules("tests")


@pytest.mark.parametrize("module", OURS, ids=str)
def test_a_module_opens_with_what_it_is_for(module: Module) -> None:
    docstring = ast.get_docstring(module.tree) or ""
    assert len(docstring.splitlines()[0] if docstring else "") > 10, f"{module} has no opening line"


@pytest.mark.parametrize("module", OURS, ids=str)
def test_a_module_is_short(module: Module) -> None:
    assert module.lines() <= MODULE_LINES


@pytest.mark.parametrize("module", modules("portal"), ids=str)
def test_functions_are_short(module: Module) -> None:
    long = {f.name: n for f in functions(module) if (n := (f.end_lineno or 0) - f.lineno + 1) > FUNCTION_LINES}
    assert long == {}


def test_there_are_templates() -> None:
    assert templates() != ()


@pytest.mark.parametrize("path", templates(), ids=str)
def test_a_template_is_short(path: object) -> None:
    assert len((ROOT / str(path)).read_text(encoding="utf-8").splitlines()) <= TEMPLATE_LINES


def test_no_two_modules_share_a_name_and_none_takes_one_of_the_standard_library() -> None:
    import sys

    names = [path for module in modules("portal") for path in [module.path.stem] if not path.startswith("__")]
    top = {module.name for module in modules("portal")} - {"__init__", "__main__"}
    assert sorted(top & set(sys.stdlib_module_names)) == []
    assert not {"utils", "helpers", "services", "common", "misc"} & set(names)
