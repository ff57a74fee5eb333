"""What does the top of a record's page say? Names, one sentence, the state with its trail, marks and their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal import answers as said
from portal import dates, indexing, places, sentences, status
from portal import vocabulary as words
from portal.sentences import parts, witnesses
from portal.translating import gettext as _
from portal.web import formatting, rows, trails
from portal.web.language import path_of
from portal.web.record_reading import Reading
from portal.web.voice import lines, word

_FOLLOW_UPS = frozenset({"follow_up", "renewal", "report"})


@dataclass(frozen=True, slots=True)
class _Answered:
    """The answers with the last day of the term, as `trails.trail` asks for them."""

    reading: Reading

    def __getattr__(self, name: str) -> Any:
        return getattr(self.reading.answers, name)

    @property
    def ends_day(self) -> Any:
        ends = self.reading.answers.ends
        return dates.latest(ends) if ends else None


def heading(reading: Reading) -> dict[str, Any]:
    """What the pair of names needs, and the words of the title."""
    document, answers = reading.document, reading.answers
    beat = rows.pulse(answers, reading.day)
    region = places.regions()[document["region"]]
    partners = rows.partners(indexing.card(document)["partners"])
    label = rows.status_label(answers.status, answers.validity)
    return {
        "kind": word(words.TYPES, document["type"]),
        "region_name": rows.region_name(region.code),
        "region_url": path_of("regions.show", slug=region.slug),
        "partners": partners,
        "tone": rows.tone(answers.status),
        "glyph": rows.glyph(answers.status, answers.stage),
        "broken": rows.broken(answers, beat),
        "label": label,
        "names": _("%(region)s and %(partner)s", region=region.called(reading.voice.language), partner=partners),
        "title": reading.voice.plain(document["title"]),
    }


def definition(kind: str, code: str) -> str:
    """Where a word is defined: its anchor on the page about method."""
    return f"{path_of('prose.method')}#{kind}-{code}"


def cells(reading: Reading) -> list[dict[str, Any]]:
    """The four cells of the status block."""
    return [_status_cell(reading), _since_cell(reading), _news_cell(reading), _checked_cell(reading)]


def _status_cell(reading: Reading) -> dict[str, Any]:
    answers = reading.answers
    return {
        "label": _("Status"),
        "status": {
            "label": rows.status_label(answers.status, answers.validity),
            "tone": rows.tone(answers.status),
            "stale": "stale" in answers.overlays,
        },
        "note": lines(_stated(reading), behind(reading)),
    }


def _stated(reading: Reading) -> str:
    """Who stated that nothing followed, and when; empty for every other status."""
    answers = reading.answers
    if answers.status != "no_follow_up":
        return ""
    told = sentences.declaration(reading.document, answers)
    if told.get("value") != "none_reported":
        return _("by rule: asked, and answered without follow-up")
    source = witnesses.teller(reading.document, told) if told["by"] == "source" else None
    who = witnesses.called(source, reading.voice) if source else word(words.SPEAKERS, told["by"])
    return rows.stated_by(who, told["as_of"])


def behind(reading: Reading) -> str:
    """The axes behind the one word: stage and validity."""
    answers = reading.answers
    stage = word(words.MILESTONES, answers.stage) if answers.stage else _("Step not known")
    state = word(words.MILESTONE_STATES, answers.stage_state) if answers.stage else ""
    step = _("%(step)s: %(state)s", step=stage, state=state.lower()) if state else stage
    return f"{step}; {word(said.VALIDITY, answers.validity).lower()}"


def _since_cell(reading: Reading) -> dict[str, Any]:
    label, day, exact = since(reading)
    if day is None:
        return {"label": label, "missing": _("date not recorded")}
    cell: dict[str, Any] = {"label": label, "value": reading.written(day), "datetime": day}
    if exact and dates.earliest(day) <= reading.day:
        cell["note"] = formatting.span(dates.age(day, reading.day))
    return cell


def since(reading: Reading) -> tuple[str, str | None, bool]:
    """What the state is counted from, in words, its date, and whether it began then; else that day only tells of it."""
    answers = reading.answers
    if answers.status in trails.ENDED:
        if answers.ends:
            reckoned = answers.ends_basis in {"computed", "inferred"}
            return _("Ended (computed)") if reckoned else _("Ended on"), answers.ends, True
        return _("Stated as of"), answers.declared_on, False
    if answers.validity in {"in_force", "in_force_claimed", "pending"} and answers.starts:
        return _("Since (start)"), answers.starts, True
    if answers.status == "planned":
        return _("Planned for"), answers.silent_since, True
    step = sentences.step(reading.document, answers)
    if step.date is None:
        told = step.as_of or (answers.stage_date if answers.stage else None)
        return (_("Step as of"), told, False) if told else (_("Since"), answers.last_news, True)
    if answers.stage_state == "disputed":
        return _("Since"), step.date, True
    if answers.stage == "intent":
        return _("Since (date of the LoI)"), step.date, True
    return _("Since (signing)") if answers.stage == "signed" else _("Since"), step.date, True


def _news_cell(reading: Reading) -> dict[str, Any]:
    answers = reading.answers
    label = _("Last follow-up")
    beat = rows.pulse(answers, reading.day)
    age = rows.no_news_for(answers.silent_since, reading.day) if answers.silent_since else ""
    if answers.status == "no_follow_up" and beat:
        age = beat.text  # what was stated is no silence of ours: years since the signing
    after = answers.last_news_kind in _FOLLOW_UPS or _is_later(answers.last_news, answers.stage_date)
    if answers.last_news and after:
        kind = beat.kind if beat and beat.kind in {"news", "none", "between"} else "between"
        note = age if kind == "none" else ""
        return {"label": label, "pulse": {"kind": kind, "text": reading.written(answers.last_news)}, "note": note}
    quiet = "undated" if answers.status in trails.ENDED or not answers.silent_since else "none"
    note = _lowered(age) if quiet == "none" else beat.text if beat and beat.kind == "report" else ""
    return {"label": label, "pulse": {"kind": quiet, "text": _("Nothing recorded yet")}, "note": note}


def _is_later(day: str | None, than: str | None) -> bool:
    """True where something newer than the highest step is known, as a letter of intent after an older agreement."""
    return bool(day and than) and dates.earliest(str(day)) > dates.earliest(str(than))


def _checked_cell(reading: Reading) -> dict[str, Any]:
    answers = reading.answers
    label = _("As of")
    reporting = word(said.REPORTING, answers.reporting)
    if not answers.as_of:
        return {"label": label, "missing": _("date not recorded"), "note": reporting}
    source = next((one for one in reading.document["sources"] if answers.as_of in {_as_of(one), one.get("date")}), None)
    note = f"{parts.raised(witnesses.called(source, reading.voice))}; {_lowered(reporting)}" if source else reporting
    marks = reading.marks([source["key"]]) if source else []
    return {
        "label": label,
        "value": formatting.written(answers.as_of),
        "datetime": answers.as_of,
        "note": note,
        "sources": marks,
    }


def _as_of(source: Any) -> str | None:
    day: str | None = source.get("as_of", {}).get("date")
    return day


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def trail(reading: Reading) -> dict[str, Any] | None:
    """The large trail, with words at its dots."""
    document, answers = reading.document, reading.answers
    dots = indexing.card(document)["dots"]
    if not dots:
        return None
    axis = trails.axis(dates.earliest(dots[0][0]).year - 1, reading.day)
    drawn = trails.trail(dots, _Answered(reading), reading.day, axis)
    if drawn is None:
        return None
    shown = [(day, plan) for day, plan in dots if plan or dates.earliest(day) <= reading.day]
    quiet = max(drawn.gaps, key=lambda gap: gap.x2 - gap.x1, default=None) if answers.news == "tanpa" else None
    return {
        "label": drawn.label,
        "dots": drawn.dots,
        "spans": drawn.spans,
        "gaps": drawn.gaps,
        "cap": drawn.cap,
        "marks": [
            {"x": dot.x, "text": formatting.written_short(day)}
            for dot, (day, _plan) in zip(drawn.dots, shown, strict=True)
        ],
        "first": axis.first_year,
        "now": _("now") if reading.plain else formatting.written_short(reading.day),
        "quiet": {"x": round((quiet.x1 + quiet.x2) / 2, 1), "text": _("no news")} if quiet else None,
    }


def overlays(reading: Reading) -> list[dict[str, Any]]:
    """Each mark with its reason and where it is defined; the marks people set come with their sources."""
    listed = []
    given = {flag["code"]: flag for flag in reading.document.get("flags", [])}
    for code in dict.fromkeys([*reading.answers.overlays, *given]):
        flag = given.get(code)
        listed.append(
            {
                "label": word(words.FLAGS, code),
                "url": definition("tanda", code),
                "text": reading.voice.words(flag["reason"]) if flag else _reason(code, reading),
                "sources": reading.marks(flag.get("sources")) if flag else [],
            }
        )
    return listed


def _reason(code: str, reading: Reading) -> str:
    answers = reading.answers
    if code == "stale" and answers.as_of:
        return _(
            "The newest source speaks of %(day)s; that is more than %(months)s months ago.",
            day=formatting.written(answers.as_of), months=status.STALE_MONTHS,
        )  # fmt: skip
    if code == "recomputed" and answers.ends:
        return _(
            "The written term passed on %(day)s; nobody has reported anything since. Only the calendar changed the"
            " status.",
            day=formatting.written(answers.ends),
        )
    if code == "recomputed":
        return _("Only the calendar changed the status; nobody has reported anything new.")
    return _("The reason stands with the sources below.")


def summary(reading: Reading) -> list[sentences.Part]:
    """The sentence under the names."""
    return sentences.summary(reading.document, reading.answers, reading.voice, newer_url="#tindak-lanjut")
