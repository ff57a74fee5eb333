"""Do static files leave small, once and for all, and does a page load only what it needs?

Weights are those of brotli, which every browser asks for; what is counted is the bytes of the bodies.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient

from portal import config
from portal.web import assets
from tests.pages import CheckedClient, soup

STYLE, SCRIPT, PICTURE = "css/components.css", "js/htmx-4.0.1/htmx.min.js", "img/share.png"
FIRST, LATER = 40_000, 12_000
# Every kind of page for visitors, with what makes it long.
PAGES = [
    "/", "/kerja-sama", "/kerja-sama?negara=JP&kabar=tanpa", "/kerja-sama?q=sister+city", "/kerja-sama?pada=2017-11-30",
    "/kerja-sama?negara=AQ", "/kerja-sama/KS-0011", "/kerja-sama/KS-0011?rev=1", "/kerja-sama/KS-0011/riwayat",
    "/daerah", "/daerah/33-jawa-tengah", "/daerah/33.72-kota-surakarta", "/negara", "/negara/jp-jepang",
    "/mitra/cn-xian", "/perubahan", "/metode", "/data", "/tentang", "/panduan", "/aksesibilitas", "/koreksi",
    "/moderasi-publik", "/tidak-di-sini", "/masuk",
]  # fmt: skip
MAP = "/?peta=geo"


def address(app: Any, name: str) -> str:
    with app.test_request_context():
        return assets.asset(name)


def in_language(path: str, language: str) -> str:
    if language == config.FIRST_LOCALE:
        return path
    return f"/{language}{path.removeprefix('/') if path in {'/', MAP} else path}"


def ask(client: FlaskClient, path: str, encoding: str = "br") -> Any:
    return client.get(path, headers={"Accept-Encoding": encoding}, follow_redirects=True)


def loads(page: Any) -> set[str]:
    """What a browser fetches of its own accord for a page."""
    found = {tag["href"] for tag in page.select("link[rel=stylesheet], link[rel=icon], link[rel=manifest]")}
    return found | {tag["src"] for tag in page.select("script[src], img[src]")}


def weight(client: CheckedClient, path: str) -> tuple[int, int]:
    """The bytes of a page, and of everything that it loads."""
    plain = FlaskClient(client.application, client.application.response_class)  # takes what is packed
    loaded = loads(soup(ask(client, path, "identity")))
    return len(ask(plain, path).data), sum(len(ask(plain, one).data) for one in loaded)


@pytest.mark.parametrize("language", config.LOCALES)
@pytest.mark.parametrize("path", PAGES)
def test_no_page_weighs_more_than_it_may(client: CheckedClient, path: str, language: str) -> None:
    own, loaded = weight(client, in_language(path, language))
    assert own <= LATER
    assert own + loaded <= FIRST


@pytest.mark.parametrize("language", config.LOCALES)
def test_the_true_map_weighs_no_more_than_any_page(client: CheckedClient, language: str) -> None:
    own, loaded = weight(client, in_language(MAP, language))
    assert own <= LATER
    assert own + loaded <= FIRST


@pytest.mark.parametrize("path", [*PAGES, MAP])
def test_a_page_loads_only_what_it_needs(client: CheckedClient, path: str) -> None:
    page = soup(ask(client, path, "identity"))
    lively = any(name.startswith("hx-") for tag in page.select("body *") for name in tag.attrs)
    assert any("htmx" in one for one in loads(page)) == lively
    assert any("desk.css" in one for one in loads(page)) == (path == "/masuk")
    assert not any("passkeys" in one for one in loads(page))


@pytest.mark.parametrize("name", [STYLE, SCRIPT, "img/favicon.svg", "site.webmanifest", PICTURE])
def test_a_file_is_the_same_however_it_is_packed(client: CheckedClient, app: Any, name: str) -> None:
    url = address(app, name)
    plain = ask(client, url, "identity")
    assert plain.headers.get("Content-Encoding") is None
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
    tags = {plain.headers["ETag"]}
    for asked, given in (("gzip", "gzip"), ("gzip, br", "br"), ("br;q=0, gzip", "gzip"), ("*", "br"), ("zstd", None)):
        packed = ask(client, url, asked)
        assert packed.headers.get("Content-Encoding") == (None if name == PICTURE else given)
        encoding = packed.headers.get("Content-Encoding")
        assert (unpack[encoding](packed.data) if encoding else packed.data) == plain.data
        assert packed.content_length == len(packed.data)
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert packed.content_type == plain.content_type
        tags.add(packed.headers["ETag"])
    assert len(tags) == (1 if name == PICTURE else 3)


def test_a_file_is_packed_once(client: CheckedClient, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url = address(app, STYLE)
    first = ask(client, url).data
    monkeypatch.setattr(assets, "PACKERS", {"br": None})
    assert ask(client, url).data == first


def test_head_and_unchanged(client: CheckedClient, app: Any) -> None:
    url, packed = address(app, SCRIPT), {"Accept-Encoding": "br"}
    whole, head = client.get(url, headers=packed), client.head(url, headers=packed)
    assert (head.data, head.status_code) == (b"", 200)
    for name in ("Content-Length", "ETag", "Content-Encoding", "Cache-Control", "Vary"):
        assert head.headers[name] == whole.headers[name]
    unchanged = client.get(url, headers={**packed, "If-None-Match": whole.headers["ETag"]})
    assert (unchanged.data, unchanged.status_code) == (b"", 304)
    assert unchanged.headers["Cache-Control"] == assets.FOR_EVER
    other = client.get(url, headers={"Accept-Encoding": "gzip", "If-None-Match": whole.headers["ETag"]})
    assert other.status_code == 200


def test_only_its_own_hash_is_kept_for_ever(client: CheckedClient, app: Any) -> None:
    url = address(app, STYLE)
    assert client.get(url).headers["Cache-Control"] == assets.FOR_EVER
    for other in (url.partition("?")[0], url[:-1], f"{url}0", f"/static/{STYLE}?v=", f"/static/{STYLE}?v=0123456789ab"):
        assert client.get(other).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["", "css", "css/", "nichts.css", "../pyproject.toml", "%2e%2e/wsgi.py", "css%00", "a" * 300, "a/" * 3000]
)
def test_nothing_but_files_of_the_folder(client: CheckedClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code in {404, 308, 301}


def test_a_file_that_changes_is_read_again(client: CheckedClient, app: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    (tmp_path / "own.css").write_text("/* why */\na{color:red}")
    assert ask(client, "/static/own.css", "identity").data == b"a{color:red}"
    (tmp_path / "own.css").write_text("b{color:blue} /* two\nlines */ /**/")
    assert ask(client, "/static/own.css", "identity").data == b"b{color:blue} "


def test_a_style_sheet_says_the_same_without_its_comments(client: CheckedClient, app: Any) -> None:
    for path in (Path(app.static_folder) / "css").glob("*.css"):
        left = ask(client, f"/static/css/{path.name}", "identity").get_data(as_text=True)
        assert "/*" not in left
        assert "*/" not in left
        assert not re.search(r"""["'][^"'\n]*/\*""", path.read_text()), "a text that looks like a comment"
        assert left.count("{") == left.count("}") == re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S).count("{")
