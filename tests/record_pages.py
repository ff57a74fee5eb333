"""What do the tests of a record's pages share? A page as a reader gets it, and a way to publish one more revision."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from portal import editorial, publications
from portal.ledger import Author
from tests.pages import CheckedClient, soup

XIAN = "/kerja-sama/KS-0011-kota-surakarta-xian"
# Public addresses of every kind, for tests of what may be given again.
KEPT_PATHS = [
    "/", "/en", "/kerja-sama", "/kerja-sama?negara=JP", "/kerja-sama?pada=2016-03-01", XIAN, f"{XIAN}?pada=2016-03-01",
    "/kerja-sama/KS-0011/riwayat", "/kerja-sama/KS-0011.json", "/daerah", "/daerah/33.72-kota-surakarta", "/negara",
    "/negara/jp-jepang", "/perubahan", "/perubahan.atom", "/moderasi-publik", "/moderasi-publik.csv", "/metode",
    "/data/skema.json", "/sitemap.xml", "/robots.txt", "/log.jsonl", "/kerja-sama.csv", "/kerja-sama.json",
    "/kerja-sama.atom", "/kerja-sama.csv?q=xian",
]  # fmt: skip
PAPERS = [f"KS-{number:04d}" for number in range(1, 21)]
AUTHOR = Author("moderator", "Pengelola portal")
Publish = Callable[..., None]


def publisher(app: Any) -> Publish:
    """`publish("KS-0011", sectors=[…])`: one more revision of a record, made from the newest."""

    def one(subject: str, note: str = "Uji", **parts: Any) -> None:
        with app.app_context():
            newest = publications.newest(subject)
            assert newest is not None
            editorial.publish("cooperation", copy.deepcopy(dict(newest.document)) | parts, AUTHOR, note)

    return one


def page(client: CheckedClient, path: str, status: int = 200) -> Any:
    """The page at an address, redirects followed; its status is checked."""
    response = client.get(path, follow_redirects=True)
    assert response.status_code == status, path
    return soup(response)


def said(element: Any) -> str:
    """What an element says, blanks evened out."""
    return " ".join(element.get_text(" ").split())
