"""Is every publication told, once and in order, and do machines find what they look for?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select

from portal import config, editorial, places
from portal.extensions import db, reading
from portal.models import Revision, Version
from portal.web import crawling
from tests.conftest import Databases, application, only_reading
from tests.counting import statements
from tests.load.generate import Maker
from tests.pages import CheckedClient, soup
from tests.record_pages import AUTHOR

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


MADE = 60


@pytest.fixture(scope="module")
def later(databases: Databases, engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CheckedClient]:
    """A visitor of a register in which much was published after the first import."""
    with application(databases.on(engine).copy(), tmp_path_factory.mktemp("later")) as app:
        with app.app_context():
            editorial.publish_all("cooperation", Maker(7).documents(MADE), AUTHOR)
        only_reading(app)
        yield app.test_client()


def test_the_first_import_is_one_entry(client: CheckedClient, app: Any) -> None:
    with app.app_context(), reading():
        found = db.session.execute(select(Revision.kind, func.count()).group_by(Revision.kind)).all()
    counts = {row[0]: row[1] for row in found}
    listed = soup(client.get("/en/perubahan")).select(".tl li")
    assert len(listed) == 1
    text = " ".join(listed[0].get_text(" ").split())
    assert f"{counts['cooperation']} cooperations" in text
    assert f"what is said of {counts['region']} regions" in text


def test_paging_reaches_every_publication_once(later: CheckedClient) -> None:
    url, seen = "/perubahan", []
    while url:
        page = soup(later.get(url))
        seen += [link["href"] for link in page.select(".tl h3 a")]
        following = page.select_one("a[rel=next]")
        url = following["href"] if following else ""
    assert len(seen) == MADE + 1
    assert len(set(seen)) == len(seen)


def test_the_list_costs_the_same_whatever_is_in_it(client: CheckedClient, app: Any) -> None:
    client.get("/perubahan")
    with statements(app) as seen:
        client.get("/perubahan")
    assert len(seen) <= 4


@pytest.mark.parametrize("before", ["x", "-1", "0", "1", "99999999999999999999", "1.5", "٣"])
def test_any_place_in_the_list_may_be_asked_for(client: CheckedClient, before: str) -> None:
    assert client.get("/perubahan", query_string={"sebelum": before}).status_code == 200


@pytest.mark.parametrize("language", config.LOCALES)
def test_the_feed_is_sound(later: CheckedClient, language: str) -> None:
    prefix = "" if language == config.FIRST_LOCALE else f"/{language}"
    answer = later.get(f"{prefix}/perubahan.atom")
    assert answer.content_type.startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.data)
    entries = feed.findall("a:entry", ATOM)
    assert len(entries) == 50
    ids = [entry.findtext("a:id", "", ATOM) for entry in entries]
    assert len(set(ids)) == len(ids)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    for entry in entries[::10]:
        link = entry.find("a:link", ATOM)
        assert link is not None
        parts = urlsplit(link.get("href", ""))
        assert later.get(f"{parts.path}?{parts.query}").status_code == 200
        assert (entry.findtext("a:updated", "", ATOM)).endswith("Z")


def test_the_sitemap_names_every_public_page_in_every_language(client: CheckedClient, app: Any) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    urls = ElementTree.fromstring(answer.data).findall("m:url", MAP)
    paths = [urlsplit(url.findtext("m:loc", "", MAP)).path for url in urls]
    assert len(set(paths)) == len(paths)
    with app.app_context(), reading():
        records = db.session.execute(select(func.count()).select_from(Version).where(Version.current)).scalar_one()
    assert sum(path.startswith("/kerja-sama/KS-") for path in paths) == records
    assert {f"/en/daerah/{region.slug}" for region in places.regions().values()} <= set(paths)
    assert all(len(url.findall("x:link", MAP)) == len(config.LOCALES) for url in urls)
    for path in [*paths[::60], "/metode", "/mitra/cn-xian"]:
        assert path in paths
        assert client.get(path).status_code == 200, path


def test_a_long_sitemap_comes_in_parts_that_hold_the_same(client: CheckedClient, monkeypatch: Any) -> None:
    whole = [loc.text for loc in ElementTree.fromstring(client.get("/sitemap.xml").data).findall("m:url/m:loc", MAP)]
    monkeypatch.setattr(crawling, "PART", 300)
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    parts = [urlsplit(loc.text or "").path for loc in index.findall("m:sitemap/m:loc", MAP)]
    assert len(parts) > 1
    found = [
        loc.text for part in parts for loc in ElementTree.fromstring(client.get(part).data).findall("m:url/m:loc", MAP)
    ]
    assert found == whole
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404


def test_a_part_stays_under_the_limit_of_the_format() -> None:
    assert crawling.PART * len(config.LOCALES) <= 50_000


def test_robots_may_read_everything_but_views_of_lists(client: CheckedClient) -> None:
    text = client.get("/robots.txt").get_data(as_text=True)
    assert "Sitemap: http://localhost/sitemap.xml" in text
    assert "Disallow: /*?" in text
    assert "Disallow: /\n" not in text


def test_there_is_no_security_contact_until_one_is_set(client: CheckedClient, app: Any, monkeypatch: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    monkeypatch.setitem(app.config, "CONTACT", "redaksi@example.org")
    text = client.get("/.well-known/security.txt").get_data(as_text=True)
    assert "Contact: mailto:redaksi@example.org" in text
    assert "Expires: " in text
    monkeypatch.setitem(app.config, "CONTACT", "javascript:alert(1)")
    assert client.get("/.well-known/security.txt").status_code == 404


def test_the_sign_of_life_reads_the_register(client: CheckedClient) -> None:
    answer = client.get("/healthz")
    assert json.loads(answer.data)["status"] == "ok"
    assert answer.headers["Cache-Control"] == "no-store"
