"""What does every word of the portal mean? For each code: its meaning, who acts next, what follows.

Numbers of months stand as slots (``%(no_news)s``) and are filled from the constants of `portal.status`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.terms import N_


@dataclass(frozen=True, slots=True)
class Definition:
    """What a word means; ``rule`` says when a record gets it, ``actor`` who acts next, ``follows`` what comes of it."""

    meaning: str
    rule: str = ""
    actor: str = ""
    follows: str = ""


_NOBODY = N_("Nobody has to act.")

# The headline, in the order in which its rules are asked: the first that fits gives the status.
STATUSES: Mapping[str, Definition] = {
    "terminated": Definition(
        N_(
            "Stopped before its time: by agreement, by one side, because terms were breached or policy changed, or"
            " halted midway."
        ),
        N_("It ended for one of these reasons, or its activities were halted after signing."),
        _NOBODY,
        N_("Stays on record. A change of the regional head alone is never a reason for an end."),
    ),
    "completed": Definition(
        N_("The activities are declared finished, or the purpose was reached."),
        N_("A source or the agency says that it was completed."),
        _NOBODY,
        N_("Stays on record. A closing report may be added."),
    ),
    "expired": Definition(
        N_("The written term has passed and no renewal is recorded."),
        N_("The last day of the term lies before the day of reading. The calendar decides, not the portal."),
        N_("The regional government: confirm the end or show the renewal, and hand in the closing report."),
        N_("Only a new text brings it back into force."),
    ),
    "ended": Definition(
        N_("It has ended for another reason, or the reason is not known."),
        N_("An end is recorded, without one of the reasons above and without a text that follows it."),
        _NOBODY,
        N_("The reason is added when a source names it."),
    ),
    "no_follow_up": Definition(
        N_(
            "A source or the agency declares that nothing followed, or the rule for “dormant” fits. Always with its"
            " source and date."
        ),
        N_("Such a statement exists and at least a statement of intent was reached. Silence alone is never enough."),
        N_("The regional government: report what was done, or say that it has ended."),
        N_("Changes as soon as a dated act of the parties is recorded."),
    ),
    "in_force_renewed": Definition(
        N_("In force, and a renewal is recorded."),
        N_("As “In force”, with a renewal or a text that renews another."),
        N_("Both parties: carry it out. The regional government reports on it."),
        N_("Ends with the renewed term."),
    ),
    "in_force": Definition(
        N_(
            "The day of reading lies within the written term, or no end is written and none is known. “Said to be"
            " running” is the weaker form: somebody says that it runs, but no text is on file."
        ),
        N_(
            "A binding text is in force, or a source or the agency says that it runs. A statement of intent (LoI) is"
            " never in force."
        ),
        N_("Both parties: carry it out. The regional government reports on it."),
        N_("Becomes “Term expired” when the term passes without a recorded renewal."),
    ),
    "signed": Definition(
        N_("The signing of a binding text is recorded; from when to when it holds is not known."),
        N_("The step “Signing of the text” is done and the term is not known."),
        N_("Both parties: carry it out. The regional government can show the text or name its term."),
        N_("Becomes “In force” or “Term expired” when the term is known."),
    ),
    "awaiting_approval": Definition(
        N_("The council (DPRD), the Ministry of Home Affairs or the clearance to sign is being waited for."),
        N_("One of these three steps is in progress."),
        N_(
            "Whoever holds the request: the council (45 working days under PP 28/2018), the Ministry of Home Affairs"
            " or the Ministry of Foreign Affairs."
        ),
        N_("Becomes “Signed”; a refusal is recorded as a refusal."),
    ),
    "drafting": Definition(
        N_("The cooperation plan or the text is being written or negotiated."),
        N_("The step “Cooperation plan” or “Text drafted and negotiated” is in progress or done, and nothing higher."),
        N_("The regional government; the Ministry of Home Affairs while it examines the text."),
        N_("That a draft exists is published, its contents are not while it is being negotiated."),
    ),
    "discontinued": Definition(
        N_("The talks ended before anything was signed."),
        N_("A source or the agency says so, and nothing was signed."),
        _NOBODY,
        N_("A later attempt becomes a step of the same record."),
    ),
    "intent_signed": Definition(
        N_("A statement of intent (letter of intent, LoI) is signed. It states a wish and binds nobody."),
        N_("The step “Letter of intent (LoI)” is done and nothing higher."),
        N_("The regional government: write the cooperation plan and ask the council (DPRD) for approval."),
        N_(
            "Becomes “Drafting”, “Awaiting approval” or “Signed”; “No follow-up” if somebody declares that nothing"
            " followed."
        ),
    ),
    "exploring": Definition(
        N_("The two sides are getting to know each other through letters, visits or talks. Nothing is signed."),
        N_("The step “Exploration” is in progress or done, or the initiative is recorded."),
        N_("The regional government: say what came of the talks with its partner."),
        N_("Becomes “LoI signed” or “Drafting”, or “Not continued before signing”."),
    ),
    "planned": Definition(
        N_("A source tells of a plan, such as a visit that was to take place. What came of it is not recorded."),
        N_("Only a planned event is known."),
        N_("The regional government: say whether the plan was carried out."),
        N_("Never counts as an existing cooperation."),
    ),
    "unknown": Definition(
        N_("A source names the cooperation, but not how far it has got."),
        N_("No other rule fits."),
        N_("Not known. The regional government can say how far it has got and what proves it."),
        N_("Takes another status with the first dated step."),
    ),
}

VALIDITY: Mapping[str, Definition] = {
    "none": Definition(N_("No signed, binding text is known to exist: only a statement of intent, or talks.")),
    "pending": Definition(N_("Signed, but its first day is still to come.")),
    "in_force": Definition(
        N_("The day of reading lies between first and last day, or no end is written and none is known.")
    ),
    "in_force_claimed": Definition(
        N_(
            "A source or the agency says that it runs; the text is not on file. Ends by the calendar when the stated"
            " term passes."
        )
    ),
    "ended": Definition(N_("The last day has passed, or an earlier end is recorded. The reason stands beside it.")),
    "unknown": Definition(N_("Neither dates nor a text are known.")),
}

ACTIVITY: Mapping[str, Definition] = {
    "not_applicable": Definition(N_("Nothing is signed and no programme runs, so there is nothing to carry out yet.")),
    "active": Definition(
        N_(
            "At least one dated act of the parties in the last %(active)s months before the as-of date, or a source"
            " says that it runs."
        )
    ),
    "none_reported": Definition(
        N_("A source or the agency says that nothing followed. This is always declared, never computed.")
    ),
    "no_information": Definition(
        N_("Nobody has said anything. This is silence and not a finding; it is where every record starts.")
    ),
    "dormant": Definition(
        N_(
            "Signed at least %(dormant)s months ago, no act of the parties for %(dormant)s months, and asked at least"
            " once and answered without activity."
        )
    ),
    "halted": Definition(N_("Somebody says that it was stopped before its purpose was reached.")),
    "completed": Definition(N_("Somebody says that the activities are finished.")),
}

NEWS: Mapping[str, Definition] = {
    "ada": Definition(
        N_(
            "The newest dated act of the parties, or report of the agency about one, is less than %(no_news)s months"
            " old."
        )
    ),
    "tanpa": Definition(
        N_(
            "The newest dated news is %(no_news)s months old or more. This is an age worked out from dates, not a"
            " statement that nothing happened."
        )
    ),
    "akhir": Definition(N_("It has ended, so its silence is not counted.")),
    "tanpa_tanggal": Definition(N_("No source gives a date, so no age can be worked out.")),
}

REPORTING: Mapping[str, Definition] = {
    "never_asked": Definition(N_("The portal has not asked. Silence then says nothing about the region.")),
    "waiting": Definition(N_("Asked; the answer is not due yet.")),
    "confirmed": Definition(N_("The agency has confirmed the record on the date that stands beside it.")),
    "not_answered": Definition(N_("Asked; the day it was due has passed. How often this was so is counted.")),
}

MARKS: Mapping[str, Definition] = {
    "disputed": Definition(
        N_("Two sources say different things. Both stand side by side; the portal does not choose between them.")
    ),
    "unverified": Definition(
        N_("The region has not confirmed it to this portal. It is shown, but not counted as existing.")
    ),
    "stale": Definition(N_("The newest as-of date of its sources is older than %(stale)s months.")),
    "recomputed": Definition(N_("Only the calendar changed the status; nobody has reported anything new.")),
    "under_clarification": Definition(N_("A correction has been received and is being examined.")),
}

EVIDENCE: Mapping[str, Definition] = {
    "documented": Definition(N_("The document itself is on file or published.")),
    "reported": Definition(N_("A dated source says so.")),
    "inferred": Definition(N_("Concluded from something else; the reason stands beside it.")),
    "none": Definition(N_("Stated without any proof.")),
}

GRADES: Mapping[str, Definition] = {
    "A": Definition(N_("The signed text, a decision or a gazette.")),
    "B": Definition(N_("A page of a government, a council, an embassy or the partner itself.")),
    "C": Definition(N_("A newspaper, a news agency, a thesis or an article in a journal.")),
    "D": Definition(N_("The agency says so in its own name, without a document.")),
    "E": Definition(N_("A tip, a blog, a list or a page without an author. Never enough alone.")),
}

COVERAGE: Mapping[str, Definition] = {
    "has_records": Definition(N_("At least one verified cooperation of the region is on record.")),
    "mentioned": Definition(
        N_(
            "A source names a cooperation of the region, but nobody has verified it yet. We are waiting for data of the"
            " region."
        )
    ),
    "declared_none": Definition(
        N_(
            "The region itself said that it has none yet, for the period and on the date that stand beside it. Printed"
            " as 0."
        )
    ),
    "found_none": Definition(
        N_(
            "Somebody else looked for one and found none, on the date that stands beside it. The region itself has not"
            " said so. Printed as 0."
        )
    ),
    "not_reported": Definition(N_("Asked in a reporting round; the day it was due has passed. Printed as a dash.")),
    "no_data": Definition(
        N_(
            "Nobody has asked and nothing has been collected. Says nothing about the region. Printed as a dash,"
            " never as 0."
        )
    ),
    "conflicting": Definition(N_("Statements and records of the same period contradict each other. All are shown.")),
}
