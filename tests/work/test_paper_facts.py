"""Does the register say what the papers say? Every fact of the table, asked of what is published."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from portal import first_records, status
from tests.work.paper_facts import FACTS

Published = Callable[[str], Mapping[str, Any]]

NAMED_BY = ("code", "kind", "key", "axis", "field", "class")
STEP = re.compile(r"^(\w+)(?:\[([^\]]+)\])?$")
NUMBERS = [document["id"] for document in first_records.cooperations()]


class Missing(LookupError):
    """The document says nothing there."""


def found(document: Mapping[str, Any], path: str) -> Any:
    """What stands at a path of a document; raises `Missing`."""
    value: Any = document
    for step in re.findall(r"(?:\w+(?:\[[^\]]+\])?)", path):
        name, choice = STEP.match(step).groups()  # type: ignore[union-attr]
        if name not in value:
            raise Missing(path)
        value = value[name]
        if choice is not None:
            value = chosen(value, choice, path)
    return value


def chosen(parts: list[Any], choice: str, path: str) -> Any:
    """A part of a list by its place, or the first whose code, kind, key … is the choice."""
    if choice.isdigit():
        return parts[int(choice)]
    for part in parts:
        if choice in (part.get(name) for name in NAMED_BY):
            return part
    raise Missing(path)


def has(document: Mapping[str, Any], path: str) -> bool:
    try:
        found(document, path)
    except Missing:
        return False
    return True


def coverage(code: str, on: date, published: Published) -> str:
    """The state of a region, counted from the published records."""
    own = [record for record in map(published, NUMBERS) if record["region"] == code]
    counted = [record for record in own if status.assess(record, on).counted]
    spans = [span for record in counted if (span := status.period(record, on))]
    statements = published(code).get("statements", []) if has_document(code, published) else []
    return status.coverage(statements, len(counted), len(own) - len(counted), on, spans).code


def has_document(code: str, published: Published) -> bool:
    try:
        published(code)
    except LookupError:
        return False
    return True


def answer(subject: str, question: str, published: Published) -> Any:
    """The answer of the register to one question of the table."""
    asked, at, day = question.partition(" @ ")
    if at and asked == "coverage":
        return coverage(subject, date.fromisoformat(day), published)
    document = published(subject)
    if asked == "rules":
        return [(key, *found) for key, found in status.regimes(document)]
    if at:
        return getattr(status.assess(document, date.fromisoformat(day)), asked)
    word, _, path = question.partition(" ")
    if word == "has":
        return has(document, path)
    if word == "len":
        return len(found(document, path))
    return found(document, question)


def test_the_table_asks_about_every_record_and_region_of_the_papers() -> None:
    asked = {subject for subject, _, _ in FACTS}
    assert {f"KS-{number:04d}" for number in range(1, 21)} <= asked
    assert {"33.09", "33.10", "33.11", "33.12", "33.13", "33.14", "33.72"} <= asked
    assert len(FACTS) >= 70
    assert len({(subject, question) for subject, question, _ in FACTS}) == len(FACTS)


@pytest.mark.parametrize(("subject", "question", "expected"), FACTS, ids=[f"{one}: {two}" for one, two, _ in FACTS])
def test_the_register_says_what_the_papers_say(
    subject: str, question: str, expected: object, published: Published
) -> None:
    assert answer(subject, question, published) == expected
