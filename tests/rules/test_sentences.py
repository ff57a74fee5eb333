"""Does the sentence say who, with whom, what and since when, and never more than is known?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import answers, differences, first_records, sentences, status
from portal import vocabulary as words
from portal.sentences import Part, compose, messages, plain, summary
from tests.cooperations import AS_OF, LOI, MOU, STUDY, TODAY, event, on, record, records, said, source, step, term, text


class English:
    """A speaker without catalogue: messages are English as they stand in the code."""

    language = "en"

    def say(self, message: str) -> str:
        return message

    def date(self, partial: str) -> str:
        return partial

    def months(self, count: int) -> str:
        return f"{count} months"

    def level(self, region: str) -> str:
        return "kabupaten" if region == "33.13" else "kota"

    def listed(self, words: list[str]) -> str:
        return " and ".join(words)

    def named(self, name: str) -> str:
        return name


SPEAKER = English()


def sentence(whole: dict[str, Any], day: str = "2026-11-22") -> str:
    return plain(summary(whole, on(day, whole), SPEAKER))


PLACES = {"sectors": ["trade", "culture"]}

CASES = [
    ("LoI without follow-up",
     record(instruments=[LOI], declarations=[said("none_reported")], **PLACES),
     ("Pemerintah Kota and Kota signed a letter of intent (LoI) for a sister-city relation on 2015-09-25, covering"
     " trade and culture. Research (2017-11) says that there was no follow-up.")),
    ("LoI without follow-up, said by the agency",
     record(instruments=[LOI], declarations=[said("none_reported", by="agency")]),
     ("Pemerintah Kota and Kota signed a letter of intent (LoI) for a sister-city relation on 2015-09-25."
     " The agency (2017-11) says that there was no follow-up.")),
    ("a report that is newer than the statement",
     record(instruments=[LOI], declarations=[said("none_reported")], sources=[STUDY, source("s2", "2023-05-12")],
            events=[event("observation", "press", "2023-05-12"), event("observation", "press", "2016")]),
     ("Pemerintah Kota and Kota signed a letter of intent (LoI) for a sister-city relation on 2015-09-25."
     " Research (2017-11) says that there was no follow-up. Newer report: 2023-05-12.")),
    ("a follow-up before the statement",
     record(instruments=[LOI], declarations=[said("none_reported")],
            events=[event("follow_up", "visit", "2016-02", title={"id": "Kunjungan"})]),
     ("Pemerintah Kota and Kota signed a letter of intent (LoI) for a sister-city relation on 2015-09-25."
     " Latest news 2016-02: Kunjungan. Research (2017-11) says that there was no follow-up.")),
    ("an LoI that is only told of",
     record(milestones=[step("intent", as_of="2017-06")]),
     ("Pemerintah Kota and Kota signed a letter of intent (LoI) for a sister-city relation (as of 2017-06)."
     " Since then, no follow-up has been recorded.")),
    ("a date known to the month",
     record(instruments=[LOI | {"signed_on": "2015-09"}]),
     ("Pemerintah Kota and Kota signed a letter of intent (LoI) for a sister-city relation in 2015-09."
     " Since then, no follow-up has been recorded.")),
    ("LoI with news",
     record(instruments=[LOI], events=[event("follow_up", "visit", "2026-10-12", title={"id": "Kunjungan"})]),
     ("Pemerintah Kota and Kota signed a letter of intent (LoI) for a sister-city relation on 2015-09-25."
     " Latest news 2026-10-12: Kunjungan.")),
    ("planned",
     record(region="33.13", events=[event("planned", "visit", "2017-11")]),
     ("For 2017-11, Pemerintah Kota planned to explore a sister-regency relation with Kota."
     " What followed is not recorded.")),
    ("said to be running",
     record(declarations=[said("in_force_claimed")], term=term("2012"), sectors=["education"]),
     ("As of 2017-11, Pemerintah Kota was said to be working with Kota on education since 2012;"
     " the text is not on file.")),
    ("in force with a term",
     record(instruments=[MOU | {"ends_on": {"date": "2030-06-30", "basis": "stated"}}]),
     ("Pemerintah Kota has worked with Kota since 2015-07-01. Since then, no follow-up has been recorded."
     " The written term runs until 2030-06-30.")),
    ("said to be running since an uncertain year",
     record(declarations=[said("in_force_claimed")],
            term={"start": {"date": "2012", "basis": "stated", "uncertain": True}}),
     ("As of 2017-11, Pemerintah Kota was said to be working with Kota since 2012 (uncertain);"
     " the text is not on file.")),
    ("expired",
     record(declarations=[said("in_force_claimed")], sectors=["education"],
            term=term("2015-09-10", "2023-09-09", months=96)),
     ("The cooperation on education of Pemerintah Kota with Kota was planned for 96 months from 2015-09-10 and"
     " ended on 2023-09-09; no final report is recorded.")),
    ("an end that is computed",
     record(declarations=[said("in_force_claimed")],
            term={"start": {"date": "2015-09-10", "basis": "stated", "sources": ["s1"]}, "months": 96}),
     ("The cooperation of Pemerintah Kota with Kota was planned for 96 months from 2015-09-10; that written term"
     " passed on 2023-09-09 (computed). No renewal is recorded yet.")),
    ("stopped, reason not known",
     record(declarations=[said("halted", since="2012"), said("ended", since="2012")], milestones=[step("signed")]),
     "The cooperation of Pemerintah Kota with Kota was stopped in 2012."),
    ("only mentioned",
     record(),
     "Research (2017-11) mentions a sister-city relation of Pemerintah Kota with Kota, without date or document."),
    ("not verified",
     record(flags=[{"code": "unverified", "reason": {"id": "Satu kalimat"}}]),
     ("Research (2017-11) mentions a sister-city relation of Pemerintah Kota with Kota, without date or document."
     " This is not verified yet.")),
    ("an agreement that sources dispute",
     record(milestones=[step("signed", "disputed", date="2012")], declarations=[said("none_reported")]),
     ("Research (2017-11) tells of an agreement of Pemerintah Kota with Kota on a sister-city relation in 2012."
     " The same source says that there was no follow-up (the sources conflict).")),
    ("an official relation of which no signing is told",
     record(milestones=[step("signed", date="2008")], sectors=["trade"],
            term={"start": {"date": "2008", "basis": "stated", "uncertain": True}}),
     ("According to research (2017-11), Pemerintah Kota has officially worked with Kota since 2008 (uncertain)."
     " Since then, no follow-up has been recorded.")),
    ("an LoI after an older agreement",
     record(milestones=[step("signed", date="2008"), step("intent", date="2015-05-10")],
            sectors=["trade"],
            instruments=[text("mou", "reported", signed_on="2008"),
                         text("loi", "reported", key="i2", signed_on="2015-05-10")]),
     ("Pemerintah Kota and Kota signed an agreement on a sister-city relation in 2008."
     " Latest news 2015-05-10: Letter of intent (LoI).")),
]  # fmt: skip


@pytest.mark.parametrize(("whole", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_sentence(whole: dict[str, Any], expected: str) -> None:
    assert sentence(whole) == expected


def test_it_names_at_most_three_fields() -> None:
    whole = record(instruments=[LOI], sectors=["trade", "culture", "education", "health", "tourism"])
    assert "covering trade and culture and education and other sectors." in sentence(whole)


def test_other_is_never_one_of_the_three() -> None:
    whole = record(instruments=[LOI], sectors=["other", "trade"])
    assert "covering trade and other sectors." in sentence(whole)


def test_the_footnotes_are_the_places_of_the_sources() -> None:
    second = {"key": "s2", "title": "Page", "kind": "press", "grade": "C"}
    whole = record(instruments=[LOI | {"sources": ["s2"]}], sources=[record()["sources"][0], second], declarations=[])
    assert [part.sources for part in summary(whole, on("2026-11-22", whole), SPEAKER) if part.sources] == [(2,)]


def test_a_computed_end_has_no_footnote() -> None:
    start = {"date": "2015-09-10", "basis": "stated", "sources": ["s1"]}
    end = {"date": "2023-09-09", "basis": "computed", "sources": ["s1"]}
    whole = record(declarations=[said("in_force_claimed")], term={"start": start, "end": end, "months": 96})
    marked = {part.text: part.sources for part in summary(whole, on("2026-11-22", whole), SPEAKER) if part.sources}
    assert list(marked.values()) == [(1,)]
    assert next(iter(marked)).endswith("2015-09-10")


def test_a_newer_report_leads_to_where_it_stands() -> None:
    whole = record(instruments=[LOI], declarations=[said("none_reported")], sources=[STUDY, source("s2", "2023-05-12")],
                   events=[event("observation", "press", "2023-05-12", sources=["s2"])])  # fmt: skip
    linked = [part for part in summary(whole, on("2026-11-22", whole), SPEAKER, "#later") if part.url]
    assert [(part.text, part.url, part.sources) for part in linked] == [("2023-05-12", "#later", (2,))]
    assert "Newer" not in sentence(whole, "2018-06-30")


PAGE = {"key": "s1", "title": "Page", "grade": "C"}
SOURCES = [
    ({"kind": "other_web"}, "Other web page mentions"),
    ({"kind": "other_web", "publisher": "www.citraweb.co.id"}, "The site citraweb.co.id mentions"),
    ({"kind": "official_page", "publisher": "m.berlin.de"}, "The official site berlin.de mentions"),
    ({"kind": "press", "publisher": "solopos.com", "date": "2010"}, "The news site solopos.com (2010) mentions"),
    ({"kind": "press", "publisher": "ANTARA"}, "ANTARA mentions"),
    ({"kind": "press", "publisher": "iNews"}, "iNews mentions"),
    ({"kind": "research", "publisher": "Universitas Contoh"}, "Research by Universitas Contoh mentions"),
    ({"kind": "research", "publisher": "123dok.com"}, "Research at 123dok.com mentions"),
    ({"kind": "list", "publisher": "en.wikipedia.org"}, "Wikipedia mentions"),
]  # fmt: skip


@pytest.mark.parametrize(("given_source", "begin"), SOURCES, ids=[case[1] for case in SOURCES])
def test_a_source_is_called_by_its_publisher(given_source: dict[str, Any], begin: str) -> None:
    assert sentence(record(sources=[PAGE | given_source])).startswith(f"{begin} a sister-city relation")


def test_of_several_pages_the_list_is_named() -> None:
    pages = [PAGE | {"key": f"s{place}", "kind": "other_web", "publisher": "citraweb.co.id"} for place in (1, 2)]
    wiki = PAGE | {"key": "s3", "kind": "list", "publisher": "en.wikipedia.org"}
    whole = record(sources=[*pages, wiki])
    assert sentence(whole).startswith("3 pages, one of them Wikipedia, mention a sister-city relation")
    assert summary(whole, on("2026-11-22", whole), SPEAKER)[0].sources == (1, 2, 3)


def test_the_source_that_carries_a_date_is_the_one_that_is_named() -> None:
    other = {"key": "s2", "title": "Page", "kind": "press", "grade": "C", "publisher": "ANTARA"}
    start = {"start": {"date": "1994-08-24", "basis": "stated", "sources": ["s2"]}}
    assert sentence(record(sources=[STUDY, other], term=start)).startswith("ANTARA mentions")


@pytest.mark.parametrize("day", [AS_OF, TODAY], ids=str)
@pytest.mark.parametrize("whole", list(first_records.cooperations()), ids=lambda whole: str(whole["id"]))
def test_every_first_record_has_a_sentence(whole: Any, day: Any) -> None:
    check(summary(whole, status.assess(whole, day), SPEAKER))


@given(records(), st.sampled_from([AS_OF, TODAY]))
def test_any_record_has_a_sentence(whole: dict[str, Any], day: Any) -> None:
    check(summary(whole, status.assess(whole, day), SPEAKER))


def check(parts: list[Part]) -> None:
    said = plain(parts)
    assert re.match(r"^([A-ZÀ-Ý0-9]|[a-z][A-Z])", said), said
    assert said.endswith("."), said
    assert not re.search(r"%\(|\*\*|[{}]|None|  | [.,;]", said), said
    assert 1 <= sum(part.strong for part in parts) <= 2


@pytest.mark.parametrize("code", list(answers.STATUSES))
def test_every_status_has_its_words(code: str) -> None:
    known = {"in_force", "in_force_renewed", "expired", "signed", "no_follow_up", "unknown"}
    assert code in known or code in messages.OPENINGS


@pytest.mark.parametrize("code", list(words.TYPES))
def test_every_type_has_its_words(code: str) -> None:
    assert code in messages.FORMS


def test_a_name_can_never_be_a_mark() -> None:
    odd = "**Kota** {x} %(y)s"
    parts = compose(["%(party)s and {%(gone)s, }**%(partner)s**."], {"party": odd, "partner": odd, "gone": None})
    assert plain(parts) == f"{odd} and {odd}."
    assert [part.text for part in parts if part.strong] == [odd]


def test_words_in_another_language_say_so() -> None:
    whole = record(instruments=[LOI])
    assert any(part.lang == "id" for part in summary(whole, on("2026-11-22", whole), SPEAKER))


def test_changes_are_told_by_the_outermost_field() -> None:
    old = record()
    new = old | {"type": "grant", "sectors": ["trade"], "summary": {"id": "Ringkasan"}}
    assert sentences.changed(differences.changes(old, new), SPEAKER) == "Type, sectors, summary"
