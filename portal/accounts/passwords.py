"""Is a password good enough? Long, not one of those that are tried first, not the owner's own name.

No rule about capitals, digits or signs, and none that makes a password expire: both breed `Jabar2026!` (trust S26).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from portal import data, desk
from portal.terms import N_
from portal.validation import Problem

LEAST, LEAST_WITH_SECOND_FACTOR, MOST = 12, 15, 128
WORDS_TOO_FEW = 2  # so many listed words, with whatever digits around them, are still one of the first guesses
_LIKE = str.maketrans("@4310$5!7", "aaeiossit")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORTEST_OWN = 4


def least(role: str) -> int:
    """How many characters a password of a role has at least."""
    second = role in desk.ROLES and desk.ROLES[role].extra["second_factor"] == "1"
    return LEAST_WITH_SECOND_FACTOR if second else LEAST


def problems(password: str, name: str, email: str, role: str) -> list[Problem]:
    """What is wrong with a password that somebody chooses; ``role`` is a code of `desk.ROLES`."""
    found = problem(password, role, (email, name))
    return [found] if found else []


def problem(password: str, role: str, own: Iterable[str] = ()) -> Problem | None:
    """What is wrong with a password, None where nothing is; ``own`` are the mail address and name of its owner."""
    if len(password) < least(role):
        shortest = {"least": str(least(role))}
        return Problem("password", N_("Choose a password of at least %(least)s characters."), shortest)
    if len(password) > MOST:
        return Problem("password", N_("A password has at most %(most)s characters."), {"most": str(MOST)})
    if _is_own(password, own):
        return Problem("password", N_("Do not use your name or mail address as the password."), {})
    if is_weak(password):
        return Problem(
            "password",
            N_("This password is among those that are tried first. Take four words that have nothing to do with work."),
            {},
        )
    return None


def is_weak(password: str) -> bool:
    """True for what is on the list, with digits around it or two words of it together, and for runs and repetition."""
    plain = _fold(password)
    if _is_run(plain):
        return True
    bare = password.lower().rstrip("0123456789!@#$%^&*?.,_- ")
    for form in (plain, _fold(password.lower().translate(_LIKE)), _fold(bare.translate(_LIKE))):
        if form in data.weak_passwords() or _few_words(form):
            return True
    return False


def _fold(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[^a-z0-9]", "", flat) or text


def _few_words(form: str) -> bool:
    """True where the letters are one or two words of the list, apart from digits before, between and after."""
    words = [word for word in re.split(r"[0-9]+", form) if word]
    if len(words) > WORDS_TOO_FEW or not words:
        return not words
    listed = data.weak_passwords()
    if len(words) == WORDS_TOO_FEW:
        return all(word in listed or len(word) < _SHORTEST_OWN for word in words)
    word = words[0]
    cuts = ((word[:at], word[at:]) for at in range(3, len(word) - 2))
    return word in listed or any(first in listed and second in listed for first, second in cuts)


def _is_run(plain: str) -> bool:
    """True for one piece over and over, and for keys in a row."""
    for size in range(1, 7):
        if len(plain) > size and (plain[:size] * len(plain))[: len(plain)] == plain:
            return True
    rows = [row * 3 for row in _ROWS]
    pieces = [plain[at : at + 4] for at in range(0, len(plain) - 3, 4)]
    return bool(pieces) and all(any(piece in row or piece[::-1] in row for row in rows) for piece in pieces)


def _is_own(password: str, own: Iterable[str]) -> bool:
    """True where little remains of the password without the name or mail address of its owner."""
    plain = _fold(password)
    for text in own:
        known = {_fold(text), _fold(text.partition("@")[0]), *(_fold(word) for word in re.split(r"[\s@.]+", text))}
        for word in sorted((word for word in known if len(word) >= _SHORTEST_OWN), key=len, reverse=True):
            plain = plain.replace(word, "")
    return len(plain) < LEAST // 2 and plain != _fold(password)
