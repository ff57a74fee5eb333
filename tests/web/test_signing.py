"""Does signing in work, and tell nobody what is none of their business?"""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models import Account, Act, Letter, SignIn
from tests.conftest import application
from tests.pages import CheckedClient, soup
from tests.people import PASSWORD, People, signed_in

NEW = "empat ekor bebek di kali"
PAGES = ["/masuk", "/masuk/lupa"]


def token(client: CheckedClient, path: str) -> str:
    """The CSRF token that stands in a form of a page."""
    field = soup(client.get(path)).select_one("main [name=csrf_token]")
    assert field is not None
    return str(field["value"])


def sign_in(client: CheckedClient, email: str, password: str, **more: str) -> Any:
    data = {"csrf_token": token(client, "/masuk"), "email": email, "password": password, **more}
    return client.post("/masuk", data=data)


def told(response: Any) -> str:
    """What the main part of a page says, in one line."""
    main = soup(response).select_one("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def letters(app: Any) -> list[Letter]:
    with app.app_context():
        found = list(db.session.execute(select(Letter).order_by(Letter.id)).scalars())
        db.session.expunge_all()
    return found


def acts(app: Any) -> list[str]:
    with app.app_context():
        return list(db.session.execute(select(Act.what).order_by(Act.id)).scalars())


@pytest.mark.parametrize("path", [prefix + path for path in PAGES for prefix in ("", "/en")])
def test_a_page_to_sign_in_wears_our_design_in_both_languages(client: CheckedClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert soup(response).html["lang"] == ("en" if path.startswith("/en") else "id")  # type: ignore[index]
    assert soup(response).select_one("meta[name=robots][content=noindex]")


@pytest.mark.parametrize("path", ["/", "/daerah", "/kerja-sama", "/en", "/metode", "/nirgendwo"])
def test_a_visitor_gets_no_cookie_and_shared_caches_may_keep_the_page(client: CheckedClient, path: str) -> None:
    response = client.get(path)
    assert "Set-Cookie" not in response.headers
    assert response.status_code == 404 or response.headers["Cache-Control"].startswith("public")
    assert "csrf_token" not in response.get_data(as_text=True)
    assert soup(response).select_one(".util a[href$='/masuk']")


def test_a_clerk_signs_in_with_mail_address_and_password(fresh_client: CheckedClient, fresh_people: People) -> None:
    response = sign_in(fresh_client, fresh_people.clerk.email.upper(), PASSWORD)
    assert response.status_code == 303
    assert response.location == "/akun/mulai"
    page = fresh_client.get("/akun")
    assert page.status_code == 200
    assert "Dinas Uji" in told(page)
    assert fresh_client.get("/daerah").headers["Cache-Control"] == "private, no-store"


def test_who_came_for_a_page_is_led_back_to_it(fresh_client: CheckedClient, fresh_people: People) -> None:
    sent = fresh_client.get("/akun")
    assert sent.status_code == 303
    assert sent.location == "/masuk?next=/akun"
    assert 'value="/akun"' in fresh_client.get(sent.location).get_data(as_text=True)
    assert sign_in(fresh_client, fresh_people.clerk.email, PASSWORD, next="/akun").location == "/akun"


def test_nobody_is_led_out_of_the_site(fresh_client: CheckedClient, fresh_people: People) -> None:
    response = sign_in(fresh_client, fresh_people.clerk.email, PASSWORD, next="//evil.example/")
    assert response.location == "/akun/mulai"


def test_an_unknown_account_and_a_wrong_password_are_answered_alike(
    fresh_app: Any, fresh_client: CheckedClient, fresh_people: People
) -> None:
    wrong = sign_in(fresh_client, fresh_people.clerk.email, "kata yang salah")
    unknown = sign_in(fresh_app.test_client(), "siapa@uji.example", "kata yang salah")
    assert wrong.status_code == unknown.status_code == 422
    assert told(wrong) == told(unknown)
    assert soup(wrong).select_one("#email")["value"] == fresh_people.clerk.email  # type: ignore[index]
    assert acts(fresh_app) == ["sign_in_failed", "sign_in_failed"]


def test_an_unknown_account_takes_about_as_long_as_a_wrong_password(
    fresh_app: Any, fresh_client: CheckedClient, fresh_people: People
) -> None:
    def took(email: str) -> float:
        data = {"csrf_token": token(fresh_client, "/masuk"), "email": email, "password": "kata yang salah"}
        began = time.perf_counter()
        fresh_client.post("/masuk", data=data)
        return time.perf_counter() - began

    took("apa@uji.example")  # the first one warms up
    wrong = min(took(person.email) for person in (fresh_people.clerk, fresh_people.colleague, fresh_people.stranger))
    unknown = min(took(f"siapa{n}@uji.example") for n in range(3))
    assert 0.4 < wrong / unknown < 2.5


def test_a_disabled_account_is_answered_like_an_unknown_one(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        db.session.get(Account, fresh_people.clerk.id).active = False  # type: ignore[union-attr]
        db.session.commit()
    disabled = sign_in(fresh_app.test_client(), fresh_people.clerk.email, PASSWORD)
    unknown = sign_in(fresh_app.test_client(), "siapa@uji.example", PASSWORD)
    assert disabled.status_code == 422
    assert told(disabled) == told(unknown)


def test_after_five_failures_the_wait_is_told_and_what_was_typed_stays(
    fresh_app: Any, fresh_people: People, fresh_database_url: str, tmp_path: Any
) -> None:
    client = fresh_app.test_client()
    for _ in range(5):
        assert sign_in(client, fresh_people.clerk.email, "kata yang salah").status_code == 422
    held = sign_in(client, fresh_people.clerk.email, PASSWORD)
    assert held.status_code == 429
    assert int(held.headers["Retry-After"]) > 0
    assert re.search(r"[12] (detik|second)", told(held))
    assert soup(held).select_one("#email")["value"] == fresh_people.clerk.email  # type: ignore[index]
    with application(fresh_database_url, tmp_path / "two", SECRET_KEY=fresh_app.config["SECRET_KEY"]) as again:
        for _ in range(8):
            sign_in(again.test_client(), fresh_people.clerk.email, "kata yang salah")
            time.sleep(0)
        assert sign_in(again.test_client(), fresh_people.clerk.email, PASSWORD).status_code == 429


def test_failures_on_one_account_hold_nobody_else_back(fresh_app: Any, fresh_people: People) -> None:
    for _ in range(6):
        sign_in(fresh_app.test_client(), fresh_people.clerk.email, "kata yang salah")
    assert sign_in(fresh_app.test_client(), fresh_people.colleague.email, PASSWORD).status_code == 303


def test_the_cookie_and_the_token_change_at_sign_in(fresh_client: CheckedClient, fresh_people: People) -> None:
    before = token(fresh_client, "/masuk")
    with fresh_client.session_transaction() as session:
        session["left_over"] = "planted"
        raw = session["csrf_token"]
    fresh_client.post("/masuk", data={"csrf_token": before, "email": fresh_people.clerk.email, "password": PASSWORD})
    fresh_client.get("/akun")
    with fresh_client.session_transaction() as session:
        assert session["csrf_token"] != raw
        assert "left_over" not in session
        assert len(session["sitting"]) >= 43
    assert fresh_client.post("/akun/bahasa", data={"csrf_token": before, "bahasa": "en"}).status_code == 400


def test_only_a_hash_of_the_session_is_kept(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.clerk)
    with client.session_transaction() as session:
        secret = session["sitting"]
    with fresh_app.app_context():
        assert secret not in list(db.session.execute(select(SignIn.token_hash)).scalars())


def test_signing_out_ends_the_session_on_the_server(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.clerk)
    name = fresh_app.config["SESSION_COOKIE_NAME"]
    kept = client.get_cookie(name).value  # type: ignore[union-attr]
    assert client.get("/keluar").status_code == 405
    gone = client.post("/keluar")
    assert gone.status_code == 303
    assert "cookies" in gone.headers["Clear-Site-Data"]
    client.set_cookie(name, kept)
    assert client.get("/akun").status_code == 303, "the old cookie is good for nothing"
    assert acts(fresh_app) == ["sign_out"]


def test_signing_out_needs_the_token_of_the_page(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.clerk)
    del client.environ_base["HTTP_X_CSRFTOKEN"]
    assert client.post("/keluar").status_code == 400
    assert client.get("/akun").status_code == 200


def test_another_site_can_make_nobody_do_anything(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.clerk)
    refused = client.post("/akun/bahasa", data={"bahasa": "en"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403


def test_the_owner_sees_and_ends_other_sessions(fresh_app: Any, fresh_people: People) -> None:
    here, there = (signed_in(fresh_app, fresh_people.clerk) for _ in range(2))
    other = signed_in(fresh_app, fresh_people.colleague)
    page = soup(here.get("/akun"))
    ends = [str(form["action"]) for form in page.select("form[action*='/sesi/']")]
    assert len(ends) == 2, "one other session, and all others at once"
    assert other.post(ends[0]).status_code == 303
    assert there.get("/akun").status_code == 200, "nobody ends the sessions of others"
    assert here.post(ends[0]).status_code == 303
    assert there.get("/akun").status_code == 303
    assert here.get("/akun").status_code == 200


def test_sign_out_everywhere_leaves_this_one(fresh_app: Any, fresh_people: People) -> None:
    here, there, third = (signed_in(fresh_app, fresh_people.clerk) for _ in range(3))
    here.post("/akun/sesi/akhiri")
    assert [client.get("/akun").status_code for client in (here, there, third)] == [200, 303, 303]


def test_a_link_for_a_new_password_works_once_and_leaves_the_second_factor(
    fresh_app: Any, fresh_client: CheckedClient, fresh_people: People
) -> None:
    who = fresh_people.moderator
    elsewhere = signed_in(fresh_app, who)
    asked = fresh_client.post(
        "/masuk/lupa", data={"csrf_token": token(fresh_client, "/masuk/lupa"), "email": who.email}
    )
    (letter,) = letters(fresh_app)
    assert letter.recipient == who.email
    link = re.search(r"/masuk/lupa/\S+", letter.body)
    assert link
    assert link.group().rstrip("/") not in asked.get_data(as_text=True)
    page = {"csrf_token": token(fresh_client, link.group())}
    short = fresh_client.post(link.group(), data={**page, "password": "pendek", "password_confirm": "pendek"})
    assert short.status_code == 422
    assert fresh_client.post(link.group(), data={**page, "password": NEW, "password_confirm": NEW}).status_code == 303
    assert elsewhere.get("/akun").status_code == 303, "all sessions ended"
    again = fresh_client.post(link.group(), data={**page, "password": PASSWORD, "password_confirm": PASSWORD})
    assert again.location == "/masuk/lupa", "the link was used"
    assert sign_in(fresh_client, who.email, PASSWORD).status_code == 422
    assert sign_in(fresh_client, who.email, NEW).location == "/masuk/kode", "the second factor still stands"
    assert len(letters(fresh_app)) == 2, "the owner hears that the password was changed"


def test_asking_for_a_password_answers_the_same_for_nobody(
    fresh_app: Any, fresh_client: CheckedClient, fresh_people: People
) -> None:
    form = {"csrf_token": token(fresh_client, "/masuk/lupa")}
    known = fresh_client.post("/masuk/lupa", data={**form, "email": fresh_people.clerk.email})
    unknown = fresh_client.post("/masuk/lupa", data={**form, "email": "siapa@uji.example"})
    assert known.status_code == unknown.status_code == 200
    assert told(known) == told(unknown).replace("siapa@uji.example", fresh_people.clerk.email)
    assert [letter.recipient for letter in letters(fresh_app)] == [fresh_people.clerk.email, "siapa@uji.example"]
    assert "/masuk/lupa/" not in letters(fresh_app)[1].body


def test_a_link_for_a_new_password_lasts_half_an_hour(fresh_app: Any) -> None:
    assert fresh_app.config["SECURITY_RESET_PASSWORD_WITHIN"].total_seconds() == 30 * 60


def test_passwords_are_asked_for_only_so_often(fresh_client: CheckedClient, fresh_people: People) -> None:
    form = {"csrf_token": token(fresh_client, "/masuk/lupa"), "email": fresh_people.clerk.email}
    answers = [fresh_client.post("/masuk/lupa", data=form).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_the_owner_changes_the_password_and_other_sessions_end(fresh_app: Any, fresh_people: People) -> None:
    here, there = (signed_in(fresh_app, fresh_people.clerk) for _ in range(2))
    wrong = here.post("/akun/kata-sandi", data={"password": "x", "new_password": NEW, "new_password_confirm": NEW})
    assert wrong.status_code == 422
    done = here.post("/akun/kata-sandi", data={"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW})
    assert done.location == "/akun"
    assert here.get("/akun").status_code == 200
    assert there.get("/akun").status_code == 303
    assert len(letters(fresh_app)) == 1
    assert sign_in(fresh_app.test_client(), fresh_people.clerk.email, NEW).status_code == 303


@pytest.mark.parametrize("bad", ["dinasklaten2026", "clerk@uji.example", "pendek"])
def test_a_password_that_is_tried_first_is_refused(fresh_app: Any, fresh_people: People, bad: str) -> None:
    client = signed_in(fresh_app, fresh_people.clerk)
    data = {"password": PASSWORD, "new_password": bad, "new_password_confirm": bad}
    assert client.post("/akun/kata-sandi", data=data).status_code == 422


def test_passwords_are_kept_as_argon2id(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        assert db.session.get(Account, fresh_people.clerk.id).password.startswith("$argon2id$")  # type: ignore[union-attr]


def test_a_browser_never_seen_before_is_told_to_the_owner(fresh_app: Any, fresh_people: People) -> None:
    mine = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}
    for headers in (mine, mine, {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140.0"}):
        client = fresh_app.test_client()
        client.environ_base["HTTP_USER_AGENT"] = headers["User-Agent"]
        assert sign_in(client, fresh_people.clerk.email, PASSWORD).status_code == 303
    (letter,) = letters(fresh_app)
    assert "Chrome, Android" in letter.body


def test_the_password_is_asked_again_before_what_matters(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.clerk, fresh=False)
    sent = client.get("/akun/kode")
    assert sent.status_code == 303
    assert sent.location == "/masuk/lagi?next=/akun/kode"
    assert client.post("/masuk/lagi", data={"password": "salah", "next": "/akun/kode"}).status_code == 422
    assert client.post("/masuk/lagi", data={"password": PASSWORD, "next": "/akun"}).location == "/akun"
    assert client.get("/akun/kode").status_code == 200


@pytest.mark.parametrize("path", ["/akun", "/akun/kata-sandi", "/akun/kode", "/masuk/lagi", "/akun/kode-cadangan"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_pages_of_the_account_are_sound(app: Any, people: People, prefix: str, path: str) -> None:
    response = signed_in(app, people.moderator).get(prefix + path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_form_that_outlived_its_session_is_kept_to_be_sent_again(fresh_app: Any, fresh_people: People) -> None:
    client = fresh_app.test_client()
    lost = client.post("/usulan/baru", data={"jenis": "new", "judul": "Kabar dari Nanjing", "password": "x"})
    assert lost.status_code == 400
    page = soup(lost)
    kept = {str(area["name"]): area.get_text().strip() for area in page.select("textarea")}
    assert kept["judul"] == "Kabar dari Nanjing"
    assert "password" not in kept
    assert page.select_one("a[href='/masuk']")


def test_who_is_signed_in_is_told_of_the_sign_in_before(fresh_app: Any, fresh_people: People) -> None:
    first = signed_in(fresh_app, fresh_people.clerk)
    for page in ("/en/akun", "/en/ruang-kerja"):
        assert "Sign-in before this one" not in soup(first.get(page)).main.get_text()
    again = signed_in(fresh_app, fresh_people.clerk)
    for page in ("/en/akun", "/en/ruang-kerja"):
        assert "Sign-in before this one" in soup(again.get(page)).main.get_text()
