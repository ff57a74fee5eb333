"""Does every row of the list of sister relations become a record that says what the row says?"""

from __future__ import annotations

import copy
import re
from collections import Counter

import pytest

from portal import data, first_records

RECORDS = {document["id"]: document for document in first_records.cooperations()}
ROWS = {row["id"]: row for row in data.sister_relations()}
LISTED = {
    row: f"KS-{number:04d}"
    for number, row in enumerate((row for row in ROWS if row not in first_records.MERGED), start=21)
}
ADDRESSES = ("source_url", "source_url_2", "source_url_3")


@pytest.mark.parametrize(("row", "number"), LISTED.items())
def test_a_row_of_the_list_becomes_its_record(row: str, number: str) -> None:
    told, document = ROWS[row], RECORDS[number]
    partner = document["foreign_parties"][0]
    assert (document["region"], partner["country"]) == (told["region_code"], told["partner_country"])
    assert partner["name"]["en"] == told["partner_name"]
    assert "unverified" in {flag["code"] for flag in document["flags"]}
    links = [source["link"] for source in document["sources"] if "link" in source]
    assert links == [told[name] for name in ADDRESSES if told[name]]
    assert {claim["locator"] for claim in document["claims"]} == {row}
    assert not document.get("declarations")
    day = told["signed_date"]
    if told["stage"] == "sister":
        assert document.get("term", {}).get("start", {}).get("date", "") == day
        assert "signed" not in {step["code"] for step in document.get("milestones", [])}
    else:
        text, code = document["instruments"][0], {"mou": "signed", "loi": "intent"}[told["stage"]]
        step = next(step for step in document["milestones"] if step["code"] == code)
        assert (text["kind"], text.get("signed_on", "")) == (told["stage"], day)
        assert (step["state"], step["evidence"], step.get("date", "")) == ("done", "reported", day)


@pytest.mark.parametrize(("row", "number"), first_records.MERGED.items())
def test_a_row_that_a_paper_also_knows_stands_in_the_papers_record(row: str, number: str) -> None:
    told, document = ROWS[row], RECORDS[number]
    assert document["region"] == told["region_code"]
    assert document["foreign_parties"][0]["country"] == told["partner_country"]
    links = {source.get("link") for source in document["sources"]}
    assert {told[name] for name in ADDRESSES if told[name]} <= links
    if told["signed_date"]:
        days = {text.get("signed_on") for text in document.get("instruments", [])}
        assert told["signed_date"] in days | {document.get("term", {}).get("start", {}).get("date")}
    for source in document["sources"][1:]:
        if "link" in source:
            assert (source["kind"], source["grade"]) == first_records.graded(source["link"])


def test_stages_and_types_of_the_list() -> None:
    assert Counter(row["stage"] for row in ROWS.values()) == {"sister": 56, "mou": 20, "loi": 14}
    types = Counter(RECORDS[number]["type"] for number in LISTED.values())
    assert types == {"sister_city": 63, "sister_province": 22}
    forms = Counter(RECORDS[number]["legal_form"] for number in LISTED.values())
    assert set(forms) == {"ksdpl_twin_province", "ksdpl_twin_regency_city"}


def test_where_sources_of_a_row_disagree_both_claims_stand_side_by_side() -> None:
    disputed = {
        row for row, number in LISTED.items() if "disputed" in {flag["code"] for flag in RECORDS[number]["flags"]}
    }
    assert disputed == {"SR019", "SR047", "SR072", "SR084", "SR093", "SR117"}
    for row in disputed:
        claims = Counter(claim["field"] for claim in RECORDS[LISTED[row]]["claims"])
        told = {claim["source"] for claim in RECORDS[LISTED[row]]["claims"]}
        assert len(told) > 1, row
        assert max(claims.values()) > 1 or row in {"SR084", "SR117"}, row


def test_every_remark_of_the_list_is_typed_by_hand() -> None:
    remarks = {row["id"] for row in ROWS.values() if row["note"] and row["id"] not in first_records.MERGED}
    assert remarks == {row for row, details in data.sister_details().items() if "note" in details}
    assert set(data.sister_details()) <= set(LISTED)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("SR005", [("instruments", "unknown", "1997-09")]),
        ("SR026", [("instruments", "loi", "1993-04-22")]),
        ("SR041", [("events", "press", "2017-08")]),
        ("SR063", [("instruments", "loi", "2007-05-19")]),
        ("SR073", [("events", "activity", "2015-11-27")]),
        ("SR078", [("events", "renewal", "2007-08"), ("events", "renewal", "2019-07")]),
        ("SR079", [("events", "activity", "2023-05")]),
        ("SR087", [("instruments", "loi", "2004"), ("events", "other", "2016")]),
        ("SR100", [("events", "renewal", "2007"), ("events", "other", "2010")]),
        ("SR105", [("instruments", "loi", "2010-04")]),
        ("SR111", [("instruments", "loi", "2017")]),
        ("SR120", [("instruments", "loi", "2020")]),
        ("SR129", [("instruments", "loi", "2022-03-28")]),
    ],
)
def test_renewals_and_earlier_letters_are_structured(row: str, found: list[tuple[str, str, str]]) -> None:
    document = RECORDS[LISTED[row]]
    for part, kind, day in found:
        dated = [(item["kind"], item.get("date") or item.get("signed_on")) for item in document[part]]
        assert (kind, day) in dated
        if kind == "loi":
            step = next(step for step in document["milestones"] if step["code"] == "intent")
            assert (step["state"], step["date"]) == ("done", day)


def test_an_undated_letter_keeps_the_day_it_was_known_by() -> None:
    step = RECORDS[LISTED["SR050"]]["milestones"][0]
    assert (step["code"], step["as_of"], "date" in step) == ("intent", "2017-06", False)


def test_a_page_keeps_its_day_where_the_list_or_its_address_tells_one() -> None:
    dated = {
        (row, key): next(iter(told.items()))
        for row, details in data.sister_details().items()
        for key, told in details.get("as_of", {}).items()
    }
    assert len(dated) == 56
    for (row, key), (whence, day) in dated.items():
        source = next(one for one in RECORDS[LISTED[row]]["sources"] if one["key"] == key)
        assert (source["as_of"]["date"], source["as_of"]["basis"]) == (
            day,
            {"list": "stated", "address": "inferred"}[whence],
        )
        address = re.sub(r"\bapr\b", "04", source["link"])
        assert whence == "list" or all(part.removeprefix("20") in address for part in day.split("-")), address
    undated = [one for number in LISTED.values() for one in RECORDS[number]["sources"] if "as_of" not in one]
    assert len(undated) + len(dated) == sum(len(RECORDS[number]["sources"]) for number in LISTED.values())


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://en.wikipedia.org/wiki/Medan", "Wikipedia"),
        ("https://m.beritajakarta.id/en", "Berita Jakarta"),
        ("https://jateng.antaranews.com/berita/493002", "ANTARA"),
        ("https://www.busan.go.kr/eng/Surabaya", "busan.go.kr"),
        ("http://ww3.ibtimes.sg/cotabato", "International Business Times"),
        ("https://notvoi.id/", "notvoi.id"),
        ("http://eeonecaem.blogspot.com/2008/", "eeonecaem.blogspot.com"),
    ],
)
def test_a_publisher_has_the_name_people_know(address: str, name: str) -> None:
    assert first_records.publisher(address) == name


def test_the_converter_changes_nothing_it_is_given() -> None:
    row, details = dict(ROWS["SR078"]), copy.deepcopy(dict(data.sister_details()["SR078"]))
    before = (dict(row), copy.deepcopy(details))
    made = first_records.cooperation(row, "KS-0999", details)
    assert made == first_records.cooperation(row, "KS-0999", details)
    assert (row, details) == before
    assert made["id"] == "KS-0999"


@pytest.mark.parametrize(
    ("address", "kind", "grade"),
    [
        ("https://biroadpim.ntbprov.go.id/gubernur", "official_page", "B"),
        ("https://seattle.gov/oir", "official_page", "B"),
        ("https://www.busan.go.kr/eng/Surabaya", "official_page", "B"),
        ("https://indonesia.embassy.gov.au/jakt", "official_page", "B"),
        ("https://m.beritajakarta.id/en", "official_page", "B"),
        ("https://en.wikipedia.org/wiki/Medan", "list", "E"),
        ("http://zatno.blogspot.com/2007", "other_web", "E"),
        ("https://www.skyscrapercity.com/threads", "other_web", "E"),
        ("https://jumahi.umy.ac.id/index.php", "research", "C"),
        ("https://www.antaranews.com/berita", "press", "C"),
        ("https://notgo.id/", "press", "C"),
    ],
)
def test_a_source_is_graded_by_its_host(address: str, kind: str, grade: str) -> None:
    assert first_records.graded(address) == (kind, grade)
