"""How does somebody come to work here? By an invitation: a link that works once, for 72 hours, and makes one account.

There is no other way in. An account comes into being when the invitation is accepted, never before: a new password can
therefore not be asked for with an invitation that was never used (trust S28).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email
from flask_security import hash_password
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import config, desk, notifications, permissions
from portal.accounts import acts, passwords, people
from portal.accounts.people import NobodyThere, Post, Refused, about, settled
from portal.extensions import db, stamp
from portal.models import Account, Agency, Invitation
from portal.permissions import NotAllowed, Thing
from portal.terms import N_
from portal.translating import catalogue
from portal.validation import Problem

HOURS = 72
MOST_A_DAY = 50  # invitations of one person
LONGEST_EMAIL = 254


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited: mail address, name, and the language of letters."""

    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation that was sent; ``token`` is known to nobody afterwards but to who holds the letter."""

    invitation: Invitation
    token: str

    @property
    def path(self) -> str:
        """The path of the link, without language."""
        return f"/undangan/{self.token}"


def invite(by: Account | None, guest: Guest, post: Post, address: str = "") -> Sent:
    """Invite somebody; earlier invitations to the same address die. ``by`` None: the command line.

    Coordinators invite clerks of their own region, administrators anyone; invitations that ``by`` may not see stay as
    they are, and nothing tells that there are any. Raises `NotAllowed` and `Refused`.
    """
    session = db.session()
    try:
        sent = _invite(session, by, guest, post, address)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return sent


def _invite(session: Session, by: Account | None, guest: Guest, post: Post, address: str) -> Sent:
    _demand_right(session, by, post)
    email, name = _email(guest.email), people.tidy(guest.name)
    problems = people.name_problems("name", name, people.LONGEST_NAME)
    if email is None:
        problems.append(Problem("email", N_("Write a mail address such as name@office.go.id."), {}))
    if guest.language not in config.LOCALES:
        problems.append(Problem("language", N_("Choose a language."), {}))
    try:
        agency, regions = settled(session, post)
    except Refused as refused:
        problems += refused.problems
    if problems or email is None:
        raise Refused(*problems)
    _demand_measure(session, by)
    known = _has_account(session, email)
    if known and (by is None or permissions.can(by.actor, "manage_users")):
        raise Refused(Problem("email", N_("There is an account with this address already."), {}))
    _revoke_all(session, by, email)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=_hash(token), email=email, name=name, role=post.role, agency_id=agency.id, regions=regions,
        language=guest.language, invited_by=by.id if by else None, created=stamp(),
        expires=stamp(timedelta(hours=HOURS)), used=None, revoked=None,
    )  # fmt: skip
    session.add(invitation)
    session.flush()
    sent = Sent(invitation, token)
    # Who may not see the list of accounts does not learn here either whether there is one: its owner is told.
    _write(session, "invitation_known" if known else "invitation", sent, agency.name)
    detail = f"{post.role}; {agency.name}; {regions or '-'}"
    acts.record(session, by, "invite", about(invitation), detail, address)
    return sent


def resend(by: Account, invitation_id: int, address: str = "") -> Sent:
    """Send an invitation that was not used once more, with a new link; the old one dies."""
    session = db.session()
    found = one(session, by, invitation_id)
    if found.used:
        raise Refused(Problem("", N_("This invitation was used already."), {}))
    provinces = tuple(found.regions.split()) if found.role == "moderator" else ()
    guest = Guest(found.email, found.name, found.language)
    return invite(by, guest, Post(found.role, found.agency_id, provinces), address)


def revoke(by: Account, invitation_id: int, address: str = "") -> Invitation:
    """Make the link of an invitation useless."""
    session = db.session()
    found = one(session, by, invitation_id)
    if _revoke_all(session, by, found.email):
        acts.record(session, by, "revoke_invitation", about(found), address=address)
    session.commit()
    return found


def accept(token: str, name: str, password: str, address: str = "") -> Account:
    """Make the account of an invitation, and let the invitation die with it.

    Raises `NobodyThere` for a token that is unknown, used, revoked or expired – it is never said which – and `Refused`
    for a name or password that will not do.
    """
    session = db.session()
    try:
        account = _accept(session, token, name, password, address)
        session.commit()
    except IntegrityError as fault:  # the address got an account at the same moment
        session.rollback()
        raise NobodyThere from fault
    except BaseException:
        session.rollback()
        raise
    return account


def _accept(session: Session, token: str, name: str, password: str, address: str) -> Account:
    found = pending(session, token)
    name = people.tidy(name)
    problems = people.name_problems("name", name, people.LONGEST_NAME)
    problems += passwords.problems(password, name, found.email, found.role)
    if problems:
        raise Refused(*problems)
    now = stamp()
    used = session.execute(
        update(Invitation)
        .where(Invitation.id == found.id, Invitation.used.is_(None), Invitation.revoked.is_(None))
        .values(used=now)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise NobodyThere
    account = Account(
        email=found.email, name=name, password=hash_password(password), active=True, role=found.role,
        agency_id=found.agency_id, regions=found.regions, language=found.language, demo=False, created=now,
        fs_uniquifier=secrets.token_hex(32),
    )  # fmt: skip
    session.add(account)
    session.flush()
    acts.record(session, account, "accept_invitation", about(found), about(account), address)
    notifications.write(session, found.email, found.language, "account_made", {})
    return account


def pending(session: Session, token: str) -> Invitation:
    """The invitation behind a link that still works; raises `NobodyThere`."""
    found = session.execute(select(Invitation).where(Invitation.token_hash == _hash(token))).scalar_one_or_none()
    if found is None or not is_open(found) or _has_account(session, found.email):
        raise NobodyThere
    agency = session.get(Agency, found.agency_id)
    if agency is None or not agency.active:
        raise NobodyThere
    return found


def office(session: Session, invitation: Invitation) -> Agency:
    """The office an invitation is for."""
    return people.agency_of(session, invitation.agency_id)


def is_open(invitation: Invitation, now: str = "") -> bool:
    """True while the link of an invitation works."""
    return invitation.used is None and invitation.revoked is None and invitation.expires > (now or stamp())


def one(session: Session, by: Account, invitation_id: int) -> Invitation:
    """An invitation through the eyes of a person; raises `NobodyThere` for those of others."""
    found = session.get(Invitation, invitation_id)
    if found is None or not may_see(by, found, session.get(Agency, found.agency_id)):
        raise NobodyThere(invitation_id)
    return found


def may_see(by: Account, invitation: Invitation, agency: Agency | None) -> bool:
    """True for administrators, and for coordinators where it is for a clerk of their own region."""
    if permissions.can(by.actor, "manage_users"):
        return True
    clerk = agency is not None and invitation.role == "agency_clerk"
    return clerk and permissions.can(by.actor, "invite_clerk", Thing(agency.region if agency else ""))


def _demand_right(session: Session, by: Account | None, post: Post) -> None:
    if by is None or permissions.can(by.actor, "manage_users"):
        return
    agency = session.get(Agency, post.agency)
    if post.role != "agency_clerk":
        raise NotAllowed("invite")
    permissions.demand(by.actor, "invite_clerk", Thing(agency.region if agency else ""))


def _demand_measure(session: Session, by: Account | None) -> None:
    """Whoever got hold of an account must not be able to mail the world with it."""
    if by is None:
        return
    lately = select(func.count()).where(
        Invitation.invited_by == by.id, Invitation.created > stamp(timedelta(days=-1))
    )  # fmt: skip
    if session.execute(lately).scalar_one() >= MOST_A_DAY:
        raise Refused(Problem("", N_("You sent many invitations today. Please go on tomorrow."), {}))


def _email(text: str) -> str | None:
    """A mail address as accounts keep it, in lower case; None where it is none."""
    try:
        found = validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None
    return found if len(found) <= LONGEST_EMAIL and notifications.is_address(found) else None


def _has_account(session: Session, email: str) -> bool:
    return session.execute(select(Account.id).where(func.lower(Account.email) == email)).first() is not None


def _revoke_all(session: Session, by: Account | None, email: str) -> bool:
    """Make the open invitations to an address useless that this person may see; True where there was one."""
    waiting = (Invitation.email == email, Invitation.used.is_(None), Invitation.revoked.is_(None))
    found = session.execute(select(Invitation, Agency).join(Agency, Agency.id == Invitation.agency_id).where(*waiting))
    own = [invitation.id for invitation, agency in found if by is None or may_see(by, invitation, agency)]
    gone = session.execute(update(Invitation).where(Invitation.id.in_(own), *waiting).values(revoked=stamp()))
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def _write(session: Session, key: str, sent: Sent, office: str) -> None:
    """Lay the letter of an invitation into the outbox."""
    guest = sent.invitation
    label = desk.ROLES[guest.role].label
    role = catalogue(guest.language).gettext(label)
    link = notifications.address(sent.path, guest.language)
    values = {"office": office, "role": role, "hours": HOURS, "link": link}
    notifications.write(session, guest.email, guest.language, key, values)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
