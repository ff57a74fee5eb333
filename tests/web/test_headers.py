"""Does every kind of answer carry the security headers, and does no public page set a cookie?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from portal import publications
from portal.web.headers import HEADERS
from portal.web.keeping import FRESH
from tests.conftest import application
from tests.pages import CheckedClient, soup
from tests.people import People, signed_in

PATHS = [
    "/", "/en", "/kerja-sama", "/kerja-sama.csv", "/kerja-sama.json", "/kerja-sama.atom", "/kerja-sama?negara=XX",
    "/kerja-sama/KS-0011", "/daerah", "/daerah/33.72", "/daerah/33.72-kota-surakarta", "/negara", "/negara/zz",
    "/mitra/cn-xian", "/perubahan", "/perubahan.atom", "/sitemap.xml", "/robots.txt", "/healthz", "/metode", "/data",
    "/data/skema.json", "/koreksi?hal=//x", "/tidak-di-sini", "/.well-known/security.txt", "/static/css/tokens.css",
    "/static/tidak-di-sini.css", "/cari?q=solo", "/saran?q=solo",
]  # fmt: skip


def assert_safe(answer: Any) -> None:
    tells_less = answer.headers.get("Referrer-Policy") == "same-origin"  # where an address is a secret
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value or (name == "Referrer-Policy" and tells_less), name
    assert "Set-Cookie" not in answer.headers
    answer.close()
    assert "Server" not in answer.headers or "Werkzeug" in answer.headers["Server"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(client: CheckedClient, path: str) -> None:
    assert_safe(client.get(path))
    assert_safe(client.head(path))


@pytest.mark.parametrize("path", PATHS)
def test_htmx_gets_them_too(client: CheckedClient, path: str) -> None:
    assert_safe(client.get(path, headers={"HX-Request": "true"}))


def test_refusals_and_faults_carry_them(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_safe(client.post("/daerah"))
    assert_safe(client.options("/daerah"))
    for error in (RuntimeError(), OperationalError("SELECT 1", {}, Exception("gone"))):

        def fail(*_arguments: Any, error: Exception = error, **_more: Any) -> None:
            raise error

        monkeypatch.setattr(publications, "changes", fail)
        answer = client.get("/perubahan")
        assert answer.status_code in {500, 503}
        assert_safe(answer)


def test_the_policy_allows_nothing_inline() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "*" not in policy


def test_transport_security_only_where_the_transport_is_secure(client: CheckedClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/metode").headers
    secure = client.get("/metode", base_url="https://localhost")
    assert "max-age=63072000" in secure.headers["Strict-Transport-Security"]


def test_pages_are_kept_for_a_moment_and_hashed_files_are_kept(client: CheckedClient) -> None:
    answer = client.get("/metode")
    assert answer.headers["Cache-Control"] == FRESH
    assert client.get("/koreksi").headers["Cache-Control"] == "no-store"
    sheet = next(link["href"] for link in soup(answer).select("link[rel=stylesheet]"))
    with client.get(sheet) as kept:
        assert "immutable" in kept.headers["Cache-Control"]
    client.set_cookie("portal", "x")
    assert client.get("/metode").headers["Cache-Control"] == "private, no-store"


def test_nothing_is_loaded_from_elsewhere(client: CheckedClient) -> None:
    for path in ("/", "/kerja-sama", "/daerah/33.72-kota-surakarta", "/metode"):
        page = soup(client.get(path))
        loaded = [
            tag.get("src") or tag.get("href") for tag in page.select("script[src], link[rel=stylesheet], img[src]")
        ]
        assert all(address.startswith("/static/") for address in loaded), path


# -- what is sent from elsewhere ------------------------------------------------------------------------------

ORIGIN = "http://localhost"
SENT = [
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
    ({}, True),
    ({"Origin": ORIGIN}, True),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "same-site", "Origin": ORIGIN}, False),
    ({"Sec-Fetch-Site": ""}, False),
    ({"Origin": "null"}, False),
    ({"Origin": "https://localhost"}, False),
    ({"Origin": "http://localhost:8000"}, False),
    ({"Origin": "http://www.localhost"}, False),
    ({"Origin": "http://localhost.penipu.example"}, False),
]


@pytest.mark.parametrize(("headers", "taken"), SENT)
def test_only_pages_of_this_origin_change_anything(client: CheckedClient, headers: dict[str, str], taken: bool) -> None:
    for path in ("/koreksi", "/masuk"):
        assert (client.post(path, data={"laporan": "x"}, headers=headers).status_code != 403) is taken
    assert client.get("/koreksi", headers=headers).status_code == 200


def test_the_origin_is_that_of_the_proxy_in_front_or_of_the_public_address(
    fresh_database_url: str, tmp_path: Any
) -> None:
    more: dict[str, Any] = {"PUBLIC_URL": "https://tautan.example", "PROXY_HOPS": 1}
    with application(fresh_database_url, tmp_path / "instance", **more) as app:
        said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "lain.example"}
        answers = {
            origin: app.test_client().post("/koreksi", headers={**said, "Origin": origin}).status_code
            for origin in (
                "https://tautan.example",
                "https://lain.example",
                "http://localhost",
                "http://tautan.example",
            )
        }
    assert list(answers.values()) == [422, 422, 403, 403]


def test_a_neighbour_gets_no_form_ready_to_be_sent(fresh_app: Any, fresh_people: People) -> None:
    client, typed = signed_in(fresh_app, fresh_people.moderator), {"action": "publish", "note": "Baik sekali."}
    del client.environ_base["HTTP_X_CSRFTOKEN"]
    refused = client.post("/moderasi/1", data=typed, headers={"Sec-Fetch-Site": "same-site"})
    assert refused.status_code == 403
    assert "Baik sekali." not in refused.text
    kept = client.post("/moderasi/1", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert kept.status_code == 400
    assert soup(kept).select_one("main textarea[name=note]").get_text().strip() == "Baik sekali."


def test_no_form_of_ours_hides_from_ourselves_where_it_comes_from(client: CheckedClient) -> None:
    """Under `no-referrer` browsers send ``Origin: null``, to one's own site too."""
    for path in ("/koreksi", "/undangan/abc", "/masuk", "/masuk/lupa"):
        answer = client.get(path)
        assert answer.headers["Referrer-Policy"] in {"same-origin", HEADERS["Referrer-Policy"]}
        assert soup(answer).select_one("meta[name=referrer][content=no-referrer]") is None
