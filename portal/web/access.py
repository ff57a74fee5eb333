"""Who is signed in, and may they open this page? Every view that is not public says what it needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, flash, make_response, redirect, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from portal import permissions
from portal.models import Account
from portal.translating import gettext as _
from portal.web import htmx
from portal.web.language import Pages
from portal.web.moving import nearest_page

View = Callable[..., Any]


class PasswordNeeded(Exception):
    """A form arrived for which the password must be given again first."""


# Endpoints that are neither pages of ours nor need a right: files, and the sign-in library's own.
FREE = frozenset({"static", "language_home", "security"})
FRESH_SECONDS = 10 * 60
_NOT_DONE = "not_done"  # in the session: the password is asked for instead of an act


def account() -> Account | None:
    """The account that is signed in; None for everybody else. A request without our cookie never asks the database."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def own_account() -> Account:
    """The account that is signed in, in a view that `needs` one."""
    found = account()
    if found is None:
        abort(401)
    return found


def needs(act: str) -> Callable[[View], View]:
    """Let only those in whose role is granted an act (`permissions.GRANTS`); the view asks about the thing itself.

    The signed-out are sent to sign in and come back; htmx is told so by 401 and HX-Redirect. Others get 403. What was
    typed before the sign-in ended is shown again, as for a form whose token is too old.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            found = account()
            if found is None:
                if request.form.keys() - {"csrf_token"} and not htmx.wants_fragment():
                    raise CSRFError("the sign-in has ended")
                return to_sign_in()
            if found.needs_second_factor and not found.has_second_factor:
                return _to(url_for("security.two_factor_setup"))
            if not permissions.can(found.actor, act):
                abort(403)
            return view(*args, **values)

        guarded.access = act  # type: ignore[attr-defined]
        return guarded

    return guard


def fresh(view: View) -> View:
    """Below `needs`: ask for the password again where it was given more than ten minutes ago (trust S35).

    Stands on the page with the form as well as on what the form sends. Where the ten minutes end in between, what was
    typed is shown again (`PasswordNeeded`).
    """

    @wraps(view)
    def guarded(*args: Any, **values: Any) -> Any:
        if time.time() - float(session.get("fs_paa", 0)) > FRESH_SECONDS:
            if request.method == "POST" and not htmx.wants_fragment():
                raise PasswordNeeded
            return to_verify()
        return view(*args, **values)

    return guarded


def to_sign_in() -> Response:
    """Send the signed-out to sign in; they come back to where they are."""
    return _to(url_for("security.login", next=_here()))


def to_verify() -> Response:
    """Send to where the password is asked for again; they come back to where they are."""
    return _to(password_address())


def password_address() -> str:
    """Where the password is asked for again before this request; whether that was an act is remembered."""
    session[_NOT_DONE] = request.method == "POST"
    return url_for("security.verify", next=_here())


def tell_not_done() -> None:
    """Say on the page that the password leads back to that what was pressed there waits to be pressed once more."""
    if session.pop(_NOT_DONE, False):
        flash(_("What you pressed before is not done yet. Please press it once more."), "stop")


def _here() -> str:
    """The page of this request; of an act that is no page, the one its button stands on."""
    return request.full_path.rstrip("?") if request.method == "GET" else nearest_page(request.path)


def _to(target: str) -> Response:
    """A redirect; htmx, which would follow it into a fragment, is told by 401 and HX-Redirect."""
    if htmx.wants_fragment():
        response = make_response("", 401)
        response.headers["HX-Redirect"] = target
        return response
    return redirect(target, 303)  # type: ignore[return-value]


def demand_declared(app: Flask) -> None:
    """Refuse to start with a view that is neither public nor says what it needs (trust S36)."""
    public = {name for name, pages in app.blueprints.items() if isinstance(pages, Pages) and pages.public}
    for endpoint, view in app.view_functions.items():
        owner = endpoint.split(".")[0]
        if owner not in public | FREE and not hasattr(view, "access"):
            raise RuntimeError(f"the view {endpoint} does not say who may open it")
