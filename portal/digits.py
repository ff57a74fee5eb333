"""Which whole number does a text name, that people typed or an address carries?"""

from __future__ import annotations

LARGEST = 2**31 - 1  # the largest number that a row of a table may have
_MOST_DIGITS = 15


def whole(text: str, most: int = LARGEST) -> int | None:
    """The number that a text names in the digits 0 to 9 alone; None for every other text and beyond ``most``."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return None
    number = int(text)
    return number if number <= most else None
