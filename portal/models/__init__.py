"""Which tables are there? The ledger, its index, places of reference, people, the work at the desk, and cited links."""

from portal.models.casework import Act, Decision, Evidence, Letter, Message, Proposal, Tip
from portal.models.cooperation import AnswerPeriod, Assessment, RegionNote, Version, VersionFacet
from portal.models.ledger import Revision
from portal.models.links import Link, LinkWork
from portal.models.people import Account, Agency, Attempt, Invitation, Passkey, SignIn
from portal.models.places import CountryRow, RegionRow

__all__ = [
    "Account", "Act", "Agency", "AnswerPeriod", "Assessment", "Attempt", "CountryRow", "Decision", "Evidence",
    "Invitation", "Letter", "Link", "LinkWork", "Message", "Passkey", "Proposal", "RegionNote", "RegionRow", "Revision",
    "SignIn", "Tip", "Version", "VersionFacet",
]  # fmt: skip
