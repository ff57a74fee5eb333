"""What do the machine and the past say of a proposal? Findings of the checks, similar records, the sender's record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import checking, desk, duplicates
from portal.checking import Check, Similar, Tried
from portal.checking.findings import BLOCK, NOTE, OK, WARN
from portal.editorial import Standing, queueing
from portal.models import Evidence, Proposal
from portal.visits import cited, known
from portal.web import formatting
from portal.web.clock import today
from portal.web.proposals import telling
from portal.web.voice import Voice, word

_WITHOUT_EDITS = frozenset({"withdraw", "merge"})
_WITHOUT_EVIDENCE = frozenset({"still_running"})  # the office stands behind it: evidence may be left out


@dataclass(frozen=True, slots=True)
class Beside:
    """What is held beside a proposal: how many files it brings, records that may be the same, known links."""

    files: int = 0
    others: tuple[Similar, ...] = ()
    tried: Mapping[str, Tried] = field(default_factory=dict)


def besides(session: Session, cases: Collection[tuple[Proposal, Standing]]) -> Mapping[int, Beside]:
    """What is held beside each of several proposals, by its id; as many statements for one as for all."""
    ids = [proposal.id for proposal, _stands in cases]
    counted = (
        select(Evidence.proposal_id, func.count())
        .where(Evidence.proposal_id.in_(ids), Evidence.removed.is_(None))
        .group_by(Evidence.proposal_id)
    )
    files = {row[0]: row[1] for row in session.execute(counted)}
    new = {proposal.id: stands.proposed for proposal, stands in cases if proposal.kind == "new"}
    similar = dict(zip(new, duplicates.of_documents(list(new.values())), strict=True))
    links = (cited.addresses(stands.proposed, proposal.document_kind) for proposal, stands in cases)
    tried = known.or_barred(session, set().union(*links), current_app.config["LINK_HOSTS"])
    return {one: Beside(files.get(one, 0), tuple(similar.get(one, ())), tried) for one in ids}


def findings(session: Session, proposal: Proposal, stands: Standing, beside: Beside | None = None) -> list[Check]:
    """What the automatic checks find, gravest first; nothing where no document is changed."""
    if proposal.kind in _WITHOUT_EDITS:
        return []
    held = beside or besides(session, [(proposal, stands)])[proposal.id]
    endorsed = proposal.endorsed_by is not None if proposal.author_role == "agency_clerk" else None
    found = checking.checks(
        stands.document, stands.proposed, stands.open, held.others, today=today(), kind=proposal.document_kind,
        files=held.files, endorsed=endorsed, tried=held.tried,
    )  # fmt: skip
    muted = {"evidence"} if proposal.kind in _WITHOUT_EVIDENCE else set()
    return [one for one in found if one.level != WARN or one.group not in muted]


def told(found: list[Check], proposal: Proposal, stands: Standing) -> list[dict[str, Any]]:
    """The findings as `components/diff.html` draws them, with what only the desk knows before them."""
    lines = [_told(one) for one in found]
    if proposal.kind in _WITHOUT_EDITS:
        return lines
    base = _on_base(proposal, stands)
    return [base, *lines] if not base["ok"] else [*lines, base]


def _told(one: Check) -> dict[str, Any]:
    days = {name: formatting.written(value) for name, value in one.values.items() if name == "day"}
    text = _(one.message) % {**one.values, **days}
    level = word(desk.LEVELS, one.level)
    url = url_for("cooperation.bare", subject=one.subject) if one.group == "duplicates" and one.subject else ""
    return {"ok": one.level == OK, "text": text, "word": "" if one.level in {OK, NOTE} else f"{level}:",
            "level": one.level, "url": url}  # fmt: skip


def _on_base(proposal: Proposal, stands: Standing) -> dict[str, Any]:
    """Whether others changed the record since the proposal was begun, and what follows from that."""
    if stands.conflicts:
        text = _("Others changed the same fields since; they are marked and ask for your decision.")
        return {"ok": False, "text": text, "word": f"{word(desk.LEVELS, WARN)}:", "level": WARN}
    if proposal.subject and stands.number != proposal.base:
        text = _("The record changed since, but not in these fields: both changes are kept.")
    else:
        text = _("Nothing else changed since the proposal was begun.")
    return {"ok": True, "text": text, "word": "", "level": OK}


def all_fine(found: list[Check], stands: Standing) -> bool:
    """True where nothing asks for a closer look: then every field stands on *accept* at first."""
    return not stands.conflicts and all(one.level in {OK, NOTE} for one in found)


def counted(found: list[Check], stands: Standing) -> str:
    """The findings in one line of the queue; empty where all is in order."""
    blocking = sum(one.level == BLOCK for one in found)
    closer = sum(one.level == WARN for one in found) + bool(stands.conflicts)
    texts = []
    if blocking:
        texts.append(_("%(num)s to be mended", num=blocking))
    if closer:
        texts.append(_("%(num)s to look at", num=closer))
    return ", ".join(texts)


def sender(session: Session, proposal: Proposal) -> list[dict[str, Any]]:
    """What became of earlier proposals of the same office."""
    found = queueing.sent_before(session, proposal)
    accepted = found["publish"] + found["publish_part"] + found["publish_return"]
    return [
        {"label": _("Proposals accepted"), "value": str(accepted)},
        {"label": _("Returned"), "value": str(found["return"] + found["publish_return"])},
        {"label": _("Refused"), "value": str(found["reject"])},
    ]


def similar(proposal: Proposal, stands: Standing, voice: Voice) -> list[dict[str, str]]:
    """Records that may be the same as a new one."""
    if proposal.kind != "new":
        return []
    found = duplicates.of_document(stands.proposed)
    return [
        {
            "subject": one.subject,
            "title": voice.plain(one.title),
            "url": url_for("cooperation.bare", subject=one.subject),
            "why": str(_(one.why)),
        }
        for one in found
    ]


def was_supported(session: Session, proposal: Proposal) -> bool:
    """True where the region supported the proposal as it was sent before."""
    return any(one.move == "endorse" for one in queueing.moves(session, proposal))


def endorsement(proposal: Proposal) -> str:
    """Who supported the proposal for its region, and when."""
    if proposal.endorser is None or proposal.endorsed_at is None:
        return ""
    when = telling.moment(proposal.endorsed_at)["text"]
    return _("Supported by %(office)s, %(when)s.", office=proposal.endorser.agency.name, when=when)
