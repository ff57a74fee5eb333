"""Who is told what? Letters written in the same transaction as the move they tell of.

`MOVES` says who hears of a move, `notices.NOTICES` what they read, each in their own language. Nobody is told what they
did themselves; names of persons and what a draft says stand in no letter; what a moderator writes goes to the author.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date
from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal import config, desk, permissions, places
from portal.extensions import WIB, moment, stamp
from portal.models import Account, Agency, Decision, Letter, Message, Proposal, Tip
from portal.moderation import WAITING, WITH_AUTHOR
from portal.notices import NOTICES
from portal.permissions import Thing
from portal.safety import HIDDEN
from portal.translating import catalogue

WARNED_DAYS, KEPT_DAYS = 75, 90
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ADDRESS = re.compile(r"[^\s@<>(),;:\\\"\[\]]{1,64}@[^\s@<>(),;:\\\"\[\]]+\.[^\s@<>(),;:\\\"\[\].]{2,63}")
_LONGEST_ADDRESS = 254

# Who hears of a move (`desk.MOVES`), and which letter each reads; who belongs to several groups reads the first.
MOVES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "submit": (("coordinators", "support_wanted"), ("moderators", "to_decide")),
    "endorse": (("author", "supported"), ("moderators", "supported_to_decide")),
    "agree": (("author", "agreed_once"), ("moderators", "second_wanted")),
    "publish": (("author", "published"), ("endorser", "supported_published")),
    "publish_part": (("author", "partly_published"), ("endorser", "supported_partly_published")),
    "publish_return": (("author", "published_and_returned"), ("endorser", "supported_partly_published")),
    "return": (("author", "returned"), ("endorser", "supported_returned")),
    "reject": (("author", "rejected"), ("endorser", "supported_rejected")),
    "undo": (("author", "undone"), ("endorser", "supported_undone")),
    "withdraw": (("endorser", "taken_back"), ("at_work", "taken_back")),
}


class BadLetter(ValueError):
    """A letter whose address or subject could become another header."""


# -- the letters of others --------------------------------------------------------------------------------------


def post(session: Session, recipient: str, subject: str, body: str, once: str = "") -> bool:
    """Lay a letter into the outbox, in the caller's transaction; False where ``once`` was written before.

    Raises `BadLetter` for an address that is none, and for control characters in what reaches a header.
    """
    if not is_address(recipient) or _CONTROL.search(subject) or not subject.strip():
        raise BadLetter("address or subject")
    now = stamp()
    values = {
        "once": once or f"single-{secrets.token_hex(12)}", "recipient": recipient, "subject": subject.strip()[:200],
        "body": body, "created": now, "next_try": now, "tries": 0, "sent": None, "given_up": None, "problem": "",
    }  # fmt: skip
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    laid = insert(Letter).values(values).on_conflict_do_nothing(index_elements=["once"]).returning(Letter.id)
    return session.execute(laid).first() is not None


def write(
    session: Session, recipient: str, language: str, key: str, values: Mapping[str, object], once: str = ""
) -> bool:
    """Write the letter ``key`` of `notices.NOTICES` in a language; ``values`` fill its slots. See `post`."""
    subject, body = composed(language, key, values)
    return post(session, recipient, subject, body, once)


def address(path: str, language: str = config.FIRST_LOCALE) -> str:
    """The public address of a path in a language, from the settings alone: a request can never bend it."""
    prefix = "" if language == config.FIRST_LOCALE else f"/{language}"
    return f"{current_app.config['PUBLIC_URL']}{prefix}{path}"


def is_address(text: str) -> bool:
    """True for what may stand in the To of a letter: one mail address and nothing else."""
    return len(text) <= _LONGEST_ADDRESS and bool(_ADDRESS.fullmatch(text)) and not HIDDEN.search(text)


def composed(language: str, key: str, values: Mapping[str, object]) -> tuple[str, str]:
    """Subject and text of a letter. A line one of whose values is empty is left out."""
    notice = NOTICES[key]
    known = catalogue(language)
    filled = {"site": current_app.config["SITE_NAME"], **{name: _plain(value) for name, value in values.items()}}
    lines = [known.gettext(line) % filled for line in notice.lines if all(filled.get(n) for n in _slots(line))]
    if notice.path:
        lines.append(address(notice.path.format(**filled), language))
    lines.append("-- \n" + known.gettext(notice.foot) % filled)
    return known.gettext(notice.subject) % filled, "\n\n".join(lines) + "\n"


def _slots(line: str) -> list[str]:
    return re.findall(r"%\((\w+)\)s", line)


def _plain(value: object) -> str:
    """A value as a letter shows it: no controls, and what somebody wrote in several lines set in."""
    rows = [HIDDEN.sub("", row).rstrip() for row in str(value or "").splitlines()]
    return rows[0] if len(rows) == 1 else "\n".join(f"  {row}".rstrip() for row in rows)


def written_day(day: date | str, language: str) -> str:
    """A day in words: ``25 September 2015`` in both languages."""
    value = day if isinstance(day, date) else date.fromisoformat(day[:10])
    return format_date(value, "d MMMM y", locale=language)


def written_moment(stamped: str, language: str) -> str:
    """A stored UTC time in words, in the time of western Indonesia: ``12 Oktober 2026, 10.48 WIB``."""
    value = moment(stamped).astimezone(WIB)
    return f"{written_day(value.date(), language)}, {value:%H.%M} WIB"


# -- proposals --------------------------------------------------------------------------------------------------


def announce(session: Session, proposal: Proposal, decision: Decision) -> None:
    """Write the letters that a move causes, one for each person."""
    if decision.move == "withdraw" and decision.before in {"draft", "returned"}:
        return
    told: set[int] = {decision.by}
    for group, key in MOVES[decision.move]:
        for account in _GROUPS[group](session, proposal):
            if account.id in told:
                continue
            told.add(account.id)
            values = _values(proposal, account.language) | {"by": decision.office, "change_note": decision.change_note}
            if account.id == proposal.author_id:
                values["note"] = decision.note
            write(session, account.email, account.language, key, values, f"decision-{decision.id}-{account.id}")


def announce_tombstone(session: Session, cause: Proposal, by: Account, change_note: str) -> None:
    """Tell the authors of other open proposals that their record no longer stands, once for each proposal."""
    others = select(Proposal).where(
        Proposal.subject == cause.subject, Proposal.id != cause.id, Proposal.state.in_((*WAITING, *WITH_AUTHOR))
    )
    for proposal in session.execute(others.order_by(Proposal.id)).scalars().all():
        for account in _author(session, proposal):
            if account.id == by.id:
                continue
            values = _values(proposal, account.language) | {"by": by.agency.name, "change_note": change_note}
            write(session, account.email, account.language, "record_gone", values, f"gone-{proposal.id}")


def announce_message(session: Session, proposal: Proposal, message: Message) -> None:
    """Tell the other side that somebody wrote; only the author reads the words in the letter."""
    to_author = message.by != proposal.author_id
    found = _author(session, proposal) if to_author else _partners(session, proposal)
    for account in found:
        values = _values(proposal, account.language) | {"by": message.office, "note": message.text if to_author else ""}
        key = "message_to_author" if to_author else "message_to_desk"
        write(session, account.email, account.language, key, values, f"message-{message.id}-{account.id}")


def warn_of_expiry(session: Session) -> int:
    """Tell the authors of drafts that nobody touched for 75 days, once each; returns how many."""
    old = stamp(timedelta(days=-WARNED_DAYS))
    count = 0
    for proposal in session.execute(
        select(Proposal).where(
            Proposal.state == "draft", Proposal.changed < old, Proposal.expiry_told.is_(False)
        )
    ).scalars().all():  # fmt: skip
        if not _mark_warned(session, proposal):
            continue
        closes = max(moment(proposal.changed).date() + timedelta(days=KEPT_DAYS), _tomorrow())
        for account in _author(session, proposal):
            values = _values(proposal, account.language) | {"day": written_day(closes, account.language)}
            once = f"draft-{proposal.id}-{proposal.version}"
            count += write(session, account.email, account.language, "draft_expires", values, once)
    return count


def _mark_warned(session: Session, proposal: Proposal) -> bool:
    """Note that the author is told; False where somebody saved the draft in the meantime."""
    marked = session.execute(
        update(Proposal)
        .where(Proposal.id == proposal.id, Proposal.version == proposal.version, Proposal.expiry_told.is_(False))
        .values(expiry_told=True)
        .execution_options(synchronize_session=False)
    )
    return bool(marked.rowcount)  # type: ignore[attr-defined]


def _tomorrow() -> date:
    return datetime.now(WIB).date() + timedelta(days=1)


def _values(proposal: Proposal, language: str) -> dict[str, Any]:
    """What a letter may say of a proposal: code, kind, place and office, nothing of what it proposes."""
    region = places.regions().get(proposal.region)
    named = [proposal.subject if proposal.subject.startswith("KS-") else "", region.called(language) if region else ""]
    page = f"/kerja-sama/{proposal.subject}" if named[0] else f"/daerah/{region.slug}" if region else "/"
    return {
        "id": proposal.id,
        "receipt": proposal.receipt,
        "kind": catalogue(language).gettext(desk.KINDS[proposal.kind].label),
        "about": ", ".join(name for name in named if name),
        "office": proposal.agency.name,
        "page": page,
    }


def _author(session: Session, proposal: Proposal) -> Iterator[Account]:
    return _known(session, {proposal.author_id})


def _endorser(session: Session, proposal: Proposal) -> Iterator[Account]:
    return _known(session, {proposal.endorsed_by})


def _at_work(session: Session, proposal: Proposal) -> Iterator[Account]:
    """The moderators who have the proposal open or agreed to it."""
    return _known(session, {proposal.opened_by, proposal.agreed_by})


def _coordinators(session: Session, proposal: Proposal) -> Iterator[Account]:
    return _granted(session, "coordinator", "endorse", proposal.thing)


def _moderators(session: Session, proposal: Proposal) -> Iterator[Account]:
    """Those who may decide; who agreed already does not decide again."""
    found = _granted(session, "moderator", "decide", proposal.thing)
    return (account for account in found if account.id != proposal.agreed_by)


def _partners(session: Session, proposal: Proposal) -> Iterable[Account]:
    """Whom a message of the author reaches: the moderators who dealt with the proposal, else all in reach."""
    decided = select(Decision.by).where(Decision.proposal_id == proposal.id)
    wrote = select(Message.by).where(Message.proposal_id == proposal.id)
    busy = {proposal.opened_by, *session.execute(decided).scalars(), *session.execute(wrote).scalars()}
    found = list(_moderators(session, proposal))
    return [account for account in found if account.id in busy] or found


_GROUPS: Mapping[str, Callable[[Session, Proposal], Iterator[Account]]] = {
    "author": _author, "endorser": _endorser, "at_work": _at_work, "coordinators": _coordinators,
    "moderators": _moderators,
}  # fmt: skip


def tell_of_review(session: Session, subject: str, region: str, day: date) -> int:
    """Tell the moderators in reach, once for each day of review, that something withheld is due; returns how many."""
    place, count = places.regions().get(region), 0
    for account in _granted(session, "moderator", "decide", Thing(region)):
        values = {
            "receipt": subject,
            "about": place.called(account.language) if place else region,
            "day": written_day(day, account.language),
        }
        once = f"review-{subject}-{day.isoformat()}-{account.id}"
        count += write(session, account.email, account.language, "review_due", values, once)
    return count


# -- tips -------------------------------------------------------------------------------------------------------


def announce_tip(session: Session, tip: Tip, what: str) -> None:
    """Tell the sender of a tip (``what``: received, answered, extended); moderators hear of new ones once a day.

    To be called before the contact is emptied. Once a tip is answered, its earlier letters are forgotten; the answer
    itself is when it was sent (`mailing.ANONYMOUS`).
    """
    if what == "answered":
        earlier = [f"tip-{tip.id}-received", f"tip-{tip.id}-extended"]
        session.execute(delete(Letter).where(Letter.once.in_(earlier)).execution_options(synchronize_session=False))
    if is_address(tip.contact):
        values = {
            "receipt": tip.receipt,
            "day": written_day(tip.due, tip.language),
            "state": catalogue(tip.language).gettext(desk.TIP_STATES[tip.state].label),
            "note": {"answered": tip.answer, "extended": tip.extended}.get(what, ""),
        }
        write(session, tip.contact, tip.language, f"tip_{what}", values, f"tip-{tip.id}-{what}")
    if what == "received":
        _tell_handlers(session, tip.region, "tips_new", {})


def warn_of_overdue(session: Session, today: date) -> int:
    """Tell moderators once a day of tips past their promised day; returns how many tips these are."""
    late = select(Tip.region, func.count()).where(Tip.state.in_(("new", "in_progress")), Tip.due < today.isoformat())
    counts = {row[0]: int(row[1]) for row in session.execute(late.group_by(Tip.region))}
    for account in _staff(session, "moderator"):
        own = (n for region, n in counts.items() if permissions.can(account.actor, "handle_tips", Thing(region)))
        _tell_today(session, account, "tips_overdue", {"num": sum(own)})
    return sum(counts.values())


def _tell_handlers(session: Session, region: str, key: str, values: Mapping[str, object]) -> None:
    for account in _granted(session, "moderator", "handle_tips", Thing(region)):
        _tell_today(session, account, key, values)


def _tell_today(session: Session, account: Account, key: str, values: Mapping[str, object]) -> None:
    """Write a letter that a person gets at most once a day; none where its number is nought."""
    if values.get("num", 1):
        once = f"{key}-{datetime.now(WIB).date().isoformat()}-{account.id}"
        write(session, account.email, account.language, key, values, once)


# -- people -----------------------------------------------------------------------------------------------------


def _staff(session: Session, role: str) -> Iterator[Account]:
    """Who works in a role now; accounts of the demonstration only within it."""
    found = select(Account).join(Account.agency).where(Account.role == role, Account.active, Agency.active)
    return (account for account in session.execute(found.order_by(Account.id)).scalars() if _is_real(account))


def _granted(session: Session, role: str, act: str, thing: Thing) -> Iterator[Account]:
    return (account for account in _staff(session, role) if permissions.can(account.actor, act, thing))


def _known(session: Session, wanted: set[int | None]) -> Iterator[Account]:
    found = select(Account).where(Account.id.in_({one for one in wanted if one is not None}))
    everyone = session.execute(found.order_by(Account.id)).scalars().all()
    return (account for account in everyone if account.is_active and _is_real(account))


def _is_real(account: Account) -> bool:
    return bool(current_app.config["DEMO"]) or not account.demo
