"""What do the automatic checks say before a proposal is sent? Hints for the author; only the moderator decides."""

from __future__ import annotations

from typing import Any

from portal.extensions import db
from portal.web.proposals.reading import Case


def found(case: Case) -> list[dict[str, Any]]:
    """What the moderator's screen would ask to look at, as `components/diff.html` draws it; fine points stay unsaid."""
    from portal.web.review import judging  # its package reads this one

    findings = judging.findings(db.session(), case.proposal, case.stands)
    return [line for line in judging.told(findings, case.proposal, case.stands) if not line["ok"]]
