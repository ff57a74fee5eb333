"""Which steps were taken, under which rule, and what happened afterwards?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from portal import answers as said
from portal import data, dates, procedure, status
from portal import vocabulary as words
from portal.regime import Regime
from portal.sentences import witnesses
from portal.terms import N_
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import formatting, rows
from portal.web.record_answers import speaker
from portal.web.record_facts import with_note
from portal.web.record_head import definition
from portal.web.record_reading import Reading
from portal.web.voice import word

_TAKEN = frozenset({"done", "in_progress", "disputed", "refused", "lapsed"})
# What a rule applied to where no text on record stands for it.
_OF_BASIS = {"renewal": N_("Renewal"), "start_date": N_("Start")}
_LOOKS = {"follow_up": "act", "planned": "plan", "observation": "check", "request": "ask"}
NINE_STEPS_SINCE = "r3_permendagri3_2008"


# -- procedure ------------------------------------------------------------------------------------------------


def steps(reading: Reading) -> list[dict[str, Any]]:
    """The nine milestones in their order; only what a source says is shown as taken."""
    known = {step["code"]: step for step in reading.parts("milestones", "date", "as_of")}
    return [_step(code, known.get(code), reading) for code in words.MILESTONES]


def _step(code: str, step: Mapping[str, Any] | None, reading: Reading) -> dict[str, Any]:
    name = word(words.MILESTONES, code)
    required = code in procedure.REQUIRED.get(reading.document["legal_form"], ())
    if step is None or step["state"] == "unknown":
        state = word(words.MILESTONE_STATES, "unknown")
        text = state if required else _("%(state)s (not always required)", state=state)
        return {"name": name, "state": "unknown", "words": text}
    day = step.get("date") or step.get("as_of")
    state = word(words.MILESTONE_STATES, step["state"])
    evidence = word(words.EVIDENCE_LEVELS, step["evidence"])
    if step["state"] == "not_required":
        told = state
    else:
        told = _("%(evidence)s: %(state)s", evidence=evidence, state=state.lower())
    if day and not step.get("date"):
        told = _("%(told)s, as of", told=told)
    return {
        "name": name,
        "state": step["state"],
        "evidence": step["evidence"],
        "current": code == reading.answers.stage,
        "words": told,
        "date": {"value": day, "text": reading.written(day)} if day else None,
        "sources": reading.marks(step.get("sources")),
        "note": reading.voice.words(step.get("note")),
    }


def highest(reading: Reading) -> str:
    """``Tahap tertinggi: … Bukti tersedia untuk n dari m tahap wajib``, never a percentage and never a verdict."""
    answers = reading.answers
    parts = []
    if answers.stage:
        state = word(words.MILESTONE_STATES, answers.stage_state).lower()
        parts.append(_("Highest step: %(step)s (%(state)s).", step=word(words.MILESTONES, answers.stage), state=state))
    else:
        parts.append(_("No step is recorded yet."))
    if answers.evidence:
        parts.append(_proven(*answers.evidence, reading))
    return " ".join(parts)


def _proven(proven: int, wanted: int, reading: Reading) -> str:
    """How many required steps have evidence, where the nine steps were the rule of that time."""
    found = status.regime(reading.document)
    order = [row["code"] for row in data.legal_regimes()]
    of_later = [code in order[: order.index(NINE_STEPS_SINCE)] for code in found.codes]
    if of_later and all(of_later):
        return _("The nine steps are those of later rules, since 2008; they were not required then.")
    if any(of_later) or found.state == "unknown":
        return _("The nine steps are those of the rules since 2008; whether they applied then is not known.")
    return _("Evidence on file for %(n)s of %(m)s required steps.", n=proven, m=wanted)


def evaluated(reading: Reading) -> bool:
    """True where the legal form has required steps; elsewhere the legal basis is not known."""
    return reading.answers.evidence is not None


def taken(reading: Reading) -> list[dict[str, Any]]:
    """Only the steps that a source tells of, for records whose form requires none."""
    known = {step["code"] for step in reading.parts("milestones", "date", "as_of") if step["state"] in _TAKEN}
    return [step for code, step in zip(words.MILESTONES, steps(reading), strict=True) if code in known]


def rules(reading: Reading) -> list[dict[str, Any]]:
    """The rule of its time, for each text by itself: all candidates where its date leaves it open."""
    texts = {text["key"]: text for text in reading.parts("instruments", "signed_on")}
    found = [(key, one) for key, one in status.regimes(reading.document) if not key or key in texts]
    return [_ruled(texts.get(key), one, reading, named=len(found) > 1) for key, one in found]


def _ruled(text: Mapping[str, Any] | None, found: Regime, reading: Reading, named: bool) -> dict[str, Any]:
    table = {row["code"]: row for row in data.legal_regimes()}
    language = reading.voice.language
    listed = [
        {
            "label": table[code][f"sentence_{language}"] or table[code]["sentence_id"],
            "unsure": table[code]["unsure"] == "yes",
            "url": definition("aturan", code),
        }
        for code in found.codes
    ]
    return {"of": _of_which(text, found, reading) if named else "", "list": listed, "note": _regime_note(found)}


def _of_which(text: Mapping[str, Any] | None, found: Regime, reading: Reading) -> str:
    """What a rule applied to: the kind of text, or what is told without one, with its date."""
    kind = word(words.INSTRUMENT_KINDS, text["kind"]) if text else _OF_BASIS.get(found.basis, N_("Signing"))
    label = kind if text else str(_(kind))
    return _("%(what)s of %(day)s", what=label, day=reading.written(found.day)) if found.day else label


def _regime_note(found: Regime) -> str:
    notes = {
        "known": "",
        "ambiguous": _("The date covers a change of the rules: each of these may have applied."),
        "not_signed": _("Nothing is signed yet: the rule in force on the day of signing will apply."),
        "unknown": _("The day of signing is not known, so the rule of that time is not known either."),
    }
    basis = (
        _("By the start of the cooperation; the day of signing is not known.") if found.basis == "start_date" else ""
    )
    return " ".join(text for text in (notes[found.state], basis) if text)


# -- timeline -------------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """A dated thing on the timeline; ``look`` act plan check ask."""

    day: str
    look: str
    title: Any
    text: Any = ""
    quote: str = ""
    quote_lang: str = ""
    sources: tuple[int, ...] = ()
    uncertain: bool = False


def timeline(reading: Reading) -> list[dict[str, Any]]:
    """Everything dated, newest first, with the longest silence told as a gap; undated things stand at the end."""
    entries = sorted(_entries(reading), key=lambda entry: dates.earliest(entry.day), reverse=True)
    shown = [_shown(entry) for entry in entries]
    _add_gap(shown, entries, reading)
    return shown + [_shown(entry) for entry in _undated(reading)]


def _shown(entry: Entry) -> dict[str, Any]:
    text = rows.certain(formatting.written(entry.day), entry.uncertain) if entry.day else _("date not recorded")
    day = {"value": entry.day, "text": text} if entry.day else {"text": text}
    return {
        "kind": entry.look, "date": day, "title": entry.title, "text": entry.text, "quote": entry.quote,
        "quote_lang": entry.quote_lang, "sources": list(entry.sources),
    }  # fmt: skip


def _entries(reading: Reading) -> list[Entry]:
    found = [_event(event, reading) for event in reading.document.get("events", []) if _event_counts(event, reading)]
    found += _texts(reading)
    found += _dated_steps(reading)
    found += _said(reading)
    found += _term(reading, {entry.day for entry in found})
    return found


def _event_counts(event: Mapping[str, Any], reading: Reading) -> bool:
    return bool(event.get("date")) and (event["class"] == "planned" or reading.counts(event["date"]))


def _undated(reading: Reading) -> list[Entry]:
    return [_event(event, reading) for event in reading.document.get("events", []) if not event.get("date")]


def _event(event: Mapping[str, Any], reading: Reading) -> Entry:
    return Entry(
        event.get("date", ""),
        _LOOKS[event["class"]],
        reading.voice.words(event["title"]),
        reading.voice.words(event.get("text")) or reading.voice.words(event.get("note")),
        event.get("quote", ""),
        quote_language(event.get("sources", []), reading),
        tuple(reading.marks(event.get("sources"))),
    )


def quote_language(keys: list[str], reading: Reading) -> str:
    """The language of a quote where it is known: the study papers are in Indonesian."""
    cited = [source for source in reading.document["sources"] if source["key"] in keys]
    return "id" if reading.voice.language != "id" and cited and all("paper" in source for source in cited) else ""


def _texts(reading: Reading) -> list[Entry]:
    found = []
    unsure = witnesses.uncertain_dates(reading.document)
    for text in reading.parts("instruments", "signed_on"):
        if text.get("signed_on"):
            kind = word(words.INSTRUMENT_KINDS, text["kind"])
            place = _("in %(place)s", place=text["place"]) if text.get("place") else ""
            found.append(
                Entry(
                    text["signed_on"], "act", _("%(text)s signed", text=kind), place,
                    sources=tuple(reading.marks(text.get("sources"))), uncertain=text["signed_on"] in unsure,
                )
            )  # fmt: skip
    return found


def _dated_steps(reading: Reading) -> list[Entry]:
    """Dated steps that no text of the same day stands for; what is only told as of a day has no place in time."""
    signings = {text.get("signed_on") for text in reading.document.get("instruments", [])}
    found = []
    for step in reading.parts("milestones", "date", "as_of"):
        day = step.get("date")
        if not day or step["state"] not in _TAKEN or (day in signings and step["code"] in {"intent", "signed"}):
            continue
        state = word(words.MILESTONE_STATES, step["state"])
        title = _("%(step)s: %(state)s", step=word(words.MILESTONES, step["code"]), state=state.lower())
        look = "act" if step["state"] == "done" else "check"
        note, marks = reading.voice.words(step.get("note")), tuple(reading.marks(step.get("sources")))
        found.append(Entry(day, look, title, note, sources=marks, uncertain=step.get("uncertain", False)))
    return found


def _said(reading: Reading) -> list[Entry]:
    """Statements about the state: not acts of the parties, so they stop no clock."""
    found: dict[tuple[str, str, str], Entry] = {}
    for made in reading.parts("declarations", "as_of"):
        vocabulary = said.VALIDITY if made["axis"] == "validity" else said.ACTIVITY
        who = speaker(reading, made["by"], made.get("sources", []), made["as_of"])
        title = _("%(who)s: %(state)s", who=who[:1].upper() + who[1:], state=word(vocabulary, made["value"]).lower())
        quote = made.get("quote", "")
        key = (made["as_of"], who, quote or title)
        if key in found:
            title = f"{found[key].title}; {word(vocabulary, made['value']).lower()}"
        found[key] = Entry(
            made["as_of"], "check", title, reading.voice.words(made.get("note")), quote,
            quote_language(made.get("sources", []), reading), tuple(reading.marks(made.get("sources"))),
        )  # fmt: skip
    return list(found.values())


def _term(reading: Reading, taken_days: set[str]) -> list[Entry]:
    """Start and end of the term, where nothing else of that day stands for them."""
    found = []
    term = reading.document.get("term", {})
    for side, title in (("start", _("Start of the term")), ("end", _("End of the written term"))):
        part = term.get(side, {})
        day = part.get("date")
        if (
            day
            and day not in taken_days
            and (side == "start" or dates.latest(day) < reading.day)
            and reading.counts(day)
        ):
            text = with_note(word(words.DATE_BASES, part["basis"]), part, reading)
            marks = tuple(reading.marks(part.get("sources")))
            # A bound of the term is no act of the parties: it is on paper, whatever they did.
            found.append(Entry(day, "check", title, text, sources=marks, uncertain=part.get("uncertain", False)))
    return found


def _add_gap(shown: list[dict[str, Any]], entries: list[Entry], reading: Reading) -> None:
    """Tell the silence since the newest act: at its longest stretch, the lines beside it broken."""
    since = reading.answers.silent_since
    if reading.answers.news != "tanpa" or not since:
        return
    began = dates.earliest(since)
    inside = [place for place, entry in enumerate(entries) if dates.earliest(entry.day) > began]
    for place in inside:
        shown[place]["quiet"] = True
    edges: list[date] = [
        reading.day,
        *(min(dates.earliest(entries[place].day), reading.day) for place in inside),
        began,
    ]
    spans = [(edges[place] - edges[place + 1]).days for place in range(len(edges) - 1)]
    years = dates.age(since, reading.day).years
    text = ngettext("%(num)s year without recorded follow-up", "%(num)s years without recorded follow-up", years)
    shown.insert(spans.index(max(spans)), {"kind": "gap", "text": text})
