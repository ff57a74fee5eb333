"""Do words and record agree? What the newest statement says, beside what the record shows by rule.

The two stand side by side and the portal never settles the difference (model §2). They differ where one contradicts the
other on the day, that is where the statement says

- *in force*, and the term has ended or nothing is in force yet;
- *ended*, and the cooperation runs;
- *no follow-up*, *halted* or *completed*, and a follow-up is dated after that.

Silence contradicts nobody: who was said to be *active* and is not heard of again differs from nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from portal.facts import Facts, Said, first
from portal.silence import follow_up
from portal.validity import Validity

# Of statements of the same day the more telling one is shown.
_TELLING = ("halted", "completed", "none_reported", "ended", "in_force_claimed", "active", "unknown")
# Statements that no follow-up may come after without contradicting them.
_NOTHING_AFTER = frozenset({"none_reported", "halted", "completed"})


class Testimony(NamedTuple):
    """The newest statement (a word of vocabulary.DECLARABLE), its date and speaker, and whether the record differs."""

    said: str | None
    on: str | None
    by: str | None
    differs: bool


def testimony(facts: Facts, validity: Validity) -> Testimony:
    """The newest statement that speaks of the day; of several on one day first one the record differs from."""
    spoken = facts.said or _spoken_later(facts, validity)
    if not spoken:
        return Testimony(None, None, None, differs=False)
    newest_day = max(first(said.as_of) for said in spoken)
    latest = [said for said in spoken if first(said.as_of) == newest_day]
    agency = [said for said in latest if said.by == "agency"]
    ranked = sorted(agency or latest, key=lambda said: _TELLING.index(said.value))
    for said in ranked:
        if _differs(said, facts, validity):
            return Testimony(said.value, said.as_of, said.by, differs=True)
    return Testimony(ranked[0].value, ranked[0].as_of, ranked[0].by, differs=False)


def _spoken_later(facts: Facts, validity: Validity) -> list[Said]:
    """A later statement that the cooperation was running already on this day."""
    if validity.state != "in_force_claimed":
        return []
    return [said for said in facts.later if said.value == "in_force_claimed"][:1]


def _differs(said: Said, facts: Facts, validity: Validity) -> bool:
    if said.value == "in_force_claimed":
        return validity.state in {"ended", "none"}
    if said.value == "ended":
        return validity.state in {"in_force", "in_force_claimed"}
    act = follow_up(facts) if said.value in _NOTHING_AFTER else None
    return act is not None and first(act) > said.counts_from
