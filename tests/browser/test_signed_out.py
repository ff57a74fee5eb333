"""What becomes of a form, and of the file chosen in it, when the sign-in has ended before it is sent?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.extensions import db
from portal.models import Evidence, Proposal
from tests.browser.test_review import come_in
from tests.files import pdf
from tests.people import People, people
from tests.proposals import RECORD

NOTE = "Ditulis sebelum sesi berakhir."


@pytest.fixture
def staff(fresh_live_app: Any) -> People:
    return people(fresh_live_app)


def begun(browser: Browser, script: bool, app: Any, staff: People, url: str) -> Iterator[Page]:
    """A form with a note and a file, whose writer is signed out by now."""
    context = browser.new_context(java_script_enabled=script, base_url=url)
    come_in(app, staff.stranger, context, url)
    page = context.new_page()
    page.goto(f"/en/usulan/baru?jenis=ubah&untuk={RECORD}")
    context.clear_cookies()
    page.locator("#catatan").fill(NOTE)
    page.locator("#type").select_option("other")
    page.locator("#berkas").set_input_files({"name": "surat.pdf", "mimeType": "application/pdf", "buffer": pdf(2)})
    yield page
    context.close()


@pytest.fixture
def scripted(browser: Browser, fresh_live_app: Any, staff: People, fresh_live_url: str) -> Iterator[Page]:
    yield from begun(browser, True, fresh_live_app, staff, fresh_live_url)


@pytest.fixture
def plain(browser: Browser, fresh_live_app: Any, staff: People, fresh_live_url: str) -> Iterator[Page]:
    yield from begun(browser, False, fresh_live_app, staff, fresh_live_url)


def has_come(page: Page, app: Any) -> None:
    """The preview is there, and the draft with note and file."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Review changes")
    with app.app_context():
        [proposal], [file] = db.session.query(Proposal), db.session.query(Evidence)
        kept = dict(proposal.fields)
        assert (kept["catatan"], kept["type"], file.proposal_id) == (NOTE, "other", proposal.id)
        assert not {"berkas-nama", "lagi", "csrf_token"} & kept.keys()
        db.session.remove()


def returned(app: Any, who: People, context: BrowserContext, url: str) -> None:
    """Sign in in another tab."""
    come_in(app, who.stranger, context, url)


def test_with_script_the_form_stays_and_takes_up_the_new_sign_in(
    scripted: Page, fresh_live_app: Any, staff: People, fresh_live_url: str
) -> None:
    page = scripted
    expect(page.locator("#simpan")).to_contain_text("Your sign-in has ended")
    page.locator(".actbar button[value=pratinjau]").click()
    expect(page.locator("#pesan")).to_contain_text("What you typed is still here.")
    returned(fresh_live_app, staff, page.context, fresh_live_url)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#simpan")).to_contain_text("Draft saved")
    page.locator(".actbar button[value=pratinjau]").click()
    has_come(page, fresh_live_app)


def test_with_script_the_button_alone_needs_one_press_more(
    scripted: Page, fresh_live_app: Any, staff: People, fresh_live_url: str
) -> None:
    page = scripted
    expect(page.locator("#simpan")).to_contain_text("Your sign-in has ended")
    returned(fresh_live_app, staff, page.context, fresh_live_url)
    page.locator(".actbar button[value=pratinjau]").click()
    expect(page.locator("#pesan")).to_contain_text("Everything in it is still here: press once more.")
    page.locator(".actbar button[value=pratinjau]").click()
    has_come(page, fresh_live_app)


def test_without_script_only_the_file_is_chosen_again(
    plain: Page, fresh_live_app: Any, staff: People, fresh_live_url: str
) -> None:
    page = plain
    page.locator(".actbar button[value=pratinjau]").click()
    expect(page.locator("main")).to_contain_text("Only the file “surat.pdf” could not be kept.")
    expect(page.locator("input[type=file]")).to_have_count(0)
    returned(fresh_live_app, staff, page.context, fresh_live_url)
    page.get_by_role("button", name="Send it again").click()
    box = page.get_by_label("Choose the file “surat.pdf” again")
    box.set_input_files({"name": "surat.pdf", "mimeType": "application/pdf", "buffer": pdf(2)})
    page.get_by_role("button", name="Send it again").click()
    has_come(page, fresh_live_app)
