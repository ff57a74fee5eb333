"""What stands on the method page? Every word with its definition, every number from the code that uses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal import answers, data, dates, procedure, status, vocabulary
from portal.terms import Vocabulary
from portal.translating import gettext as _
from portal.web import definitions, formatting, region_view, steps
from portal.web.definitions import Definition
from portal.web.language import current_language

MONTHS = {
    "no_news": status.NO_NEWS_MONTHS,
    "active": status.ACTIVE_MONTHS,
    "stale": status.STALE_MONTHS,
    "dormant": status.DORMANT_MONTHS,
}

# The vocabularies that are plain lists of words: anchor, words, definitions.
LISTS: tuple[tuple[str, Vocabulary, Mapping[str, Definition]], ...] = (
    ("berlaku", answers.VALIDITY, definitions.VALIDITY),
    ("kabar", answers.NEWS, definitions.NEWS),
    ("kegiatan", answers.ACTIVITY, definitions.ACTIVITY),
    ("pelaporan", answers.REPORTING, definitions.REPORTING),
    ("tanda", vocabulary.FLAGS, definitions.MARKS),
    ("bukti", vocabulary.GRADES, definitions.GRADES),
    ("dasar", vocabulary.EVIDENCE_LEVELS, definitions.EVIDENCE),
)


def values() -> Mapping[str, Any]:
    """What the template of the method page needs."""
    return {
        "months": MONTHS,
        "statuses": [_status(place, code) for place, (code, _rule) in enumerate(status.RULES, start=1)],
        "words": {anchor: _words(anchor, terms, meanings) for anchor, terms, meanings in LISTS},
        "coverage": [_coverage(code) for code in answers.COVERAGE],
        "milestones": [_milestone(place, code) for place, code in enumerate(vocabulary.MILESTONES, start=1)],
        "forms": _forms(),
        "regimes": [_regime(row) for row in data.legal_regimes()],
        "old": steps.OLD,
        "new": steps.NEW,
    }


def said(message: str) -> str:
    """A definition with its numbers filled in."""
    return str(_(message, **MONTHS)) if message else ""


def _status(place: int, code: str) -> dict[str, Any]:
    term, meaning = answers.STATUSES[code], definitions.STATUSES[code]
    return {
        "id": f"status-{code}",
        "place": place,
        "label": _(term.label),
        "tone": term.extra["tone"],
        "glyph": term.extra["glyph"],
        "broken": code == "no_follow_up",
        "meaning": said(meaning.meaning),
        "rule": said(meaning.rule),
        "actor": said(meaning.actor),
        "follows": said(meaning.follows),
    }


def _words(anchor: str, terms: Vocabulary, meanings: Mapping[str, Definition]) -> list[dict[str, str]]:
    return [
        {"id": f"{anchor}-{code}", "label": _(terms[code].label), "text": said(meanings[code].meaning)}
        for code in terms
    ]


def _coverage(code: str) -> dict[str, Any]:
    tone, glyph = region_view.COVERAGE_LOOKS[code]
    meaning = said(definitions.COVERAGE[code].meaning)
    return {
        "id": f"cakupan-{code}",
        "tone": tone,
        "glyph": glyph,
        "label": _(answers.COVERAGE[code].label),
        "text": meaning,
    }


def _milestone(place: int, code: str) -> dict[str, Any]:
    step = steps.MILESTONES[code]
    return {
        "id": f"tahap-{code}",
        "label": f"{place}. {_(vocabulary.MILESTONES[code].label)}",
        "text": _(step.meaning),
        "actor": _(step.actor),
        "proof": _(step.proof),
    }


def _forms() -> dict[str, Any]:
    """Which steps must be proven for each legal form; a form without a row in the rules is not measured."""
    headers = [{"label": _("Legal form")}, {"label": _("Steps with evidence are counted of")}]
    rows = [
        {"cells": [{"text": _(vocabulary.LEGAL_FORMS[form].label)}, {"text": _required(procedure.REQUIRED.get(form))}]}
        for form in vocabulary.LEGAL_FORMS
    ]
    return {"headers": headers, "rows": rows}


def _required(codes: Iterable[str] | None) -> str:
    if codes is None:
        return _("not measured: the legal basis is not known")
    wanted = [code for code in vocabulary.MILESTONES if code in set(codes)]
    if len(wanted) == len(vocabulary.MILESTONES) - 1:
        return _("all nine steps but the statement of intent, which is needed only when one is signed")
    return ", ".join(str(_(vocabulary.MILESTONES[code].label)) for code in wanted)


def _regime(row: Mapping[str, str]) -> dict[str, Any]:
    """A legal regime with the days it covers; what was not checked says so."""
    start, end = (
        formatting.written(day) if dates.is_partial_date(day) else "" for day in (row["valid_from"], row["valid_to"])
    )
    if start and end:
        days = _("%(start)s to %(end)s", start=start, end=end)
    else:
        days = _("from %(start)s", start=start) if start else _("until %(end)s", end=end)
    language = current_language()
    return {
        "id": f"aturan-{row['code']}",
        "label": row[f"sentence_{language}"],
        "days": days,
        "rules": row[f"rules_{language}"],
        "unsure": row["unsure"] == "yes",
    }
