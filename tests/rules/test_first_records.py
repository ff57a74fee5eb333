"""Are the first records what their sources say? Every document, every quoted word, every row of the list."""

from __future__ import annotations

import copy
import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal import data, dates, first_records, record
from portal.validation import Known, validate

KNOWN = Known({row["code"] for row in data.regions()}, {row["code"] for row in data.countries()})
RECORDS = {document["id"]: document for document in first_records.cooperations()}
REGIONS = {document["region"]: document for document in first_records.regions()}
ROWS = {row["id"]: row for row in data.sister_relations()}
PAPERS = [RECORDS[f"KS-{number:04d}"] for number in range(1, 21)]
LISTED = {
    row: f"KS-{number:04d}"
    for number, row in enumerate((row for row in ROWS if row not in first_records.MERGED), start=21)
}
ADDRESSES = ("source_url", "source_url_2", "source_url_3")
LOCATOR = re.compile(r"^(00[0-9]):([0-9]+)(?:-([0-9]+))?$")

# Pairs of words that name an interviewee, a staff member or an author, as the first 20 digits of their SHA-256.
PERSONS = {
    "10bd6532c90cdd701e7f",
    "b8bf2162bd8c4f1d6ab0",
    "222d16810bc04264275a",
    "53fc7175cda4a7a81dba",
    "b7edec7aed34c7954e4f",
    "ae98544998ee5dad1757",
    "8282c7ca4c8fcc20afc5",
}
STUDENT_NUMBER = "7222a2629dfa38a61fa9"


def texts(part: Any) -> Iterator[str]:
    """Every text of a document."""
    if isinstance(part, str):
        yield part
    else:
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            yield from texts(inner)


def own_words(part: Any) -> Iterator[dict[str, str]]:
    """Every text of a document that the portal says itself, in both languages."""
    if isinstance(part, dict):
        if "id" in part and set(part) <= {"id", "en"} and not str(part["id"]).startswith("KS-"):
            yield part
        for inner in part.values():
            yield from own_words(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from own_words(inner)


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


# -- all documents -----------------------------------------------------------------------------------------------------


def test_there_are_105_records_in_a_row_and_seven_regions() -> None:
    assert list(RECORDS) == [f"KS-{number:04d}" for number in range(1, 106)]
    assert sorted(REGIONS) == ["33.09", "33.10", "33.11", "33.12", "33.13", "33.14", "33.72"]
    assert (len(data.papers()), len(ROWS), len(first_records.MERGED), len(LISTED)) == (20, 90, 5, 85)


@pytest.mark.parametrize("number", RECORDS)
def test_a_record_is_a_sound_document(number: str) -> None:
    assert [str(problem) for problem in validate(RECORDS[number], known=KNOWN)] == []
    assert record.canonical(RECORDS[number])


@pytest.mark.parametrize("code", REGIONS)
def test_a_region_is_a_sound_document(code: str) -> None:
    assert [str(problem) for problem in validate(REGIONS[code], "region", KNOWN)] == []


@pytest.mark.parametrize("document", [*RECORDS.values(), *REGIONS.values()], ids=[*RECORDS, *REGIONS])
def test_everything_is_said_in_both_languages_and_nothing_is_denied(document: dict[str, Any]) -> None:
    for said in own_words(document):
        assert said.get("en"), said
        assert "tidak ada" not in said["id"].lower(), said
        assert "ilegal" not in said["id"].lower(), said


@pytest.mark.parametrize("document", [*RECORDS.values(), *REGIONS.values()], ids=[*RECORDS, *REGIONS])
def test_no_person_is_named(document: dict[str, Any]) -> None:
    for text in texts(document):
        words = re.findall(r"\w+", text.lower())
        pairs = {fingerprint(f"{one} {two}") for one, two in pairwise(words)}
        assert not pairs & PERSONS, text
        assert STUDENT_NUMBER not in {fingerprint(word) for word in words}
        assert not re.search(r"\b(Bapak|Ibu|Kasubag)\b|\bS\.?H\.?,|\bM\.?M\.?,", text), text


def test_related_records_exist_and_know_of_each_other() -> None:
    pairs = {(number, other["id"]) for number, one in RECORDS.items() for other in one.get("related", [])}
    assert pairs
    assert pairs == {(other, one) for one, other in pairs}
    assert {other for _, other in pairs} <= set(RECORDS)


def test_every_source_is_used_or_names_a_page() -> None:
    for number, document in RECORDS.items():
        for source in document["sources"]:
            used = source["key"] in set(texts({**document, "sources": []}))
            assert used or "link" in source, (number, source["key"])


# -- the papers --------------------------------------------------------------------------------------------------------


@cache
def paper_lines() -> dict[tuple[str, int], str]:
    """The lines of the papers that documents cite, shortened to the cited words where a line is a whole paragraph."""
    path = Path(__file__).parent / "paper_lines.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["paper"], int(row["line"])): row["text"] for row in csv.DictReader(file)}


def passage(locator: str) -> str:
    """What the paper prints there, broken lines joined with one blank."""
    found = LOCATOR.match(locator)
    assert found, locator
    paper, start, end = found[1], int(found[2]), int(found[3] or found[2])
    printed = (paper_lines().get((paper, line), "") for line in range(start, end + 1))
    return " ".join(line for line in printed if line)


def quoted() -> Iterator[tuple[str, str, str]]:
    """(who, locator, words) of everything a document quotes from a paper with its place."""
    for name, document in [*RECORDS.items(), *REGIONS.items()]:
        for claim in document.get("claims", []):
            if LOCATOR.match(claim.get("locator", "")):
                yield f"{name} {claim['field']}", claim["locator"], claim["printed"]
        for part in [*document.get("obstacles", []), *document.get("statements", [])]:
            if "quote" in part and "locator" in part:
                yield f"{name} {part.get('code') or part.get('kind')}", part["locator"], part["quote"]


@pytest.mark.parametrize(("who", "locator", "words"), list(quoted()), ids=lambda value: value[:40])
def test_quoted_words_stand_where_the_locator_says(who: str, locator: str, words: str) -> None:
    assert words in passage(locator), who


@pytest.mark.parametrize("document", PAPERS, ids=lambda document: document["id"])
def test_what_a_paper_says_is_quoted_with_its_place(document: dict[str, Any]) -> None:
    first = document["sources"][0]
    assert first["paper"] in {"001", "004"}
    assert (first["kind"], first["grade"], first["as_of"]["basis"]) == ("research", "C", "inferred")
    claims = [claim for claim in document["claims"] if claim["source"] == first["key"]]
    assert claims
    assert all(LOCATOR.match(claim["locator"]) for claim in claims)
    assert all(source["further"] for source in document["sources"][1:])


@pytest.mark.parametrize("document", PAPERS, ids=lambda document: document["id"])
def test_a_party_is_printed_as_the_paper_prints_it(document: dict[str, Any]) -> None:
    said = " ".join(claim["printed"] for claim in document["claims"])
    for party in [*document["local_parties"], *document["foreign_parties"]]:
        assert party["printed"] in said, party


@pytest.mark.parametrize("document", PAPERS, ids=lambda document: document["id"])
def test_nothing_is_ticked_that_no_source_reports(document: dict[str, Any]) -> None:
    for step in document.get("milestones", []):
        assert step["evidence"] in {"reported", "inferred"}
        assert step["sources"]
        assert "date" in step or "as_of" in step
    for text in document.get("instruments", []):
        assert (text["signing"], text["disclosure"]) == ("reported", "metadata_only")


def test_a_computed_end_is_computed_right() -> None:
    term = RECORDS["KS-0009"]["term"]
    assert term["end"]["date"] == dates.term_end(term["start"]["date"], term["months"])


def test_typing_errors_and_contradictions_are_noted_in_both_languages() -> None:
    noted = [claim for document in PAPERS for claim in document["claims"] if "note" in claim]
    assert len(noted) >= 40
    assert all(set(claim["note"]) == {"id", "en"} for claim in noted)


# -- the list of sister relations --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("row", "number"), LISTED.items())
def test_a_row_of_the_list_becomes_its_record(row: str, number: str) -> None:
    told, document = ROWS[row], RECORDS[number]
    partner = document["foreign_parties"][0]
    assert (document["region"], partner["country"]) == (told["region_code"], told["partner_country"])
    assert partner["printed"] == told["partner_name"]
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


# -- reference files ---------------------------------------------------------------------------------------------------


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
    assert set(names["regions"]) <= set(KNOWN.regions)
    assert set(names["countries"]) <= set(KNOWN.countries)
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
