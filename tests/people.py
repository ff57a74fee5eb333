"""Who works at the desk in the tests? One of each role, near and far, all with the same long password.

`people` (shared, for reading) and `fresh_people` are the fixtures; ``signed_in(app, people.clerk)`` gives a client that
carries a live sign-in and sends the CSRF token with every request, and that checks each page as it arrives.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from itsdangerous import URLSafeTimedSerializer

from tests.pages import CheckedClient

PASSWORD = "sawah hijau di kaki gunung"
KLATEN, SRAGEN, CENTRAL_JAVA, EAST_JAVA = "33.10", "33.14", "33", "35"
SECOND_FACTOR = {"moderator", "administrator"}


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the tests; ``token`` is the id of a sign-in begun beforehand where the database only reads."""

    id: int
    email: str
    role: str
    agency: int
    uniquifier: str
    totp: str = ""
    token: str = ""
    password: str = field(default=PASSWORD, repr=False)


@dataclass(frozen=True, slots=True)
class People:
    """One of each role; the comments of `tests.people.people` say where they work."""

    clerk: Person
    colleague: Person
    stranger: Person
    coordinator: Person
    moderator: Person
    second: Person
    distant: Person
    admin: Person

    @property
    def all(self) -> list[Person]:
        return [getattr(self, name) for name in self.__slots__]


@cache
def hashed(password: str) -> str:
    """The hash of a password, worked out once for all tests."""
    from flask_security.utils import hash_password

    return str(hash_password(password))


def person(app: Any, name: str, role: str, agency: int, regions: str, begun: bool = False) -> Person:
    """Add an account directly to the database; ``begun`` also begins a sign-in for it."""
    from portal.accounts import sittings
    from portal.extensions import db, stamp
    from portal.models import Account

    with app.app_context():
        session = db.session()
        totp = app.extensions["security"].totp_factory.generate_totp_secret() if role in SECOND_FACTOR else None
        account = Account(
            email=f"{name}@uji.example", name=f"Pegawai {name.capitalize()}", password=hashed(PASSWORD), active=True,
            role=role, agency_id=agency, regions=regions, language="id", demo=False, created=stamp(),
            fs_uniquifier=secrets.token_hex(16), tf_primary_method="authenticator" if totp else None,
            tf_totp_secret=totp, mf_recovery_codes=[],
        )  # fmt: skip
        session.add(account)
        session.flush()
        token = sittings.begin(session, account, "Firefox", "127.0.0.1") if begun else ""
        made = Person(account.id, account.email, role, agency, account.fs_uniquifier, totp or "", token)
        session.commit()
        db.session.remove()
    return made


def agency(app: Any, name: str, region: str) -> int:
    """Add an office directly to the database; returns its id."""
    from portal.extensions import db, stamp
    from portal.models import Agency

    with app.app_context():
        office = Agency(name=name, region=region, active=True, created=stamp())
        db.session.add(office)
        db.session.commit()
        number = office.id
        db.session.remove()
    return number


def people(app: Any, begun: bool = False) -> People:
    """Make the offices and accounts of the tests."""
    office = agency(app, "Dinas Uji", KLATEN)
    other = agency(app, "Badan Percobaan", KLATEN)
    far = agency(app, "Dinas Uji Sragen", SRAGEN)
    section = agency(app, "Bagian Kerja Sama", KLATEN)
    national = agency(app, "Sekretariat Tautan Daerah", "")
    province, east = agency(app, "Biro Uji Jawa Tengah", CENTRAL_JAVA), agency(app, "Biro Uji Jawa Timur", EAST_JAVA)
    return People(
        clerk=person(app, "clerk", "agency_clerk", office, KLATEN, begun),
        colleague=person(app, "colleague", "agency_clerk", other, KLATEN, begun),
        stranger=person(app, "stranger", "agency_clerk", far, SRAGEN, begun),
        coordinator=person(app, "coordinator", "coordinator", section, KLATEN, begun),
        moderator=person(app, "moderator", "moderator", national, "", begun),
        second=person(app, "second", "moderator", province, CENTRAL_JAVA, begun),
        distant=person(app, "distant", "moderator", east, EAST_JAVA, begun),
        admin=person(app, "admin", "administrator", national, "", begun),
    )


def signed_in(app: Any, who: Person, fresh: bool = True) -> CheckedClient:
    """A client of somebody who has signed in; ``fresh`` False: longer ago than what asks for the password again."""
    client: CheckedClient = app.test_client()
    raw = secrets.token_hex(20)
    with client.session_transaction() as session:
        session["_user_id"] = who.uniquifier
        session["_fresh"] = True
        session["sitting"] = who.token or _begin(app, who)
        session["fs_paa"] = time.time() - (0 if fresh else 3600)
        session["csrf_token"] = raw
    signed = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(raw)
    client.environ_base["HTTP_X_CSRFTOKEN"] = signed
    return client


def _begin(app: Any, who: Person) -> str:
    from portal.accounts import sittings
    from portal.extensions import db
    from portal.models import Account

    with app.app_context():
        account = db.session.get(Account, who.id)
        assert account is not None
        token = sittings.begin(db.session(), account, "Firefox", "127.0.0.1")
        db.session.commit()
        db.session.remove()
    return token
