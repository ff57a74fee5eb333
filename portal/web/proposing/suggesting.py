"""Which names are offered while somebody types? Countries, partners on record, regions one may report for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal import folding, places, searching
from portal.extensions import db
from portal.models import Account, Version
from portal.web.language import current_language
from portal.web.proposing.opening import offered_regions

MOST = 8
MOST_READ = 500  # records whose partners are looked through
SHORTEST = 2


def countries() -> list[str]:
    """The names of all countries but the own, in the language of the page."""
    language = current_language()
    return sorted(one.called(language) for code, one in places.countries().items() if code != "ID")


def regions(by: Account) -> dict[str, Any]:
    """The regions somebody may report for: code and name, and the words by which else they are found, by code."""
    language = current_language()
    offered = [(code, places.regions()[code].called(language)) for code in offered_regions(by)]
    return {"regions": offered, "words": {code: _other_words(code, name) for code, name in offered}}


def _other_words(code: str, name: str) -> str:
    """The words of a region's other names, as the search of the site knows them."""
    known = dict.fromkeys(word for other in folding.region_names(code) for word in folding.fold(other).split())
    return " ".join(word for word in known if word not in folding.fold(name).split())


def typed_name(values: Mapping[str, str]) -> str:
    """The name that is being typed: the one value that was sent along."""
    return next((value for name, value in values.items() if name.startswith("foreign_parties-")), "")[:200]


def partners(typed: str) -> list[str]:
    """Partners on record whose names hold the words typed, each name once."""
    wanted = folding.words(typed)
    if not wanted or len(wanted[0]) < SHORTEST:
        return []
    found: dict[str, None] = {}
    for name in _names(wanted):
        if len(found) == MOST:
            break
        if _begins(folding.words(name), wanted):
            found[name] = None
    return list(found)


def _names(wanted: list[str]) -> list[str]:
    """The partners of the newest records whose names hold the words, in order."""
    language, session = current_language(), db.session()
    holding = searching.named(session, wanted[: searching.MOST_WORDS], MOST_READ).subquery()
    cards = session.execute(
        select(Version.card).where(Version.current, Version.revision.in_(select(holding)))
    ).scalars()
    return sorted({str(partner[language]) for card in cards for partner in json.loads(card)["partners"]})


def _begins(name: list[str], typed: list[str]) -> bool:
    return all(any(word.startswith(one) for word in name) for one in typed)
