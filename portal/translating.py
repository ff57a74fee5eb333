"""Where do translations come from? From the text catalogues (`.po`), read once; no compiled file is kept."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import has_app_context
from flask_babel import Babel, Domain, get_locale

FOLDER = Path(__file__).resolve().parent / "translations"


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


class Catalogues(Domain):  # type: ignore[misc]  # the library ships no types
    """The messages of the language of the request."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the current language; messages stay as they are outside of an application."""
        if not has_app_context():
            return NullTranslations()
        return catalogue(str(get_locale() or ""))


class CatalogueBabel(Babel):  # type: ignore[misc]  # the library ships no types
    """Flask-Babel with one domain for all requests instead of a new one for each."""

    _domain = Catalogues()

    @property
    def domain_instance(self) -> Domain:
        """The one domain."""
        return self._domain
