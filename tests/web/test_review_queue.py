"""Does the queue cost the same however much waits, and do its pages stand where their addresses say?"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from portal import amending, editorial, publications
from portal.extensions import db
from portal.models import Account
from portal.web.review import queue_page
from tests.counting import statements
from tests.pages import CheckedClient, soup
from tests.people import People, signed_in

REGION = "33.14"
SUBJECT = "KS-0005"


@pytest.fixture
def moderator(fresh_app: Any, fresh_people: People) -> CheckedClient:
    return signed_in(fresh_app, fresh_people.moderator)


@pytest.fixture
def send(fresh_app: Any, fresh_people: People) -> Any:
    """`send(n)`: so many changes, and as many new records that look like one on record."""

    def sent(count: int) -> None:
        with fresh_app.app_context():
            by = db.session.get_one(Account, fresh_people.stranger.id)
            known = publications.newest(SUBJECT)
            assert known is not None
            for place in range(count):
                after = deepcopy(dict(known.document)) | {"sectors": ["tourism", "health"][: place % 2 + 1]}
                _propose(by, "change", SUBJECT, amending.edits(known.document, after))
                new = {name: value for name, value in after.items() if name != "id"}
                new["foreign_parties"] = [{**new["foreign_parties"][0], "note": {"id": f"Mitra {place}"}}]
                _propose(by, "new", "", amending.edits({}, new))
            db.session.remove()

    return sent


def _propose(by: Account, kind: str, subject: str, edits: Any) -> None:
    begun = editorial.start(by, kind, REGION, subject)
    editorial.save(by, begun.id, [], edits, "")
    editorial.submit(by, begun.id)


def rows(client: CheckedClient, query: str = "") -> list[Any]:
    return soup(client.get(f"/en/moderasi{query}", follow_redirects=True)).select("tbody tr")


def test_the_queue_sends_as_many_statements_for_many_as_for_few(
    fresh_app: Any, moderator: CheckedClient, send: Any
) -> None:
    counts = []
    for total in (2, 4, 10):
        send((total - (0, 2, 4)[len(counts)]) // 2)
        moderator.get("/moderasi")
        with statements(fresh_app) as seen:
            assert len(rows(moderator)) == total
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]


def test_a_line_of_the_queue_says_what_the_screen_says(moderator: CheckedClient, send: Any) -> None:
    """The checks are the same whether they are asked for one proposal or for a page of them."""
    send(2)
    found = rows(moderator)
    assert len(found) == 4
    for row in found:
        screen = soup(moderator.get(row.select_one("th a")["href"]))
        closer = len(screen.select(".checks .awas"))
        [cell] = row.select("td[data-l=Checks]")
        assert closer > 0
        assert cell.get_text() == f"{closer} to look at"
    assert any("May be on record already" in soup(moderator.get(row.select_one("th a")["href"])).text for row in found)


def test_a_page_beyond_the_last_is_not_an_empty_queue(
    moderator: CheckedClient, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_page, "PER_PAGE", 2)
    send(2)
    answer = moderator.get("/moderasi?jenis=new&hal=99")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/moderasi?jenis=new")
    answer = moderator.get("/en/moderasi?hal=99")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/moderasi?hal=2")
    last = moderator.get("/en/moderasi?hal=2")
    assert len(soup(last).select("tbody tr")) == 2
    assert soup(last).select_one("[rel=prev]")["href"] == "/en/moderasi"
    assert moderator.get("/moderasi?hal=x").headers["Location"] == "/moderasi"
