"""Does the form keep a document whole? Every record comes back unchanged; every change has proof."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField

from portal import amending, first_records, linking
from portal.record import DOCUMENTS
from portal.validation import validate
from portal.web.proposing import asking, content, forms
from portal.web.proposing.proving import Proof, Said

PAPERS = {document["id"]: document for document in first_records.cooperations()}
SAID = Said(7, "Dinas Uji", "33.14", "2026-11-22", (Proof("Berita acara 12/2026"),))


@pytest.fixture(autouse=True)
def _request(app: Any) -> Iterator[None]:
    with app.test_request_context("/usulan/baru"):
        yield


def boxes(field: Any) -> Iterator[tuple[str, str]]:
    """What a browser sends of a field."""
    if isinstance(field, FieldList):
        for entry in field.entries:
            yield from boxes(entry)
    elif isinstance(field, FormField):
        for inner in field.form:
            yield from boxes(inner)
    elif field.widget_name == "date":
        yield from ((f"{field.name}-{part}", text) for part, text in field.parts.items())
    elif field.widget_name == "words":
        yield from ((field.name, field.texts["id"]), (f"{field.name}-en", field.texts["en"]))
    elif field.widget_name == "checks":
        yield from ((field.name, one["value"]) for one in field.options if one["checked"])
    elif field.widget_name in {"lines", "country", "number"}:
        yield field.name, field.value
    elif field.widget_name == "flag":
        yield from [(field.name, "1")] if field.data else []
    elif field.widget_name != "file":
        yield field.name, field.data or ""


def form_of(kind: str, document: Any, base: Any) -> Any:
    values = content.filled(kind, document, base)
    shown = forms.form_class(kind)(data=values)
    return forms.form_class(kind)(formdata=MultiDict([pair for field in shown for pair in boxes(field)]), data=values)


def changed(document: Any, **values: Any) -> Any:
    form = form_of("change", document, document)
    assert form.validate(), [(field.name, field.errors) for field in form.wrong()]
    return content.made("change", document, {**form.data, **values}, SAID)


@pytest.mark.parametrize("number", PAPERS)
def test_a_record_that_is_sent_back_untouched_stays_as_it_is(number: str) -> None:
    form = form_of("change", PAPERS[number], PAPERS[number])
    assert form.validate(), [(field.name, field.errors) for field in form.wrong()]
    assert content.made("change", PAPERS[number], form.data, SAID) == PAPERS[number]


@pytest.mark.parametrize("number", PAPERS)
def test_a_proposal_known_by_its_edits_alone_comes_back_from_the_form(number: str) -> None:
    base = PAPERS[number]
    document = changed(base, summary={"id": "Ringkasan lain."}, said_validity="ended", said_reason="expired")
    edits = amending.edits(base, document)
    again = form_of("change", amending.applied(base, edits), base)
    assert again.validate()
    assert amending.edits(base, content.made("change", base, again.data, SAID)) == edits


@pytest.mark.parametrize("number", PAPERS)
def test_what_changes_names_its_evidence_and_leaves_a_sound_document(number: str) -> None:
    base = deepcopy(PAPERS[number])
    document = changed(
        base, type="other", sectors=["tourism"], summary={"id": "Ringkasan baru."}, term_start_date="2001",
        said_activity="halted",
    )  # fmt: skip
    assert validate(document, "cooperation", linking.known_codes()) == []
    edits = amending.edits(base, document)
    decided = [edit for edit in edits if not amending.is_support(edit, edits)]
    assert {edit.top for edit in decided} <= {"type", "sectors", "summary", "term", "declarations"}
    for edit in decided:
        needed = amending.with_needed([edit], edits)
        assert "u7s101" in {one.new["key"] for one in needed if one.top == "sources"}, edit.path
        assert validate(amending.applied(base, needed), "cooperation", linking.known_codes()) == []


def test_every_field_of_a_document_is_asked_or_left_out_for_a_reason() -> None:
    for path, _ in asking.leaves(DOCUMENTS["cooperation"]):
        above = [path.rpartition(".")[0], path.split(".")[0], ".".join(path.split(".")[:2])]
        left_out = path in asking.NOT_ASKED or any(one in asking.NOT_ASKED for one in above)
        assert (path in asking.FORM) != left_out, path
    known = {path for path, _ in asking.leaves()}
    assert set(asking.FORM) <= known
    assert all(any(path == one or path.startswith(f"{one}.") for path in known) for one in asking.NOT_ASKED)


def test_a_removed_item_needs_no_evidence_of_its_own() -> None:
    base = next(one for one in PAPERS.values() if len(one.get("events", [])) > 1)
    form = form_of("change", base, base)
    document = content.made("change", base, {**form.data, "events": form.data["events"][1:]}, SAID)
    assert [edit.path for edit in amending.edits(base, document) if edit.new is None] == [("events",)]


def test_keys_of_sources_and_texts_are_never_used_twice() -> None:
    """A proposal whose first part was published goes on with the keys after those."""
    base = deepcopy(PAPERS["KS-0005"])
    base["sources"].append({"key": "u7s101", "title": "Surat lain", "kind": "agency_statement", "grade": "D"})
    base["instruments"] = [{"key": "u7t1", "kind": "mou", "signing": "reported", "disclosure": "metadata_only"}]
    row = {"asal": None, "kind": "pks", **dict.fromkeys(forms.form_class("change")().instruments.append_entry().data)}
    data = form_of("change", base, base).data
    texts = [*data["instruments"], {**row, "kind": "pks"}]
    document = content.made("change", base, {**data, "instruments": texts}, SAID)
    assert [one["key"] for one in document["instruments"]] == ["u7t1", "u7t2"]
    assert [one["key"] for one in document["sources"]][-2:] == ["u7s101", "u7s102"]


def test_two_rows_that_claim_the_same_item_do_not_double_it() -> None:
    base = PAPERS["KS-0005"]
    data = form_of("change", base, base).data
    document = content.made("change", base, {**data, "events": [*data["events"], {**data["events"][0]}]}, SAID)
    assert len(document["events"]) == 2
    assert "quote" not in document["events"][1]
