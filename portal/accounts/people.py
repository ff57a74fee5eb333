"""Who works here, as what, and in which office? Accounts and offices are changed here; every change is written down.

An account is never deleted, only disabled: decisions name who made them. A change of role, office or reach, and a
disabled account, end all its sign-ins in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal import config, desk, notifications, permissions, places, safety
from portal.accounts import acts, sittings
from portal.extensions import db, stamp
from portal.models import Account, Agency, Invitation
from portal.permissions import NotAllowed
from portal.terms import N_
from portal.translating import catalogue
from portal.validation import LONGEST_OFFICE, Problem

LONGEST_NAME = 120
OF_A_REGION = frozenset({"agency_clerk", "coordinator"})  # roles whose reach is the region of their office


class Refused(ValueError):
    """What was asked for cannot be; ``problems`` names each field of the form and the reason."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = list(problems)


class NobodyThere(LookupError):
    """There is no such account, office or invitation for this person."""


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody does here: role (`desk.ROLES`), id of the office, provinces of a moderator (none: all)."""

    role: str
    agency: int
    provinces: tuple[str, ...] = ()


def settled(session: Session, post: Post) -> tuple[Agency, str]:
    """The office and the reach (`Account.regions`) of a post; raises `Refused` where it makes no sense."""
    problems = []
    agency = session.get(Agency, post.agency)
    if post.role not in desk.ROLES:
        problems.append(Problem("role", N_("Choose a role."), {}))
    if agency is None or not agency.active:
        problems.append(Problem("agency", N_("Choose an office that is open."), {}))
    elif post.role in OF_A_REGION and not agency.region:
        problems.append(Problem("agency", N_("This role needs an office of a region."), {}))
    known = {province.code for province in places.provinces()}
    if post.role == "moderator" and not known.issuperset(post.provinces):
        problems.append(Problem("provinces", N_("Choose provinces from the list."), {}))
    if problems or agency is None:
        raise Refused(*problems)
    if post.role in OF_A_REGION:
        return agency, agency.region
    return agency, " ".join(sorted(set(post.provinces))) if post.role == "moderator" else ""


def name_problems(field: str, name: str, longest: int) -> list[Problem]:
    """What is wrong with the name of a person or office."""
    if not name:
        return [Problem(field, N_("Write a name."), {})]
    if len(name) > longest:
        return [Problem(field, N_("Write at most %(most)s letters."), {"most": str(longest)})]
    if safety.hides(name, longest) or safety.is_piled(name):
        return [Problem(field, N_("The name holds characters that nobody can see."), {})]
    return []


def about(thing: Account | Agency | Invitation) -> str:
    """What the act log calls a thing: ``account 7``; names stay out of what can never be deleted."""
    return f"{type(thing).__name__.lower()} {thing.id}"


def tidy(text: str) -> str:
    """A name as it is kept: without blanks around it, one blank between words."""
    return " ".join(text.split())


def change(by: Account, account_id: int, name: str, language: str, post: Post, address: str = "") -> Account:
    """Give an account another name, language or post; nobody changes their own.

    Raises `NotAllowed`, `NobodyThere` and `Refused`. Another post ends the sign-ins of the account at once.
    """
    session = db.session()
    try:
        account = _another(session, by, account_id)
        name = tidy(name)
        problems = name_problems("name", name, LONGEST_NAME)
        if language not in config.LOCALES:
            problems.append(Problem("language", N_("Choose a language."), {}))
        if problems:
            raise Refused(*problems)
        agency, regions = settled(session, post)
        if post.role != "administrator":
            _demand_another_administrator(session, {account.id}, "role")
        before = (account.role, account.agency.name, account.regions)
        after = (post.role, agency.name, regions)
        if name != account.name or language != account.language:
            acts.record(session, by, "change_account", about(account), "name, language", address)
        moved = before != after or agency.id != account.agency_id
        account.name, account.language = name, language
        account.role, account.agency, account.regions = post.role, agency, regions
        if moved:
            acts.record(session, by, "change_role", about(account), _told(before, after), address)
            _let_go(session, account)
            _tell(session, account, "role_changed")
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return account


def set_active(by: Account, account_id: int, active: bool, address: str = "") -> Account:
    """Disable an account, which ends its sign-ins at once, or enable it again; never one's own."""
    session = db.session()
    try:
        account = _another(session, by, account_id)
        if account.active != active:
            if not active:
                _demand_another_administrator(session, {account.id}, "")
                _let_go(session, account)
            account.active = active
            acts.record(session, by, "enable" if active else "disable", about(account), address=address)
            _tell(session, account, "account_opened" if active else "account_closed")
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return account


def sign_out(by: Account, account_id: int, address: str = "") -> Account:
    """End every sign-in of an account."""
    session = db.session()
    permissions.demand(by.actor, "manage_users")
    account = _account(session, account_id)
    sittings.end_all(session, account.id)
    acts.record(session, by, "end_sign_ins", about(account), address=address)
    session.commit()
    return account


def add_agency(by: Account, name: str, region: str, address: str = "") -> Agency:
    """Add an office; ``region`` is its Kemendagri code, empty for a national office."""
    permissions.demand(by.actor, "manage_agencies")
    agency = new_agency(by, name, region, address)
    db.session().commit()
    return agency


def new_agency(by: Account | None, name: str, region: str, address: str = "") -> Agency:
    """An office that is there once the caller commits what needs it. ``by`` None: the command line."""
    session = db.session()
    name = tidy(name)
    problems = _agency_problems(session, name, region)
    if problems:
        session.rollback()
        raise Refused(*problems)
    agency = Agency(name=name, region=region, active=True, created=stamp())
    session.add(agency)
    session.flush()
    acts.record(session, by, "add_agency", about(agency), f"{name}; {region or '-'}", address)
    return agency


def rename_agency(by: Account, agency_id: int, name: str, address: str = "") -> Agency:
    """Give an office another name; what it published keeps the name it had then."""
    session = db.session()
    permissions.demand(by.actor, "manage_agencies")
    agency = agency_of(session, agency_id)
    name = tidy(name)
    problems = _agency_problems(session, name, agency.region, agency.id)
    if problems:
        session.rollback()
        raise Refused(*problems)
    if name != agency.name:
        acts.record(session, by, "rename_agency", about(agency), f"{agency.name} > {name}", address)
        agency.name = name
    session.commit()
    return agency


def set_agency_open(by: Account, agency_id: int, is_open: bool, address: str = "") -> Agency:
    """Close an office – nobody of it can sign in any more – or open it again; never one's own."""
    session = db.session()
    try:
        permissions.demand(by.actor, "manage_agencies")
        agency = agency_of(session, agency_id)
        if agency.id == by.agency_id:
            raise Refused(Problem("", N_("You cannot close the office you belong to."), {}))
        if agency.active != is_open:
            members = session.execute(select(Account.id).where(Account.agency_id == agency.id)).scalars().all()
            if not is_open:
                _demand_another_administrator(session, members, "")
                for member in members:
                    sittings.end_all(session, member)
            agency.active = is_open
            acts.record(session, by, "open_agency" if is_open else "close_agency", about(agency), agency.name, address)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return agency


def agency_of(session: Session, agency_id: int) -> Agency:
    """An office by its id; raises `NobodyThere`."""
    found = session.get(Agency, agency_id)
    if found is None:
        raise NobodyThere(agency_id)
    return found


def agency_named(name: str, region: str) -> Agency | None:
    """The open office of a name in a region, if there is one."""
    same = select(Agency).where(func.lower(Agency.name) == tidy(name).lower(), Agency.region == region, Agency.active)
    return db.session.execute(same).scalars().first()


def _account(session: Session, account_id: int) -> Account:
    found = session.get(Account, account_id)
    if found is None:
        raise NobodyThere(account_id)
    return found


def _another(session: Session, by: Account, account_id: int) -> Account:
    """The account of somebody else."""
    permissions.demand(by.actor, "manage_users")
    if account_id == by.id:
        raise NotAllowed("nobody changes their own role")
    return _account(session, account_id)


def _let_go(session: Session, account: Account) -> None:
    """End the sign-ins of an account, and the invitations it sent that nobody used yet."""
    sittings.end_all(session, account.id)
    session.execute(
        update(Invitation)
        .where(Invitation.invited_by == account.id, Invitation.used.is_(None), Invitation.revoked.is_(None))
        .values(revoked=stamp())
    )


def _demand_another_administrator(session: Session, leaving: Collection[int], field: str) -> None:
    """Somebody must remain who can let others in. The rows stay locked, so that two cannot send each other away."""
    left = (
        session.execute(
            select(Account.id)
            .join(Agency, Agency.id == Account.agency_id)
            .where(Account.role == "administrator", Account.active, Agency.active)
            .order_by(Account.id)
            .with_for_update()
        )
        .scalars()
        .all()
    )
    if set(left) & set(leaving) and not set(left) - set(leaving):
        raise Refused(Problem(field, N_("This is the last administrator."), {}))


def _agency_problems(session: Session, name: str, region: str, own: int = 0) -> list[Problem]:
    problems = name_problems("name", name, LONGEST_OFFICE)
    if region and region not in places.regions():
        problems.append(Problem("region", N_("Choose a region from the list."), {}))
    if problems:
        return problems
    same = select(Agency.id).where(func.lower(Agency.name) == name.lower(), Agency.region == region, Agency.id != own)
    if session.execute(same.limit(1)).first() is not None:
        problems.append(Problem("name", N_("There is an office of this name in the region already."), {}))
    return problems


def _told(before: Sequence[str], after: Sequence[str]) -> str:
    """What changed, for the act log: ``role: agency_clerk > moderator``."""
    names = ("role", "office", "regions")
    return "; ".join(f"{n}: {b or '-'} > {a or '-'}" for n, b, a in zip(names, before, after, strict=True) if b != a)


def _tell(session: Session, account: Account, key: str) -> None:
    """Write to the owner of an account what was done to it."""
    label = desk.ROLES[account.role].label
    role = catalogue(account.language).gettext(label)
    notifications.write(session, account.email, account.language, key, {"role": role})
