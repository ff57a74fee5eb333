"""What do machines look for at fixed addresses? The sitemap, robots.txt, security.txt and the sign of life."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from flask import Response, abort, current_app, url_for
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from portal import config, listing, places, regional, selecting
from portal.extensions import db
from portal.indexing import PARTNER
from portal.models import Revision, Version, VersionFacet
from portal.validation import is_safe_url
from portal.web.clock import today
from portal.web.limits import limited
from portal.web.site import public_url

# A part of the sitemap holds what so many revisions added, and at most so many partners that they were the first to
# name; each page stands in it once for every language. 50 000 lines at most are allowed.
PART, MOST_PARTNERS = 10_000, 14_000
VALID_DAYS = 180
STATIC = (
    "home.index", "catalogue.index", "regions.index", "countries.index", "changes.index", "prose.data", "prose.method",
    "prose.about", "prose.accessibility", "prose.correction", "public_ledger.index",
)  # fmt: skip


@limited
def sitemap() -> Response:
    """Every public page in every language, or the list of parts when they are many."""
    parts = _parts()
    return _xml(_urlset(_pages(1)) if parts == 1 else _index(range(1, parts + 1)))


@limited
def sitemap_part(number: int) -> Response:
    """One part of a long sitemap."""
    if not 1 <= number <= _parts():
        abort(404)
    return _xml(_urlset(_pages(number)))


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
    until = f"{today() + timedelta(days=VALID_DAYS)}T00:00:00Z"
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


class Address(NamedTuple):
    """A public page: its endpoint and what stands in its address; for a record when it was published (UTC)."""

    endpoint: str
    values: dict[str, str]
    changed: str = ""


def _parts() -> int:
    """How many parts the sitemap has: one for every `PART` revisions of the ledger."""
    return max(1, -(-selecting.state(db.session()).seq // PART))


def _pages(number: int) -> Iterator[Address]:
    """The pages of a part. The first begins with those that are few; what a revision adds stands in one part for good.

    A record stands where its newest revision is, a partner where the oldest is that still names it.
    """
    if number == 1:
        yield from _few()
    first, last = (number - 1) * PART + 1, number * PART
    within = Version.revision.between(first, last)
    records = select(Version.subject, Version.card, Version.known_from).where(Version.current, within)
    for subject, card, changed in db.session.execute(records.order_by(Version.revision)):
        yield Address("", {"subject": subject, "slug": json.loads(card)["slug"]}, changed)
    for slug in db.session.execute(_partners(first, last)).scalars():
        yield Address("countries.partner", {"slug": slug})


def _few() -> Iterator[Address]:
    """Pages that are there whatever is on record, and those of the countries that a record names."""
    yield from (Address(endpoint, {}) for endpoint in STATIC)
    yield from (Address("regions.show", {"slug": region.slug}) for region in places.regions().values())
    for code in sorted(listing.kept("countries", regional.by_country)):
        yield Address("countries.show", {"slug": places.countries()[code].slug})


def _partners(first: int, last: int) -> Select[Any]:
    """The partners that no revision before these names."""
    earlier = aliased(VersionFacet)
    named_before = exists().where(
        earlier.facet == PARTNER, earlier.value == VersionFacet.value, earlier.revision < VersionFacet.revision
    )
    few = VersionFacet.facet + "" == PARTNER  # SQLite would read all partners there are, did it see the facet's index
    within = VersionFacet.revision.between(first, last)
    order = (VersionFacet.revision, VersionFacet.value)
    return select(VersionFacet.value).where(few, within, ~named_before).order_by(*order).limit(MOST_PARTNERS)


def _urlset(pages: Iterator[Address]) -> Iterator[str]:
    yield '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    records = {code: public_url(url_for("catalogue.index", language=code)) for code in config.LOCALES}
    for endpoint, values, changed in pages:
        found = {code: _url(endpoint, values, code, records[code]) for code in config.LOCALES}
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(url)}/>' for code, url in found.items()
        )
        for url in found.values():
            yield f"<url><loc>{escape(url)}</loc>{_changed(changed)}{links}</url>\n"
    yield "</urlset>\n"


def _url(endpoint: str, values: dict[str, Any], language: str, records: str) -> str:
    if endpoint:
        return public_url(url_for(endpoint, language=language, **values))
    return f"{records}/{values['subject']}-{values['slug']}"


def _changed(time: str) -> str:
    return f"<lastmod>{time}</lastmod>" if time else ""


def _index(parts: range) -> Iterator[str]:
    """The parts; each was last changed, as far as is known, when the newest revision of its own was published."""
    newest = selecting.state(db.session()).seq
    ends = {min(number * PART, newest): number for number in parts}
    query = select(Revision.seq, Revision.time).where(Revision.seq.in_(ends))
    times = {ends[seq]: time for seq, time in db.session.execute(query)}
    yield '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for number in parts:
        url = escape(public_url(url_for("changes.sitemap_part", number=number)))
        yield f"<sitemap><loc>{url}</loc>{_changed(times.get(number, ''))}</sitemap>\n"
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
