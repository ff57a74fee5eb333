"""What are the four answers of a record? Beside each: what is declared, and what the record shows by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal import answers as said
from portal import dates, places, sentences, status
from portal import vocabulary as words
from portal.sentences import witnesses
from portal.terms import Term
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import definitions, formatting, rows, trails
from portal.web.record_head import definition
from portal.web.record_reading import Reading
from portal.web.voice import word


def four(reading: Reading) -> list[dict[str, Any]]:
    """Stage, validity, news and reporting: each with its word, what is declared and what is recorded."""
    return [_stage(reading), _validity(reading), _news(reading), _reporting(reading)]


def rule_text(definition: definitions.Definition | None) -> str:
    """When a word applies, its numbers of months filled in."""
    if definition is None:
        return ""
    return str(
        _(
            definition.rule or definition.meaning,
            no_news=status.NO_NEWS_MONTHS,
            active=status.ACTIVE_MONTHS,
            stale=status.STALE_MONTHS,
            dormant=status.DORMANT_MONTHS,
        )
    )


def holder(reading: Reading) -> dict[str, Any] | None:
    """Who is to act next, since when and where that is explained; ``open`` is false where nothing is waited for."""
    code = reading.answers.holder
    if code is None or code not in said.HOLDERS:
        return None
    since = reading.answers.holder_since if code != "nobody" else None
    only_told = since is not None and since == sentences.step(reading.document, reading.answers).as_of
    return {
        "text": word(said.HOLDERS, code),
        "open": code != "nobody",
        "as_of": _as_of(since) if only_told else "",
        "date": {"value": since, "text": reading.written(since)} if since else None,
        "url": definition("status", reading.answers.status),
    }


def speaker(reading: Reading, said_by: str, keys: Iterable[str], day: str | None = None) -> str:
    """Who says it: the agency, the foreign side, or the source that carries the date, with its grade."""
    source = witnesses.carrier(reading.document, keys, day)
    if said_by != "source" or source is None:
        return word(words.SPEAKERS, said_by)
    who = witnesses.called(source, reading.voice)
    return _("%(source)s, source grade %(grade)s", source=who, grade=source["grade"])


def _answer(key: str, title: str, term: Term | None, kind: str, **more: Any) -> dict[str, Any]:
    url = definition(kind, term.code) if term else ""
    return {"key": key, "title": title, "word": _(term.label) if term else "", "url": url, "differs": False, **more}


def _side(
    value: Any, *, by: str = "", date: str = "", rule: str = "", sources: list[int] | None = None
) -> dict[str, Any]:
    return {"value": value, "by": by, "date": date, "rule": rule, "sources": sources or []}


def _as_of(day: str | None) -> str:
    return _("as of %(day)s", day=formatting.written(day)) if day else ""


def _stage(reading: Reading) -> dict[str, Any]:
    answers = reading.answers
    term = words.MILESTONES[answers.stage] if answers.stage else None
    step = next((one for one in reading.parts("milestones", "date", "as_of") if one["code"] == answers.stage), None)
    told = None
    if step is not None and term is not None and step["evidence"] != "inferred":  # nobody declared what we infer
        day = step.get("date")
        told = _side(
            _("%(step)s: %(state)s", step=_(term.label), state=word(words.MILESTONE_STATES, step["state"]).lower()),
            by=speaker(reading, "source", step.get("sources", []), day or step.get("as_of")),
            date=reading.written(day) if day else _as_of(step.get("as_of")),
            sources=reading.marks(step.get("sources")),
        )
    shown = None
    if term is not None:
        rule = _("The highest step that is done or in progress. No lower step is taken as done because of it.")
        state = word(words.MILESTONE_STATES, answers.stage_state).lower()
        value = _("%(step)s: %(state)s", step=word(words.MILESTONES, term.code), state=state)
        shown = _side(value, date=word(words.EVIDENCE_LEVELS, answers.stage_evidence), rule=rule)
    return _answer("tahap", _("How far?"), term, "tahap", none=_("No step is recorded"), declared=told, recorded=shown)


def _declared(reading: Reading, axis: str, vocabulary: Mapping[str, Term]) -> dict[str, Any] | None:
    """The newest statement on an axis that was made by the day of reading."""
    made = [one for one in reading.parts("declarations", "as_of") if one["axis"] == axis]
    if not made:
        return None
    newest = max(made, key=lambda one: dates.earliest(one["as_of"]))
    value = word(vocabulary, newest["value"])
    if newest.get("since"):
        value = _("%(state)s, since %(day)s", state=value, day=reading.written(newest["since"]))
    return _side(
        value,
        by=speaker(reading, newest["by"], newest.get("sources", []), newest["as_of"]),
        date=_as_of(newest["as_of"]),
        sources=reading.marks(newest.get("sources")),
    )


def _differs(reading: Reading, axis: str) -> bool:
    return reading.answers.differs and reading.answers.declared in words.DECLARABLE[axis]


def _validity(reading: Reading) -> dict[str, Any]:
    answers = reading.answers
    term = said.VALIDITY[answers.validity]
    value = _(term.label)
    if answers.end_reason:
        value = _("%(state)s: %(reason)s", state=value, reason=word(words.END_REASONS, answers.end_reason))
    shown = _side(value, date=_period(reading), rule=rule_text(definitions.VALIDITY.get(answers.validity)))
    told = _declared(reading, "validity", said.VALIDITY)
    return _answer(
        "berlaku", _("Is it in force?"), term, "berlaku",
        declared=told, recorded=shown, differs=_differs(reading, "validity"),
    )  # fmt: skip


def _period(reading: Reading) -> str:
    answers = reading.answers
    start = _("from %(day)s", day=reading.written(answers.starts)) if answers.starts else ""
    end = _("until %(day)s", day=reading.written(answers.ends)) if answers.ends else ""
    if end and answers.ends_basis in {"computed", "inferred"}:
        end = f"{end} ({word(words.DATE_BASES, answers.ends_basis)})"
    texts = [start, end]
    if answers.notice_by:
        texts.append(_("last day to give notice: %(day)s", day=formatting.written(answers.notice_by)))
    return "; ".join(text for text in texts if text)


def _news(reading: Reading) -> dict[str, Any]:
    answers = reading.answers
    term = said.NEWS[answers.news]
    beat = rows.pulse(answers, reading.day)
    doing = said.ACTIVITY[answers.activity]
    value = f"{beat.text}. {_(doing.label)}" if beat else _(doing.label)
    counted = ""
    if answers.silent_since and answers.status not in trails.ENDED:
        counted = _("counted from %(day)s", day=reading.written(answers.silent_since))
    shown = _side(value, date=counted, rule=rule_text(definitions.NEWS.get(answers.news)))
    told = _declared(reading, "activity", said.ACTIVITY)
    return _answer(
        "kabar", _("Is there news?"), term, "kabar",
        declared=told, recorded=shown, differs=_differs(reading, "activity"),
        more={"label": _(doing.label), "url": definition("kegiatan", answers.activity)},
    )  # fmt: skip


def _reporting(reading: Reading) -> dict[str, Any]:
    answers = reading.answers
    term = said.REPORTING[answers.reporting]
    value = _(term.label)
    if answers.unanswered:
        value += " " + ngettext(
            "(%(num)s request without answer)", "(%(num)s requests without answer)", answers.unanswered
        )
    shown = _side(
        value,
        date=formatting.written(answers.reporting_on) if answers.reporting_on else "",
        rule=rule_text(definitions.REPORTING.get(answers.reporting)),
    )
    agency = [one for one in reading.parts("declarations", "as_of") if one["by"] == "agency"]
    told = None
    if agency:
        newest = max(agency, key=lambda one: dates.earliest(one["as_of"]))
        vocabulary = said.VALIDITY if newest["axis"] == "validity" else said.ACTIVITY
        told = _side(
            word(vocabulary, newest["value"]), by=_region(reading), date=_as_of(newest["as_of"]),
            sources=reading.marks(newest.get("sources")),
        )  # fmt: skip
    return _answer("pelaporan", _("Has the region reported?"), term, "pelaporan", declared=told, recorded=shown)


def _region(reading: Reading) -> str:
    return places.regions()[reading.document["region"]].called(reading.voice.language)
