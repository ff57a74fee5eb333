"""What must hold after a server was killed in the middle of things? Asked of the database and the folder of files."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from portal import auditing, evidence, moderation
from portal.extensions import db
from portal.models import Decision, Evidence, Letter, Proposal, Revision, Tip


def problems(answered: Any) -> Iterator[str]:
    """Everything that is lost, doubled or half done; ``answered`` is what the server had said yes to."""
    session = db.session()
    proposals = {one.id: one for one in session.execute(select(Proposal)).scalars()}
    decisions = list(session.execute(select(Decision)).scalars())
    revisions = {one.seq: one for one in session.execute(select(Revision)).scalars()}
    yield from _lost(answered, proposals)
    yield from _unpublished(answered, proposals, decisions, revisions)
    for proposal in proposals.values():
        yield from _half_done(proposal, [one for one in decisions if one.proposal_id == proposal.id], revisions)
    yield from _stray(decisions, revisions)
    yield from _untold(decisions)
    yield from _files(answered)
    yield from _tips(answered)
    yield from (f"verify: {problem}" for problem in auditing.problems(session))
    session.rollback()


def _lost(answered: Any, proposals: dict[int, Proposal]) -> Iterator[str]:
    for number, texts in answered.drafts.items():
        proposal = proposals.get(number)
        if proposal is None:
            yield f"draft {number} is gone"
        elif not any(text in proposal.edits or text in proposal.typed for text in texts):
            yield f"draft {number} does not hold what was typed"
    for number, text in answered.sent.items():
        proposal = proposals.get(number)
        if proposal is None or proposal.state not in {*moderation.WAITING, "published"} or text not in proposal.edits:
            yield f"proposal {number} was sent and is {proposal.state if proposal else 'gone'}"


def _unpublished(
    answered: Any, proposals: dict[int, Proposal], decisions: list[Decision], revisions: dict[int, Revision]
) -> Iterator[str]:
    for number, text in answered.published.items():
        made = [revisions.get(one.revision or 0) for one in decisions if one.proposal_id == number and one.revision]
        if proposals[number].state != "published" or not [one for one in made if one and text in (one.document or "")]:
            yield f"proposal {number} was published and is not"


def _half_done(proposal: Proposal, made: list[Decision], revisions: dict[int, Revision]) -> Iterator[str]:
    """State, decisions and ledger must tell the same of a proposal, whether it was answered or not."""
    moves = Counter(one.move for one in made)
    published = proposal.state == "published"
    if moves["publish"] != published or moves["submit"] != (proposal.state != "draft"):
        yield f"proposal {proposal.id} is {proposal.state} after {dict(moves)}"
    if (proposal.submitted is not None) != (proposal.state != "draft"):
        yield f"proposal {proposal.id} is {proposal.state}, sent at {proposal.submitted}"
    summaries = [edit["new"]["id"] for edit in json.loads(proposal.edits) if _is_summary(edit)]
    for one in made:
        said = revisions.get(one.revision or 0)
        if one.move == "publish" and (said is None or not all(text in (said.document or "") for text in summaries)):
            yield f"the revision of proposal {proposal.id} does not say what was accepted"


def _is_summary(edit: dict[str, Any]) -> bool:
    return isinstance(edit.get("new"), dict) and str(edit["new"].get("id", "")).startswith("Ringkasan ke-")


def _stray(decisions: list[Decision], revisions: dict[int, Revision]) -> Iterator[str]:
    """Each revision after the first import comes from exactly one decision."""
    named = Counter(one.revision for one in decisions if one.revision is not None)
    for seq, revision in revisions.items():
        wanted = 0 if revision.role == "initial_import" else 1
        if named[seq] != wanted:
            yield f"revision {seq} comes from {named[seq]} decisions"


def _untold(decisions: list[Decision]) -> Iterator[str]:
    found = db.session.execute(select(Letter.once).where(Letter.once.like("decision-%"))).scalars()
    told = Counter(int(once.split("-")[1]) for once in found)
    for one in decisions:
        wanted = {"submit": 2, "publish": 1}.get(one.move, 0)
        if told[one.id] != wanted:
            yield f"{told[one.id]} letters tell of decision {one.id} ({one.move})"
    if set(told) - {one.id for one in decisions}:
        yield "letters tell of decisions that there are not"


def _files(answered: Any) -> Iterator[str]:
    rows = list(db.session.execute(select(Evidence)).scalars())
    for one in rows:
        file = evidence.path(one)
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != one.sha256:
            yield f"the file of evidence {one.id} is not what its row says"
    kept = Counter(one.proposal_id for one in rows)
    yield from (f"proposal {n} lost a file" for n, count in answered.files.items() if kept[n] < count)


def _tips(answered: Any) -> Iterator[str]:
    rows = {one.receipt: one for one in db.session.execute(select(Tip)).scalars()}
    yield from (f"tip {code} is lost" for code, text in answered.tips.items() if code not in rows)
    texts = Counter(one.text for one in rows.values())
    yield from (f"a tip is there {count} times" for count in texts.values() if count > 1)
