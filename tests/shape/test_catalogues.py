"""Can every message be read in every language? The messages are collected from the code, not from a stored list."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import _parse_mapping_toml
from babel.messages.pofile import read_po

from tests.sources import ROOT

LANGUAGES = ["id", "en"]
SOURCE_LANGUAGE = "en"  # an empty entry there means: as in the code


@cache
def extracted() -> Catalog:
    with (ROOT / "pyproject.toml").open("rb") as file:
        methods, options = _parse_mapping_toml(file, style="pyproject.toml")
    found = Catalog()
    for place, line, message, _, context in extract_from_dir(ROOT, methods, options, keywords=DEFAULT_KEYWORDS):
        found.add(message, None, [(place, line)], context=context)
    return found


@cache
def catalogue(language: str) -> Catalog:
    path = ROOT / "portal" / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def told(message: object) -> str:
    places = ", ".join(f"{Path(place).name}:{line}" for place, line in getattr(message, "locations", [])[:2])
    return f"{getattr(message, 'id', message)!r} ({places})"


def test_there_are_messages() -> None:
    assert len(extracted()) > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_in_the_catalogue(language: str) -> None:
    known = catalogue(language)
    assert [
        told(message) for message in extracted() if message.id and known.get(message.id, message.context) is None
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_a_guess(language: str) -> None:
    entries = [message for message in catalogue(language) if message.id]
    empty = [told(m) for m in entries if not (all(m.string) if isinstance(m.string, list | tuple) else m.string)]
    assert [told(message) for message in entries if message.fuzzy] == []
    assert language == SOURCE_LANGUAGE or empty == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_takes_the_same_values(language: str) -> None:
    checked = [(message, message.check()) for message in catalogue(language) if message.id and message.string]
    assert [f"{told(message)}: {problems}" for message, problems in checked if problems] == []


def test_indonesian_has_one_plural() -> None:
    assert catalogue("id").num_plurals == 1
