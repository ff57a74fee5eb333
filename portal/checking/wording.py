"""What is odd in the words of a document? Hidden or look-alike letters, sellers' words, capitals, personal data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from portal import data, folding, safety
from portal.checking.findings import BLOCK, WARN, Check, Text, short
from portal.record import Document
from portal.terms import N_

_LOUD_LETTERS = 25  # from so many letters on, a text in capitals is loud


# Scripts whose letters are mistaken for Latin ones, and styles of Latin that are not plain letters.
_ALIKE = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GEORGIAN", "HEBREW"})
_STYLED = ("MATHEMATICAL", "FULLWIDTH LATIN", "CIRCLED LATIN", "NEGATIVE ", "SQUARED LATIN", "PARENTHESIZED LATIN")
_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")


def on_hidden(_document: Document, found: Sequence[Text], _day: date) -> Iterator[Check]:
    for text in found:
        if safety.hides(text.value, text.field.longest) or safety.is_piled(text.value):
            shown = {"text": short(text.value)}
            yield Check(BLOCK, N_("A character that cannot be seen stands in “%(text)s”."), shown, text.top)


def on_letters(_document: Document, found: Sequence[Text], _day: date) -> Iterator[Check]:
    for text in found:
        for word in _WORD.findall(text.value) if not text.value.isascii() else []:
            alphabets = scripts(word)
            if "LATIN" in alphabets and alphabets & _ALIKE:
                message = N_("Letters of two alphabets stand in one word: “%(word)s”.")
                yield Check(BLOCK, message, {"word": short(word)}, text.top)
            elif "STYLED" in alphabets:
                message = N_("“%(word)s” is written with ornamental letters. Write it plainly.")
                yield Check(BLOCK, message, {"word": short(word)}, text.top)
        if any(_script(letter) == "STYLED" for letter in text.value if unicodedata.category(letter) == "So"):
            message = N_("“%(word)s” is written with ornamental letters. Write it plainly.")
            yield Check(BLOCK, message, {"word": short(text.value)}, text.top)


def scripts(word: str) -> set[str]:
    """The scripts of the letters of a word, by Unicode (``LATIN``); ``STYLED`` for ornaments."""
    return {_script(letter) for letter in word if not letter.isascii() or letter.isalpha()} - {""}


@cache
def _script(letter: str) -> str:
    """The script of a letter by its Unicode name; ``STYLED`` for ornaments made of Latin ones."""
    name = unicodedata.name(letter, "")
    if name.startswith(_STYLED):
        return "STYLED"
    return name.split(" ")[0] if letter.isalpha() else ""


_LEET = str.maketrans("013457@$!|", "oieastasii")
_SPACED = re.compile(r"\b(?:\w[ .\-_*]){3,}\w\b")


def on_words(_document: Document, found: Sequence[Text], _day: date) -> Iterator[Check]:
    for text in found:
        if text.field.kind != "url" and not text.field.pattern:
            for level, word in spam_in(text.value):
                message = N_("Words of gambling, loan or link sellers: “%(word)s”.")
                yield Check(level, message, {"word": word}, text.top)


def spam_in(text: str) -> Iterator[tuple[str, str]]:
    """The listed words in a text, however they are disguised: figures for letters, blanks between letters, accents."""
    joined = _SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match.group()), text)
    readings = {_plain(text), _plain(joined), _plain(_leet(text)), _plain(_leet(joined))}
    hits = [
        (row["level"], row["word"]) for row in data.spam_words() if any(f" {row['word']} " in one for one in readings)
    ]
    for level, word in hits:
        if not any(word != longer and f" {word} " in f" {longer} " for _, longer in hits):
            yield level, word


def _plain(text: str) -> str:
    return f" {' '.join(re.findall(r'[a-z0-9]+', folding.fold(text)))} "


def _leet(text: str) -> str:
    """Figures read as the letters they stand for, in words that hold letters too."""
    return re.sub(r"\S+", lambda m: m[0].translate(_LEET) if re.search(r"[A-Za-z]", m[0]) else m[0], text)


def on_capitals(_document: Document, found: Sequence[Text], _day: date) -> Iterator[Check]:
    for text in found:
        letters = [letter for letter in text.value if letter.isalpha()] if text.field.kind == "words" else []
        if len(letters) >= _LOUD_LETTERS and sum(map(str.isupper, letters)) > 0.8 * len(letters):
            shown = {"text": short(text.value)}
            yield Check(WARN, N_("Written all in capitals: “%(text)s”."), shown, text.top)


_PERSONAL: Mapping[str, re.Pattern[str]] = {
    N_("This looks like an identity number: “%(text)s”. Personal data are not published."): re.compile(
        r"(?<![0-9])(?:[0-9][ .-]?){15}[0-9](?![0-9])"
    ),
    N_("This looks like a telephone number: “%(text)s”. Personal data are not published."): re.compile(
        r"(?<![0-9.\-/])(?:\+62|62|0)[ .-]?8[0-9](?:[ .-]?[0-9]){6,10}(?![0-9])"
    ),
    N_("This looks like a mail address: “%(text)s”. Personal data are not published."): re.compile(
        r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}"
    ),
}


def on_people(_document: Document, found: Sequence[Text], _day: date) -> Iterator[Check]:
    for text in found:
        if text.field.kind == "url" or text.field.pattern:
            continue
        for message, pattern in _PERSONAL.items():
            for match in pattern.finditer(text.value[:5000]):
                yield Check(WARN, message, {"text": short(match.group())}, text.top)
