"""What does the listing say when the answer to a changed filter does not come, and is nothing lost?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

NOT_CONNECTED = "Connection lost. The list below is still the earlier result."
UNCHANGED = "Connection lost. What is shown has not changed."
STILL = "Still not connected."


@pytest.fixture(params=[(1366, 900), (390, 844)], ids=["wide", "phone"])
def context(request: pytest.FixtureRequest, browser: Browser, live_url: str) -> Iterator[BrowserContext]:
    """A context of its own: the console complains of what is tried here."""
    width, height = request.param
    made = browser.new_context(viewport={"width": width, "height": height}, base_url=live_url)
    yield made
    made.close()


@pytest.fixture
def listing(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/en/kerja-sama")
    opener = page.locator("#buka-saring")
    if opener.is_visible():
        opener.click()
    return page


def note(page: Page) -> Locator:
    """The note in sight: beside the results, on phones in the open sheet."""
    return page.locator("#saring .putus:visible, #hasil .putus:visible").first


def test_a_filter_that_gets_no_answer_says_so_and_can_be_tried_again(
    context: BrowserContext, listing: Page, live_url: str, accessible: Callable[[Page], None]
) -> None:
    before = listing.locator("#hasil .rows").inner_text()
    context.set_offline(True)
    listing.locator("#f-kabar-tanpa").check()
    expect(note(listing)).to_contain_text(NOT_CONNECTED)
    expect(note(listing)).to_be_in_viewport(ratio=1)
    expect(listing.locator("#pengumuman")).to_have_text(NOT_CONNECTED)
    expect(listing.locator("#hasil .putus")).to_have_count(1)
    expect(listing.locator("#f-kabar-tanpa")).to_be_checked()
    assert listing.locator("#hasil .rows").inner_text() == before
    expect(listing).to_have_url(f"{live_url}/en/kerja-sama")
    accessible(listing)
    again = note(listing).get_by_role("button", name="Try again")
    for _time in range(2):
        again.click()
        expect(again).to_have_attribute("aria-disabled", "true")
        expect(note(listing)).not_to_contain_text(STILL)
        expect(again).to_have_attribute("aria-disabled", "false")
        expect(note(listing)).to_contain_text(STILL)
        expect(listing.locator("#pengumuman")).to_have_text(STILL)
    expect(again).to_be_focused()
    expect(listing.locator("#hasil .putus")).to_have_count(1)
    context.set_offline(False)
    note(listing).get_by_role("button", name="Try again").click()
    expect(listing).to_have_url(f"{live_url}/en/kerja-sama?kabar=tanpa")
    expect(listing.locator(".putus")).to_have_count(0)
    expect(listing.locator("#pengumuman")).to_contain_text("found")
    expect(listing.locator("#f-kabar-tanpa")).to_be_checked()


def test_a_later_choice_that_is_answered_takes_the_sentence_away(
    context: BrowserContext, listing: Page, live_url: str
) -> None:
    context.set_offline(True)
    listing.locator("#f-kabar-tanpa").check()
    expect(listing.locator("#hasil .putus")).to_have_count(1)
    context.set_offline(False)
    listing.locator("#f-kabar-akhir").check()
    expect(listing).to_have_url(f"{live_url}/en/kerja-sama?kabar=akhir&kabar=tanpa")
    expect(listing.locator(".putus")).to_have_count(0)


def test_an_answer_that_is_not_ours_says_the_same(listing: Page) -> None:
    def broken(route: Route) -> None:
        route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>")

    listing.route("**/kerja-sama?*", broken)
    listing.locator("#f-kabar-tanpa").check()
    expect(note(listing)).to_contain_text(NOT_CONNECTED)
    expect(listing.locator("body")).not_to_contain_text("Bad Gateway")
    listing.unroute("**/kerja-sama?*")
    note(listing).get_by_role("button", name="Try again").click()
    expect(listing).to_have_url(re.compile("kabar=tanpa"))
    expect(listing.locator(".putus")).to_have_count(0)


def test_a_page_and_an_order_are_tried_again_too(context: BrowserContext, live_url: str) -> None:
    page = context.new_page()
    page.goto("/en/kerja-sama")
    context.set_offline(True)
    page.locator("#hal-lanjut").click()
    expect(page.locator("#hasil .putus")).to_be_visible()
    context.set_offline(False)
    page.locator("#hasil .putus button").click()
    expect(page).to_have_url(f"{live_url}/en/kerja-sama?hal=2")
    expect(page.locator("#h-hasil")).to_be_focused()
    context.set_offline(True)
    page.locator("#urut").select_option("baru")
    expect(page.locator("#hasil .putus")).to_be_visible()
    context.set_offline(False)
    page.locator("#hasil .putus button").click()
    expect(page).to_have_url(re.compile("urut=baru"))
    expect(page.locator(".putus")).to_have_count(0)


def test_the_map_of_the_front_page_is_tried_again_in_its_place(browser: Browser, live_url: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 900}, base_url=live_url)
    page = context.new_page()
    page.goto("/en/")
    context.set_offline(True)
    page.locator("#peta-geo").click()
    lost = page.locator("#peta .putus")
    expect(lost).to_contain_text(UNCHANGED)
    whole, box = page.locator("#h-sunyi").bounding_box(), lost.bounding_box()
    assert whole is not None
    assert box is not None
    assert box["y"] + box["height"] <= whole["y"], "above both columns, not one of them"
    assert box["height"] < 200
    lost.get_by_role("button", name="Try again").click()
    expect(lost).to_contain_text(STILL)
    context.set_offline(False)
    lost.get_by_role("button", name="Try again").click()
    expect(page).to_have_url(re.compile("peta=geo"))
    expect(lost).to_have_count(0)
    expect(page.locator("#peta #peta-geo")).to_be_focused()
    context.close()
