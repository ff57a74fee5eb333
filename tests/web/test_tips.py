"""Do moderators see what came in, within their provinces, and can they do with it what was promised to the sender?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal import corrections, desk, permissions
from portal.corrections import Report
from portal.editorial import NotThere, Outdated
from portal.extensions import db
from portal.models import Account, Act, Letter, Proposal, Tip
from portal.permissions import Thing
from tests.pages import CheckedClient, soup
from tests.people import People, signed_in

TEXT = "Tahun penandatanganan seharusnya 2006."


def tip(app: Any, subject: str = "KS-0011", region: str = "33.72", **more: Any) -> int:
    """A report that came in; returns its number."""
    with app.app_context():
        values = {"text": TEXT, "kind": "correction", "contact": "warga@contoh.example", "page": "/kerja-sama/KS-0011"}
        made = corrections.send(
            Report(once=f"{subject}{region}{more}", subject=subject, region=region, **(values | more))
        )
        number = made.id
        db.session.remove()
    return number


def stored(app: Any, number: int) -> Tip:
    with app.app_context():
        found = db.session.get(Tip, number)
        assert found is not None
        db.session.remove()
    return found


@pytest.fixture
def moderator(fresh_app: Any, fresh_people: People) -> CheckedClient:
    return signed_in(fresh_app, fresh_people.moderator)


def test_the_list_shows_the_most_urgent_first(fresh_app: Any, moderator: CheckedClient) -> None:
    ordinary, personal = tip(fresh_app), tip(fresh_app, kind="personal_data", text="Ada nomor telepon pegawai di sini.")
    page = soup(moderator.get("/moderasi/kiriman"))
    assert [row["id"] for row in page.select("tbody tr")] == [f"kiriman-{personal}", f"kiriman-{ordinary}"]
    assert "warga@contoh.example" not in str(page)
    only = soup(moderator.get("/moderasi/kiriman?jenis=personal_data"))
    assert [row["id"] for row in only.select("tbody tr")] == [f"kiriman-{personal}"]
    assert soup(moderator.get("/moderasi/kiriman?keadaan=tertutup")).select("tbody tr") == []


def test_what_is_late_says_so(fresh_app: Any, moderator: CheckedClient) -> None:
    number = tip(fresh_app)
    with fresh_app.app_context():
        db.session.get(Tip, number).due = "2020-01-01"  # type: ignore[union-attr]
        db.session.commit()
    for path in ("/en/moderasi/kiriman", f"/en/moderasi/kiriman/{number}"):
        assert "days late" in soup(moderator.get(path)).main.get_text()


def test_only_moderators_of_the_province_see_it(fresh_app: Any, fresh_people: People) -> None:
    number, nowhere = tip(fresh_app), tip(fresh_app, subject="", region="")
    for name, code, listed in [
        ("moderator", 200, 2), ("second", 200, 1), ("distant", 404, 0), ("clerk", 403, None),
        ("coordinator", 403, None), ("admin", 403, None),
    ]:  # fmt: skip
        client = signed_in(fresh_app, getattr(fresh_people, name))
        assert client.get(f"/moderasi/kiriman/{number}").status_code == code, name
        for act in ("ambil", "jawab", "perpanjang", "usulan"):
            if code != 200:
                assert client.post(f"/moderasi/kiriman/{number}/{act}").status_code == code, (name, act)
        answer = client.get("/moderasi/kiriman")
        if listed is None:
            assert answer.status_code == 403
        else:
            assert len(soup(answer).select("tbody tr")) == listed
    assert signed_in(fresh_app, fresh_people.second).get(f"/moderasi/kiriman/{nowhere}").status_code == 404
    assert stored(fresh_app, number).state == "new"


def test_the_list_reaches_as_far_as_the_rights(fresh_app: Any, fresh_people: People) -> None:
    regions = ("33.72", "33", "35.78", "", "11.01")
    numbers = {tip(fresh_app, subject=region, region=region): region for region in regions}
    with fresh_app.app_context():
        for person in (fresh_people.moderator, fresh_people.second, fresh_people.distant):
            account = db.session.get(Account, person.id)
            assert account is not None
            allowed = {
                n for n, region in numbers.items() if permissions.can(account.actor, "handle_tips", Thing(region))
            }
            found, total = corrections.listed(account.actor)
            assert {one.id for one in found} == allowed
            assert total == corrections.waiting(account.actor) == len(allowed)


def test_taken_up_is_told_to_the_sender(fresh_app: Any, moderator: CheckedClient) -> None:
    number = tip(fresh_app)
    assert moderator.post(f"/moderasi/kiriman/{number}/ambil").status_code == 303
    assert stored(fresh_app, number).state == "in_progress"
    receipt = stored(fresh_app, number).receipt
    page = soup(fresh_app.test_client().get(f"/en/koreksi/{receipt}"))
    assert "Being looked into" in page.main.get_text()


def answered(client: CheckedClient, number: int, version: int = 1, **typed: str) -> Any:
    form = {"versi": str(version), "hasil": "accepted", "jawaban": "Terima kasih, sudah diperbaiki.", "aksi": "jawab"}
    return client.post(f"/moderasi/kiriman/{number}/jawab", data=form | typed)


@pytest.mark.parametrize("result", corrections.ANSWERS)
def test_an_answer_closes_the_case_mails_the_sender_and_forgets_the_address(
    fresh_app: Any, moderator: CheckedClient, result: str
) -> None:
    number = tip(fresh_app)
    assert answered(moderator, number, hasil=result).status_code == 303
    closed = stored(fresh_app, number)
    assert (closed.state, closed.answer, closed.contact) == (result, "Terima kasih, sudah diperbaiki.", "")
    assert closed.closed
    with fresh_app.app_context():
        letters = db.session.execute(select(Letter).where(Letter.once == f"tip-{number}-answered")).scalars().all()
        assert [closed.answer in letter.body for letter in letters] == [True]
        acts = db.session.execute(select(Act.what, Act.about, Act.detail)).all()
        assert ("tip_answer", f"tip {number}", result) in [tuple(act) for act in acts]
        assert not any("warga@" in act.detail for act in acts)
    page = soup(fresh_app.test_client().get(f"/koreksi/{closed.receipt}"))
    assert "Terima kasih, sudah diperbaiki." in page.main.get_text()
    assert moderator.get(f"/moderasi/kiriman/{number}").status_code == 200
    assert answered(moderator, number, 2).status_code == 409


def test_an_answer_needs_a_result_and_words_and_keeps_what_was_typed(fresh_app: Any, moderator: CheckedClient) -> None:
    number = tip(fresh_app)
    answer = answered(moderator, number, hasil="new", jawaban="")
    assert answer.status_code == 422
    assert [link["href"] for link in soup(answer).select(".errsum a")] == ["#hasil", "#jawaban"]
    answer = answered(moderator, number, hasil="", jawaban="Sudah saya tulis.")
    assert soup(answer).select_one("#jawaban").get_text().strip() == "Sudah saya tulis."
    assert stored(fresh_app, number).state == "new"


def test_of_two_moderators_one_answers_and_the_other_keeps_the_words(fresh_app: Any, moderator: CheckedClient) -> None:
    number = tip(fresh_app)
    moderator.post(f"/moderasi/kiriman/{number}/ambil")
    answer = answered(moderator, number, 1, jawaban="Jawaban kedua.")
    assert answer.status_code == 409
    page = soup(answer)
    assert page.select_one("#jawaban").get_text().strip() == "Jawaban kedua."
    assert page.select_one("#jawab input[name=versi]")["value"] == "2"
    assert stored(fresh_app, number).state == "in_progress"


def test_a_ready_made_text_is_inserted_without_script(fresh_app: Any, moderator: CheckedClient) -> None:
    number = tip(fresh_app, language="en")
    answer = answered(moderator, number, jawaban="Hello.", aksi="sisipkan", teks="same")
    lines = soup(answer).select_one("#jawaban").get_text().strip().splitlines()
    assert lines == ["Hello.", "This is on record already. Thank you for looking closely."]
    assert stored(fresh_app, number).state == "new"


def test_more_time_is_taken_once_with_a_reason(fresh_app: Any, moderator: CheckedClient) -> None:
    number = tip(fresh_app)
    due = date.fromisoformat(stored(fresh_app, number).due)
    path = f"/moderasi/kiriman/{number}/perpanjang"
    assert moderator.post(path, data={"versi": "1", "alasan": " "}).status_code == 422
    assert moderator.post(path, data={"versi": "1", "alasan": "Menunggu arsip."}).status_code == 303
    extended = stored(fresh_app, number)
    assert date.fromisoformat(extended.due) == corrections.working_day(due, 7)
    assert (extended.state, extended.extended) == ("in_progress", "Menunggu arsip.")
    assert moderator.post(path, data={"versi": "2", "alasan": "Lagi."}).status_code == 409
    page = soup(fresh_app.test_client().get(f"/koreksi/{extended.receipt}"))
    assert "Menunggu arsip." in page.main.get_text()


def test_personal_data_never_wait_longer(fresh_app: Any, moderator: CheckedClient) -> None:
    number = tip(fresh_app, kind="personal_data")
    assert (
        moderator.post(f"/moderasi/kiriman/{number}/perpanjang", data={"versi": "1", "alasan": "x"}).status_code == 409
    )
    assert soup(moderator.get(f"/moderasi/kiriman/{number}")).select_one('form[action$="perpanjang"]') is None


def test_several_are_done_at_once_or_none(fresh_app: Any, moderator: CheckedClient) -> None:
    first, second, third = (tip(fresh_app, text=f"Laporan yang ke-{n} ini.") for n in range(3))
    form: dict[str, Any] = {"kiriman": [str(first), str(second)], "aksi": "ambil"}
    assert moderator.post("/moderasi/kiriman", data=form).status_code == 303
    assert [stored(fresh_app, n).state for n in (first, second, third)] == ["in_progress", "in_progress", "new"]
    form = {
        "kiriman": [str(first), str(third)], "aksi": "jawab", "hasil": "unusable",
        "jawaban": "Bukan tentang kerja sama.", f"versi-{first}": "1", f"versi-{third}": "1",
    }  # fmt: skip
    assert moderator.post("/moderasi/kiriman", data=form).status_code == 409
    assert stored(fresh_app, third).state == "new"
    assert moderator.post("/moderasi/kiriman", data={**form, f"versi-{first}": "2"}).status_code == 303
    assert [stored(fresh_app, n).state for n in (first, second, third)] == ["unusable", "in_progress", "unusable"]
    with fresh_app.app_context():
        letters = db.session.execute(select(Letter.once).where(Letter.once.like("tip-%-answered"))).scalars().all()
    assert sorted(letters) == sorted(f"tip-{n}-answered" for n in (first, third))


def test_with_nothing_ticked_or_written_nothing_is_done(fresh_app: Any, moderator: CheckedClient) -> None:
    number = tip(fresh_app)
    assert moderator.post("/moderasi/kiriman", data={"aksi": "ambil"}).status_code == 422
    form = {"kiriman": str(number), f"versi-{number}": "1", "aksi": "jawab", "hasil": "unusable", "jawaban": ""}
    answer = moderator.post("/moderasi/kiriman", data=form)
    assert answer.status_code == 422
    assert soup(answer).select_one(f"#pilih-{number}[checked]")
    assert moderator.post("/moderasi/kiriman", data={"kiriman": "999999", "aksi": "ambil"}).status_code == 404
    assert stored(fresh_app, number).state == "new"


@pytest.mark.parametrize(
    ("subject", "region", "kind"), [("KS-0011", "33.72", "change"), ("33.10", "33.10", "new")], ids=["record", "region"]
)
def test_a_report_becomes_a_proposal_that_another_decides(
    fresh_app: Any, fresh_people: People, moderator: CheckedClient, subject: str, region: str, kind: str
) -> None:
    number = tip(fresh_app, subject, region)
    answer = moderator.post(f"/moderasi/kiriman/{number}/usulan")
    assert answer.status_code == 303
    with fresh_app.app_context():
        (made,) = db.session.execute(select(Proposal).where(Proposal.tip_id == number)).scalars()
        assert (made.kind, made.region, made.author_id) == (kind, region, fresh_people.moderator.id)
        assert made.subject == (subject if kind == "change" else "")
        assert answer.location == f"/usulan/{made.id}/ubah"
        receipt = made.receipt
    assert receipt in soup(moderator.get(f"/moderasi/kiriman/{number}")).main.get_text()
    assert stored(fresh_app, number).state == "in_progress"


def test_a_report_about_the_site_cannot_become_a_proposal(fresh_app: Any, moderator: CheckedClient) -> None:
    number = tip(fresh_app, subject="", region="")
    assert moderator.post(f"/moderasi/kiriman/{number}/usulan").status_code == 404


def test_what_was_written_is_shown_as_text(fresh_app: Any, moderator: CheckedClient) -> None:
    number = tip(fresh_app, text="<script>alert(1)</script> baris satu\nbaris dua", page="/metode")
    for path in ("/moderasi/kiriman", f"/moderasi/kiriman/{number}"):
        page = soup(moderator.get(path))
        assert "<script>alert(1)</script> baris satu" in page.main.get_text()


# -- the rules behind it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "day", "due"),
    [
        ("correction", "2026-11-20", "2026-12-04"),  # Friday
        ("correction", "2026-11-21", "2026-12-04"),  # Saturday
        ("correction", "2026-11-23", "2026-12-07"),
        ("personal_data", "2026-11-20", "2026-11-23"),
        ("objection", "2026-11-23", "2026-12-07"),
    ],
)
def test_the_promised_day(kind: str, day: str, due: str) -> None:
    assert corrections.due_day(kind, date.fromisoformat(day)).isoformat() == due


def test_every_state_and_kind_has_its_place() -> None:
    assert {*corrections.OPEN, *corrections.ANSWERS} == set(desk.TIP_STATES)
    assert corrections.ANSWERS == ("accepted", "partly_accepted", "refused", "unusable")


def test_nobody_answers_what_is_out_of_reach_or_closed(fresh_app: Any, fresh_people: People) -> None:
    number = tip(fresh_app)
    with fresh_app.app_context():
        distant, near = (db.session.get(Account, one.id) for one in (fresh_people.distant, fresh_people.second))
        assert distant is not None
        assert near is not None
        for act in (
            lambda: corrections.answer(distant, {number: 1}, "accepted", "Ya."),
            lambda: corrections.extend(distant, number, 1, "Ya."),
            lambda: corrections.propose(distant, number),
            lambda: corrections.take_up(distant, [number]),
        ):
            with pytest.raises(NotThere):
                act()
        corrections.answer(near, {number: 1}, "refused", "Tidak sesuai naskah.")
        for act in (
            lambda: corrections.answer(near, {number: 2}, "accepted", "Ya."),
            lambda: corrections.extend(near, number, 2, "Ya."),
            lambda: corrections.propose(near, number),
        ):
            with pytest.raises(Outdated):
                act()
