"""Who is there, who was invited, who signed in, and what was done? Lists for those who look after the accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal import permissions
from portal.extensions import db, reading, stamp
from portal.models import Account, Act, Agency, Invitation, SignIn

PAGE = 50
LATELY = 30  # days that a used, revoked or expired invitation stays in the list
_BATCH = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A page of a list: its rows, how many there are in all, and which page it is (1 first)."""

    rows: Sequence[T]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty texts narrow nothing. ``first`` and ``last`` are days (``2026-11-22``)."""

    words: str = ""
    role: str = ""
    region: str = ""
    state: str = ""
    what: str = ""
    account: int | None = None
    about: str = ""
    agency: int | None = None
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of the administrators' first page."""

    active: int
    disabled: int
    without_second_factor: int
    open_agencies: int
    open_invitations: int
    live_sign_ins: int


def overview(session: Session, roles_with_second_factor: Sequence[str]) -> Overview:
    """How many accounts, offices, invitations and sign-ins there are."""
    has_none = and_(Account.tf_primary_method.is_(None), ~Account.webauthn.any())
    lacking = and_(Account.active, Account.role.in_(roles_with_second_factor), has_none)
    return Overview(
        active=_count(session, Account, Account.active.is_(True)),
        disabled=_count(session, Account, Account.active.is_(False)),
        without_second_factor=_count(session, Account, lacking),
        open_agencies=_count(session, Agency, Agency.active.is_(True)),
        open_invitations=_count(session, Invitation, is_open()),
        live_sign_ins=_count(session, SignIn, SignIn.ended.is_(None)),
    )


def people(session: Session, wanted: Wanted, page: int = 1) -> Found[Account]:
    """Accounts by name; ``words`` is sought in name, mail address and office."""
    conditions: list[ColumnElement[bool]] = []
    for word in wanted.words.split()[:10]:
        sought = (Account.name, Account.email, Agency.name)
        conditions.append(or_(*(column.icontains(word, autoescape=True) for column in sought)))
    if wanted.role:
        conditions.append(Account.role == wanted.role)
    if wanted.region:
        conditions.append(Agency.region == wanted.region)
    if wanted.agency is not None:
        conditions.append(Account.agency_id == wanted.agency)
    if wanted.state:
        conditions.append(Account.active.is_(wanted.state == "active"))
    query = select(Account).join(Agency, Agency.id == Account.agency_id).where(*conditions)
    return _page(session, query, (func.lower(Account.name), Account.id), page)


def agencies(session: Session) -> list[tuple[Agency, int]]:
    """Every office with the number of its active accounts, by region and name."""
    members = func.count(Account.id)
    query = (
        select(Agency, members)
        .outerjoin(Account, and_(Account.agency_id == Agency.id, Account.active))
        .group_by(Agency.id)
        .order_by(Agency.region, func.lower(Agency.name))
    )
    return [(agency, count) for agency, count in session.execute(query)]


def open_agencies(session: Session, by: Account) -> list[Agency]:
    """The open offices that a person may invite into: all, or those of the own region."""
    query = select(Agency).where(Agency.active).order_by(Agency.region, func.lower(Agency.name))
    if not permissions.can(by.actor, "manage_users"):
        query = query.where(Agency.region.in_(by.actor.regions))
    return list(session.execute(query).scalars())


def is_open() -> ColumnElement[bool]:
    """The condition of an invitation whose link still works."""
    return and_(Invitation.used.is_(None), Invitation.revoked.is_(None), Invitation.expires > stamp())


def invitations(session: Session, by: Account) -> list[tuple[Invitation, Agency]]:
    """The invitations a person may see, newest first: the open ones and those of the last thirty days."""
    query = (
        select(Invitation, Agency)
        .join(Agency, Agency.id == Invitation.agency_id)
        .where(or_(is_open(), Invitation.created > stamp(timedelta(days=-LATELY))))
        .order_by(Invitation.created.desc(), Invitation.id.desc())
        .limit(500)
    )
    if not permissions.can(by.actor, "manage_users"):
        query = query.where(Invitation.role == "agency_clerk", Agency.region.in_(by.actor.regions))
    return [(invitation, agency) for invitation, agency in session.execute(query)]


def sign_ins(session: Session, wanted: Wanted, page: int = 1) -> Found[tuple[SignIn, Account]]:
    """Sign-ins with their accounts, newest first; ``state`` ``live`` leaves out those that ended."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.account is not None:
        conditions.append(SignIn.account_id == wanted.account)
    if wanted.state == "live":
        conditions.append(SignIn.ended.is_(None))
    query = select(SignIn, Account).join(Account, Account.id == SignIn.account_id).where(*conditions)
    return _page(session, query, (SignIn.begun.desc(), SignIn.id.desc()), page, pairs=True)


def acts(session: Session, wanted: Wanted, page: int = 1) -> Found[tuple[Act, Account | None]]:
    """What staff and the command line did, newest first, each with who did it."""
    return _page(session, _acts(wanted), (Act.id.desc(),), page, pairs=True)


def all_acts(wanted: Wanted) -> Iterator[tuple[Act, Account | None]]:
    """The same as a stream, oldest first, read in batches, each in a transaction of its own."""
    after = 0
    while True:
        with reading(), Session(db.engine) as session:
            rows = session.execute(_acts(wanted).where(Act.id > after).order_by(Act.id).limit(_BATCH)).all()
        yield from ((act, account) for act, account in rows)
        if len(rows) < _BATCH:
            return
        after = rows[-1][0].id


def kinds_of_acts(session: Session) -> list[str]:
    """The codes that occur in the act log."""
    return list(session.execute(select(Act.what).distinct().order_by(Act.what)).scalars())


def _acts(wanted: Wanted) -> Any:
    conditions: list[ColumnElement[bool]] = []
    if wanted.what:
        conditions.append(Act.what == wanted.what)
    if wanted.account is not None:
        conditions.append(Act.by == wanted.account)
    if wanted.about:
        conditions.append(Act.about == wanted.about)
    if wanted.words:
        conditions.append(
            or_(Act.about.icontains(wanted.words, autoescape=True), Act.detail.icontains(wanted.words, autoescape=True))
        )
    if wanted.first:
        conditions.append(Act.at >= wanted.first)
    if wanted.last:
        conditions.append(Act.at < wanted.last)
    whole = joinedload(Account.agency, innerjoin=False)  # an inner join would drop what nobody signed in did
    return select(Act, Account).outerjoin(Account, Account.id == Act.by).options(whole).where(*conditions)


def _page(session: Session, query: Any, order: Sequence[Any], page: int, pairs: bool = False) -> Found[Any]:
    total = session.execute(select(func.count()).select_from(query.order_by(None).subquery("counted"))).scalar_one()
    last = max(1, -(-total // PAGE))
    page = min(max(page, 1), last)
    rows = session.execute(query.order_by(*order).limit(PAGE).offset((page - 1) * PAGE))
    return Found([tuple(row) for row in rows] if pairs else list(rows.scalars()), total, page)


def _count(session: Session, table: Any, condition: ColumnElement[bool]) -> int:
    return session.execute(select(func.count()).select_from(table).where(condition)).scalar_one()
