"""Are the reference files complete, and do they hold together?"""

from __future__ import annotations

from itertools import pairwise

import pytest
import yaml

from portal import data, dates

REGIONS = {row["code"] for row in data.regions()}
COUNTRIES = {row["code"] for row in data.countries()}


def test_a_date_in_a_file_stays_a_string() -> None:
    read = data.from_yaml('a: 2012-05-06\nb: 1.10\nc: yes\nd: "2012"\ne: 96\nf: true\ng: 12:30\nh: ~')
    assert read == {"a": "2012-05-06", "b": "1.10", "c": "yes", "d": "2012", "e": 96, "f": True, "g": "12:30", "h": "~"}


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: !!python/object/apply:os.getcwd []"])
def test_a_careless_or_unsafe_file_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        data.from_yaml(text)


def test_legal_regimes_follow_each_other_without_a_gap() -> None:
    rows = data.legal_regimes()
    assert [row["code"][:2] for row in rows] == ["r0", "r1", "r2", "r3", "r4", "r5", "r6"]
    for before, after in pairwise(rows):
        days = dates.earliest(after["valid_from"]) - dates.earliest(before["valid_to"])
        assert days.days == 1
    assert {row["code"] for row in rows if row["unsure"] == "no"} == {"r4_uu23_2014", "r5_pp28_2018"}


def test_other_names_lead_to_places_that_exist() -> None:
    names = data.aliases()
    assert set(names) == {"regions", "countries", "places", "words"}
    assert set(names["regions"]) <= REGIONS
    assert set(names["countries"]) <= COUNTRIES
    assert {row["code"] for row in data.regions() if row["level"] == "province"} <= set(names["regions"])
    for code, name in [("33.72", "Solo"), ("34", "Jogja"), ("34.71", "Jogja"), ("31", "DKI"), ("33", "Jateng")]:
        assert name in names["regions"][code]
    for code, name in [("CN", "RRT"), ("NL", "Holland"), ("KR", "Korsel"), ("US", "AS"), ("GB", "Inggris")]:
        assert name in names["countries"][code]


def test_each_province_has_a_tile_of_its_own() -> None:
    tiles = data.tiles()
    provinces = {row["code"] for row in data.regions() if row["level"] == "province"}
    assert {tile.code for tile in tiles} == provinces == set(data.province_map()["provinces"])
    assert len({(tile.column, tile.row) for tile in tiles}) == 38
    assert all(1 <= tile.column <= 8 and 1 <= tile.row <= 8 for tile in tiles)
