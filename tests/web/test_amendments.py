"""Is every proposed edit one row that a clerk and a moderator read the same way?"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal import amending
from portal.web import amendments
from portal.web.voice import voice
from tests.cooperations import LOI, event, record, said, source, step

Rows = Callable[..., list[dict[str, Any]]]

BASE = record(
    sectors=["trade", "health"],
    summary={"id": "Kerja sama di bidang perdagangan batik dan kerajinan tangan kota."},
    term={"start": {"date": "2015", "basis": "stated"}},
    instruments=[LOI],
    milestones=[step("intent", date="2015-09-25")],
    events=[event("follow_up", "visit", "2016-02-01", sources=["s1"])],
    declarations=[said("none_reported")],
)


def edited(**parts: Any) -> dict[str, Any]:
    return copy.deepcopy(BASE) | parts


@pytest.fixture
def rows(app: Any) -> Iterator[Rows]:
    """`rows(new)`: what leads from BASE to a document, in English; ``on`` is what stands by now."""

    def told(new: dict[str, Any], on: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        return amendments.rows(BASE if on is None else on, amending.edits(BASE, new), voice())

    with app.test_request_context("/en/usulan"):
        yield told


def marked(parts: list[Any], kind: str) -> list[str]:
    return [piece.text for piece in parts if piece.kind == kind]


def test_words_are_marked_word_by_word(rows: Rows) -> None:
    [row] = rows(edited(summary={"id": "Kerja sama di bidang perdagangan batik dan kerajinan perak kota."}))
    assert (row["kind"], row["label"]) == ("changed", "Summary (Bahasa Indonesia)")
    assert marked(row["old_parts"], "del") == ["tangan"]
    assert marked(row["new_parts"], "ins") == ["perak"]
    assert row["lang"] == "id"


def test_a_text_in_both_languages_is_one_row_with_two_sides(rows: Rows) -> None:
    [row] = rows(edited(title={"id": "Kabupaten Contoh – Kota Lain", "en": "Contoh – another city"}))
    assert row["language_label"] == "Bahasa Indonesia"
    assert [(other["language_label"], other["new"], other["kind"]) for other in row["also"]] == [
        ("English", "Contoh – another city", "added")
    ]


def test_members_of_a_list_of_codes_are_marked_one_by_one(rows: Rows) -> None:
    [row] = rows(edited(sectors=["trade", "tourism"]))
    assert marked(row["old_parts"], "del") == ["health"]
    assert marked(row["new_parts"], "ins") == ["tourism"]
    assert "trade" in marked(row["new_parts"], "same")


def test_what_a_source_says_of_a_field_is_told_in_words(rows: Rows) -> None:
    """A claim holds codes and paths; who decides reads words."""
    claim = {"field": "milestones.signed", "source": "s1", "printed": "masih proses", "value": {"id": "in_progress"}}
    [row] = rows(edited(claims=[claim]))
    assert "Read as: in progress" in str(row["new"])
    changed = {**claim, "value": {"id": "in_progress, 2017"}}
    held = edited(claims=[claim])
    edits = amending.edits(held, edited(claims=[changed]))
    [row] = amendments.rows(held, edits, voice())
    assert (row["old"], row["new"]) == ("in progress", "in progress, 2017")
    assert "milestones.signed" not in row["label"]


def test_a_changed_part_marks_only_the_fields_that_changed(rows: Rows) -> None:
    [row] = rows(edited(term={"start": {"date": "2015-09", "basis": "stated"}}))
    assert row["path"] == "term.start"
    assert marked(row["old_parts"], "del") == ["Date: 2015"]
    assert marked(row["new_parts"], "ins") == ["Date: September 2015"]


def test_an_added_item_is_told_field_by_field(rows: Rows) -> None:
    new = event("follow_up", "training", "2017-05", title={"id": "Pelatihan", "en": "Training of potters"})
    [row] = rows(edited(events=[*BASE["events"], new]))
    assert (row["kind"], row["old"], row["label"]) == ("added", None, "Events, Training of potters")
    assert "Date: May 2017" in row["new"]
    assert "<br>" in row["new"]


def test_a_removed_item_shows_what_goes(rows: Rows) -> None:
    [row] = rows(edited(events=[]))
    assert (row["kind"], row["new"]) == ("removed", None)
    assert "February 2016" in row["old"]


def test_what_only_supports_stands_with_what_it_supports(rows: Rows) -> None:
    brought = {**source("u7s1", "2026"), "title": "Surat bupati", "link": "https://contoh.go.id/surat.pdf"}
    happened = event("follow_up", "training", "2017-05", sources=["s1", "u7s1"])
    new = edited(
        events=[*BASE["events"], happened],
        sources=[*BASE["sources"], brought],
        sectors=["trade"],
        claims=[{"field": "sectors", "source": "u7s1", "value": {"id": "perdagangan"}}],
    )
    found = rows(new)
    assert [row["path"] for row in found] == ["sectors", "events"]
    assert [[(one["key"], one["added"]) for one in row["sources"]] for row in found] == [
        [("u7s1", True)], [("u7s1", True), ("s1", False)],
    ]  # fmt: skip
    assert "Surat bupati" in found[0]["source"]["text"]
    assert found[0]["sources"][0]["link"] == "https://contoh.go.id/surat.pdf"


def test_a_conflict_shows_what_stands_now_and_what_was_begun_from(rows: Rows) -> None:
    [row] = rows(edited(sectors=["tourism"]), on=edited(sectors=["culture"]))
    assert row["conflict"] is True
    assert (row["old"], row["new"], row["began"]) == ("culture", "tourism", "trade, health")


def test_what_fits_is_no_conflict(rows: Rows) -> None:
    [row] = rows(edited(sectors=["tourism"]))
    assert row["conflict"] is False
    assert row["began"] is None


def test_a_new_record_is_told_as_additions(app: Any) -> None:
    with app.test_request_context("/usulan"):
        found = amendments.rows({}, amending.edits({}, BASE), voice())
    assert {row["kind"] for row in found} == {"added"}
    assert {row["kind_label"] for row in found} == {"ditambah"}
    assert not [row for row in found if row["path"] == "sources"]


def test_the_words_of_a_region(app: Any) -> None:
    statement = {"kind": "declared_none", "text": {"id": "Belum ada."}, "as_of": "2026-11", "source": "u1s1"}
    new = {"region": "33.10", "statements": [statement], "sources": [{**source("u1s1", "2026"), "title": "Surat"}]}
    with app.test_request_context("/en/usulan"):
        found = amendments.rows(
            {"region": "33.10"}, amending.edits({"region": "33.10"}, new, "region"), voice(), "region"
        )
    assert [row["label"].split(",")[0] for row in found] == ["Statements about the region"]
    assert [one["title"] for one in found[0]["sources"]] == ["Surat"]


def test_sources_and_texts_are_named_and_never_shown_by_their_keys(rows: Rows) -> None:
    brought = {**source("u7s1", "2026"), "title": "Surat bupati"}
    moved = [{**BASE["events"][0], "sources": ["u7s1"]}]
    found = rows(edited(events=moved, sources=[*BASE["sources"], brought]))
    told = next(row for row in found if row["path"] == "events.sources")
    assert (str(told["old"]), str(told["new"])) == ("A study", "Surat bupati")


def test_a_claim_without_words_and_value_is_no_row_of_its_own(rows: Rows) -> None:
    bare = {"field": "summary", "source": "s1"}
    assert [row["path"] for row in rows(edited(sectors=["tourism"], claims=[bare]))] == ["sectors"]
    quoted = bare | {"printed": "kata sumber"}
    assert [row["path"] for row in rows(edited(sectors=["tourism"], claims=[quoted]))] == ["sectors", "claims"]
    assert [row["path"] for row in rows(edited(claims=[bare]))] == ["claims"], "alone it is all there is to decide"


def test_a_word_that_begins_with_its_label_stands_alone(rows: Rows) -> None:
    partner = {"name": {"id": "Kota Jauh"}, "short": {"id": "Jauh"}, "kind": "unknown", "country": "JP"}
    [row] = rows(edited(foreign_parties=[*BASE["foreign_parties"], partner]))
    assert "Kind of partner not known" in row["new"]
    assert "Kind of partner: Kind" not in row["new"]
