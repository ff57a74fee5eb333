"""How does a reader ask a regional government for a document? The steps of UU 14/2008 and a letter to copy."""

from __future__ import annotations

from dataclasses import dataclass

from portal import translating
from portal.places import Region
from portal.terms import N_


@dataclass(frozen=True, slots=True)
class AskingStep:
    """One step: what happens, how long it may take, and the articles of UU 14/2008 that say so."""

    title: str
    text: str
    articles: str


# UU 14/2008 art. 11, 22, 35-37; working days.
STEPS: tuple[AskingStep, ...] = (
    AskingStep(
        N_("Write to the PPID"),
        N_(
            "The information and documentation officer (PPID) of the region takes requests by letter, e-mail or in"
            " person. Give your name, address, what you ask for and in which form; ask for a registration number."
        ),
        "22(1)-(6)",
    ),
    AskingStep(
        N_("Wait for 10 working days"),
        N_("The PPID answers in writing within 10 working days, and may take 7 more if it says why."),
        "22(7)-(8)",
    ),
    AskingStep(
        N_("Object if needed"),
        N_(
            "No answer, a refusal, a wrong answer or an unreasonable price: object in writing to the superior of the"
            " PPID within 30 working days. The superior answers within 30 working days."
        ),
        "35-36",
    ),
    AskingStep(
        N_("Go to the Information Commission"),
        N_(
            "Within 14 working days after the superior’s answer, the dispute may be brought to the Information"
            " Commission."
        ),
        "37",
    ),
)

_LETTER = N_(
    "To the information and documentation officer (PPID)\n"
    "Government of %(region)s\n"
    "\n"
    "Subject: request for public information\n"
    "\n"
    "Under Law 14/2008 on public information, I ask for:\n"
    "1. copies of the texts of the region’s foreign cooperation (letter of intent, memorandum of understanding,"
    " cooperation agreement) with their appendices;\n"
    "2. decisions of the regional council approving them, if any;\n"
    "3. reports on what was done, for the last five years;\n"
    "4. if there are none, a written statement to that effect.\n"
    "\n"
    "Article 11(1)(e) of Law 14/2008 says that agreements of a public body with third parties must be available at any"
    " time. I prefer electronic copies. If a part is withheld, please name the ground and give me the rest.\n"
    "\n"
    "Name:\n"
    "Address:\n"
    "E-mail or telephone:\n"
    "Purpose: monitoring of public cooperation"
)


def letter(region: Region) -> str:
    """A letter to the region's PPID, always in Indonesian: that is who reads it."""
    name = (
        f"Provinsi {region.name}"
        if region.level == "province" and not region.name.startswith("Daerah ")
        else region.name
    )
    return translating.catalogue("id").gettext(_LETTER) % {"region": name}
