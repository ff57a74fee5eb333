"""How does a record look in a list? Its names, mark, tag and pulse, in words of this request's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from flask import get_template_attribute
from markupsafe import Markup, escape

from portal import answers, dates, places, status, vocabulary
from portal.sentences import parts, witnesses
from portal.terms import N_
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import formatting
from portal.web.language import current_language, path_of
from portal.web.trails import ENDED, Axis, TrailView, trail
from portal.web.voice import listed

FIELDS_SHOWN = 3
SHOWN_MARKS = ("disputed", "unverified", "under_clarification")

# The mark of a record without follow-up is that of the milestone it got to.
STAGE_GLYPHS = {
    "initiative": "open", "exploration": "open", "intent": "half", "work_plan": "draft", "dprd_approval": "draft",
    "verification": "draft", "text": "draft", "clearance": "draft", "signed": "full",
}  # fmt: skip
HEADLINES = {
    ("in_force", "in_force_claimed"): N_("Said to be running"),
    ("in_force_renewed", "in_force_claimed"): N_("Said to be running (renewed)"),
    ("in_force", "in_force"): N_("In force"),
    ("in_force_renewed", "in_force"): N_("In force (renewed)"),
}
SIGNALS = {"news": " signal--ok", "between": " signal--mid", "undated": " signal--none"}
# What a date is that a row shows in short, by the kind of the newest news; the others are news after a signing.
_NOTES = {
    "loi": N_("LoI %(day)s"), "agreement": N_("Agreement %(day)s"), "signing": N_("Signed %(day)s"),
    "start": N_("%(status)s since %(day)s"),
}  # fmt: skip


class Answered(Protocol):
    """What marks, tags and pulses are made from: a row of the listing, or `status.Answers`."""

    @property
    def status(self) -> str: ...
    @property
    def stage(self) -> str | None: ...
    @property
    def validity(self) -> str: ...
    @property
    def news(self) -> str: ...
    @property
    def last_news(self) -> str | None: ...
    @property
    def last_news_kind(self) -> str | None: ...
    @property
    def silent_since(self) -> str | None: ...
    @property
    def overlays(self) -> tuple[str, ...]: ...


class PulseView(NamedTuple):
    """Any news? ``kind``: news none between since undated report."""

    kind: str
    text: str


class RowView(NamedTuple):
    """A row of a list, as `components/records.html` draws it; ``names`` is the region's, cut before its last word."""

    ref: str
    url: str
    region_name: str
    names: tuple[str, str]
    partners: str
    tone: str
    glyph: str
    broken: bool | str
    status_label: str
    stale: bool
    meta: str
    pulse: PulseView | None
    trail: TrailView | None
    note: str = ""

    def __html__(self) -> str:
        """The row of a long list, drawn in one go: a page holds dozens of them."""
        return self.drawn()

    def drawn(self, level: int = 3) -> Markup:
        """The same with its title on a level of headings."""
        first, last = self.names
        title = (
            f'<h{level} class="pair is-{self.tone}"><a href="{escape(self.url)}">{escape(first)}<span class="nowrap">'
            f'{escape(last)}{_mark(self.glyph, self.broken)}</span><span class="vh"> {escape(_("with"))} </span>'
            f"{escape(self.partners)}</a></h{level}>"
        )
        meta = f'<p class="row__meta">{escape(self.meta)}</p>' if self.meta else ""
        tag = f'<span class="tag is-{self.tone}{" is-stale" if self.stale else ""}">{escape(self.status_label)}</span>'
        said = self.pulse
        signal = f'<span class="signal{SIGNALS.get(said.kind, "")}">{escape(said.text)}</span>' if said else ""
        life = self.trail
        line = f'<svg class="trail" role="img" aria-label="{escape(life.label)}">{escape(life)}</svg>' if life else ""
        return Markup(  # noqa: S704  # every value is escaped, or a word of our own vocabularies
            f'<li class="row row--list">\n<div>{title}{meta}</div><div class="row__st">{tag}{signal}</div>'
            f"<div>{line}</div></li>"
        )


@lru_cache(maxsize=64)
def _mark(name: str, broken: bool | str) -> str:
    """The mark of a status, as the templates draw it."""
    return str(get_template_attribute("components/identity.html", "glyph")(name, broken))


def row_view(row: Any, today: date, axis: Axis, query: str = "") -> RowView:
    """A row of `listing` as the templates draw it; ``query`` is carried into the address (``?pada=…``)."""
    card = row.card
    beat, look, names = pulse(row, today), tone(row.status), _names(row.region, current_language())
    return RowView(
        ref=row.subject,
        url=f"{record_path(row.subject, card['slug'])}{query}",
        region_name="".join(names),
        names=names,
        partners=partners(card["partners"]),
        tone=look,
        glyph=glyph(row.status, row.stage),
        broken=broken(row, beat),
        status_label=status_label(row.status, row.validity),
        stale=look == "go" and "stale" in row.overlays,
        meta=" · ".join(meta(row)),
        pulse=beat,
        trail=trail(card["dots"], row, today, axis),
    )


def record_path(subject: str, slug: str) -> str:
    """The address of a record's page."""
    return f"{path_of('catalogue.index')}/{subject}-{slug}"


def region_name(code: str) -> str:
    """A region's name in lists: ``Kab. Boyolali``; ``DKI Jakarta`` where the official name is too long."""
    return "".join(_names(code, current_language()))


@lru_cache(maxsize=2048)
def _names(code: str, language: str) -> tuple[str, str]:
    region = places.regions()[code]
    long = region.level == "province" and region.short_name != region.name
    first, space, last = (region.short_name if long else region.headed(language)).rpartition(" ")
    return first + space, last


def partners(listed: Sequence[dict[str, Any]]) -> str:
    """The foreign side in a heading: ``Xi’an, Tiongkok``; a country or its state is not named twice."""
    language = current_language()
    names = [str(partner[language]) for partner in listed]
    homes = ["" if partner["alone"] or partner["state"] else partner["country"] for partner in listed]
    if len(set(homes)) == 1:
        home = f", {_country(homes[0])}" if homes[0] else ""
        return formatting.listed(names) + home
    return formatting.listed(
        [f"{name} ({_country(home)})" if home else name for name, home in zip(names, homes, strict=True)]
    )


def _country(code: str) -> str:
    country = places.countries().get(code)
    return country.called(current_language()) if country else code


def tone(code: str) -> str:
    """The look of a status: way go quiet done stop unk."""
    return answers.STATUSES[code].extra["tone"]


def glyph(code: str, stage: str | None) -> str:
    """The mark of a status: its two nodes say how far the record got."""
    if code == "no_follow_up" and stage:
        return STAGE_GLYPHS.get(stage, "half")
    return answers.STATUSES[code].extra["glyph"]


def status_label(code: str, validity: str) -> str:
    """The headline in words; one that runs only by somebody's word says so."""
    label = HEADLINES.get((code, validity))
    if label:
        return str(_(label))
    return str(_(answers.STATUSES[code].label))


def broken(answered: Answered, beat: PulseView | None) -> bool | str:
    """The line of the mark: whole with news or an end, broken without, absent where nothing is dated."""
    if answered.status in ENDED or beat is None:
        return False
    return "none" if beat.kind == "undated" else beat.kind != "news"


def pulse(answered: Answered, today: date) -> PulseView | None:
    """Is there news? A computed age, never a claim; only ``no_follow_up`` was declared by somebody."""
    if answered.status in ENDED:
        return _pulse_of_ended(answered)
    since = answered.silent_since or answered.last_news
    if not since:
        return PulseView("undated", _("No dated news on record"))
    if answered.status == "no_follow_up":
        return PulseView("since", _since(answered.last_news_kind, _years(since, today)))
    if answered.news == "ada" and answered.last_news:
        day = formatting.written_short(answered.last_news)
        fresh = _months(answered.last_news, today) < status.ACTIVE_MONTHS and "stale" not in answered.overlays
        return PulseView("news", _("News %(day)s", day=day)) if fresh else _latest(day)
    return PulseView("none", no_news_for(since, today))


def _pulse_of_ended(answered: Answered) -> PulseView | None:
    if answered.status == "expired" and answered.last_news_kind != "report":
        return PulseView("report", _("No closing report yet"))
    return _latest(formatting.written_short(answered.last_news)) if answered.last_news else None


def _latest(day: str) -> PulseView:
    return PulseView("between", _("Latest news %(day)s", day=day))


def no_news_for(since: str, today: date) -> str:
    """``Tanpa kabar 11 tahun``: whole years."""
    years = _years(since, today)
    return str(ngettext("No news for %(num)s year", "No news for %(num)s years", years))


def _since(kind: str | None, years: int) -> str:
    if kind == "loi":
        return str(ngettext("%(num)s year since the LoI", "%(num)s years since the LoI", years))
    if kind == "signing":
        return str(ngettext("%(num)s year since the signing", "%(num)s years since the signing", years))
    if kind == "agreement":
        return str(ngettext("%(num)s year since the agreement", "%(num)s years since the agreement", years))
    return str(ngettext("No news for %(num)s year", "No news for %(num)s years", years))


def _years(since: str, today: date) -> int:
    return dates.age(since, today).years


def _months(since: str, today: date) -> int:
    age = dates.age(since, today)
    return age.years * 12 + age.months


def note(row: Any) -> str:
    """What the silence of a row is counted from, in short: ``LoI 10 Mei 2015``; empty when there is nothing.

    What runs only by somebody's word carries the day of that word: ``Dinyatakan berjalan sejak 2012, per Nov 2017``.
    """
    label = status_label(row.status, row.validity)
    if row.validity == "in_force_claimed" and row.declared == "in_force_claimed" and row.declared_on:
        day, start = formatting.written_short(row.declared_on), row.card["start"]
        if not start:
            return _("%(status)s, as of %(day)s", status=label, day=day)
        since = day_in_words(start, row.card, short=True)
        return _("%(status)s since %(start)s, as of %(day)s", status=label, start=since, day=day)
    if not row.last_news:
        if not row.silent_since:
            return ""
        day = formatting.written_short(row.silent_since)
        if row.status == "planned":
            return _("%(status)s for %(day)s", status=label, day=day)
        return _("%(status)s, as of %(day)s", status=label, day=day)
    day = day_in_words(row.last_news, row.card, short=True)
    if row.last_news_kind in _NOTES:
        return str(_(_NOTES[row.last_news_kind], status=label, day=day))
    return _("Latest news %(day)s", day=day)


def day_in_words(day: str, card: Mapping[str, Any], short: bool = False) -> str:
    """A date of a record; one that its source leaves uncertain says so (``unsure`` of `indexing.card`)."""
    return certain(formatting.written(day, short), day in card.get("unsure", ()))


def certain(text: str, uncertain: bool) -> str:
    """The words of a date, marked where it is uncertain."""
    return str(_(witnesses.UNCERTAIN, date=text)) if uncertain else text


def stated(row: Any) -> str:
    """Who stated that there was no follow-up, and when: ``dinyatakan penelitian, November 2017``."""
    if row.status != "no_follow_up":
        return ""
    if row.declared != "none_reported" or not row.declared_on:
        return _("by rule: asked, and answered without follow-up")
    kind = row.card.get("tellers", {}).get(row.declared_on) if row.declared_by == "source" else None
    term = vocabulary.SOURCE_KINDS[kind] if kind else vocabulary.SPEAKERS[row.declared_by or "source"]
    return stated_by(str(_(term.label)), row.declared_on)


def stated_by(who: str, day: str) -> str:
    """Who said it and when, in a few words."""
    return _("stated by %(who)s, %(day)s", who=parts.lowered(who), day=formatting.written(day))


def meta(row: Any) -> tuple[str, ...]:
    """The line under a title: who stated that nothing followed, type, sectors, and the marks of the record."""
    words = [stated(row), str(_(vocabulary.TYPES[row.type].label))]
    words.append(fields(row.card["sectors"], row.card["no_sector"]))
    words += [str(_(vocabulary.FLAGS[mark].label)) for mark in SHOWN_MARKS if mark in row.overlays]
    return tuple(word for word in words if word)


def fields(codes: Sequence[str], reason: str = "") -> str:
    """At most three sectors in a line; the whole list stands on the record's page."""
    if not codes:
        return _("Sector not stated by the source") if reason else ""
    return _fields(tuple(codes), current_language())


@lru_cache(maxsize=2048)
def _fields(codes: tuple[str, ...], _language: str) -> str:
    words = [str(_(vocabulary.SECTORS[code].label)) for code in codes[:FIELDS_SHOWN]]
    if len(codes) > FIELDS_SHOWN:
        rest = vocabulary.SECTORS["other"].label
        words.append(str(_(rest)))
    text = listed(words)
    return text[:1].upper() + text[1:]
