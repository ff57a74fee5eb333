"""Which reference files ship with the portal? One reader for each; where they come from stands in LICENSES.md.

Values of CSV files are strings, an empty one means not known. Dates in YAML files are strings, too: the loader here
knows strings, whole numbers, ``true`` and ``false`` only, and refuses a key that is written twice.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

Row = Mapping[str, str]


class TilePlace(NamedTuple):
    """The place of a province on the tile map: everyday short name, column and row from 1 to 8."""

    code: str
    label: str
    column: int
    row: int


class _Loader(yaml.SafeLoader):
    """Safe, and without guesses: no dates, floats, sexagesimals or yes/no."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node; raises `ConstructorError` where a key stands twice."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(keys)) != len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key is written twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|[1-9][0-9]*)$"), list("0123456789"))


def from_yaml(text: str) -> Any:
    """What a YAML text holds; raises `yaml.YAMLError`."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader


def _text(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _rows(name: str) -> tuple[Row, ...]:
    return tuple(csv.DictReader(_text(name).splitlines()))


def _documents(folder: str) -> list[dict[str, Any]]:
    entries = sorted(files(__name__).joinpath(folder).iterdir(), key=lambda entry: entry.name)
    return [from_yaml(entry.read_text(encoding="utf-8")) for entry in entries if entry.name.endswith(".yaml")]


@cache
def regions() -> Sequence[Row]:
    """The 552 regions in the order of their codes.

    Columns: code, name, short_name, name_en, level, parent_code, iso_3166_2, capital, lat, lon, label_lat, label_lon
    (degrees, WGS84), population (persons, second half of 2024), area_km2. Source: Kemendagri and BIG.
    """
    return _rows("regions.csv")


@cache
def countries() -> Sequence[Row]:
    """The 249 countries of ISO 3166-1: code (alpha-2), alpha3, numeric, name_id, name_en, continent_*, lat, lon …"""
    return _rows("countries.csv")


@cache
def government_affairs() -> Sequence[Row]:
    """The 32 concurrent affairs of UU 23/2014 art. 12: code, group, group_id, group_en, name_id, name_en."""
    return _rows("government-affairs.csv")


@cache
def legal_regimes() -> Sequence[Row]:
    """Which rules held from when to when for the foreign cooperation of regions, oldest first.

    Columns: code, valid_from, valid_to (days, both included; empty is open), from_certainty, to_certainty and certainty
    (``seen`` in the rule itself, ``K`` known but not checked, ``?`` uncertain), unsure (yes, no), rules_id, rules_en,
    sentence_id, sentence_en.
    """
    return _rows("legal-regimes.csv")


@cache
def sister_relations() -> Sequence[Row]:
    """The 90 rows of sister relations found in open sources, not confirmed by any region; columns as in the file."""
    return _rows("sister-relations.csv")


@cache
def sister_details() -> Mapping[str, Mapping[str, Any]]:
    """What was typed by hand beside those rows, by their id: names in Indonesian, notes, earlier letters, renewals."""
    details: dict[str, dict[str, Any]] = from_yaml(_text("sister-details.yaml"))
    return details


@cache
def source_hosts() -> Sequence[Row]:
    """Kind, grade and known name (may be empty) of a source by the end of its host name; other hosts are press (C)."""
    return _rows("source-hosts.csv")


@cache
def spam_words() -> Sequence[Row]:
    """Words of gambling, loan and link sellers in small letters, with the level (`desk.LEVELS`) they raise."""
    return _rows("spam-words.csv")


@cache
def aliases() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Other names people search by: of ``regions`` and ``countries`` by code, of ``places`` and ``words`` as folded."""
    names: dict[str, dict[str, list[str]]] = from_yaml(_text("aliases.yaml"))
    return names


@cache
def weak_passwords() -> frozenset[str]:
    """Passwords and words that are tried first, folded to a-z and 0-9; composed for this register (LICENSES.md)."""
    packed = files(__name__).joinpath("weak-passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode("utf-8").split())


@cache
def tiles() -> Sequence[TilePlace]:
    """The places of the 38 provinces on the tile map of 8 by 8, by code."""
    return tuple(
        TilePlace(row["code"], row["label"], int(row["column"]), int(row["row"])) for row in _rows("short-names.csv")
    )


@cache
def province_map() -> Mapping[str, Any]:
    """The true map: viewBox, attribution, and for each province ``d`` (path), ``x``, ``y`` (label), ``bbox``.

    A step of a path is ``scale`` steps of everything else: borders finer than the screen would only weigh more.
    """
    drawn: dict[str, Any] = json.loads(_text("map-provinces.json"))
    return drawn


def papers() -> list[dict[str, Any]]:
    """The 20 cooperations of the research papers, as documents (`portal.record.FIELDS`), by number."""
    return _documents("papers")


def region_notes() -> list[dict[str, Any]]:
    """What the research papers say of seven regions, as documents (`portal.record.REGION_FIELDS`), by code."""
    return _documents("regions")
