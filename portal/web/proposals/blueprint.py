"""Where are the pages of proposals hung up? One blueprint for the modules of this package; none of it is public."""

from __future__ import annotations

from portal.web.language import Pages

pages = Pages("proposals", "portal.web.proposals", public=False)
