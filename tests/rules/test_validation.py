"""What is wrong with a document? The field and the reason are named."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from portal import data
from portal.validation import Known, validate

Part = dict[str, Any]
Spoil = Callable[[Part], object]


def document() -> Part:
    """A small document that says a little of everything."""
    return {
        "id": "KS-0011",
        "title": {"id": "Kota Surakarta – Xi’an: kota kembar", "en": "Kota Surakarta – Xi’an: sister city"},
        "region": "33.72",
        "local_parties": [{"name": {"id": "Pemerintah Kota Surakarta"}, "kind": "regional_government"}],
        "foreign_parties": [
            {
                "name": {"id": "Kota Xi’an"},
                "short": {"id": "Xi’an"},
                "kind": "foreign_local_government",
                "country": "CN",
                "place": ["Shaanxi", "Xi’an"],
            }
        ],
        "legal_form": "ksdpl_twin_regency_city",
        "type": "sister_city",
        "sectors": ["trade"],
        "term": {
            "start": {"date": "2015-09-25", "basis": "stated"},
            "end": {"date": "2020", "basis": "stated"},
            "months": 60,
            "automatic_renewal": "unknown",
        },
        "instruments": [
            {"key": "i1", "kind": "loi", "signing": "reported", "disclosure": "metadata_only", "sources": ["s1"]}
        ],
        "milestones": [{"code": "intent", "state": "done", "evidence": "reported", "date": "2015-09-25"}],
        "events": [{"class": "observation", "kind": "press", "title": {"id": "Berita"}, "date": "2023-05-12"}],
        "declarations": [
            {"axis": "activity", "value": "none_reported", "as_of": "2017-11", "by": "source", "sources": ["s1"]}
        ],
        "sources": [
            {
                "key": "s1",
                "title": "A study",
                "kind": "research",
                "grade": "C",
                "as_of": {"date": "2017-11", "basis": "inferred"},
                "link": "https://example.org/study",
            }
        ],
        "claims": [{"field": "term.start", "printed": "25 Sepetmber 2015", "source": "s1"}],
        "flags": [{"code": "disputed", "reason": {"id": "Sumber berbeda."}}],
        "missing": [{"field": "term.notice_months", "reason": "not_stated"}],
        "related": [{"id": "KS-0013", "relation": "see_also"}],
    }


def put(path: str, value: object) -> Spoil:
    """Set the value at a path such as ``sources.0.grade``."""

    def spoil(made: Part) -> None:
        *way, name = path.split(".")
        part: Any = made
        for turn in way:
            part = part[int(turn)] if isinstance(part, list) else part[turn]
        part[int(name) if isinstance(part, list) else name] = value

    return spoil


def drop(name: str) -> Spoil:
    return lambda made: made.pop(name)


def repeat(name: str) -> Spoil:
    return lambda made: made[name].append(made[name][0])


NOT_KNOWN, NEEDED, KIND = (
    "This field is not known.",
    "This field is required.",
    "A value of another kind is expected here.",
)
FORM, WORD = "“%(value)s” is not in the expected form.", "“%(value)s” is not one of the known words."
LINK, WORDS = (
    "A link must begin with https:// or http:// and name a public host.",
    "Indonesian words are required; English words may stand beside them.",
)

HIDES, TEXT = "Hidden characters are not allowed.", "There is no text with the key %(value)s."
SHORT, EARLY = (
    "A term that renews itself must be at least %(least)s months long.",
    "A term that renews itself must not begin before %(year)s.",
)


def several(*spoils: Spoil) -> Spoil:
    return lambda made: [spoil(made) for spoil in spoils]


def renewing(start: str, months: int) -> Part:
    return {"start": {"date": start, "basis": "stated"}, "months": months, "automatic_renewal": "yes"}


def renewed_text(key: str) -> Part:
    return {
        "key": key, "kind": "mou", "signing": "documented", "disclosure": "metadata_only",
        "effective_from": "1990-01-01", "ends_on": {"date": "1990-06", "basis": "stated"},
    }  # fmt: skip


# what is done to it, the field that is named, the reason, and whether a schema can see it, too
SPOILT: list[tuple[str, Spoil, str, str, bool]] = [
    ("without number", drop("id"), "id", NEEDED, True),
    ("without sources", drop("sources"), "sources", NEEDED, True),
    ("with an empty list", put("foreign_parties", []), "foreign_parties", "At least one is required.", True),
    ("with a field nobody knows", put("colour", "red"), "colour", NOT_KNOWN, True),
    ("with one inside a part", put("sources.0.colour", "red"), "sources[0].colour", NOT_KNOWN, True),
    ("with null", put("region", None), "region", KIND, True),
    ("with a number for text", put("sources.0.title", 7), "sources[0].title", KIND, True),
    ("with text for a number", put("term.months", "60"), "term.months", KIND, True),
    ("with true for a number", put("term.months", True), "term.months", KIND, True),
    ("with a fraction", put("term.months", 1.5), "term.months", KIND, True),
    ("with a text for a flag", put("foreign_parties.0.assumed", "yes"), "foreign_parties[0].assumed", KIND, True),
    ("with a value for a list", put("sectors", "trade"), "sectors", "A list is expected here.", True),
    ("with a list for a part", put("term", []), "term", KIND, True),
    ("with text for words", put("title", "Kota Surakarta"), "title", KIND, True),
    ("with English alone", put("title", {"en": "Sister city"}), "title", WORDS, True),
    ("with a third language", put("title", {"id": "Kota", "jv": "Kutha"}), "title", WORDS, True),
    ("with a number for words", put("title", {"id": 7}), "title.id", KIND, True),
    ("with blanks for words", put("title", {"id": "  "}), "title.id", "This field may not be empty.", True),
    ("with an empty text", put("sources.0.title", ""), "sources[0].title", "This field may not be empty.", True),
    (
        "with too long a text",
        put("sources.0.title", "x" * 401),
        "sources[0].title",
        "At most %(most)s characters are allowed.",
        True,
    ),
    ("with too many sectors", put("sectors", ["trade"] * 201), "sectors", "At most %(most)s are allowed.", True),
    (
        "with a letter without width",
        put("title", {"id": "Kota\u200bSurakarta"}),
        "title.id",
        "Hidden characters are not allowed.",
        True,
    ),
    (
        "with a turned direction",
        put("sources.0.title", "a\u202eb"),
        "sources[0].title",
        "Hidden characters are not allowed.",
        True,
    ),
    (
        "with a control",
        put("sources.0.title", "a\x00b"),
        "sources[0].title",
        "Hidden characters are not allowed.",
        True,
    ),
    ("with a line break in a title", put("title", {"id": "a\nb"}), "title.id", HIDES, True),
    ("with a tab in a name", put("sources.0.title", "a\tb"), "sources[0].title", HIDES, True),
    ("with half a letter", put("sources.0.title", "a\ud800"), "sources[0].title", HIDES, True),
    ("with a letter that is none", put("summary", {"id": "a\ufffe"}), "summary.id", HIDES, True),
    ("with a far letter that is none", put("summary", {"id": "a\U0001fffe"}), "summary.id", HIDES, False),
    ("with a tag", put("summary", {"id": "a\U000e0041"}), "summary.id", HIDES, False),
    ("with a private letter", put("summary", {"id": "a\ue000"}), "summary.id", HIDES, True),
    ("with a filler", put("summary", {"id": "a\u3164"}), "summary.id", HIDES, True),
    (
        "with a pile of marks",
        put("title", {"id": "a" + "\u0301" * 5}),
        "title.id",
        "Too many marks stand on one letter.",
        False,
    ),
    ("with a number of another form", put("id", "TD-0011"), "id", FORM, True),
    ("with the number nought", put("id", "KS-0000"), "id", FORM, True),
    ("with more noughts than there are", put("id", "KS-0000001"), "id", FORM, True),
    ("with a number that is too long", put("id", "KS-10000000"), "id", FORM, True),
    ("with a path for an item", put("foreign_parties.0.wikidata", "../x"), "foreign_parties[0].wikidata", FORM, True),
    (
        "with markup for a checksum",
        put("sources.0.archive", {"sha256": "<b>"}),
        "sources[0].archive.sha256",
        FORM,
        True,
    ),
    ("with a path for a paper", put("sources.0.paper", "../"), "sources[0].paper", FORM, True),
    ("with no field in a claim", put("claims.0.field", "__class__.x"), "claims[0].field", FORM, True),
    ("with no field in a gap", put("missing.0.field", "nope[0].y"), "missing[0].field", FORM, True),
    (
        "with a step in a text that is not there",
        put("milestones.0.document", "i9"),
        "milestones[0].document",
        TEXT,
        False,
    ),
    ("with a renewal of no text", put("instruments.0.renews", "i9"), "instruments[0].renews", TEXT, False),
    ("with a link to this machine", put("sources.0.link", "http://127.0.0.1/"), "sources[0].link", LINK, False),
    ("with a renewal of days", put("term", renewing("2015", 1)), "term", SHORT, False),
    ("with a renewal of nothing", put("term", renewing("2015", 0)), "term", SHORT, False),
    ("with a renewal of ages", put("term", renewing("1899-12-31", 60)), "term", EARLY, False),
    (
        "with a text of days that renews itself",
        several(
            put("term", {"automatic_renewal": "yes"}),
            put("instruments.0.effective_from", "2015-01-01"),
            put("instruments.0.ends_on", {"date": "2015-02", "basis": "stated"}),
        ),
        "instruments[0].ends_on",
        SHORT,
        False,
    ),
    (
        "with too many renewals",
        several(
            put("term", renewing("1990", 12)),
            put("instruments", [renewed_text(f"i{number}") for number in range(1, 8)]),
        ),
        "term.automatic_renewal",
        "This would renew itself more than %(most)s times.",
        False,
    ),
    ("with a region of another form", put("region", "3372"), "region", FORM, True),
    (
        "with a country of another form",
        put("foreign_parties.0.country", "cn"),
        "foreign_parties[0].country",
        FORM,
        True,
    ),
    ("with a key of another form", put("sources.0.key", "S 1"), "sources[0].key", FORM, True),
    ("with a padded date", put("milestones.0.date", "2015-9"), "milestones[0].date", FORM, True),
    ("with a month that is none", put("milestones.0.date", "2015-13"), "milestones[0].date", FORM, True),
    (
        "with a day that is none",
        put("milestones.0.date", "2015-02-30"),
        "milestones[0].date",
        "There is no such day: %(value)s.",
        False,
    ),
    ("with a word nobody knows", put("type", "friendship"), "type", WORD, True),
    ("with a sector nobody knows", put("sectors", ["trade", "space"]), "sectors[1]", WORD, True),
    ("with a script for a link", put("sources.0.link", "javascript:alert(1)"), "sources[0].link", LINK, True),
    ("with a link without host", put("sources.0.link", "https://"), "sources[0].link", LINK, True),
    ("with a link with a user", put("sources.0.link", "https://me@example.org/"), "sources[0].link", LINK, True),
    ("with a link with a blank", put("sources.0.link", "https://example.org/a b"), "sources[0].link", LINK, True),
    ("with a link from here", put("sources.0.link", "/kerja-sama"), "sources[0].link", LINK, True),
    (
        "with a term of ages",
        put("term.months", 1201),
        "term.months",
        "The number must be between %(least)s and %(most)s.",
        True,
    ),
    (
        "with a term below nothing",
        put("term.months", -1),
        "term.months",
        "The number must be between %(least)s and %(most)s.",
        True,
    ),
    (
        "with a source that is not there",
        put("claims.0.source", "s9"),
        "claims[0].source",
        "There is no source with the key %(value)s.",
        False,
    ),
    (
        "with one inside a list",
        put("instruments.0.sources", ["s1", "s9"]),
        "instruments[0].sources",
        "There is no source with the key %(value)s.",
        False,
    ),
    ("with a source twice", repeat("sources"), "sources", "A key is used twice.", False),
    ("with a text twice", repeat("instruments"), "instruments", "A key is used twice.", False),
    ("with a step twice", repeat("milestones"), "milestones", "A step is named twice.", False),
    (
        "with an end before its start",
        put("term.end.date", "2014"),
        "term.end.date",
        "The end lies before the start.",
        False,
    ),
    (
        "with an answer of the other question",
        put("declarations.0.value", "in_force_claimed"),
        "declarations[0].value",
        "“%(value)s” cannot be declared.",
        False,
    ),
    (
        "with a state nobody may declare",
        put("declarations.0.value", "dormant"),
        "declarations[0].value",
        "“%(value)s” cannot be declared.",
        False,
    ),
]


def spoilt(spoil: Spoil) -> Part:
    made = copy.deepcopy(document())
    spoil(made)
    return made


@pytest.mark.parametrize(("what", "spoil", "path", "reason", "seen"), SPOILT, ids=[case[0] for case in SPOILT])
def test_a_problem_names_its_field_and_its_reason(what: str, spoil: Spoil, path: str, reason: str, seen: bool) -> None:
    problems = validate(spoilt(spoil))
    assert (path, reason) in [(problem.path, problem.message) for problem in problems]
    assert all(str(problem) for problem in problems)


def test_a_good_document_has_no_problem() -> None:
    assert validate(document()) == []


def test_a_long_text_may_hold_lines_and_a_letter_its_marks() -> None:
    for words in ("Satu\nDua\tTiga", "Quốc gia Tiệp", "a\u0301\u0323", "北京 · سلام · Łódź"):
        assert validate(spoilt(put("summary", {"id": words}))) == []


def test_a_document_that_is_too_large_is_refused() -> None:
    made = document()
    made["events"] = [{**made["events"][0], "text": {"id": "x" * 1200, "en": "y" * 1200}}] * 200
    assert validate(made) == []
    made["claims"] = [{**made["claims"][0], "printed": "z" * 2000}] * 200
    assert [problem.message for problem in validate(made)] == ["A document may hold at most %(most)s bytes."]


def test_the_first_records_and_regions_have_no_problem() -> None:
    assert [(made["id"], str(problem)) for made in data.papers() for problem in validate(made)] == []
    assert [
        (made["region"], str(problem)) for made in data.region_notes() for problem in validate(made, "region")
    ] == []


@pytest.mark.parametrize("thing", [None, [], "KS-0011", 7])
def test_a_document_is_an_object(thing: object) -> None:
    assert [problem.message for problem in validate(thing)] == ["A document is an object."]


def test_every_problem_is_named_at_once() -> None:
    made = spoilt(put("type", "friendship"))
    made["region"], made["legal_form"] = "x", "y"
    assert [problem.path for problem in validate(made)] == ["region", "legal_form", "type"]


def test_only_places_that_exist_are_accepted_where_they_are_known() -> None:
    assert validate(document(), known=Known({"33.72"}, {"CN"})) == []
    problems = validate(document(), known=Known({"33.10"}, {"JP"}))
    assert [str(problem) for problem in problems] == [
        "region: There is no region with the code 33.72.",
        "foreign_parties[0].country: There is no country with the code CN.",
    ]
