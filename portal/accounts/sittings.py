"""How long does a sign-in last? Each one is a row that can be ended on the server, found by the id in the cookie."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import desk
from portal.extensions import db, own_transaction, utc_now
from portal.models import Account, SignIn

TOKEN_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)
# Idle time and longest time of a sign-in (ASVS 7.3): with a compulsory second factor, and without.
SHORT = (timedelta(minutes=30), timedelta(hours=12))
LONG = (timedelta(hours=8), timedelta(days=7))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def needs_second_factor(role: str) -> bool:
    """True for a role that may do nothing before a second factor is there."""
    return role in desk.ROLES and desk.ROLES[role].extra["second_factor"] == "1"


def spans(role: str) -> tuple[timedelta, timedelta]:
    """How long a sign-in of a role may idle, and how long it may last."""
    return SHORT if needs_second_factor(role) else LONG


def begin(session: Session, account: Account, agent: str = "", address: str = "") -> str:
    """Begin a sign-in; returns the 256-bit id for the cookie, of which only a hash is kept. Does not commit."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), _text(utc_now())
    session.add(
        SignIn(token_hash=_hash(token), account_id=account.id, begun=now, seen=now, ended=None, agent=agent,
               address=address)
    )  # fmt: skip
    return token


def live(session: Session, token: str, now: datetime | None = None) -> tuple[SignIn, Account] | None:
    """The sign-in of an id and its account, in one query; None where it has ended, idled or lasted too long."""
    wanted = (
        select(SignIn, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.token_hash == _hash(token), SignIn.ended.is_(None))
    )
    row = session.execute(wanted).first()
    if row is None:
        return None
    sitting, account = row
    holding = holds(sitting, account.role, now or utc_now()) and account.is_active
    return (sitting, account) if holding else None


def holds(sitting: SignIn, role: str, now: datetime) -> bool:
    """True while a sign-in that nobody ended has neither idled nor lasted too long for its role."""
    idle, longest = spans(role)
    return sitting.seen > _text(now - idle) and sitting.begun > _text(now - longest)


def is_due(sitting: SignIn) -> bool:
    """True when the sign-in was last written as used more than a minute ago."""
    return sitting.seen <= _text(utc_now() - SEEN_EVERY)


def mark_seen(token: str) -> None:
    """Write that a sign-in was used just now, in a short transaction of its own that waits for nobody."""
    with own_transaction(db.engine, patience_ms=200) as connection:
        connection.execute(update(SignIn).where(SignIn.token_hash == _hash(token)).values(seen=_text(utc_now())))


def renew(session: Session, token: str) -> str:
    """Give a sign-in a new id, the old one being good for nothing from now on. Does not commit."""
    fresh = secrets.token_urlsafe(TOKEN_BYTES)
    changing = update(SignIn).where(SignIn.token_hash == _hash(token), SignIn.ended.is_(None))
    session.execute(changing.values(token_hash=_hash(fresh)), execution_options={"synchronize_session": False})
    return fresh


def open_sittings(session: Session, account_id: int) -> list[SignIn]:
    """The sign-ins of an account that have not ended, newest first; some may have idled too long."""
    wanted = select(SignIn).where(SignIn.account_id == account_id, SignIn.ended.is_(None))
    return list(session.execute(wanted.order_by(SignIn.seen.desc(), SignIn.id.desc())).scalars())


def previous(session: Session, sitting: SignIn) -> str | None:
    """When the owner of a sign-in signed in before it (UTC); None for the first that is known."""
    before = select(SignIn.begun).where(SignIn.account_id == sitting.account_id, SignIn.id < sitting.id)
    return session.execute(before.order_by(SignIn.id.desc()).limit(1)).scalar_one_or_none()


def end(session: Session, account_id: int, sitting_id: int) -> bool:
    """End one sign-in of an account; False where it has none such. Does not commit."""
    return _end(session, SignIn.account_id == account_id, SignIn.id == sitting_id) == 1


def end_token(session: Session, token: str) -> None:
    """End the sign-in of an id. Does not commit."""
    _end(session, SignIn.token_hash == _hash(token))


def end_all(session: Session, account_id: int, but: str = "") -> int:
    """End all sign-ins of an account, but the one whose id is given; returns how many. Does not commit."""
    conditions = [SignIn.account_id == account_id]
    if but:
        conditions.append(SignIn.token_hash != _hash(but))
    return _end(session, *conditions)


def _end(session: Session, *conditions: object) -> int:
    ending = update(SignIn).where(SignIn.ended.is_(None), *conditions)  # type: ignore[arg-type]
    done = session.execute(ending.values(ended=_text(utc_now())), execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]
