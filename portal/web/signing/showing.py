"""What does the library's answer become? Our pages with the right status, and a way on that stays inside the site."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField

from portal.accounts import passwords
from portal.models import Account
from portal.web import access
from portal.web.signing.inside import inside


def show(template: str, **values: Any) -> ResponseReturnValue:
    """A page of the library: 422 with what was typed where a form has faults, 429 where it was tried too often."""
    forms = [value for value in values.values() if isinstance(value, FlaskForm)]
    body = render_template(template, **values)
    if request.method != "POST":
        return body
    wait = max((getattr(form, "wait", 0) for form in forms), default=0)
    if wait:
        return body, 429, {"Retry-After": str(wait)}
    return (body, 422) if any(form.errors for form in forms) else body


def words() -> dict[str, Any]:
    """What the templates of signing in ask for."""
    return {"faults": faults, "least": least, "onward": onward}


def faults(form: FlaskForm) -> list[dict[str, str]]:
    """What is wrong with a form, each once: ``id`` of the field (none: the form as a whole) and ``text``."""
    found = {str(text): "" for text in form.form_errors}
    for field in form:
        place = "" if isinstance(field, HiddenField) else field.id
        found.update({str(text): place for text in field.errors})
    return [{"id": name, "text": text} for text, name in found.items()]


def least(account: Account) -> int:
    """How many characters the password of an account has at least."""
    return passwords.least(account.role)


def onward() -> str:
    """Where to go from a page that stands between signing in and what was wanted."""
    return inside(request.values.get("next")) or url_for("account.home")


def lead_on(response: Response) -> Response:
    """Redirects of the library: 303, and only to where `inside` says yes."""
    if not 300 <= response.status_code < 400 or response.status_code == 304:
        return response
    if response.status_code == 302:
        response.status_code = 303
    response.location = _target(response.location or "")
    return response


def _target(wanted: str) -> str:
    if g.get("signed_in"):
        if g.get("codes_due"):
            return url_for("security.mf_recovery_codes", next=g.get("next") or None)
        return g.get("next") or url_for("account.home")
    if request.endpoint == "security.verify" and request.method == "POST":
        access.tell_not_done()
        return inside(request.form.get("next")) or url_for("account.index")
    path = urlsplit(wanted).path
    if path == url_for("security.verify"):
        return access.password_address()
    return path or url_for("account.home")
