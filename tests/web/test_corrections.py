"""Can anybody point out a mistake and follow it, and does nothing of it leak, double or get lost?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from portal import corrections as rules
from portal import desk
from portal.extensions import db, today
from portal.models import Letter, Tip
from portal.web import corrections
from tests.pages import CheckedClient, soup

RECORD = "/kerja-sama/KS-0011-kota-surakarta-xian"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests are quicker than people."""
    monkeypatch.setattr(corrections, "QUICKEST", 0)


def opened(client: CheckedClient, path: str = "/koreksi", **query: str) -> dict[str, str]:
    """The form as it stands on the page."""
    form = soup(client.get(path, query_string=query)).select_one("#kirim")
    found = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden], input[type=text]")}
    chosen = form.select_one("input[type=radio][checked]")
    return {**found, "jenis": chosen["value"]}


def filled(client: CheckedClient, path: str = "/koreksi", hal: str = RECORD, **typed: str) -> dict[str, str]:
    return {**opened(client, path, hal=hal), "laporan": "Tahun penandatanganan seharusnya 2006.", **typed}


def sent(client: CheckedClient, path: str = "/koreksi", **typed: str) -> Any:
    return client.post(path, data=filled(client, path, **typed))


def tips(app: Any) -> list[Tip]:
    with app.app_context():
        return list(db.session.execute(select(Tip).order_by(Tip.id)).scalars())


def test_a_report_gets_a_code_a_promised_day_and_a_page(fresh_app: Any, fresh_client: CheckedClient) -> None:
    answer = sent(fresh_client, bukti="Halaman 3 naskah di situs kota", kontak="warga@contoh.example")
    assert answer.status_code == 303
    assert re.fullmatch(r"/koreksi/K(-[A-HJKMNP-Z2-9]{4}){3}", answer.location)
    page = soup(fresh_client.get(answer.location))
    text = page.select_one("article").get_text(" ")
    assert answer.location.rpartition("/")[2] in text
    assert "Tahun penandatanganan seharusnya 2006." in text
    assert page.select_one("article time")["datetime"] == rules.working_day(today(), 10).isoformat()
    assert "warga@contoh.example" not in str(page)
    (tip,) = tips(fresh_app)
    assert (tip.subject, tip.region, tip.state, tip.contact) == ("KS-0011", "33.72", "new", "warga@contoh.example")


def test_the_form_and_the_receipt_set_no_cookie_and_are_kept_by_nobody(fresh_client: CheckedClient) -> None:
    answer = sent(fresh_client)
    for got in (fresh_client.get("/koreksi"), answer, fresh_client.get(answer.location)):
        assert "Set-Cookie" not in got.headers
    for got in (fresh_client.get("/koreksi"), fresh_client.get(answer.location)):
        assert got.headers["Cache-Control"] == "no-store"
        assert got.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("hal", "subject", "region"),
    [
        (RECORD, "KS-0011", "33.72"),
        ("/en" + RECORD, "KS-0011", "33.72"),
        ("/kerja-sama/KS-0011/riwayat", "KS-0011", "33.72"),
        ("/kerja-sama/KS-9999", "", ""),
        ("/daerah/33.10-kabupaten-klaten", "33.10", "33.10"),
        ("/en/daerah/33-jawa-tengah", "33", "33"),
        ("/daerah/99-tidak-ada", "", ""),
        ("/metode", "", ""),
    ],
)
def test_it_knows_what_it_is_about(
    fresh_app: Any, fresh_client: CheckedClient, hal: str, subject: str, region: str
) -> None:
    assert sent(fresh_client, hal=hal).status_code == 303
    assert [(tip.subject, tip.region) for tip in tips(fresh_app)] == [(subject, region)]


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("KS-11", "/kerja-sama/KS-0011"),
        ("ks0011", "/kerja-sama/KS-0011"),
        ("http://localhost" + RECORD, RECORD),
        ("//evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("sembarang", ""),
    ],
)
def test_a_page_may_be_typed_in(fresh_app: Any, fresh_client: CheckedClient, typed: str, path: str) -> None:
    form = {**opened(fresh_client), "laporan": "Ada yang keliru di sini.", "hal": typed}
    assert fresh_client.post("/koreksi", data=form).status_code == 303
    assert [tip.page for tip in tips(fresh_app)] == [path]


def test_the_same_form_twice_is_one_report(fresh_app: Any, fresh_client: CheckedClient) -> None:
    form = filled(fresh_client)
    first, again = (fresh_client.post("/koreksi", data=form) for _ in range(2))
    other = fresh_client.post("/koreksi", data={**form, "laporan": "Sesuatu yang lain sama sekali."})
    assert first.location == again.location != other.location
    assert len(tips(fresh_app)) == 2


def test_what_is_missing_is_told_and_nothing_typed_is_lost(fresh_app: Any, fresh_client: CheckedClient) -> None:
    form = filled(
        fresh_client, "/en/koreksi", laporan="pendek", bukti="Situs <b>kota</b>", kontak="bukan alamat", jenis="reply"
    )
    answer = fresh_client.post("/en/koreksi", data=form)
    page = soup(answer)
    assert answer.status_code == 422
    assert [link["href"] for link in page.select(".errsum a")] == ["#laporan", "#kontak"]
    assert page.title.get_text().startswith("Mistake:")
    assert page.select_one("#laporan").get_text().strip() == "pendek"
    assert page.select_one("#bukti").get_text().strip() == "Situs <b>kota</b>"
    assert page.select_one("#kontak")["value"] == "bukan alamat"
    assert page.select_one("input[name=jenis][checked]")["value"] == "reply"
    assert tips(fresh_app) == []
    again = {name: page.select_one(f"#kirim [name={name}]")["value"] for name in ("tanda", "hal")}
    assert (
        fresh_client.post("/koreksi", data={**form, **again, "laporan": form["laporan"] * 3, "kontak": ""}).status_code
        == 303
    )


@pytest.mark.parametrize("what", ["trap", "forged", "none", "quick"])
def test_machines_are_held_up_but_lose_nothing(
    fresh_app: Any, fresh_client: CheckedClient, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    form = filled(fresh_client)
    if what == "quick":
        monkeypatch.setattr(corrections, "QUICKEST", 60)
    else:
        form |= {
            "trap": {"situs_web": "https://judi.example/"},
            "forged": {"tanda": "abc.def.ghi"},
            "none": {"tanda": ""},
        }[what]
    answer = fresh_client.post("/koreksi", data=form)
    assert answer.status_code == 422
    page = soup(answer)
    assert page.select_one("#laporan").get_text().strip() == form["laporan"]
    assert not re.search("[0-9]", page.select_one("#h-galat").get_text()), "no field is wrong, none is counted"
    assert tips(fresh_app) == []


def test_another_site_cannot_send_it(fresh_app: Any, fresh_client: CheckedClient) -> None:
    answer = fresh_client.post("/koreksi", data=filled(fresh_client), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert tips(fresh_app) == []


def test_too_many_from_one_address_wait_and_are_told_how_long(fresh_app: Any, fresh_client: CheckedClient) -> None:
    for _ in range(5):
        assert sent(fresh_client).status_code == 303
    form = filled(fresh_client, laporan="Yang keenam dari alamat ini.")
    answer = fresh_client.post("/koreksi", data=form)
    assert answer.status_code == 429
    assert 3000 < int(answer.headers["Retry-After"]) <= 3600
    assert soup(answer).select_one("#laporan").get_text().strip() == form["laporan"]
    assert "60 " in soup(answer).select_one(".errsum").get_text()
    assert fresh_client.post("/koreksi", data=form, environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 303


def test_hidden_characters_are_taken_out(fresh_app: Any, fresh_client: CheckedClient) -> None:
    assert sent(fresh_client, laporan="Tahun\u202e yang\u200b benar\r\nadalah 2006.").status_code == 303
    assert tips(fresh_app)[0].text == "Tahun yang benar\nadalah 2006."


def test_the_code_may_be_typed_carelessly_and_no_other_leads_anywhere(fresh_client: CheckedClient) -> None:
    code = sent(fresh_client).location.rpartition("/")[2]
    typed = code.lower().replace("-", "")
    assert fresh_client.get(f"/koreksi/{typed}").location.endswith(f"/koreksi/{code}")
    assert fresh_client.get("/koreksi/ikuti", query_string={"kode": f" {code.lower()} "}).location.endswith(code)
    for wrong in ("K-AAAA-AAAA-AAAA", "1", "%00", "K", code[:-1], "U" + code[1:]):
        assert fresh_client.get(f"/koreksi/{wrong}").status_code == 404


def test_it_is_a_page_in_both_languages(fresh_app: Any, fresh_client: CheckedClient) -> None:
    answer = sent(fresh_client, path="/en/koreksi", hal="/en" + RECORD)
    assert answer.location.startswith("/en/koreksi/K-")
    assert "Report K-" in soup(fresh_client.get(answer.location)).h1.get_text()
    assert tips(fresh_app)[0].language == "en"


def test_the_sender_is_told_by_mail_where_there_is_an_address(fresh_app: Any, fresh_client: CheckedClient) -> None:
    sent(fresh_client, kontak="warga@contoh.example")
    sent(fresh_client, laporan="Tanpa alamat surel.")
    code = tips(fresh_app)[0].receipt
    with fresh_app.app_context():
        letters = db.session.execute(select(Letter).where(Letter.recipient == "warga@contoh.example")).scalars().all()
        assert [code in letter.body for letter in letters] == [True]


@pytest.mark.parametrize("kind", desk.TIP_KINDS)
def test_every_kind_can_be_chosen_by_address(client: CheckedClient, kind: str) -> None:
    assert opened(client, jenis=kind)["jenis"] == kind


@pytest.mark.parametrize("typed", ["", "   ", "??"])
def test_without_a_code_it_is_asked_for_beside_its_box(fresh_client: CheckedClient, typed: str) -> None:
    answer = fresh_client.get("/en/koreksi/ikuti", query_string={"kode": typed})
    assert answer.status_code == 422
    page = soup(answer)
    assert page.select_one(".errsum a")["href"] == "#kode"
    assert "code you were given" in page.find(id="kode-err").get_text()
    assert page.find(id="kode")["aria-invalid"] == "true"
