"""What is withheld and has to be looked at again by now? Every withholding names its day of review (model §4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import dates, publications
from portal.models import Proposal
from portal.record import Document


@dataclass(frozen=True, slots=True)
class Due:
    """A record in which something withheld was to be looked at again on ``review_on``, the first such day."""

    subject: str
    region: str
    document: Document
    review_on: date


def due(session: Session, today: date) -> list[Due]:
    """The records with something withheld whose day of review has come, the longest waiting first.

    Only a proposal to withhold ever marks something so, which spares reading the documents of all others.
    """
    asked = select(Proposal.subject).where(Proposal.kind == "withhold", Proposal.state == "published").distinct()
    standing = [one for one in publications.newest_of(session.execute(asked).scalars()).values() if not one.gone]
    first = {one.subject: min(review_days(one.document), default=date.max) for one in standing}
    found = [
        Due(one.subject, str(one.document["region"]), one.document, first[one.subject])
        for one in standing
        if first[one.subject] <= today
    ]
    return sorted(found, key=lambda one: (one.review_on, one.subject))


def review_days(document: Document) -> Iterator[date]:
    """The days on which what is withheld in a document is to be looked at again."""
    items: list[Mapping[str, Any]] = [*document.get("instruments", []), *document.get("sources", [])]
    return (dates.latest(one["withheld"]["review_on"]) for one in items if one.get("withheld", {}).get("review_on"))
