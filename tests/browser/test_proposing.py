"""Does a clerk get a report sent in the browser: in three presses, with a file, with and without script, on a phone?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.extensions import db
from portal.models import Evidence, Proposal
from tests.browser.steps import follow
from tests.browser.test_review import come_in
from tests.files import pdf
from tests.people import KLATEN, People, Person, people, signed_in
from tests.proposals import RECORD, Draft, drafts
from tests.record_pages import publisher

Sound = Callable[[Page], None]
NOT_SAVED = "Not saved yet. It is tried again by itself; what you typed stays here."
SENT = re.compile(r"^Proposal U-[A-Z0-9-]{14} sent\. Moderators usually reply within 3 working days\.$")


@pytest.fixture
def staff(fresh_live_app: Any) -> People:
    return people(fresh_live_app)


@pytest.fixture
def begin(fresh_live_app: Any) -> Draft:
    return drafts(fresh_live_app)


@pytest.fixture(params=["script", "no script"])
def opened(
    request: pytest.FixtureRequest, browser: Browser, fresh_live_app: Any, fresh_live_url: str
) -> Iterator[Callable[[Person], Page]]:
    """`opened(person)`: a phone on which somebody has signed in, once with and once without script."""
    context = browser.new_context(
        java_script_enabled=request.param == "script", viewport={"width": 390, "height": 844}, base_url=fresh_live_url
    )

    def open_for(who: Person) -> Page:
        cookie = signed_in(fresh_live_app, who).get_cookie("portal")
        assert cookie is not None
        context.add_cookies([{"name": "portal", "value": cookie.value, "url": fresh_live_url}])
        return context.new_page()

    yield open_for
    context.close()


def test_still_running_takes_three_presses_from_the_record(
    opened: Callable[[Person], Page], staff: People, fresh_live_app: Any
) -> None:
    page = opened(staff.stranger)
    page.goto(f"/en/kerja-sama/{RECORD}")
    follow(page.get_by_role("link", name="Propose an update").first)
    page.get_by_role("button", name="Still running", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review changes")
    expect(page).to_have_url(re.compile("/pratinjau$"))
    page.get_by_role("button", name="Send proposal").click()
    expect(page.locator(".flash b")).to_have_text(SENT)
    with fresh_live_app.app_context():
        [proposal] = db.session.query(Proposal)
        assert (proposal.kind, proposal.state, proposal.subject) == ("still_running", "submitted", RECORD)
        db.session.remove()


def test_a_new_cooperation_with_a_file(opened: Callable[[Person], Page], staff: People, fresh_live_app: Any) -> None:
    page = opened(staff.clerk)
    page.goto("/en/ruang-kerja")
    follow(page.get_by_role("link", name="New cooperation"))
    page.locator("[id='foreign_parties-0-name']").fill("Distrik Jiangning, Nanjing")
    page.locator("[id='foreign_parties-0-country']").fill("China")
    page.locator("[id='foreign_parties-0-kind']").select_option("foreign_local_government")
    page.locator("#type").select_option("sister_city")
    page.locator("#berkas").set_input_files({"name": "surat.pdf", "mimeType": "application/pdf", "buffer": pdf(2)})
    page.locator(".actbar button[value=pratinjau]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review changes")
    expect(page.locator("#perubahan")).to_contain_text("Distrik Jiangning, Nanjing")
    expect(page.locator(".files")).to_contain_text("2 pages")
    page.get_by_role("button", name="Send proposal").click()
    expect(page.locator(".errsum")).to_contain_text("Confirm that you are authorised to submit this.")
    page.get_by_label("I am authorised to submit these data").check()
    page.get_by_role("button", name="Send proposal").click()
    expect(page.locator(".flash b")).to_have_text(SENT)
    with fresh_live_app.app_context():
        found = [(one.id, one.kind, one.state, one.subject) for one in db.session.query(Proposal)]
        assert len(found) == 1, found
        [proposal], [file] = db.session.query(Proposal), db.session.query(Evidence)
        assert (proposal.kind, proposal.state, proposal.region) == ("new", "submitted", KLATEN)
        assert (file.proposal_id, file.pages) == (proposal.id, 2)
        db.session.remove()


def test_a_conflict_is_settled_on_a_phone(
    opened: Callable[[Person], Page], staff: People, begin: Draft, fresh_live_app: Any
) -> None:
    number = begin(staff.stranger, sectors=["tourism"], title={"id": "Judul dari dinas"})
    publisher(fresh_live_app)(RECORD, sectors=["culture"])
    page = opened(staff.stranger)
    page.goto(f"/en/usulan/{number}/pratinjau")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is a new revision since you began")
    page.get_by_label("Keep mine").check()
    page.get_by_role("button", name="Go on with this").click()
    expect(page.locator(".diff .new").last).to_contain_text("tourism")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1366])
def test_nothing_stands_in_a_clerks_way(
    page: Page, staff: People, begin: Draft, accessible: Sound, fresh_live_app: Any, fresh_live_url: str, width: int,
    scheme: Any,
) -> None:  # fmt: skip
    sent, draft = begin(staff.stranger, send=True), begin(staff.stranger, kind="follow_up", sectors=["health"])
    mixed = begin(staff.stranger, sectors=["tourism"])
    publisher(fresh_live_app)(RECORD, sectors=["culture"], summary={"id": "Ringkasan lain."})
    cookie = signed_in(fresh_live_app, staff.stranger).get_cookie("portal")
    assert cookie is not None
    page.context.add_cookies([{"name": "portal", "value": cookie.value, "url": fresh_live_url}])
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("/ruang-kerja", "/usulan", f"/usulan/{sent}", f"/usulan/{draft}/pratinjau", f"/usulan/{mixed}/bentrok",
                 f"/usulan/{sent}/tarik", "/panduan"):  # fmt: skip
        page.goto(f"{fresh_live_url}/en{path}")
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, path


def test_a_form_that_missed_an_answer_sends_itself_again(
    page: Page, staff: People, begin: Draft, fresh_live_app: Any, fresh_live_url: str
) -> None:
    number = begin(staff.stranger, sectors=["tourism"])
    come_in(fresh_live_app, staff.stranger, page.context, fresh_live_url)
    page.goto(f"{fresh_live_url}/en/usulan/{number}/ubah")
    with fresh_live_app.app_context():  # as when something was kept, and the word of it was lost on the way
        proposal = db.session.get_one(Proposal, number)
        proposal.version = newer = proposal.version + 1
        db.session.commit()
    box = page.locator("[id='foreign_parties-0-name']")
    page.locator("details:has([id='foreign_parties-0-name'])").first.evaluate("one => { one.open = true }")
    box.fill("Distrik Jiangning")
    box.blur()
    expect(page.locator("#usulan-versi")).to_have_value(str(newer + 1))
    expect(page.locator("#simpan")).to_contain_text("Draft saved")
    with fresh_live_app.app_context():
        assert ("foreign_parties-0-name", "Distrik Jiangning") in db.session.get_one(Proposal, number).fields
        db.session.remove()


@pytest.fixture
def written(browser: Browser, staff: People, fresh_live_app: Any, fresh_live_url: str) -> Iterator[Page]:
    """A page of somebody who writes; in a context of its own, since the console complains of what is tried here."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=fresh_live_url)
    come_in(fresh_live_app, staff.stranger, context, fresh_live_url)
    yield context.new_page()
    context.close()


def typed_in(page: Page, text: str) -> None:
    """Type a note for the moderator and go on to the next box, as somebody does who has not sent anything yet."""
    box = page.locator("#catatan")
    box.fill(text)
    box.blur()


def kept(app: Any) -> list[str]:
    with app.app_context():
        found = [dict(one.fields).get("catatan", "") for one in db.session.query(Proposal)]
        db.session.remove()
    return found


def test_what_could_not_be_kept_is_told_and_kept_when_the_connection_is_back(
    written: Page, fresh_live_app: Any
) -> None:
    page, context = written, written.context
    page.goto(f"/en/usulan/baru?jenis=ubah&untuk={RECORD}")
    context.set_offline(True)
    typed_in(page, "Ditulis di jalan.")
    said = page.locator("#simpan[role=status]")
    expect(said).to_have_text(NOT_SAVED)
    page.locator(".actbar button[value=draf]").click()
    page.locator(".actbar button[value=pratinjau]").click()
    expect(said).to_have_text(NOT_SAVED)
    expect(page.locator("#catatan")).to_have_value("Ditulis di jalan.")
    assert kept(fresh_live_app) == []
    context.set_offline(False)
    expect(said).to_contain_text("Draft saved")
    expect(page.locator("#catatan")).to_have_value("Ditulis di jalan.")
    assert kept(fresh_live_app) == ["Ditulis di jalan."]


def test_an_answer_of_something_in_between_is_no_answer(written: Page, fresh_live_app: Any) -> None:
    page = written
    page.clock.install()
    page.goto(f"/en/usulan/baru?jenis=ubah&untuk={RECORD}")
    page.route("**/simpan", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    typed_in(page, "Ditulis di jalan.")
    page.clock.run_for(2000)
    expect(page.locator("#simpan")).to_have_text(NOT_SAVED)
    expect(page.locator("body")).not_to_contain_text("Bad Gateway")
    page.unroute("**/simpan")
    page.clock.run_for(32000)
    expect(page.locator("#simpan")).to_contain_text("Draft saved")
    assert kept(fresh_live_app) == ["Ditulis di jalan."]


def test_a_press_is_held_back_once_while_nothing_can_be_kept(written: Page, fresh_live_app: Any) -> None:
    page = written
    page.goto(f"/en/usulan/baru?jenis=ubah&untuk={RECORD}")
    tries: list[str] = []
    page.route("**/simpan", lambda route: (tries.append(route.request.url), route.fulfill(status=502)))
    typed_in(page, "Ditekan dua kali.")
    expect(page.locator("#simpan")).to_have_text(NOT_SAVED)
    before, address = len(tries), page.url
    page.locator(".actbar button[value=draf]").click()
    page.wait_for_timeout(2000)
    assert len(tries) > before, "keeping it was tried"
    assert (page.url, kept(fresh_live_app)) == (address, [])
    page.locator(".actbar button[value=draf]").click()
    expect(page).to_have_url(re.compile(r"/ubah#simpan$"))
    assert kept(fresh_live_app) == ["Ditekan dua kali."]


def test_other_requests_of_the_form_do_not_say_that_nothing_is_kept(written: Page) -> None:
    page = written
    page.goto("/en/usulan/baru?jenis=baru")
    page.route("**/saran?*", lambda route: route.fulfill(status=502))
    with page.expect_response("**/saran?*"):
        page.locator("[id='foreign_parties-0-name']").press_sequentially("Nan")
    page.wait_for_timeout(300)
    expect(page.locator("#simpan")).not_to_have_text(NOT_SAVED)
