"""Is nothing lost that the server said yes to, when it is killed in the middle of its work?"""

from __future__ import annotations

from typing import Any

from tests.load.kills import run
from tests.people import People

KILLS = 5


def test_a_server_that_is_killed_loses_and_doubles_nothing(
    fresh_app: Any, fresh_database_url: str, fresh_people: People
) -> None:
    answered, problems = run(fresh_app, fresh_database_url, fresh_people, KILLS)
    assert problems == []
    assert answered.drafts
    assert answered.sent
    assert answered.published
