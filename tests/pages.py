"""Is a page that a test got sound? Every answer of the test client is read by a strict parser and held against a list.

Nothing has to be called: `client.get(...)` raises `UnsoundPage` with all faults found. What is read as a fragment (the
request said `HX-Request`) needs no title and may point outside itself; everything else is the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

UNLABELLED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
DATA_SCRIPTS = {"application/ld+json", "application/json"}
LINKS = ("href", "src", "action", "formaction", "hx-get", "hx-post", "data")
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers", "list", "form")
VERBATIM = {"script", "style", "pre", "code", "textarea", "kbd", "samp", "template"}
LEFTOVER = re.compile(
    r"\bNone\b(?! of\b)|\b[Uu]ndefined\b|\bNaN\b|\bnull\b|%\(\w+\)[sd]|\{\{|\}\}|\{%|<[\w.]+ object at"
)
EMPTY_LINK = re.compile(r"(?:^|[/=])(?:None|undefined|nan)(?:$|[/?&#.])")


class UnsoundPage(AssertionError):
    """A page has faults; the message lists them."""


class CheckedClient(FlaskClient):
    """A test client that looks at each page as it arrives."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            request = response.request
            if request.method != "HEAD" and response.data:
                fragment = "HX-Request" in request.headers and b"<html" not in response.data[:1000]
                check(response.get_data(as_text=True), fragment=fragment, where=f"{request.method} {request.path}")
        return response


def soup(response: Any) -> BeautifulSoup:
    """A page or fragment, to ask questions of with CSS selectors."""
    return BeautifulSoup(response.get_data(as_text=True), "html5lib")


def check(html: str, *, fragment: bool = False, where: str = "page") -> None:
    """Raise `UnsoundPage` when something is wrong with the text of a page."""
    found = faults(html, fragment=fragment)
    if found:
        raise UnsoundPage(f"{where} has {len(found)} faults:\n" + "\n".join(f"  - {fault}" for fault in found))


def faults(html: str, *, fragment: bool = False) -> list[str]:
    """All that is wrong with a page, in words."""
    page = Page(html, fragment=fragment)
    return [fault for look in LOOKS for fault in look(page)]


class Page:
    """A parsed page: its elements in order, with their parents."""

    def __init__(self, html: str, *, fragment: bool) -> None:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.fragment = fragment
        self.root: Element = parser.parseFragment(html) if fragment else parser.parse(html)
        self.errors = parser.errors
        self.parents = {child: parent for parent in self.root.iter() for child in parent}
        self.elements = [element for element in self.root.iter() if isinstance(element.tag, str)]
        self.ids = Counter(element.get("id") for element in self.elements if element.get("id") is not None)

    def all(self, *names: str) -> list[Element]:
        return [element for element in self.elements if name_of(element) in names]

    def above(self, element: Element) -> Iterator[Element]:
        while (parent := self.parents.get(element)) is not None:
            yield parent
            element = parent


def name_of(element: Element) -> str:
    """The element's name without its name space (SVG keeps one)."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: Element) -> str:
    """What an element says, with the texts of its pictures."""
    images = (image.get("alt", "") for image in element.iter() if name_of(image) == "img")
    return " ".join(" ".join([*element.itertext(), *images]).split())


def shown(element: Element) -> str:
    """A start tag, short enough for a message."""
    attributes = "".join(f' {name}="{value[:40]}"' for name, value in list(element.items())[:4])
    return f"<{name_of(element)}{attributes}>"


def parses_cleanly(page: Page) -> Iterator[str]:
    for (line, column), code, details in page.errors:
        yield f"the parser had to repair it at line {line}, column {column}: {code} {details or ''}"


def has_title_and_language(page: Page) -> Iterator[str]:
    if page.fragment:
        return
    if not (page.root.get("lang") or "").strip():
        yield "<html> has no lang"
    titles = [title for title in page.all("title") if not any(name_of(above) == "svg" for above in page.above(title))]
    if len(titles) != 1 or not text_of(titles[0]):
        yield "there is not exactly one <title> with text"
    if len(page.all("main")) != 1:
        yield "there is not exactly one <main>"
    if len(page.all("h1")) != 1:
        yield "there is not exactly one <h1>"


def ids_are_unique(page: Page) -> Iterator[str]:
    for value, times in page.ids.items():
        if times > 1:
            yield f'id "{value}" occurs {times} times'
        if not value or re.search(r"\s", value):
            yield f"id {value!r} is empty or has a space"


def references_exist(page: Page) -> Iterator[str]:
    if page.fragment:
        return
    for element in page.elements:
        targets = [word for name in REFERENCES for word in (element.get(name) or "").split()]
        if name_of(element) == "label" and element.get("for") is not None:
            targets.append(element.get("for", ""))
        href = element.get("href") or ""
        if name_of(element) == "a" and href.startswith("#") and href not in ("#", "#top"):
            targets.append(href[1:])
        yield from (
            f'{shown(element)} points to the missing id "{target}"' for target in targets if target not in page.ids
        )


def controls_are_labelled(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label") if text_of(label)}
    for control in page.all("input", "select", "textarea", "meter", "progress"):
        if name_of(control) == "input" and control.get("type", "text").lower() in UNLABELLED_INPUTS:
            continue
        around = any(name_of(above) == "label" and text_of(above) for above in page.above(control))
        named = control.get("aria-label", "").strip() or control.get("aria-labelledby", "").strip()
        if not (around or named or control.get("id", "") in labelled):
            yield f"{shown(control)} has no label"
    for button in page.all("button", "a", "summary"):
        silent = name_of(button) == "a" and button.get("href") is None
        if not (silent or text_of(button) or button.get("aria-label") or button.get("aria-labelledby")):
            yield f"{shown(button)} says nothing"


def images_have_texts(page: Page) -> Iterator[str]:
    for image in page.all("img"):
        if image.get("alt") is None:
            yield f"{shown(image)} has no alt"
    for drawing in page.all("svg"):
        hidden = any(above.get("aria-hidden") == "true" for above in (drawing, *page.above(drawing)))
        title = any(name_of(child) == "title" and text_of(child) for child in drawing)
        if not (hidden or title or drawing.get("aria-label") or drawing.get("aria-labelledby")):
            yield f"{shown(drawing)} has neither a title nor aria-hidden"


def nothing_is_inline(page: Page) -> Iterator[str]:
    for script in page.all("script"):
        if script.get("src") is None and script.get("type") not in DATA_SCRIPTS:
            yield "a script stands in the page"
    if page.all("style"):
        yield "a <style> stands in the page"
    for element in page.elements:
        for name, value in element.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                yield f"{shown(element)} has the attribute {name}"
            if name in LINKS and re.match(r"[\s\x00-\x1f]*(?:javascript|vbscript):", value, re.IGNORECASE):
                yield f"{shown(element)} runs a script from {name}"


def nothing_is_left_over(page: Page) -> Iterator[str]:
    for element in page.elements:
        verbatim = any(name_of(above) in VERBATIM for above in (element, *page.above(element)))
        texts = [] if verbatim else [element.text or ""]
        texts += [child.tail or "" for child in element] if not verbatim else []
        for text in texts:
            if found := LEFTOVER.search(text):
                yield f'{shown(element)} shows "{found.group()}" in "{" ".join(text.split())[:60]}"'
        for name, value in element.items():
            if name in LINKS and EMPTY_LINK.search(value):
                yield f"{shown(element)} leads to {value}"
            elif name in ("value", "alt", "title", "aria-label", "placeholder", "content") and value in (
                "None",
                "undefined",
            ):
                yield f'{shown(element)} has {name}="{value}"'


LOOKS: list[Callable[[Page], Iterator[str]]] = [
    parses_cleanly,
    has_title_and_language,
    ids_are_unique,
    references_exist,
    controls_are_labelled,
    images_have_texts,
    nothing_is_inline,
    nothing_is_left_over,
]
