"""Does a page offer each reader what they may do, and a visitor nothing of the desk?"""

from __future__ import annotations

from typing import Any

from tests.pages import CheckedClient
from tests.people import SRAGEN, People, agency, person, signed_in
from tests.record_pages import page, said

RECORD, REGION = "/en/kerja-sama/KS-0005", "/en/daerah/33.10"


def offered(client: CheckedClient, path: str) -> str:
    return said(page(client, path).select_one("ul.strip"))


def test_a_visitor_may_propose_and_correct_only(client: CheckedClient) -> None:
    told = offered(client, RECORD)
    assert "Propose an update" in told
    assert "Correction or right of reply" in told
    assert "Acts of a moderator" not in told
    assert "Reply of the region" not in offered(client, REGION)
    assert "Propose a cooperation" in offered(client, REGION)


def test_staff_are_offered_what_reaches_their_regions(fresh_app: Any, fresh_people: People) -> None:
    acts = "Acts of a moderator"
    assert acts in offered(signed_in(fresh_app, fresh_people.moderator), RECORD)
    assert acts not in offered(signed_in(fresh_app, fresh_people.distant), RECORD)
    assert acts not in offered(signed_in(fresh_app, fresh_people.stranger), RECORD)
    coordinator = signed_in(fresh_app, fresh_people.coordinator)
    assert "Reply of the region" in offered(coordinator, REGION)
    assert "Reply of the region" not in offered(coordinator, RECORD)


def test_a_coordinator_finds_the_way_to_ask_for_a_text_to_be_withheld(fresh_app: Any) -> None:
    office = agency(fresh_app, "Bagian Kerja Sama Sragen", SRAGEN)
    own = offered(signed_in(fresh_app, person(fresh_app, "sragen", "coordinator", office, SRAGEN)), RECORD)
    assert "Withhold a text" in own
    assert "Acts of a moderator" not in own
