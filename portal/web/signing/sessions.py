"""What does the cookie hold, and when is there one? The id of a sign-in; and none at all for visitors."""

from __future__ import annotations

import re
import time
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import user_logged_out
from flask_security import (
    Security,
    password_changed,
    password_reset,
    tf_code_confirmed,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
    wan_deleted,
    wan_registered,
)
from flask_security.utils import set_request_attr
from sqlalchemy.exc import SQLAlchemyError

from portal import throttling
from portal.accounts import entrances, sittings
from portal.extensions import db, set_reading
from portal.models import Account
from portal.web.headers import SAFE_METHODS
from portal.web.signing.forms import address, tries_of

# What a sign-in keeps of the session it began in; all else, the CSRF token too, is made anew.
KEPT = ("_user_id", "_fresh")
SITTING = "sitting"
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


class QuietSessions(SecureCookieSessionInterface):
    """Sessions that leave no trace on the answer of a visitor who has no cookie of ours."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie where there is something in it; ``Vary`` and ``no-store`` only with a cookie."""
        had_cookie = self.get_cookie_name(app) in request.cookies
        if request.endpoint == "static" or not (had_cookie or session):
            return
        super().save_session(app, session, response)
        response.headers["Cache-Control"] = "private, no-store"


def prepare(app: Flask) -> None:
    """Set up the cookie; before the library, which reads some of it."""
    secure = str(app.config["PUBLIC_URL"]).startswith("https://")
    app.config["SESSION_COOKIE_NAME"] = "__Host-portal" if secure else "portal"
    app.config["SESSION_COOKIE_SECURE"] = secure
    app.config["SESSION_COOKIE_PATH"] = "/"
    app.session_interface = QuietSessions()


def take_over(app: Flask, security: Security) -> None:
    """Let the library find the account by the sign-in in our table, and by nothing else."""
    manager = security.login_manager
    manager.session_protection = None
    manager.user_loader(_load)
    manager._request_callback = None
    app.after_request_funcs[None].remove(manager._update_remember_cookie)
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)
    password_changed.connect(_password_changed, app)
    password_reset.connect(_password_reset, app)
    tf_profile_changed.connect(_factor_changed, app)
    tf_disabled.connect(_factor_off, app)
    tf_code_confirmed.connect(_code_confirmed, app)
    wan_registered.connect(_passkey_added, app)
    wan_deleted.connect(_passkey_removed, app)


def sitting_token() -> str:
    """The id of the present sign-in; empty for the signed-out."""
    return str(session.get(SITTING, ""))


def _load(identity: str) -> Account | None:
    """The account of this request; asked once, only where the cookie holds a sign-in."""
    token = sitting_token()
    found = sittings.live(db.session(), token) if token else None
    if found is None or found[1].fs_uniquifier != identity:
        return None
    sitting, account = found
    if sittings.is_due(sitting):
        _mark_seen(token)
    g.sitting = sitting
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return account


def _mark_seen(token: str) -> None:
    """Writing down the use of a sign-in must never cost anybody their page."""
    db.session.rollback()  # nothing is written yet, and the lock must be free for the short transaction
    try:
        sittings.mark_seen(token)
    except SQLAlchemyError:
        pass
    finally:
        set_reading(request.method in SAFE_METHODS)


def _begin(_app: Flask, user: Account, authn_via: Any = None, **_values: Any) -> None:
    """A new id and a new CSRF token at each sign-in; where to go on is remembered for `showing`."""
    if authn_via == ["change"]:  # the library signs in anew after a change of password; that is no arrival
        _renew()
        return
    g.next = session.get("next", "")
    kept = {key: session[key] for key in KEPT if key in session}
    session.clear()
    session.update(kept)
    g.pop("csrf_token", None)
    _forget_tries(user)
    throttling.clear("second_factor", str(user.id))
    throttling.clear("password_again", str(user.id))
    session[SITTING] = entrances.came(db.session(), user, agent(request), address())
    session["fs_paa"] = time.time()
    g.signed_in = True


def _forget_tries(user: Account) -> None:
    """What was counted of the account is forgotten; what came from this address stays."""
    for bucket, key in tries_of(user.email)[:2]:
        throttling.clear(bucket, key)


def _end(_app: Flask, user: Any, **_values: Any) -> None:
    """The sign-in is over on the server; the browser is asked to forget all it kept of us."""
    from flask import after_this_request

    token = sitting_token()
    owner = user._get_current_object() if hasattr(user, "_get_current_object") else user
    session.clear()
    if token:
        entrances.left(db.session(), token, owner if isinstance(owner, Account) else None, address())

    @after_this_request
    def _forget(response: Response) -> Response:
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


def _password_changed(_app: Flask, user: Account, **_values: Any) -> None:
    entrances.password_changed(db.session(), user, sitting_token(), address(), "password_change")


def _password_reset(_app: Flask, user: Account, **_values: Any) -> None:
    _forget_tries(user)
    entrances.password_changed(db.session(), user, "", address(), "password_reset")


def _factor_changed(_app: Flask, user: Account, **_values: Any) -> None:
    """Another authenticator app: the sign-in goes on under a new id, all others end."""
    entrances.second_factor_changed(db.session(), user, sitting_token(), address(), "second_factor")
    _renew()


def _renew() -> None:
    """The sign-in goes on under a new id, and forms need a new token."""
    session[SITTING] = sittings.renew(db.session(), sitting_token())
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _passkey_added(_app: Flask, user: Any, **_values: Any) -> None:
    _passkeys_changed(user._get_current_object(), "passkey_added")


def _passkey_removed(_app: Flask, user: Any, **_values: Any) -> None:
    owner = user._get_current_object()
    if not owner.tf_primary_method and len(owner.webauthn) == 1:
        owner.mf_recovery_codes = []  # they stand in for a second factor, which is gone with this one
    _passkeys_changed(owner, "passkey_removed")


def _passkeys_changed(owner: Account, what: str) -> None:
    entrances.second_factor_changed(db.session(), owner, sitting_token(), address(), what)
    _renew()


def _factor_off(_app: Flask, user: Account, **_values: Any) -> None:
    if not user.webauthn:
        user.mf_recovery_codes = []
    entrances.second_factor_changed(db.session(), user, sitting_token(), address(), "second_factor_off")


def _code_confirmed(_app: Flask, user: Account, **_values: Any) -> None:
    """The first code after setting up while signing in: the recovery codes come next."""
    if session.get("tf_state") == "validating_profile":
        g.codes_due = True
        entrances.second_factor_changed(db.session(), user, "", address(), "second_factor")


def agent(asked: Request) -> str:
    """The browser and its system in words ("Firefox, Android"): enough to know one's own, too little to trace."""
    text = re.sub(r"[^\x20-\x7e]", "", asked.user_agent.string)
    browser = next((name for mark, name in BROWSERS if mark in text), "")
    system = next((name for mark, name in SYSTEMS if mark in text), "")
    return ", ".join(part for part in (browser, system) if part) or "?"
