"""Can the page of a record be read by everybody: on small screens, in the dark, on paper, without script?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.record_pages import XIAN, publisher

PAGES = [
    XIAN,
    f"/en{XIAN}",
    "/kerja-sama/KS-0014",
    f"{XIAN}?pada=2016-06-30",
    "/kerja-sama/KS-0011/riwayat",
    "/kerja-sama/KS-0011/banding",
    "/kerja-sama/KS-0011/dokumen/i1",
]
LONG = "Kerjasamaantardaerah" * 14
Sound = Callable[[Page], None]


def overflow(page: Page) -> int:
    """By how much the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_stands_in_a_readers_way(
    page: Page, live_url: str, accessible: Sound, path: str, width: int, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(live_url + path)
    accessible(page)
    assert overflow(page) <= 0


@pytest.mark.parametrize("path", [*PAGES, *(f"/kerja-sama/KS-{number:04d}" for number in range(1, 21))])
def test_the_narrowest_screen_needs_no_sideways_scrolling(page: Page, live_url: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_url + path)
    assert overflow(page) <= 0


def test_who_with_whom_and_which_status_stand_on_the_first_screen_of_a_phone(page: Page, live_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_url + XIAN)
    for what in ("h1", ".say", ".now .tag", ".now time"):
        box = page.locator(what).first.bounding_box()
        assert box is not None, what
        assert box["y"] + box["height"] <= 844, what


def test_words_of_any_length_break_nothing(page: Page, fresh_live_app: Any, fresh_live_url: str) -> None:
    publisher(fresh_live_app)(
        "KS-0012",
        LONG,
        title={"id": LONG},
        summary={"id": LONG},
        local_parties=[{"name": {"id": LONG}, "printed": LONG, "kind": "agency"}],
        foreign_parties=[
            {"name": {"id": LONG}, "short": {"id": LONG[:99]}, "kind": "unknown", "country": "US", "place": [LONG[:99]]}
        ],
        events=[{"class": "follow_up", "kind": "other", "date": "2017-05", "title": {"id": LONG}, "quote": LONG}],
        instruments=[
            {"key": "i1", "kind": "mou", "title": {"id": LONG}, "number": LONG[:190], "signing": "reported",
             "disclosure": "public", "signed_on": "2017-04-02"}
        ],
    )  # fmt: skip
    for width in (320, 1366):
        page.set_viewport_size({"width": width, "height": 844})
        for path in (
            "/kerja-sama/KS-0012",
            *(f"/kerja-sama/KS-0012/{tail}" for tail in ("riwayat", "banding", "dokumen/i1")),
        ):
            page.goto(fresh_live_url + path)
            assert overflow(page) <= 0, (width, path)


def test_paper_carries_the_permalink_and_not_the_buttons(page: Page, live_url: str) -> None:
    page.goto(live_url + XIAN)
    assert not page.locator(".permalink").is_visible()
    page.emulate_media(media="print")
    permalink = page.locator(".permalink")
    assert permalink.is_visible()
    assert permalink.inner_text().endswith(f"{XIAN}?rev=1")
    for hidden in ("nav.nav", ".strip", "#bagikan", "footer"):
        assert not page.locator(hidden).first.is_visible(), hidden
    for shown in ("h1", ".say", ".now", "#tahap", "#tindak-lanjut", "#pihak", "#sumber", "#riwayat"):
        assert page.locator(shown).first.is_visible(), shown


def test_it_fits_on_three_sheets(page: Page, live_url: str) -> None:
    page.goto(live_url + XIAN)
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    assert 1 <= sheets <= 3


def test_it_works_without_script(browser: Browser, live_url: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.goto(live_url + XIAN)
    page.locator("summary").first.click()
    assert page.locator("#sumber details li").first.is_visible()
    page.locator('a.fn[href="#s1"]').first.click()
    assert page.url.endswith("#s1")
    page.goto(f"{live_url}/kerja-sama/KS-0011/banding")
    assert page.locator("select").count() == 0  # of one revision there is nothing to choose
    context.close()
