"""Do CSV, JSON and Atom hold what the page shows, whole and harmless?"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from portal import answers, dates, flattening, indexing, places, record, selecting, streaming, vocabulary
from portal.exports import FORMATS, LICENCE, Listed, csv_table
from portal.flattening import CELLS
from portal.selecting import State
from portal.streaming import Taken
from portal.translating import catalogue
from tests import cooperations
from tests.matching import Record, asked, matching, say, subjects

ATOM = "{http://www.w3.org/2005/Atom}"
STATE = State(7, "ab" * 32, date(2026, 11, 22), date(2026, 11, 1))


def listed(rows: Iterable[Taken], total: int, query: str = "", language: str = "id") -> Listed:
    return Listed(
        rows=rows,
        total=total,
        say=say,
        language=language,
        link=lambda subject, slug, number: f"https://example.org/kerja-sama/{subject}?rev={number}",
        address=f"https://example.org/kerja-sama.x?{query}",
        page=f"https://example.org/kerja-sama?{query}",
        query=query,
        generated="2026-11-22T03:04:05Z",
        state=STATE,
        reading=selecting.TODAY,
        day=STATE.day,
        site="Portal uji",
        authority="example.org",
    )


def body(name: str, what: Listed) -> str:
    return b"".join(FORMATS[name].write(what)).decode()


def row(**changed: Any) -> Taken:
    document = cooperations.record(
        title={"id": "Kota Surakarta – Kota: kota kembar", "en": "Surakarta City – Kota: sister city"},
        sectors=["trade", "culture"],
        summary={"id": '=SUM(1) & "kutipan", dua\nbaris', "en": "<b>One</b> & two"},
        term={"start": {"date": "2015-09", "basis": "stated"}, "end": {"basis": "open"}},
        instruments=[cooperations.text("loi", signed_on="2015-09-25")],
    )
    document |= changed.pop("document", {})
    values: dict[str, Any] = {
        "revision": 3, "subject": "KS-0001", "number": 2, "province": "33", "grade": "C",
        "known_from": "2026-11-20T01:02:03Z", "status": "no_follow_up", "stage": "intent", "validity": "none",
        "news": "tanpa", "reporting": "never_asked", "last_news": "2015-09-25", "last_news_kind": "loi",
        "silent_since": "2015-09-25", "marks": indexing.MARKS["disputed"] | indexing.MARKS["stale"], "differs": True,
        "counted": True, "cells": flattening.cells(document, "slug", "cd" * 32),
        "text": record.canonical(document).decode(),
    }  # fmt: skip
    return Taken(**{**values, **changed})


CSV = (
    "id,title,permalink,revision,published_at,sha256,last_checked,region,region_name,province,province_name,"
    "other_regions,local_parties,foreign_parties,partner_kind,partner_kind_label,country,country_name,place,legal_form,"
    "legal_form_label,type,type_label,sectors,sectors_label,status,status_label,stage,stage_label,validity,"
    "validity_label,news,news_label,last_news,silent_since,reporting,reporting_label,differs,marks,marks_label,grade,"
    "grade_label,signed_on,start,start_basis,start_basis_label,end,end_basis,end_basis_label,summary\r\n"
    "KS-0001,Kota Surakarta – Kota: kota kembar,https://example.org/kerja-sama/KS-0001?rev=2,2,2026-11-20T01:02:03Z,"
    + "cd"
    * 32
    + ",2017-11,33.72,Kota Surakarta,33,Jawa Tengah,,Pemerintah Kota,Kota,foreign_local_government,"
    "Foreign local government,CN,Tiongkok,,ksdpl_twin_regency_city,KSDPL: sister regency or city,sister_city,"
    "Sister city or regency,trade; culture,trade; culture,no_follow_up,No follow-up,intent,"
    "Letter of intent (LoI),none,No text in force,tanpa,No news,2015-09-25,2015-09-25,never_asked,"
    "The region has not been asked yet,yes,disputed; stale,Sources conflict; Old data,C,C: media or research,"
    '2015-09-25,2015-09,stated,stated by the source,,open,no end stated,"\'=SUM(1) & ""kutipan"", dua\nbaris"\r\n'
)


def test_the_table_as_a_whole() -> None:
    assert body("csv", listed([row()], 1)) == CSV


def test_an_empty_table_still_names_its_columns() -> None:
    assert body("csv", listed([], 0)) == CSV.split("\r\n")[0] + "\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert csv_table.safe(f"{start}1") == f"'{start}1"
    dangerous = row(document={"title": {"id": f"{start}1+1"}})
    cells = next(csv.DictReader(io.StringIO(body("csv", listed([dangerous], 1)), newline="")))
    assert cells["title"] == f"'{start}1+1"


@pytest.mark.parametrize("text", [" =1", "\u00a0+1", "＝1", " @x"])
def test_a_formula_behind_blanks_or_in_wide_letters_is_none(text: str) -> None:
    assert csv_table.safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["2015", "a=b", "", "–", "'=", " 1"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert csv_table.safe(text) == text


def test_a_language_changes_labels_and_words_but_no_code() -> None:
    texts = [body("csv", listed([row()], 1, language=language)) for language in ("id", "en")]
    first, second = (next(csv.DictReader(io.StringIO(text, newline=""))) for text in texts)
    assert {name for name in first if first[name] != second[name]} == {
        "title", "region_name", "province_name", "country_name", "summary",
    }  # fmt: skip
    assert second["country_name"] == "China"


def test_json_as_a_whole() -> None:
    one = row()
    assert body("json", listed([one], 1, "negara=CN")) == (
        '{"meta":{"count":1,"generated":"2026-11-22T03:04:05Z","licence":{"name":"CC BY 4.0","url":'
        f'"{LICENCE}"}},"query":"negara=CN","page":"https://example.org/kerja-sama?negara=CN",'
        '"assessed_on":"2026-11-22","reading":"today","publication":{"seq":7,"hash":"' + "ab" * 32 + '"}},"items":[\n'
        '{"id":"KS-0001","revision":2,"published_at":"2026-11-20T01:02:03Z","sha256":"' + "cd" * 32 + '",'
        '"permalink":"https://example.org/kerja-sama/KS-0001?rev=2","answers":{"status":"no_follow_up","stage":"intent",'
        '"validity":"none","news":"tanpa","last_news":"2015-09-25","last_news_kind":"loi",'
        '"silent_since":"2015-09-25","reporting":"never_asked","grade":"C","differs":true,"counted":true,'
        f'"marks":["disputed","stale"]}},"document":{one.text}}}\n]}}\n'
    )


def test_an_empty_json_is_whole() -> None:
    found = json.loads(body("json", listed([], 0)))
    assert (found["meta"]["count"], found["items"]) == (0, [])


def test_the_feed_as_a_whole() -> None:
    assert body("atom", listed([row()], 1, "negara=CN&bukti=C", "en")) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        "<id>tag:example.org,2026:kerja-sama?negara=CN&amp;bukti=C</id>\n"
        "<title>Latest changes: foreign cooperation of regional governments</title>\n"
        "<updated>2026-11-20T01:02:03Z</updated>\n"
        "<author><name>Portal uji</name></author>\n"
        '<link rel="self" type="application/atom+xml" href="https://example.org/kerja-sama.x?negara=CN&amp;bukti=C"/>\n'
        '<link rel="alternate" type="text/html" href="https://example.org/kerja-sama?negara=CN&amp;bukti=C"/>\n'
        f'<link rel="license" href="{LICENCE}"/>\n'
        "<rights>CC BY 4.0</rights>\n"
        "<entry>\n"
        "<id>tag:example.org,2026:KS-0001/2</id>\n"
        "<title>Surakarta City – Kota: sister city</title>\n"
        "<updated>2026-11-20T01:02:03Z</updated>\n"
        '<link rel="alternate" type="text/html" href="https://example.org/kerja-sama/KS-0001?rev=2"/>\n'
        '<category term="no_follow_up" label="No follow-up"/>\n'
        "<summary>No follow-up. &lt;b&gt;One&lt;/b&gt; &amp; two</summary>\n"
        "</entry>\n"
        "</feed>\n"
    )


def test_an_empty_feed_is_well_formed() -> None:
    feed = ElementTree.fromstring(body("atom", listed([], 0)))
    assert feed.find(f"{ATOM}updated").text == "2026-11-22T03:04:05Z"  # type: ignore[union-attr]
    assert feed.findall(f"{ATOM}entry") == []


QUERIES = ["", "negara=JP", "q=sister+city&urut=daerah", "pada=2017-11-30&kabar=tanpa", "negara=AQ", "status=bogus"]


@pytest.mark.parametrize("query", QUERIES)
def test_every_format_holds_what_the_page_shows(many: list[Record], query: str) -> None:
    shown = subjects(query)
    streamed = streaming.stream(asked(query), 50)
    found = json.loads(body("json", listed(streamed.rows, streamed.total, query)))
    assert [item["id"] for item in found["items"]] == shown
    assert found["meta"]["count"] == len(shown) == matching(query).total
    table = list(csv.DictReader(io.StringIO(body("csv", listed(streaming.stream(asked(query)).rows, 0)), newline="")))
    assert [line["id"] for line in table] == shown
    newest = streaming.newest(matching(query))
    feed = ElementTree.fromstring(body("atom", listed(newest, len(newest))))
    assert len(feed.findall(f"{ATOM}entry")) == min(len(shown), streaming.NEWEST)


def test_documents_leave_as_they_were_published(many: list[Record]) -> None:
    streamed = streaming.stream(asked(""))
    for item in json.loads(body("json", listed(streamed.rows, streamed.total)))["items"]:
        assert record.digest(item["document"]) == item["sha256"]


def told(texts: Iterable[Any], language: str) -> str:
    return "; ".join((text or {}).get(language) or next(iter((text or {}).values()), "") for text in texts)


def read_off(document: Any, language: str) -> dict[str, str]:
    """Cells as a reader takes them from the document itself."""
    foreign, term = document["foreign_parties"], document.get("term", {})
    countries = list(dict.fromkeys(party["country"] for party in foreign))
    signed = [text["signed_on"] for text in document.get("instruments", []) if text.get("signed_on")]
    label = catalogue(language).gettext
    return {
        "title": told([document["title"]], language),
        "summary": told([document.get("summary")], language),
        "local_parties": told((party["name"] for party in document["local_parties"]), language),
        "foreign_parties": told((party["name"] for party in foreign), language),
        "country": "; ".join(countries),
        "country_name": "; ".join(places.countries()[code].called(language) for code in countries),
        "region_name": places.regions()[document["region"]].called(language),
        "other_regions": "; ".join(document.get("other_regions", [])),
        "sectors_label": "; ".join(label(vocabulary.SECTORS[code].label) for code in document.get("sectors", [])),
        "type_label": label(vocabulary.TYPES[document["type"]].label),
        "signed_on": min(signed, key=dates.earliest, default=""),
        "start": term.get("start", {}).get("date", ""),
        "end_basis": term.get("end", {}).get("basis", ""),
        "sha256": record.digest(document),
    }


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("query", ["", "pada=2017-11-30", "urut=daerah&negara=CN"])
def test_what_is_kept_for_the_table_is_what_the_documents_say(many: list[Record], query: str, language: str) -> None:
    documents = {one.subject: one.document for one in many}
    rows = streaming.stream(asked(query), documents=False).rows
    text = body("csv", replace(listed(rows, 0, query, language), say=catalogue(language).gettext))
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(lines) == matching(query).total > 10
    answered = {one.subject: one for one in streaming.stream(asked(query)).rows}
    for line in lines:
        wanted = read_off(documents[line["id"]], language)
        assert {name: line[name] for name in wanted} == {name: csv_table.safe(cell) for name, cell in wanted.items()}
        one = answered[line["id"]]
        assert (line["status"], line["news"], line["marks"]) == (one.status, one.news, "; ".join(one.overlays))
        assert line["status_label"] == catalogue(language).gettext(answers.STATUSES[one.status].label)


def test_the_table_opens_no_document(many: list[Record]) -> None:
    rows = list(streaming.stream(asked(""), documents=False).rows)
    assert {one.text for one in rows} == {""}
    assert FORMATS["json"].documents
    assert not FORMATS["csv"].documents


def test_no_row_of_the_real_table_is_a_formula_or_ragged(many: list[Record]) -> None:
    text = body("csv", listed(streaming.stream(asked("")).rows, 0, language="en"))
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(line) for line in lines} == {len(CELLS)}
    assert not any(cell.startswith(csv_table.FORMULA) for line in lines for cell in line)
    assert not text.startswith("\ufeff")


def test_large_files_leave_in_pieces(many: list[Record]) -> None:
    for name in ("csv", "json"):
        streamed = streaming.stream(asked(""), 20)
        pieces = list(FORMATS[name].write(listed(streamed.rows, streamed.total)))
        assert len(pieces) > 3
        assert max(map(len, pieces)) < 200_000


def test_each_format_is_named_once() -> None:
    assert [(one.name, one.extension, one.newest) for one in FORMATS.values()] == [
        ("csv", "csv", False), ("json", "json", False), ("atom", "atom", True),
    ]  # fmt: skip
    assert len({cell.name for cell in CELLS}) == len(CELLS)
