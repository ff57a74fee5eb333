"""Does a long list of choices get shorter while one types, without losing what is chosen, and without script too?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.people import People, Person, people, signed_in
from tests.proposals import RECORD

Opened = Callable[..., Page]


@pytest.fixture
def staff(fresh_live_app: Any) -> People:
    return people(fresh_live_app)


@pytest.fixture
def opened(browser: Browser, fresh_live_app: Any, fresh_live_url: str) -> Iterator[Opened]:
    """`opened(person)`: a phone on which somebody has signed in; its console must stay quiet."""
    heard: list[str] = []
    contexts = []

    def open_for(who: Person, script: bool = True) -> Page:
        context = browser.new_context(
            java_script_enabled=script, viewport={"width": 390, "height": 844}, base_url=fresh_live_url
        )
        contexts.append(context)
        cookie = signed_in(fresh_live_app, who).get_cookie("portal")
        assert cookie is not None
        context.add_cookies([{"name": "portal", "value": cookie.value, "url": fresh_live_url}])
        page = context.new_page()
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert heard == []


def shown(page: Page) -> list[str]:
    """The fields of the cooperation that are in sight."""
    return [text.strip() for text in page.locator("#sectors label.check:visible").all_inner_texts()]


def form(page: Page, language: str = "") -> Any:
    page.goto(f"{language}/usulan/baru?untuk={RECORD}&jenis=ubah")
    fold = page.locator("details:has(#sectors)").first
    if fold.get_attribute("open") is None:
        fold.locator("> summary").click()
    return page.locator("#sectors-cari")


def test_the_fields_get_fewer_while_one_types(
    opened: Opened, staff: People, accessible: Callable[[Page], None]
) -> None:
    page = opened(staff.stranger)
    search = form(page, "/en")
    every, ticked = shown(page), page.locator("#sectors input:checked")
    chosen = [str(box.get_attribute("value")) for box in ticked.all()]
    assert len(every) >= 20
    assert chosen
    search.fill("touri")
    assert "Tourism" in shown(page)
    assert len(shown(page)) == 1 + len(chosen), "what is ticked stays in sight"
    expect(page.locator(".narrows [role=status]")).to_have_text(f"1 of {len(every)} match")
    expect(page.locator("#sectors > legend ~ .narrows").get_by_label("Search sectors")).to_be_visible()
    accessible(page)
    page.get_by_label("Tourism").check()
    search.press("Enter")
    expect(page).to_have_url(re.compile("/usulan/baru"))
    search.press("Escape")
    expect(search).to_have_value("")
    assert shown(page) == every
    expect(page.locator(".narrows [role=status]")).to_have_text("")
    assert {str(box.get_attribute("value")) for box in ticked.all()} == {*chosen, "tourism"}
    search.fill("zzzz")
    assert len(shown(page)) == len(chosen) + 1
    expect(page.locator(".narrows [role=status]")).to_have_text("No match. What is ticked stays shown.")


@pytest.mark.parametrize(("language", "typed"), [("", "tourism"), ("/en", "PARIWÍSATA")])
def test_a_field_is_found_by_its_name_in_either_language(
    opened: Opened, staff: People, language: str, typed: str
) -> None:
    page = opened(staff.stranger)
    form(page, language).fill(typed)
    expect(page.locator("#sectors-tourism")).to_be_visible()
    expect(page.locator("#sectors label.check:visible:not(:has(:checked))")).to_have_count(1)


def test_without_script_the_whole_list_stands_there(opened: Opened, staff: People) -> None:
    page = opened(staff.stranger, script=False)
    search = form(page)
    expect(search).to_be_hidden()
    assert len(shown(page)) >= 20
    page.get_by_label("Pariwisata").check()
    expect(page.get_by_label("Pariwisata")).to_be_checked()


def test_a_region_is_found_by_any_word_of_its_name(opened: Opened, staff: People) -> None:
    page = opened(staff.moderator)
    page.goto("/usulan/baru?jenis=baru")
    select, search = page.locator("#daerah"), page.locator("#daerah-cari")
    total = select.locator("option").count()
    assert total > 30
    expect(select).to_have_value("")
    search.fill("wonogiri")
    assert select.locator("option").all_inner_texts()[1:] == ["Kabupaten Wonogiri"]
    expect(select).to_have_value("33.12")
    search.press("Enter")
    expect(page).to_have_url(re.compile("jenis=baru$"))
    search.press("Escape")
    expect(select.locator("option")).to_have_count(total)
    expect(select).to_have_value("33.12")
    page.get_by_role("button", name="Lanjut").click()
    expect(page).to_have_url(re.compile("daerah=33.12"))


@pytest.mark.parametrize(
    ("language", "typed", "code"),
    [("", "solo", "33.72"), ("/en", "kota solo", "33.72"), ("", "boyolali regency", "33.09"), ("/en", "jogja", "34")],
)
def test_a_region_is_found_by_every_name_it_has(
    opened: Opened, staff: People, language: str, typed: str, code: str
) -> None:
    page = opened(staff.moderator)
    page.goto(f"{language}/usulan/baru?jenis=baru")
    page.locator("#daerah-cari").fill(typed)
    expect(page.locator(f"#daerah option[value='{code}']")).to_have_count(1)
    assert page.locator("#daerah option").count() <= 6, "few others begin so"


def test_the_choice_of_a_region_changes_only_in_words(opened: Opened, staff: People) -> None:
    page = opened(staff.moderator)
    page.goto("/en/usulan/baru?jenis=baru")
    select, search = page.locator("#daerah"), page.locator("#daerah-cari")
    said = page.locator(".narrows [role=status]")
    expect(page.get_by_label("Search regions")).to_be_visible()
    search.fill("zzz")
    expect(select).to_have_value("")
    expect(said).to_have_text("No match. The choice stays as it was.")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("jenis=baru$"))
    search.fill("")
    select.select_option("33.12")
    search.fill("wonog")
    expect(select).to_have_value("33.12")
    search.fill("boyol")
    expect(select).to_have_value("33.09")
    expect(said).to_have_text(re.compile("^1 of [0-9]+ match; chosen: Boyolali Regency$"))
    search.fill("boyolx")
    expect(select).to_have_value("33.12")
    search.fill("kabupaten")
    expect(select).to_have_value("33.12")
    expect(said).to_have_text(re.compile("^[0-9]+ of [0-9]+ match; chosen: Wonogiri Regency$"))
