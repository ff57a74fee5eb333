"""How are dates, numbers and spans of time written in each language? Template filters and their functions."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from flask import Flask
from markupsafe import Markup, escape

from portal import dates, translating
from portal.safety import xml_text
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web.language import current_language

MONTHS = {
    "id": ("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember").split(),
    "en": ("January February March April May June July August September October November December").split(),
}
SHORT = {
    "id": ("Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des").split(),
    "en": ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split(),
}


def register(app: Flask) -> None:
    """Make the functions known to the templates."""
    app.jinja_env.filters.update(
        day=written, day_short=written_short, when=when, number=number, span=span, xml=xml_text
    )


def written(partial: str | date, short: bool = False) -> str:
    """A partial date in words, no more precise than it is: ``25 September 2015``, ``September 2015``, ``2015``."""
    return _written(partial.isoformat() if isinstance(partial, date) else partial, short, current_language())


@lru_cache(maxsize=8192)
def _written(partial: str, short: bool, language: str) -> str:
    parts = partial[:10].split("-")
    names = (SHORT if short else MONTHS)[language]
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, names[int(parts[1]) - 1])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


def written_short(partial: str | date) -> str:
    """The same with the month cut short: ``25 Sep 2015``."""
    return written(partial, short=True)


def when(partial: str | date, short: bool = False) -> Markup:
    """A ``<time>`` element whose machine value is as precise as the date, never padded."""
    value = partial.isoformat() if isinstance(partial, date) else partial
    return Markup('<time datetime="{}">{}</time>').format(value[:10], written(partial, short))


def number(value: int) -> str:
    """A whole number with the thousands mark of the language."""
    return translating.number(value)


def span(age: dates.Age) -> str:
    """A span of time in words: ``11 tahun 1 bulan``; only years when the start is known to the year."""
    parts = []
    if age.years or not (age.months or age.exact):
        parts.append(ngettext("%(num)s year", "%(num)s years", age.years))
    if age.exact and (age.months or not age.years):
        parts.append(ngettext("%(num)s month", "%(num)s months", age.months))
    return " ".join(parts)


def lines(text: str) -> Markup:
    """Plain text with its line breaks kept."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def listed(words: list[str]) -> str:
    """Words joined as a sentence does: ``a, b, dan c``."""
    if len(words) < 2:
        return "".join(words)
    if len(words) == 2:
        return _("%(first)s and %(last)s", first=words[0], last=words[1])
    return _("%(first)s, and %(last)s", first=", ".join(words[:-1]), last=words[-1])
