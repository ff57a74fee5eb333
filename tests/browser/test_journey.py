"""Does the whole way work? A clerk reports, the region supports, a moderator decides, the public sees it.

What a person would do is done in a browser, each role in a context of its own, from the sign-in page on; the letters go
through a real mail server. Once with script and once without.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal import auditing, linking, mailing
from portal.extensions import db, today
from portal.models import Account, Proposal
from tests.browser.conftest import served
from tests.browser.steps import follow
from tests.conftest import Databases, application
from tests.files import pdf
from tests.mailbox import Mailbox
from tests.mailbox import opened as mail_server
from tests.people import PASSWORD, People, Person, people
from tests.web.test_signing_second import code_of

REGION = "/daerah/33.10-kabupaten-klaten"
NAME = "Kabupaten Nanjing, Fujian"
SUMMARY = "Klaten dan Kabupaten Nanjing di Fujian merencanakan kota kembar."
MENDED = "Klaten dan Kabupaten Nanjing di Fujian merencanakan kota kembar, dengan pertukaran pelajar."
RETURNED = "Sebutkan juga pertukaran pelajar yang ada di surat."
PUBLIC_NOTES = {True: "Langkah pertama menurut surat dinas.", False: "Ringkasan dilengkapi menurut surat yang sama."}


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def app(databases: Databases, tmp_path: Path, mailbox: Mailbox) -> Iterator[Any]:
    """The portal over a copy of the register, with a mail server."""
    kept = databases.on("sqlite")
    url = kept.copy()
    with application(url, tmp_path / "instance", **mailbox.settings) as made:
        yield made
    kept.drop(url)


@pytest.fixture
def staff(app: Any) -> People:
    """One of each role; the coordinator reads English."""
    made = people(app)
    with app.app_context():
        db.session.get_one(Account, made.coordinator.id).language = "en"
        db.session.commit()
        db.session.remove()
    return made


Enter = Callable[[Person | None], Page]


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def scripted(request: pytest.FixtureRequest) -> bool:
    """True where the browsers run script."""
    return bool(request.param)


@pytest.fixture
def enter(scripted: bool, browser: Browser, app: Any) -> Iterator[Enter]:
    """`enter(person)`: a page of somebody who came in through the sign-in page; of a visitor with None."""
    with ExitStack() as stack, served(app) as address:

        def come(who: Person | None) -> Page:
            context: BrowserContext = stack.enter_context(
                browser.new_context(java_script_enabled=scripted, base_url=address, locale="id-ID")
            )
            context.set_default_timeout(10_000)
            page = context.new_page()
            if who is not None:
                sign_in(app, page, who)
            return page

        yield come


def sign_in(app: Any, page: Page, who: Person) -> None:
    page.goto("/masuk")
    page.locator("[name=email]").fill(who.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    if who.totp:
        page.locator("[name=code]").fill(code_of(app, who))
        page.locator("main button[type=submit]").first.click()
    expect(page).not_to_have_url(re.compile("/masuk"))


def letters(app: Any, mailbox: Mailbox) -> list[tuple[str, str]]:
    """Send what waits; who got which letter since the last time. Sign-ins from a new device are not counted."""
    before = len(mailbox.letters)
    with app.app_context():
        report = mailing.deliver_all()
        db.session.remove()
    assert (report.problem, report.given_up, report.later) == ("", 0, 0)
    fresh = [one for one in mailbox.letters[before:] if "perangkat" not in one.subject and "device" not in one.subject]
    return sorted((one.recipients[0], re.sub(r"U-[A-Z0-9-]{14}", "U", one.subject)) for one in fresh)


def proposal_of(app: Any) -> tuple[int, str, str]:
    """Number, state and subject of the only proposal."""
    with app.app_context():
        [one] = db.session.query(Proposal)
        found = (one.id, one.state, one.subject)
        db.session.remove()
    return found


def report(page: Page, scripted: bool) -> None:
    """The clerk writes of the new step, with the letter that proves it, and sends it."""
    page.goto("/ruang-kerja")
    follow(page.get_by_role("link", name="Kerja sama baru").first)  # the keeper of the draft must be there
    page.locator("[id='foreign_parties-0-name']").fill(NAME)
    page.locator("[id='foreign_parties-0-country']").fill("Tiongkok")
    page.locator("[id='foreign_parties-0-kind']").select_option("foreign_local_government")
    if scripted:  # the draft keeps itself while it is written
        expect(page.locator("#usulan-nomor")).not_to_have_value("")
    page.locator("#type").select_option("sister_city")
    page.locator("details.item", has=page.locator("#sectors-education")).locator("summary").click()
    page.locator("#sectors-education").check()
    page.locator("#sectors-culture").check()
    page.locator("#summary").fill(SUMMARY)
    page.locator("details.item", has=page.locator("[id='milestones-exploration-state']")).locator("summary").click()
    page.locator("[id='milestones-exploration-state']").select_option("done")
    page.locator("[id='milestones-exploration-date-hari']").fill("24")
    page.locator("[id='milestones-exploration-date-bulan']").fill("6")
    page.locator("[id='milestones-exploration-date-tahun']").fill("2025")
    page.locator("#berkas").set_input_files({"name": "surat.pdf", "mimeType": "application/pdf", "buffer": pdf(2)})
    page.locator(".actbar button[value=pratinjau]").click()
    expect(page.locator("#perubahan")).to_contain_text(NAME)
    page.locator("#sah").check()
    page.get_by_role("button", name="Kirim usulan").click()
    expect(page.locator(".flash")).to_be_visible()


def support(page: Page, number: int) -> None:
    """The cooperation section of the region stands behind it."""
    page.goto("/ruang-kerja")
    page.locator(f"main a[href$='/usulan/{number}']").first.click()
    page.locator("#dukung button[type=submit]").click()
    expect(page.locator("#dukung")).to_have_count(0)


def decide(page: Page, number: int, returned: str = "", reason: str = "") -> None:
    """A moderator accepts everything but what is returned, and says why."""
    page.goto("/moderasi")
    follow(page.locator(f"tbody th a[href='/moderasi/{number}']"))  # the fields are counted: all of them must have come
    fields = page.locator(".review__f")
    for place in range(fields.count()):
        field = fields.nth(place)
        if returned and field.get_by_text(returned, exact=True).count():
            field.locator("input[value=return]").check()
            comment = field.locator("textarea[name^=comment-]")
            if not comment.is_visible():
                field.locator("details:has(textarea[name^=comment-]) > summary").click()
            comment.fill(RETURNED)
        elif field.locator("input[value=accept]").count():  # the region goes along
            field.locator("input[value=accept]").check()
    page.locator("#note").fill("Terima kasih. " + (RETURNED if returned else "Sudah lengkap."))
    page.locator("#change_note").fill(PUBLIC_NOTES[bool(returned)])
    if reason:
        page.locator("#reason").fill(reason)
    page.locator("#b-terbit").click()
    expect(page.locator(".flash").first).to_be_visible()


def mend(page: Page, number: int) -> None:
    """The clerk reads what was returned, mends it and sends it again."""
    page.goto("/ruang-kerja")
    follow(page.get_by_role("link", name="Perbaiki").first)
    if not re.search(r"/ubah", page.url):
        expect(page.locator("main")).to_contain_text(RETURNED)
        follow(page.get_by_role("link", name="Perbaiki").first)
    expect(page.locator("#summary")).to_have_value(SUMMARY)
    page.locator("#summary").fill(MENDED)
    page.locator(".actbar button[value=pratinjau]").click()
    expect(page.locator("#perubahan")).to_contain_text("pertukaran pelajar")
    page.locator("#sah").check()
    page.get_by_role("button", name="Kirim usulan").click()
    expect(page.locator(".flash")).to_be_visible()


def look(reader: Page, path: str) -> None:
    """What the register says now: a browser shows what it has for some seconds, unless it is told to ask again."""
    reader.goto(path)
    reader.reload()


def test_from_a_clerks_report_to_the_public_record(
    enter: Enter, app: Any, staff: People, mailbox: Mailbox, scripted: bool
) -> None:
    clerk_box, section = staff.clerk.email, staff.coordinator.email
    moderator_box, second = staff.moderator.email, staff.second.email
    public, clerk, coordinator = enter(None), enter(staff.clerk), enter(staff.coordinator)
    public.goto(REGION)
    expect(public.locator("main")).not_to_contain_text("sedang ditinjau")
    report(clerk, scripted)
    number, state, _subject = proposal_of(app)
    assert state == "submitted"
    assert letters(app, mailbox) == sorted([
        (section, "Proposal U waits for the support of your region"),
        (moderator_box, "Usulan U menunggu moderator"),
        (second, "Usulan U menunggu moderator"),
    ])  # fmt: skip
    look(public, REGION)
    expect(public.locator("main")).to_contain_text("1 usulan sedang ditinjau")
    expect(public.locator("main")).not_to_contain_text("pendidikan")

    support(coordinator, number)
    assert letters(app, mailbox) == sorted([
        (clerk_box, "Usulan Anda U didukung daerah Anda"),
        (moderator_box, "Usulan U didukung daerahnya"),
        (second, "Usulan U didukung daerahnya"),
    ])  # fmt: skip

    moderator = enter(staff.moderator)
    decide(moderator, number, returned="Ringkasan")
    _number, state, subject = proposal_of(app)
    assert state == "returned"
    assert letters(app, mailbox) == sorted([
        (clerk_box, "Usulan Anda U terbit sebagian; sisanya perlu perbaikan"),
        (section, "Proposal U that you supported is published in part"),
    ])  # fmt: skip
    look(public, f"/kerja-sama/{subject}")
    expect(public.locator("main")).to_contain_text("Nanjing")
    expect(public.locator("main")).not_to_contain_text(SUMMARY)
    expect(public.locator("main")).not_to_contain_text("sedang ditinjau")

    mend(clerk, number)
    public.reload()
    expect(public.locator("main")).to_contain_text("1 usulan sedang ditinjau")
    decide(moderator, number, reason="Daerah sudah mendukungnya sebelum diperbaiki.")
    assert proposal_of(app)[1:] == ("published", subject)
    assert (clerk_box, "Usulan Anda U sudah terbit") in letters(app, mailbox)
    for one in mailbox.letters:
        told = one.text.replace(RETURNED, "") if one.recipients == (clerk_box,) else one.text
        assert not re.search("Pegawai|Nanjing|Fujian|pertukaran|None", told), told
        assert bool(re.search("You get this letter", told)) == (one.recipients == (section,)), told
    the_public_sees_it(public, subject)
    rebuilt(app)
    look(public, f"/kerja-sama/{subject}")
    expect(public.locator("main")).to_contain_text(MENDED)


def rebuilt(app: Any) -> None:
    """The chain holds, and the index written anew says the same."""
    with app.app_context():
        assert list(auditing.problems(db.session())) == []
        before = linking.head(db.session())
        auditing.rebuild(db.session(), today())
        db.session.commit()
        assert list(auditing.problems(db.session())) == []
        assert linking.head(db.session()) == before
        db.session.remove()


def the_public_sees_it(page: Page, subject: str) -> None:
    """The record, its history and comparison, the listing, the feed, the JSON and the numbers of moderation."""
    look(page, f"/kerja-sama/{subject}")
    main = page.locator("main")
    expect(main).to_contain_text(MENDED)
    expect(main).not_to_contain_text("sedang ditinjau")
    page.goto(f"/kerja-sama/{subject}/riwayat")
    expect(page.locator("[id^=revisi-]")).to_have_count(2)
    for words in (*PUBLIC_NOTES.values(), "Dinas Uji", "Sekretariat Tautan Daerah", "Hash"):
        expect(main).to_contain_text(words)
    expect(main).not_to_contain_text("Pegawai")
    page.goto(f"/kerja-sama/{subject}/banding?dari=1&ke=2")
    expect(main).to_contain_text("pertukaran pelajar")
    page.goto("/kerja-sama?daerah=33.10")
    expect(main).to_contain_text("Nanjing")
    asked = page.request
    assert [one["id"] for one in asked.get("/kerja-sama.json?daerah=33.10").json()["items"]] == [subject]
    record = asked.get(f"/kerja-sama/{subject}.json")
    assert record.json()["document"]["summary"]["id"] == MENDED
    feed = asked.get("/perubahan.atom").text()
    assert feed.count(f"{subject}") >= 2
    assert "Pegawai" not in record.text() + feed
    page.goto("/moderasi-publik")
    numbers = page.locator("table").first.locator("tbody tr").first.locator("td").all_inner_texts()
    assert [int(one) for one in numbers[:6]] == [1, 1, 1, 0, 0, 0], "received, published, in part, returned, refused"
