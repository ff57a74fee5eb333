"""How does a proposal come about? Started, saved as it is typed, sent, supported, taken back – and talked about."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import amending, desk, ledger, linking, moderation, notifications, permissions
from portal.amending import Edit
from portal.editorial.standing import Outdated, newest, next_record, region_of, standing, strays
from portal.extensions import db, stamp
from portal.models import Account, Decision, Message, Proposal
from portal.permissions import Thing
from portal.validation import Problem, validate

DRAFT_DAYS = 90
LONGEST_MESSAGE = 2000
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is mistaken for another


class NotThere(LookupError):
    """There is no such proposal for this person: it does not exist, or is none of theirs."""


class NothingProposed(ValueError):
    """A proposal that would change nothing."""


class NotSound(ValueError):
    """A proposal whose document has problems; ``problems`` names each field and reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:5]))
        self.problems = list(problems)


def receipt(letter: str) -> str:
    """A code to follow something by, such as ``U-7K3M-QP2X-9DAF``: about 59 bits, so that none can be guessed."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    return f"{letter}-{'-'.join(groups)}"


def open_for(session: Session, by: Account, proposal_id: int, act: str = "read_proposal") -> Proposal:
    """A proposal through the eyes of a person: their own, or one their role reaches; raises `NotThere`.

    A draft is its author's alone.
    """
    proposal = session.get(Proposal, proposal_id)
    if proposal is None:
        raise NotThere(proposal_id)
    if proposal.author_id == by.id and act == "read_proposal":
        return proposal
    if proposal.state == "draft" or not permissions.can(by.actor, "read_proposal", proposal.thing):
        raise NotThere(proposal_id)
    permissions.demand(by.actor, act, proposal.thing)
    return proposal


def start(
    by: Account, kind: str, region: str, subject: str = "", target: str = "", tip: int | None = None,
    going_on: Collection[str] = ("draft",),
) -> Proposal:  # fmt: skip
    """Begin a draft, or go on with the one this person has of the same kind for the same subject and target.

    A proposal of something new has no subject; its ``target`` is the mark of the form it comes from. ``going_on`` are
    the states of a proposal that is gone on with.
    """
    session = db.session()
    agency = by.agency_id
    permissions.demand(by.actor, permissions.act_of(kind), Thing(region, agency))
    number, published = newest(session, subject) if subject else (0, None)
    if region_of(published, subject) not in {"", region}:
        raise permissions.NotAllowed("the subject belongs to another region")
    mine = select(Proposal).where(
        Proposal.author_id == by.id, Proposal.kind == kind, Proposal.subject == subject,
        Proposal.state.in_(going_on), Proposal.region == region, Proposal.target == target,
    )  # fmt: skip
    ledger.hold(session)  # the same form twice at once becomes one draft
    found = session.execute(mine).scalars().first() if subject or target else None
    if found is None:
        now = stamp()
        found = Proposal(
            receipt=receipt("U"), kind=kind, subject=subject, region=region, agency_id=agency, author_id=by.id,
            author_role=by.role, base=number, target=target, typed="[]", edits="[]", note="", state="draft", version=1,
            created=now, changed=now, expiry_told=False, tip_id=tip,
        )  # fmt: skip
        session.add(found)
    session.commit()
    return found


def save(
    by: Account,
    proposal_id: int,
    typed: Iterable[tuple[str, str]],
    edits: Iterable[Edit] | None = None,
    note: str | None = None,
    region: str | None = None,
    kind: str | None = None,
    seen: int | None = None,
) -> Proposal:
    """Keep what was typed; ``edits`` only when the form was in order. The draft stays a draft.

    ``region`` may be changed while a proposal has no subject yet, ``kind`` while nobody else has seen it. ``seen`` is
    the version that the form knew; raises `Outdated` when something newer was kept since, without writing over it.
    """
    session = db.session()
    proposal = _own(session, by, proposal_id)
    if seen is not None and seen != proposal.version:
        session.rollback()
        raise Outdated(f"the draft {proposal_id} is newer")
    values: dict[str, Any] = {
        "typed": as_json([list(pair) for pair in typed]),
        "changed": stamp(),
        "expiry_told": False,
    }
    if edits is not None:
        values["edits"] = as_json(amending.stored(edits))
    if note is not None:
        values["note"] = note
    if region is not None and not proposal.subject and region != proposal.region:
        permissions.demand(by.actor, permissions.act_of(proposal.kind), Thing(region, proposal.agency_id))
        values["region"] = region
    if kind is not None and kind != proposal.kind and proposal.state == "draft":
        permissions.demand(by.actor, permissions.act_of(kind), proposal.thing)
        values["kind"] = kind
    claim(session, proposal, proposal.version, proposal.state, **values)
    session.commit()
    return proposal


def rebase(by: Account, proposal_id: int, keep: Mapping[str, str]) -> Proposal:
    """Lay an own draft on the newest revision; ``keep`` says for each conflicting edit's key ``mine`` or ``theirs``."""
    session = db.session()
    proposal = _own(session, by, proposal_id)
    stands = standing(session, proposal)
    asked = {edit.key for edit in stands.conflicts}
    wanted = [edit for edit in stands.open if edit.key not in asked or keep.get(edit.key) == "mine"]
    proposed = amending.applied(stands.ground, wanted)
    edits = amending.edits(stands.ground, proposed, proposal.document_kind)
    values = {"edits": as_json(amending.stored(edits)), "base": stands.number, "typed": "[]", "changed": stamp()}
    claim(session, proposal, proposal.version, proposal.state, **values)
    session.commit()
    return proposal


def submit(by: Account, proposal_id: int) -> Proposal:
    """Send an own draft; sent twice it is sent once. Raises `NothingProposed`, `NotSound` and `Outdated`."""
    session = db.session()
    proposal = open_for(session, by, proposal_id)
    if proposal.author_id != by.id:
        raise permissions.NotAllowed("submit")
    if proposal.state not in moderation.WITH_AUTHOR:
        return proposal
    permissions.demand(by.actor, permissions.act_of(proposal.kind), proposal.thing)
    _demand_sound(session, proposal)
    void: dict[str, Any] = {"endorsed_by": None, "endorsed_at": None}  # support was for what was sent before
    _move(session, by, proposal, "submit", submitted=proposal.submitted or stamp(), **void)
    session.commit()
    return proposal


def endorse(by: Account, proposal_id: int, version: int, note: str = "") -> Proposal:
    """Support a proposal for the region; never one's own."""
    session = db.session()
    proposal = open_for(session, by, proposal_id, "endorse")
    _move(session, by, proposal, "endorse", version=version, note=note, endorsed_by=by.id, endorsed_at=stamp())
    session.commit()
    return proposal


def take_back(by: Account, proposal_id: int) -> Proposal:
    """Withdraw an own proposal; one that is already withdrawn stays so."""
    session = db.session()
    proposal = open_for(session, by, proposal_id)
    if proposal.author_id != by.id:
        raise permissions.NotAllowed("withdraw")
    if proposal.state != "withdrawn":
        _move(session, by, proposal, "withdraw")
        session.commit()
    return proposal


def say(by: Account, proposal_id: int, text: str) -> Message:
    """Add a message to the talk between author and moderators."""
    session = db.session()
    proposal = open_for(session, by, proposal_id)
    message = Message(
        proposal_id=proposal.id, by=by.id, role=by.role, office=by.agency.name, at=stamp(), text=text[:LONGEST_MESSAGE]
    )
    session.add(message)
    session.flush()
    notifications.announce_message(session, proposal, message)
    session.commit()
    return message


def expire(days: int = DRAFT_DAYS) -> int:
    """Take back drafts that nobody touched for so many days and whose authors were told; returns how many."""
    session = db.session()
    old = stamp(timedelta(days=-days))
    gone = session.execute(
        update(Proposal)
        .where(Proposal.state == "draft", Proposal.changed < old, Proposal.expiry_told)
        .values(state="withdrawn", version=Proposal.version + 1, changed=stamp())
    )
    session.commit()
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _own(session: Session, by: Account, proposal_id: int) -> Proposal:
    """A proposal that this person may still write in, as it is now; nobody else writes in it meanwhile."""
    proposal = session.get(Proposal, proposal_id, populate_existing=True, with_for_update={"of": Proposal})
    if proposal is None or proposal.author_id != by.id:
        raise NotThere(proposal_id)
    if proposal.state not in moderation.WITH_AUTHOR:
        raise Outdated("the proposal was sent already")
    return proposal


def _demand_sound(session: Session, proposal: Proposal) -> None:
    """A proposal must change something, fit the newest revision and come to a valid document."""
    if proposal.kind in {"withdraw", "merge"}:
        if not proposal.note.strip():
            raise NothingProposed(proposal.kind)
        return
    stands = standing(session, proposal)
    if stands.is_over(proposal.kind) or stands.conflicts:
        raise Outdated("the record changed since")
    if not stands.open:
        raise NothingProposed(proposal.kind)
    document = stands.proposed
    if proposal.kind == "new":
        document["id"] = next_record(session)
    problems = strays(proposal, document) or validate(document, proposal.document_kind, linking.known_codes())
    if problems:
        raise NotSound(problems)


def _move(
    session: Session, by: Account, proposal: Proposal, move: str, note: str = "", version: int | None = None,
    **values: Any,
) -> None:  # fmt: skip
    """Make a move that publishes nothing: state, decision and letters, in the caller's transaction."""
    before = proposal.state
    after = moderation.next_state(before, move)
    claim(session, proposal, version if version is not None else proposal.version, before, state=after, **values)
    decided(session, by, proposal, move, before, note=note)


def decided(
    session: Session, by: Account, proposal: Proposal, move: str, before: str, fields: Any = None, note: str = "",
    change_note: str = "", reason: str = "", revision: int | None = None,
) -> None:  # fmt: skip
    """Write down a move and tell those whom it concerns."""
    decision = Decision(
        proposal_id=proposal.id, move=move, before=before, after=proposal.state, by=by.id, role=by.role,
        office=by.agency.name, at=stamp(), fields=as_json(fields or {}), note=note, change_note=change_note,
        reason=reason, revision=revision,
    )  # fmt: skip
    session.add(decision)
    session.flush()
    notifications.announce(session, proposal, decision)


def claim(session: Session, proposal: Proposal, version: int, seen: str, **values: Any) -> None:
    """Change a proposal that is still as it was seen; raises `Outdated` when somebody was faster."""
    changed = session.execute(
        update(Proposal)
        .where(Proposal.id == proposal.id, Proposal.version == version, Proposal.state == seen)
        .values(**{"changed": stamp(), **values, "version": version + 1})
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        session.rollback()
        raise Outdated(f"proposal {proposal.id}")
    session.refresh(proposal)


def as_json(value: Any) -> str:
    """A value as the tables keep it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def is_two_person(kind: str) -> bool:
    """True for the kinds that two moderators must agree on (model §4)."""
    return desk.KINDS[kind].extra["moderators"] == "2"
