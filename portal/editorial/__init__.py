"""Who writes the record? Every write to it: drafts, moves, decisions – and the one door to what is public."""

from portal.editorial.deciding import Choice, Conflicting, Incomplete, Outcome, Ruling, decide
from portal.editorial.drafting import NotThere, endorse, open_for, rebase, save, say, start, submit, take_back
from portal.editorial.publishing import NotPublishable, publish, publish_all
from portal.editorial.standing import Outdated, Standing, standing
from portal.editorial.undoing import undo

__all__ = [
    "Choice", "Conflicting", "Incomplete", "NotPublishable", "NotThere", "Outcome", "Outdated", "Ruling", "Standing",
    "decide", "endorse", "open_for", "publish", "publish_all", "rebase", "save", "say", "standing", "start", "submit",
    "take_back", "undo",
]  # fmt: skip
