"""What did an attacker get through once, and must never get through again?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from passlib.context import CryptContext  # type: ignore[import-untyped]
from sqlalchemy import select

from portal import amending, editorial, evidence, throttling
from portal.accounts import people
from portal.editorial import Choice, Incomplete, Ruling, acting
from portal.editorial.deciding import decidable
from portal.extensions import db, stamp
from portal.models import Evidence, Letter, Message, Proposal
from tests import moves
from tests.pages import CheckedClient, soup
from tests.people import PASSWORD, SRAGEN, People, signed_in
from tests.record_pages import AUTHOR

CHECKSUM = "ab" * 32
BIG, HUGE = "9" * 25, "9" * 5000


def test_the_file_behind_a_withheld_text_is_closed_too(
    fresh_app: Any, fresh_client: CheckedClient, fresh_people: People
) -> None:
    with fresh_app.app_context():
        draft = moves.drafted(fresh_people.stranger, "Ringkasan.")
        db.session.add(
            Evidence(
                proposal_id=draft.id, uploaded_by=fresh_people.stranger.id, uploaded=stamp(), name="naskah.pdf",
                stored="aa/bb", mimetype="application/pdf", sha256=CHECKSUM, size=1000, pages=3, source="s1",
                disclosure="public", subject=moves.SUBJECT, removed=None,
            )
        )  # fmt: skip
        db.session.commit()
        document = moves.document()
        document["sources"][0]["archive"] = {"sha256": CHECKSUM}
        text = {"key": "i1", "kind": "mou", "signing": "reported", "disclosure": "public"}
        document["instruments"] = [{**text, "sources": [document["sources"][0]["key"]]}]
        editorial.publish("cooperation", document, AUTHOR, "Bukti")
        assert evidence.public(db.session(), moves.SUBJECT, CHECKSUM) is not None
        by = moves.account(fresh_people.moderator)
        asked = acting.ask_withholding(by, moves.SUBJECT, "i1", "h", "rahasia pribadi", "2099-01-01", "Alasan")
        moves.decided(fresh_people.second, db.session.get_one(Proposal, asked.id))
        assert evidence.public(db.session(), moves.SUBJECT, CHECKSUM) is None
        db.session.remove()
    assert fresh_client.get(f"/kerja-sama/{moves.SUBJECT}/bukti/{CHECKSUM}").status_code == 404
    assert CHECKSUM + '"' not in fresh_client.get(f"/kerja-sama/{moves.SUBJECT}", follow_redirects=True).text


@pytest.mark.parametrize("number", [BIG, "3000000000"])
@pytest.mark.parametrize("address", ["/usulan/{}/ubah", "/usulan/{}/simpan", "/akun/sesi/{}/akhiri"])
def test_a_number_no_table_can_hold_is_not_there(
    fresh_app: Any, fresh_people: People, address: str, number: str
) -> None:
    client = signed_in(fresh_app, fresh_people.stranger)
    assert client.post(address.format(number)).status_code in {404, 405}  # 405: the router counts the rule for GET
    assert client.get(address.format(number)).status_code in ({404} if address.endswith("ubah") else {404, 405})


@pytest.mark.parametrize("number", [BIG, HUGE, "3000000000"])
def test_a_typed_number_no_table_can_hold_breaks_nothing(fresh_app: Any, fresh_people: People, number: str) -> None:
    clerk, moderator = signed_in(fresh_app, fresh_people.stranger), signed_in(fresh_app, fresh_people.moderator)
    for address in ("/usulan/simpan", "/usulan/baru", "/usulan/serupa"):
        assert clerk.post(address, data={"usulan": number}).status_code == 404
    sent = {"jenis": "ubah", "untuk": moves.SUBJECT, "hapus_bukti": number, "aksi": "draf"}
    assert clerk.post("/usulan/baru", data=sent).status_code == 303
    assert moderator.post("/moderasi/kiriman", data={"kiriman": number, "aksi": "ambil"}).status_code == 422
    assert moderator.get(f"/moderasi/kiriman?hal={number}").headers["Location"] == "/moderasi/kiriman"


def test_signing_in_reads_forms_alone(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.clerk)
    assert client.post("/masuk/lagi", json={"password": 1}).status_code == 415


def test_a_draft_too_needs_the_second_factor(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.moderator)
    with fresh_app.app_context():
        account = moves.account(fresh_people.moderator)
        account.tf_primary_method = account.tf_totp_secret = None
        db.session.commit()
        db.session.remove()
    sent = {"jenis": "ubah", "untuk": moves.SUBJECT}
    assert client.post("/usulan/simpan", data=sent, headers={"HX-Request": "true"}).status_code == 403


def token(page: Any) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("dot", ["\u3002", "\uff0e", "\uff61"])
def test_another_spelling_of_the_address_is_counted_as_the_same(fresh_app: Any, fresh_people: People, dot: str) -> None:
    with fresh_app.app_context():
        for _try in range(100):
            throttling.count("sign_in_account", fresh_people.clerk.email)
    client = fresh_app.test_client()
    sent = {"email": fresh_people.clerk.email.replace(".", dot), "password": PASSWORD}
    answer = client.post("/masuk", data={**sent, "csrf_token": token(client.get("/masuk"))})
    assert answer.status_code == 429


def test_strangers_who_guess_do_not_hold_up_who_is_signed_in(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        for _try in range(100):
            throttling.count("sign_in_account", fresh_people.clerk.email)
    answer = signed_in(fresh_app, fresh_people.clerk).post("/masuk/lagi", data={"password": PASSWORD})
    assert answer.status_code == 303


def test_a_reply_stands_word_for_word(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        by = moves.account(moves.section(fresh_app))
        draft = editorial.start(by, "reply", SRAGEN, moves.SUBJECT)
        before = moves.document()
        reply = {"text": {"id": "Kerja sama berjalan baik."}, "office": "Bagian", "date": "2026-01-01"}
        editorial.save(by, draft.id, [], amending.edits(before, {**before, "replies": [reply]}))
        sent = editorial.submit(by, draft.id)
        stands = editorial.standing(db.session(), sent)
        other = Choice("amend", "", {**reply, "text": {"id": "Kerja sama berakhir."}})
        choices = {edit.key: other for edit in decidable(stands)}
        ruling = Ruling(sent.version, stands.number, choices, "", "Diubah.", "Diubah.", "Jelas.")
        with pytest.raises(Incomplete):
            editorial.decide(moves.account(fresh_people.moderator), sent.id, ruling)
        db.session.remove()


def test_who_was_let_go_is_not_the_first_of_two(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        by = moves.account(fresh_people.stranger)
        draft = editorial.start(by, "withdraw", SRAGEN, moves.SUBJECT)
        editorial.save(by, draft.id, [], [], "Bukan kerja sama.")
        sent = editorial.submit(by, draft.id)
        assert moves.decided(fresh_people.moderator, sent).state == "seconding"
        people.set_active(moves.account(fresh_people.admin), fresh_people.moderator.id, False)
        assert moves.decided(fresh_people.second, db.session.get_one(Proposal, sent.id)).state == "seconding"
        db.session.remove()


def test_nobody_floods_others_with_letters(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        number = moves.sent(fresh_people.stranger, "Ringkasan baru.").id
        for _message in range(30):
            throttling.count("message", str(fresh_people.stranger.id))
        db.session.remove()
    answer = signed_in(fresh_app, fresh_people.stranger).post(f"/usulan/{number}/pesan", data={"text": "Halo lagi"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Halo lagi" in answer.text


def test_nor_does_a_moderator_from_the_screen_of_a_review(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        number = moves.sent(fresh_people.stranger, "Ringkasan baru.").id
    client = signed_in(fresh_app, fresh_people.moderator)
    for said in range(30):
        assert client.post(f"/moderasi/{number}/pesan", data={"text": f"Halo {said}"}).status_code == 303
    answer = client.post(f"/moderasi/{number}/pesan", data={"text": "Halo lagi"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert soup(answer).select_one("#text").get_text().strip() == "Halo lagi"
    with fresh_app.app_context():
        assert len(db.session.execute(select(Message)).all()) == 30


def test_nobody_asks_for_acts_without_end(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.moderator)
    asked = {"act": "withdraw", "withdraw-reason": "Tercatat dua kali."}
    assert client.post(f"/moderasi/tindakan/{moves.SUBJECT}", data=asked).status_code == 303
    with fresh_app.app_context():
        for _act in range(59):
            throttling.count("proposal", str(fresh_people.moderator.id))
        db.session.remove()
    answer = client.post("/moderasi/tindakan/KS-0011", data=asked)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert soup(answer).select_one("[name=withdraw-reason]").get_text().strip() == "Tercatat dua kali."
    with fresh_app.app_context():
        assert len(db.session.execute(select(Proposal)).all()) == 1


def test_asking_for_a_new_password_takes_the_same_work_for_everybody(
    fresh_app: Any, fresh_people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    real = CryptContext.hash

    def noted(self: Any, *args: Any, **values: Any) -> Any:
        hashed.append(self.default_scheme())
        return real(self, *args, **values)

    monkeypatch.setattr(CryptContext, "hash", noted)
    work = []
    for address in (fresh_people.clerk.email, "tidak.ada@uji.example"):
        client = fresh_app.test_client()
        hashed.clear()
        client.post("/masuk/lupa", data={"email": address, "csrf_token": token(client.get("/masuk/lupa"))})
        work.append(sorted(hashed))
    assert work[0] == work[1] != []


def test_the_link_of_a_letter_never_comes_from_the_request(fresh_app: Any, fresh_people: People) -> None:
    client, elsewhere = fresh_app.test_client(), "http://penipu.example"
    sent = {"email": fresh_people.clerk.email, "csrf_token": token(client.get("/masuk/lupa", base_url=elsewhere))}
    assert client.post("/masuk/lupa", base_url=elsewhere, data=sent).status_code == 200
    with fresh_app.app_context():
        body = db.session.execute(select(Letter.body).order_by(Letter.id.desc()).limit(1)).scalar_one()
        db.session.remove()
    assert "/masuk/lupa/" in body
    assert "penipu" not in body
