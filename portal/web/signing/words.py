"""Which passwords and letters does the library get? The rules of the register, the outbox, the owner's language."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_security import MailUtil, PasswordUtil, hash_password

from portal import notifications
from portal.accounts import entrances, passwords
from portal.extensions import db
from portal.models import Account
from portal.web.language import current_language
from portal.web.signing.settings import RESET_WITHIN


class OurPasswords(PasswordUtil):
    """The rules for passwords (`accounts.passwords`)."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """What is wrong with a new password, in words, and the password as it is hashed."""
        user: Account = kwargs["user"]
        plain = self.normalize(password)
        found = []
        for problem in passwords.problems(plain, user.name, user.email, user.role):
            message = problem.message
            found.append(_(message, **problem.values))
        return found or None, plain


class Outbox(MailUtil):
    """The one letter the library sends goes into the outbox, with an address made from the settings."""

    def send_mail(self, template: str, subject: str, recipient: Any, *_rest: Any, **kwargs: Any) -> None:
        """Write the letter with the link for a new password, and take as long as where there is no account."""
        hash_password("not-a-password")
        user: Account = kwargs["user"]
        path = url_for("security.reset_password", token=kwargs["reset_token"], language=user.language)
        minutes = int(RESET_WITHIN.total_seconds() // 60)
        entrances.reset_wanted(db.session(), user, user.email, notifications.address(path), minutes, current_language())
