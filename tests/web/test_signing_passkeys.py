"""Is a passkey of one's own, and nothing else, good as the second factor?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal import throttling
from portal.accounts import directory
from portal.extensions import db
from portal.models import Account, Passkey
from tests.authenticator import Authenticator
from tests.pages import CheckedClient, soup
from tests.people import PASSWORD, People, Person, signed_in
from tests.web.test_signing import acts, letters, sign_in, token, told
from tests.web.test_signing_second import without_factor

NAME = "Laptop kantor"
HOLLOW = '{"id":"YQ","rawId":"YQ","type":"public-key","response":%s}'
BROKEN = ["", "x", "null", "[]", "{}", '{"id":1}', HOLLOW % "{}", "[" * 5000, "x" * 30_000,
          HOLLOW % '{"clientDataJSON":"YQ","attestationObject":"YQ"}',
          HOLLOW % '{"clientDataJSON":"e30","authenticatorData":"YQ","signature":"YQ"}']  # fmt: skip


def asked(page: Any) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Where a page wants the answer of the browser sent, the options it gives, and the fields of its form."""
    form = soup(page).select_one("form[data-passkey]")
    assert form is not None, told(page)
    fields = {str(one["name"]): str(one["value"]) for one in form.select("input")}
    return str(form["action"]), json.loads(str(form["data-options"])), fields


def send(client: CheckedClient, path: str, **data: str) -> Any:
    """A form of somebody who is signed in, with the token of the present page."""
    return client.post(path, data={"csrf_token": token(client, "/akun/kunci"), **data})


def register(client: CheckedClient, device: Authenticator, name: str = NAME) -> Any:
    place, options, fields = asked(send(client, "/akun/kunci", name=name))
    return client.post(place, data={**fields, "credential": device.create(options)})


def kept(app: Any, who: Person, name: str = NAME) -> Authenticator:
    """A device with a passkey of an account."""
    device = Authenticator()
    assert register(signed_in(app, who), device, name).location == "/akun/kunci"
    return device


def at_the_passkey(app: Any, who: Person) -> tuple[CheckedClient, tuple[str, dict[str, Any], dict[str, str]]]:
    """A browser in which the password was given and the passkey is asked for."""
    client = app.test_client()
    sign_in(client, who.email, PASSWORD)
    return client, asked(client.post("/masuk/kunci", data={"csrf_token": token(client, "/masuk/kunci")}))


def answer(client: CheckedClient, question: tuple[str, dict[str, Any], dict[str, str]], credential: str) -> Any:
    return client.post(question[0], data={**question[2], "credential": credential})


def is_in(client: CheckedClient) -> bool:
    return bool(client.get("/akun").status_code == 200)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_pages_are_there_in_both_languages_for_who_is_signed_in(
    fresh_app: Any, fresh_people: People, prefix: str
) -> None:
    client = signed_in(fresh_app, fresh_people.clerk)
    page = client.get(f"{prefix}/akun/kunci")
    assert page.status_code == 200
    assert soup(page).html["lang"] == ("en" if prefix else "id")  # type: ignore[index]
    assert not soup(page).select("script[src*=passkeys]")
    begun = client.post(f"{prefix}/akun/kunci", data={"name": NAME})
    assert soup(begun).select("script[src*=passkeys][defer]")
    assert asked(begun)[0].startswith(f"{prefix}/akun/kunci/")
    assert soup(client.get(f"{prefix}/akun")).select(f"main a[href='{prefix}/akun/kunci']")


def test_the_signed_out_are_sent_to_sign_in(fresh_app: Any) -> None:
    client = fresh_app.test_client()
    assert client.get("/akun/kunci").location == "/masuk"
    assert client.get("/akun/kunci/hapus").location == "/masuk"
    assert client.get("/masuk/kunci").location == "/masuk"
    form = {"csrf_token": token(client, "/masuk"), "credential": "x"}
    assert client.post("/akun/kunci/x", data=form).location == "/masuk"
    assert client.post("/masuk/kunci/x", data=form).location == "/masuk"


def test_who_gave_the_password_long_ago_gives_it_again_and_comes_back(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.clerk, fresh=False)
    sent = client.get("/akun/kunci")
    assert sent.location == "/masuk/lagi?next=/akun/kunci"
    assert client.post("/akun/kunci/hapus", data={"name": NAME}).location.startswith("/masuk/lagi")
    form = {"csrf_token": token(client, sent.location), "password": PASSWORD, "next": "/akun/kunci"}
    assert client.post("/masuk/lagi", data=form).location == "/akun/kunci"


def test_a_passkey_is_added_told_by_letter_and_ends_the_other_sign_ins(fresh_app: Any, fresh_people: People) -> None:
    client, other = signed_in(fresh_app, fresh_people.clerk), signed_in(fresh_app, fresh_people.clerk)
    with client.session_transaction() as session:
        before = session["sitting"]
    assert register(client, Authenticator()).location == "/akun/kunci"
    page = client.get("/akun/kunci")
    assert NAME in told(page)
    assert re.search(r"\d{4}, \d\d\.\d\d WIB", told(page))
    with client.session_transaction() as session:
        assert session["sitting"] != before, "a new id after the second factor"
    assert not is_in(other)
    assert acts(fresh_app) == ["passkey_added"]
    assert [letter.recipient for letter in letters(fresh_app)] == [fresh_people.clerk.email]


def test_password_and_passkey_open_the_page_that_was_wanted(fresh_app: Any, fresh_people: People) -> None:
    who = fresh_people.clerk
    device = kept(fresh_app, who)
    client = fresh_app.test_client()
    assert sign_in(client, who.email, PASSWORD, next="/akun").location == "/masuk/kunci"
    assert not is_in(client)
    assert client.get("/masuk/kode").location == "/masuk/kunci", "there is no app"
    question = asked(client.post("/masuk/kunci", data={"csrf_token": token(client, "/masuk/kunci")}))
    assert answer(client, question, device.get(question[1])).location == "/akun"
    assert is_in(client)
    assert acts(fresh_app) == ["passkey_added", "sign_in"]
    with fresh_app.app_context():
        assert db.session.execute(select(Passkey.sign_count)).scalar_one() == 1


def test_who_has_an_app_too_finds_the_passkey_beside_the_code(fresh_app: Any, fresh_people: People) -> None:
    who = fresh_people.moderator
    device = kept(fresh_app, who)
    client = fresh_app.test_client()
    assert sign_in(client, who.email, PASSWORD).location == "/masuk/kode"
    assert soup(client.get("/masuk/kode")).select("form[action='/masuk/kunci'] button")
    question = asked(client.post("/masuk/kunci", data={"csrf_token": token(client, "/masuk/kode")}))
    assert soup(client.get("/en/masuk/kunci")).select("a[href='/en/masuk/kode']")
    question = asked(client.post("/masuk/kunci", data={"csrf_token": token(client, "/masuk/kode")}))
    assert answer(client, question, device.get(question[1])).location == "/akun/mulai"
    assert is_in(client)


def test_without_a_passkey_none_is_offered_beside_the_code(fresh_client: CheckedClient, fresh_people: People) -> None:
    sign_in(fresh_client, fresh_people.moderator.email, PASSWORD)
    assert not soup(fresh_client.get("/masuk/kode")).select("form[action='/masuk/kunci']")


def test_the_passkey_of_another_account_opens_neither(fresh_app: Any, fresh_people: People) -> None:
    kept(fresh_app, fresh_people.clerk)
    foreign = kept(fresh_app, fresh_people.colleague)
    client, question = at_the_passkey(fresh_app, fresh_people.clerk)
    assert answer(client, question, foreign.get(question[1])).location == "/masuk/kunci"
    assert not is_in(client)
    assert acts(fresh_app)[-1] == "passkey_failed"


FOREIGN: list[Callable[[Authenticator, dict[str, Any]], str]] = [
    lambda device, options: Authenticator(number=device.number).get(options),
    lambda device, options: Authenticator("https://palsu.example", device.number, device.secret).get(options),
    lambda device, options: device.get({**options, "rpId": "palsu.example"}),
    lambda device, options: device.get({**options, "challenge": "YWJj"}),
]


@pytest.mark.parametrize("forged", FOREIGN, ids=["another key", "another site", "another name", "another challenge"])
def test_an_answer_that_is_not_ours_opens_nothing(
    fresh_app: Any, fresh_people: People, forged: Callable[[Authenticator, dict[str, Any]], str]
) -> None:
    device = kept(fresh_app, fresh_people.clerk)
    client, question = at_the_passkey(fresh_app, fresh_people.clerk)
    assert answer(client, question, forged(device, question[1])).location == "/masuk/kunci"
    assert not is_in(client)


def test_an_answer_is_good_once_and_in_its_own_session_only(fresh_app: Any, fresh_people: People) -> None:
    device = kept(fresh_app, fresh_people.clerk)
    first, question = at_the_passkey(fresh_app, fresh_people.clerk)
    other, theirs = at_the_passkey(fresh_app, fresh_people.clerk)
    credential = device.get(question[1])
    assert other.post(question[0], data={**theirs[2], "credential": credential}).location == "/masuk/kunci"
    assert not is_in(other)
    assert answer(first, question, credential).location == "/akun/mulai"
    again, fresh = at_the_passkey(fresh_app, fresh_people.clerk)
    assert again.post(question[0], data={**fresh[2], "credential": credential}).location == "/masuk/kunci"
    assert not is_in(again)


@pytest.mark.parametrize("credential", BROKEN, ids=lambda text: text[:30])
def test_what_cannot_be_read_is_refused_in_words(fresh_app: Any, fresh_people: People, credential: str) -> None:
    kept(fresh_app, fresh_people.clerk)
    client, question = at_the_passkey(fresh_app, fresh_people.clerk)
    assert answer(client, question, credential).location == "/masuk/kunci"
    assert soup(client.get("/masuk/kunci")).select(".note.is-stop")
    inside = signed_in(fresh_app, fresh_people.clerk)
    question = asked(inside.post("/akun/kunci", data={"name": "Lain"}))
    assert answer(inside, question, credential).location == "/akun/kunci"
    assert soup(inside.get("/akun/kunci")).select(".note.is-stop")


def test_wrong_passkeys_make_wait(fresh_app: Any, fresh_people: People) -> None:
    device = kept(fresh_app, fresh_people.clerk)
    wrong, question = at_the_passkey(fresh_app, fresh_people.clerk)
    answer(wrong, question, "x")
    with fresh_app.app_context():
        for _time in range(9):
            throttling.count("second_factor", str(fresh_people.clerk.id))
    client, question = at_the_passkey(fresh_app, fresh_people.clerk)
    assert answer(client, question, device.get(question[1])).location == "/masuk/kunci"
    assert not is_in(client)
    assert "15 menit" in told(client.get("/masuk/kunci"))


def test_a_passkey_is_the_compulsory_second_factor_and_the_last_one_stays(fresh_app: Any, fresh_people: People) -> None:
    who = fresh_people.admin
    without_factor(fresh_app, who)
    client = signed_in(fresh_app, who)
    assert client.get("/akun").location == "/akun/kode"
    assert _lacking(fresh_app) == 1
    register(client, Authenticator())
    assert is_in(client)
    assert _lacking(fresh_app) == 0
    send(client, "/akun/kunci/hapus", name=NAME)
    assert NAME in told(client.get("/akun/kunci"))
    register(client, Authenticator(), "Telepon")
    send(client, "/akun/kunci/hapus", name=NAME)
    assert NAME not in told(client.get("/akun/kunci"))
    assert acts(fresh_app) == ["passkey_added", "passkey_added", "passkey_removed"]


def _lacking(app: Any) -> int:
    with app.app_context():
        return directory.overview(db.session(), ["administrator"]).without_second_factor


def test_a_moderator_with_a_passkey_may_switch_the_app_off(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.moderator)
    register(client, Authenticator())
    assert send(client, "/akun/kode", setup="disable").status_code == 303
    assert is_in(client)
    with fresh_app.app_context():
        assert db.session.get(Account, fresh_people.moderator.id).tf_primary_method is None  # type: ignore[union-attr]


def test_a_deleted_passkey_is_asked_for_no_more_and_takes_the_recovery_codes_along(
    fresh_app: Any, fresh_people: People
) -> None:
    who = fresh_people.clerk
    client = signed_in(fresh_app, who)
    register(client, Authenticator())
    send(client, "/akun/kode-cadangan", generate_new_codes="1")
    send(client, "/akun/kunci/hapus", name=NAME)
    with fresh_app.app_context():
        assert list(db.session.get(Account, who.id).mf_recovery_codes) == []  # type: ignore[union-attr]
    assert len(letters(fresh_app)) == 2
    assert sign_in(fresh_app.test_client(), who.email, PASSWORD).location == "/akun/mulai"


def test_a_recovery_code_stands_in_for_a_passkey(fresh_app: Any, fresh_people: People) -> None:
    who = fresh_people.clerk
    client = signed_in(fresh_app, who)
    register(client, Authenticator())
    assert soup(client.get("/akun/kunci")).select("a[href^='/akun/kode-cadangan']")
    page = send(client, "/akun/kode-cadangan", generate_new_codes="1")
    code = soup(page).select_one(".codes code").get_text()  # type: ignore[union-attr]
    later = fresh_app.test_client()
    sign_in(later, who.email, PASSWORD)
    form = {"csrf_token": token(later, "/masuk/kode-cadangan"), "code": code}
    assert later.post("/masuk/kode-cadangan", data=form).location == "/akun/mulai"
    assert is_in(later)


@pytest.mark.parametrize("name", ["", "   ", "<b>x</b>", "a" * 65, "satu \u2192 dua", "\x00", NAME])
def test_a_name_that_will_not_do_is_refused_in_words(fresh_app: Any, fresh_people: People, name: str) -> None:
    client = signed_in(fresh_app, fresh_people.clerk)
    register(client, Authenticator())
    page = send(client, "/akun/kunci", name=name)
    assert page.status_code == 422
    assert soup(page).select_one(".errsum")
    assert NAME in told(page)


def test_there_is_an_end_to_passkeys(fresh_app: Any, fresh_people: People) -> None:
    client = signed_in(fresh_app, fresh_people.clerk)
    for number in range(10):
        register(client, Authenticator(), f"Kunci {number}")
    assert send(client, "/akun/kunci", name="Satu lagi").status_code == 422


def test_the_public_address_is_the_name_of_the_site(fresh_app: Any, fresh_people: People) -> None:
    """Also where the proxy passes on another host than the browser knows."""
    fresh_app.config["PUBLIC_URL"] = "https://register.example"
    client, device = signed_in(fresh_app, fresh_people.clerk), Authenticator("https://register.example")
    _place, options, _fields = asked(client.post("/akun/kunci", data={"name": NAME}))
    assert options["rp"] == {"id": "register.example", "name": fresh_app.config["SITE_NAME"]}
    assert options["user"]["name"] == fresh_people.clerk.email
    assert register(client, device).location == "/akun/kunci"
    assert NAME in told(client.get("/akun/kunci"))
