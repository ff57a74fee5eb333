"""What is the region or country with this code called, and where does it belong?

Reference data ships with the package and never changes while the portal runs, so names cost no query.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from portal import data


@dataclass(frozen=True, slots=True)
class Region:
    """A province, kabupaten or kota with its Kemendagri code; population in persons, area in km2."""

    code: str
    name: str
    short_name: str
    name_en: str
    level: str
    parent: str
    capital: str
    population: int
    area_km2: str
    slug: str

    @property
    def province(self) -> str:
        """The code of its province (its own for a province)."""
        return self.parent or self.code

    def called(self, language: str) -> str:
        """Its full name: ``Kabupaten Boyolali`` or ``Boyolali Regency``."""
        return self.name if language == "id" else self.name_en

    def headed(self, language: str) -> str:
        """Its name in lists and headings: ``Kab. Boyolali`` or ``Boyolali Regency``."""
        return re.sub(r"^Kabupaten ", "Kab. ", self.name) if language == "id" else self.name_en


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its ISO 3166-1 alpha-2 code."""

    code: str
    name_id: str
    name_en: str
    slug: str

    def called(self, language: str) -> str:
        """Its name in a language."""
        return self.name_id if language == "id" else self.name_en


@lru_cache(maxsize=1 << 13)
def slug(text: str) -> str:
    """A text as part of an address: ``Kota Surakarta – Xi’an`` becomes ``kota-surakarta-xian``."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D").lower())
    plain = re.sub(r"[’'‘`´\u201f\u0300-\u036f]", "", plain)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@cache
def regions() -> Mapping[str, Region]:
    """All 552 regions by code, in the order of their codes."""
    return {
        row["code"]: Region(
            row["code"], row["name"], row["short_name"], row["name_en"], row["level"], row["parent_code"],
            row["capital"], int(row["population"]), row["area_km2"], f"{row['code']}-{slug(row['name'])}",
        )
        for row in data.regions()
    }  # fmt: skip


@cache
def countries() -> Mapping[str, Country]:
    """All 249 countries by code."""
    return {
        row["code"]: Country(
            row["code"], row["name_id"], row["name_en"], f"{row['code'].lower()}-{slug(row['name_id'])}"
        )
        for row in data.countries()
    }


@cache
def provinces() -> tuple[Region, ...]:
    """The 38 provinces, by code."""
    return tuple(region for region in regions().values() if region.level == "province")


@cache
def members(province: str) -> tuple[Region, ...]:
    """The kabupaten and kota of a province, by code."""
    return tuple(region for region in regions().values() if region.parent == province)
