"""From the invitation to the account: sent by administrators and coordinators, accepted by one person, once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models import Account, Invitation, Letter
from tests.pages import CheckedClient, soup
from tests.people import People, signed_in

EMAIL = "baru@uji.example"
PASSWORD = "kambing naik sepeda ungu"


def invitation(agency: int, **more: Any) -> dict[str, Any]:
    values = {"email": EMAIL, "name": "Pegawai Baru", "language": "id", "role": "agency_clerk", "agency": agency}
    return values | more


def link(app: Any, email: str = EMAIL) -> str:
    """The path in the newest letter to an address."""
    with app.app_context():
        body = db.session.execute(
            select(Letter.body).where(Letter.recipient == email).order_by(Letter.id.desc())
        ).first()
        db.session.remove()
    assert body is not None
    found = re.search(r"(/undangan/\S+)", body[0])
    assert found is not None
    return found.group(1)


def account(app: Any, email: str = EMAIL) -> Account | None:
    with app.app_context():
        found = db.session.execute(select(Account).where(Account.email == email)).scalar_one_or_none()
        db.session.expunge_all()
        return found


@pytest.fixture
def invited(fresh_app: Any, fresh_people: People) -> str:
    """The path of an open invitation for a clerk of Dinas Uji."""
    admin = signed_in(fresh_app, fresh_people.admin)
    answer = admin.post("/pengelola/undangan/baru", data=invitation(fresh_people.clerk.agency))
    assert answer.status_code == 303
    assert EMAIL in soup(admin.get(answer.location)).select_one(".flash").get_text()
    return link(fresh_app)


def test_an_invitation_is_accepted_and_the_account_signs_in(
    fresh_app: Any, fresh_client: CheckedClient, invited: str
) -> None:
    page = soup(fresh_client.get(invited))
    assert page.select_one("#email")["value"] == EMAIL
    assert page.select_one("#name")["value"] == "Pegawai Baru"
    assert "Dinas Uji" in page.get_text()
    data = {"name": "Pegawai Baru", "password": PASSWORD, "again": PASSWORD}
    answer = fresh_client.post(page.select_one("main form")["action"], data=data)
    assert answer.status_code == 200
    assert soup(answer).select_one('a[href="/masuk"]')
    made = account(fresh_app)
    assert made is not None
    assert (made.role, made.regions, made.active) == ("agency_clerk", "33.10", True)


def test_looking_at_an_invitation_sets_no_cookie_is_not_kept_and_tells_nobody(
    fresh_client: CheckedClient, invited: str
) -> None:
    for path in (invited, "/en" + invited, invited + "x"):
        answer = fresh_client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_link_that_is_used_unknown_or_revoked_shows_one_and_the_same_page(
    fresh_app: Any, fresh_people: People, fresh_client: CheckedClient, invited: str
) -> None:
    data = {"name": "Pegawai Baru", "password": PASSWORD, "again": PASSWORD}
    assert fresh_client.post(invited, data=data).status_code == 200
    admin = signed_in(fresh_app, fresh_people.admin)
    admin.post("/pengelola/undangan/baru", data=invitation(fresh_people.clerk.agency, email="lain@uji.example"))
    revoked = link(fresh_app, "lain@uji.example")
    with fresh_app.app_context():
        number = db.session.execute(select(Invitation.id).where(Invitation.email == "lain@uji.example")).scalar_one()
    assert admin.post(f"/pengelola/undangan/{number}/cabut").status_code == 303
    pages = set()
    for path in (invited, revoked, "/undangan/" + "x" * 43, "/undangan/x"):
        for answer in (fresh_client.get(path), fresh_client.post(path, data=data)):
            assert answer.status_code == 404
            pages.add(answer.get_data(as_text=True).replace(path, "…"))
    assert len(pages) == 1


def test_mistakes_are_told_and_the_name_is_kept(fresh_app: Any, fresh_client: CheckedClient, invited: str) -> None:
    for data, field in (
        ({"name": "Nama Lain", "password": "pendek", "again": "pendek"}, "#password"),
        ({"name": "Nama Lain", "password": PASSWORD, "again": PASSWORD + "x"}, "#again"),
        ({"name": "Nama Lain"}, "#password"),
    ):
        answer = fresh_client.post(invited, data=data)
        page = soup(answer)
        assert answer.status_code == 422
        assert [a["href"] for a in page.select(".errsum a")] == [field]
        assert page.select_one("#name")["value"] == "Nama Lain"
        assert not page.select_one("#password").get("value")
    assert fresh_client.post(invited, data={"password": PASSWORD, "again": PASSWORD}).status_code == 422
    assert account(fresh_app) is None


def test_what_the_form_says_besides_is_not_heard(fresh_app: Any, fresh_client: CheckedClient, invited: str) -> None:
    more = {"role": "administrator", "regions": "", "agency_id": "1", "email": "x@uji.example", "active": "1"}
    fresh_client.post(invited, data={"name": "Pegawai", "password": PASSWORD, "again": PASSWORD, **more})
    made = account(fresh_app)
    assert made is not None
    assert made.role == "agency_clerk"


def test_a_post_from_another_site_is_refused(fresh_app: Any, fresh_client: CheckedClient, invited: str) -> None:
    data = {"name": "Pegawai", "password": PASSWORD, "again": PASSWORD}
    answer = fresh_client.post(invited, data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code in {400, 403}
    assert account(fresh_app) is None


def test_the_letter_speaks_the_language_of_the_guest(fresh_app: Any, fresh_people: People) -> None:
    admin = signed_in(fresh_app, fresh_people.admin)
    admin.post("/pengelola/undangan/baru", data=invitation(fresh_people.clerk.agency, language="en"))
    with fresh_app.app_context():
        (letter,) = db.session.execute(select(Letter).where(Letter.recipient == EMAIL)).scalars()
        assert "/en/undangan/" in letter.body


def test_mistakes_of_the_sender_are_told_and_nothing_typed_is_lost(fresh_app: Any, fresh_people: People) -> None:
    admin = signed_in(fresh_app, fresh_people.admin)
    wrong = invitation(0, email="bukan surel", role="moderator", provinces=["33", "35"])
    answer = admin.post("/pengelola/undangan/baru", data=wrong)
    page = soup(answer)
    assert answer.status_code == 422
    assert {a["href"] for a in page.select(".errsum a")} == {"#email", "#agency"}
    assert page.select_one("#email")["value"] == "bukan surel"
    assert page.select_one("#role-moderator").has_attr("checked")
    assert [box["value"] for box in page.select("input[name=provinces][checked]")] == ["33", "35"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_coordinator_invites_clerks_of_the_own_region(fresh_app: Any, fresh_people: People, prefix: str) -> None:
    coordinator = signed_in(fresh_app, fresh_people.coordinator)
    page = soup(coordinator.get(f"{prefix}/ruang-kerja/undangan"))
    offered = {option["value"] for option in page.select("#agency option[value]:not([value=''])")}
    own = {fresh_people.clerk.agency, fresh_people.colleague.agency, fresh_people.coordinator.agency}
    assert offered == {str(number) for number in own}
    answer = coordinator.post(
        f"{prefix}/ruang-kerja/undangan", data=invitation(fresh_people.clerk.agency, role="moderator")
    )
    assert answer.status_code == 303
    assert len(soup(coordinator.get(answer.location)).select("tbody tr")) == 1
    with fresh_app.app_context():
        assert db.session.execute(select(Invitation.role)).scalar_one() == "agency_clerk"


def test_a_coordinator_reaches_nothing_of_another_region(fresh_app: Any, fresh_people: People) -> None:
    admin = signed_in(fresh_app, fresh_people.admin)
    admin.post("/pengelola/undangan/baru", data=invitation(fresh_people.stranger.agency))
    path = link(fresh_app)
    with fresh_app.app_context():
        number = db.session.execute(select(Invitation.id)).scalar_one()
    coordinator = signed_in(fresh_app, fresh_people.coordinator)
    assert coordinator.post("/ruang-kerja/undangan", data=invitation(fresh_people.stranger.agency)).status_code == 404
    for act in ("cabut", "ulang"):
        assert coordinator.post(f"/ruang-kerja/undangan/{number}/{act}").status_code == 404
    assert EMAIL not in coordinator.get("/ruang-kerja/undangan").get_data(as_text=True)
    assert fresh_app.test_client().get(path).status_code == 200


def test_a_coordinator_does_not_learn_who_has_an_account(fresh_app: Any, fresh_people: People) -> None:
    coordinator = signed_in(fresh_app, fresh_people.coordinator)
    told = set()
    for email in (fresh_people.stranger.email, EMAIL):
        answer = coordinator.post("/ruang-kerja/undangan", data=invitation(fresh_people.clerk.agency, email=email))
        page = coordinator.get(answer.location).get_data(as_text=True)
        shown = soup(coordinator.get("/ruang-kerja/undangan")).select_one("tbody tr .tag").get_text()
        told.add((answer.status_code, shown, email in page))
    assert len(told) == 1


def test_an_invitation_is_sent_again_with_a_new_link(fresh_app: Any, fresh_people: People, invited: str) -> None:
    admin = signed_in(fresh_app, fresh_people.admin)
    with fresh_app.app_context():
        number = db.session.execute(select(Invitation.id)).scalar_one()
    assert admin.post(f"/pengelola/undangan/{number}/ulang").status_code == 303
    again = link(fresh_app)
    assert again != invited
    visitor = fresh_app.test_client()
    assert visitor.get(invited).status_code == 404
    assert visitor.get(again).status_code == 200


def test_an_administrator_is_led_to_the_page_of_all_invitations(app: Any, people: People) -> None:
    assert signed_in(app, people.admin).get("/ruang-kerja/undangan").location == "/pengelola/undangan"
