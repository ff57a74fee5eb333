"""Do the colours of the maps mean what their legend says, with a hundred records and with many thousands?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import editorial
from portal.web import maps
from tests.conftest import Databases, application, only_reading
from tests.load.generate import Maker
from tests.pages import CheckedClient, soup
from tests.record_pages import AUTHOR

# Existing cooperation by province in a register of ten thousand records.
MANY = [
    153, 111, 61, 165, 304, 312, 105, 582, 332, 268, 39, 129, 482, 156, 175, 372, 200, 816, 145, 146, 218, 103, 201,
    90, 432, 253, 57, 34, 238, 84, 52, 518, 486, 73, 132, 293, 258, 48, 0,
]  # fmt: skip


@pytest.mark.parametrize(
    ("totals", "begins"),
    [
        ([], (3, 6, 12)),
        ([0, 13, 1], (3, 6, 12)),
        (MANY, (100, 200, 300)),
        ([90, 90, 90], (20, 30, 50)),
        ([1, 1, 1, 1, 500], (2, 5, 10)),
        ([1_000_000], (300_000, 500_000, 1_000_000)),
    ],
)
def test_the_classes_follow_the_numbers(totals: list[int], begins: tuple[int, int, int]) -> None:
    assert maps.steps(totals) == begins


@given(st.lists(st.integers(0, 2_000_000), max_size=38))
def test_classes_rise_and_the_last_holds_something(totals: list[int]) -> None:
    begins = maps.steps(totals)
    assert 1 < begins[0] < begins[1] < begins[2]
    if max(totals, default=0) >= maps.MANY:
        assert maps.level(max(totals), begins) == 4
    assert all((maps.level(total, begins) == 0) == (total == 0) for total in totals)


@pytest.fixture(scope="module")
def crowded(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A register in which most records lie in few provinces."""
    with application(databases.on("sqlite").copy(), tmp_path_factory.mktemp("crowded")) as app:
        with app.app_context():
            documents = list(Maker(11).documents(160))
            for place, document in enumerate(documents):
                document["region"] = ("33.72", "33.14", "31", "51", "34")[min(place // 40, place % 5)]
            editorial.publish_all("cooperation", documents, AUTHOR)
        only_reading(app)
        yield app


def test_the_page_with_the_true_map_is_light(crowded: Any) -> None:
    """On the wire as light as any page, also in a register of many records."""
    page = crowded.test_client().get("/?peta=geo")
    assert len(soup(page).select(".geo a[aria-label] path")) == 38
    assert len(brotli.compress(page.get_data(), quality=crowded.config["COMPRESS_BR_LEVEL"])) <= 12_000


def legend(page: Any) -> list[tuple[int, float]]:
    """The classes as the page tells them: first and last number of each."""
    found = []
    for mark in page.select(".key--map i[class^='tile tile--']"):
        spans = re.fullmatch(r"([\d.]+)(?:–([\d.]+)|(\+)|)", mark.parent.get_text(strip=True))
        if spans:
            first, last = (int(text.replace(".", "")) if text else 0 for text in spans.groups()[:2])
            found.append((first, float("inf") if spans[3] else last or first))
    return found


@pytest.mark.parametrize("address", ["/", "/?peta=geo"])
def test_every_colour_is_the_one_of_its_number(client: CheckedClient, crowded: Any, address: str) -> None:
    for register, most in ((client, 25), (crowded.test_client(), 10_000)):
        page = soup(register.get(address))
        key = page.select_one(".key--map:not([aria-hidden])") if "geo" in address else page
        classes = legend(key)
        assert len(classes) == 4
        assert classes[-1][0] < most
        shown = 0
        for tile in page.select("a.tile"):
            number = tile.b.get_text()
            if number.isdigit() and number != "0":
                [colour] = [int(name[-1]) for name in tile["class"] if re.fullmatch(r"tile--\d", name)]
                first, last = classes[colour - 1]
                assert first <= int(number) <= last
                shown += 1
        assert shown > 1
        for shape in page.select(".geo a[aria-label]"):
            number = re.match(r".*: (\d+) kerja sama", shape["aria-label"])
            colour = int(shape["class"][0][1:])
            assert bool(number) == bool(colour)
            if number:
                assert classes[colour - 1][0] <= int(number[1]) <= classes[colour - 1][1]
