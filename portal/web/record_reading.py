"""Which revision of a record does a page show, and on which day is it read?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal import dates, digits, publications, status
from portal.publications import Published
from portal.record import Document
from portal.sentences import witnesses
from portal.status import Answers
from portal.translating import gettext as _
from portal.web import formatting, rows
from portal.web.clock import today
from portal.web.voice import Voice, voice

SHOWN_REVISIONS = 12


class NoSuchRevision(LookupError):
    """A record has no revision of this number; ``newest`` is the last it has."""

    def __init__(self, newest: int) -> None:
        super().__init__(newest)
        self.newest = newest


@dataclass(frozen=True, slots=True)
class Banner:
    """What is said over a page that does not show today's record as known today; ``links`` lead out of it."""

    text: str
    links: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A record as one page reads it: a revision, assessed on a day, in the words of a language."""

    published: Published
    newest: int
    answers: Answers
    day: date
    voice: Voice
    banner: Banner | None = None
    problem: str = ""

    @property
    def document(self) -> Document:
        """The document of the revision."""
        return self.published.document

    @property
    def plain(self) -> bool:
        """True for today's reading of the newest revision: the one page that search engines keep."""
        return self.banner is None and not self.problem

    def marks(self, keys: Iterable[str] | None) -> list[int]:
        """The footnote numbers of source keys: their places in the list of sources."""
        places = {source["key"]: place for place, source in enumerate(self.document["sources"], start=1)}
        return sorted({places[key] for key in keys or () if key in places})

    def counts(self, *days: str | None) -> bool:
        """True where a fact with one of these dates (the first that is known) counts on the day of reading."""
        known = next((day for day in days if day), None)
        return known is None or dates.earliest(known) <= self.day

    def written(self, day: str, uncertain: bool = False) -> str:
        """A date of the document in words; one that its source leaves uncertain says so."""
        unsure = uncertain or day in witnesses.uncertain_dates(self.document)
        return rows.certain(formatting.written(day), unsure)

    def parts(self, name: str, *named: str) -> list[dict[str, Any]]:
        """The items of a list of the document that count on the day of reading, by the first of the named dates."""
        return [item for item in self.document.get(name, []) if self.counts(*(item.get(date) for date in named))]


def subject_of(number: int) -> str:
    """The subject of a record's number: ``KS-0011``."""
    return f"KS-{number:04d}"


def read(newest: Published, arguments: MultiDict[str, str]) -> Reading:
    """The reading a query asks for: ``rev`` a revision, ``pada`` a day; what cannot be read is told as ``problem``.

    Raises `NoSuchRevision`.
    """
    wanted = arguments.get("rev", "")
    chosen = _revision(newest, wanted) if wanted else newest
    day, problem = _day(arguments.get("pada", ""))
    if day is not None:
        return _on_day(newest, chosen if wanted else None, day)
    banner = _old_revision(chosen, newest) if chosen.number != newest.number else None
    return _reading(chosen, newest.number, today(), banner, problem)


def _revision(newest: Published, wanted: str) -> Published:
    number = digits.whole(wanted) or 0
    if number == newest.number:
        return newest
    found = publications.numbered(newest.subject, number)
    if found is None:
        raise NoSuchRevision(newest.number)
    return found


def _day(text: str) -> tuple[date | None, str]:
    """The day asked for, or why it cannot be shown; neither where none was asked for."""
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        shown = "".join(letter for letter in text[:40] if letter.isprintable())
        return None, _("“%(day)s” is not a day. A day is written like 2017-11-30.", day=shown)
    if day > today():
        return None, _(
            "%(day)s lies in the future. What will be known then is not known yet.", day=formatting.written(day)
        )
    return day, ""


def _on_day(newest: Published, chosen: Published | None, day: date) -> Reading:
    links = (_to_newest(newest, _("Show today’s record")),)
    written = formatting.written(day)
    known = chosen or publications.known_on(newest.subject, day)
    began = publications.first_day()
    if known is not None and known.day <= day:
        text = _(
            "The record as it was known on %(day)s (revision %(number)s), assessed on that day.",
            day=written, number=known.number,
        )  # fmt: skip
        return _reading(known, newest.number, day, Banner(_with_fate(text, newest), links))
    if began is None or day < began:
        text = _(
            "The register did not exist on %(day)s. This is a second reading: what is known today, assessed on that"
            " day.",
            day=written,
        )
    else:
        text = _(
            "This record was not in the register on %(day)s. This is a second reading: what is known today, assessed on"
            " that day.",
            day=written,
        )
    return _reading(chosen or newest, newest.number, day, Banner(_with_fate(text, newest), links))


def _old_revision(chosen: Published, newest: Published) -> Banner:
    text = _("You are reading revision %(number)s of %(newest)s.", number=chosen.number, newest=newest.number)
    link = _to_newest(newest, _("Show the newest"))
    if newest.gone or chosen.gone:
        return Banner(_with_fate(text, newest), (link,))
    compare = url_for("cooperation.compare", subject=newest.subject, dari=chosen.number, ke=newest.number)
    return Banner(text, (link, {"url": compare, "label": _("What changed since")}))


def _to_newest(newest: Published, label: str) -> dict[str, str]:
    """A link out of an older reading: to the record as it stands, or to what became of it."""
    if newest.merged_into:
        return {"url": url_for("cooperation.bare", subject=newest.merged_into), "label": _show(newest.merged_into)}
    return {"url": address(newest), "label": _("Why it was withdrawn") if newest.gone else label}


def _show(subject: str) -> str:
    return _("Show %(record)s", record=subject)


def _with_fate(text: str, newest: Published) -> str:
    return f"{text} {fate(newest)}".strip()


def fate(newest: Published) -> str:
    """What became of a record that no longer stands, and when; empty for one that does."""
    if newest.merged_into:
        return _(
            "This record was merged into %(record)s on %(day)s.",
            record=newest.merged_into, day=formatting.written(newest.day),
        )  # fmt: skip
    return _("This record was withdrawn on %(day)s.", day=formatting.written(newest.day)) if newest.gone else ""


def _reading(chosen: Published, newest: int, day: date, banner: Banner | None, problem: str = "") -> Reading:
    return Reading(chosen, newest, status.assess(chosen.document, day), day, voice(), banner, problem)


def address(published: Published, **query: Any) -> str:
    """The one address of a record's page."""
    from portal import indexing

    return url_for("cooperation.show", subject=published.subject, slug=indexing.slug(published.document), **query)
