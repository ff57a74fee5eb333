"""Who says the sentences of this request? The speaker of its language, for `portal.sentences` and the pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from portal import dates, places
from portal.sentences import parts
from portal.terms import Term
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import formatting
from portal.web.language import current_language

# English names that take an article inside a sentence: offices and bodies "of" or "for" something, and groups.
_WITH_ARTICLE = re.compile(
    r"^(?!the )[^,]*?\b(?:Government|City|State|Kingdom|Office|Department|Ministry|Agency|Organi[sz]ation|University"
    r"|Embassy|[Uu]tility(?: \(\w+\))?) (?:of|for)\b|^(?!the )[^,]*\bgroup\b",
    re.IGNORECASE,
)
_COMMON = re.compile(r"^[A-Z][a-z]+ (?!of\b|for\b)[a-z]")  # a common noun, capital only because it stands alone
_HOLDS_AND = re.compile(r" (?:and|dan) ")


class Voice:
    """One language, as `sentences.Speaker` asks for it."""

    def __init__(self, language: str) -> None:
        self._language = language

    @property
    def language(self) -> str:
        """The code of the language."""
        return self._language

    def say(self, message: str) -> str:
        """A message in this language, its slots still open."""
        return str(_(message)) if message else ""

    def date(self, partial: str) -> str:
        """A partial date in words."""
        return formatting.written(partial)

    def months(self, count: int) -> str:
        """A number of months in years and months."""
        if count % 12 == 0:
            return str(ngettext("%(num)s year", "%(num)s years", count // 12))
        return formatting.span(dates.Age(count // 12, count % 12, exact=True))

    def level(self, region: str) -> str:
        """The level of a region; empty for a code that is not known."""
        known = places.regions().get(region)
        return known.level if known else ""

    def listed(self, words: list[str]) -> str:
        """Words joined as a sentence does."""
        return listed(words)

    def named(self, name: str) -> str:
        """A name as it stands inside a sentence: in English ``the City of Xi’an``."""
        if self.language != "en" or not _WITH_ARTICLE.search(name):
            return name
        return f"the {parts.lowered(name) if _COMMON.match(name) else name}"

    def region(self, code: str) -> str:
        """The full name of a region, or its code."""
        known = places.regions().get(code)
        return known.called(self.language) if known else code

    def country(self, code: str) -> str:
        """The name of a country, or its code."""
        known = places.countries().get(code)
        return known.called(self.language) if known else code

    def words(self, value: Mapping[str, str] | None) -> Markup | str:
        """Words of a document; where they stand only in Indonesian, marked and told so."""
        if not value:
            return ""
        text = value.get(self.language)
        return text if text else self.indonesian(value["id"])

    def indonesian(self, text: str) -> Markup | str:
        """Indonesian text, marked and told so in every other language."""
        if self.language == "id":
            return text
        return Markup('<span lang="id">{}</span> <small class="muted">({})</small>').format(text, _("in Indonesian"))

    def plain(self, value: Mapping[str, str]) -> str:
        """Words of a document without marks, for titles and files."""
        return value.get(self.language) or value["id"]


def listed(words: list[str]) -> str:
    """Words joined as a sentence does; where one holds an *and* itself, the last is set apart from it."""
    if len(words) > 1 and any(_HOLDS_AND.search(word) for word in words):
        return str(_("%(first)s, as well as %(last)s", first=", ".join(words[:-1]), last=words[-1]))
    return formatting.listed(words)


def voice() -> Voice:
    """The speaker of this request's language."""
    return Voice(current_language())


def word(vocabulary: Mapping[str, Term], code: str) -> str:
    """A word of a vocabulary in the language of this request."""
    return str(_(vocabulary[code].label))


def lines(*texts: str) -> Markup:
    """Texts under each other."""
    return Markup("<br>").join(escape(text) for text in texts if text)
