"""Is a cooperation that is on record found again, however its partner is written, and is a new one left alone?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from portal import duplicates, places, publications
from portal.extensions import db
from portal.models import Version
from tests.counting import statements

pytestmark = pytest.mark.usefixtures("app_context")

SURAKARTA, SRAGEN = "33.72", "33.14"


def found(region: str, countries: set[str], *names: str, **more: str) -> list[str]:
    return [one.subject for one in duplicates.similar(region, countries, names, **more)]


@pytest.mark.parametrize(
    "name", ["Xi’an", "xian", "Kota Xi'an", "Pemerintah Kota Xian", "City of Xi‘an, Shaanxi", "Xiian", "XI AN / Xi’an"]
)
def test_a_partner_is_found_however_it_is_written(name: str) -> None:
    assert "KS-0011" in found(SURAKARTA, {"CN"}, name)
    assert "KS-0011" in found(SURAKARTA, set(), name)


@pytest.mark.parametrize(
    ("region", "countries", "name"),
    [
        (SURAKARTA, {"JP"}, "Xi’an"),
        (SURAKARTA, {"CN"}, "Guangzhou"),
        (SRAGEN, {"CN"}, "Xi’an"),
        (SURAKARTA, set(), ""),
        ("", {"CN"}, "Xi’an"),
    ],
)
def test_another_partner_country_or_region_is_left_alone(region: str, countries: set[str], name: str) -> None:
    assert "KS-0011" not in found(region, countries, *([name] if name else []))


def test_without_a_name_that_tells_something_the_country_is_enough() -> None:
    assert "KS-0011" in found(SURAKARTA, {"CN"})
    assert "KS-0011" in found(SURAKARTA, {"CN"}, "Pemerintah Kota")


def test_a_record_is_not_similar_to_itself(published: Callable[[str], Mapping[str, Any]]) -> None:
    assert "KS-0011" not in [one.subject for one in duplicates.of_document(published("KS-0011"))]
    without = {name: value for name, value in published("KS-0011").items() if name != "id"}
    assert duplicates.of_document(without)[0].subject == "KS-0011"


def test_what_is_found_can_be_shown_and_opened(client: Any) -> None:
    one = duplicates.similar(SURAKARTA, {"CN"}, ["Xi’an"])[0]
    assert one.title["id"]
    assert one.partners[0]["id"]
    assert one.why == "same region, partner of a similar name"
    assert client.get(f"/kerja-sama/{one.subject}-{one.slug}").status_code == 200


def test_a_half_filled_document_is_no_trouble() -> None:
    assert duplicates.of_document({}) == []
    assert duplicates.of_document({"region": SURAKARTA}) == []
    assert duplicates.of_document({"region": SURAKARTA, "foreign_parties": [{"country": "CN"}]})


def test_every_record_is_found_by_its_own_partner() -> None:
    for subject in db.session.query(Version.subject).where(Version.current):
        document = publications.newest(subject[0]).document  # type: ignore[union-attr]
        party = document["foreign_parties"][0]
        mates = duplicates.similar(document["region"], {party["country"]}, [party["short"]["id"]])
        assert document["region"] in places.regions()
        assert subject[0] in [one.subject for one in mates] or len(mates) == duplicates.MOST


@pytest.mark.parametrize("name", ["Xi’an", "Xiian"])
@pytest.mark.parametrize("countries", [set(), {"CN"}])
def test_in_a_region_of_very_many_records_the_name_still_finds(
    name: str, countries: set[str], monkeypatch: pytest.MonkeyPatch, app: Any
) -> None:
    monkeypatch.setattr(duplicates, "MOST_READ", 1)
    with statements(app) as seen:
        assert "KS-0011" in found(SURAKARTA, countries, name)
    assert len(seen) <= 6
