"""Has anybody asked, and was there an answer?"""

from __future__ import annotations

import pytest

from tests.cooperations import Part, event, on, record, said

ASKED, AGAIN = event("request", "asked", "2026-01-10"), event("request", "asked", "2026-06-10")
REPORTING: list[tuple[str, Part, str, tuple[str, str | None, int]]] = [
    ("nobody asked", {}, "2026-01-01", ("never_asked", None, 0)),
    ("just asked", {"events": [ASKED]}, "2026-03-10", ("waiting", "2026-01-10", 0)),
    ("sixty days later", {"events": [ASKED]}, "2026-03-11", ("not_answered", "2026-01-10", 1)),
    ("asked again", {"events": [ASKED, AGAIN]}, "2026-06-11", ("waiting", "2026-06-10", 1)),
    ("twice in vain", {"events": [ASKED, AGAIN]}, "2026-11-22", ("not_answered", "2026-06-10", 2)),
    (
        "answered",
        {"events": [ASKED, event("request", "answered", "2026-01-20")]},
        "2026-11-22",
        ("confirmed", "2026-01-20", 0),
    ),
    (
        "answered by a statement",
        {"events": [ASKED], "declarations": [said("active", "2026-02-01", "agency")]},
        "2026-11-22",
        ("confirmed", "2026-02-01", 0),
    ),
    (
        "reported unasked",
        {"declarations": [said("active", "2026-02-01", "agency")]},
        "2026-11-22",
        ("confirmed", "2026-02-01", 0),
    ),
    (
        "asked again after an answer",
        {"events": [ASKED, event("request", "answered", "2026-01-20"), AGAIN]},
        "2026-11-22",
        ("not_answered", "2026-06-10", 1),
    ),
    (
        "a source is no answer",
        {"events": [ASKED], "declarations": [said("active", "2026-02-01")]},
        "2026-11-22",
        ("not_answered", "2026-01-10", 1),
    ),
]


@pytest.mark.parametrize(("sentence", "parts", "day", "expected"), REPORTING, ids=[case[0] for case in REPORTING])
def test_reporting(sentence: str, parts: Part, day: str, expected: tuple[str, str | None, int]) -> None:
    answered = on(day, record(**parts))
    assert (answered.reporting, answered.reporting_on, answered.unanswered) == expected
