"""How does a passkey serve as the second factor? The library's ceremony, bound to this site, session and account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import (
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninResponseForm,
    WebauthnUtil,
)
from flask_security.forms import RequiredLocalize
from flask_security.utils import get_message
from flask_security.webauthn import WebAuthnTfPlugin
from sqlalchemy import select
from webauthn.helpers.exceptions import WebAuthnException
from wtforms import Field, HiddenField, StringField

from portal import notifications, safety
from portal.extensions import db
from portal.models import Account, Passkey
from portal.web.language import current_language
from portal.web.signing.forms import Held
from portal.web.site import public_url

MOST = 10
CHALLENGE = "passkey_challenge"
LONGEST_ANSWER = 20_000
COMING_IN = frozenset({"security.wan_signin", "security.wan_signin_response"})


class OurPasskeys(WebauthnUtil):
    """Who asks for a passkey: this site under its public address, for one try of this session."""

    def generate_challenge(self, nbytes: int | None = None) -> str:
        """A challenge that this session alone may answer, once."""
        challenge: str = super().generate_challenge(nbytes)
        session[CHALLENGE] = challenge
        return challenge

    def origin(self) -> str:
        """Scheme and host as the browser knows them."""
        return public_url("")

    def registration_options(self, user: Any, usage: str, existing_options: dict[str, Any]) -> dict[str, Any]:
        """What a new passkey is made for; the browser shows the person's name beside the mail address."""
        existing_options["user_display_name"] = user.name
        options: dict[str, Any] = super().registration_options(user, usage, existing_options)
        return options


class SecondPasskey(WebAuthnTfPlugin):
    """Passkeys while signing in: the page of the code offers them; who has no app comes to them straight away."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        """Empty beside an authenticator app, so that the library never stops at a page that only asks which."""
        return [] if user.tf_primary_method else super().get_setup_methods(user)


class NameForm(WebAuthnRegisterForm):
    """What the person calls a new passkey."""

    name = StringField(
        _l("Name of the passkey"),
        validators=[RequiredLocalize(message="WEBAUTHN_NAME_REQUIRED")],
        filters=[lambda value: safety.xml_text(str(value or ""))],
    )
    usage = HiddenField()

    def validate(self, **kwargs: Any) -> bool:
        """True for a name that is not taken, while there are not too many."""
        owner = _owner()
        if len(owner.webauthn) >= MOST:
            self.form_errors = [_("You have %(most)s passkeys. Delete one that you no longer use.", most=MOST)]
            return False
        return bool(super().validate(**kwargs))


class NewPasskeyForm(WebAuthnRegisterResponseForm):
    """What the browser answers when it made a passkey."""

    def validate(self, **kwargs: Any) -> bool:
        """True for a passkey made for this site, in this session, just now."""
        sound = _is_answer(self.credential, self.challenge) and _held(super().validate, self.credential)
        self.extensions = ""
        return sound


class PasskeyForm(Held, WebAuthnSigninResponseForm):
    """What the browser answers when a passkey is used to sign in."""

    def validate(self, **kwargs: Any) -> bool:
        """True for a passkey of the very account whose password was given."""
        owner = pending()
        key = ("second_factor", str(owner.id if owner else ""))
        if owner is None or self.held_back(key):
            return False
        answered = _is_answer(self.credential, self.challenge)
        if answered and _held(super().validate, self.credential):
            if self.user is not None and self.user.fs_uniquifier == owner.fs_uniquifier:
                return True
            _refuse(self.credential, "WEBAUTHN_UNKNOWN_CREDENTIAL_ID")
        self.count("passkey_failed", owner, key)
        return False


class DeleteForm(WebAuthnDeleteForm):
    """Which passkey is deleted, by its name."""

    def validate(self, **kwargs: Any) -> bool:
        """False where it is the last second factor of somebody who must have one."""
        if not super().validate(**kwargs):
            return False
        owner = _owner()
        if owner.needs_second_factor and not owner.tf_primary_method and len(owner.webauthn) == 1:
            self.name.errors = [_("This is your only second factor. Set up another before you delete it.")]
            return False
        return True


FORMS = {
    "wan_register_form": NameForm,
    "wan_register_response_form": NewPasskeyForm,
    "wan_signin_response_form": PasskeyForm,
    "wan_delete_form": DeleteForm,
}


def pending() -> Account | None:
    """The account whose password was given and whose second factor is waited for."""
    if session.get("tf_state") != "ready" or "tf_user_id" not in session:
        return None
    wanted = select(Account).where(Account.fs_uniquifier == session["tf_user_id"])
    return db.session.execute(wanted).scalar_one_or_none()


def before() -> ResponseReturnValue | None:
    """Before the library's views: the public host, the way back of those who come in the middle, or without an app."""
    if (request.endpoint or "").startswith("security.wan_"):
        request.host = urlsplit(public_url("")).netloc  # the library names the site by it
    if request.endpoint in COMING_IN and pending() is None:
        flash(*get_message("TWO_FACTOR_PERMISSION_DENIED"))
        return redirect(url_for("security.login"), 303)
    if request.endpoint == "security.two_factor_token_validation":
        owner = pending()
        if owner is not None and not owner.tf_primary_method:
            return redirect(url_for("security.wan_signin"), 303)
    return None


def listed() -> dict[str, Any]:
    """What the page of the own passkeys shows: name and last use of each, and whether recovery codes are missing."""
    owner = _owner()
    shown = [_shown(one) for one in sorted(owner.webauthn, key=lambda one: one.id)]
    return {"passkeys": shown, "no_codes": bool(shown) and not owner.mf_recovery_codes}


def offered() -> dict[str, Any]:
    """What the page of the code shows: whether there is a passkey to use instead."""
    owner = pending()
    return {"has_passkey": bool(owner and owner.webauthn)}


def asked() -> dict[str, Any]:
    """What the page of signing in by passkey shows: whether there is a code to use instead."""
    owner = pending()
    return {"has_code": bool(owner and owner.tf_primary_method)}


def _shown(one: Passkey) -> dict[str, str]:
    used = one.lastuse_datetime.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"name": one.name, "used": notifications.written_moment(used, current_language())}


def _owner() -> Account:
    from portal.web.access import own_account

    return own_account()


def _is_answer(field: Field, challenge: str) -> bool:
    """True for a text of bearable length that answers the challenge of this session, which is spent by it."""
    asked_for = session.pop(CHALLENGE, None)
    if isinstance(field.data, str) and 0 < len(field.data) <= LONGEST_ANSWER and asked_for == challenge:
        return True
    return _refuse(field, "API_ERROR")


def _held(validate: Any, field: Field) -> bool:
    """What the library says; an answer that its reader stumbles over is none."""
    try:
        return bool(validate())
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _refuse(field, "API_ERROR")


def _refuse(field: Field, message: str) -> bool:
    field.errors = [get_message(message)[0]]
    return False
