"""Do two moderators at once, a changed record and every kind of proposal come out right on the review page?"""

from __future__ import annotations

from typing import Any

from portal import editorial
from portal.extensions import db
from portal.ledger import Author
from portal.models import Proposal
from tests.pages import CheckedClient, soup
from tests.people import People, signed_in
from tests.web import test_review
from tests.web.test_review import REGION, SUBJECT, changed, document, filled, words

moderator, sent = test_review.moderator, test_review.sent


# -- others at the same time ----------------------------------------------------------------------------------


def test_the_slower_of_two_sees_409_and_what_was_decided(fresh_app: Any, fresh_people: People, sent: Any) -> None:
    number = sent()
    first, second = signed_in(fresh_app, fresh_people.moderator), signed_in(fresh_app, fresh_people.second)
    pages = [client.get(f"/moderasi/{number}") for client in (first, second)]
    assert first.post(f"/moderasi/{number}", data=filled(pages[0])).status_code == 303
    late = second.post(f"/moderasi/{number}", data=filled(pages[1], note="Catatan saya."))
    assert late.status_code == 409
    assert "Sekretariat Tautan Daerah" in words(late)
    again = first.post(f"/moderasi/{number}", data=filled(pages[0]))
    assert again.status_code == 303, "pressed twice is decided once"


def test_a_record_that_changed_shows_the_fresh_comparison_and_keeps_the_notes(
    fresh_app: Any, moderator: CheckedClient, sent: Any
) -> None:
    number = sent()
    data = filled(moderator.get(f"/moderasi/{number}"), note="Catatan saya.")
    with fresh_app.app_context():
        editorial.publish("cooperation", document() | {"type": "sister_city"}, Author("moderator", "Kantor"), note="x")
    late = moderator.post(f"/moderasi/{number}", data=data)
    page = soup(late)
    assert late.status_code == 409
    assert page.select_one("[name=note]").get_text().strip() == "Catatan saya."
    conflicting = page.select(".review__f--open")
    assert len(conflicting) == 1
    assert conflicting[0].select("input[checked]") == [], "a conflict asks for a decision"
    assert len(page.select(".pick input[checked]")) == 2, "the rest stays chosen"
    assert page.select_one("[name=base]")["value"] == "2"
    data = filled(late, {"Ringkasan": "accept", "Jenis": "reject", "Peristiwa": "accept"}, note="Catatan saya.")
    assert moderator.post(f"/moderasi/{number}", data=data).status_code == 303
    with fresh_app.app_context():
        assert (document()["type"], document()["summary"]["id"]) == ("sister_city", changed()["summary"]["id"])


# -- kinds of their own ---------------------------------------------------------------------------------------


def test_a_new_record_shows_what_may_be_the_same_and_gets_its_number(
    fresh_app: Any, moderator: CheckedClient, sent: Any
) -> None:
    def like() -> dict[str, Any]:
        after = document()
        del after["id"]
        return after

    number = sent(after=like, kind="new", subject="")
    page = moderator.get(f"/moderasi/{number}")
    assert "KS-0005" in soup(page).select_one(".side").get_text()
    assert moderator.post(f"/moderasi/{number}", data=filled(page)).status_code == 303
    with fresh_app.app_context():
        made = db.session.get(Proposal, number)
        assert made is not None
        assert made.subject.startswith("KS-")
        assert document(made.subject)["id"] == made.subject


def test_a_withdrawal_tells_its_consequence_and_needs_two(fresh_app: Any, fresh_people: People, sent: Any) -> None:
    number = sent(kind="withdraw", note="Bukan kerja sama luar negeri.")
    first, second = signed_in(fresh_app, fresh_people.moderator), signed_in(fresh_app, fresh_people.second)
    page = first.get(f"/moderasi/{number}")
    assert "hilang dari daftar dan pencarian" in words(page)
    assert soup(page).select(".pick") == []
    assert first.post(f"/moderasi/{number}", data=filled(page)).status_code == 303
    assert soup(first.get(f"/moderasi/{number}")).select_one("form#tinjau") is None
    with fresh_app.app_context():
        assert db.session.get(Proposal, number).state == "seconding"  # type: ignore[union-attr]
    assert second.post(f"/moderasi/{number}", data=filled(second.get(f"/moderasi/{number}"))).status_code == 303
    assert fresh_app.test_client().get(f"/kerja-sama/{SUBJECT}", follow_redirects=True).status_code == 410


def test_a_withdrawal_asks_for_the_password_again(fresh_app: Any, fresh_people: People, sent: Any) -> None:
    number = sent(kind="withdraw", note="Bukan kerja sama luar negeri.")
    stale = signed_in(fresh_app, fresh_people.moderator, fresh=False)
    page = signed_in(fresh_app, fresh_people.moderator).get(f"/moderasi/{number}")
    data = {name: value for name, value in filled(page).items() if name != "csrf_token"}
    asked = stale.get(f"/moderasi/{number}")
    assert (asked.status_code, "next=" in asked.location) == (303, True)
    assert stale.post(f"/moderasi/{number}", data=data).status_code == 400
    with fresh_app.app_context():
        assert db.session.get(Proposal, number).state == "submitted"  # type: ignore[union-attr]


def test_a_note_about_a_region_is_decided_the_same_way(fresh_app: Any, moderator: CheckedClient, sent: Any) -> None:
    def none() -> dict[str, Any]:
        after = document(REGION)
        after["statements"] = [
            *after.get("statements", []),
            {"kind": "declared_none", "text": {"id": "Belum ada."}, "as_of": "2026-01", "source": "u1s1"},
        ]
        after["sources"] = [
            *after["sources"], {"key": "u1s1", "title": "Surat", "kind": "agency_statement", "grade": "D"},
        ]  # fmt: skip
        return after

    number = sent(after=none, kind="none", subject=REGION)
    page = moderator.get(f"/moderasi/{number}")
    assert moderator.post(f"/moderasi/{number}", data=filled(page)).status_code == 303
    with fresh_app.app_context():
        assert document(REGION)["statements"][-1]["as_of"] == "2026-01"


def test_the_talk_with_the_sender_goes_on_beside_the_decision(moderator: CheckedClient, sent: Any) -> None:
    number = sent()
    assert moderator.post(f"/moderasi/{number}/pesan", data={"text": " "}).status_code == 422
    assert moderator.post(f"/moderasi/{number}/pesan", data={"text": "Kapan naskahnya?"}).status_code == 303
    assert "Kapan naskahnya?" in words(moderator.get(f"/moderasi/{number}"))


def test_who_is_no_moderator_finds_no_queue(fresh_app: Any, fresh_people: People, sent: Any) -> None:
    number = sent()
    for who in (fresh_people.clerk, fresh_people.coordinator, fresh_people.admin):
        client = signed_in(fresh_app, who)
        assert client.get("/moderasi").status_code == 403
        assert client.get(f"/moderasi/{number}").status_code == 403
    assert fresh_app.test_client().get("/moderasi").status_code == 303
