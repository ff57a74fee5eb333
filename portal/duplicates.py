"""Which records may be the same cooperation? Same region, same country, and partners that are called alike."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from portal import folding, indexing, places, searching
from portal.checking import Similar
from portal.extensions import db
from portal.models import Revision, Version, VersionFacet
from portal.record import Document
from portal.terms import N_

MOST = 5
MOST_READ = 300  # records that are read to find them
MOST_NAMED = 20_000  # records of a like name, in all regions
_ENOUGH = 0.5  # share of the shorter name's words that must be found in the other
# What partners are, not what they are called; "kab" and the like come from abbreviations.
_COMMON = frozenset(
    "kota city municipality prefecture province provinsi county kabupaten district distrik region daerah pemerintah"
    " government of dan and the de la le du der die das di in town state negara bagian republik republic"
    " kingdom kerajaan university universitas institute institut embassy kedutaan besar foundation yayasan company co"
    " ltd inc shi ken ku perfektur pemerintahan rakyat people s".split()
)


def similar(region: str, countries: Collection[str], names: Iterable[str], without: str = "") -> list[Similar]:
    """Records of a region with a partner in one of the countries and of a similar name, the most similar first.

    Without names the country is enough, without countries the name; with neither nothing is found. ``without`` is the
    record that is asked about itself.
    """
    wanted = [found for name in names if (found := _telling(name))]
    if not region or not (wanted or countries):
        return []
    return _scored(_documents(region, countries, wanted), countries, wanted, without)


def _scored(
    documents: Iterable[Document], countries: Collection[str], wanted: list[frozenset[str]], without: str
) -> list[Similar]:
    """The documents that are like what is wanted, the most similar first."""
    scored = []
    for document in documents:
        score = max((_score(party, countries, wanted) for party in document["foreign_parties"]), default=0.0)
        if score and document["id"] != without:
            scored.append((-score, document["id"], document))
    return [
        _similar(document, -score, bool(wanted))
        for score, _, document in sorted(scored, key=lambda one: one[:2])[:MOST]
    ]


def of_document(document: Document) -> list[Similar]:
    """The records that may be the same as this document, or as what it would become."""
    return similar(
        document.get("region", ""), _countries(document), _party_names(document), str(document.get("id", ""))
    )


def of_documents(documents: Sequence[Document]) -> list[list[Similar]]:
    """The same of each of several documents; one statement, and more only where a region has very many records."""
    countries = [_countries(document) for document in documents]
    regions = {document.get("region", "") for document in documents}
    read = _by_region(regions, set().union(*countries) if all(countries) else set()) if documents else {}
    return [_among(document, read.get(document.get("region", ""), ())) for document in documents]


def _among(document: Document, read: Sequence[Document]) -> list[Similar]:
    """The records that may be the same as a document, among the newest of its region."""
    if len(read) >= MOST_READ:
        return of_document(document)
    wanted = [found for name in _party_names(document) if (found := _telling(name))]
    countries = _countries(document)
    return _scored(read, countries, wanted, str(document.get("id", ""))) if wanted or countries else []


def _countries(document: Document) -> set[str]:
    return {party["country"] for party in document.get("foreign_parties", [])}


def _party_names(document: Document) -> list[str]:
    return [name for party in document.get("foreign_parties", []) for name in _names(party)]


def _by_region(regions: Collection[str], countries: Collection[str]) -> Mapping[str, list[Document]]:
    """The newest published documents of each of several regions that name one of the countries; one statement."""
    place = func.row_number().over(partition_by=VersionFacet.value, order_by=VersionFacet.revision.desc())
    ranked = (
        select(VersionFacet.revision, VersionFacet.value, place.label("place"))
        .join(Version, Version.revision == VersionFacet.revision)
        .where(Version.current, VersionFacet.facet == "daerah", VersionFacet.value.in_(regions), *_with(countries))
        .subquery()
    )
    query = (
        select(ranked.c.value, Revision.document)
        .join(Revision, Revision.seq == ranked.c.revision)
        .where(ranked.c.place <= MOST_READ)
        .order_by(ranked.c.place)
    )
    found: dict[str, list[Document]] = {}
    for region, text in db.session.execute(query):
        if document := json.loads(text):
            found.setdefault(region, []).append(document)
    return found


def _documents(region: str, countries: Collection[str], wanted: Iterable[frozenset[str]]) -> list[Document]:
    """The published documents of a region that name one of the countries; of very many the newest, and those of a name.

    One statement where they are not very many, else one more (and what `searching.asked` needs).
    """
    found = _newest(region, countries)
    words = {word for name in wanted for word in name}
    if len(found) == MOST_READ and words:
        session = db.session()
        typed = searching.asked(session, " ".join(sorted(words)))
        holding = searching.named(session, typed.words, MOST_NAMED, every=False).subquery()
        found |= _newest(region, countries, Version.revision.in_(select(holding)))
    return list(found.values())


def _newest(region: str, countries: Collection[str], *also: ColumnElement[bool]) -> dict[int, Document]:
    query = (
        select(Revision.seq, Revision.document)
        .join(Version, Version.revision == Revision.seq)
        .join(VersionFacet, VersionFacet.revision == Version.revision)
        .where(Version.current, VersionFacet.facet == "daerah", VersionFacet.value == region, *also)
        .order_by(VersionFacet.revision.desc())
        .limit(MOST_READ)
    )
    query = query.where(*_with(countries))
    return {seq: document for seq, text in db.session.execute(query) if (document := json.loads(text))}


def _with(countries: Collection[str]) -> list[ColumnElement[bool]]:
    """That a record names one of the countries; nothing where none is asked for."""
    party = aliased(VersionFacet)
    is_with = (party.facet == "negara", party.value.in_(countries), party.revision == VersionFacet.revision)
    return [exists().where(*is_with)] if countries else []


def _score(party: Document, countries: Collection[str], wanted: list[frozenset[str]]) -> float:
    """How alike a partner is, from 0 (another) to 1 (called the same)."""
    if countries and party["country"] not in countries:
        return 0.0
    if not wanted:
        return _ENOUGH
    own = [found for name in _names(party) if (found := _telling(name))]
    best = max((_overlap(one, other) for one in wanted for other in own), default=0.0)
    return best if best >= _ENOUGH else 0.0


def _names(party: Document) -> list[str]:
    said = [*party.get("name", {}).values(), *party.get("short", {}).values()]
    return [*said, party.get("printed", ""), *party.get("aliases", []), *party.get("place", [])]


def _telling(name: str) -> frozenset[str]:
    """The words of a name that tell it from others; all of them where it has no others. Countries tell nothing."""
    found = frozenset(folding.words(name))
    telling = found - _COMMON - _country_words()
    return telling or found - _COMMON


@cache
def _country_words() -> frozenset[str]:
    return frozenset(
        word for code in places.countries() for name in folding.country_names(code) for word in folding.words(name)
    )


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the shorter name's words that the other has, one typing error allowed in each."""
    shorter, longer = sorted((one, other), key=len)
    shared = sum(1 for word in shorter if word in longer or longer.intersection(folding.neighbours(word)))
    return shared / len(shorter) if shorter else 0.0


def _similar(document: Document, score: float, named: bool) -> Similar:
    why = N_("same region, partner of a similar name") if named else N_("same region, same country")
    title: Mapping[str, str] = document["title"]
    partners = tuple(party["short"] for party in document["foreign_parties"])
    return Similar(document["id"], title, indexing.slug(document), partners, why)
