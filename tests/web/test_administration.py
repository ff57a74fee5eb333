"""Can administrators look after people and offices – and does every page of theirs hold, in both languages?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import sittings
from portal.extensions import db
from portal.models import Account, Act, Agency
from portal.translating import catalogue
from tests.pages import CheckedClient, soup
from tests.people import PASSWORD, People, Person, signed_in


@pytest.fixture
def admin(fresh_app: Any, fresh_people: People) -> CheckedClient:
    """An administrator who gave the password just now."""
    return signed_in(fresh_app, fresh_people.admin)


def account(app: Any, person: Person) -> Account:
    with app.app_context():
        found = db.session.get(Account, person.id)
        assert found is not None
        _ = found.agency
        db.session.expunge_all()
        return found


def form(person: Person, **more: Any) -> dict[str, Any]:
    """The form of a person as it is filled in when it is opened."""
    values = {"name": "Pegawai", "language": "id", "role": person.role, "agency": person.agency, "provinces": []}
    return values | more


PLACES = (
    "/pengelola", "/pengelola/orang", "/pengelola/instansi", "/pengelola/undangan", "/pengelola/undangan/baru",
    "/pengelola/masuk", "/pengelola/catatan",
)  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("place", PLACES)
def test_every_page_opens_in_both_languages(app: Any, people: People, prefix: str, place: str) -> None:
    answer = signed_in(app, people.admin).get(prefix + place)
    page = soup(answer)
    assert answer.status_code == 200
    assert page.html["lang"] == (prefix.strip("/") or "id")
    assert "no-store" in answer.headers["Cache-Control"]
    assert page.select_one("meta[name=robots]")["content"] == "noindex"


def test_the_pages_of_one_person_and_office_open(app: Any, people: People) -> None:
    client = signed_in(app, people.admin)
    for path in ("", "/ubah", "/nonaktif"):
        assert client.get(f"/pengelola/orang/{people.clerk.id}{path}").status_code == 200
    assert client.get(f"/pengelola/instansi/{people.clerk.agency}").status_code == 200
    for path in ("orang/99999", "orang/99999/ubah", "instansi/99999"):
        assert client.get(f"/pengelola/{path}").status_code == 404


def test_people_are_found_by_name_mail_office_role_and_state(app: Any, people: People) -> None:
    client = signed_in(app, people.admin)

    def found(query: str) -> list[str]:
        page = soup(client.get(f"/pengelola/orang?{query}", follow_redirects=True))
        return [cell.get_text() for cell in page.select("tbody th a")]

    assert found("q=klerk") == []
    assert found("q=STRANGER@uji") == ["Pegawai Stranger"]
    assert found("q=uji+sragen") == ["Pegawai Stranger"]
    assert found("peran=coordinator") == ["Pegawai Coordinator"]
    assert found("keadaan=nonaktif") == []
    assert len(found("")) == 8
    assert len(found("peran=apa&keadaan=apa&hal=99")) == 8
    assert found("q=%25") == []


def test_a_role_is_changed_and_takes_hold_at_once(fresh_app: Any, fresh_people: People, admin: CheckedClient) -> None:
    clerk = signed_in(fresh_app, fresh_people.clerk)
    assert clerk.get("/ruang-kerja").status_code == 200
    path = f"/pengelola/orang/{fresh_people.clerk.id}/ubah"
    answer = admin.post(path, data=form(fresh_people.clerk, role="coordinator"))
    assert answer.status_code == 303
    page = soup(admin.get(answer.location))
    assert page.select_one(".flash[role=status]")
    assert "agency_clerk > coordinator" in page.get_text()
    assert account(fresh_app, fresh_people.clerk).role == "coordinator"
    assert clerk.get("/ruang-kerja").status_code == 303  # to sign in again


def test_what_is_wrong_is_told_beside_the_field_and_nothing_typed_is_lost(
    fresh_app: Any, fresh_people: People, admin: CheckedClient
) -> None:
    path = f"/pengelola/orang/{fresh_people.clerk.id}/ubah"
    wrong = form(fresh_people.clerk, name="", agency=fresh_people.admin.agency, language="en")
    answer = admin.post(path, data=wrong)
    page = soup(answer)
    assert answer.status_code == 422
    assert [link["href"] for link in page.select(".errsum a")] == ["#name"]
    assert page.select_one("#language option[selected]")["value"] == "en"
    answer = admin.post(path, data={**wrong, "name": "Nama"})
    assert [link["href"] for link in soup(answer).select(".errsum a")] == ["#agency"]
    assert soup(answer).select_one("#agency option[selected]")["value"] == str(fresh_people.admin.agency)
    assert account(fresh_app, fresh_people.clerk).name == "Pegawai Clerk"


def test_the_reach_of_a_moderator_is_shown_and_set(fresh_app: Any, fresh_people: People, admin: CheckedClient) -> None:
    path = f"/pengelola/orang/{fresh_people.second.id}/ubah"
    page = soup(admin.get(path))
    assert [box["value"] for box in page.select("input[name=provinces][checked]")] == ["33"]
    admin.post(path, data=form(fresh_people.second, provinces=["33", "34"]))
    assert account(fresh_app, fresh_people.second).regions == "33 34"


def test_a_role_is_changed_only_with_the_password_given_lately(fresh_app: Any, fresh_people: People) -> None:
    stale = signed_in(fresh_app, fresh_people.admin, fresh=False)
    clerk = f"/pengelola/orang/{fresh_people.clerk.id}"
    for path in (f"{clerk}/ubah", f"{clerk}/nonaktif", "/pengelola/undangan/baru"):
        answer = stale.get(path)
        assert answer.status_code == 303
        assert "next=" in answer.location
    for path in (f"{clerk}/ubah", f"{clerk}/nonaktif", f"{clerk}/aktif", "/pengelola/undangan/baru"):
        answer = stale.post(path, data=form(fresh_people.clerk, role="administrator"))
        assert answer.status_code == 303
        assert "next=" in answer.location
    assert account(fresh_app, fresh_people.clerk).role == "agency_clerk"
    assert account(fresh_app, fresh_people.clerk).active


def test_nobody_changes_themselves(fresh_app: Any, fresh_people: People, admin: CheckedClient) -> None:
    own = f"/pengelola/orang/{fresh_people.admin.id}"
    assert not soup(admin.get(own)).select(f'a[href="{own}/ubah"]')
    for path in ("ubah", "nonaktif"):
        assert admin.get(f"{own}/{path}").status_code == 403
        assert admin.post(f"{own}/{path}", data=form(fresh_people.admin, role="moderator")).status_code == 403
    assert admin.post(f"{own}/aktif").status_code == 403
    assert account(fresh_app, fresh_people.admin).role == "administrator"


def test_an_account_is_disabled_after_a_question_and_enabled_again(
    fresh_app: Any, fresh_people: People, admin: CheckedClient
) -> None:
    clerk = signed_in(fresh_app, fresh_people.clerk)
    path = f"/pengelola/orang/{fresh_people.clerk.id}"
    assert admin.get(f"{path}/nonaktif").status_code == 200
    assert account(fresh_app, fresh_people.clerk).active
    assert admin.post(f"{path}/nonaktif").status_code == 303
    assert clerk.get("/ruang-kerja").status_code == 303
    assert not account(fresh_app, fresh_people.clerk).active
    assert admin.post(f"{path}/aktif").status_code == 303
    assert account(fresh_app, fresh_people.clerk).active


def test_signing_out_everywhere_ends_every_sign_in_of_one_person(
    fresh_app: Any, fresh_people: People, admin: CheckedClient
) -> None:
    two = [signed_in(fresh_app, fresh_people.clerk), signed_in(fresh_app, fresh_people.clerk)]
    other = signed_in(fresh_app, fresh_people.colleague)
    assert admin.post(f"/pengelola/orang/{fresh_people.clerk.id}/keluarkan").status_code == 303
    assert [client.get("/ruang-kerja").status_code for client in two] == [303, 303]
    assert other.get("/ruang-kerja").status_code == 200
    with fresh_app.app_context():
        assert sittings.open_sittings(db.session(), fresh_people.clerk.id) == []


def test_an_office_is_added_renamed_closed_and_opened(
    fresh_app: Any, fresh_people: People, admin: CheckedClient
) -> None:
    answer = admin.post("/pengelola/instansi", data={"name": "Dinas <b>Baru</b>", "region": "33.14"})
    assert answer.status_code == 303
    assert "Dinas <b>Baru</b>" in soup(admin.get(answer.location)).get_text()
    with fresh_app.app_context():
        number = db.session.execute(select(Agency.id).where(Agency.name == "Dinas <b>Baru</b>")).scalar_one()
    path = f"/pengelola/instansi/{number}"
    assert admin.post(path, data={"name": "Dinas Baru"}).status_code == 303
    assert soup(admin.get(path)).h1.get_text() == "Dinas Baru"
    assert admin.post(f"{path}/tutup").status_code == 303
    assert soup(admin.get(path)).select_one("h1 ~ p .tag.is-stop")
    assert admin.post(f"{path}/buka").status_code == 303
    assert admin.post("/pengelola/instansi", data={"name": "dinas baru", "region": "33.14"}).status_code == 422
    assert admin.post(path, data={"name": " "}).status_code == 422
    assert admin.post(f"/pengelola/instansi/{fresh_people.admin.agency}/tutup").status_code == 422


def test_the_logs_show_what_was_done_and_by_whom(fresh_app: Any, fresh_people: People, admin: CheckedClient) -> None:
    admin.post(f"/pengelola/orang/{fresh_people.clerk.id}/nonaktif")
    page = soup(admin.get("/pengelola/catatan?apa=disable"))
    (row,) = page.select("tbody tr")
    assert "Pegawai Admin" in row.get_text()
    assert row.select_one(f'a[href="/pengelola/orang/{fresh_people.clerk.id}"]')
    assert page.select_one('a[href="/pengelola/catatan.csv?apa=disable"]')
    page = soup(admin.get(f"/pengelola/masuk?orang={fresh_people.admin.id}&masih=1"))
    assert "Pegawai Admin" in page.h1.get_text()
    assert len(page.select("tbody tr")) == 1


def test_the_log_is_narrowed_to_days_of_western_indonesia(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        for at in ("2026-01-01T16:59:59Z", "2026-01-01T17:00:00Z", "2026-01-02T16:59:59Z", "2026-01-02T17:00:00Z"):
            db.session.add(Act(at=at, by=None, role="", what="uji", about="", detail=at, address=""))
        db.session.commit()
    client = signed_in(fresh_app, fresh_people.admin)
    text = client.get("/pengelola/catatan.csv?apa=uji&dari=2026-01-02&sampai=2026-01-02").get_data(as_text=True)
    assert [line.split(",")[1] for line in text.split("\r\n")[1:-1]] == ["2026-01-01T17:00:00Z", "2026-01-02T16:59:59Z"]
    for query in ("dari=besok", "dari=0000-00-00&sampai=9999-99-99", "hal=-1", "hal=" + "9" * 40, "q=%00%27"):
        assert client.get(f"/pengelola/catatan?{query}", follow_redirects=True).status_code == 200


def test_the_log_to_take_away_runs_no_formula_and_misses_no_line(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        for number in range(1203):
            db.session.add(
                Act(
                    at="2026-01-01T00:00:00Z",
                    by=None,
                    role="",
                    what="uji",
                    about=str(number),
                    detail="=1+1",
                    address="",
                )
            )
        db.session.commit()
    answer = signed_in(fresh_app, fresh_people.admin).get("/pengelola/catatan.csv?apa=uji")
    lines = answer.get_data(as_text=True).split("\r\n")[1:-1]
    assert [line.split(",")[5] for line in lines] == [str(number) for number in range(1203)]
    assert all(line.split(",")[6] == "'=1+1" for line in lines)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("what", "detail", "shown"),
    [
        ("example_account", "agency_clerk", "Agency clerk"),
        ("invite", "moderator; Biro; Umum; 33", "Moderator; Biro; Umum; Central Java"),
        ("invite", "agency_clerk; Dinas Uji; -", "Agency clerk; Dinas Uji"),
        ("change_role", "role: agency_clerk > moderator; regions: 33.10 > -", "Role: Agency clerk → Moderator; Works"),
        ("change_account", "name, language", "Name, Language"),
        ("tip_answer", "accepted", "Accepted"),
        ("rename_agency", "Dinas > Biro", "Dinas > Biro"),
        ("change_role", "sesuatu yang lain", "sesuatu yang lain"),
        ("code_failed", "", "Wrong code"),
    ],
)
def test_the_log_of_acts_speaks_in_words(
    fresh_app: Any, fresh_people: People, what: str, detail: str, shown: str
) -> None:
    with fresh_app.app_context():
        db.session.add(
            Act(at="2026-01-01T00:00:00Z", by=None, role="", what=what, about="tip 7", detail=detail, address="")
        )
        db.session.commit()
    page = soup(signed_in(fresh_app, fresh_people.admin).get(f"/en/pengelola/catatan?apa={what}"))
    (row,) = page.select("tbody tr")
    assert shown in " ".join(row.get_text(" ").split())
    assert "Report 7" in row.get_text()
    assert "_" not in row.get_text()


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_button_that_the_password_came_before_is_found_again_and_told_about(
    fresh_app: Any, fresh_people: People, language: str
) -> None:
    prefix = "" if language == "id" else f"/{language}"
    told = catalogue(language).gettext("What you pressed before is not done yet. Please press it once more.")
    path, offices = f"{prefix}/pengelola/instansi/{fresh_people.clerk.agency}", db.select(Agency.active)
    fresh = signed_in(fresh_app, fresh_people.admin)
    assert fresh.post(f"{path}/tutup").status_code == 303
    stale = signed_in(fresh_app, fresh_people.admin, fresh=False)
    asked = stale.post(f"{path}/buka")
    assert asked.location == f"{prefix}/masuk/lagi?next={path}"
    page = stale.get(asked.location)
    assert told not in page.text
    onward = soup(page).select_one("input[name=next]")["value"]
    assert stale.post(asked.location, data={"next": onward, "password": PASSWORD}).location == path
    page = stale.get(path)
    assert told in soup(page).select_one("main .note.is-stop").get_text()
    assert soup(page).select_one(f'form[action="{path}/buka"] button') is not None
    assert told not in stale.get(path).text
    with fresh_app.app_context():
        assert db.session.scalar(offices.where(Agency.id == fresh_people.clerk.agency)) is False
        db.session.remove()
    assert stale.post(f"{path}/buka").location == path


def test_every_act_that_asks_for_the_password_leads_back_to_a_page(fresh_app: Any, fresh_people: People) -> None:
    stale, who = signed_in(fresh_app, fresh_people.admin, fresh=False), f"/pengelola/orang/{fresh_people.clerk.id}"
    office = f"/pengelola/instansi/{fresh_people.clerk.agency}"
    back = {
        f"{who}/aktif": who, f"{who}/nonaktif": f"{who}/nonaktif", f"{who}/ubah": f"{who}/ubah",
        f"{office}/tutup": office, "/pengelola/undangan/baru": "/pengelola/undangan/baru",
    }  # fmt: skip
    for path, page in back.items():
        assert stale.post(path).location == f"/masuk/lagi?next={page}", path
    assert stale.get("/pengelola/undangan/baru?instansi=1").location.endswith("baru?instansi%3D1")


def test_nothing_is_told_where_only_a_page_was_asked_for(fresh_app: Any, fresh_people: People) -> None:
    stale, path = signed_in(fresh_app, fresh_people.admin, fresh=False), "/pengelola/undangan/baru"
    stale.post(f"/pengelola/instansi/{fresh_people.clerk.agency}/tutup")
    stale.get(path)
    stale.post("/masuk/lagi", data={"next": path, "password": PASSWORD})
    assert soup(stale.get(path)).select("main .note.is-stop") == []
