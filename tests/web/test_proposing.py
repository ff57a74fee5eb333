"""Can a clerk propose? Filled from the record, only changes kept, mistakes told beside the box, nothing typed lost."""

from __future__ import annotations

import io
from typing import Any

import pytest

from portal import evidence
from portal.editorial import decide, submit
from portal.editorial.deciding import Choice, Ruling, decidable
from portal.editorial.standing import newest, standing
from portal.extensions import db, today
from portal.models import Account, Evidence, Proposal
from tests.files import pdf
from tests.filling import controls, typed
from tests.pages import CheckedClient, soup
from tests.people import KLATEN, People, signed_in

RECORD = "KS-0005"
FORM = f"/usulan/baru?untuk={RECORD}"
PDF = pdf()


@pytest.fixture
def clerk(fresh_app: Any, fresh_people: People) -> CheckedClient:
    """A clerk of Sragen, where KS-0005 lies."""
    return signed_in(fresh_app, fresh_people.stranger)


class Desk:
    """The database of a test, looked into between the requests."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def last(self) -> Proposal:
        """The proposal begun last, as it stands now."""
        with self.app.app_context():
            found = db.session.query(Proposal).order_by(Proposal.id.desc()).first()
            assert found is not None
            db.session.expunge_all()
            return found

    def files(self, proposal_id: int) -> list[Evidence]:
        """The files of a proposal."""
        with self.app.app_context():
            found = evidence.of(db.session(), proposal_id)
            db.session.expunge_all()
            return found


@pytest.fixture
def desk(fresh_app: Any) -> Desk:
    """What the database of this test holds."""
    return Desk(fresh_app)


def send(client: CheckedClient, page: Any, address: str = "/usulan/baru", **values: Any) -> Any:
    return client.post(address, data=typed(page, aksi="pratinjau", **values), content_type="multipart/form-data")


def paths(proposal: Proposal) -> list[str]:
    return [".".join(edit.path) for edit in proposal.found]


def published(app: Any, number: int, people: People) -> Any:
    """The document that comes of a proposal when its author sends it and a moderator accepts everything."""
    with app.app_context():
        submit(db.session.get(Account, people.clerk.id), number)
    with app.app_context():
        proposal = db.session.get(Proposal, number)
        stands = standing(db.session(), proposal)
        choices = {edit.key: Choice("accept") for edit in decidable(stands)}
        moderator = db.session.get(Account, people.moderator.id)
        decide(
            moderator,
            number,
            Ruling(
                proposal.version, stands.number, choices, change_note="Kerja sama baru.", reason="Sudah dibicarakan."
            ),
        )
        return newest(db.session(), db.session.get(Proposal, number).subject)[1]


class TestChange:
    def test_only_what_changed_is_kept_with_its_base_and_evidence(self, desk: Desk, clerk: CheckedClient) -> None:
        answer = send(clerk, clerk.get(FORM), type="technical_cooperation", bukti__0__place="Berita acara 12/2026")
        assert answer.status_code == 303
        assert answer.location.endswith(f"/usulan/{desk.last().id}/pratinjau")
        proposal = desk.last()
        assert (proposal.kind, proposal.subject, proposal.base, proposal.state) == ("change", RECORD, 1, "draft")
        assert paths(proposal) == ["type", "sources", "claims"]
        source = proposal.found[1].new
        assert source["title"] == "Berita acara 12/2026"
        assert (source["kind"], source["grade"], source["publisher"]) == ("agency_statement", "D", "Dinas Uji Sragen")
        assert proposal.found[2].new["source"] == source["key"]

    def test_the_same_text_sent_back_proposes_nothing(self, desk: Desk, clerk: CheckedClient) -> None:
        answer = send(clerk, clerk.get(FORM), bukti__0__place="Berita acara")
        assert answer.status_code == 422
        assert "Nothing has changed yet" in answer.text or "Belum ada yang berubah" in answer.text
        assert soup(answer).select_one("#bukti-0-place")["value"] == "Berita acara"
        with desk.app.app_context():
            assert db.session.query(Proposal).count() == 0

    def test_without_evidence_the_form_comes_back_and_takes_the_focus(self, clerk: CheckedClient) -> None:
        answer = send(clerk, clerk.get(FORM), type="technical_cooperation")
        page = soup(answer)
        assert answer.status_code == 422
        assert page.select_one(".errsum")["autofocus"] == ""
        assert page.select_one(".errsum a")["href"] == "#berkas"
        assert page.select_one("#berkas")["aria-invalid"] == "true"
        assert "berkas-err" in page.select_one("#berkas")["aria-describedby"]

    def test_what_was_typed_wrong_comes_back_as_typed_now_and_later(self, desk: Desk, clerk: CheckedClient) -> None:
        wrong = {
            "term_start_date-bulan": "20",
            "term_start_date-tahun": "2017",
            "foreign_parties__0__country": "Atlantis",
        }
        answer = send(clerk, clerk.get(FORM), **wrong, bukti__0__place="Berita acara")
        again = clerk.get(f"/usulan/{desk.last().id}/ubah")
        for page in (soup(answer), soup(again)):
            assert page.find(id="term_start_date-bulan")["value"] == "20"
            assert page.find(id="foreign_parties-0-country")["value"] == "Atlantis"
        links = [link["href"] for link in soup(answer).select(".errsum a")]
        assert links == ["#term_start_date-bulan", "#foreign_parties-0-country"]
        assert soup(answer).find(id="term_start_date-tahun").get("aria-invalid") is None
        assert paths(desk.last()) == []

    def test_a_row_is_added_and_removed_without_script(self, desk: Desk, clerk: CheckedClient) -> None:
        page = clerk.get(FORM)
        assert soup(page).find(id="events-1-kind") is None
        more = clerk.post("/usulan/baru", data=typed(page, tambah="events", summary="Ringkasan baru"))
        assert more.status_code == 200
        assert soup(more).find(id="events-1-kind") is not None
        assert soup(more).find(id="summary").text.strip() == "Ringkasan baru"
        less = clerk.post("/usulan/baru", data=typed(more, hapus="events-0"))
        assert [name for name, _ in controls(less) if name.endswith("-kind") and name.startswith("events")] == [
            "events-0-kind"
        ]
        assert soup(less).find(id="events-0-asal") is None
        answer = send(clerk, less, bukti__0__place="Arsip", **{"events-0-kind": "visit", "events-0-text": "Kunjungan."})
        assert answer.status_code == 303
        assert [(edit.path, edit.new is None) for edit in desk.last().found if edit.top == "events"] == [
            (("events",), True),
            (("events",), False),
        ]

    def test_what_is_not_asked_stays_as_it_was(self, desk: Desk, clerk: CheckedClient) -> None:
        send(clerk, clerk.get(FORM), bukti__0__place="Arsip", **{"events-0-title": "Diperbarui di Den Haag"})
        changed = [edit for edit in desk.last().found if edit.top == "events"]
        assert {edit.path[1] for edit in changed} == {"title", "sources"}

    def test_a_date_takes_its_basis_along(self, desk: Desk, clerk: CheckedClient) -> None:
        send(clerk, clerk.get(FORM), bukti__0__place="Arsip", **{"term_start_date-tahun": "2011"})
        start_edit = next(edit for edit in desk.last().found if edit.path == ("term", "start"))
        assert start_edit.new == {"date": "2011", "basis": "stated", "sources": [f"u{desk.last().id}s101"]}

    def test_the_agency_says_what_the_state_is(self, desk: Desk, clerk: CheckedClient) -> None:
        send(clerk, clerk.get(FORM), said_validity="ended", said_reason="purpose_achieved", bukti__0__place="Surat 1")
        said = next(edit.new for edit in desk.last().found if edit.top == "declarations")
        assert {**said, "sources": []} == {
            "axis": "validity", "value": "ended", "reason": "purpose_achieved", "as_of": today().isoformat(),
            "by": "agency", "sources": [],
        }  # fmt: skip

    def test_hidden_characters_are_taken_out(self, desk: Desk, clerk: CheckedClient) -> None:
        send(clerk, clerk.get(FORM), summary="Air\u200b minum\u202e  bersih", bukti__0__place="Arsip")
        assert next(edit.new for edit in desk.last().found if edit.top == "summary")["id"] == "Air minum bersih"

    def test_enter_leads_to_the_preview(self, clerk: CheckedClient) -> None:
        form = soup(clerk.get(FORM)).find(id="usulan-form")
        first = form.find("button", type="submit")
        assert (first["name"], first["value"]) == ("aksi", "pratinjau")

    def test_a_link_is_checked_and_becomes_a_source(self, desk: Desk, clerk: CheckedClient) -> None:
        answer = send(clerk, clerk.get(FORM), type="other", bukti__0__place="https://localhost/a")
        assert [link["href"] for link in soup(answer).select(".errsum a")] == ["#bukti-0-place"]
        draft = f"/usulan/{desk.last().id}/ubah"
        send(clerk, answer, draft, bukti__0__place="https://sragenkab.go.id/a", bukti__0__title="Berita")
        source = next(edit.new for edit in desk.last().found if edit.top == "sources")
        assert (source["kind"], source["link"], source["title"]) == ("other_web", "https://sragenkab.go.id/a", "Berita")


class TestFiles:
    def test_a_file_is_kept_over_a_mistake_and_can_be_removed(self, desk: Desk, clerk: CheckedClient) -> None:
        answer = send(
            clerk, clerk.get(FORM), type="other", berkas=(io.BytesIO(PDF), "nota.pdf"), **{"term_end_date-bulan": "3"}
        )
        assert answer.status_code == 422
        assert "nota.pdf" in soup(answer).select_one(".files").text
        assert soup(answer).find(id="berkas").get("aria-invalid") is None
        kept = desk.files(desk.last().id)
        assert [one.source for one in kept] == [f"u{desk.last().id}s1"]
        mended = send(clerk, answer, f"/usulan/{desk.last().id}/ubah", **{"term_end_date-bulan": ""})
        assert mended.status_code == 303
        assert f"u{desk.last().id}s1" in {edit.new["key"] for edit in desk.last().found if edit.top == "sources"}
        page = clerk.get(f"/usulan/{desk.last().id}/ubah")
        clerk.post(f"/usulan/{desk.last().id}/ubah", data=typed(page, aksi="draf", hapus_bukti=str(kept[0].id)))
        assert desk.files(desk.last().id) == []
        assert paths(desk.last()) == []

    def test_a_file_that_is_too_large_loses_nothing(self, desk: Desk, clerk: CheckedClient) -> None:
        large = (io.BytesIO(b"%PDF-1.4\n" + b"0" * 13 * 1024 * 1024), "besar.pdf")
        answer = send(clerk, clerk.get(FORM), type="other", berkas=large)
        answer.request.environ["wsgi.input"].close()  # the test client leaves its own copy open
        assert answer.status_code == 422
        assert soup(answer).select_one(".errsum a")["href"] == "#berkas"
        assert soup(answer).find(id="type").find("option", selected=True)["value"] == "other"
        assert desk.files(desk.last().id) == []

    def test_a_file_that_is_none_is_refused_beside_its_box(self, clerk: CheckedClient) -> None:
        answer = send(clerk, clerk.get(FORM), type="other", berkas=(io.BytesIO(b"<html>judi"), "nota.pdf"))
        assert answer.status_code == 422
        assert soup(answer).select_one(".errsum a")["href"] == "#berkas"
        assert soup(answer).find(id="type").find("option", selected=True)["value"] == "other"

    def test_each_file_is_asked_what_it_contains_and_its_name_never_becomes_a_title(
        self, desk: Desk, clerk: CheckedClient
    ) -> None:
        send(clerk, clerk.get(FORM), type="other", berkas=(io.BytesIO(PDF), "scan001.pdf"))
        number = desk.last().id
        page = soup(clerk.get(f"/usulan/{number}/ubah"))
        box = page.find("input", {"name": f"judul-u{number}s1"})
        assert "scan001.pdf" in page.find("label", {"for": box.get("id")}).get_text()
        [title] = [edit.new["title"] for edit in desk.last().found if edit.top == "sources"]
        assert title.startswith("Berkas dari ")
        assert str(today().year) in title
        assert "scan001" not in str(desk.last().found)

    def test_what_a_file_contains_becomes_the_title_of_its_source(self, desk: Desk, clerk: CheckedClient) -> None:
        send(clerk, clerk.get(FORM), type="other", berkas=(io.BytesIO(PDF), "scan001.pdf"))
        number = desk.last().id
        draft = f"/usulan/{number}/ubah"
        box = f"judul-u{number}s1"
        assert send(clerk, clerk.get(draft), draft, **{box: "Berita acara kunjungan"}).status_code == 303
        assert [edit.new["title"] for edit in desk.last().found if edit.top == "sources"] == ["Berita acara kunjungan"]
        assert soup(clerk.get(draft)).find(id=box)["value"] == "Berita acara kunjungan"

    def test_a_title_that_is_too_long_is_told_beside_its_file(self, desk: Desk, clerk: CheckedClient) -> None:
        send(clerk, clerk.get(FORM), type="other", berkas=(io.BytesIO(PDF), "scan001.pdf"))
        number = desk.last().id
        draft = f"/usulan/{number}/ubah"
        answer = send(clerk, clerk.get(draft), draft, **{f"judul-u{number}s1": "nota " * 60})
        assert answer.status_code == 422
        page = soup(answer)
        assert [link["href"] for link in page.select(".errsum a")] == [f"#judul-u{number}s1"]
        assert page.find(id=f"judul-u{number}s1")["aria-invalid"] == "true"


class TestFolded:
    def test_a_new_form_folds_what_is_long_or_rare(self, clerk: CheckedClient) -> None:
        page = soup(clerk.get("/usulan/baru?jenis=baru"))
        for inside in ("sectors-education", "legal_form", "term_months", "foreign_parties-0-short"):
            fold = page.find(id=inside).find_parent("details", class_="item")
            assert not fold.has_attr("open") or inside.startswith("foreign_parties")
        rare = page.find(id="foreign_parties-0-short").find_parent("details", class_="item")
        assert not rare.has_attr("open")
        assert page.find(id="type").find_parent("details") is None

    def test_what_is_filled_or_wrong_is_open(self, clerk: CheckedClient) -> None:
        page = clerk.get("/usulan/baru?jenis=baru")
        answer = soup(send(clerk, page, sectors="education", term_months="x"))
        for inside, is_open in (("sectors-education", True), ("term_months", True), ("legal_form", False)):
            fold = answer.find(id=inside).find_parent("details", class_="item")
            assert fold.has_attr("open") is is_open

    def test_the_empty_choice_is_written_as_the_others(self, clerk: CheckedClient) -> None:
        choices = soup(clerk.get("/en" + FORM)).find(id="term_automatic_renewal").find_all("option")
        assert [one.get_text()[:1].isupper() for one in choices] == [True] * len(choices)


class TestSentAgain:
    def test_what_was_typed_is_told_with_labels_and_everything_is_sent_again(
        self, fresh_app: Any, clerk: CheckedClient
    ) -> None:
        data = typed(
            clerk.get("/en" + FORM), aksi="pratinjau", sectors=["education", "tourism"], term_months="24",
            catatan="Sudah dicek.",
        )  # fmt: skip
        clerk.environ_base["HTTP_X_CSRFTOKEN"] = "old"
        answer = clerk.post("/en/usulan/baru", data={**data, "csrf_token": "old"})
        assert answer.status_code == 400
        page = soup(answer)
        shown = {one.dt.get_text(): one.dd.get_text() for one in page.select("dl.facts > div")}
        assert set(shown) == {"Fields of the cooperation", "Length in months", "Note for the moderator"}
        assert shown["Length in months"] == "24"
        assert "Education" in shown["Fields of the cooperation"]
        kept = {box["name"] for box in page.select("textarea[hidden]")}
        assert {"untuk", "jenis", "sectors", "term_months", "type"} <= kept

    def test_of_other_forms_only_what_somebody_wrote_is_shown(self, fresh_app: Any, clerk: CheckedClient) -> None:
        clerk.environ_base["HTTP_X_CSRFTOKEN"] = "old"
        sent = {"version": "3", "verdict-e1": "accept", "note": "Mohon", "comment-e1": "Baik", "lain": "dua kata"}
        page = soup(clerk.post("/en/usulan/1/pesan", data=sent))
        shown = {one.dt.get_text(): one.dd.get_text() for one in page.select("dl.facts > div")}
        assert shown == {"Note": "Mohon", "Comment": "Baik", "What you wrote": "dua kata"}


class TestOtherKinds:
    def test_still_running_takes_one_press_from_the_form_to_the_preview(self, desk: Desk, clerk: CheckedClient) -> None:
        quick = soup(clerk.get(FORM)).select_one("form.quick")
        sent = {one["name"]: one["value"] for one in quick.find_all(["input", "button"]) if one.get("name")}
        answer = clerk.post(quick["action"], data=sent)
        assert answer.status_code == 303
        assert answer.location.endswith("/pratinjau")
        assert "hanya disebut dengan kata" not in clerk.get(answer.location).text, "evidence may be left out here"
        proposal = desk.last()
        assert proposal.kind == "still_running"
        said = next(edit.new for edit in proposal.found if edit.top == "declarations")
        assert (said["value"], said["by"], said["as_of"]) == ("in_force_claimed", "agency", today().isoformat())
        source = next(edit.new for edit in proposal.found if edit.top == "sources")
        assert source["title"] == "Pernyataan Dinas Uji Sragen"
        again = clerk.get(f"/usulan/{proposal.id}/ubah")
        assert soup(again).find(id="bukti-0-place")["value"] == ""

    def test_a_follow_up_asks_for_the_act_alone(self, desk: Desk, clerk: CheckedClient) -> None:
        page = clerk.get(f"{FORM}&jenis=lanjut")
        assert soup(page).find(id="summary") is None
        values = {
            "events-0-kind": "training", "events-0-date-tahun": "2024", "events-0-date-bulan": "5",
            "events-0-text": "Pelatihan 20 pegawai PDAM.",
        }  # fmt: skip
        assert send(clerk, page, bukti__0__place="Arsip", **values).status_code == 303
        event = next(edit.new for edit in desk.last().found if edit.top == "events")
        assert (event["class"], event["kind"], event["date"]) == ("follow_up", "training", "2024-05")
        assert event["title"] == {"id": "Pelatihan", "en": "Training"}

    def test_acts_on_record_are_not_reported_twice_when_the_kind_changes(
        self, desk: Desk, clerk: CheckedClient
    ) -> None:
        page = clerk.post("/usulan/baru", data=typed(clerk.get(FORM), tambah="events"))
        answer = send(clerk, page, jenis="lanjut", bukti__0__place="Arsip", **{"events-1-kind": "visit"})
        assert answer.status_code == 303
        assert [edit.new["kind"] for edit in desk.last().found if edit.top == "events"] == ["visit"]

    def test_what_happened_cannot_lie_ahead_but_a_plan_can(self, clerk: CheckedClient) -> None:
        page = clerk.post("/usulan/baru", data=typed(clerk.get(FORM), tambah="events"))
        ahead = {"events-1-kind": "visit", "events-1-date-tahun": str(today().year + 1)}
        answer = send(clerk, page, bukti__0__place="Arsip", **ahead)
        assert soup(answer).select_one(".errsum a")["href"] == "#events-1-date-hari"
        assert send(clerk, page, bukti__0__place="Arsip", **ahead, **{"events-1-class": "planned"}).status_code == 303

    def test_a_region_states_that_there_is_none(self, desk: Desk, fresh_app: Any, fresh_people: People) -> None:
        client = signed_in(fresh_app, fresh_people.clerk)
        page = client.get(f"/usulan/baru?daerah={KLATEN}&jenis=nihil")
        values = {"text": "Sampai 2026 belum ada kerja sama.", "scope_from-tahun": "2018", "bukti-0-place": "Surat 7"}
        assert send(client, page, **values).status_code == 303
        said = next(edit.new for edit in desk.last().found if edit.top == "statements")
        assert (said["kind"], said["scope_from"], said["source"]) == ("declared_none", "2018", f"u{desk.last().id}s101")

    def test_a_withdrawal_is_asked_for_with_a_reason(self, desk: Desk, clerk: CheckedClient) -> None:
        page = clerk.get(f"{FORM}&jenis=tarik")
        assert send(clerk, page, bukti__0__place="Surat 9").status_code == 422
        assert send(clerk, page, reason="Tercatat dua kali.", bukti__0__place="Surat 9").status_code == 303
        assert (desk.last().kind, desk.last().note, paths(desk.last())) == (
            "withdraw",
            "Tercatat dua kali.\nSurat 9",
            [],
        )

    def test_a_new_cooperation_is_published_as_it_was_proposed(
        self, desk: Desk, fresh_app: Any, fresh_people: People
    ) -> None:
        client = signed_in(fresh_app, fresh_people.clerk)
        page = client.get("/usulan/baru")
        assert soup(page).find(id="local_parties-0-name")["value"] == "Pemerintah Kabupaten Klaten"
        values = {
            "foreign_parties-0-name": "Pemerintah Kabupaten Nanjing", "foreign_parties-0-short": "Kabupaten Nanjing",
            "foreign_parties-0-country": "tiongkok", "foreign_parties-0-kind": "foreign_local_government",
            "type": "sister_city", "sectors": ["agriculture"], "bukti-0-place": "https://klatenkab.go.id/nanjing",
            "milestones-intent-state": "done", "milestones-intent-date-tahun": "2025",
        }  # fmt: skip
        assert send(client, page, **values).status_code == 303
        proposal = desk.last()
        document = published(fresh_app, proposal.id, fresh_people)
        assert document["title"]["id"] == "Kabupaten Klaten – Kabupaten Nanjing"
        assert document["legal_form"] == "unclassified"
        assert document["foreign_parties"][0]["country"] == "CN"

    def test_a_record_that_may_be_the_same_is_shown(self, clerk: CheckedClient) -> None:
        page = clerk.get("/usulan/baru")
        values = {"foreign_parties-0-name": "Kerajaan Belanda", "foreign_parties-0-country": "Belanda"}
        answer = send(clerk, page, **values)
        assert answer.status_code == 422
        assert any(RECORD in link["href"] for link in soup(answer).select("#mungkin a"))
        hint = clerk.post("/usulan/serupa", data=typed(page, **values), headers={"HX-Request": "true"})
        assert RECORD in hint.text
