"""What does a reader mean by a few words? The one page that fits them exactly, and names that begin like them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from flask import url_for

from portal import folding, indexing, listing, places, publications, searching, vocabulary
from portal.criteria import Criteria
from portal.translating import gettext as _
from portal.web import rows
from portal.web.language import current_language

MOST = 8
SHORTEST = 2
_NAMED = ("daerah", "negara", "bidang")
_NUMBER = re.compile(r"\s*ks[\s-]*0*([0-9]{1,7})\s*", re.IGNORECASE)


def best(typed: str) -> str | None:
    """The address of the record, region or country that the words name exactly; none when that is not just one."""
    typed = typed[: searching.LONGEST_QUESTION]
    number = _NUMBER.fullmatch(typed)
    if number:
        return _record(f"KS-{int(number[1]):04d}")
    words = " ".join(folding.words(typed))
    named = _regions().get(words, frozenset())
    if len(named) == 1:
        return url_for("regions.show", slug=places.regions()[next(iter(named))].slug)
    country = _countries().get(words)
    if country and not named and country in _with_records():
        return url_for("countries.show", slug=places.countries()[country].slug)
    return None


def pages(typed: str) -> list[tuple[str, str]]:
    """Name and address of every region and country that the words name exactly; a name may belong to two regions."""
    words, language = " ".join(folding.words(typed[: searching.LONGEST_QUESTION])), current_language()
    regions = [places.regions()[code] for code in sorted(_regions().get(words, frozenset()))]
    found = [(region.called(language), url_for("regions.show", slug=region.slug)) for region in regions]
    code = _countries().get(words)
    if code and code in _with_records():
        country = places.countries()[code]
        found.append((country.called(language), url_for("countries.show", slug=country.slug)))
    return found


def _record(subject: str) -> str | None:
    published = publications.newest(subject)
    if published is None or published.kind != "cooperation":
        return None
    return rows.record_path(subject, indexing.slug(published.document))


@cache
def _regions() -> dict[str, frozenset[str]]:
    """The codes of the regions that bear a name, by the name's words."""
    found: dict[str, set[str]] = {}
    for code in places.regions():
        for name in folding.region_names(code):
            found.setdefault(" ".join(folding.words(name)), set()).add(code)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def _countries() -> dict[str, str]:
    return {" ".join(folding.words(name)): code for code in places.countries() for name in folding.country_names(code)}


def _with_records() -> set[str]:
    """The countries of which there is a record."""
    return _used()["negara"]


def _used() -> dict[str, set[str]]:
    """The regions, countries and fields of which there is a record."""
    return listing.kept(
        "named",
        lambda: {name: set(held) for name, held in listing.tally(listing.matching(Criteria()), *_NAMED).items()},
    )


def suggested(typed: str) -> list[str]:
    """Names that hold what is typed: regions, countries and fields with records first, then the other regions."""
    words = folding.words(typed[: searching.LONGEST_QUESTION])
    if not words or len(words[0]) < SHORTEST:
        return []
    found: dict[str, None] = {}
    for name in _names(_used()):
        if len(found) == MOST:
            break
        if _begins(folding.words(name), words):
            found[name] = None
    return list(found)


def _begins(name: list[str], typed: list[str]) -> bool:
    """Do the typed words stand in the name one after the other, the last perhaps not finished?"""
    for place in range(len(name) - len(typed) + 1):
        if name[place : place + len(typed) - 1] == typed[:-1] and name[place + len(typed) - 1].startswith(typed[-1]):
            return True
    return False


def _names(used: dict[str, set[str]]) -> Iterator[str]:
    language = current_language()
    regions = places.regions()
    yield from (region.called(language) for code, region in regions.items() if code in used["daerah"])
    yield from (places.countries()[code].called(language) for code in sorted(used["negara"]))
    yield from (str(_(vocabulary.SECTORS[code].label)) for code in vocabulary.SECTORS if code in used["bidang"])
    yield from (region.called(language) for code, region in regions.items() if code not in used["daerah"])
