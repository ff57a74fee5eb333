"""What may a moderator ask for on their own? To withhold, withdraw, merge or bring back: proposals others decide on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import amending, dates, moderation, permissions
from portal.amending import Edit
from portal.editorial.deciding import Incomplete
from portal.editorial.drafting import NotThere, save, start, submit
from portal.editorial.standing import Outdated, at, newest
from portal.extensions import db, today
from portal.models import Account, Evidence, Proposal
from portal.permissions import Thing
from portal.record import Document
from portal.terms import N_
from portal.validation import LONGEST_NOTE, Problem

FILE = "file:"  # before the key of a source in the target of a proposal that withholds its file
# Grounds on which public information may be withheld: the letters of UU 14/2008 art. 17.
GROUNDS = (
    ("a", N_("could hinder law enforcement")),
    ("b", N_("could harm intellectual property or fair competition")),
    ("c", N_("could endanger defence and security")),
    ("d", N_("could reveal natural wealth")),
    ("e", N_("could harm the national economy")),
    ("f", N_("could harm foreign relations")),
    ("g", N_("would reveal a private deed or last will")),
    ("h", N_("would reveal personal secrets")),
    ("i", N_("internal letters between public bodies, secret by nature")),
    ("j", N_("may not be revealed under another law")),
)


def region_of(session: Session, subject: str) -> str:
    """The region of a record, from its newest document; that of its last one for a tombstone. Raises `NotThere`."""
    number, document = newest(session, subject)
    if document is None and number > 1:
        document = at(session, subject, number - 1)
    if document is None or not subject.startswith("KS-"):
        raise NotThere(subject)
    return str(document["region"])


def ask_withholding(
    by: Account, subject: str, text: str, letter: str, words: str, review_on: str, note: str
) -> Proposal:
    """Ask that a text of a record be withheld (its key), or the file behind a source (`FILE` and the source's key).

    What is withheld already gets the new ground and day of review.
    A text loses its file and link; a file stays named, with its checksum. Both show legal ground and day of review.
    """
    session, region = db.session(), _demanded(by, "ask_withholding", subject)
    before = _standing(session, subject)
    problems = [*_ground_problems(letter, words), *_review_problems(review_on)]
    file = published_files(session, subject, before).get(text)
    if file is None and text not in {one["key"] for one in before.get("instruments", [])}:
        problems.append(Problem("text", N_("Choose the text or file."), {}))
    _demand(problems)
    ground = f"UU 14/2008 pasal 17 huruf {letter}: {words.strip()}"
    mark = {"ground": ground, "review_on": review_on}
    if file is not None:
        after = {**before, "sources": [_closed(one, file.sha256, mark) for one in before["sources"]]}
    else:
        after = _text_withheld(before, text, mark)
    edits = list(amending.edits(before, after))
    if not edits:
        _demand([Problem("", N_("The record says the same already."), {})])
    return _sent(by, "withhold", region, subject, text, edits, note)


def published_files(session: Session, subject: str, document: Document) -> dict[str, Evidence]:
    """The files of a record that everybody has or had, also withheld ones, by `FILE` and the key of the source."""
    wanted = select(Evidence).where(
        Evidence.subject == subject, Evidence.disclosure == "public", Evidence.removed.is_(None)
    )
    files = {one.sha256: one for one in session.execute(wanted.order_by(Evidence.id.desc())).scalars()}
    return {
        f"{FILE}{source['key']}": files[source["archive"]["sha256"]]
        for source in document["sources"]
        if source.get("archive", {}).get("sha256") in files
    }


def ask_withdrawal(by: Account, subject: str, reason: str) -> Proposal:
    """Ask that a record be withdrawn; the page keeps the reason and the history."""
    session, region = db.session(), _demanded(by, "propose", subject)
    _standing(session, subject)
    _demand(_reason_problems(reason))
    return _sent(by, "withdraw", region, subject, "", [], reason)


def ask_merge(by: Account, subject: str, target: str, reason: str) -> Proposal:
    """Ask that a record be merged into another, which is read instead from then on."""
    session, region = db.session(), _demanded(by, "merge", subject)
    _standing(session, subject)
    problems = _reason_problems(reason)
    if target == subject:
        problems.append(Problem("target", N_("A record cannot be merged into itself."), {}))
    elif not target.startswith("KS-") or newest(session, target)[1] is None:
        problems.append(Problem("target", N_("There is no such record, or it does not stand any more."), {}))
    _demand(problems)
    _demanded(by, "merge", target)  # a moderator of some provinces joins only records of these
    return _sent(by, "merge", region, subject, target, [], reason)


def ask_restoring(by: Account, subject: str, number: int, reason: str) -> Proposal:
    """Ask that an earlier revision be brought back as a new one; also after a withdrawal."""
    session, region = db.session(), _demanded(by, "restore", subject)
    now, old = newest(session, subject)[1] or {}, at(session, subject, number)
    problems = _reason_problems(reason)
    if old is None:
        problems.append(Problem("number", N_("Choose a revision that holds a document."), {}))
    elif old == now:
        problems.append(Problem("number", N_("The record says the same already."), {}))
    _demand(problems)
    return _sent(by, "restore", region, subject, str(number), amending.edits(now, old or {}), reason)


def _sent(by: Account, kind: str, region: str, subject: str, target: str, edits: Iterable[Edit], note: str) -> Proposal:
    """The proposal of an act, sent; what is asked for twice in the same words is one proposal while it waits."""
    wanted, note = list(edits), note.strip()
    begun = start(by, kind, region, subject, target, going_on=("draft", *moderation.WAITING))
    if begun.state in moderation.WAITING:
        return _the_same(begun, wanted, note)
    try:
        save(by, begun.id, [], wanted, note)
        return submit(by, begun.id)
    except Outdated:  # pressed twice at once, and the other one went first; or the record changed
        session = db.session()
        session.rollback()
        session.refresh(begun)
        if begun.state not in moderation.WAITING:
            raise
        return _the_same(begun, wanted, note)


def _the_same(waiting: Proposal, edits: list[Edit], note: str) -> Proposal:
    """What waits, where it says what is asked for now; raises `Incomplete` where it says something else."""
    if json.loads(waiting.edits) != amending.stored(edits) or waiting.note != note:
        text = N_(
            "You asked for this already, in other words: %(receipt)s. Take that back first, or wait for the answer."
        )
        _demand([Problem("", text, {"receipt": waiting.receipt})])
    return waiting


def _demanded(by: Account, act: str, subject: str) -> str:
    """The region of the record, where this person may ask for the act there; raises `NotThere` and `NotAllowed`."""
    region = region_of(db.session(), subject)
    permissions.demand(by.actor, act, Thing(region, by.agency_id))
    return region


def _standing(session: Session, subject: str) -> Document:
    document = newest(session, subject)[1]
    if document is None:
        raise Incomplete([Problem("", N_("This record does not stand any more."), {})])
    return document


def _closed(source: dict[str, Any], sha256: str, mark: dict[str, str]) -> dict[str, Any]:
    """A source whose file is withheld: marked, and nothing taken off."""
    return {**source, "withheld": mark} if source.get("archive", {}).get("sha256") == sha256 else source


def _text_withheld(before: Document, key: str, mark: dict[str, str]) -> dict[str, Any]:
    """The document without the ways to a text: its own, and those of the sources that are the text itself."""
    named = {source for one in before.get("instruments", []) if one["key"] == key for source in one.get("sources", [])}
    return {
        **before,
        "instruments": [_withheld(one, key, mark) for one in before.get("instruments", [])],
        "sources": [_without_way(one, mark) if one["key"] in named else one for one in before["sources"]],
    }


def _without_way(source: dict[str, Any], mark: dict[str, str]) -> dict[str, Any]:
    """A source that is the text itself: marked, without links, with its checksum; any other stays as it is."""
    if source["kind"] != "agreement_text" or not ({"link", "archive", "withheld"} & source.keys()):
        return source
    kept = {name: value for name, value in source.items() if name != "link"}
    if "archive" in kept:
        kept["archive"] = {name: value for name, value in kept["archive"].items() if name != "link"}
    return {**{name: value for name, value in kept.items() if value}, "withheld": mark}


def _withheld(item: dict[str, Any], key: str, mark: dict[str, str]) -> dict[str, Any]:
    if item["key"] != key:
        return item
    kept = {name: value for name, value in item.items() if name not in {"file", "link"}}
    return {**kept, "disclosure": "withheld", "withheld": mark}


def _ground_problems(letter: str, words: str) -> list[Problem]:
    problems = []
    if letter not in {known for known, _label in GROUNDS}:
        problems.append(Problem("ground", N_("Choose the legal ground."), {}))
    if not words.strip():
        problems.append(Problem("words", N_("Write why the ground applies here."), {}))
    elif len(words) > 250:
        problems.append(Problem("words", N_("At most %(most)s characters are allowed."), {"most": "250"}))
    return problems


def _review_problems(review_on: str) -> list[Problem]:
    if not dates.is_partial_date(review_on):
        return [Problem("review_on", N_("Write the day, month and year when it is looked at again."), {})]
    if dates.latest(review_on) <= today():
        return [Problem("review_on", N_("The day of the review must lie in the future."), {})]
    return []


def _reason_problems(reason: str) -> list[Problem]:
    if not reason.strip():
        return [Problem("reason", N_("Write the reason; it will be public."), {})]
    if len(reason) > LONGEST_NOTE:
        return [Problem("reason", N_("At most %(most)s characters are allowed."), {"most": str(LONGEST_NOTE)})]
    return []


def _demand(problems: list[Problem]) -> None:
    if problems:
        raise Incomplete(problems)
