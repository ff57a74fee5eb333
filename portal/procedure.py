"""How far has it come, who holds the ball, and for which required steps is there evidence?

Domain 3.4: nine milestones, each with its own state; none is ever filled in from a later one.
"""

from __future__ import annotations

from typing import NamedTuple

from portal import vocabulary as words
from portal.facts import Facts, Step, first
from portal.validity import Validity

_ALL_STEPS = frozenset(words.MILESTONES) - {"intent"}

# The steps a legal form requires (the R rows of domain 3.4; conditional and uncertain ones are not counted).
REQUIRED: dict[str, frozenset[str]] = {
    "ksdpl_twin_province": _ALL_STEPS,
    "ksdpl_twin_regency_city": _ALL_STEPS,
    "ksdpl_other": _ALL_STEPS,
    "ksdll_approval": _ALL_STEPS,
    "ksdll_pass_through": frozenset({"initiative"}),
    "institution_level": frozenset({"signed"}),
}

# Who decides an open step of a form that requires it. A step that is done hands the turn back to the region.
OPEN_STEP_HOLDERS = {
    "dprd_approval": "council",
    "verification": "home_ministry",
    "text": "home_ministry",
    "clearance": "foreign_ministry",
}

OVER = frozenset({"completed", "expired", "ended", "terminated", "discontinued"})
# Over for good. A term that only the calendar ended leaves the region to confirm the end or show the renewal.
_CLOSED = OVER - {"expired"}
_RUNNING = frozenset({"in_force", "in_force_renewed", "signed"})
_HIGHEST_FIRST = tuple(reversed(tuple(words.MILESTONES)))
_REACHED = frozenset({"done", "in_progress"})
_NO_STEP = frozenset({"unknown", "not_required"})


class Stage(NamedTuple):
    """The highest step that is done or in progress (else the highest disputed one), with its evidence and date."""

    code: str | None
    state: str
    evidence: str
    date: str | None


def stage(facts: Facts) -> Stage:
    """The stage reached; lower steps stay as they are."""
    steps = facts.steps
    for wanted in (_REACHED, frozenset({"disputed"})):
        for code in _HIGHEST_FIRST:
            if code in steps and steps[code].state in wanted:
                step = steps[code]
                return Stage(code, step.state, step.evidence, step.date or step.as_of)
    return Stage(None, "unknown", "none", None)


def holder(status: str, at: Stage, facts: Facts, validity: Validity, legal_form: str) -> tuple[str | None, str | None]:
    """Who has to act next (answers.HOLDERS) and since when; nothing where that cannot be told."""
    if status in _CLOSED:
        return "nobody", _over_since(facts, validity)
    if status == "expired":
        return "region", validity.ends
    if status == "no_follow_up":
        return "region", at.date
    if status in _RUNNING or at.code == "signed":
        return "both_parties", validity.starts or (at.date if at.code == "signed" else None)
    if at.code is None:
        planned = max((day for day in facts.plans if day), key=first, default=None)
        return ("region", planned) if status == "planned" else (None, None)
    if at.state == "in_progress" and at.code in REQUIRED.get(legal_form, ()):
        return OPEN_STEP_HOLDERS.get(at.code, "region"), at.date
    return "region", at.date


def _over_since(facts: Facts, validity: Validity) -> str | None:
    if validity.state == "ended":
        return validity.ends
    said = facts.newest("activity")
    if said is not None and said.value in {"halted", "completed"}:
        return said.since or said.as_of
    return facts.discontinued or None


def evidence(legal_form: str, facts: Facts) -> tuple[int, int] | None:
    """Required steps with a document on file, and required steps; None where the form requires none."""
    required = REQUIRED.get(legal_form)
    if required is None:
        return None
    steps = facts.steps
    needed = [code for code in required if code not in steps or steps[code].state != "not_required"]
    return len([code for code in needed if code in steps and _is_proven(steps[code])]), len(needed)


def _is_proven(step: Step) -> bool:
    return step.evidence == "documented" and step.state not in _NO_STEP
