"""Who is signed in, and may they open this page? Every view that is not public says what it needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, make_response, redirect, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from portal import permissions
from portal.models import Account
from portal.web import htmx
from portal.web.language import Pages

View = Callable[..., Any]


class PasswordNeeded(Exception):
    """A form arrived for which the password must be given again first."""


# Endpoints that are neither pages of ours nor need a right: files, and the sign-in library's own.
FREE = frozenset({"static", "language_home", "security"})
FRESH_SECONDS = 10 * 60


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
                return _to("security.two_factor_setup")
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
    return _to("security.login", next=_here())


def to_verify() -> Response:
    """Send to where the password is asked for again; they come back to where they are."""
    return _to("security.verify", next=_here())


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def _to(endpoint: str, **values: Any) -> Response:
    """A redirect; htmx, which would follow it into a fragment, is told by 401 and HX-Redirect."""
    target = url_for(endpoint, **values)
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
