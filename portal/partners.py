"""Who are the foreign parties on record, and which records name one? As they are known today, by their addresses."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, select

from portal import indexing, listing, selecting
from portal.extensions import db
from portal.indexing import PARTNER
from portal.models import Version, VersionFacet

PAGE_SIZE = 50
MOST = 5_000  # records of one partner that are looked through, the newest
_VERSION: Table = Version.__table__  # type: ignore[assignment]
_LAST = "z" * 90  # after every slug of a country, in whatever order a database sorts letters, digits and hyphens


@dataclass(frozen=True, slots=True)
class Partner:
    """A foreign party: one name in one country, what a card says of it, and how many records name it."""

    slug: str
    party: Mapping[str, Any]
    records: int


@dataclass(frozen=True, slots=True)
class Partners:
    """Some of the partners of a country, those with most records first, and how many there are."""

    found: tuple[Partner, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Named:
    """A record that names a partner."""

    revision: int
    region: str
    type: str
    status: str


def of_country(country: str, page: int = 1) -> Partners:
    """One page of the partners of a country, a page beyond the last is the last; the first is kept for each state."""
    first = listing.kept(f"partners {country}", lambda: _most_named(country, 0))
    number = min(page, -(-first.total // PAGE_SIZE))
    return first if number <= 1 else Partners(_most_named(country, (number - 1) * PAGE_SIZE).found, first.total)


def _most_named(country: str, start: int) -> Partners:
    """From the index of the facet alone, and one card for each that is shown; two statements."""
    number, one = func.count(), func.max(VersionFacet.revision)
    ranked = (
        select(VersionFacet.value, number, one, func.count().over())
        .where(VersionFacet.facet == PARTNER, _of(country))
        .group_by(VersionFacet.value)
        .order_by(number.desc(), VersionFacet.value)
    )
    rows = db.session.execute(ranked.offset(start).limit(PAGE_SIZE)).all()
    parties = _parties({slug: revision for slug, _number, revision, _total in rows})
    found = tuple(Partner(slug, parties[slug], number) for slug, number, _revision, _total in rows)
    return Partners(found, rows[0][3] if rows else 0)


def _of(country: str) -> ColumnElement[bool]:
    code = country.lower()
    return and_(VersionFacet.value >= code, VersionFacet.value < code + _LAST)


def named(slug: str) -> tuple[Partner, list[Named]] | None:
    """A partner and the newest records that name it, in the order of the listing; two statements."""
    newest = (
        select(VersionFacet.revision)
        .where(VersionFacet.facet == PARTNER, VersionFacet.value == slug)
        .order_by(VersionFacet.revision.desc())
        .limit(MOST)
    )
    columns: dict[str, ColumnElement[Any]] = {column.name: column for column in _VERSION.c}
    wanted = [columns[name] for name in ("revision", "region", "type", "status")]
    query = select(*wanted).where(_VERSION.c.revision.in_(newest.scalar_subquery()))
    order = selecting.order("sunyi", columns, db.session().get_bind().dialect.name)
    records = [Named(*row) for row in db.session.execute(query.order_by(*order))]
    if not records:
        return None
    return Partner(slug, _parties({slug: records[0].revision})[slug], len(records)), records


def counted(slugs: Collection[str]) -> Mapping[str, int]:
    """How many records name each of some partners; one statement."""
    query = (
        select(VersionFacet.value, func.count())
        .where(VersionFacet.facet == PARTNER, VersionFacet.value.in_(slugs))
        .group_by(VersionFacet.value)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def in_card(card: Mapping[str, Any], country: str) -> dict[str, Mapping[str, Any]]:
    """The partners of a country that a row of the listing names, by their addresses."""
    return {
        indexing.partner_slug(party["country"], party["id"]): party
        for party in reversed(card["partners"])
        if party["country"] == country
    }


def _parties(revisions: Mapping[str, int]) -> Mapping[str, Mapping[str, Any]]:
    """What a card says of each partner."""
    cards = {revision: json.loads(card) for revision, card in _cards(set(revisions.values()))}
    return {slug: in_card(cards[one], slug[:2].upper())[slug] for slug, one in revisions.items()}


def _cards(revisions: Collection[int]) -> Any:
    return db.session.execute(select(_VERSION.c.revision, _VERSION.c.card).where(_VERSION.c.revision.in_(revisions)))
