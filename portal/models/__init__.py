"""Which tables are there? The ledger, the index made from it, places of reference, people, and the work at the desk."""

from portal.models.casework import Act, Decision, Evidence, Letter, Message, Proposal, Tip
from portal.models.cooperation import AnswerPeriod, Assessment, RegionNote, Version, VersionFacet
from portal.models.ledger import Revision
from portal.models.people import Account, Agency, Attempt, Invitation, Passkey, SignIn
from portal.models.places import CountryRow, RegionRow

__all__ = [
    "Account", "Act", "Agency", "AnswerPeriod", "Assessment", "Attempt", "CountryRow", "Decision", "Evidence",
    "Invitation", "Letter", "Message", "Passkey", "Proposal", "RegionNote", "RegionRow", "Revision", "SignIn", "Tip",
    "Version", "VersionFacet",
]  # fmt: skip
