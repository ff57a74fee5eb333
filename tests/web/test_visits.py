"""What do moderators and readers see of links that did not open? The day, what was tried, and no accusation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import Tag

from portal import amending, editorial, publications
from portal.extensions import db
from portal.models import Link, Proposal
from portal.visits import cited, rounds
from portal.visits.fetching import Answer
from tests import moves
from tests.counting import statements
from tests.pages import CheckedClient, soup
from tests.people import SRAGEN, People, signed_in

PAGE = "https://sragenkab.go.id/berita/1"
GONE = Answer("gone", 404)
WHEN = datetime(2026, 11, 21, 3, tzinfo=UTC)


def tried(app: Any, address: str, *answers: tuple[Answer, datetime]) -> None:
    """An address, as it is known after some answers."""
    with app.app_context():
        if db.session.get(Link, cited.digest(address)) is None:
            db.session.add(
                Link(
                    digest=cited.digest(address), address=address, first_asked=None, last_asked=None, outcome="",
                    code=None, target="", failing_since=None, failures=0, due="2026-01-01T00:00:00Z",
                )
            )  # fmt: skip
            db.session.commit()
        for answer, now in answers:
            rounds.keep(db.session(), cited.digest(address), answer, now)


@pytest.fixture
def linked(fresh_app: Any) -> tuple[str, str]:
    """A record with a source that has a link: its number and the link."""
    with fresh_app.app_context():
        for _, subject, _ in cited.of_records(db.session()):
            newest = publications.newest(subject)
            if newest and subject.startswith("KS-") and newest.document["sources"][0].get("link"):
                return subject, newest.document["sources"][0]["link"]
    raise LookupError


def source(client: CheckedClient, path: str) -> Tag:
    """The first source on the page of a record."""
    found = soup(client.get(path, follow_redirects=True)).select_one("#s1")
    assert found is not None
    return found


def test_a_source_that_did_not_open_says_so_with_the_day(
    fresh_app: Any, fresh_client: CheckedClient, linked: tuple[str, str]
) -> None:
    subject, link = linked
    path = f"/en/kerja-sama/{subject}"
    assert "tried" not in source(fresh_client, path).get_text()
    tried(fresh_app, link, (GONE, WHEN))
    shown = source(fresh_client, path)
    lines = [" ".join(line.get_text().split()) for line in shown.select("p")]
    assert lines[1] == "This page was not found when tried on 21 November 2026. It may have moved."
    assert shown.select_one(f'a[href="{link}"]') is not None
    down = Answer("no_answer")
    tried(fresh_app, link, (Answer("answers", 200), WHEN), (down, WHEN), (down, WHEN.replace(day=22)))
    assert "This page could not be opened when tried on 22 November 2026." in source(fresh_client, path).get_text()
    tried(fresh_app, link, (Answer("answers", 200), WHEN.replace(day=23)))
    assert "tried" not in source(fresh_client, path).get_text()


@pytest.mark.parametrize("answer", [Answer("refused", 403), Answer("not_secure"), Answer("moved", 301, PAGE)])
def test_what_may_well_open_for_a_reader_is_not_spoken_of(
    fresh_app: Any, fresh_client: CheckedClient, linked: tuple[str, str], answer: Answer
) -> None:
    subject, link = linked
    tried(fresh_app, link, (answer, WHEN), (answer, WHEN.replace(day=22)))
    assert "tried" not in source(fresh_client, f"/en/kerja-sama/{subject}").get_text()


def test_the_page_gets_another_tag_and_its_document_stays(
    fresh_app: Any, fresh_client: CheckedClient, linked: tuple[str, str]
) -> None:
    subject, link = linked
    path = fresh_client.get(f"/kerja-sama/{subject}").headers["Location"]
    files = [f"/kerja-sama/{subject}.{form}" for form in ("json", "csv", "bib", "atom")]
    tag, bodies = fresh_client.get(path).headers["ETag"], [fresh_client.get(file).data for file in files]
    tried(fresh_app, link, (Answer("answers", 200), WHEN))
    assert fresh_client.get(path, headers={"If-None-Match": tag}).status_code == 304
    tried(fresh_app, link, (GONE, WHEN))
    assert fresh_client.get(path, headers={"If-None-Match": tag}).status_code == 200
    assert [fresh_client.get(file).data for file in files] == bodies


# -- moderators -----------------------------------------------------------------------------------------------


def proposed(app: Any, people: People, number: int = 1, page: str = PAGE) -> int:
    """A proposal that brings sources with links."""
    with app.app_context():
        by, after = moves.account(people.stranger), moves.document()
        after["sources"] = [
            *after["sources"],
            *(
                {"key": f"s9{place}", "title": "Berita", "kind": "press", "grade": "C", "link": f"{page}{place or ''}"}
                for place in range(number)
            ),
        ]
        after["summary"] = {**after.get("summary", {}), "id": f"Ringkasan dengan {number} sumber baru."}
        begun = editorial.start(by, "change", SRAGEN, moves.SUBJECT)
        editorial.save(by, begun.id, [], amending.edits(moves.document(), after))
        return editorial.submit(moves.account(people.stranger), begun.id).id


def told(client: CheckedClient, proposal: int) -> str:
    """The words of the page on which a moderator decides."""
    return " ".join(soup(client.get(f"/en/moderasi/{proposal}")).get_text(" ").split())


def opened(client: CheckedClient, proposal: int) -> list[str]:
    """The unfolded findings on links that are no warnings."""
    lines = soup(client.get(f"/en/moderasi/{proposal}")).select("section > .checks li")
    told = [" ".join(line.get_text(" ").split()) for line in lines]
    return [line for line in told if "link" in line and not line.startswith("Look closely")]


def test_a_moderator_reads_what_was_tried(fresh_app: Any, fresh_people: People) -> None:
    proposal, moderator = proposed(fresh_app, fresh_people), signed_in(fresh_app, fresh_people.moderator)
    named = "sragenkab.go.id/berita/1"
    assert opened(moderator, proposal) == [f"New links not tried yet (1): {named}."]
    tried(fresh_app, PAGE, (Answer("no_answer"), WHEN))
    again = f"The link to {named} did not open on 21 November 2026; it will be tried again."
    assert opened(moderator, proposal) == [again]
    tried(fresh_app, PAGE, (Answer("answers", 200), WHEN))
    assert opened(moderator, proposal) == []
    assert "The new links opened when they were tried." in told(moderator, proposal)
    tried(fresh_app, PAGE, (GONE, WHEN))
    assert f"Look closely: The page at {named} was not found on 21 November 2026 (404)." in told(moderator, proposal)
    tried(fresh_app, PAGE, (Answer("moved", 302, "https://judi.example/x"), WHEN))
    assert "leads on to judi.example (seen on 21 November 2026)" in told(moderator, proposal)


def test_a_site_that_the_portal_may_not_ask_is_told_from_one_that_waits(fresh_app: Any, fresh_people: People) -> None:
    proposal = proposed(fresh_app, fresh_people, page="https://berita.example/1")
    moderator = signed_in(fresh_app, fresh_people.moderator)
    unchecked = "New links that the portal does not check (1): berita.example/1. Please open them yourself."
    assert opened(moderator, proposal) == [unchecked]
    fresh_app.config["LINK_HOSTS"] = ["berita.example"]
    assert opened(moderator, proposal) == ["New links not tried yet (1): berita.example/1."]


def test_the_queue_asks_for_all_links_at_once(fresh_app: Any, fresh_people: People) -> None:
    moderator = signed_in(fresh_app, fresh_people.moderator)
    counts = []
    for number in (1, 2, 3):
        proposed(fresh_app, fresh_people, number)
        with statements(fresh_app) as seen:
            moderator.get("/moderasi")
        counts.append(sum(" link." in one for one in seen))
    assert counts == [1, 1, 1]


def test_a_dead_link_does_not_keep_anybody_from_publishing(fresh_app: Any, fresh_people: People) -> None:
    proposal = proposed(fresh_app, fresh_people)
    tried(fresh_app, PAGE, (GONE, WHEN))
    with fresh_app.app_context():
        outcome = moves.decided(fresh_people.moderator, db.session.get(Proposal, proposal))
    assert outcome.state == "published"
