"""Does the schema say to a machine what validation says to people?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from portal import data
from portal.record import DOCUMENTS, FIELDS
from portal.schema import schema
from portal.validation import validate
from tests.rules.test_validation import SPOILT, Spoil, document, spoilt

COOPERATION = Draft202012Validator(schema())
REGION = Draft202012Validator(schema("region"))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_it_is_a_schema_of_its_draft_and_plain_json(kind: str) -> None:
    Draft202012Validator.check_schema(schema(kind))
    assert json.loads(json.dumps(schema(kind))) == schema(kind)
    assert json.dumps(schema(kind), ensure_ascii=False).replace("“", "").isprintable()


def test_it_names_every_field_by_its_label_and_no_other() -> None:
    made = schema()
    assert {name: part["title"] for name, part in made["properties"].items()} == {
        field.name: field.label for field in FIELDS
    }
    assert made["additionalProperties"] is False
    assert made["required"] == [field.name for field in FIELDS if field.required]


def test_words_come_from_the_vocabularies() -> None:
    for field in FIELDS:
        if field.vocabulary is not None:
            part: dict[str, Any] = schema()["properties"][field.name]
            assert part.get("items", part)["enum"] == list(field.vocabulary)


def test_the_first_records_and_regions_fit() -> None:
    for made in data.papers():
        assert [error.message for error in COOPERATION.iter_errors(made)] == [], made["id"]
    for made in data.region_notes():
        assert [error.message for error in REGION.iter_errors(made)] == [], made["region"]


def test_a_good_document_fits() -> None:
    assert COOPERATION.is_valid(document())
    assert validate(document()) == []


@pytest.mark.parametrize(("what", "spoil", "path", "reason", "seen"), SPOILT, ids=[case[0] for case in SPOILT])
def test_schema_and_validation_agree_on_a_document(what: str, spoil: Spoil, path: str, reason: str, seen: bool) -> None:
    made = spoilt(spoil)
    assert validate(made) != []
    assert COOPERATION.is_valid(made) is not seen


def test_another_kind_has_no_schema() -> None:
    with pytest.raises(KeyError):
        schema("person")
