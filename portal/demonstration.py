"""Whom can one try the demonstration as? One marked example account of each role, with passwords that anybody may know.

They work under `portal demo` alone (`Account.is_active`), and are never made beside accounts of real people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from flask import current_app
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import config
from portal.accounts import acts, sittings
from portal.extensions import db, stamp
from portal.models import Account, Agency
from portal.terms import N_

PASSWORD = "contoh untuk dicoba saja"  # noqa: S105 - known to everybody, and shown beside the form
TOTP_KEY = "CONTOHUNTUKDICOBASAJACONTOHUNTUK"  # base32, as an authenticator app takes it
REGION = "33.14"


@dataclass(frozen=True, slots=True)
class Example:
    """An example account: mail address before the @, name, role, office and its region, provinces of a moderator."""

    local: str
    name: str
    role: str
    office: str
    region: str = ""
    provinces: str = ""

    @property
    def email(self) -> str:
        """The mail address; `.example` belongs to nobody (RFC 2606)."""
        return f"{self.local}@contoh.example"


EXAMPLES = (
    Example("klerk", "Klerk Contoh", "agency_clerk", "Dinas Pariwisata (contoh)", REGION),
    Example("koordinator", "Koordinator Contoh", "coordinator", "Bagian Kerja Sama (contoh)", REGION),
    Example("moderator", "Moderator Contoh", "moderator", "Sekretariat Portal (contoh)"),
    Example("moderator2", "Moderator Kedua Contoh", "moderator", "Biro Kerja Sama (contoh)", "33", "33"),
    Example("pengelola", "Pengelola Contoh", "administrator", "Sekretariat Portal (contoh)"),
)

REAL = N_("This database has accounts of real people: no example accounts were made.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the sign-in page tells of an example account; ``code`` is the one of this half minute, empty without."""

    email: str
    role: str
    office: str
    password: str
    code: str


def make_accounts() -> str:
    """Make the example accounts that are not there yet; returns what hindered it, empty where nothing did."""
    session = db.session()
    if session.execute(select(Account.id).where(Account.demo.is_(False)).limit(1)).first() is not None:
        session.rollback()
        return REAL
    for example in EXAMPLES:
        if session.execute(select(Account.id).where(Account.email == example.email)).first() is None:
            session.add(_account(session, example))
            acts.record(session, None, "example_account", detail=example.role)
    session.commit()
    return ""


def _account(session: Session, example: Example) -> Account:
    strong = sittings.needs_second_factor(example.role)
    return Account(
        email=example.email, name=example.name, password=hash_password(PASSWORD), active=True, role=example.role,
        agency=_agency(session, example), regions=example.provinces if strong else example.region,
        language=config.FIRST_LOCALE, demo=True, created=stamp(), fs_uniquifier=token_hex(32),
        tf_primary_method="authenticator" if strong else None, tf_totp_secret=_totp() if strong else None,
        mf_recovery_codes=[],
    )  # fmt: skip


def _agency(session: Session, example: Example) -> Agency:
    wanted = select(Agency).where(Agency.name == example.office, Agency.region == example.region)
    found = session.execute(wanted).scalars().first()
    if found is None:
        found = Agency(name=example.office, region=example.region, active=True, created=stamp())
        session.add(found)
        session.flush()
    return found


def _totp() -> str:
    """The known key as the sign-in library keeps keys."""
    return str(_factory()._totp(key=TOTP_KEY).to_json(encrypt=True))


def _factory() -> Any:
    return current_app.extensions["security"].totp_factory


def shown() -> Iterator[Shown]:
    """The example accounts for the sign-in page; none outside of the demonstration."""
    if not current_app.config["DEMO"]:
        return
    known = {example.email: example for example in EXAMPLES}
    query = select(Account).where(Account.demo, Account.active, Account.email.in_(known)).order_by(Account.id)
    for account in db.session.execute(query).scalars():
        secret = account.tf_totp_secret
        code = str(_factory().generate_totp_password(secret)) if secret else ""
        yield Shown(account.email, account.role, account.agency.name, PASSWORD, code)
