"""Is a draft safe? Kept while it is typed, found again, open to its author alone, told when the sign-in has ended."""

from __future__ import annotations

import io
from typing import Any

import pytest

from portal import amending
from portal.accounts import sittings
from portal.editorial import start
from portal.extensions import db
from portal.models import Account, Proposal
from tests.filling import typed
from tests.pages import CheckedClient, soup
from tests.people import People, signed_in
from tests.web.test_proposing import FORM, PDF, RECORD, Desk, clerk, desk, paths, send

__all__ = ["clerk", "desk"]
HX = {"HX-Request": "true"}


def kept_version(answer: Any) -> str:
    """The version that a form knows after this answer."""
    return str(soup(answer).find(id="usulan-versi")["value"])


class TestDrafts:
    def test_typing_keeps_a_draft_and_the_form_goes_on_with_it(self, desk: Desk, clerk: CheckedClient) -> None:
        page = clerk.get(FORM)
        first = clerk.post("/usulan/simpan", data=typed(page, type="other"), headers=HX)
        number = desk.last().id
        assert first.headers["HX-Replace-Url"] == f"/usulan/{number}/ubah"
        assert soup(first).find(id="usulan-nomor")["value"] == str(number)
        assert soup(first).find(id="ringkas").select(".tag")
        values = {"usulan": str(number), "versi": kept_version(first), "term_start_date-bulan": "13"}
        second = clerk.post("/usulan/simpan", data=typed(page, type="other", **values), headers=HX)
        assert second.status_code == 200
        assert desk.last().id == number
        again = soup(clerk.get(f"/usulan/{number}/ubah"))
        assert again.find(id="type").find("option", selected=True)["value"] == "other"
        assert again.find(id="term_start_date-bulan")["value"] == "13"

    def test_what_is_kept_while_something_is_wrong_cannot_be_sent(self, desk: Desk, clerk: CheckedClient) -> None:
        send(clerk, clerk.get(FORM), type="other", bukti__0__place="Arsip")
        number = desk.last().id
        assert paths(desk.last()) != []
        page = clerk.get(f"/usulan/{number}/ubah")
        clerk.post(f"/usulan/{number}/simpan", data=typed(page, **{"term_end_date-bulan": "13"}), headers=HX)
        assert paths(desk.last()) == [], "the form knows the version it was opened with"

    def test_what_was_typed_before_never_overtakes_what_was_sent(self, desk: Desk, clerk: CheckedClient) -> None:
        """A slow network brings the form that kept itself after the one whose button was pressed."""
        page = clerk.get(FORM)
        first = clerk.post("/usulan/simpan", data=typed(page, type="other"), headers=HX)
        number = desk.last().id
        known = {"usulan": str(number), "versi": kept_version(first)}
        form = f"/usulan/{number}/ubah"
        send(clerk, clerk.get(form), form, type="other", bukti__0__place="Arsip")
        sent = desk.last()
        late = clerk.post("/usulan/simpan", data=typed(page, type="other", **known), headers=HX)
        assert late.status_code == 200
        assert (desk.last().typed, desk.last().edits, desk.last().version) == (sent.typed, sent.edits, sent.version)
        assert paths(desk.last()) != []
        again = soup(late).select_one("[hx-trigger^=load]")
        assert again["hx-post"] == f"/usulan/{number}/simpan"
        known["versi"] = kept_version(late)
        clerk.post(again["hx-post"], data=typed(page, type="memorandum", **known), headers=HX)
        assert desk.last().version == sent.version + 1

    def test_the_first_keeping_never_overtakes_the_button(self, desk: Desk, clerk: CheckedClient) -> None:
        page = clerk.get(FORM)
        send(clerk, page, type="other", bukti__0__place="Arsip")
        sent = desk.last()
        late = clerk.post("/usulan/simpan", data=typed(page, type="other"), headers=HX)
        assert (desk.last().id, desk.last().version, desk.last().edits) == (sent.id, sent.version, sent.edits)
        assert soup(late).find(id="usulan-nomor")["value"] == str(sent.id)

    def test_the_draft_button_keeps_it_without_script(self, desk: Desk, clerk: CheckedClient) -> None:
        answer = clerk.post("/usulan/baru", data=typed(clerk.get(FORM), aksi="draf", type="other"))
        assert answer.status_code == 303
        assert f"/usulan/{desk.last().id}/ubah" in answer.location
        assert clerk.get(f"{FORM}&jenis=ubah").location.endswith(f"/usulan/{desk.last().id}/ubah")

    def test_typing_after_the_sign_in_ended_is_told(self, fresh_app: Any, clerk: CheckedClient) -> None:
        page = clerk.get(FORM)
        visitor = fresh_app.test_client()
        answer = visitor.post("/usulan/simpan", data=typed(page, type="other"), headers=HX)
        assert answer.status_code in {400, 401}
        assert "HX-Redirect" not in answer.headers

    def test_a_form_sent_after_the_sign_in_ended_comes_back_whole(
        self, fresh_app: Any, fresh_people: People, desk: Desk, clerk: CheckedClient
    ) -> None:
        sent = typed(clerk.get(FORM), aksi="pratinjau", title="Judul yang lama diketik", bukti__0__place="Surat 9")
        with fresh_app.app_context():
            sittings.end_all(db.session(), fresh_people.stranger.id)
            db.session.commit()
        answer = clerk.post("/usulan/baru", data=sent)
        assert answer.status_code == 400
        kept = {one["name"]: one.text.removeprefix("\n") for one in soup(answer).select("main textarea")}
        assert (kept["title"], kept["untuk"]) == ("Judul yang lama diketik", RECORD)
        again = signed_in(fresh_app, fresh_people.stranger)
        assert again.post("/usulan/baru", data=kept).status_code == 303
        assert "title" in paths(desk.last())

    def test_a_draft_is_its_authors_alone(
        self, desk: Desk, fresh_app: Any, fresh_people: People, clerk: CheckedClient
    ) -> None:
        send(clerk, clerk.get(FORM), type="other", bukti__0__place="Arsip")
        number = desk.last().id
        for other in (fresh_people.clerk, fresh_people.moderator, fresh_people.coordinator):
            client = signed_in(fresh_app, other)
            assert client.get(f"/usulan/{number}/ubah").status_code == 404
            assert client.post(f"/usulan/{number}/ubah", data={"aksi": "draf"}).status_code == 404
            assert client.post(f"/usulan/{number}/simpan", data={}, headers=HX).status_code == 404
            assert client.post("/usulan/baru", data={"usulan": str(number)}).status_code == 404

    def test_another_region_is_refused(self, fresh_app: Any, fresh_people: People) -> None:
        client = signed_in(fresh_app, fresh_people.clerk)
        assert client.get(FORM).status_code == 403
        assert client.post("/usulan/baru", data={"untuk": RECORD, "jenis": "masih"}).status_code == 403
        assert client.get("/usulan/baru?daerah=33.14").status_code == 403
        assert client.get("/usulan/baru?untuk=KS-0999").status_code == 404
        assert client.get("/usulan/baru?untuk=%27;--").status_code == 404

    def test_a_draft_made_of_edits_fills_the_form(self, desk: Desk, fresh_people: People, clerk: CheckedClient) -> None:
        """As after a tip, or after a part was published and the rest returned: nothing typed is kept then."""
        send(clerk, clerk.get(FORM), type="other", said_activity="halted", bukti__0__place="Arsip 5")
        proposal = desk.last()
        with desk.app.app_context():
            db.session.get(Proposal, proposal.id).typed = "[]"
            db.session.commit()
        page = clerk.get(f"/usulan/{proposal.id}/ubah")
        assert soup(page).find(id="type").find("option", selected=True)["value"] == "other"
        assert soup(page).find(id="said_activity").find("option", selected=True)["value"] == "halted"
        assert soup(page).find(id="bukti-0-place")["value"] == "Arsip 5"
        before = amending.stored(desk.last().found)
        assert send(clerk, page, f"/usulan/{proposal.id}/ubah").status_code == 303
        assert amending.stored(desk.last().found) == before

    def test_a_moderator_says_first_for_which_region(self, fresh_app: Any, fresh_people: People) -> None:
        client = signed_in(fresh_app, fresh_people.moderator)
        assert soup(client.get("/usulan/baru")).select_one("select#daerah option[value='33.10']")
        assert soup(client.get("/usulan/baru?daerah=33.10")).find(id="foreign_parties-0-name")
        east = signed_in(fresh_app, fresh_people.distant)
        assert east.get("/usulan/baru?daerah=33.10").status_code == 403

    @pytest.mark.parametrize("typed", ["", "99.99", "Klaten", "33.10x", "٣٣"])
    def test_no_region_of_the_list_is_told_beside_the_box(
        self, fresh_app: Any, fresh_people: People, typed: str
    ) -> None:
        client = signed_in(fresh_app, fresh_people.moderator)
        answer = client.get("/usulan/baru", query_string={"daerah": typed, "jenis": "nihil"})
        assert answer.status_code == 422
        page = soup(answer)
        box = page.select_one("select#daerah[aria-invalid]")
        assert "Pilih daerah dari daftar." in page.find(id=box["aria-describedby"]).get_text()
        assert page.select_one(".errsum a[href='#daerah']")
        assert page.select_one("input[name=jenis]")["value"] == "nihil", "what was chosen before is kept"
        assert client.post("/usulan/baru", data={"daerah": typed}).status_code == 404

    def test_a_tip_that_became_a_proposal_opens_in_the_form(
        self, desk: Desk, fresh_app: Any, fresh_people: People
    ) -> None:
        with fresh_app.app_context():
            number = start(db.session.get(Account, fresh_people.moderator.id), "change", "33.14", RECORD).id
        client = signed_in(fresh_app, fresh_people.moderator)
        assert soup(client.get(f"/usulan/{number}/ubah")).find(id="title")["value"]

    def test_names_of_partners_are_offered(self, clerk: CheckedClient) -> None:
        answer = clerk.get("/usulan/saran?foreign_parties-0-name=bela", headers=HX)
        assert any("Belanda" in option["value"] for option in soup(answer).find_all("option"))

    def test_the_kind_can_be_chosen_anew_without_losing_the_draft(self, desk: Desk, clerk: CheckedClient) -> None:
        page = send(
            clerk, clerk.get(FORM), type="other", berkas=(io.BytesIO(PDF), "nota.pdf"), **{"said_since-hari": "1"}
        )
        first = desk.last()
        page = clerk.post(f"/usulan/{first.id}/ubah", data=typed(page, jenis="masih", aksi="ganti"))
        assert soup(page).find(id="type") is None
        assert send(clerk, page, f"/usulan/{first.id}/ubah").status_code == 303
        assert (desk.last().id, desk.last().kind) == (first.id, "still_running")
        assert len(desk.files(first.id)) == 1


class TestAnotherForm:
    """A draft that was written in another form is never written over by one that knows nothing of it."""

    @pytest.fixture
    def monday(self, desk: Desk, clerk: CheckedClient) -> tuple[Any, Proposal]:
        """A blank form that stayed open, and the draft that was written in another one since."""
        stale = clerk.get(FORM)
        send(clerk, clerk.get(FORM), type="other", catatan="Ditulis hari Senin.", bukti__0__place="Arsip")
        return stale, desk.last()

    def unchanged(self, desk: Desk, before: Proposal) -> bool:
        """True while there is one draft, as it was."""
        with desk.app.app_context():
            assert db.session.query(Proposal).count() == 1
        now = desk.last()
        return (now.id, now.version, now.typed, now.edits) == (before.id, before.version, before.typed, before.edits)

    def test_the_link_of_a_record_leads_to_the_draft(
        self, monday: tuple[Any, Proposal], desk: Desk, clerk: CheckedClient
    ) -> None:
        answer = clerk.get(FORM)
        assert (answer.status_code, answer.location) == (303, f"/usulan/{monday[1].id}/ubah")
        page = soup(clerk.get(answer.location))
        assert "Ditulis hari Senin." in page.find(id="catatan").text
        quick = page.select_one("form.quick")
        sent = {one["name"]: one["value"] for one in quick.find_all(["input", "button"]) if one.get("name")}
        assert clerk.post(quick["action"], data=sent).location.endswith("/pratinjau"), "one press from here, too"
        assert desk.last().kind == "still_running"
        assert clerk.get(f"/usulan/{monday[1].id}/ubah").status_code == 200

    @pytest.mark.parametrize("mark", [{}, {"formulir": None}, {"formulir": "0" * 32}], ids=["own", "none", "foreign"])
    def test_what_keeps_itself_is_told_of_the_draft_and_keeps_nothing(
        self, monday: tuple[Any, Proposal], desk: Desk, clerk: CheckedClient, mark: dict[str, Any]
    ) -> None:
        stale, draft = monday
        answer = clerk.post("/usulan/simpan", data=typed(stale, type="technical_cooperation", **mark), headers=HX)
        page = soup(answer)
        assert answer.status_code == 200
        assert "sudah punya draf" in answer.text or "have a draft of this already" in answer.text
        assert page.find("a")["href"] == f"/usulan/{draft.id}/ubah"
        assert not page.select("[hx-trigger], #usulan-nomor, #usulan-versi")
        assert "HX-Replace-Url" not in answer.headers
        assert self.unchanged(desk, draft)

    @pytest.mark.parametrize("act", ["draf", "pratinjau", "unggah"])
    def test_the_button_keeps_nothing_and_the_form_stays_as_typed(
        self, monday: tuple[Any, Proposal], desk: Desk, clerk: CheckedClient, act: str
    ) -> None:
        stale, draft = monday
        answer = clerk.post(
            "/usulan/baru", data=typed(stale, aksi=act, type="technical_cooperation", catatan="Hari Selasa.")
        )
        page = soup(answer)
        assert answer.status_code == 409
        assert page.select_one("#pesan #pesan-isi a")["href"] == f"/usulan/{draft.id}/ubah"
        assert "Hari Selasa." in page.find(id="catatan").text
        assert page.find(id="usulan-nomor")["value"] == ""
        assert self.unchanged(desk, draft)

    def test_the_form_that_made_the_draft_goes_on_without_its_number(self, desk: Desk, clerk: CheckedClient) -> None:
        """The answer to its first keeping was lost."""
        page = clerk.get(FORM)
        clerk.post("/usulan/simpan", data=typed(page, type="other"), headers=HX)
        draft = desk.last()
        again = clerk.post("/usulan/simpan", data=typed(page, type="other"), headers=HX)
        assert soup(again).select_one("[hx-trigger^=load]")
        assert again.headers["HX-Replace-Url"] == f"/usulan/{draft.id}/ubah"
        answer = send(clerk, page, type="technical_cooperation", bukti__0__place="Arsip")
        assert answer.location.endswith(f"/usulan/{draft.id}/pratinjau")
        assert dict(desk.last().fields)["type"] == "technical_cooperation"

    def test_still_running_pressed_twice_leads_to_the_draft(self, desk: Desk, clerk: CheckedClient) -> None:
        sent = {"untuk": RECORD, "jenis": "masih", "aksi": "pratinjau"}
        first = clerk.post("/usulan/baru", data=sent)
        draft = desk.last()
        assert clerk.post("/usulan/baru", data=sent).location == first.location
        assert self.unchanged(desk, draft)

    def test_every_answer_that_asks_again_is_told_where_the_bar_tells(self, desk: Desk, clerk: CheckedClient) -> None:
        page = clerk.get(FORM)
        where = [name for name in soup(page).find(id="simpan").attrs if name.startswith("hx-status")]
        clerk.post("/usulan/simpan", data=typed(page, type="other"), headers=HX)
        again = clerk.post("/usulan/simpan", data=typed(page, type="other"), headers=HX)
        assert where == ["hx-status:401", "hx-status:4xx", "hx-status:5xx"]
        told = soup(page).find(id="simpan")
        assert [soup(again).select_one("[hx-trigger^=load]")[name] for name in where] == [told[name] for name in where]


class TestNewSignIn:
    """A form of an earlier sign-in: its token is of no use any more."""

    def test_keeping_gives_the_token_of_now_once_and_keeps_nothing(self, desk: Desk, clerk: CheckedClient) -> None:
        sent = typed(clerk.get(FORM), type="other")
        del clerk.environ_base["HTTP_X_CSRFTOKEN"]
        answer = clerk.post("/usulan/simpan", data=sent | {"csrf_token": "lama"}, headers=HX)
        assert answer.status_code == 200
        new = soup(answer).find(id="usulan-tanda")["value"]
        again = soup(answer).select_one("[hx-trigger^=load]")
        assert (again["hx-post"], again["hx-vals"]) == ("/usulan/simpan", '{"lagi": "1"}')
        stale = sent | {"csrf_token": "lama", "lagi": "1"}
        refused = clerk.post("/usulan/simpan", data=stale, headers=HX)
        assert refused.status_code == 400, "it does not go round and round"
        assert not soup(refused).select("main textarea"), "the form that keeps itself is open still, and not offered"
        with desk.app.app_context():
            assert db.session.query(Proposal).count() == 0
        assert clerk.post("/usulan/simpan", data=sent | {"csrf_token": new, "lagi": "1"}, headers=HX).status_code == 200
        assert desk.last().kind == "change"

    def test_the_button_gives_the_token_of_now_too(self, clerk: CheckedClient) -> None:
        sent = typed(clerk.get(FORM), type="other", aksi="pratinjau", csrf_token="lama")
        del clerk.environ_base["HTTP_X_CSRFTOKEN"]
        page = soup(clerk.post("/usulan/baru", data=sent, headers=HX | {"HX-Request-Type": "full"}))
        assert page.select_one("input#usulan-tanda[hx-swap-oob]")["value"]
        assert "tekan sekali lagi" in page.find(id="pesan-isi").get_text() or "press once more" in page.get_text()

    def test_that_it_sent_itself_once_more_is_not_sent_again(self, clerk: CheckedClient) -> None:
        sent = typed(clerk.get(FORM), type="other", aksi="draf", csrf_token="lama", lagi="1")
        del clerk.environ_base["HTTP_X_CSRFTOKEN"]
        names = {one["name"] for one in soup(clerk.post("/usulan/baru", data=sent)).select("form textarea[hidden]")}
        assert "type" in names
        assert "lagi" not in names

    def test_a_file_is_asked_for_again_by_name(self, desk: Desk, clerk: CheckedClient) -> None:
        sent = typed(clerk.get(FORM), type="other", aksi="draf", csrf_token="lama")
        del clerk.environ_base["HTTP_X_CSRFTOKEN"]
        answer = clerk.post("/usulan/baru", data=sent | {"berkas": (io.BytesIO(PDF), "<b>surat.pdf")})
        page = soup(answer)
        assert "<b>surat.pdf" in page.select_one("label[for=berkas]").get_text()
        fields = {one["name"]: one.text.removeprefix("\n") for one in page.select("form textarea[hidden]")}
        token = page.select_one("form input[name=csrf_token]")["value"]
        again = fields | {"csrf_token": token, "berkas": (io.BytesIO(PDF), "surat.pdf")}
        assert clerk.post("/usulan/baru", data=again).status_code == 303
        kept = desk.last()
        assert dict(kept.fields)["type"] == "other"
        assert "berkas-nama" not in dict(kept.fields)

    def test_without_a_file_none_is_asked_for(self, clerk: CheckedClient) -> None:
        sent = typed(clerk.get(FORM), type="other", aksi="draf", csrf_token="lama")
        del clerk.environ_base["HTTP_X_CSRFTOKEN"]
        assert not soup(clerk.post("/usulan/baru", data=sent)).select("input[type=file]")


class TestOneFormOneDraft:
    def test_a_new_cooperation_sent_twice_at_once_is_one_draft(self, desk: Desk, clerk: CheckedClient) -> None:
        page = clerk.get("/usulan/baru")
        sent = typed(page, type="sister_city", usulan="")
        for _time in range(2):
            assert clerk.post("/usulan/simpan", data=sent, headers=HX).status_code == 200
        with desk.app.app_context():
            assert db.session.query(Proposal).count() == 1

    def test_two_forms_are_two_drafts(self, desk: Desk, clerk: CheckedClient) -> None:
        for _time in range(2):
            clerk.post("/usulan/simpan", data=typed(clerk.get("/usulan/baru"), type="sister_city"), headers=HX)
        with desk.app.app_context():
            assert db.session.query(Proposal).count() == 2

    def test_htmx_is_told_to_go_on_and_gets_the_form_back_with_its_mistakes(self, clerk: CheckedClient) -> None:
        page = clerk.get(FORM)
        whole = {**HX, "HX-Request-Type": "full"}  # what htmx says where it takes a part out of a page
        wrong = clerk.post("/usulan/baru", data=typed(page, type="other", aksi="pratinjau"), headers=whole)
        assert wrong.status_code == 422
        assert soup(wrong).select_one("#isi .errsum")
        right = typed(page, type="other", aksi="pratinjau", **{"bukti-0-place": "Berita acara"})
        gone_on = clerk.post("/usulan/baru", data=right, headers=whole)
        assert (gone_on.status_code, gone_on.text) == (200, "")
        assert gone_on.headers["HX-Redirect"].endswith("/pratinjau")


def test_before_a_signing_nothing_is_said_to_run(fresh_app: Any, fresh_people: People) -> None:
    """KS-0006 is a text being drafted, KS-0005 one that is said to run."""
    stranger = signed_in(fresh_app, fresh_people.stranger)
    offered = {box["value"] for box in soup(stranger.get("/usulan/baru?untuk=KS-0006")).select("[name=jenis]")}
    assert offered == {"ubah", "lanjut"}
    asked = soup(stranger.get("/usulan/baru?untuk=KS-0006&jenis=masih"))
    assert asked.select_one("[name=jenis][checked]")["value"] == "ubah"
    offered = {box["value"] for box in soup(stranger.get("/usulan/baru?untuk=KS-0005")).select("[name=jenis]")}
    assert "masih" in offered
