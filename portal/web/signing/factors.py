"""What proves that it is really you, besides the password? Codes of an app and recovery codes, each good once."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from flask import Flask, request
from flask_security import MfRecoveryCodesUtil
from flask_security.totp import Totp
from passlib.totp import TotpMatch, UsedTokenError  # type: ignore[import-untyped]
from sqlalchemy import or_, select, update

from portal.accounts import entrances
from portal.extensions import db
from portal.models import Account


class OnceTotp(Totp):
    """Codes of an authenticator app, of which each is accepted once, whoever sends it and however often at a time."""

    def get_last_counter(self, user: Any) -> int | None:
        """The step of the last code that was accepted."""
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Take this code; of two requests with the same code the database lets one through."""
        unused = or_(Account.tf_last_counter.is_(None), Account.tf_last_counter < tmatch.counter)
        taking = update(Account).where(Account.id == user.id, unused).values(tf_last_counter=tmatch.counter)
        if db.session.execute(taking).rowcount != 1:  # type: ignore[attr-defined]
            raise UsedTokenError
        db.session.refresh(user, ["tf_last_counter"])


class HashedCodes(MfRecoveryCodesUtil):
    """Recovery codes of which only hashes are kept: they are shown once, when they are made."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.key = hmac.new(str(app.secret_key).encode(), b"recovery codes", hashlib.sha256).digest()

    def _hash(self, code: str) -> str:
        plain = "".join(character for character in code.lower() if character.isalnum())
        return hmac.new(self.key, plain.encode(), hashlib.sha256).hexdigest()

    def _encrypt_codes(self, codes: list[str]) -> list[str]:
        return [self._hash(code) for code in codes]

    def _decrypt_codes(self, _codes: list[str]) -> list[str]:
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """True for a code not spent yet; the row is held until the end of the request, so that it is spent once."""
        db.session.execute(
            select(Account).where(Account.id == user.id).with_for_update(of=Account)
            .execution_options(populate_existing=True)
        )  # fmt: skip
        return self._place(user, code) is not None

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Spend a code."""
        place = self._place(user, code)
        if place is None:
            return False
        user.mf_recovery_codes.pop(place)
        entrances.recovery_code_used(db.session(), user, request.remote_addr or "")
        return True

    def _place(self, user: Any, code: str) -> int | None:
        wanted = self._hash(code)
        codes = list(user.mf_recovery_codes or [])
        return next((n for n, kept in enumerate(codes) if hmac.compare_digest(kept, wanted)), None)
