"""What may one moderator not do alone, or not at all? Touch what is withheld, and reword what an office says."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.amending import Edit
from portal.models import Account, Decision, Proposal
from portal.record import Document

_CLOSABLE = ("instruments", "sources")  # lists whose items can be withheld


def is_withheld(item: Any) -> bool:
    """True for a text or source that is withheld, with its legal ground or by its disclosure alone."""
    return isinstance(item, Mapping) and (item.get("disclosure") == "withheld" or "withheld" in item)


def on_withheld(edits: Iterable[Edit], document: Document) -> list[Edit]:
    """The edits that withhold something, or change what is withheld: in the edit itself or in the document of now."""
    closed = {(top, one["key"]) for top in _CLOSABLE for one in document.get(top, []) if is_withheld(one)}
    return [edit for edit in edits if edit.top in _CLOSABLE and _is_on_withheld(edit, closed)]


def _is_on_withheld(edit: Edit, closed: Collection[tuple[str, Any]]) -> bool:
    if edit.item is not None and (edit.path[1] == "withheld" or "withheld" in (edit.old, edit.new)):
        return True
    return any(is_withheld(one) or (edit.top, one.get("key")) in closed for one in _items(edit))


def is_word(edit: Edit) -> bool:
    """True for what stands in an office's own name: replies, statements of a region, declarations by an agency."""
    if edit.top in {"replies", "statements"}:
        return True
    if edit.top != "declarations":
        return False
    return any(one.get("by") == "agency" for one in _items(edit)) or (edit.path[-1] == "by" and edit.new == "agency")


def _items(edit: Edit) -> list[Mapping[str, Any]]:
    return [one for one in (edit.item, edit.old, edit.new) if isinstance(one, Mapping)]


def is_agreed(session: Session, other: Account, proposal: Proposal, wanted: Mapping[str, tuple[str, Any]]) -> bool:
    """True where another moderator wanted the very same done; ``wanted`` is verdict and value by the key of the edit.

    The author wanted what was proposed, who agreed first what that decision says.
    """
    if other.id != proposal.agreed_by:
        return all(verdict == "accept" for verdict, _value in wanted.values())
    agreed = select(Decision.fields).where(
        Decision.proposal_id == proposal.id, Decision.by == other.id, Decision.move == "agree"
    )
    fields = json.loads(session.execute(agreed.order_by(Decision.id.desc()).limit(1)).scalar_one_or_none() or "{}")
    said = {key: (one.get("verdict"), one.get("value")) for key, one in fields.items()}
    return all(said.get(key) == choice for key, choice in wanted.items())
