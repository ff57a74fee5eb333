"""What does the command `portal links` say and do, and for whom?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from portal.extensions import db, stamp
from portal.models import LinkWork
from portal.visits import cited, fetching, rounds
from portal.visits.rounds import NEVER
from tests.websites import Website, status, website
from tests.work.test_upkeep import run
from tests.work.test_visit_rounds import GONE, PAGE, kept, put


@pytest.fixture
def known_site(fresh_app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    """The command reaches nobody but the server of the tests."""
    fresh_app.config["PUBLIC_URL"] = "https://tautan.example"
    with website() as site:
        monkeypatch.setattr(fetching, "Ways", site.ways)
        yield site


def test_the_command_asks_and_reports(fresh_app: Any, known_site: Website) -> None:
    with fresh_app.app_context():
        db.session.execute(update(LinkWork).values(swept="9999", read=10**6))
        db.session.commit()
        put("http://a.go.id/a", "http://b.go.id/b", PAGE.replace("https", "http"))
    known_site.says["/b"] = status("404 Not Found")
    listed = run(fresh_app, "links", "--dry-run")
    assert ("http://a.go.id/a" in listed.output, "asked:" in listed.output, known_site.heard) == (True, False, [])
    few = run(fresh_app, "links", "--most", "1")
    paths = {question.split()[1] for question in known_site.heard}
    assert (few.exit_code, "asked: 1" in few.output, len(paths)) == (0, True, 1)
    run(fresh_app, "links")
    told = run(fresh_app, "links", "--report")
    assert "opens: 2" in told.output
    assert "not found (404, 410): 1\nhttp://b.go.id/b\n  not found (404, 410), since 20" in told.output
    assert "asked: 0" in run(fresh_app, "links").output


def test_the_command_names_who_cites_what_is_gone(fresh_app: Any, known_site: Website) -> None:
    with fresh_app.app_context():
        rounds.gather(db.session(), [])
        subject, held_by = next((who, found) for _, who, found in cited.of_records(db.session()) if found)
        address = sorted(held_by)[0]
        kept(GONE, 0, address)
    told = run(fresh_app, "links", "--report")
    line = told.output.split(f"{address}\n", 1)[1].splitlines()[0]
    assert subject in line.split("cited by ")[1].split(", ")


def test_the_command_names_the_sites_that_are_never_asked(fresh_app: Any, known_site: Website) -> None:
    with fresh_app.app_context():
        put("https://city.example/a", "https://city.example/b", "https://kota.example/a", due=NEVER)
    told = run(fresh_app, "links", "--report").output
    assert told.endswith("(PORTAL_LINK_HOSTS):\n  city.example: 2\n  kota.example: 1\n")


def test_the_command_asks_nobody_without_a_name_of_its_own(fresh_app: Any, known_site: Website) -> None:
    fresh_app.config["PUBLIC_URL"] = ""
    result = run(fresh_app, "links")
    assert (result.exit_code, "PORTAL_PUBLIC_URL" in result.output, known_site.heard) == (1, True, [])


def test_the_command_says_that_another_is_at_it(fresh_app: Any, known_site: Website) -> None:
    with fresh_app.app_context():
        db.session.execute(update(LinkWork).values(busy_until=stamp(timedelta(minutes=5))))
        db.session.commit()
    result = run(fresh_app, "links")
    assert (result.exit_code, "another round of links is under way" in result.output) == (1, True)
