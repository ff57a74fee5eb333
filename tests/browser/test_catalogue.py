"""Does the listing work by hand: by mouse, by keyboard, on a phone, without a script, there and back again?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

PAGES = ["/", "/kerja-sama", "/kerja-sama?prov=33&tampilan=tabel", "/en/kerja-sama?prov=11&negara=FR", "/?peta=geo"]


def listed(page: Page) -> str:
    """The heading over the results, without the word that shows while they load."""
    return page.locator("#h-hasil").inner_text().split("\n")[0]


def chosen(page: Page, name: str) -> list[str]:
    """The boxes of a facet that are ticked."""
    boxes = page.locator(f"#saring-form input[name={name}]:checked")
    return [str(box.get_attribute("value")) for box in boxes.all()]


@pytest.fixture
def listing(page: Page, live_url: str) -> Page:
    """The listing on a wide screen."""
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(f"{live_url}/kerja-sama")
    return page


@pytest.fixture
def phone(page: Page, live_url: str) -> Page:
    """The listing on a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_url}/kerja-sama")
    return page


# -- a thumb --------------------------------------------------------------------------------------------------------

LOW = """() => [...document.querySelectorAll('main button, main select, main summary, main .opt, .btn, .foot li a')]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML)"""


def test_everything_that_is_pressed_on_a_phone_is_as_high_as_a_thumb(phone: Page) -> None:
    assert phone.evaluate(LOW) == []
    phone.locator("[popovertarget]:visible").click()
    assert phone.evaluate(LOW) == []


# -- filters --------------------------------------------------------------------------------------------------------


def test_a_click_on_a_filter_changes_list_address_numbers_and_tells_it(listing: Page, live_url: str) -> None:
    listing.evaluate("document.querySelector('#pengumuman').dataset.same = 'yes'")
    listing.get_by_label("Tiongkok").check()
    expect(listing).to_have_url(f"{live_url}/kerja-sama?negara=CN")
    number = listing.locator("#n-negara-CN").inner_text()
    expect(listing.locator("#h-hasil")).to_contain_text(number)
    expect(listing.locator("#pengumuman")).to_contain_text(number)
    expect(listing.locator("#pengumuman")).to_have_attribute("data-same", "yes")
    expect(listing).to_have_title(re.compile(f"Tiongkok: {number}"))
    expect(listing.locator("#f-negara-CN")).to_be_focused()
    expect(listing.locator("#n-tombol")).to_have_text(number)


def test_filters_work_by_keyboard_and_the_focus_stays(listing: Page, live_url: str) -> None:
    box = listing.locator("#f-kabar-tanpa")
    box.focus()
    listing.keyboard.press("Space")
    expect(listing).to_have_url(f"{live_url}/kerja-sama?kabar=tanpa")
    expect(box).to_be_focused()
    listing.keyboard.press("Tab")
    expect(listing.locator("#f-kabar-akhir")).to_be_focused()
    listing.keyboard.press("Space")
    expect(listing).to_have_url(f"{live_url}/kerja-sama?kabar=akhir&kabar=tanpa")


def test_back_and_forward_bring_back_list_and_fields(listing: Page, live_url: str) -> None:
    start = listed(listing)
    listing.locator("#f-kabar-tanpa").check()
    expect(listing).to_have_url(f"{live_url}/kerja-sama?kabar=tanpa")
    first = listed(listing)
    listing.locator("#prov").select_option("33")
    expect(listing).to_have_url(f"{live_url}/kerja-sama?kabar=tanpa&prov=33")
    second = listed(listing)
    assert len({start, first, second}) == 3
    listing.go_back()
    expect(listing.locator("#h-hasil")).to_contain_text(first)
    expect(listing).to_have_url(f"{live_url}/kerja-sama?kabar=tanpa")
    expect(listing.locator("#prov")).to_have_value("")
    assert chosen(listing, "kabar") == ["tanpa"]
    listing.go_back()
    expect(listing.locator("#h-hasil")).to_contain_text(start)
    assert chosen(listing, "kabar") == []
    listing.go_forward()
    listing.go_forward()
    expect(listing.locator("#h-hasil")).to_contain_text(second)
    expect(listing.locator("#prov")).to_have_value("33")
    expect(listing.locator("#f-kabar-tanpa")).to_be_checked()
    expect(listing.locator(".chip")).to_have_count(2)


def test_a_province_brings_its_regions(listing: Page, live_url: str) -> None:
    expect(listing.locator("#daerah option")).to_have_count(1)
    listing.locator("#prov").focus()
    listing.locator("#prov").select_option("33")
    expect(listing.locator("#daerah option")).to_have_count(37)
    expect(listing.locator("#prov")).to_be_focused()
    expect(listing.locator("#daerah")).to_have_value("")
    listing.locator("#daerah").focus()
    listing.locator("#daerah").select_option("33.72")
    expect(listing).to_have_url(f"{live_url}/kerja-sama?prov=33&daerah=33.72")
    expect(listing.locator("#daerah")).to_have_value("33.72")
    expect(listing.locator("#daerah")).to_be_focused()


def test_a_chip_goes_with_its_filter_and_the_focus_goes_to_the_heading(listing: Page, live_url: str) -> None:
    listing.goto(f"{live_url}/kerja-sama?q=surakarta&kabar=tanpa&prov=33")
    listing.locator("#c-kabar-tanpa").click()
    expect(listing).to_have_url(f"{live_url}/kerja-sama?q=surakarta&prov=33")
    expect(listing.locator("#h-hasil")).to_be_focused()
    expect(listing.locator("#f-kabar-tanpa")).not_to_be_checked()
    expect(listing.locator("#pengumuman")).to_contain_text(listing.locator("#h-hasil").inner_text().split()[0])
    listing.locator("#c-semua").click()
    expect(listing).to_have_url(f"{live_url}/kerja-sama")
    expect(listing.locator("#q")).to_have_value("")
    expect(listing.locator(".chip")).to_have_count(0)
    listing.locator("#f-kabar-ada").check()
    expect(listing).to_have_url(f"{live_url}/kerja-sama?kabar=ada")


def test_words_apply_when_sent_and_stay_through_filters_and_orders(listing: Page, live_url: str) -> None:
    listing.locator("#q").fill("surakarta")
    expect(listing).to_have_url(f"{live_url}/kerja-sama")
    listing.keyboard.press("Enter")
    expect(listing).to_have_url(f"{live_url}/kerja-sama?q=surakarta")
    listing.locator("#urut").focus()
    listing.locator("#urut").select_option("mulai")
    expect(listing).to_have_url(f"{live_url}/kerja-sama?q=surakarta&urut=mulai")
    expect(listing.locator("#urut")).to_be_focused()
    listing.locator("#f-negara-CN").check()
    expect(listing).to_have_url(f"{live_url}/kerja-sama?q=surakarta&negara=CN&urut=mulai")


def test_suggestions_come_while_typing(listing: Page, live_url: str) -> None:
    listing.goto(live_url)
    listing.locator("#q").press_sequentially("sura", delay=20)
    expect(listing.locator("#saran option").first).to_have_attribute("value", "Kota Surakarta")


def test_one_change_is_one_step_back(listing: Page, live_url: str) -> None:
    before = listing.evaluate("history.length")
    listing.locator("#f-kabar-tanpa").check()
    expect(listing).to_have_url(f"{live_url}/kerja-sama?kabar=tanpa")
    listing.locator("#q").focus()
    listing.keyboard.press("Enter")
    expect(listing.locator("#pengumuman")).not_to_be_empty()
    assert listing.evaluate("history.length") == before + 1


# -- pages, view, errors --------------------------------------------------------------------------------------------


def test_the_next_page_begins_at_its_heading(listing: Page, live_url: str) -> None:
    listing.locator("#hal-2").click()
    expect(listing).to_have_url(f"{live_url}/kerja-sama?hal=2")
    expect(listing.locator("#h-hasil")).to_be_focused()
    expect(listing.locator("#h-hasil")).to_be_in_viewport()
    expect(listing.locator("#pengumuman")).to_contain_text("2")
    expect(listing.locator(".pager [aria-current]")).to_have_text("2")
    listing.locator("#f-kabar-tanpa").check()
    expect(listing).to_have_url(f"{live_url}/kerja-sama?kabar=tanpa")


def test_an_error_lands_in_the_alert_and_the_list_stays(listing: Page, live_url: str) -> None:
    shown = listed(listing)
    body = '<div id="pesan-isi">Terlalu banyak</div>'
    listing.route("**/kerja-sama?*", lambda route: route.fulfill(status=429, body=body, content_type="text/html"))
    listing.locator("#f-kabar-tanpa").check()
    expect(listing.locator("#pesan")).to_contain_text("Terlalu banyak")
    assert listed(listing) == shown
    expect(listing).to_have_url(f"{live_url}/kerja-sama")


def test_the_true_map_comes_on_request_and_has_an_address(page: Page, live_url: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 900})
    page.goto(live_url)
    page.locator("#peta-geo").click()
    expect(page.locator("#peta svg.geo")).to_be_visible()
    expect(page).to_have_url(f"{live_url}/?peta=geo")
    page.go_back()
    expect(page.locator("#peta .tiles")).to_be_visible()
    expect(page.locator("svg.geo")).to_have_count(0)


# -- phone, no script, narrow ---------------------------------------------------------------------------------------


def test_on_a_phone_the_filters_are_a_sheet(phone: Page, live_url: str) -> None:
    expect(phone.locator("#saring-form")).to_be_hidden()
    phone.locator("#buka-saring").click()
    phone.locator("#f-kabar-tanpa").check()
    expect(phone).to_have_url(f"{live_url}/kerja-sama?kabar=tanpa")
    expect(phone.locator("#saring-form")).to_be_visible()
    number = phone.locator("#n-kabar-tanpa").inner_text()
    expect(phone.locator("#n-tombol")).to_have_text(number)
    phone.locator(".sieve__end .btn:visible").click()
    expect(phone.locator("#saring-form")).to_be_hidden()
    expect(phone.locator("#buka-saring")).to_contain_text("(1)")
    phone.locator("#buka-saring").click()
    phone.keyboard.press("Escape")
    expect(phone.locator("#saring-form")).to_be_hidden()
    expect(phone.locator("#buka-saring")).to_be_focused()


@pytest.fixture
def scriptless(browser: Browser, live_url: str) -> Iterator[Page]:
    """A reader whose browser runs no script."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 900}, base_url=live_url)
    yield context.new_page()
    context.close()


def test_without_a_script_everything_is_a_form_and_links(scriptless: Page, live_url: str) -> None:
    scriptless.goto("/")
    scriptless.locator("#q").fill("Solo")
    scriptless.keyboard.press("Enter")
    expect(scriptless).to_have_url(f"{live_url}/daerah/33.72-kota-surakarta")
    scriptless.goto("/kerja-sama")
    scriptless.locator("#f-kabar-tanpa").check()
    scriptless.locator("#prov").select_option("33")
    scriptless.locator("#saring-form button[type=submit]:visible").click()
    expect(scriptless).to_have_url(f"{live_url}/kerja-sama?kabar=tanpa&prov=33")
    expect(scriptless.locator(".row").first).to_be_visible()
    scriptless.locator("#c-prov-33").click()
    expect(scriptless).to_have_url(f"{live_url}/kerja-sama?kabar=tanpa")
    scriptless.locator("#hal-lanjut").click()
    expect(scriptless).to_have_url(f"{live_url}/kerja-sama?kabar=tanpa&hal=2")
    scriptless.get_by_role("link", name="tabel").click()
    scriptless.locator("th a").first.click()
    expect(scriptless.locator("th[aria-sort=ascending]")).to_have_count(1)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_a_narrow_screen(page: Page, live_url: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(
    page: Page, live_url: str, accessible: Callable[[Page], None], path: str, size: str, scheme: str
) -> None:
    wide = size == "wide"
    page.set_viewport_size({"width": 1366, "height": 900} if wide else {"width": 390, "height": 844})
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.goto(live_url + path)
    if not wide and "kerja-sama" in path:
        page.locator("#buka-saring").click()
    accessible(page)


def test_the_first_load_is_light(page: Page, live_url: str) -> None:
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(response.request.sizes()["responseBodySize"]))
    for path in ("/", "/kerja-sama"):
        sizes.clear()
        page.goto(live_url + path, wait_until="networkidle")
        assert sum(sizes) <= 60_000, path
