"""Do the templates keep the house's rules? Nothing inline, all escaped, macros imported where they are used."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.sources import ROOT, templates

ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)
COMPONENTS = "components"
NOT_FOR_COMPONENTS = {"current_user", "request", "session", "g", "config", "db", "get_flashed_messages"}
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
INLINE = {
    "a script in the page": r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)",
    "a style in the page": r"<style\b",
    "a style attribute": r"<[a-z][^<>]*\sstyle\s*=",
    "an event handler": r"<[a-z][^<>]*\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "a script link": r"(?i)javascript:",
    "a trigger with a condition": r"hx-trigger=\"[^\"]*\[",
}


@cache
def tree(path: Path) -> nodes.Template:
    return ENVIRONMENT.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


@cache
def macros() -> dict[str, set[str]]:
    """The macros each template defines, by the name it is imported under."""
    return {
        str(path.relative_to("templates")): {macro.name for macro in tree(path).find_all(nodes.Macro)}
        for path in templates()
    }


@pytest.mark.parametrize("path", templates(), ids=str)
def test_nothing_is_inline(path: Path) -> None:
    text = COMMENT.sub("", (ROOT / path).read_text(encoding="utf-8"))
    assert [what for what, pattern in INLINE.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("path", templates(), ids=str)
def test_everything_is_escaped(path: Path) -> None:
    assert [node.lineno for node in tree(path).find_all(nodes.Filter) if node.name == "safe"] == []
    assert list(tree(path).find_all(nodes.ScopedEvalContextModifier)) == [], "no {% autoescape %} blocks"


@pytest.mark.parametrize("path", templates(), ids=str)
def test_macros_are_imported_where_they_are_used(path: Path) -> None:
    page, faults = tree(path), []
    here = {macro.name for macro in page.find_all(nodes.Macro)}
    spaces: dict[str, set[str]] = {}
    for node in page.find_all(nodes.FromImport):
        source = node.template.value if isinstance(node.template, nodes.Const) else None
        for name in node.names:
            original, local = name if isinstance(name, tuple) else (name, name)
            here.add(local)
            if source is None or original not in macros().get(source, set()):
                faults.append(f"line {node.lineno}: {source} has no macro {original}")
    for node in page.find_all(nodes.Import):
        source = node.template.value if isinstance(node.template, nodes.Const) else None
        spaces[node.target] = macros().get(str(source), set())
    everywhere = set().union(*macros().values())
    for call in page.find_all(nodes.Call):
        target = call.node
        if isinstance(target, nodes.Name) and target.name in everywhere - here and target.name != "caller":
            faults.append(f"line {call.lineno}: {target.name} is not imported")
        elif isinstance(target, nodes.Getattr) and isinstance(target.node, nodes.Name):
            known = spaces.get(target.node.name, {target.attr})
            faults += [f"line {call.lineno}: {target.node.name} has no macro {target.attr}"] * (
                target.attr not in known
            )
    assert faults == []


@pytest.mark.parametrize("path", [path for path in templates() if COMPONENTS in path.parts], ids=str)
def test_components_are_macros_only(path: Path) -> None:
    allowed = (nodes.Macro, nodes.Import, nodes.FromImport, nodes.Assign)
    for node in tree(path).body:
        blank = isinstance(node, nodes.Output) and all(
            isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
        )
        assert blank or isinstance(node, allowed), f"line {node.lineno}: text outside of a macro"
    names = {(name.name, name.ctx == "load") for name in tree(path).find_all(nodes.Name)}
    foreign = {name for name, read in names if read and (name, False) not in names}
    assert foreign & NOT_FOR_COMPONENTS == set()
