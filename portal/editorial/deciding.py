"""How is a proposal decided? Field by field, by somebody who did not propose it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import amending, checking, desk, ledger, linking, moderation, notifications, permissions
from portal import vocabulary as words
from portal.amending import Edit
from portal.editorial.drafting import as_json, claim, decided, is_two_person, open_for
from portal.editorial.needing import goes_along, lacking, retitled, unproven, whole
from portal.editorial.publishing import NotPublishable, append, bury
from portal.editorial.sensitive import is_agreed, is_word, on_withheld
from portal.editorial.standing import Outdated, Standing, newest, next_record, standing, strays
from portal.extensions import db
from portal.extensions import today as this_day
from portal.ledger import MERGE, WITHDRAW, Author, Entry
from portal.models import Account, Decision, Evidence, Proposal
from portal.terms import N_
from portal.validation import Problem

# A change of these must be explained to the public: status, dates, parties, money (ux §7.12).
EXPLAINED = frozenset({
    "declarations", "term", "instruments", "milestones", "local_parties", "foreign_parties", "type", "statements",
})  # fmt: skip

WHOLE = frozenset({"withdraw", "merge", "withhold", "restore"})  # kinds that are not decided field by field
KEPT = "kept"  # under this name a decision keeps what the proposal was before its rest went back (`undoing`)


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
    ``sources`` sets kind, grade, title and disclosure of an added source by its key; one whose edit is refused
    (``reject``) is left out. ``verified`` takes the mark *unverified* off. ``note`` is for the author, ``change_note``
    for the public, ``reason`` says why support of the region was not awaited.
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
    if proposal.agreed_by == by.id or has_part(session, by, proposal):
        raise permissions.NotAllowed("somebody else decides")
    ledger.hold(session)
    before = proposal.state
    claim(session, proposal, ruling.version, before)
    stands = standing(session, proposal)
    if ruling.whole not in {"", "return", "reject"}:
        raise Incomplete([Problem("", N_("Choose what happens to this proposal."), {})])
    if ruling.whole:
        return _turn_down(session, by, proposal, ruling, stands, before)
    if stands.number != ruling.base or stands.is_over(proposal.kind):
        raise Conflicting(f"proposal {proposal_id}")
    if proposal.kind in WHOLE:
        ruling = replace(ruling, choices={edit.key: Choice("accept") for edit in decidable(stands)})
    move = _move_of(proposal, ruling, stands)
    _demand_complete(proposal, ruling, stands, move)
    if move in moderation.PUBLISHING and needs_another(proposal, by, ruling):
        _set(session, proposal, state="seconding", agreed_by=by.id)
        said = _said(ruling, stands)
        decided(session, by, proposal, "agree", before, said, ruling.note, ruling.change_note, ruling.reason)
        return Outcome(proposal.state, proposal.subject)
    if move not in moderation.PUBLISHING:
        return _turn_down(session, by, proposal, replace(ruling, whole=move), stands, before)
    return _publish(session, by, proposal, ruling, stands, move, before, day)


TAKING_PART = ("submit", "endorse")  # the moves by which somebody has a part in a proposal


def has_part(session: Session, by: Account, proposal: Proposal) -> bool:
    """True for who ever sent or endorsed a proposal, also when its support is void by now."""
    mine = select(Decision.id).where(
        Decision.proposal_id == proposal.id, Decision.by == by.id, Decision.move.in_(TAKING_PART)
    )
    return session.execute(mine.limit(1)).first() is not None


def needs_another(proposal: Proposal, by: Account, ruling: Ruling | None = None) -> bool:
    """True where two moderators must agree and this is the first; with a ruling: the first to decide just so."""
    session = db.session()
    stands = standing(session, proposal)
    taken = [] if ruling is None else _taken(ruling, stands)
    closed = {edit.key for edit in on_withheld([*stands.open, *taken], stands.ground)}
    if not is_two_person(proposal.kind) and not closed:
        return False
    others = {proposal.agreed_by, proposal.author_id if proposal.author_role == "moderator" else None} - {None, by.id}
    found = session.execute(select(Account).where(Account.id.in_(others))).scalars().all()
    chosen = {} if ruling is None else {edit.key: ruling.choices.get(edit.key) for edit in taken if edit.key in closed}
    wanted = {key: (choice.verdict, choice.value) for key, choice in chosen.items() if choice is not None}
    return not any(_counts(other, proposal) and is_agreed(session, other, proposal, wanted) for other in found)


def _counts(other: Account, proposal: Proposal) -> bool:
    """True while the word of another moderator counts: not once the account is closed or moved elsewhere."""
    return other.is_active and permissions.can(other.actor, "decide", permissions.Thing(proposal.region))


def _move_of(proposal: Proposal, ruling: Ruling, stands: Standing) -> str:
    """The move that the verdicts come to; added sources follow what names them."""
    if proposal.kind in {"withdraw", "merge"}:
        return "publish"
    asked = decidable(stands)
    problems = [
        Problem(f"verdict-{edit.key}", N_("Choose what happens to this field."), {})
        for edit in asked
        if (choice := ruling.choices.get(edit.key)) is None
        or choice.verdict not in desk.VERDICTS
        or (choice.verdict == "amend" and (not is_amendable(edit) or is_word(replace(edit, new=choice.value))))
    ]
    if problems:
        raise Incomplete(problems)
    return moderation.publishing_move([ruling.choices[edit.key].verdict for edit in asked])


def is_amendable(edit: Edit) -> bool:
    """False for a removal, and for what stands under the name of an office word for word."""
    return edit.new is not None and not is_word(edit)


def decidable(stands: Standing) -> list[Edit]:
    """The edits a moderator decides on: all that would change something, without what goes along with the others."""
    return [edit for edit in stands.open if not (goes_along(edit) or amending.is_support(edit, stands.edits))]


def _demand_complete(proposal: Proposal, ruling: Ruling, stands: Standing, move: str) -> None:
    problems = []
    verdicts = {choice.verdict for choice in ruling.choices.values()}
    if retitled(ruling.sources, stands):
        verdicts.add("amend")
    if verdicts & {"amend", "return", "reject"} and not ruling.note.strip():
        problems.append(Problem("note", N_("Write to the sender what was changed, returned or refused."), {}))
    for key, choice in ruling.choices.items():
        if choice.verdict == "return" and not choice.comment.strip() and not ruling.note.strip():
            problems.append(Problem(f"comment-{key}", N_("Write what should be mended."), {}))
    if move in moderation.PUBLISHING:
        problems += lacking(stands, _taken(ruling, stands), decidable(stands))
        problems += unproven(_taken(ruling, stands), stands, _left_out(ruling, stands))
        if needs_change_note(proposal, stands, ruling) and not ruling.change_note.strip():
            problems.append(Problem("change_note", N_("Write for the public what changed and why."), {}))
        noted = checking.blocks(checking.on_note(ruling.change_note))
        problems += [Problem("change_note", one.message, one.values) for one in noted]
        problems += [
            Problem(f"disclosure-{key}", N_("“%(value)s” is not one of the known words."), {"value": said[:80]})
            for key, judged in ruling.sources.items()
            if (said := judged.get("disclosure", "")) and said not in words.DISCLOSURES
        ]
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
        if goes_along(edit) or (choice is not None and choice.verdict == "accept"):
            taken.append(edit)
        elif choice is not None and choice.verdict == "amend":
            taken.append(replace(edit, new=choice.value))
    return taken


def _left_out(ruling: Ruling, stands: Standing) -> set[str]:
    """The keys of the sources that are refused though something that they support is not."""
    refused = {key for key, choice in ruling.choices.items() if choice.verdict == "reject"}
    return {key for key, edit in amending.added_sources(stands.open).items() if edit.key in refused}


def _published(ruling: Ruling, stands: Standing) -> list[Edit]:
    """The edits to be published with what supports them, without the sources that are left out."""
    return whole(_taken(ruling, stands), stands, _left_out(ruling, stands))


def _turn_down(
    session: Session, by: Account, proposal: Proposal, ruling: Ruling, stands: Standing, before: str
) -> Outcome:
    if not ruling.note.strip():
        raise Incomplete([Problem("note", N_("Write to the sender what was changed, returned or refused."), {})])
    _set(session, proposal, state=moderation.next_state(before, ruling.whole), agreed_by=None)
    decided(session, by, proposal, ruling.whole, before, _said(ruling, stands), ruling.note, reason=ruling.reason)
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
        if act == MERGE and (proposal.target == proposal.subject or newest(session, proposal.target)[1] is None):
            raise Incomplete([Problem("", N_("The record to merge into does not stand any more."), {})])
        entry = replace(entry, act=act, merged_into=proposal.target if act == MERGE else "")
        revision = bury(session, chain, proposal.subject, author, entry, day)
        notifications.announce_tombstone(session, proposal, by, entry.note)
    else:
        taken = _published(ruling, stands)
        document = _document(session, proposal, ruling, stands, taken)
        _demand_clean(proposal, stands, document, day)
        entry = replace(entry, evidence=_evidence(session, proposal, ruling, taken, document))
        known = linking.known_codes()
        revision = append(session, chain, proposal.document_kind, document, author, entry, known, day)
    values = {"state": moderation.next_state(before, move), "subject": revision["subject"]}
    said = _said(ruling, stands)
    if move == "publish_return":
        said[KEPT] = {name: getattr(proposal, name) for name in ("edits", "typed", "base", "kind", "version")}
        values |= _rest(proposal, ruling, stands, revision["number"])
    _set(session, proposal, **values)
    decided(session, by, proposal, move, before, said, ruling.note, entry.note, ruling.reason, revision["seq"])
    return Outcome(proposal.state, revision["subject"], revision["seq"])


def _document(
    session: Session, proposal: Proposal, ruling: Ruling, stands: Standing, taken: list[Edit]
) -> dict[str, Any]:
    """The document to be published; raises `Incomplete` where it says what is said already."""
    files = _files(session, proposal)
    judged = [_judged(edit, ruling.sources, files) for edit in taken]
    document = amending.applied(stands.ground, judged)
    if proposal.kind == "new" and not proposal.subject:
        document["id"] = next_record(session)
    if ruling.verified:
        flags = [flag for flag in document.get("flags", []) if flag["code"] != "unverified"]
        document = {**document, "flags": flags} if flags else {k: v for k, v in document.items() if k != "flags"}
    astray = strays(proposal, document)
    if astray:
        raise Incomplete(astray)
    if document == stands.document:
        raise Incomplete([Problem("", N_("Nothing would change."), {})])
    return document


def _demand_clean(proposal: Proposal, stands: Standing, document: Mapping[str, Any], day: date) -> None:
    """Refuse what the automatic checks say must be mended, whoever brought it in (trust §5)."""
    found = checking.checks(stands.document, document, today=day, kind=proposal.document_kind)
    problems = [Problem(one.subject, one.message, one.values) for one in checking.blocks(found)]
    if problems:
        raise Incomplete(problems)


def _files(session: Session, proposal: Proposal) -> dict[str, str]:
    """The checksum of the file behind each source, by the source's key."""
    wanted = select(Evidence.source, Evidence.sha256).where(
        Evidence.proposal_id == proposal.id, Evidence.removed.is_(None), Evidence.source != ""
    )
    return {row.source: row.sha256 for row in session.execute(wanted.order_by(Evidence.id.desc()))}


def _judged(edit: Edit, sources: Mapping[str, Mapping[str, str]], files: Mapping[str, str]) -> Edit:
    """An added source with the kind and grade the moderator gave it, and the checksum of its file."""
    if edit.top != "sources" or edit.item is not None or edit.new is None:
        return edit
    said = sources.get(edit.new["key"], {})
    new = {**edit.new, **{name: said[name] for name in ("kind", "grade", "title") if said.get(name)}}
    if edit.new["key"] in files:
        new["archive"] = {**new.get("archive", {}), "sha256": files[edit.new["key"]]}
    return replace(edit, new=new)


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
        one.disclosure = ruling.sources.get(one.source, {}).get("disclosure") or one.disclosure
        hashes.append(one.sha256)
    return hashes


def _rest(proposal: Proposal, ruling: Ruling, stands: Standing, number: int) -> dict[str, Any]:
    """What is left with the author after part of it was published: only what was returned, on the new revision."""
    back = [edit for edit in stands.open if (c := ruling.choices.get(edit.key)) and c.verdict == "return"]
    kind = "change" if proposal.kind == "new" else proposal.kind
    done = {edit.key for edit in _published(ruling, stands)}
    left = [edit for edit in amending.with_needed(back, stands.open) if edit in back or edit.key not in done]
    return {"edits": as_json(amending.stored(left)), "typed": "[]", "base": number, "kind": kind, "agreed_by": None}


def _set(session: Session, proposal: Proposal, **values: Any) -> None:
    """Change a proposal that this transaction has claimed."""
    session.execute(update(Proposal).where(Proposal.id == proposal.id).values(**values))
    session.refresh(proposal)


def _said(ruling: Ruling, stands: Standing) -> dict[str, Any]:
    """What was said of each edit, with field and item: the edits may be gone from the proposal later."""
    edits = {edit.key: edit for edit in stands.edits}
    fields = {}
    for key, choice in ruling.choices.items():
        if key not in edits:
            continue
        edit = edits[key]
        whole = edit.item or edit.new or edit.old
        about = {"path": list(edit.path), "item": whole if isinstance(whole, Mapping) else None}
        fields[key] = {"verdict": choice.verdict, "comment": choice.comment, **about}
        if choice.verdict == "amend":
            fields[key]["value"] = choice.value
    for edit, title in retitled(ruling.sources, stands) if not ruling.whole else ():
        about = {"path": list(edit.path), "item": edit.new}
        fields.setdefault(edit.key, {"verdict": "amend", "comment": "", **about, "value": {**edit.new, "title": title}})
    return fields
