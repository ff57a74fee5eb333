"""Does a moderator get through a proposal in a real browser, with script and without, on a phone too?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal import amending, editorial
from portal.editorial import standing
from portal.extensions import db
from portal.models import Account
from tests.browser.steps import follow
from tests.people import People, Person, people, signed_in
from tests.web.test_review import REGION, SUBJECT, changed, document


def come_in(app: Any, who: Person, context: BrowserContext, url: str) -> None:
    """Let a browser carry a sign-in that lasts."""
    client = signed_in(app, who)
    cookies = [{"name": one.key, "value": one.value, "url": url} for one in client._cookies.values()]
    context.add_cookies(cookies)  # type: ignore[arg-type]


@pytest.fixture
def sent(fresh_live_app: Any) -> People:
    """The people of the desk, and one proposal of Sragen's agency that waits."""
    made = people(fresh_live_app)
    with fresh_live_app.app_context():
        by = db.session.get(Account, made.stranger.id)
        assert by is not None
        begun = editorial.start(by, "change", REGION, SUBJECT)
        editorial.save(by, begun.id, [], amending.edits(standing(db.session(), begun).ground, changed()))
        editorial.submit(by, begun.id)
    return made


def fill_and_publish(page: Page) -> None:
    rows = page.locator(".review__f")
    expect(rows).to_have_count(3)
    for place in range(3):
        rows.nth(place).locator("input[value=accept]").check()
    page.locator("[name=change_note]").fill("Diperbarui menurut laporan dinas.")
    page.locator("[name=reason]").fill("Bukti sudah cukup.")


def test_with_script_the_button_counts_and_change_opens_its_boxes(
    page: Page, fresh_live_app: Any, fresh_live_url: str, sent: People, accessible: Any
) -> None:
    come_in(fresh_live_app, sent.moderator, page.context, fresh_live_url)
    page.goto(f"{fresh_live_url}/moderasi")
    accessible(page)
    follow(page.locator("tbody th a"))
    accessible(page)
    fill_and_publish(page)
    expect(page.locator("#b-terbit")).to_have_text(re.compile("3"))
    row = page.locator(".review__f", has_text="Ringkasan")
    row.locator("input[value=amend]").check()
    expect(row.locator("details.review__edit textarea").first).to_be_visible()
    expect(page.locator("#b-terbit")).to_have_text(re.compile("3"))
    row.locator("input[value=reject]").check()
    expect(page.locator("#b-terbit")).to_have_text(re.compile("2"))
    page.locator("#canned").select_option(index=2)
    page.locator("button[value=insert]").click()
    expect(page.locator("[name=note]")).not_to_have_value("")
    page.locator("#b-terbit").click()
    expect(page.locator(".flash")).to_be_visible()
    expect(page.locator(".flash button")).to_be_visible()
    with fresh_live_app.app_context():
        assert document()["type"] == "technical_cooperation"
        assert document()["summary"]["id"] != changed()["summary"]["id"], "the second field was refused"
    page.locator(".flash button").click()
    expect(page.locator("form#tinjau")).to_be_visible()


def test_without_script_on_a_phone(browser: Browser, fresh_live_app: Any, fresh_live_url: str, sent: People) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="id-ID")
    come_in(fresh_live_app, sent.moderator, context, fresh_live_url)
    page = context.new_page()
    page.goto(f"{fresh_live_url}/moderasi")
    follow(page.locator("tbody th a"))
    fill_and_publish(page)
    row = page.locator(".review__f", has_text="Ringkasan")
    row.locator("input[value=amend]").check()
    row.locator("details.review__edit > summary").click()
    box = row.locator("details.review__edit textarea").first
    box.fill("Hibah air minum, ditulis ulang.")
    page.locator("#b-terbit").click()
    expect(page.locator(".errsum a")).to_have_attribute("href", "#note")
    expect(row.locator("details.review__edit textarea").first).to_have_value("Hibah air minum, ditulis ulang.")
    page.locator("#canned").select_option(index=2)
    page.locator("button[value=insert]").click()
    page.locator("#b-terbit").click()
    expect(page.locator(".flash")).to_be_visible()
    with fresh_live_app.app_context():
        assert "ditulis ulang" in str(document())
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_nothing_is_wider_than_the_screen(
    page: Page, fresh_live_app: Any, fresh_live_url: str, sent: People, width: int
) -> None:
    come_in(fresh_live_app, sent.moderator, page.context, fresh_live_url)
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/moderasi", "/moderasi/1", "/moderasi/tindakan/KS-0011"):
        page.goto(fresh_live_url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
