"""Who works here? Offices, accounts with their second factors, invitations, sign-ins and failed attempts.

Times are UTC texts like those of the ledger (`extensions.stamp`), except where the sign-in library wants its own kind.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from flask_security import AsaList, UserMixin, WebAuthnMixin
from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import desk
from portal.extensions import Base
from portal.models.flags import flag
from portal.permissions import Actor


class Agency(Base):
    """An office that sends or decides proposals; its name is what the public reads, never a person's.

    ``region`` is the Kemendagri code it belongs to, empty for a national office.
    """

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    region: Mapped[str] = mapped_column(index=True)
    active: Mapped[bool] = flag("active")
    created: Mapped[str]


class Account(UserMixin, Base):
    """A person who signs in: one named account, one role (`desk.ROLES`), one office.

    ``regions`` holds Kemendagri codes with blanks between: the own region of a clerk or coordinator, the provinces of a
    moderator (empty: all). The columns with ``tf_``, ``mf_`` and ``fs_`` belong to the sign-in library.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = flag("active")
    role: Mapped[str]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    regions: Mapped[str]
    language: Mapped[str]
    demo: Mapped[bool] = flag("demo")
    created: Mapped[str]
    last_sign_in: Mapped[str | None]
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        String(64), unique=True
    )
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[Any] = mapped_column(MutableList.as_mutable(AsaList()), nullable=True)

    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)
    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        back_populates="account", cascade="all, delete-orphan"
    )

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        """What the sign-in library calls roles; the portal asks `permissions.can` instead."""
        return []

    @property
    def actor(self) -> Actor:
        """The account as `permissions` sees it."""
        return Actor(self.id, self.role, self.agency_id, frozenset(self.regions.split()))

    @property
    def needs_second_factor(self) -> bool:
        """True for a role that may do nothing before a second factor is there."""
        return self.role in desk.ROLES and desk.ROLES[self.role].extra["second_factor"] == "1"

    @property
    def has_second_factor(self) -> bool:
        """True where an authenticator app or a passkey is set up."""
        return bool(self.tf_primary_method or self.webauthn)

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """How the library learns whether a second factor is asked for: always where there is one or must be one."""
        return self.needs_second_factor or bool(tf_setup_methods), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """How the library learns whether the second factor may be switched off."""
        return self.needs_second_factor and not self.webauthn

    @property
    def is_active(self) -> bool:
        """True while the account and its office may work here; an example account works in a demonstration alone."""
        return self.active and self.agency.active and (not self.demo or bool(current_app.config["DEMO"]))


class Passkey(WebAuthnMixin, Base):
    """A passkey or security key of an account (WebAuthn)."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True, index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    transports: Mapped[Any] = mapped_column(MutableList.as_mutable(AsaList()), nullable=True)
    backup_state: Mapped[bool] = flag("backup_state")
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime] = mapped_column(server_default=text("CURRENT_TIMESTAMP"))
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))

    account: Mapped[Account] = relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, Any]:
        """How the library finds the account of a passkey."""
        return {"id": self.account_id}


class Invitation(Base):
    """A one-use link by mail that makes an account; only a hash of its token is kept."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    role: Mapped[str]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    regions: Mapped[str]
    language: Mapped[str]
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created: Mapped[str]
    expires: Mapped[str]
    used: Mapped[str | None]
    revoked: Mapped[str | None]


class SignIn(Base):
    """One sign-in that lasts until it ends; the cookie holds the id, here stands its hash.

    ``agent`` is the family of the browser ("Firefox on Android"), ``address`` the network address it came from.
    """

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_account", "account_id", "ended"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    begun: Mapped[str]
    seen: Mapped[str]
    ended: Mapped[str | None]
    agent: Mapped[str]
    address: Mapped[str]


class Attempt(Base):
    """How often something was tried within a span of time: shared by all workers, kept over a restart."""

    __tablename__ = "attempt"

    bucket: Mapped[str] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    since: Mapped[str]
    until: Mapped[str]
