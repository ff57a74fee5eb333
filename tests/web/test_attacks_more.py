"""What else did an attacker, or a moderator alone, get through once? On withheld texts, sign-ins, offices' words."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from portal import amending, editorial
from portal.editorial import Choice, Incomplete, Ruling, acting, deciding
from portal.extensions import db, stamp
from portal.models import Account, Proposal
from portal.web.proposing import content, forms
from portal.web.proposing.proving import Said
from tests import moves
from tests.pages import CheckedClient, soup
from tests.people import PASSWORD, SRAGEN, People, signed_in
from tests.record_pages import AUTHOR
from tests.web.test_review import filled
from tests.web.test_signing import sign_in

CLOSED = {
    "key": "i1", "kind": "mou", "number": "119/1/2020", "signing": "reported", "disclosure": "withheld",
    "withheld": {"ground": "UU 14/2008 pasal 17 huruf h: rahasia pribadi", "review_on": "2099-01-01"},
}  # fmt: skip
PLAIN = {"key": "i2", "kind": "loi", "signing": "reported", "disclosure": "metadata_only"}
SAID = Said(7, "Dinas Uji", SRAGEN, "2026-11-22", ())


@pytest.fixture
def people(fresh_app: Any, fresh_people: People) -> Any:
    """The people of the tests inside of the application."""
    with fresh_app.app_context():
        yield fresh_people
        db.session.remove()


def published(*texts: dict[str, Any]) -> dict[str, Any]:
    """The record with these texts, as it is published now."""
    document = moves.document()
    sources = [document["sources"][0]["key"]]
    document["instruments"] = [{**text, "sources": sources} for text in texts]
    editorial.publish("cooperation", document, AUTHOR, "Naskah")
    return moves.document()


def proposed(by: Account, after: dict[str, Any], subject: str = moves.SUBJECT, kind: str = "change") -> Proposal:
    """A proposal of what a subject should say, sent."""
    begun = editorial.start(by, kind, SRAGEN, subject)
    before = editorial.standing(db.session(), begun).ground
    editorial.save(by, begun.id, [], amending.edits(before, after, begun.document_kind))
    return editorial.submit(by, begun.id)


def opened(text: dict[str, Any]) -> None:
    text.pop("withheld")
    text["disclosure"] = "metadata_only"


def linked(text: dict[str, Any]) -> None:
    text["link"] = "https://jdih.sragenkab.go.id/naskah"


# -- what is withheld -----------------------------------------------------------------------------------------


def test_the_form_has_no_row_for_a_withheld_text_and_keeps_it_whole(fresh_app: Any, people: People) -> None:
    base = {**moves.document(), "instruments": [PLAIN, CLOSED]}
    with fresh_app.test_request_context("/usulan/baru"):
        values = content.filled("change", base, base)
        assert [row["kind"] for row in values["instruments"]] == ["loi"]
        form = forms.form_class("change")(data=values)
        assert content.made("change", base, form.data, SAID) == base
        smuggled = {**values["instruments"][0], "asal": "1", "number": "999", "kind": "mou"}
        typed = {**form.data, "instruments": [smuggled]}
        assert content.made("change", base, typed, SAID)["instruments"] == [CLOSED]


@pytest.mark.parametrize("change", [opened, linked, dict.clear])
def test_a_withheld_text_is_changed_by_two_moderators_only(
    people: People, change: Callable[[dict[str, Any]], None]
) -> None:
    after = deepcopy(published(PLAIN, CLOSED))
    change(after["instruments"][1])
    after["instruments"] = [text for text in after["instruments"] if text]
    sent = proposed(moves.account(people.stranger), after)
    assert moves.decided(people.moderator, sent).state == "seconding"
    assert moves.document()["instruments"][1]["disclosure"] == "withheld"
    assert moves.decided(people.second, db.session.get_one(Proposal, sent.id)).state == "published"
    assert moves.document()["instruments"] == after["instruments"]


def test_an_edit_from_before_the_withholding_needs_two_as_well(people: People) -> None:
    text = {name: value for name, value in CLOSED.items() if name != "withheld"} | {"disclosure": "metadata_only"}
    after = deepcopy(published(text))
    linked(after["instruments"][0])
    sent = proposed(moves.account(people.stranger), after)
    published(CLOSED)
    assert moves.decided(people.moderator, sent).state == "seconding"


def test_two_moderators_agree_only_where_both_want_the_same(people: People) -> None:
    after = deepcopy(published(CLOSED))
    opened(after["instruments"][0])
    after["summary"] = {"id": "Ringkasan baru."}
    sent = proposed(moves.account(people.stranger), after)

    def decided(who: Any, text: str) -> str:
        proposal = db.session.get_one(Proposal, sent.id)
        stands = editorial.standing(db.session(), proposal)
        choices = {e.key: Choice(text if e.top == "instruments" else "accept") for e in deciding.decidable(stands)}
        ruling = Ruling(proposal.version, stands.number, choices, "", moves.NOTE, moves.PUBLIC, "Jelas.")
        return editorial.decide(moves.account(who), sent.id, ruling).state

    assert decided(people.moderator, "reject") == "seconding"
    assert decided(people.second, "accept") == "seconding", "the first refused what the second would open"
    assert moves.document()["instruments"][0]["disclosure"] == "withheld"
    assert decided(people.moderator, "accept") == "published"


def test_a_change_of_other_things_needs_one_moderator_as_ever(people: People) -> None:
    published(CLOSED)
    assert moves.decided(people.moderator, moves.sent(people.stranger, "Ringkasan lain.")).state == "published"


# -- words of offices -----------------------------------------------------------------------------------------


def amended(who: Any, sent: Proposal, top: str, **value: Any) -> None:
    """A decision that puts other words into what an office says."""
    stands = editorial.standing(db.session(), sent)
    choices = {
        edit.key: Choice("amend", "", {**edit.new, **value}) if edit.top == top else Choice("accept")
        for edit in deciding.decidable(stands)
    }
    ruling = Ruling(sent.version, stands.number, choices, "", moves.NOTE, moves.PUBLIC, "Jelas.")
    editorial.decide(moves.account(who), sent.id, ruling)


def test_what_an_agency_declares_stands_word_for_word(fresh_app: Any, people: People) -> None:
    after = moves.document()
    said = {"axis": "validity", "value": "in_force_claimed", "as_of": "2026-11-22", "by": "agency"}
    after["declarations"] = [*after.get("declarations", []), said]
    sent = proposed(moves.account(people.stranger), after)
    with pytest.raises(Incomplete) as refused:
        amended(people.moderator, sent, "declarations", value="ended_claimed")
    assert [problem.path.partition("-")[0] for problem in refused.value.problems] == ["verdict"]
    number = sent.id
    db.session.remove()
    page = soup(signed_in(fresh_app, people.moderator).get(f"/moderasi/{number}"))
    assert {one["value"] for one in page.select(".pick input[type=radio]")} == {"accept", "return", "reject"}


def test_the_statement_of_a_region_stands_word_for_word_and_is_explained(people: People) -> None:
    before = moves.document(SRAGEN)
    said = {"kind": "declared_none", "text": {"id": "Belum ada."}, "as_of": "2026-01", "source": "u1s1"}
    source = {"key": "u1s1", "title": "Surat", "kind": "agency_statement", "grade": "D", "publisher": "Dinas"}
    after = {**before, "statements": [*before.get("statements", []), said], "sources": [*before["sources"], source]}
    sent = proposed(moves.account(people.stranger), after, SRAGEN, "none")
    with pytest.raises(Incomplete):
        amended(people.moderator, sent, "statements", text={"id": "Ada."})
    stands = editorial.standing(db.session(), sent)
    choices = {edit.key: Choice("accept") for edit in deciding.decidable(stands)}
    ruling = Ruling(sent.version, stands.number, choices, "", moves.NOTE, "", "Jelas.")
    with pytest.raises(Incomplete) as refused:
        editorial.decide(moves.account(people.moderator), sent.id, ruling)
    assert [problem.path for problem in refused.value.problems] == ["change_note"]


# -- the password again ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["merge", "withhold", "restore"])
def test_what_takes_away_or_brings_back_asks_for_the_password_and_loses_nothing(
    fresh_app: Any, fresh_people: People, kind: str
) -> None:
    with fresh_app.app_context():
        by = moves.account(fresh_people.moderator)
        published({**PLAIN, "key": "i1"})
        ask = {
            "merge": lambda: acting.ask_merge(by, moves.SUBJECT, "KS-0001", "Sama."),
            "withhold": lambda: acting.ask_withholding(by, moves.SUBJECT, "i1", "h", "pribadi", "2099-01-01", "Alasan"),
            "restore": lambda: acting.ask_restoring(by, moves.SUBJECT, 1, "Keliru."),
        }
        number = ask[kind]().id
        db.session.remove()
    stale = signed_in(fresh_app, fresh_people.second, fresh=False)
    assert stale.get(f"/moderasi/{number}").location.startswith("/masuk/lagi")
    client = signed_in(fresh_app, fresh_people.second)
    data = filled(client.get(f"/moderasi/{number}"), change_note="Penjelasan yang panjang.")
    del data["csrf_token"]  # it belongs to the other sign-in
    answer = stale.post(f"/moderasi/{number}", data=data)
    kept = {one["name"]: one.get_text().removeprefix("\n") for one in soup(answer).select("main textarea")}
    assert answer.status_code == 400
    assert soup(answer).select_one("main a[href^='/masuk/lagi']") is not None
    assert kept["change_note"] == "Penjelasan yang panjang."
    with fresh_app.app_context():
        assert db.session.get_one(Proposal, number).state == "submitted"
        db.session.remove()
    assert stale.post("/masuk/lagi", data={"password": PASSWORD}).status_code == 303
    assert stale.post(f"/moderasi/{number}", data=kept).status_code == 303


@pytest.mark.parametrize("kind", ["new", "merge", "restore"])
def test_an_undo_that_takes_a_record_away_or_brings_it_back_asks_for_the_password(
    fresh_app: Any, fresh_people: People, kind: str
) -> None:
    with fresh_app.app_context():
        by, mine = moves.account(fresh_people.moderator), moves.account(fresh_people.stranger)
        ask = {
            "new": lambda: proposed(mine, {**moves.document(), "id": ""}, "", "new"),
            "merge": lambda: acting.ask_merge(by, moves.SUBJECT, "KS-0001", "Sama."),
            "restore": lambda: acting.ask_restoring(by, moves.SUBJECT, 1, "Keliru."),
        }
        if kind == "restore":
            published(PLAIN)
        sent = ask[kind]()
        number = sent.id
        moves.decided(fresh_people.second, sent)
        db.session.remove()

    def state() -> str:
        with fresh_app.app_context():
            found = db.session.get_one(Proposal, number).state
            db.session.remove()
        return found

    stale, address = signed_in(fresh_app, fresh_people.second, fresh=False), f"/moderasi/{number}"
    assert stale.post(f"{address}/batalkan").location == f"/masuk/lagi?next={address}"
    assert state() == "published"
    assert stale.post("/masuk/lagi", data={"next": address, "password": PASSWORD}).location == address
    page = soup(stale.get(address))
    assert "Silakan tekan sekali lagi." in " ".join(one.get_text() for one in page.select("main .note"))
    assert stale.post(page.select_one("main form[action$=batalkan]")["action"]).status_code == 303
    assert state() == "submitted"


def test_an_undo_that_leaves_the_record_asks_for_nothing(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        sent = moves.sent(fresh_people.stranger, "Ringkasan lain.")
        number = sent.id
        moves.decided(fresh_people.second, sent)
        db.session.remove()
    stale = signed_in(fresh_app, fresh_people.second, fresh=False)
    assert stale.post(f"/moderasi/{number}/batalkan").location == f"/moderasi/{number}?diputus={number}"


# -- what is said to the public -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "note",
    [
        "Diperbarui. Main slot gacor di sini.", "Lihat https://192.0.2.1/masuk.", "Diper\u200bbarui.",
        "Diperb\u0430rui.", "Lihat https://dinas.go.id@penipu.example/a",
    ],
    ids=["gambling", "bare number", "hidden", "two alphabets", "hidden way"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["change", "withdraw"])
def test_what_is_said_to_the_public_is_checked_like_all_else(people: People, kind: str, note: str) -> None:
    by = moves.account(people.stranger)
    begun = moves.drafted(people.stranger, "Ringkasan.") if kind == "change" else None
    if begun is None:
        begun = editorial.start(by, "withdraw", SRAGEN, moves.SUBJECT)
        editorial.save(by, begun.id, [], [], "Bukan kerja sama.")
    sent = editorial.submit(by, begun.id)
    good = moves.ruling(sent)
    with pytest.raises(Incomplete) as refused:
        editorial.decide(moves.account(people.moderator), sent.id, replace(good, change_note=note))
    assert {problem.path for problem in refused.value.problems} == {"change_note"}
    wide = "Diperbarui, lihat https://www.sragenkab.go.id/berita.\nTerima kasih."
    fine = editorial.decide(moves.account(people.moderator), sent.id, replace(good, change_note=wide))
    assert fine.state in {"published", "seconding"}


# -- signing in -----------------------------------------------------------------------------------------------


def visitor(app: Any, address: str) -> CheckedClient:
    client: CheckedClient = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def test_strangers_who_guess_elsewhere_keep_nobody_from_signing_in(fresh_app: Any, fresh_people: People) -> None:
    for _try in range(10):
        sign_in(visitor(fresh_app, "192.0.2.66"), fresh_people.clerk.email, "kata yang salah")
        with fresh_app.app_context():  # as patient as it takes
            from portal.models import Attempt

            db.session.execute(db.update(Attempt).where(Attempt.count < 10).values(until=stamp()))
            db.session.commit()
            db.session.remove()
    assert sign_in(visitor(fresh_app, "192.0.2.66"), fresh_people.clerk.email, PASSWORD).status_code == 429
    assert sign_in(visitor(fresh_app, "198.51.100.1"), fresh_people.clerk.email, PASSWORD).status_code == 303


def test_another_address_of_the_same_network_is_the_same_guesser(fresh_app: Any, fresh_people: People) -> None:
    for place in range(6):
        sign_in(visitor(fresh_app, f"2001:db8:0:1::{place + 1}"), fresh_people.clerk.email, "kata yang salah")
    near, far = visitor(fresh_app, "2001:db8:0:1:9::9"), visitor(fresh_app, "2001:db8:0:2::1")
    assert sign_in(near, fresh_people.clerk.email, PASSWORD).status_code == 429
    assert sign_in(far, fresh_people.clerk.email, PASSWORD).status_code == 303
