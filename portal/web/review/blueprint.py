"""Where are the pages of moderators hung up? Two blueprints for the modules of this package; none of them is public."""

from __future__ import annotations

from portal.web.language import Pages

pages = Pages("review", "portal.web.review", public=False)
acts = Pages("review_acts", "portal.web.review", public=False)
