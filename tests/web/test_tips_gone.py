"""What becomes of a report, and of a draft, whose record was withdrawn or merged meanwhile?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal import editorial
from portal.editorial import acting
from portal.extensions import db
from portal.models import Proposal
from tests import moves
from tests.pages import CheckedClient, soup
from tests.people import SRAGEN, People, signed_in
from tests.web.test_tips import stored, tip

RECORD, OTHER, ELSEWHERE = moves.SUBJECT, "KS-0011", "KS-0016"  # of Sragen, of Surakarta, of another province


@pytest.fixture
def moderator(fresh_app: Any, fresh_people: People) -> CheckedClient:
    return signed_in(fresh_app, fresh_people.moderator)


def buried(app: Any, people: People, into: str = "") -> None:
    """The record is withdrawn, or merged into another."""
    with app.app_context():
        by = moves.account(people.moderator)
        reason = "Tercatat dua kali."
        asked = acting.ask_merge(by, RECORD, into, reason) if into else acting.ask_withdrawal(by, RECORD, reason)
        moves.decided(people.second, asked)
        db.session.remove()


def proposals_of(app: Any, number: int) -> list[tuple[str, str, str]]:
    with app.app_context():
        found = db.session.execute(select(Proposal).where(Proposal.tip_id == number)).scalars()
        return [(one.kind, one.subject, one.region) for one in found]


def told(page: Any) -> str:
    return " ".join(soup(page).main.get_text().split())


def test_of_a_report_on_a_withdrawn_record_no_proposal_is_made(
    fresh_app: Any, fresh_people: People, moderator: CheckedClient
) -> None:
    number = tip(fresh_app, RECORD, SRAGEN)
    assert soup(moderator.get(f"/moderasi/kiriman/{number}")).select_one("form[action$='/usulan']")
    buried(fresh_app, fresh_people)
    page = moderator.get(f"/en/moderasi/kiriman/{number}")
    assert "This record was withdrawn on" in told(page)
    assert soup(page).select_one("form[action$='/usulan']") is None
    refused = moderator.post(f"/en/moderasi/kiriman/{number}/usulan")
    assert refused.status_code == 409
    assert "This record was withdrawn on" in soup(refused).select_one(".errsum").get_text()
    assert (stored(fresh_app, number).state, proposals_of(fresh_app, number)) == ("new", [])


def test_a_report_on_a_merged_record_becomes_a_proposal_for_the_one_that_stands(
    fresh_app: Any, fresh_people: People, moderator: CheckedClient
) -> None:
    number = tip(fresh_app, RECORD, SRAGEN)
    buried(fresh_app, fresh_people, into=OTHER)
    page = told(moderator.get(f"/en/moderasi/kiriman/{number}"))
    assert f"This record was merged into {OTHER} on" in page
    assert f"A proposal is made for {OTHER}." in page
    answer = moderator.post(f"/moderasi/kiriman/{number}/usulan")
    assert answer.status_code == 303
    assert proposals_of(fresh_app, number) == [("change", OTHER, "33.72")]
    assert moderator.get(answer.location).status_code == 200


def test_where_the_record_went_out_of_reach_no_button_leads_there(fresh_app: Any, fresh_people: People) -> None:
    number = tip(fresh_app, RECORD, SRAGEN)
    buried(fresh_app, fresh_people, into=ELSEWHERE)
    client = signed_in(fresh_app, fresh_people.second)
    page = client.get(f"/en/moderasi/kiriman/{number}")
    assert f"This record was merged into {ELSEWHERE} on" in told(page)
    assert soup(page).select_one("form[action$='/usulan']") is None
    assert client.post(f"/moderasi/kiriman/{number}/usulan").status_code == 409
    assert stored(fresh_app, number).state == "new"


def begun_on_a_tombstone(app: Any, people: People) -> int:
    with app.app_context():
        number = editorial.start(moves.account(people.moderator), "change", SRAGEN, RECORD).id
        db.session.remove()
    return number


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_draft_on_a_record_that_is_gone_opens_says_so_and_can_be_taken_back(
    fresh_app: Any, fresh_people: People, moderator: CheckedClient, when: str
) -> None:
    if when == "before":
        with fresh_app.app_context():
            number = moves.drafted(fresh_people.moderator, "Ringkasan lama.").id
            db.session.remove()
    buried(fresh_app, fresh_people)
    if when == "after":
        number = begun_on_a_tombstone(fresh_app, fresh_people)
    page = moderator.get(f"/en/usulan/{number}/ubah")
    assert page.status_code == 200
    assert "This record was withdrawn or merged since you began" in told(page)
    assert soup(page).select_one(f"main a[href='/en/usulan/{number}/tarik']")
    form = {one["name"]: one.get("value", "") for one in soup(page).select("#usulan-form input[type=hidden][name]")}
    kept = moderator.post(f"/usulan/{number}/ubah", data=form | {"aksi": "draf", "catatan": "Nanti."})
    assert kept.status_code in {303, 422}
    saved = moderator.post(f"/usulan/{number}/simpan", data=form, headers={"HX-Request": "true"})
    assert saved.status_code == 200
    for path in ("", "/pratinjau"):
        assert moderator.get(f"/usulan/{number}{path}").status_code == 200
    assert moderator.post(f"/usulan/{number}/tarik").status_code == 303
    with fresh_app.app_context():
        assert db.session.get_one(Proposal, number).state == "withdrawn"


def test_a_draft_begun_on_a_tombstone_goes_on_once_the_record_stands_again(
    fresh_app: Any, fresh_people: People, moderator: CheckedClient
) -> None:
    buried(fresh_app, fresh_people)
    number = begun_on_a_tombstone(fresh_app, fresh_people)
    with fresh_app.app_context():
        asked = acting.ask_restoring(moves.account(fresh_people.moderator), RECORD, 1, "Masih berlaku.")
        moves.decided(fresh_people.second, asked)
        db.session.remove()
    page = moderator.get(f"/en/usulan/{number}/ubah")
    assert page.status_code == 200
    assert "The record has a newer revision since you began." in told(page)
