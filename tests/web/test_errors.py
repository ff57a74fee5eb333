"""Does everything that goes wrong become a page with the right status, and say nothing it should not?"""

from __future__ import annotations

import gzip
import re
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import Forbidden, Gone, RequestEntityTooLarge, TooManyRequests

from portal import publications
from tests.pages import CheckedClient, soup

HTMX = {"HX-Request": "true"}


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the list of changes fail in this way."""

    def fail(*_arguments: Any, **_more: Any) -> None:
        raise error

    monkeypatch.setattr(publications, "changes", fail)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_that_is_not_there_offers_the_search(client: CheckedClient, prefix: str) -> None:
    answer = client.get(f"{prefix}/apa-saja")
    page = soup(answer)
    assert answer.status_code == 404
    assert page.title.get_text().startswith(page.h1.get_text())
    assert page.select_one("form[role=search]")["action"] == f"{prefix}/cari"
    assert page.select_one("#pesan-isi")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_number_in_a_wrong_address_is_offered(client: CheckedClient) -> None:
    link = soup(client.get("/arsip/ks-11.html")).select_one(".fault a[href*=KS-0011]")
    assert client.get(link["href"], follow_redirects=True).status_code == 200
    assert soup(client.get("/arsip/KS-9999999")).select_one(".fault a[href*=KS]") is None


@pytest.mark.parametrize(
    ("error", "code"), [(Forbidden(), 403), (Gone(), 410), (RequestEntityTooLarge(), 413), (TooManyRequests(), 429)]
)
def test_each_refusal_has_its_page(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    failing(monkeypatch, error)
    answer = client.get("/perubahan")
    assert answer.status_code == code
    assert soup(answer).h1.get_text().strip()
    assert soup(answer).select_one("#pesan-isi")
    if code == 429:
        assert int(answer.headers["Retry-After"]) > 0


def test_a_method_that_is_not_allowed_names_those_that_are(client: CheckedClient) -> None:
    answer = client.post("/daerah")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_fault_of_ours_shows_a_number_and_nothing_else(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing(monkeypatch, RuntimeError("secret-of-the-house"))
    answer = client.get("/perubahan")
    assert answer.status_code == 500
    assert "secret-of-the-house" not in answer.get_data(as_text=True)
    number = re.search(r"\b[0-9a-f]{8}\b", soup(answer).select_one(".fault").get_text())
    assert number
    assert number.group() in caplog.text


def test_a_busy_database_asks_to_come_back(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, OperationalError("SELECT 1", {}, Exception("database is locked")))
    answer = client.get("/perubahan")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "locked" not in answer.get_data(as_text=True)


def test_htmx_gets_the_note_and_keeps_its_address(client: CheckedClient) -> None:
    answer = client.get("/apa-saja", headers=HTMX)
    assert answer.status_code == 404
    assert answer.headers["HX-Push-Url"] == "false"
    assert soup(answer).select_one("#pesan-isi")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("/kerja-sama/", "/kerja-sama"),
        ("/en/kerja-sama/?negara=JP", "/en/kerja-sama?negara=JP"),
        ("/daerah/33.72-kota-surakarta/", "/daerah/33.72-kota-surakarta"),
    ],
)
def test_a_slash_too_many_leads_to_the_page(client: CheckedClient, wrong: str, right: str) -> None:
    answer = client.get(wrong)
    assert (answer.status_code, answer.headers["Location"]) == (301, right)


@pytest.mark.parametrize("path", ["/apa-saja/", "/%5Cevil.example/", "/static/x/", "/daerah/../", "/kerja-sama/%0d/"])
def test_a_slash_leads_nowhere_else(client: CheckedClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_two_slashes_never_lead_to_another_site(client: CheckedClient) -> None:
    answer = client.get("/%2Fevil.example/")
    assert "//evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", ""), ("", "")],
)
@pytest.mark.parametrize("path", ["/apa-saja", "/negara/va-vatikan", "/mitra/jp-tidak-ada", "/daerah/99-entah"])
def test_a_page_of_a_failure_is_as_small_as_any(client: CheckedClient, path: str, accepted: str, encoding: str) -> None:
    plain = FlaskClient(client.application, client.application.response_class)  # takes what is packed
    whole = client.get(path).get_data()
    answer = plain.get(path, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding", "") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    packed = answer.get_data()
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]
    assert unpack(packed) == whole
    assert len(packed) == int(answer.headers["Content-Length"])
    assert len(packed) < len(whole) / 2 or not encoding
    assert len(whole) <= 12 * 1024
