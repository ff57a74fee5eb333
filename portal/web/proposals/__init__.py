"""Which pages does a proposal have? The workspace, the lists, one proposal, its preview, and what can be done to it."""

from portal.web.proposals import conflicts, listing_pages, moves, preview, replying, workspace
from portal.web.proposals.blueprint import pages

__all__ = ["conflicts", "listing_pages", "moves", "pages", "preview", "replying", "workspace"]
