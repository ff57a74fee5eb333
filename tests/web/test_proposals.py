"""Can an office follow its proposals: what came back, what is sent, what was decided and said?"""

from __future__ import annotations

from typing import Any

import pytest

from portal import desk, editorial
from portal.extensions import db
from portal.models import Account, Decision, Message
from portal.web.proposals import telling
from tests.pages import CheckedClient, soup
from tests.people import SRAGEN, People, Person, agency, person, signed_in
from tests.proposals import RECORD, Draft, decided, drafts, state_of
from tests.record_pages import said


@pytest.fixture
def begin(fresh_app: Any) -> Draft:
    return drafts(fresh_app)


@pytest.fixture
def coordinator(fresh_app: Any, fresh_people: People) -> Person:
    """The cooperation section of the record's region."""
    return person(fresh_app, "seksi", "coordinator", agency(fresh_app, "Bagian Kerja Sama Sragen", SRAGEN), SRAGEN)


# -- the workspace ------------------------------------------------------------------------------------------------


def test_the_workspace_lists_the_regions_records_with_what_can_be_reported(
    fresh_app: Any, fresh_people: People
) -> None:
    page = soup(signed_in(fresh_app, fresh_people.stranger).get("/en/ruang-kerja"))
    assert "Dinas Uji Sragen" in said(page.main)
    records = page.select("#daerah-1 li")
    assert len(records) == 4
    links = {" ".join(link.get_text().split()[:2]): link["href"] for link in records[0].select("a.btn")}
    assert "/en/usulan/baru?untuk=KS-" in links["Propose an"]
    assert "jenis=masih" in links["Still running:"]


def test_a_region_without_records_may_add_one_or_state_that_there_is_none(app: Any, people: People) -> None:
    page = soup(signed_in(app, people.clerk).get("/en/ruang-kerja"))
    assert "No cooperation of Klaten Regency is on record yet." in said(page.main)
    assert page.select_one('a[href*="jenis=nihil"]')


def test_what_came_back_stands_first(fresh_app: Any, fresh_people: People, begin: Draft) -> None:
    number = begin(fresh_people.stranger, send=True)
    begin(fresh_people.stranger, kind="follow_up")
    decided(fresh_app, fresh_people.moderator, number, "return")
    page = soup(signed_in(fresh_app, fresh_people.stranger).get("/en/ruang-kerja"))
    first, second = page.select("main section")[:2]
    assert (first["id"], second["id"]) == ("perlu-perbaikan", "draf")
    assert "Mohon dilengkapi." in said(first)
    assert first.select_one("a.btn")["href"] == f"/en/usulan/{number}/ubah"


def test_a_coordinator_supports_from_the_workspace(
    fresh_app: Any, fresh_people: People, coordinator: Person, begin: Draft
) -> None:
    number = begin(fresh_people.stranger, send=True)
    client = signed_in(fresh_app, coordinator)
    form = soup(client.get("/ruang-kerja")).select_one("#menunggu-dukungan form")
    answer = client.post("/en" + form["action"], data={"version": form.select_one("[name=version]")["value"]})
    assert (answer.status_code, state_of(fresh_app, number)) == (303, "endorsed")
    assert "supported. Moderators see it." in said(soup(client.get(answer.location)).select_one(".flash"))
    assert not soup(client.get("/ruang-kerja")).select_one("#menunggu-dukungan")


def test_moderators_are_led_to_the_queue(app: Any, people: People) -> None:
    page = soup(signed_in(app, people.moderator).get("/ruang-kerja"))
    assert page.select_one('main a[href="/moderasi"]')


# -- the lists ----------------------------------------------------------------------------------------------------


def test_the_list_says_what_to_do_next(fresh_app: Any, fresh_people: People, begin: Draft) -> None:
    number = begin(fresh_people.stranger, send=True)
    begin(fresh_people.stranger, kind="follow_up")
    decided(fresh_app, fresh_people.moderator, number, "return")
    table = soup(signed_in(fresh_app, fresh_people.stranger).get("/en/usulan")).select("tbody tr")
    assert ["Needs changes" in said(row) for row in table] == [True, False]
    assert "Mohon dilengkapi." in said(table[0])
    assert [row.select("a")[-1].get_text() for row in table] == ["Mend", "Go on"]


def test_nobody_sees_the_drafts_of_others(
    fresh_app: Any, fresh_people: People, coordinator: Person, begin: Draft
) -> None:
    begin(fresh_people.stranger)
    page = soup(signed_in(fresh_app, coordinator).get("/en/usulan?lihat=daerah"))
    assert not page.select("tbody tr")


@pytest.mark.parametrize("view", ["instansi", "daerah", "x"])
def test_a_list_beyond_ones_reach_is_ones_own(fresh_app: Any, fresh_people: People, begin: Draft, view: str) -> None:
    begin(fresh_people.stranger, send=True)
    page = soup(signed_in(fresh_app, fresh_people.colleague).get(f"/en/usulan?lihat={view}"))
    assert not page.select("tbody tr")


def test_the_list_narrows_by_state_and_says_when_nothing_fits(
    fresh_app: Any, fresh_people: People, begin: Draft
) -> None:
    begin(fresh_people.stranger, send=True)
    client = signed_in(fresh_app, fresh_people.stranger)
    assert len(soup(client.get("/en/usulan?keadaan=submitted")).select("tbody tr")) == 1
    assert "No proposal is in this state." in said(soup(client.get("/en/usulan?keadaan=rejected")).main)


def test_a_long_list_has_pages(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        by = db.session.get_one(Account, fresh_people.stranger.id)
        for _ in range(27):
            editorial.start(by, "new", SRAGEN)
        db.session.remove()
    client = signed_in(fresh_app, fresh_people.stranger)
    first, second = (soup(client.get(f"/en/usulan{query}")) for query in ("", "?hal=2"))
    assert [len(page.select("tbody tr")) for page in (first, second)] == [25, 2]
    assert first.select_one("[rel=next]")["href"] == "/en/usulan?hal=2"
    for number, right in (("1", ""), ("x", ""), ("99999", "?hal=2")):
        assert client.get(f"/en/usulan?hal={number}").headers["Location"] == f"/en/usulan{right}"


def test_an_empty_list_tells_where_to_begin(app: Any, people: People) -> None:
    assert "No proposals yet." in said(soup(signed_in(app, people.clerk).get("/en/usulan")).main)


def test_administrators_have_no_proposals(app: Any, people: People) -> None:
    assert signed_in(app, people.admin).get("/usulan").status_code == 403


# -- one proposal -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/pratinjau", "/tarik", "/bentrok"])
@pytest.mark.parametrize("name", ["clerk", "colleague", "coordinator", "distant"])
def test_the_proposals_of_others_are_not_there(
    fresh_app: Any, fresh_people: People, begin: Draft, name: str, path: str
) -> None:
    number = begin(fresh_people.stranger, send=True)
    answer = signed_in(fresh_app, getattr(fresh_people, name)).get(f"/usulan/{number}{path}")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/pesan", "/kirim", "/tarik", "/bentrok"])
def test_nobody_writes_in_the_proposals_of_others(
    fresh_app: Any, fresh_people: People, begin: Draft, path: str
) -> None:
    number = begin(fresh_people.stranger, send=True)
    answer = signed_in(fresh_app, fresh_people.colleague).post(
        f"/usulan/{number}{path}", data={"text": "x", "sah": "1"}
    )
    assert (answer.status_code, state_of(fresh_app, number)) == (404, "submitted")


def test_a_draft_is_its_authors_alone(fresh_app: Any, fresh_people: People, coordinator: Person, begin: Draft) -> None:
    number = begin(fresh_people.stranger)
    assert signed_in(fresh_app, fresh_people.stranger).get(f"/usulan/{number}").status_code == 200
    assert signed_in(fresh_app, coordinator).get(f"/usulan/{number}").status_code == 404
    assert signed_in(fresh_app, fresh_people.moderator).get(f"/usulan/{number}").status_code == 404


def test_a_number_that_is_none_is_not_there(app: Any, people: People) -> None:
    client = signed_in(app, people.clerk)
    assert [client.get(f"/usulan/{number}").status_code for number in ("999999", "99999999999999", "0")] == [404] * 3


def test_what_the_moderator_wrote_stands_at_its_field(fresh_app: Any, fresh_people: People, begin: Draft) -> None:
    number = begin(fresh_people.stranger, send=True)
    decided(fresh_app, fresh_people.moderator, number, "return", "Sebutkan bidangnya.")
    page = soup(signed_in(fresh_app, fresh_people.stranger).get(f"/en/usulan/{number}"))
    answer = said(page.select_one(".answer"))
    assert "Mohon dilengkapi." in answer
    assert "Sectors Sebutkan bidangnya. Return" in answer
    assert "Moderator, Sekretariat Tautan Daerah" in answer
    assert "Pegawai" not in said(page.main)


def test_a_published_proposal_still_shows_what_it_changed(fresh_app: Any, fresh_people: People, begin: Draft) -> None:
    number = begin(fresh_people.stranger, send=True)
    decided(fresh_app, fresh_people.moderator, number, "accept")
    page = soup(signed_in(fresh_app, fresh_people.stranger).get(f"/en/usulan/{number}"))
    assert "tourism" in said(page.select_one("#perubahan .new"))
    assert page.select_one("#jalan a")["href"] == f"/en/kerja-sama/{RECORD}/banding?dari=1&ke=2"
    assert "For the public: Bidang baru." in said(page.select_one("#jalan"))
    assert [said(head) for head in page.select("#jalan h3")] == ["Published", "Sent"]
    assert not page.select_one('a[href$="/tarik"]')


def test_author_and_moderator_talk(fresh_app: Any, fresh_people: People, begin: Draft) -> None:
    number = begin(fresh_people.stranger, send=True)
    moderator, author = signed_in(fresh_app, fresh_people.moderator), signed_in(fresh_app, fresh_people.stranger)
    answer = moderator.post(f"/usulan/{number}/pesan", data={"text": "Apakah ada\u202e naskahnya?\nTerima kasih."})
    assert answer.status_code == 303
    author.post(f"/usulan/{number}/pesan", data={"text": "Ada."})
    talk = soup(author.get(f"/en/usulan/{number}")).select(".talk li")
    assert ["own" in (one.get("class") or []) for one in talk] == [False, True]
    assert "Apakah ada naskahnya? Terima kasih." in said(talk[0])
    with fresh_app.app_context():
        assert [one.role for one in db.session.query(Message)] == ["moderator", "agency_clerk"]


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "x" * 2001])
def test_a_message_that_cannot_be_sent_is_kept(fresh_app: Any, fresh_people: People, begin: Draft, text: str) -> None:
    number = begin(fresh_people.stranger, send=True)
    answer = signed_in(fresh_app, fresh_people.stranger).post(f"/en/usulan/{number}/pesan", data={"text": text})
    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one(".errsum a")["href"] == "#text"
    assert page.select_one("#text").get_text().strip() == text.strip()


def test_nobody_supports_what_is_not_there_any_more(
    fresh_app: Any, fresh_people: People, coordinator: Person, begin: Draft
) -> None:
    number = begin(fresh_people.stranger, send=True)
    client = signed_in(fresh_app, coordinator)
    late = client.post(f"/en/usulan/{number}/dukung", data={"version": "1", "note": "Benar."})
    assert late.status_code == 409
    assert soup(late).select_one("#catatan-dukungan").get_text().strip() == "Benar."
    signed_in(fresh_app, fresh_people.stranger).post(f"/usulan/{number}/tarik")
    assert client.post(f"/usulan/{number}/dukung", data={"version": "3"}).status_code == 409
    assert state_of(fresh_app, number) == "withdrawn"


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "9" * 30])
def test_a_strange_version_supports_nothing(
    fresh_app: Any, fresh_people: People, coordinator: Person, begin: Draft, version: str
) -> None:
    number = begin(fresh_people.stranger, send=True)
    answer = signed_in(fresh_app, coordinator).post(f"/usulan/{number}/dukung", data={"version": version})
    assert (answer.status_code, state_of(fresh_app, number)) == (409, "submitted")


def test_nobody_supports_their_own(fresh_app: Any, coordinator: Person, begin: Draft) -> None:
    number = begin(coordinator, send=True)
    client = signed_in(fresh_app, coordinator)
    assert not soup(client.get(f"/usulan/{number}")).select_one("#dukung")
    assert not soup(client.get("/ruang-kerja")).select_one("#menunggu-dukungan")
    assert client.post(f"/usulan/{number}/dukung", data={"version": "2"}).status_code == 403
    assert state_of(fresh_app, number) == "submitted"


def test_taking_back_asks_first_and_can_be_pressed_twice(fresh_app: Any, fresh_people: People, begin: Draft) -> None:
    number = begin(fresh_people.stranger, send=True)
    client = signed_in(fresh_app, fresh_people.stranger)
    assert "cannot be sent again" in said(soup(client.get(f"/en/usulan/{number}/tarik")).main)
    assert state_of(fresh_app, number) == "submitted"
    answers = [client.post(f"/en/usulan/{number}/tarik") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert state_of(fresh_app, number) == "withdrawn"
    with fresh_app.app_context():
        moves = [one.move for one in db.session.query(Decision).order_by(Decision.id)]
    assert moves == ["submit", "withdraw"]
    assert client.get(f"/usulan/{number}/tarik").status_code == 303


@pytest.mark.parametrize("path", ["/ruang-kerja", "/usulan", "/usulan/1", "/usulan/1/pratinjau", "/usulan/tanggapan"])
def test_the_signed_out_are_sent_to_sign_in(client: CheckedClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/masuk")


def test_every_state_and_move_has_its_words() -> None:
    assert set(telling.MEANINGS) == set(desk.STATES)
    assert set(telling.DONE) == set(desk.MOVES)
