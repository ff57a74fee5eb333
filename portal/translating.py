"""Where do translations come from? From the text catalogues (`.po`), read once; no compiled file is kept.

`gettext` and `ngettext` are those of Flask-Babel, with its search for the language done once a request instead of once
a message: the web says with `speak` in which language a request is answered.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import has_app_context
from flask_babel import Babel, Domain, get_locale

FOLDER = Path(__file__).resolve().parent / "translations"

# The language of this request and its catalogue; empty outside of one.
_SPOKEN: ContextVar[tuple[str, NullTranslations | None]] = ContextVar("portal_spoken", default=("", None))


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages of a language; none for a language without catalogue."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled, "messages")


def speak(language: str) -> None:
    """Say in which language is spoken from now on; "" leaves it to Flask-Babel."""
    _SPOKEN.set((language, catalogue(language) if language else None))


def spoken() -> str:
    """The language that `speak` said, "" where it said none."""
    return _SPOKEN.get()[0]


def messages() -> NullTranslations:
    """The catalogue of the current language; messages stay as they are outside of an application."""
    said = _SPOKEN.get()[1]
    if said is not None:
        return said
    return catalogue(str(get_locale() or "")) if has_app_context() else catalogue("")


def gettext(message: str, /, **values: Any) -> str:
    """A message in the current language, with its slots filled."""
    said = messages().gettext(message)
    return said % values if values else said


def ngettext(one: str, several: str, /, num: int, **values: Any) -> str:
    """A message about a number of things in the current language."""
    return messages().ngettext(one, several, num) % {"num": number(num), **values}


def number(value: int) -> str:
    """A whole number with the thousands mark of the current language: ``1.234`` in Indonesian, ``1,234`` in English."""
    if -1000 < value < 1000:
        return str(value)
    text = f"{value:,}"
    return text if (spoken() or str(get_locale() or "")) != "id" else text.replace(",", ".")


class Catalogues(Domain):  # type: ignore[misc]  # the library ships no types
    """The messages of the language of the request."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the current language."""
        return messages()


class CatalogueBabel(Babel):  # type: ignore[misc]  # the library ships no types
    """Flask-Babel with one domain for all requests instead of a new one for each."""

    _domain = Catalogues()

    @property
    def domain_instance(self) -> Domain:
        """The one domain."""
        return self._domain
