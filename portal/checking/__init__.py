"""What should a moderator look at closely? Findings on a proposed document, and nothing that asks the network.

Only what the proposal brings is told: what stood in the document before stays unsaid. A finding of level ``block``
must be mended before publication; the moderator judges the others (`desk.LEVELS`).
"""

from portal.checking.checklist import CHECKS, blocks, checks, on_note
from portal.checking.findings import Check, Similar, Text, texts
from portal.checking.hyperlinks import Tried

__all__ = ["CHECKS", "Check", "Similar", "Text", "Tried", "blocks", "checks", "on_note", "texts"]
