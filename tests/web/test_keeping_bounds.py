"""Is the memory of answers bounded, and does every public address say whether it is kept there?"""

from __future__ import annotations

import ast
from typing import Any

from portal.web import htmx
from portal.web.keeping import KEPT, MOST_OF_ONE, NEVER, Answers
from portal.web.keeping import Kept as Made
from portal.web.language import Pages
from tests.record_pages import KEPT_PATHS
from tests.sources import ROOT

# -- bounded -------------------------------------------------------------------------------------------------------


def answer_of(size: int) -> Made:
    return Made("200 OK", (), b"x" * size)


def test_the_memory_is_bounded_and_keeps_what_is_asked_for_again() -> None:
    most = 1_000_000
    answers = Answers(most)
    answers.put("read", answer_of(10_000))
    assert answers.get("read")
    for number in range(2000):
        answers.put(f"junk {number}", answer_of(1000))
        assert answers.size <= most
    assert answers.get("read")
    assert answers.get("junk 1999")
    assert not answers.get("junk 0")
    for number in range(500):
        answers.put(f"again {number}", answer_of(5000))
        assert answers.get(f"again {number}")
        assert answers.size <= most
    assert not answers.get("read")


def test_what_is_too_large_is_not_kept_and_no_memory_keeps_nothing() -> None:
    answers = Answers(16 * MOST_OF_ONE)
    answers.put("large", answer_of(MOST_OF_ONE + 1))
    assert not answers.get("large")
    none = Answers(0)
    none.put("small", answer_of(1))
    assert (none.get("small"), none.size) == (None, 0)


# -- declared ------------------------------------------------------------------------------------------------------


def test_every_public_address_is_kept_or_says_why_not(app: Any) -> None:
    public = {name for name, pages in app.blueprints.items() if isinstance(pages, Pages) and pages.public}
    found = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and (rule.endpoint.split(".")[0] in public or "." not in rule.endpoint)
    }
    accepting = {endpoint for endpoint in found if endpoint.startswith("accepting.")}
    assert found - accepting - set(KEPT) - set(NEVER) == set(), "say in `keeping` whether these are kept"
    assert (set(KEPT) | set(NEVER)) - found == set(), "these are no public addresses"
    assert not set(KEPT) & set(NEVER)
    assert all(NEVER.values())


def test_every_kept_address_is_asked_for_here(app: Any) -> None:
    reached = {app.url_map.bind("localhost").match(path.partition("?")[0])[0] for path in KEPT_PATHS}
    rest = {
        "catalogue.search", "catalogue.suggestions", "cooperation.bare",  # asked for above as well
        "cooperation.compare", "cooperation.document", "countries.partner", "countries.all_partners",
        "changes.sitemap_part", "changes.security", "changes.archive", "prose.data", "prose.about", "prose.guide",
        "prose.accessibility",
        "prose.schema_of",
    }  # fmt: skip
    assert set(KEPT) - reached == rest & set(KEPT)


def test_pages_read_no_header_but_those_that_their_tag_is_made_of() -> None:
    """`request.headers.get(…)` in `web/`: what is asked for here must be part of the tag, or never be kept."""
    known = {*htmx.VARIES, "HX-Source", "HX-Current-URL"}
    of_forms = {"Sec-Fetch-Site", "Origin"}  # only where something is sent
    for path in sorted((ROOT / "portal" / "web").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
                continue
            if node.value.id == "request":
                assert node.attr not in {"user_agent", "accept_languages", "referrer", "date", "range"}, path.name
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "portal" / "web").glob("*.py")))
    calls = [part.partition('"')[2].partition('"')[0] for part in text.split("request.headers.get(")[1:]]
    assert set(calls) <= known | of_forms
    assert {name.removeprefix("HTTP_").replace("_", "-").lower() for name in htmx.FRAGMENT_READS} == {
        "hx-source", "hx-current-url",
    }  # fmt: skip
