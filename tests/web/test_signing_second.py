"""Does the second factor hold: compulsory where it must be, each code good once, recovery codes good once?"""

from __future__ import annotations

import re
import time
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models import Account, Letter
from tests.pages import CheckedClient, soup
from tests.people import PASSWORD, People, Person, signed_in
from tests.web.test_signing import acts, letters, sign_in, token, told


def code_of(app: Any, who: Person, step: int = 0) -> str:
    """The code the telephone shows; ``step`` half minutes later."""
    with app.app_context():
        key = app.extensions["security"].totp_factory.get_totp_b32_key(who.totp)
    return str(pyotp.TOTP(key).at(int(time.time()) + 30 * step))


def without_factor(app: Any, who: Person) -> None:
    with app.app_context():
        account = db.session.get(Account, who.id)
        assert account is not None
        account.tf_primary_method = account.tf_totp_secret = None
        db.session.commit()


def give_code(client: CheckedClient, code: str) -> Any:
    return client.post("/masuk/kode", data={"csrf_token": token(client, "/masuk/kode"), "code": code})


def set_up(client: CheckedClient) -> tuple[str, Any]:
    """Set up an authenticator app as the pages say; returns its key and the answer to its first code."""
    page = soup(client.post("/akun/kode", data={"csrf_token": token(client, "/akun/kode"), "setup": "authenticator"}))
    key = "".join(page.select_one("code.key").get_text().split()).replace("-", "")  # type: ignore[union-attr]
    assert str(page.select_one("img.qr")["src"]).startswith("data:image/svg+xml;base64,")  # type: ignore[index]
    field = page.select_one("main [name=csrf_token]")
    assert field is not None
    form = {"csrf_token": str(field["value"]), "code": pyotp.TOTP(key).now()}
    return key, client.post("/masuk/kode", data=form)


def test_the_password_alone_opens_nothing_for_a_moderator(fresh_client: CheckedClient, fresh_people: People) -> None:
    first = sign_in(fresh_client, fresh_people.moderator.email, PASSWORD)
    assert first.location == "/masuk/kode"
    assert fresh_client.get("/akun").status_code == 303
    assert fresh_client.get("/masuk/kode").status_code == 200


def test_password_and_code_open_the_page_that_was_wanted(
    fresh_app: Any, fresh_client: CheckedClient, fresh_people: People
) -> None:
    who = fresh_people.moderator
    sign_in(fresh_client, who.email, PASSWORD, next="/akun")
    code = code_of(fresh_app, who)
    done = give_code(fresh_client, f"{code[:3]} {code[3:]}")
    assert done.status_code == 303
    assert done.location == "/akun"
    assert fresh_client.get("/akun").status_code == 200
    assert acts(fresh_app) == ["sign_in"]


def test_a_code_is_good_once(fresh_app: Any, fresh_people: People) -> None:
    who = fresh_people.moderator
    code = code_of(fresh_app, who)
    for client, status in ((fresh_app.test_client(), 303), (fresh_app.test_client(), 422)):
        sign_in(client, who.email, PASSWORD)
        assert give_code(client, code).status_code == status


def test_wrong_codes_make_wait(fresh_app: Any, fresh_client: CheckedClient, fresh_people: People) -> None:
    sign_in(fresh_client, fresh_people.moderator.email, PASSWORD)
    answers = [give_code(fresh_client, "000000").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_code_without_the_password_leads_back_to_the_beginning(client: CheckedClient) -> None:
    assert client.get("/masuk/kode").location == "/masuk"
    assert client.get("/masuk/kode-cadangan").location == "/masuk"
    assert client.get("/akun/kode").location == "/masuk"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_moderator_sets_it_up_before_anything_else(fresh_app: Any, fresh_people: People, prefix: str) -> None:
    who = fresh_people.moderator
    without_factor(fresh_app, who)
    client = fresh_app.test_client()
    assert sign_in(client, who.email, PASSWORD).location == "/akun/kode"
    assert client.get(f"{prefix}/akun/kode").status_code == 200
    assert client.get("/akun").status_code == 303
    _key, done = set_up(client)
    assert done.location == "/akun/kode-cadangan"
    assert client.get("/akun").status_code == 200
    assert [letter.recipient for letter in letters(fresh_app)] == [who.email]


def test_who_becomes_a_moderator_while_signed_in_sets_it_up_first(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.admin)
    without_factor(fresh_app, fresh_people.admin)
    assert client.get("/akun").location == "/akun/kode"


def test_a_clerk_may_set_it_up_and_switch_it_off(fresh_app: Any, fresh_people: People) -> None:
    client, other = signed_in(fresh_app, fresh_people.clerk), signed_in(fresh_app, fresh_people.clerk)
    later = fresh_app.test_client()
    later.environ_base["HTTP_USER_AGENT"] = "Firefox"
    with client.session_transaction() as session:
        before = session["sitting"]
    _key, done = set_up(client)
    assert done.location == "/akun"
    with client.session_transaction() as session:
        assert session["sitting"] != before, "a new id after the second factor"
    assert other.get("/akun").status_code == 303
    assert sign_in(later, fresh_people.clerk.email, PASSWORD).location == "/masuk/kode"
    off = client.post("/akun/kode", data={"csrf_token": token(client, "/akun/kode"), "setup": "disable"})
    assert off.status_code == 303
    assert sign_in(later, fresh_people.clerk.email, PASSWORD).location == "/akun/mulai"
    assert len(letters(fresh_app)) == 2


def test_a_moderator_cannot_switch_it_off(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.moderator)
    assert client.post("/akun/kode", data={"setup": "disable"}).status_code == 422
    assert "disable" not in client.get("/akun/kode").get_data(as_text=True)


def test_ten_recovery_codes_are_shown_once_and_kept_as_hashes(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.moderator)
    page = client.post("/akun/kode-cadangan", data={"generate_new_codes": "1"})
    codes = [code.get_text() for code in soup(page).select(".codes code")]
    assert len(set(codes)) == 10
    assert not set(codes) & {
        code.get_text() for code in soup(client.get("/akun/kode-cadangan?show_codes=1")).select("code")
    }
    with fresh_app.app_context():
        kept = db.session.get(Account, fresh_people.moderator.id).mf_recovery_codes  # type: ignore[union-attr]
    assert len(kept) == 10
    assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in kept)


def test_a_recovery_code_works_once_and_the_owner_hears_of_it(fresh_app: Any, fresh_people: People) -> None:
    who = fresh_people.moderator
    page = signed_in(fresh_app, who).post("/akun/kode-cadangan", data={"generate_new_codes": "1"})
    code = soup(page).select_one(".codes code").get_text()  # type: ignore[union-attr]
    answers = []
    for typed in (code.upper(), code):
        client = fresh_app.test_client()
        sign_in(client, who.email, PASSWORD)
        form = {"csrf_token": token(client, "/masuk/kode-cadangan"), "code": typed}
        answers.append(client.post("/masuk/kode-cadangan", data=form).status_code)
    assert answers == [303, 422]
    assert acts(fresh_app).count("recovery_code") == 1
    with fresh_app.app_context():
        assert len(db.session.get(Account, who.id).mf_recovery_codes) == 9  # type: ignore[union-attr]
        assert db.session.execute(select(Letter.recipient)).scalars().all()[:1] == [who.email]


def test_the_page_for_a_recovery_code_is_sound_in_both_languages(
    fresh_client: CheckedClient, fresh_people: People
) -> None:
    sign_in(fresh_client, fresh_people.moderator.email, PASSWORD)
    assert fresh_client.get("/masuk/kode-cadangan").status_code == 200
    assert "recovery code" in told(fresh_client.get("/en/masuk/kode-cadangan")).lower()
