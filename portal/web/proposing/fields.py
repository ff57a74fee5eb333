"""Which kinds of fields has the form? One for each kind of value in a document, in the form the document keeps it.

Every field reads what was typed, cleans it (`cleaned`) and shows it again as it was typed where it is wrong. ``data``
is the document's value, None where nothing was filled in. ``widget`` names the macro that draws it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from portal import config, dates, digits, folding, places, safety, translating
from portal.extensions import today
from portal.terms import Vocabulary
from portal.web.language import current_language

PARTS = ("hari", "bulan", "tahun")
MOST_LINES = 20
_BLANKS = re.compile(r"[^\S\n]+")


def cleaned(text: str, longest: int) -> str:
    """What was typed without what nobody sees: hidden characters gone, blanks single, one line where one is meant."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    one_line = longest <= safety.LONGEST_LINE
    if one_line:
        lines = lines.replace("\n", " ")
    seen = "".join(letter for letter in lines if not safety.hides(letter, safety.LONGEST_LINE + 1))
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in seen.split("\n")).strip()


def text_faults(text: str, longest: int) -> list[str]:
    """What is wrong with a cleaned text, in words."""
    faults = []
    if len(text) > longest:
        faults.append(_("Write at most %(most)s characters; these are %(count)s.", most=longest, count=len(text)))
    if safety.is_piled(text):
        faults.append(_("Too many marks stand on one letter."))
    return faults


class Boxes(Field):
    """A field read from one or more boxes of the form; subclasses say how."""

    widget_name = "text"

    def __init__(self, label: Any = None, *, longest: int = 600, needed: bool = False, **options: Any) -> None:
        self.longest, self.needed = longest, needed
        self.now: Any = None
        self.rows = options.pop("rows", 1)
        self.optional = options.pop("optional", False)
        super().__init__(label, **options)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        given = self.default if data is unset_value else data
        self.object_data = self.data = given
        self.fill(given)
        if formdata is not None:
            self.read(formdata)

    def fill(self, given: Any) -> None:
        """Take over the document's value."""

    def read(self, formdata: Any) -> None:
        """Take over what was typed."""
        raise NotImplementedError

    def typed(self, formdata: Any, name: str) -> str:
        """The first value of a box; empty where there is none."""
        found = formdata.getlist(name)
        return str(found[0]) if found else ""

    def fault(self, message: str) -> None:
        """Say what is wrong."""
        self.process_errors.append(message)

    def pre_validate(self, form: Any) -> None:
        if self.needed and not self.data and not self.process_errors:
            raise ValidationError(_("Fill this in."))

    def _value(self) -> str:
        return self.data if isinstance(self.data, str) else ""


class Plain(Boxes):
    """A text in one box."""

    def read(self, formdata: Any) -> None:
        text = cleaned(self.typed(formdata, self.name), self.longest)
        self.data = text or None
        for fault in text_faults(text, self.longest):
            self.fault(fault)


class Link(Plain):
    """A link to a public page."""

    def read(self, formdata: Any) -> None:
        super().read(formdata)
        if self.data and not safety.is_safe_url(self.data):
            self.fault(_("A link must begin with https:// or http:// and name a public host."))


class Words(Boxes):
    """Words in Indonesian and, where there are any, in English."""

    widget_name = "words"

    def fill(self, given: Any) -> None:
        self.texts = {"id": (given or {}).get("id", ""), "en": (given or {}).get("en", "")}

    def read(self, formdata: Any) -> None:
        boxes = {"id": self.name, "en": f"{self.name}-en"}
        self.texts = {code: cleaned(self.typed(formdata, name), self.longest) for code, name in boxes.items()}
        self.data = {code: text for code, text in self.texts.items() if text} or None
        for text in self.texts.values():
            for fault in text_faults(text, self.longest):
                self.fault(fault)
        if self.data and not self.texts["id"]:
            self.fault(_("Write it in Indonesian too; English stands beside it."))


class Lines(Boxes):
    """Several short texts, one a line."""

    widget_name = "lines"

    def fill(self, given: Any) -> None:
        self.value = "\n".join(given or [])

    def read(self, formdata: Any) -> None:
        self.value = self.typed(formdata, self.name)
        found = (cleaned(line, self.longest) for line in self.value.splitlines()[:MOST_LINES])
        lines = [line for line in found if line]
        self.data = lines or None
        for fault in {fault for line in lines for fault in text_faults(line, self.longest)}:
            self.fault(fault)


class Date(Boxes):
    """A partial date in three boxes: day, month and year, month and year, or the year alone."""

    widget_name = "date"

    def __init__(self, label: Any = None, *, future: bool = False, **options: Any) -> None:
        self.future = future
        super().__init__(label, **options)

    def fill(self, given: Any) -> None:
        self.wrong: list[str] = []
        year, month, day = [*str(given or "").split("-"), "", ""][:3]
        self.parts = {"hari": day.lstrip("0"), "bulan": month.lstrip("0"), "tahun": year}

    def read(self, formdata: Any) -> None:
        self.parts = {part: cleaned(self.typed(formdata, f"{self.name}-{part}"), 10) for part in PARTS}
        self.wrong, self.data = [], None
        if not any(self.parts.values()):
            return
        fault = self._form_fault()
        written = "-".join(
            part.zfill(2) for part in (self.parts["tahun"], self.parts["bulan"], self.parts["hari"]) if part
        )
        if not fault and not dates.is_partial_date(written):
            self.wrong, fault = ["hari"], _("This month has no day %(day)s.", day=self.parts["hari"])
        if not fault and not self.future and dates.earliest(written) > today():
            self.wrong, fault = list(PARTS), _("The date cannot be in the future.")
        if fault:
            self.fault(fault)
        else:
            self.data = written

    def _form_fault(self) -> str:
        """What is wrong with the boxes taken one by one; the first that is."""
        day, month, year = (self.parts[part] for part in PARTS)
        looks = (
            (("tahun",), not re.fullmatch(r"[12][0-9]{3}", year), _("Write the year with four digits.")),
            (("bulan",), bool(month) and not _within(month, 12), _("The month must be between 1 and 12.")),
            (("bulan",), bool(day) and not month, _("Write the month too, or leave the day empty.")),
            (("hari",), bool(day) and not _within(day, 31), _("The day must be between 1 and 31.")),
        )
        for parts, wrong, message in looks:
            if wrong:
                self.wrong = list(parts)
                return message
        return ""


def _within(text: str, most: int) -> bool:
    return len(text) < 3 and bool(digits.whole(text, most))


class Code(Boxes):
    """One word of a vocabulary; ``codes`` are those offered, in order."""

    widget_name = "select"

    def __init__(
        self, label: Any = None, *, vocabulary: Mapping[str, Any], codes: Iterable[str] | None = None,
        empty: Any = None, **options: Any,
    ) -> None:  # fmt: skip
        self.vocabulary, self.codes, self.empty = vocabulary, tuple(codes or vocabulary), empty
        super().__init__(label, **options)

    def read(self, formdata: Any) -> None:
        value = self.typed(formdata, self.name)
        self.data = value or None
        if value and value not in {*self.codes, self.object_data}:
            self.data = None
            self.fault(_("Choose one of the words of the list."))

    @property
    def options(self) -> list[tuple[str, str]]:
        """Codes and their labels; one that is recorded stays, even where it is offered no more."""
        codes = dict.fromkeys([*self.codes, *([self.data] if self.data in self.vocabulary else [])])
        return [(code, _capital(_(self.vocabulary[code].label))) for code in codes]

    @property
    def first(self) -> str | None:
        """The words of the empty choice; None where there is none."""
        return None if self.empty is None else _capital(str(self.empty))


class Codes(Boxes):
    """Several words of a vocabulary, in its order."""

    widget_name = "checks"

    def __init__(self, label: Any = None, *, vocabulary: Vocabulary, **options: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(label, **options)

    def read(self, formdata: Any) -> None:
        chosen = {str(value) for value in formdata.getlist(self.name)}
        self.data = [code for code in self.vocabulary if code in chosen] or None
        if chosen == set(self.object_data or []):
            self.data = self.object_data  # the same words in the order they are recorded in are no change
        if chosen - set(self.vocabulary):
            self.fault(_("Choose among the words of the list."))

    @property
    def options(self) -> list[dict[str, Any]]:
        """Codes, labels and whether they are chosen."""
        chosen = self.data or []
        return [
            {"value": code, "label": _capital(_(term.label)), "checked": code in chosen}
            for code, term in self.vocabulary.items()
        ]

    @property
    def words(self) -> dict[str, str]:
        """What each word of the vocabulary is called in every language, by its code: it is found by all of them."""
        said = [translating.catalogue(language).gettext for language in config.LOCALES]
        return {code: " ".join(say(term.label) for say in said) for code, term in self.vocabulary.items()}


class Country(Boxes):
    """A country by its name; ``data`` is its code."""

    widget_name = "country"

    def fill(self, given: Any) -> None:
        known = places.countries().get(given or "")
        self.value = known.called(current_language()) if known else (given or "")

    def read(self, formdata: Any) -> None:
        self.value = cleaned(self.typed(formdata, self.name), 80)
        self.data = _country_codes().get(" ".join(folding.words(self.value)))
        if self.value and self.data is None:
            self.fault(_("“%(name)s” is no country the register knows. Choose one of the list.", name=self.value))


@cache
def _country_codes() -> Mapping[str, str]:
    named = {" ".join(folding.words(name)): code for code in places.countries() for name in folding.country_names(code)}
    return {**named, **{code.lower(): code for code in places.countries()}}


class Number(Boxes):
    """A whole number."""

    widget_name = "number"
    most = 1200

    def fill(self, given: Any) -> None:
        self.value = "" if given is None else str(given)

    def read(self, formdata: Any) -> None:
        self.value = cleaned(self.typed(formdata, self.name), 10)
        self.data = None
        if not self.value:
            return
        self.data = digits.whole(self.value, self.most)
        if self.data is None:
            self.fault(_("Write a whole number between 0 and %(most)s.", most=self.most))


class Flag(Boxes):
    """Yes, or nothing said."""

    widget_name = "flag"

    def read(self, formdata: Any) -> None:
        self.data = True if self.typed(formdata, self.name) == "1" else None


class Upload(Boxes):
    """A file; it is kept with the draft, so the field itself holds nothing."""

    widget_name = "file"

    def read(self, formdata: Any) -> None:
        self.data = None


class FileTitles(Boxes):
    """What each attached file contains, in one box a file: by the key of its source (``judul-u7s1``)."""

    widget_name = "titles"
    most = 20

    def fill(self, given: Any) -> None:
        self.wrong: list[str] = []
        self.titles: dict[str, str] = dict(given or {})

    def read(self, formdata: Any) -> None:
        names = [name for name in formdata if re.fullmatch(rf"{self.name}-u[0-9]{{1,9}}s[0-9]{{1,3}}", name)]
        for name in names[: self.most]:
            key, text = name.rpartition("-")[2], cleaned(self.typed(formdata, name), self.longest)
            self.titles[key] = text
            for fault in text_faults(text, self.longest):
                self.wrong = [key]
                self.fault(fault)
        self.data = {key: text for key, text in self.titles.items() if text} or None

    def of(self, key: str) -> str:
        """What the file behind a source contains; empty where nothing was said."""
        return self.titles.get(key, "")


class Hidden(Boxes):
    """What the form carries along unseen."""

    widget_name = "hidden"

    def read(self, formdata: Any) -> None:
        self.data = self.typed(formdata, self.name)[:40] or None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
