"""Is every publication told, once and in order, and do machines find what they look for?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select

from portal import config, editorial, places, publications
from portal.extensions import db, reading
from portal.ledger import Author
from portal.models import Revision, Version
from portal.web import changes, crawling
from tests.conftest import Databases, application, only_reading
from tests.counting import statements
from tests.load.generate import Maker
from tests.pages import CheckedClient, soup
from tests.record_pages import AUTHOR

ATOM = {"a": "http://www.w3.org/2005/Atom"}
HISTORY = "{http://purl.org/syndication/history/1.0}"
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
    assert client.get("/perubahan", query_string={"sebelum": before}, follow_redirects=True).status_code == 200


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


def listed(client: CheckedClient, address: str = "/sitemap.xml") -> list[str]:
    """The addresses that the sitemap, or a part of it, holds."""
    return [loc.text or "" for loc in ElementTree.fromstring(client.get(address).data).findall("m:url/m:loc", MAP)]


def parted(client: CheckedClient) -> list[str]:
    """The addresses of the parts of a sitemap."""
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    return [urlsplit(loc.text or "").path for loc in index.findall("m:sitemap/m:loc", MAP)]


def test_a_long_sitemap_comes_in_parts_that_hold_the_same(later: CheckedClient, monkeypatch: Any) -> None:
    whole = listed(later)
    monkeypatch.setattr(crawling, "PART", 40)
    parts = parted(later)
    assert len(parts) > 3
    assert sorted(loc for part in parts for loc in listed(later, part)) == sorted(whole)
    assert later.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert later.get("/sitemap-0.xml").status_code == 404


def test_a_part_stays_as_it_is_while_its_records_do(
    fresh_app: Any, fresh_client: CheckedClient, monkeypatch: Any
) -> None:
    monkeypatch.setattr(crawling, "PART", 40)
    before = {part: listed(fresh_client, part) for part in parted(fresh_client)}
    document = next(Maker(8).documents(1))
    with fresh_app.app_context():
        editorial.publish("cooperation", document, AUTHOR)
    after = {part: listed(fresh_client, part) for part in before}
    for part in before:
        with statements(fresh_app) as seen:
            fresh_client.get(part)
        assert len(seen) <= 6, part
    changed = [part for part in before if before[part] != after[part]]
    assert changed <= [list(before)[-1]]
    found = [loc for part in parted(fresh_client) for loc in listed(fresh_client, part)]
    assert any(f"/kerja-sama/{document['id']}-" in loc for loc in found)


def test_a_part_stays_under_the_limit_of_the_format() -> None:
    few = len(crawling.STATIC) + len(places.regions()) + len(places.countries())
    assert (few + crawling.PART + crawling.MOST_PARTNERS) * len(config.LOCALES) <= 50_000


def test_the_front_page_and_the_list_pass_over_the_import_without_reading_it(client: CheckedClient, app: Any) -> None:
    with app.app_context(), reading():
        made = publications.first_import()
        assert made is not None
        assert made.records + made.regions == made.seq
        assert publications.changes(5, after_seq=made.seq) == []


def test_what_is_imported_later_is_told_like_everything_else(fresh_app: Any) -> None:
    first, second = Maker(8).documents(2)
    with fresh_app.app_context():
        before = publications.first_import()
        editorial.publish("cooperation", first, AUTHOR)
        editorial.publish("cooperation", second, Author("initial_import"))
        assert publications.first_import() == before
        told = publications.changes(9, after_seq=before.seq)  # type: ignore[union-attr]
    assert [one.published.document["id"] for one in told] == [second["id"], first["id"]]


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


def links_of(feed: Any) -> dict[str, str]:
    return {str(link.get("rel")): urlsplit(str(link.get("href"))).path for link in feed.findall("a:link", ATOM)}


@pytest.mark.parametrize("language", config.LOCALES)
def test_a_reader_can_walk_back_through_all_changes(later: CheckedClient, language: str) -> None:
    """RFC 5005: the feed leads to parts to which nothing is added, each to the one before it, down to the import."""
    prefix = "" if language == config.FIRST_LOCALE else f"/{language}"
    path, seen, parts = f"{prefix}/perubahan.atom", dict[str, str](), list[str]()
    while path:
        answer = later.get(path)
        assert answer.status_code == 200
        feed = ElementTree.fromstring(answer.data)
        links = links_of(feed)
        archived = feed.find(f"{HISTORY}archive") is not None
        assert archived == bool(parts)
        assert links["self"] == path
        assert links.get("current") == (f"{prefix}/perubahan.atom" if archived else None)
        if len(parts) > 1:
            assert links["next-archive"] == parts[-1]
        seen |= {
            entry.findtext("a:id", "", ATOM): entry.findtext("a:title", "", ATOM)
            for entry in feed.findall("a:entry", ATOM)
        }
        parts.append(path)
        path = links.get("prev-archive", "")
    assert len(parts) > 1
    with reading(), later.application.test_request_context():
        wanted = {f"{entry.subject}/{entry.number}" for entry in changes.latest(10_000)}
    assert {name.rpartition(":")[2] for name in seen} == wanted


@pytest.mark.parametrize("number", ["0", "1", "99", "2147483647", "2147483648", "-1", "x"])
def test_there_is_no_part_before_the_import_and_none_after_the_last(client: CheckedClient, number: str) -> None:
    assert client.get(f"/perubahan-{number}.atom").status_code == 404


def test_the_sitemap_says_when_a_record_was_last_published(client: CheckedClient, app: Any, monkeypatch: Any) -> None:
    urls = ElementTree.fromstring(client.get("/sitemap.xml").data).findall("m:url", MAP)
    found = {urlsplit(url.findtext("m:loc", "", MAP)).path: url.findtext("m:lastmod", "", MAP) for url in urls}
    with app.app_context(), reading():
        newest = publications.newest("KS-0011")
    assert newest is not None
    assert {time for path, time in found.items() if "/KS-0011-" in path} == {newest.time}
    assert found["/metode"] == ""
    monkeypatch.setattr(crawling, "PART", 60)
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    assert all(part.findtext("m:lastmod", "", MAP).endswith("Z") for part in index.findall("m:sitemap", MAP))


@pytest.mark.parametrize("before", ["", "9" * 40, "-1", "٣", "x", "999999", "2147483648", "999999999999999"])
def test_what_is_no_revision_or_beyond_the_newest_leads_to_the_newest(client: CheckedClient, before: str) -> None:
    answer = client.get("/en/perubahan", query_string={"sebelum": before})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/perubahan")


def test_what_is_older_has_an_address_of_its_own(client: CheckedClient, later: CheckedClient) -> None:
    older = soup(later.get("/en/perubahan")).select_one("a[rel=next]")["href"]
    page = soup(later.get(f"{older}&dari=surat"))
    assert page.select_one("link[rel=canonical]")["href"].endswith(older)
    answer = client.get("/en/perubahan?sebelum=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/perubahan")
