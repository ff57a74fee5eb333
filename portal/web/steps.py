"""Which steps does a cooperation go through, who takes them and what proves them, before 2018 and since?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.terms import N_


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone: what it is, who takes it, what proves it."""

    meaning: str
    actor: str
    proof: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage as a rule names it; ``articles`` are of PP 28/2018, ``certain`` false: text not seen."""

    name: str
    actor: str
    articles: str = ""
    certain: bool = True


MILESTONES: Mapping[str, Step] = {
    "initiative": Step(
        N_("One side proposes to work together."),
        N_("The regional government, the foreign side, or either through the two ministries."),
        N_("A letter of offer or invitation."),
    ),
    "exploration": Step(
        N_("Both sides find out what they have to offer."),
        N_("The regional head."),
        N_("A report of a visit or meeting, or a dated official statement."),
    ),
    "intent": Step(
        N_("Both heads sign a statement of intent (letter of intent, LoI). It binds nobody."),
        N_("The regional head, after consulting the Ministers of Home Affairs and Foreign Affairs."),
        N_("The signed letter; since 13 July 2018 also proof of the consultation."),
    ),
    "work_plan": Step(
        N_("A plan that names subject, background, aims, object, scope, funding and duration."),
        N_("The regional government."),
        N_("The plan or terms of reference, with a plan of action."),
    ),
    "dprd_approval": Step(
        N_("The regional council (DPRD) approves the plan."),
        N_("The council, at the request of the regional head; 45 working days since 2018."),
        N_("Number and date of the decision or letter."),
    ),
    "verification": Step(
        N_("The Ministry of Home Affairs examines the plan."),
        N_("The Minister of Home Affairs."),
        N_("The written consideration; before 2018 the request for facilitation or the approval."),
    ),
    "text": Step(
        N_("The text is drafted, discussed between ministries and negotiated with the foreign side."),
        N_("The regional government and the ministries."),
        N_("Minutes of the meeting or the initialled text; only its particulars are published."),
    ),
    "clearance": Step(
        N_("The Ministry of Foreign Affairs says that the text may be signed."),
        N_("The Minister of Foreign Affairs, through the Minister of Home Affairs."),
        N_("A letter of confirmation (since 13 July 2018) or full powers in the name of the signatory (before)."),
    ),
    "signed": Step(
        N_("Both heads sign the text."),
        N_("The regional head."),
        N_("The signed text with its date; the original is kept by the Ministry of Foreign Affairs."),
    ),
}

# Regulation of the Minister of Home Affairs 3/2008 as it was practised, about 2008 to 2020; its text was not seen.
OLD: tuple[Stage, ...] = (
    Stage(N_("Exploration"), N_("Regional government, through a mission here or there")),
    Stage(N_("Signing of the LoI"), N_("Both heads")),
    Stage(N_("Cooperation plan with plan of action"), N_("Regional government")),
    Stage(N_("Council (DPRD) approval"), N_("Regional council")),
    Stage(N_("Request for facilitation"), N_("Regional government to the Minister of Home Affairs")),
    Stage(N_("Draft, meeting of the ministries, initialling"), N_("Ministries of Home Affairs and Foreign Affairs")),
    Stage(N_("Full powers"), N_("Minister of Foreign Affairs")),
    Stage(N_("Signing; the original goes to the Ministry of Foreign Affairs"), N_("Both heads")),
    Stage(N_("Implementation, monitoring and evaluation"), N_("Regional agencies and the foreign side")),
)

# PP 28/2018 art. 23-43 and Regulation of the Minister of Home Affairs 25/2020; the last four names from PP 28/2018.
NEW: tuple[Stage, ...] = (
    Stage(N_("Initiative"), N_("Either side, or through the two ministers"), "28(1)-(2)"),
    Stage(N_("Exploration"), N_("Regional head"), "28(3)"),
    Stage(N_("Letter of intent (LoI)"), N_("Regional head, after consulting both ministers"), "28(4)"),
    Stage(N_("Cooperation plan"), N_("Regional government"), "28(5), 30(3)"),
    Stage(N_("Council (DPRD) approval"), N_("Regional council, within 45 working days"), "30"),
    Stage(N_("Central-government verification"), N_("Minister of Home Affairs"), "31"),
    Stage(N_("Drafting of the text"), N_("Regional government"), "31(3), 32(1)"),
    Stage(
        N_("Discussion of the draft"),
        N_("Ministries, province, regency or city; then the foreign side"),
        "32-33",
        False,
    ),
    Stage(
        N_("Approval by the Minister and letter of confirmation"),
        N_("Ministers of Home Affairs and Foreign Affairs"),
        "32(1), 33(3)-(4)",
        False,
    ),
    Stage(N_("Signing of the text"), N_("Regional head"), "23(1), 33(4)", False),
    Stage(
        N_("Implementation and report"),
        N_("Regional government to the Minister of Home Affairs"),
        "43",
        False,
    ),
)
