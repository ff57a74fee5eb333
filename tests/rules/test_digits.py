"""Which texts name a whole number?"""

from __future__ import annotations

import pytest

from portal import digits


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("7", 7), ("0012", 12), ("2147483647", 2147483647), ("000000000000012", 12)]
)
def test_digits_name_a_number(text: str, number: int) -> None:
    assert digits.whole(text) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "-1", "+1", "1 ", " 1", "1\n", "1.0", "1e3", "1_0", "0x1", "٣", "²", "১", "2147483648", "9" * 5000],
)
def test_everything_else_names_none(text: str) -> None:
    assert digits.whole(text) is None


@pytest.mark.parametrize(("most", "number"), [(12, 12), (11, None), (-1, None)])
def test_there_is_a_largest_number(most: int, number: int | None) -> None:
    assert digits.whole("12", most) == number
