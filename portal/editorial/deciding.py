"""How is a proposal decided? Field by field, by somebody who did not propose it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import amending, ledger, linking, moderation, permissions
from portal.amending import Edit
from portal.editorial.drafting import as_json, claim, decided, is_two_person, open_for
from portal.editorial.publishing import NotPublishable, append, bury
from portal.editorial.standing import Outdated, Standing, at, next_record, standing
from portal.extensions import db, stamp, utc_now
from portal.extensions import today as this_day
from portal.ledger import MERGE, WITHDRAW, Author, Entry
from portal.models import Account, Decision, Evidence, Proposal, Revision
from portal.terms import N_
from portal.validation import Problem

UNDO_MINUTES = 10
# A change of these must be explained to the public: status, dates, parties, money (ux §7.12).
EXPLAINED = frozenset({"declarations", "term", "instruments", "milestones", "local_parties", "foreign_parties", "type"})


class Incomplete(ValueError):
    """A decision that lacks something; ``problems`` names each field of the form and reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:5]))
        self.problems = list(problems)


class Conflicting(Outdated):
    """The record changed since the moderator saw it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is said of one edit: a verdict (`desk.VERDICTS`), a comment for the author, the value of an amendment."""

    verdict: str
    comment: str = ""
    value: Any = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision as it was made on the screen.

    ``version`` and ``base`` are the proposal's version and the newest revision's number that the moderator saw.
    ``choices`` go by the key of the edit; ``whole`` is ``return`` or ``reject`` when all of it goes back or is refused.
    ``sources`` sets kind, grade and disclosure of an added source by its key; ``verified`` takes the mark *unverified*
    off. ``note`` is for the author, ``change_note`` for the public, ``reason`` says why support of the region was not
    awaited.
    """

    version: int
    base: int
    choices: Mapping[str, Choice] = field(default_factory=dict)
    whole: str = ""
    note: str = ""
    change_note: str = ""
    reason: str = ""
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision: the proposal's new state, the subject, and the revision's number in the ledger."""

    state: str
    subject: str
    seq: int | None = None


def decide(by: Account, proposal_id: int, ruling: Ruling, today: date | None = None) -> Outcome:
    """Decide on a proposal: permission, state, form, conflicts, ledger, index, decision and letters in one commit.

    Raises `permissions.NotAllowed`, `NotThere`, `Outdated` (somebody was faster; `Conflicting` where the record
    changed) and `Incomplete`. Nothing is written unless all of it is.
    """
    session = db.session()
    try:
        outcome = _decide(session, by, proposal_id, ruling, today or this_day())
        session.commit()
    except NotPublishable as problem:
        session.rollback()
        raise Incomplete(problem.problems) from problem
    except BaseException:
        session.rollback()
        raise
    return outcome


def _decide(session: Session, by: Account, proposal_id: int, ruling: Ruling, day: date) -> Outcome:
    proposal = open_for(session, by, proposal_id, "decide")
    if proposal.state not in moderation.WAITING:
        raise Outdated(f"proposal {proposal_id} is decided")
    if proposal.agreed_by == by.id:
        raise permissions.NotAllowed("a second moderator decides")
    ledger.hold(session)
    before = proposal.state
    claim(session, proposal, ruling.version, before)
    stands = standing(session, proposal)
    if ruling.whole:
        return _turn_down(session, by, proposal, ruling, before)
    if stands.number != ruling.base or stands.gone:
        raise Conflicting(f"proposal {proposal_id}")
    move = _move_of(proposal, ruling, stands)
    _demand_complete(proposal, ruling, stands, move)
    if move in moderation.PUBLISHING and _needs_another(proposal, by):
        _set(session, proposal, state="seconding", agreed_by=by.id)
        decided(session, by, proposal, "agree", before, _said(ruling), ruling.note, ruling.change_note, ruling.reason)
        return Outcome(proposal.state, proposal.subject)
    if move not in moderation.PUBLISHING:
        return _turn_down(session, by, proposal, replace(ruling, whole=move), before)
    return _publish(session, by, proposal, ruling, stands, move, before, day)


def _needs_another(proposal: Proposal, by: Account) -> bool:
    """True where two moderators must agree and this is the first."""
    if not is_two_person(proposal.kind):
        return False
    moderators = {by.id} | ({proposal.agreed_by} - {None})
    if proposal.author_role == "moderator":
        moderators.add(proposal.author_id)
    return len(moderators) < 2


def _move_of(proposal: Proposal, ruling: Ruling, stands: Standing) -> str:
    """The move that the verdicts come to; added sources follow what names them."""
    if proposal.kind in {"withdraw", "merge"}:
        return "publish"
    asked = decidable(stands)
    problems = [
        Problem(f"verdict-{edit.key}", N_("Choose what happens to this field."), {})
        for edit in asked
        if edit.key not in ruling.choices
    ]
    if problems:
        raise Incomplete(problems)
    return moderation.publishing_move([ruling.choices[edit.key].verdict for edit in asked])


def decidable(stands: Standing) -> list[Edit]:
    """The edits a moderator decides on: all that would change something, without sources that only support them."""
    return [edit for edit in stands.open if not amending.is_support(edit, stands.edits)]


def _demand_complete(proposal: Proposal, ruling: Ruling, stands: Standing, move: str) -> None:
    problems = []
    verdicts = {choice.verdict for choice in ruling.choices.values()}
    if verdicts & {"amend", "return", "reject"} and not ruling.note.strip():
        problems.append(Problem("note", N_("Write to the sender what was changed, returned or refused."), {}))
    for key, choice in ruling.choices.items():
        if choice.verdict == "return" and not choice.comment.strip() and not ruling.note.strip():
            problems.append(Problem(f"comment-{key}", N_("Write what should be mended."), {}))
    if move in moderation.PUBLISHING:
        if needs_change_note(proposal, stands, ruling) and not ruling.change_note.strip():
            problems.append(Problem("change_note", N_("Write for the public what changed and why."), {}))
        if needs_reason(proposal) and not ruling.reason.strip():
            problems.append(Problem("reason", N_("Write why support of the region was not awaited."), {}))
    if problems:
        raise Incomplete(problems)


def needs_reason(proposal: Proposal) -> bool:
    """True where an agency's proposal is decided without the support of its region (domain 8.2)."""
    return proposal.author_role == "agency_clerk" and proposal.endorsed_by is None


def needs_change_note(proposal: Proposal, stands: Standing, ruling: Ruling | None = None) -> bool:
    """True where status, dates, parties or money change, or a record is taken away."""
    if proposal.kind in {"withdraw", "merge", "withhold", "restore"}:
        return True
    if proposal.kind == "new":
        return False
    chosen = stands.open if ruling is None else _taken(ruling, stands)
    return any(edit.top in EXPLAINED for edit in chosen)


def _taken(ruling: Ruling, stands: Standing) -> list[Edit]:
    """The edits to be published, amended where the moderator changed them."""
    taken = []
    for edit in stands.open:
        choice = ruling.choices.get(edit.key)
        if choice is not None and choice.verdict == "accept":
            taken.append(edit)
        elif choice is not None and choice.verdict == "amend":
            taken.append(replace(edit, new=choice.value))
    return taken


def _turn_down(session: Session, by: Account, proposal: Proposal, ruling: Ruling, before: str) -> Outcome:
    if not ruling.note.strip():
        raise Incomplete([Problem("note", N_("Write to the sender what was changed, returned or refused."), {})])
    _set(session, proposal, state=moderation.next_state(before, ruling.whole), agreed_by=None)
    decided(session, by, proposal, ruling.whole, before, _said(ruling), ruling.note, reason=ruling.reason)
    return Outcome(proposal.state, proposal.subject)


def _publish(
    session: Session, by: Account, proposal: Proposal, ruling: Ruling, stands: Standing, move: str, before: str,
    day: date,
) -> Outcome:  # fmt: skip
    chain = ledger.Chain(session)
    author = Author(by.role, by.agency.name)
    entry = Entry(ruling.change_note.strip(), Author(proposal.author_role, proposal.agency.name))
    if proposal.kind in {"withdraw", "merge"}:
        act = WITHDRAW if proposal.kind == "withdraw" else MERGE
        entry = replace(entry, act=act, merged_into=proposal.target if act == MERGE else "")
        revision = bury(session, chain, proposal.subject, author, entry, day)
    else:
        taken = amending.with_needed(_taken(ruling, stands), stands.open)
        document = _document(session, proposal, ruling, stands, taken)
        entry = replace(entry, evidence=_evidence(session, proposal, ruling, taken, document))
        known = linking.known_codes()
        revision = append(session, chain, proposal.document_kind, document, author, entry, known, day)
    values = {"state": moderation.next_state(before, move), "subject": revision["subject"]}
    if move == "publish_return":
        values |= _rest(proposal, ruling, stands, revision["number"])
    _set(session, proposal, **values)
    said = _said(ruling)
    decided(session, by, proposal, move, before, said, ruling.note, entry.note, ruling.reason, revision["seq"])
    return Outcome(proposal.state, revision["subject"], revision["seq"])


def _document(
    session: Session, proposal: Proposal, ruling: Ruling, stands: Standing, taken: list[Edit]
) -> dict[str, Any]:
    """The document to be published; raises `Incomplete` where it says what is said already."""
    judged = [_judged(edit, ruling.sources) for edit in taken]
    document = amending.applied(stands.ground, judged)
    if proposal.kind == "new" and not proposal.subject:
        document["id"] = next_record(session)
    if ruling.verified:
        flags = [flag for flag in document.get("flags", []) if flag["code"] != "unverified"]
        document = {**document, "flags": flags} if flags else {k: v for k, v in document.items() if k != "flags"}
    if document == stands.document:
        raise Incomplete([Problem("", N_("Nothing would change."), {})])
    return document


def _judged(edit: Edit, sources: Mapping[str, Mapping[str, str]]) -> Edit:
    """An added source with the kind and grade the moderator gave it."""
    if edit.top != "sources" or edit.item is not None or edit.new is None:
        return edit
    said = sources.get(edit.new["key"], {})
    return replace(edit, new={**edit.new, **{name: said[name] for name in ("kind", "grade") if said.get(name)}})


def _evidence(
    session: Session, proposal: Proposal, ruling: Ruling, taken: list[Edit], document: Mapping[str, Any]
) -> list[str]:
    """Tie the files behind the published sources to the record; returns their SHA-256."""
    keys = {edit.new["key"] for edit in taken if edit.top == "sources" and edit.item is None and edit.new}
    found = session.execute(
        select(Evidence).where(
            Evidence.proposal_id == proposal.id, Evidence.removed.is_(None), Evidence.source.in_(keys)
        )
    ).scalars()
    hashes = []
    for one in found:
        one.subject = str(document.get("id") or document.get("region"))
        one.disclosure = ruling.sources.get(one.source, {}).get("disclosure", one.disclosure)
        hashes.append(one.sha256)
    return hashes


def _rest(proposal: Proposal, ruling: Ruling, stands: Standing, number: int) -> dict[str, Any]:
    """What is left with the author after part of it was published: only what was returned, on the new revision."""
    back = [edit for edit in stands.open if (c := ruling.choices.get(edit.key)) and c.verdict == "return"]
    kind = "change" if proposal.kind == "new" else proposal.kind
    left = amending.with_needed(back, stands.open)
    return {"edits": as_json(amending.stored(left)), "typed": "[]", "base": number, "kind": kind, "agreed_by": None}


def _set(session: Session, proposal: Proposal, **values: Any) -> None:
    """Change a proposal that this transaction has claimed."""
    session.execute(update(Proposal).where(Proposal.id == proposal.id).values(**values))
    session.refresh(proposal)


def _said(ruling: Ruling) -> dict[str, Any]:
    fields = {}
    for key, choice in ruling.choices.items():
        fields[key] = {"verdict": choice.verdict, "comment": choice.comment}
        if choice.verdict == "amend":
            fields[key]["value"] = choice.value
    return fields


def undo(by: Account, proposal_id: int, today: date | None = None) -> Outcome:
    """Take an own publication of the last ten minutes back, as a new revision; the proposal waits again.

    Raises `Outdated` once the time is over or the record was changed since.
    """
    session = db.session()
    try:
        outcome = _undo(session, by, proposal_id, today or this_day())
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return outcome


def undoable(session: Session, by: Account, proposal: Proposal) -> Decision | None:
    """The publication that this person may still undo."""
    if proposal.state not in {"published", "partly_published"}:
        return None
    last = session.execute(
        select(Decision).where(Decision.proposal_id == proposal.id).order_by(Decision.id.desc()).limit(1)
    ).scalar_one()
    if last.by != by.id or last.revision is None or last.move not in {"publish", "publish_part"}:
        return None
    return last if last.at > stamp(timedelta(minutes=-UNDO_MINUTES)) else None


def _undo(session: Session, by: Account, proposal_id: int, day: date) -> Outcome:
    proposal = open_for(session, by, proposal_id, "decide")
    chain = ledger.Chain(session)
    last = undoable(session, by, proposal)
    if last is None:
        raise Outdated(f"proposal {proposal_id} cannot be undone")
    made = session.execute(select(Revision).where(Revision.seq == last.revision)).scalar_one()
    stands = standing(session, proposal)
    if stands.number != made.number:
        raise Conflicting(f"proposal {proposal_id}")
    author = Author(by.role, by.agency.name)
    entry = Entry(f"Pembatalan revisi {made.number} / Revision {made.number} undone", author)
    before, kind = at(session, made.subject, made.number - 1), made.kind
    if before is not None:
        revision = append(session, chain, kind, before, author, entry, linking.known_codes(), day)
    elif kind == "cooperation":
        revision = bury(session, chain, made.subject, author, replace(entry, act=WITHDRAW), day)
    else:
        raise Outdated("the first note of a region cannot be undone")
    state = proposal.state
    subject = proposal.subject if before is not None else ""  # a record that was new gets another number next time
    after = moderation.next_state(state, "undo")
    claim(session, proposal, proposal.version, state, state=after, agreed_by=None, subject=subject)
    decided(session, by, proposal, "undo", state, change_note=entry.note, revision=revision["seq"])
    return Outcome(proposal.state, made.subject, revision["seq"])


def minutes_left(decision: Decision) -> int:
    """Whole minutes in which a publication can still be undone."""
    made = datetime.fromisoformat(decision.at)
    return max(0, UNDO_MINUTES - int((utc_now() - made).total_seconds() // 60))
