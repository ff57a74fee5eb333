"""Two moderators press *Publish* at once, at two servers: does one succeed, and the other read why not?"""

from __future__ import annotations

from typing import Any

from tests.load.http_races import race
from tests.people import People

RACES = 5


def test_of_two_pressed_buttons_one_publishes_and_the_other_is_told(
    fresh_app: Any, fresh_database_url: str, fresh_people: People
) -> None:
    spread, problems = race(fresh_app, fresh_database_url, fresh_people, RACES)
    assert problems == []
    assert spread == {"303/409": RACES}
