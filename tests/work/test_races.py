"""Two moderators decide at once, each in a process of their own: does exactly one of them succeed?"""

from __future__ import annotations

from typing import Any

from tests.load.races import race
from tests.people import People

RACES = 25


def test_of_two_moderators_exactly_one_decides(fresh_app: Any, fresh_database_url: str, fresh_people: People) -> None:
    score = race(fresh_app, fresh_database_url, RACES, fresh_people)
    assert score.problems == []
    assert sum(score.won.values()) == sum(score.late.values()) == RACES
    assert set(score.won) == {"published", "returned", "rejected"}, "each kind of decision has won somewhere"
