"""Does a passkey work as the second factor, with a real browser and the key it keeps?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect
from sqlalchemy import select

from portal.extensions import db
from portal.models import Account, Act, Letter, Passkey
from tests.browser.steps import follow
from tests.browser.test_review import come_in
from tests.people import PASSWORD, People, Person, people

KEY = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
       "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip


@pytest.fixture
def url(fresh_live_url: str) -> str:
    """The portal under a name: an address of digits can have no passkeys."""
    return fresh_live_url.replace("127.0.0.1", "localhost")


@pytest.fixture
def staff(fresh_live_app: Any) -> People:
    return people(fresh_live_app)


@pytest.fixture
def key(page: Page) -> Iterator[CDPSession]:
    """A device of the browser's own that keeps passkeys and says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield session
    session.detach()


def add(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/akun/kunci")
    page.locator("main [name=name]").fill(name)
    page.locator("section:has(#h-tambah) form button").click()
    expect(page.locator(".todo h3", has_text=name)).to_be_visible()


def give_password(page: Page, url: str, who: Person) -> None:
    page.goto(f"{url}/masuk")
    page.locator("[name=email]").fill(who.email)
    page.locator("[name=password]").fill(PASSWORD)
    follow(page.locator("main form button").first)


def sign_out(page: Page) -> None:
    page.locator(".deskbar form button").click()
    expect(page.locator("main [name=password]")).to_be_visible()


def acts(app: Any) -> list[str]:
    with app.app_context():
        return list(db.session.execute(select(Act.what).order_by(Act.id)).scalars())


def test_a_clerk_adds_a_passkey_signs_in_with_it_and_deletes_it(
    page: Page, key: CDPSession, fresh_live_app: Any, url: str, staff: People, accessible: Callable[[Page], None]
) -> None:
    give_password(page, url, staff.clerk)
    page.goto(f"{url}/akun/kunci")
    accessible(page)
    before = page.context.cookies()[0]["value"]
    add(page, url, "Laptop kantor")
    accessible(page)
    assert page.context.cookies()[0]["value"] != before
    sign_out(page)
    give_password(page, url, staff.clerk)
    expect(page).to_have_url(f"{url}/masuk/kunci")
    accessible(page)
    page.goto(f"{url}/akun")
    expect(page.locator("main [name=password]")).to_be_visible()
    give_password(page, url, staff.clerk)
    page.locator("main form button").first.click()
    expect(page.locator(".deskbar")).to_be_visible()
    page.goto(f"{url}/akun/kunci")
    page.locator(".todo form button").click()
    expect(page.locator(".todo")).to_have_count(0)
    sign_out(page)
    give_password(page, url, staff.clerk)
    expect(page.locator(".deskbar")).to_be_visible()
    assert acts(fresh_live_app) == [
        "sign_in", "passkey_added", "sign_out", "sign_in", "passkey_removed", "sign_out", "sign_in",
    ]  # fmt: skip
    with fresh_live_app.app_context():
        assert db.session.execute(select(Letter.recipient)).scalars().all() == [staff.clerk.email] * 2


def test_a_moderator_chooses_the_passkey_beside_the_code(
    page: Page, key: CDPSession, fresh_live_app: Any, url: str, staff: People
) -> None:
    come_in(fresh_live_app, staff.moderator, page.context, url)
    add(page, f"{url}/en", "Key")
    sign_out(page)
    give_password(page, f"{url}/en", staff.moderator)
    expect(page).to_have_url(f"{url}/en/masuk/kode")
    page.locator("form[action$='/masuk/kunci'] button").click()
    expect(page.locator(".deskbar")).to_be_visible()
    with fresh_live_app.app_context():
        kept = db.session.execute(select(Passkey)).scalar_one()
        assert kept.sign_count > 0
        assert kept.account_id == staff.moderator.id


def test_a_passkey_is_the_compulsory_second_factor_and_the_last_one_stays(
    page: Page, key: CDPSession, fresh_live_app: Any, url: str, staff: People
) -> None:
    with fresh_live_app.app_context():
        account = db.session.get(Account, staff.admin.id)
        assert account is not None
        account.tf_primary_method = account.tf_totp_secret = None
        db.session.commit()
    come_in(fresh_live_app, staff.admin, page.context, url)
    page.goto(f"{url}/pengelola")
    expect(page).to_have_url(f"{url}/akun/kode")
    follow(page.locator("main a[href='/akun/kunci']"))
    add(page, url, "Telepon")
    page.goto(f"{url}/pengelola")
    expect(page).to_have_url(f"{url}/pengelola")
    page.goto(f"{url}/akun/kunci")
    page.locator(".todo form button").click()
    expect(page.locator(".note.is-stop")).to_be_visible()
    expect(page.locator(".todo h3")).to_have_text(["Telepon"])


def test_who_breaks_off_is_told_and_may_try_again(
    page: Page, fresh_live_app: Any, url: str, staff: People, accessible: Callable[[Page], None]
) -> None:
    come_in(fresh_live_app, staff.clerk, page.context, url)
    page.add_init_script("navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotAllowedError'))")
    page.goto(f"{url}/akun/kunci")
    page.locator("main [name=name]").fill("Laptop")
    page.locator("section:has(#h-tambah) form button").click()
    form = page.locator("form[data-passkey]")
    expect(form.locator("[role=status]")).to_have_text(str(form.get_attribute("data-cancelled")))
    expect(form.locator("button")).to_be_visible()
    accessible(page)


def test_without_script_the_page_says_so_and_leads_to_the_code(
    browser: Browser, fresh_live_app: Any, url: str, staff: People
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    come_in(fresh_live_app, staff.clerk, context, url)
    page = context.new_page()
    page.goto(f"{url}/akun/kunci")
    expect(page.locator("main .note a[href='/akun/kode']")).to_be_visible()
    page.locator("main [name=name]").fill("Laptop")
    page.locator("section:has(#h-tambah) form button").click()
    expect(page.locator("main .note")).to_be_visible()
    expect(page.locator("form[data-passkey] button")).to_be_hidden()
    context.close()
