"""Which passwords are refused, and which are left in peace?"""

from __future__ import annotations

import pytest

from portal import data
from portal.accounts import passwords

OWN = ("siti.rahma@uji.example", "Siti Rahma")
GOOD = [
    "sawah hijau di kaki gunung",
    "Kuda lumping makan kembang sore",
    "correct horse battery staple",
    "x9!Lq2#vR7pTz",
    "ふるさとの山に向ひて言ふことなし",
    "dua ekor kambing menyeberang jembatan",
]


def test_the_list_holds_more_than_ten_thousand() -> None:
    assert len(data.weak_passwords()) >= 10_000
    assert {"kabupaten", "dinas", "jabar2024", "admin123", "password", "dinasklaten"} <= data.weak_passwords()


@pytest.mark.parametrize("password", GOOD)
def test_a_good_password_is_taken_as_it_is(password: str) -> None:
    assert passwords.problem(password, "agency_clerk", OWN) is None


@pytest.mark.parametrize(
    "password",
    [
        "KabupatenKlaten2026", "dinaskesehatan123!", "Jabar2024Jabar2024", "admin123admin123", "P@ssw0rd2026!!",
        "123456789012",
        "aaaaaaaaaaaaaaa", "qwertyuiop12345", "rahasia-rahasia", "Indonesia1945!", "abcabcabcabcabc",
        "2026202620262026", "Bupati Klaten 2026", "pemkabsragen99",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    found = passwords.problem(password, "agency_clerk", OWN)
    assert found is not None
    assert "tried first" in found.message


@pytest.mark.parametrize("password", ["siti.rahma@uji.example", "SitiRahma2026", "rahma siti 123"])
def test_the_owners_name_is_refused(password: str) -> None:
    found = passwords.problem(password, "agency_clerk", OWN)
    assert found is not None
    assert "your name" in found.message


def test_who_decides_needs_a_longer_one() -> None:
    assert passwords.problem("tebu manis x9", "agency_clerk") is None
    found = passwords.problem("tebu manis x9", "moderator")
    assert found is not None
    assert found.values == {"least": "15"}


def test_too_short_and_too_long_are_told_apart() -> None:
    assert passwords.problem("pendek", "agency_clerk").values == {"least": "12"}  # type: ignore[union-attr]
    assert passwords.problem("x y " * 33, "agency_clerk").values == {"most": "128"}  # type: ignore[union-attr]
    assert passwords.problem("tebu manis di tepi kali " * 5 + "kita", "agency_clerk") is None
