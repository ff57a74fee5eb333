"""What do machines look for at fixed addresses? The sitemap, robots.txt, security.txt and the sign of life."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from flask import Response, abort, current_app, url_for
from sqlalchemy import func, select

from portal import config, listing, places, regional
from portal.extensions import db, utc_now
from portal.models import Version
from portal.validation import is_safe_url
from portal.web.limits import limited
from portal.web.site import public_url

PART = 20_000  # pages in one part of the sitemap; each stands in it once for every language, 50 000 lines at most
VALID_DAYS = 180
STATIC = (
    "home.index", "catalogue.index", "regions.index", "countries.index", "changes.index", "prose.data", "prose.method",
    "prose.about", "prose.accessibility", "prose.correction", "public_ledger.index",
)  # fmt: skip


@limited
def sitemap() -> Response:
    """Every public page in every language, or the list of parts when they are many."""
    count = _page_count()
    if count <= PART:
        return _xml(_urlset(_pages(0, count)))
    parts = range(1, -(-count // PART) + 1)
    return _xml(_index(parts))


@limited
def sitemap_part(number: int) -> Response:
    """One part of a long sitemap."""
    count = _page_count()
    if not 1 <= number <= -(-count // PART):
        abort(404)
    return _xml(_urlset(_pages((number - 1) * PART, number * PART)))


def robots() -> Response:
    """Everything may be read; views of a list are left out, because the sitemap names every record."""
    lines = [
        "User-agent: *",
        "Disallow: /saran",
        "Disallow: /en/saran",
        "Disallow: /cari",
        "Disallow: /en/cari",
        "Disallow: /*?",
    ]
    lines.append(f"Sitemap: {public_url(url_for('changes.sitemap'))}")
    return _text("\n".join(lines) + "\n")


def security() -> Response:
    """Whom to tell of a weakness (RFC 9116); nothing while no contact is set."""
    contact = contact_address()
    if not contact:
        abort(404)
    until = (utc_now() + timedelta(days=VALID_DAYS)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {contact}",
        f"Expires: {until}",
        f"Preferred-Languages: {', '.join(config.LOCALES)}",
        f"Canonical: {public_url(url_for('changes.security'))}",
    ]
    return _text("\n".join(lines) + "\n")


def health() -> Response:
    """Alive, and able to read the register; a database that does not answer becomes 503."""
    newest = db.session.execute(select(func.max(Version.revision))).scalar_one()
    response = Response(json.dumps({"status": "ok", "revision": newest or 0}), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def contact_address() -> str:
    """The contact from the settings as an address: ``mailto:…`` or a page; empty when none is set."""
    contact = str(current_app.config["CONTACT"])
    if is_safe_url(contact):
        return contact
    return f"mailto:{contact}" if "@" in contact and " " not in contact else ""


def _page_count() -> int:
    """How many pages there are in one language; one statement each for records and partners."""
    records = db.session.execute(select(func.count()).select_from(Version).where(Version.current)).scalar_one()
    return len(STATIC) + len(places.regions()) + records + len(_few())


def _few() -> list[tuple[str, dict[str, str]]]:
    """Countries and partners: pages that exist because a record names them."""
    from portal.web import countries

    known = listing.kept("countries", regional.by_country)
    found = [("countries.show", {"slug": places.countries()[code].slug}) for code in sorted(known)]
    return found + [("countries.partner", {"slug": slug}) for slug in sorted(countries.partners())]


def _pages(start: int, stop: int) -> Iterator[tuple[str, dict[str, str]]]:
    """The pages from a place up to, not including, another: first those that are few, then the records."""
    first: list[tuple[str, dict[str, str]]] = [(endpoint, {}) for endpoint in STATIC]
    first += [("regions.show", {"slug": region.slug}) for region in places.regions().values()]
    first += _few()
    yield from first[start:stop]
    skip, most = max(start - len(first), 0), max(stop - max(start, len(first)), 0)
    query = select(Version.subject, Version.card).where(Version.current).order_by(Version.record_number)
    for subject, card in db.session.execute(query.offset(skip).limit(most)) if most else ():
        yield "", {"subject": subject, "slug": json.loads(card)["slug"]}


def _urlset(pages: Iterator[tuple[str, dict[str, str]]]) -> Iterator[str]:
    yield '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    for endpoint, values in pages:
        found = {code: public_url(_path(endpoint, values, code)) for code in config.LOCALES}
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(url)}/>' for code, url in found.items()
        )
        for url in found.values():
            yield f"<url><loc>{escape(url)}</loc>{links}</url>\n"
    yield "</urlset>\n"


def _path(endpoint: str, values: dict[str, Any], language: str) -> str:
    if endpoint:
        return url_for(endpoint, language=language, **values)
    return f"{url_for('catalogue.index', language=language)}/{values['subject']}-{values['slug']}"


def _index(parts: range) -> Iterator[str]:
    yield '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for number in parts:
        yield f"<sitemap><loc>{escape(public_url(url_for('changes.sitemap_part', number=number)))}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def _xml(body: Iterator[str]) -> Response:
    return Response('<?xml version="1.0" encoding="utf-8"?>\n' + "".join(body), mimetype="application/xml")


def _text(body: str) -> Response:
    return Response(body, mimetype="text/plain")


ADDRESSES: tuple[tuple[str, Callable[..., Response]], ...] = (
    ("/sitemap.xml", sitemap),
    ("/sitemap-<int:number>.xml", sitemap_part),
    ("/robots.txt", robots),
    ("/.well-known/security.txt", security),
    ("/healthz", health),
)
