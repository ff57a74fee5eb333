"""Does the short way through a document find nothing fine that the close look would not?"""

from __future__ import annotations

from collections.abc import Iterator

from portal import data, places, safety, validation
from portal.record import FIELDS, REGION_FIELDS, Field
from portal.validation import Known

KNOWN = Known(places.regions().keys(), places.countries().keys())
AWKWARD: list[object] = [
    "", " ", "\t", "a\nb", "a\u200bb", "a\u00adb", "é – “x”", "a" + "\u0301" * 6, "x" * 2001, "西安", "\u3164", "2020",
    "2020-02-30", "1820-13", "KS-0001", "KS-0000", "33.72", "99.99", "33", "ID", "XX", "id", "s1", "S1", "001", "Q1",
    "Q0", "0" * 64, "https://example.com/a", "http://localhost/", "https://example.com/\u200b", "javascript:alert(1)",
    "yes", "A", True, False, 0, 1200, 1201, -1, 1.5, None, [], ["s1"], {}, {"id": "a"}, {"id": ""}, {"en": "a"},
    {"id": "a", "en": "\u200b"}, {"id": "a", "fr": "b"}, {"id": 1}, {"id": "x" * 2001}, {"date": "2020"},
    {"date": "2020", "basis": "stated"}, [{"date": "2020", "basis": "stated"}],
]  # fmt: skip


def _every(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _every(field.fields)


def test_no_value_of_any_field_is_called_fine_wrongly() -> None:
    fine = 0
    for field in _every(FIELDS + REGION_FIELDS):
        check = validation._check(field)
        for value in AWKWARD:
            if check(value, KNOWN):
                fine += 1
                assert list(validation._value_problems(value, field, "x", KNOWN)) == [], (field.name, value)
    assert fine > 500


def test_a_list_that_is_too_long_or_empty_is_not_called_fine() -> None:
    needed = next(field for field in FIELDS if field.name == "sources")
    several = next(field for field in FIELDS if field.name == "other_regions")
    assert not validation._list_check(needed)([], KNOWN)
    assert validation._list_check(several)([], KNOWN)
    assert validation._list_check(several)(["33.72"] * 200, KNOWN)
    assert not validation._list_check(several)(["33.72"] * 201, KNOWN)


def test_no_letter_that_is_hidden_or_piled_up_is_plain() -> None:
    plain = [text for code in range(0x20000) if validation._is_plain(text := f"a{chr(code) * 6}b", 100)]
    assert len(plain) > 500
    assert not [text for text in plain if safety.hides(text, 100) or safety.is_piled(text)]


def test_the_papers_go_the_short_way() -> None:
    check = validation._whole_check("cooperation")
    assert all(check(document, KNOWN) for document in data.papers())
