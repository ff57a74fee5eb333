"""What can be decided where a record is gone meanwhile, and what does a new record never leave out?"""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import Tag

from portal import editorial
from portal.extensions import db
from portal.models import Account, Proposal
from tests import moves
from tests.pages import CheckedClient, soup
from tests.people import People, signed_in
from tests.web import test_review
from tests.web.test_review import SUBJECT, document, filled, row_key, words

sent = test_review.sent
moderator = test_review.moderator


@pytest.fixture
def gone(fresh_app: Any, fresh_people: People, sent: Any) -> int:
    """The number of a proposal whose record was withdrawn after it was sent."""
    number = sent()
    withdrawal = sent(by=fresh_people.moderator, kind="withdraw", note="Tercatat dua kali.")
    with fresh_app.app_context():
        moves.decided(fresh_people.second, db.session.get_one(Proposal, withdrawal))
        db.session.remove()
    return int(number)


def buttons(page: Any) -> list[str]:
    return [
        one["value"] for one in soup(page).select(".actbar button, form#tinjau button.btn") if one["name"] == "action"
    ]


def title(fresh_app: Any) -> str:
    with fresh_app.app_context():
        return str(document()["title"]["en"])


def test_of_a_record_that_is_gone_a_proposal_is_only_returned_or_refused(
    moderator: CheckedClient, fresh_app: Any, gone: int
) -> None:
    page = moderator.get(f"/en/moderasi/{gone}")
    assert "This record was withdrawn on" in words(page)
    assert title(fresh_app) in words(page)
    assert {"return", "reject"} <= set(buttons(page))
    assert "publish" not in buttons(page)
    assert soup(page).select("input[name^=verdict-]") == []
    assert soup(page).select_one("[name=change_note]") is None
    forced = moderator.post(f"/moderasi/{gone}", data=filled(page, action="publish"))
    assert forced.status_code == 409
    answer = moderator.post(f"/moderasi/{gone}", data=filled(page, action="return", note="Sudah dicabut."))
    assert answer.status_code == 303
    with fresh_app.app_context():
        assert db.session.get_one(Proposal, gone).state == "returned"


def test_the_queue_says_that_the_record_is_gone(moderator: CheckedClient, gone: int) -> None:
    assert "the record does not stand any more" in words(moderator.get("/en/moderasi"))


def test_the_author_reads_what_became_of_the_record_and_its_last_title(
    fresh_app: Any, fresh_people: People, gone: int
) -> None:
    page = signed_in(fresh_app, fresh_people.stranger).get(f"/en/usulan/{gone}")
    assert "This record was withdrawn on" in words(page)
    assert title(fresh_app) in words(page)
    assert "partner not named yet" not in words(page)


def test_a_withdrawal_that_is_published_is_no_proposal_without_a_record(
    fresh_app: Any, fresh_people: People, gone: int
) -> None:
    page = signed_in(fresh_app, fresh_people.moderator).get(f"/en/usulan/{gone + 1}")
    assert "What is proposed here cannot be published" not in words(page)


def new() -> dict[str, Any]:
    return {name: value for name, value in document().items() if name != "id"}


def rows(page: Any) -> dict[str, Tag]:
    return {row.select_one("h3").get_text(): row for row in soup(page).select(".review__f")}


def test_the_region_of_a_new_record_is_not_asked_and_goes_along(
    moderator: CheckedClient, fresh_app: Any, sent: Any
) -> None:
    number = sent(after=new, kind="new", subject="")
    page = moderator.get(f"/en/moderasi/{number}")
    region = next(row for label, row in rows(page).items() if label.startswith("Region"))
    assert region.select("input") == []
    assert moderator.post(f"/moderasi/{number}", data=filled(page)).status_code == 303
    with fresh_app.app_context():
        proposal = db.session.get_one(Proposal, number)
        assert document(proposal.subject)["region"] == proposal.region


@pytest.mark.parametrize("verdict", ["return", "reject"])
@pytest.mark.parametrize("label", ["Title", "Legal form", "Type", "Local parties", "Foreign parties"])
def test_what_a_new_record_needs_cannot_be_left_out_and_its_field_says_so(
    moderator: CheckedClient, sent: Any, label: str, verdict: str
) -> None:
    number = sent(after=new, kind="new", subject="")
    page = moderator.get(f"/en/moderasi/{number}")
    key = row_key(page, label)
    data = filled(page, note="Mohon diperbaiki.") | {f"verdict-{key}": verdict}
    answer = moderator.post(f"/en/moderasi/{number}", data=data)
    assert answer.status_code == 422
    row = next(row for name, row in rows(answer).items() if name.startswith(label))
    assert "A new record cannot do without this." in row.select_one(".err").get_text()
    assert f"#b-{key}" in [link["href"] for link in soup(answer).select(".errsum a")]


def test_the_note_for_the_public_begins_with_the_reason_of_who_asked(
    moderator: CheckedClient, fresh_people: People, sent: Any
) -> None:
    number = sent(kind="withdraw", note="Bukan kerja sama luar negeri.")
    box = soup(moderator.get(f"/moderasi/{number}")).select_one("[name=change_note]")
    assert box.get_text().strip() == "Bukan kerja sama luar negeri."


def test_support_from_before_it_was_mended_is_offered_as_the_reason(
    moderator: CheckedClient, fresh_app: Any, fresh_people: People, sent: Any
) -> None:
    number = sent()

    def reason() -> str:
        return str(soup(moderator.get(f"/en/moderasi/{number}")).select_one("[name=reason]").get_text().strip())

    assert reason() == ""
    section = moves.section(fresh_app)
    with fresh_app.app_context():
        proposal = db.session.get_one(Proposal, number)
        editorial.endorse(moves.account(section), number, proposal.version)
        moves.decided(fresh_people.moderator, proposal, whole="return")
        editorial.submit(db.session.get_one(Account, fresh_people.stranger.id), number)
        db.session.remove()
    assert reason() == "Supported by the region before it was mended."


def test_what_was_published_in_part_can_be_undone_from_its_page(
    moderator: CheckedClient, fresh_app: Any, sent: Any
) -> None:
    number = sent()
    page = moderator.get(f"/en/moderasi/{number}")
    data = filled(page, note="Mohon bukti.") | {f"verdict-{row_key(page, 'Type')}": "return"}
    assert moderator.post(f"/moderasi/{number}", data=data).status_code == 303
    address = f"/moderasi/{number}/batalkan"
    assert soup(moderator.get(f"/moderasi/{number}")).select(f"form[action='{address}']")
    assert moderator.post(address).status_code == 303
    assert len(rows(moderator.get(f"/moderasi/{number}"))) == len(rows(page))
    assert "Publication undone" in words(moderator.get(f"/en/kerja-sama/{SUBJECT}/riwayat"))
