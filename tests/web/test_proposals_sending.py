"""Is what is sent exactly what was seen, once, and laid on the newest revision?"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from portal import editorial, publications
from portal.extensions import db
from portal.models import Decision, Proposal
from tests.pages import CheckedClient, soup
from tests.people import KLATEN, SRAGEN, People, Person, agency, person, signed_in
from tests.proposals import RECORD, Draft, decided, drafts, state_of
from tests.record_pages import Publish, publisher, said


@pytest.fixture
def begin(fresh_app: Any) -> Draft:
    return drafts(fresh_app)


@pytest.fixture
def publish(fresh_app: Any) -> Publish:
    return publisher(fresh_app)


@pytest.fixture
def author(fresh_app: Any, fresh_people: People) -> CheckedClient:
    """The clerk who writes the drafts of these tests."""
    return signed_in(fresh_app, fresh_people.stranger)


@pytest.fixture
def coordinator(fresh_app: Any, fresh_people: People) -> Person:
    """The cooperation section of the record's region."""
    return person(fresh_app, "seksi", "coordinator", agency(fresh_app, "Bagian Kerja Sama Sragen", SRAGEN), SRAGEN)


def newest(app: Any, subject: str = RECORD) -> dict[str, Any]:
    with app.app_context():
        found = publications.newest(subject)
        assert found is not None
        return copy.deepcopy(dict(found.document))


# -- preview and sending ------------------------------------------------------------------------------------------


def test_the_preview_shows_the_differences_and_asks_for_authority(
    author: CheckedClient, fresh_people: People, begin: Draft
) -> None:
    number = begin(fresh_people.stranger, note="Lihat lampiran.")
    page = soup(author.get(f"/en/usulan/{number}/pratinjau"))
    assert [said(head) for head in page.select(".diff h3")] == ["Sectors changed"]
    assert "tourism" in said(page.select_one(".diff .new"))
    assert "Lihat lampiran." in said(page.main)
    assert page.select_one("input[name=sah][type=checkbox]")
    assert not page.select_one("input[name=sah]").has_attr("checked")
    assert page.select_one(".actbar a")["href"] == f"/en/usulan/{number}/ubah"


def test_sending_gives_a_receipt_and_says_what_happens_next(
    fresh_app: Any, author: CheckedClient, fresh_people: People, begin: Draft
) -> None:
    number = begin(fresh_people.stranger)
    answer = author.post(f"/en/usulan/{number}/kirim", data={"sah": "1"})
    assert (answer.status_code, state_of(fresh_app, number)) == (303, "submitted")
    page = soup(author.get(answer.location))
    flash = said(page.select_one(".flash"))
    assert "sent. Moderators usually reply within 3 working days." in flash
    assert flash.split()[1].startswith("U-")


def test_pressed_twice_is_sent_once(fresh_app: Any, author: CheckedClient, fresh_people: People, begin: Draft) -> None:
    number = begin(fresh_people.stranger)
    answers = [author.post(f"/usulan/{number}/kirim", data={"sah": "1"}) for _ in range(3)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, f"/usulan/{number}?kabar=terkirim")}
    with fresh_app.app_context():
        assert [one.move for one in db.session.query(Decision)] == ["submit"]


def test_without_authority_nothing_is_sent(
    fresh_app: Any, author: CheckedClient, fresh_people: People, begin: Draft
) -> None:
    number = begin(fresh_people.stranger)
    answer = author.post(f"/en/usulan/{number}/kirim")
    assert (answer.status_code, state_of(fresh_app, number)) == (422, "draft")
    page = soup(answer)
    assert page.select_one(".errsum a")["href"] == "#sah"
    assert page.select_one("#sah")["aria-invalid"] == "true"


def test_a_proposal_of_nothing_is_not_sent(
    fresh_app: Any, author: CheckedClient, fresh_people: People, begin: Draft
) -> None:
    number = begin(fresh_people.stranger, sectors=newest(fresh_app)["sectors"])
    page = soup(author.get(f"/en/usulan/{number}/pratinjau"))
    assert "choose “Still running”" in said(page.main)
    assert not page.select_one("input[name=sah]")
    answer = author.post(f"/en/usulan/{number}/kirim", data={"sah": "1"})
    assert (answer.status_code, state_of(fresh_app, number)) == (422, "draft")


def test_what_is_wrong_is_named_with_the_way_to_its_field(
    fresh_app: Any, author: CheckedClient, fresh_people: People, begin: Draft
) -> None:
    number = begin(fresh_people.stranger, title={"id": "Judul\u200b tersembunyi"})
    answer = author.post(f"/en/usulan/{number}/kirim", data={"sah": "1"})
    link = soup(answer).select_one(".errsum a")
    assert (answer.status_code, link["href"]) == (422, f"/en/usulan/{number}/ubah#title")
    assert said(link).startswith("Title: ")


def test_a_withdrawal_is_asked_for_with_its_reason(
    fresh_app: Any, author: CheckedClient, fresh_people: People, begin: Draft
) -> None:
    number = begin(fresh_people.stranger, kind="withdraw", note="Tercatat dua kali.")
    page = soup(author.get(f"/en/usulan/{number}/pratinjau"))
    assert "Reason Tercatat dua kali." in said(page.main)
    assert author.post(f"/usulan/{number}/kirim", data={"sah": "1"}).status_code == 303


def test_what_was_sent_has_no_preview_any_more(author: CheckedClient, fresh_people: People, begin: Draft) -> None:
    number = begin(fresh_people.stranger, send=True)
    answer = author.get(f"/usulan/{number}/pratinjau")
    assert (answer.status_code, answer.location) == (303, f"/usulan/{number}")


def test_what_came_back_is_mended_and_sent_again(
    fresh_app: Any, author: CheckedClient, fresh_people: People, begin: Draft
) -> None:
    number = begin(fresh_people.stranger, send=True)
    decided(fresh_app, fresh_people.moderator, number, "return", "Sebutkan bidangnya.")
    assert author.get(f"/usulan/{number}/pratinjau").status_code == 200
    assert author.post(f"/usulan/{number}/kirim", data={"sah": "1"}).status_code == 303
    assert state_of(fresh_app, number) == "submitted"
    page = soup(author.get(f"/en/usulan/{number}"))
    assert not page.select_one(".answer")
    assert "Sebutkan bidangnya." in said(page.select_one("#jalan"))


# -- a newer revision ---------------------------------------------------------------------------------------------


def test_what_others_changed_elsewhere_comes_together_and_is_told(
    author: CheckedClient, fresh_people: People, begin: Draft, publish: Publish, fresh_app: Any
) -> None:
    number = begin(fresh_people.stranger)
    publish(RECORD, summary={"id": "Ringkasan yang lain sama sekali."})
    page = soup(author.get(f"/en/usulan/{number}/pratinjau"))
    assert "There is a new revision (2) since you began." in said(page.select_one(".note"))
    assert "Summary" in said(page.select_one(".note li"))
    assert [said(head) for head in page.select(".diff h3")] == ["Sectors changed"]
    assert author.post(f"/usulan/{number}/kirim", data={"sah": "1"}).status_code == 303
    assert state_of(fresh_app, number) == "submitted"


def test_only_the_fields_both_changed_ask(
    author: CheckedClient, fresh_people: People, begin: Draft, publish: Publish
) -> None:
    number = begin(fresh_people.stranger, sectors=["tourism"], title={"id": "Judul dari dinas"})
    publish(RECORD, sectors=["culture"], summary={"id": "Ringkasan yang lain."})
    answer = author.get(f"/en/usulan/{number}/pratinjau")
    assert (answer.status_code, answer.location) == (303, f"/en/usulan/{number}/bentrok")
    page = soup(author.get(answer.location))
    assert [said(head) for head in page.select(".diff h3")] == ["Sectors changed"]
    assert ("culture" in said(page.select_one(".old")), "tourism" in said(page.select_one(".new"))) == (True, True)
    assert "Title" in said(page.select_one("#menyatu"))
    assert "Summary" in said(page.select_one("#menyatu"))
    assert not page.select("input[type=radio][checked]")


@pytest.mark.parametrize(("side", "left"), [("mine", ["Title", "Sectors"]), ("theirs", ["Title"])])
def test_each_side_can_be_kept(
    author: CheckedClient, fresh_people: People, begin: Draft, publish: Publish, side: str, left: list[str]
) -> None:
    number = begin(fresh_people.stranger, sectors=["tourism"], title={"id": "Judul dari dinas"})
    publish(RECORD, sectors=["culture"])
    form = soup(author.get(f"/en/usulan/{number}/bentrok")).select_one("main form")
    radio = form.select_one(f"input[value={side}]")
    sent = {radio["name"]: side, "revision": form.select_one("[name=revision]")["value"]}
    answer = author.post(f"/en/usulan/{number}/bentrok", data=sent)
    assert answer.status_code == 303
    page = soup(author.get(answer.location))
    assert [said(head).split()[0] for head in page.select(".diff h3")] == left


def test_a_field_without_an_answer_is_asked_again(
    author: CheckedClient, fresh_people: People, begin: Draft, publish: Publish
) -> None:
    number = begin(fresh_people.stranger)
    publish(RECORD, sectors=["culture"])
    answer = author.post(f"/en/usulan/{number}/bentrok", data={"revision": "2"})
    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one(page.select_one(".errsum a")["href"])["type"] == "radio"


def test_an_answer_to_an_older_question_is_asked_anew(
    author: CheckedClient, fresh_people: People, begin: Draft, publish: Publish
) -> None:
    number = begin(fresh_people.stranger)
    publish(RECORD, sectors=["culture"])
    publish(RECORD, sectors=["health"])
    answer = author.post(f"/en/usulan/{number}/bentrok", data={"revision": "2", "pilih-e1": "mine"})
    assert answer.status_code == 409
    assert "health" in said(soup(answer).select_one(".old"))


def test_a_conflict_is_not_sent(
    fresh_app: Any, author: CheckedClient, fresh_people: People, begin: Draft, publish: Publish
) -> None:
    number = begin(fresh_people.stranger)
    publish(RECORD, sectors=["culture"])
    answer = author.post(f"/usulan/{number}/kirim", data={"sah": "1"})
    assert (answer.location, state_of(fresh_app, number)) == (f"/usulan/{number}/bentrok", "draft")


# -- the reply of a region ----------------------------------------------------------------------------------------


def test_a_coordinator_replies_to_a_record(fresh_app: Any, coordinator: Person, fresh_people: People) -> None:
    client = signed_in(fresh_app, coordinator)
    form = soup(client.get(f"/en/usulan/tanggapan?untuk={RECORD}")).select_one("main form")
    assert form.select_one("[name=untuk]")["value"] == RECORD
    text = "Kerja sama ini berlanjut\u200b.\nKami menunggu kabar dari mitra."
    answer = client.post("/en/usulan/tanggapan", data={"untuk": RECORD, "text": text, "text-en": "It goes on."})
    assert answer.status_code == 303
    page = soup(client.get(answer.location))
    assert "Kami menunggu kabar dari mitra." in said(page.select_one(".diff .new"))
    assert "Bagian Kerja Sama Sragen" in said(page.select_one(".diff .new"))
    number = int(answer.location.split("/")[3])
    assert page.select_one(".actbar a")["href"] == f"/en/usulan/tanggapan?usulan={number}"
    client.post(f"/usulan/{number}/kirim", data={"sah": "1"})
    decided(fresh_app, fresh_people.moderator, number, "accept")
    [reply] = newest(fresh_app)["replies"]
    assert reply["text"] == {"id": "Kerja sama ini berlanjut.\nKami menunggu kabar dari mitra.", "en": "It goes on."}
    assert reply["office"] == "Bagian Kerja Sama Sragen"


def test_a_reply_is_gone_on_with(fresh_app: Any, coordinator: Person) -> None:
    client = signed_in(fresh_app, coordinator)
    first = client.post("/usulan/tanggapan", data={"untuk": RECORD, "text": "Yang pertama."})
    number = int(first.location.split("/")[2])
    form = soup(client.get(f"/usulan/tanggapan?usulan={number}")).select_one("main form")
    assert form.select_one("#text").get_text().strip() == "Yang pertama."
    again = client.post("/usulan/tanggapan", data={"usulan": number, "text": "Yang kedua."})
    assert again.location == first.location
    assert "Yang kedua." in said(soup(client.get(again.location)).select_one(".new"))


def test_a_region_replies_to_its_own_page(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.coordinator)
    answer = client.post("/usulan/tanggapan", data={"daerah": KLATEN, "text": "Kami sedang menjajaki."})
    assert answer.status_code == 303
    with fresh_app.app_context():
        [proposal] = db.session.query(Proposal)
        assert (proposal.document_kind, proposal.subject, proposal.region) == ("region", KLATEN, KLATEN)
    assert client.post(f"{answer.location.removesuffix('/pratinjau')}/kirim", data={"sah": "1"}).status_code == 303


@pytest.mark.parametrize("text", ["", " \n ", "x" * 1501])
def test_a_reply_that_does_not_fit_is_kept(fresh_app: Any, coordinator: Person, text: str) -> None:
    answer = signed_in(fresh_app, coordinator).post("/en/usulan/tanggapan", data={"untuk": RECORD, "text": text})
    page = soup(answer)
    assert (answer.status_code, page.select_one(".errsum a")["href"]) == (422, "#text")
    assert page.select_one("#text").get_text().strip() == text.strip()


def test_nobody_replies_for_another_region_or_another_office(
    fresh_app: Any, fresh_people: People, coordinator: Person
) -> None:
    sent = {"untuk": RECORD, "text": "Bukan dari kami."}
    assert signed_in(fresh_app, fresh_people.coordinator).post("/usulan/tanggapan", data=sent).status_code == 403
    assert signed_in(fresh_app, fresh_people.stranger).post("/usulan/tanggapan", data=sent).status_code == 403
    client = signed_in(fresh_app, coordinator)
    number = int(client.post("/usulan/tanggapan", data=sent).location.split("/")[2])
    foreign = signed_in(fresh_app, fresh_people.coordinator)
    assert foreign.post("/usulan/tanggapan", data={"usulan": number, "text": "x"}).status_code == 404


@pytest.mark.parametrize("query", ["", "untuk=KS-9999", "untuk=x", "daerah=99.99", "usulan=x", "usulan=0", "untuk=٣"])
def test_a_reply_to_nothing_is_not_there(app: Any, people: People, query: str) -> None:
    assert signed_in(app, people.coordinator).get(f"/usulan/tanggapan?{query}").status_code == 404


def test_a_second_reply_stands_beside_the_first(fresh_app: Any, coordinator: Person, publish: Publish) -> None:
    first = {"text": {"id": "Dulu."}, "office": "Bagian Kerja Sama Sragen", "date": "2026-01-05"}
    publish(RECORD, replies=[first])
    client = signed_in(fresh_app, coordinator)
    assert "Dulu." in said(soup(client.get(f"/usulan/tanggapan?untuk={RECORD}")).select_one("details"))
    client.post("/usulan/tanggapan", data={"untuk": RECORD, "text": "Sekarang."})
    with fresh_app.app_context():
        [proposal] = db.session.query(Proposal)
        document = editorial.standing(db.session(), proposal).proposed
        assert [reply["text"]["id"] for reply in document["replies"]] == ["Dulu.", "Sekarang."]
        assert [edit.old for edit in proposal.found] == [None]
