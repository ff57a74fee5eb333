"""Which tables are there? The ledger, the index made from it, and the places of reference."""

from portal.models.cooperation import AnswerPeriod, Assessment, RegionNote, Version, VersionFacet
from portal.models.ledger import Revision
from portal.models.places import CountryRow, RegionRow

__all__ = ["AnswerPeriod", "Assessment", "CountryRow", "RegionNote", "RegionRow", "Revision", "Version", "VersionFacet"]
