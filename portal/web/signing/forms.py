"""What is filled in to sign in? The library's forms with our words, limits (trust S27) and no way out of the site."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    MfRecoveryForm,
    ResetPasswordForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.forms import EmailValidation, RequiredLocalize, email_required, password_required, valid_user_email
from flask_security.utils import hash_data
from wtforms import EmailField, Field, Form, HiddenField, PasswordField, RadioField, StringField

from portal import notifications, throttling
from portal.accounts import entrances
from portal.extensions import db
from portal.web.language import current_language
from portal.web.signing.inside import inside

MINUTE = 60


def address() -> str:
    """Where this request came from, as the limits and the log know it."""
    return request.remote_addr or ""


def counted_as(written: str) -> str:
    """Under which mail address a try is counted: as accounts keep it, so that no other spelling begins anew."""
    try:
        return str(validate_email(written, check_deliverability=False).normalized)
    except EmailNotValidError:
        return written


def tries_of(written: str) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
    """Under what a try to sign in is counted: account from here, account from everywhere, all from here."""
    account, here = counted_as(written), throttling.network(address())
    return ("sign_in", f"{account} {here}"), ("sign_in_account", account), ("sign_in_address", here)


def wait_in_words(seconds: int) -> str:
    """A wait as one would say it: seconds, from a minute on in whole minutes."""
    if seconds < MINUTE:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    return ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // MINUTE))


def too_many(seconds: int) -> str:
    """What is said where something was tried too often: how long to wait."""
    return _("Too many tries. Please wait %(wait)s, then try again.", wait=wait_in_words(seconds))


class Held:
    """A form whose tries are counted; ``wait`` is told with status 429."""

    wait: int = 0
    form_errors: Any

    def held_back(self, *keys: tuple[str, str]) -> bool:
        """True, with the wait told, where one of these has tried too often."""
        self.wait = max(throttling.wait(bucket, key) for bucket, key in keys)
        if self.wait:
            self.form_errors = [too_many(self.wait)]
        return bool(self.wait)

    def count(self, what: str, account: Any, *keys: tuple[str, str]) -> None:
        """Count a failure for each of these and write it into the log."""
        db.session.rollback()
        for bucket, key in keys:
            throttling.count(bucket, key)
        entrances.refused(db.session(), account, what, address())


class SignInForm(Held, LoginForm):
    """Mail address and password."""

    email = EmailField(_l("Mail address"), validators=[email_required, EmailValidation(verify=False)])
    password = PasswordField(_l("Password"), validators=[password_required])
    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""
        self.next.data = inside(self.next.data)

    def validate_next(self, field: Field) -> None:
        """An address outside is forgotten, not complained about."""
        field.data = inside(field.data)

    def validate(self, **kwargs: Any) -> bool:
        """True for an account that works and its password; the library takes the same time where there is none."""
        keys = tries_of(self.email.data or "")
        if self.held_back(*keys):
            return False
        if super().validate(**kwargs):
            session["next"] = self.next.data
            return True
        if self.email.data and self.password.data:
            self.count("sign_in_failed", self.user, *keys)
        return False


class AgainForm(Held, VerifyForm):
    """The password again, before something that matters."""

    password = PasswordField(_l("Password"), validators=[password_required])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = inside(self.next.data)

    def validate_next(self, field: Field) -> None:
        """As for signing in."""
        field.data = inside(field.data)

    def validate(self, **kwargs: Any) -> bool:
        """True for the password of who is signed in."""
        key = ("password_again", str(self.user.id))  # strangers who guess at the sign-in must not hold this up
        if self.held_back(key):
            return False
        if super().validate(**kwargs):
            return True
        if self.password.data:
            self.count("password_failed", self.user, key)
        return False


class SetupForm(TwoFactorSetupForm):
    """Which second factor is set up, or that it is switched off; a press of one of two buttons."""

    setup = HiddenField()


class RescueForm(TwoFactorRescueForm):
    """Never shown: who lost the telephone takes a recovery code or asks an administrator."""

    help_setup = RadioField(choices=[])


class CodeForm(Held, TwoFactorVerifyCodeForm):
    """The six digits of the authenticator app; blanks between them are no mistake."""

    code = StringField(
        _l("Code of six digits"),
        validators=[RequiredLocalize(message="TWO_FACTOR_INVALID_TOKEN")],
        filters=[lambda value: "".join(str(value or "").split())],
    )

    def validate(self, **kwargs: Any) -> bool:
        """True for a code of now that nobody used yet."""
        owner: Any = self.user
        key = ("second_factor", str(owner.id))
        if self.held_back(key):
            return False
        if self.is_setup:
            owner.tf_last_counter = None  # the codes of another secret begin anew
        if super().validate(**kwargs):
            return True
        if self.code.data:
            self.count("code_failed", owner, key)
        return False


class RecoveryForm(Held, MfRecoveryForm):
    """One of the codes put aside for the day the telephone is lost."""

    code = StringField(_l("Recovery code"), validators=[RequiredLocalize(message="INVALID_RECOVERY_CODE")])

    def validate(self, **kwargs: Any) -> bool:
        """True for a code not spent yet."""
        owner: Any = self.user
        key = ("second_factor", str(owner.id))
        if self.held_back(key):
            return False
        if super().validate(**kwargs):
            return True
        if self.code.data:
            self.count("code_failed", owner, key)
        return False


class ForgotForm(Held, ForgotPasswordForm):
    """The mail address to which a link goes, or a letter that says that nobody works here under it."""

    email = EmailField(_l("Mail address"), validators=[email_required, EmailValidation(verify=False), valid_user_email])

    def validate(self, **kwargs: Any) -> bool:
        """True where there is an account; where there is none the same is written, counted and answered."""
        written = (self.email.data or "").strip()
        if not notifications.is_address(written):
            self.form_errors = [_("This is not a mail address.")]
            return False
        keys = (("reset", counted_as(written)), ("reset_address", throttling.network(address())))
        if self.held_back(*keys):
            return False
        for bucket, key in keys:
            throttling.count(bucket, key)
        if super().validate(**kwargs):
            return True
        hash_data(written)  # what a link for somebody who works here takes longest
        db.session.rollback()
        entrances.reset_wanted(db.session(), None, written, "", 0, current_language())
        return False


class NewPasswordForm(ResetPasswordForm):
    """Another password, behind the link of a letter."""

    password = PasswordField(_l("New password"), validators=[password_required])
    password_confirm = PasswordField(_l("The same password again"), validators=[password_required])

    def validate(self, **kwargs: Any) -> bool:
        """True for a good password, twice the same."""
        return _twice(self, self.password, self.password_confirm) and bool(super().validate(**kwargs))


class ChangeForm(Held, ChangePasswordForm):
    """The old password and a new one."""

    password = PasswordField(_l("Password until now"))
    new_password = PasswordField(_l("New password"), validators=[password_required])
    new_password_confirm = PasswordField(_l("The same password again"), validators=[password_required])

    def validate(self, **kwargs: Any) -> bool:
        """True for the right old and a good new password."""
        from portal.web.access import own_account

        owner = own_account()
        key = ("password_again", str(owner.id))
        if self.held_back(key) or not _twice(self, self.new_password, self.new_password_confirm):
            return False
        if super().validate(**kwargs):
            return True
        if self.password.data and self.password.errors:
            self.count("password_failed", owner, key)
        return False


def _twice(form: Form, first: Field, second: Field) -> bool:
    if first.data == second.data:
        return True
    second.errors = [_("The two passwords differ.")]
    form.form_errors = []
    return False
