"""Are the first records what their sources say? Every document, every quoted word, every claim."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from portal import answers, data, dates, first_records, record, vocabulary
from portal.validation import Known, validate

KNOWN = Known({row["code"] for row in data.regions()}, {row["code"] for row in data.countries()})
RECORDS = {document["id"]: document for document in first_records.cooperations()}
REGIONS = {document["region"]: document for document in first_records.regions()}
ROWS = {row["id"]: row for row in data.sister_relations()}
PAPERS = [RECORDS[f"KS-{number:04d}"] for number in range(1, 21)]
LISTED = [number for number in RECORDS if number > "KS-0020"]
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


CODES = {
    *(code for words in (vocabulary.TYPES, vocabulary.SECTORS) for code in words),
    *(code for words in (vocabulary.INSTRUMENT_KINDS, vocabulary.MILESTONE_STATES, answers.ACTIVITY) for code in words),
    *KNOWN.regions,
    *KNOWN.countries,
}


def needs_no_language(value: dict[str, str]) -> bool:
    """True for a value of codes, dates, years and proper names, which are the same in every language."""
    return set(value) == {"id"} and all(
        part in CODES or dates.is_partial_date(part) or re.fullmatch(r"\d{4}–\d{4}", part) or is_name(part)
        for part in value["id"].split(", ")
    )


def is_name(part: str) -> bool:
    return all(word[0].isupper() or word in {"and", "of"} for word in re.findall(r"\w[\w’'.-]*", part))


def own_words(part: Any) -> Iterator[dict[str, str]]:
    """Every text of a document that the portal says itself, in both languages."""
    if isinstance(part, dict):
        if "source" in part and needs_no_language(part.get("value", {})):
            part = {name: inner for name, inner in part.items() if name != "value"}
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
            if "printed" in claim and LOCATOR.match(claim.get("locator", "")):
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
    assert all(LOCATOR.match(claim["locator"]) and claim["printed"] for claim in claims)
    assert all(source["further"] for source in document["sources"][1:])


@pytest.mark.parametrize("document", PAPERS, ids=lambda document: document["id"])
def test_a_party_is_printed_as_the_paper_prints_it(document: dict[str, Any]) -> None:
    said = " ".join(claim.get("printed", "") for claim in document["claims"])
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


@pytest.mark.parametrize("document", RECORDS.values(), ids=RECORDS)
def test_every_claim_says_how_it_is_read(document: dict[str, Any]) -> None:
    for claim in document["claims"]:
        assert claim["value"]["id"]
        for text in claim["value"].values():
            assert " / " not in text
            assert "?" not in text
            assert needs_no_language(claim["value"]) or not re.search(r"\d{4}-\d{2}|\([A-Z]{2}\)|_", text), text


def test_what_is_no_quotation_is_not_printed() -> None:
    taken = [(number, claim) for number, one in RECORDS.items() for claim in one["claims"] if "printed" not in claim]
    papers = [(number, claim["source"], claim["value"]["id"]) for number, claim in taken if number <= "KS-0020"]
    assert papers == [
        ("KS-0011", "s2", "2015-09-25, Xi’an"),
        ("KS-0018", "s2", "1994-08-24"),
        ("KS-0020", "s2", "George Town, Penang, MY"),
    ]
    assert all("printed" not in claim for number in LISTED for claim in RECORDS[number]["claims"])
    assert all("printed" not in party for number in LISTED for party in RECORDS[number]["foreign_parties"])


def test_dates_that_a_source_leaves_open_are_marked() -> None:
    uncertain = {
        (number, step["code"])
        for number, one in RECORDS.items()
        for step in one.get("milestones", [])
        if step.get("uncertain")
    }
    assert uncertain == {("KS-0008", "intent"), ("KS-0008", "signed"), ("KS-0016", "signed")}
    starts = {number for number, one in RECORDS.items() if one.get("term", {}).get("start", {}).get("uncertain")}
    assert starts == {"KS-0002", "KS-0005", "KS-0007", "KS-0016"}


def test_what_was_only_announced_is_no_follow_up() -> None:
    announced, done = RECORDS["KS-0019"]["events"]
    assert (announced["class"], announced["date"]) == ("planned", "2010-10-20")
    assert (done["class"], done["date"]) == ("follow_up", "2015-08-27")
    assert [event["class"] for event in RECORDS["KS-0013"]["events"]] == ["follow_up"]


def test_a_computed_end_is_computed_right() -> None:
    term = RECORDS["KS-0009"]["term"]
    assert term["end"]["date"] == dates.term_end(term["start"]["date"], term["months"])


def test_typing_errors_and_contradictions_are_noted_in_both_languages() -> None:
    noted = [claim for document in PAPERS for claim in document["claims"] if "note" in claim]
    assert len(noted) >= 40
    assert all(set(claim["note"]) == {"id", "en"} for claim in noted)
