"""What is a document, and which bytes is it?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import data
from portal.record import DOCUMENTS, FIELDS, Field, canonical, digest

KINDS = {"text", "words", "code", "date", "integer", "flag", "url", "region", "country", "record", "key", "part"}
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
DOCUMENT = st.dictionaries(TEXT, VALUES, max_size=5)


def all_fields(fields: tuple[Field, ...], path: str = "") -> Iterator[tuple[str, Field]]:
    for field in fields:
        yield f"{path}{field.name}", field
        yield from all_fields(field.fields, f"{path}{field.name}.")


def test_the_bytes_are_written_in_one_way() -> None:
    document = {"title": {"id": "Xi’an", "en": "Xi’an"}, "id": "KS-0001", "months": 96, "further": True, "sources": []}
    assert canonical(document).decode() == (
        '{"further":true,"id":"KS-0001","months":96,"sources":[],"title":{"en":"Xi’an","id":"Xi’an"}}'
    )
    assert digest(document) == hashlib.sha256(canonical(document)).hexdigest()


@given(DOCUMENT, st.randoms())
def test_the_order_of_keys_does_not_matter(document: dict[str, object], chance: object) -> None:
    names = list(document)
    chance.shuffle(names)  # type: ignore[attr-defined]
    assert canonical({name: document[name] for name in names}) == canonical(document)


@given(DOCUMENT)
def test_what_is_written_is_read_again_and_written_the_same(document: dict[str, object]) -> None:
    written = canonical(document)
    assert json.loads(written) == document
    assert canonical(json.loads(written)) == written


@given(DOCUMENT, DOCUMENT)
def test_two_documents_are_the_same_exactly_when_their_bytes_are(
    one: dict[str, object], other: dict[str, object]
) -> None:
    assert (canonical(one) == canonical(other)) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )


def test_the_order_of_a_list_matters() -> None:
    assert canonical({"place": ["Guangxi", "Nanning"]}) != canonical({"place": ["Nanning", "Guangxi"]})


def test_letters_that_look_alike_are_not_made_alike() -> None:
    assert canonical({"name": "Xi’an"}) != canonical({"name": "Xi'an"})
    assert "Xi’an".encode() in canonical({"name": "Xi’an"})


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_has_no_bytes(number: float) -> None:
    with pytest.raises(ValueError):
        canonical({"months": number})


def test_a_document_of_the_papers_keeps_its_digest() -> None:
    for document in data.papers():
        assert digest(json.loads(canonical(document))) == digest(document)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_field_is_described_in_full(kind: str) -> None:
    for path, field in all_fields(DOCUMENTS[kind]):
        assert field.kind in KINDS, path
        assert field.label, path
        assert (field.kind == "code") == (field.vocabulary is not None), path
        assert (field.kind == "part") == bool(field.fields), path
        names = [part.name for part in field.fields]
        assert len(names) == len(set(names)), path


def test_every_field_of_the_papers_is_in_the_table() -> None:
    names = {field.name for field in FIELDS}
    assert all(set(document) <= names for document in data.papers())
