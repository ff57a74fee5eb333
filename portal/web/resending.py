"""What becomes of a form that arrives after the session has ended? It is kept in the answer, to be sent once more."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from portal.web import access

# Forms that are never offered again: passwords and codes, and acts on other people's accounts.
NEVER = ("security.", "account.", "administration", "accepting")
SECRET = ("csrf", "password", "sandi", "code", "again")


def offered() -> dict[str, Any]:
    """Heading, text and fields of the page that answers a form without a valid token."""
    signed_out = access.account() is None
    values: dict[str, Any] = {
        "heading": _("Your session has ended.") if signed_out else _("Please send it once more."),
        "text": _("Load the page again and repeat what you did."),
    }
    endpoint = request.endpoint or ""
    if endpoint.startswith(NEVER):
        return values
    values["fields"] = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name.lower() for word in SECRET)
    ]
    values["text"] = _("You signed in anew since you opened the form. What you typed is below; look at it and send it.")
    if signed_out:
        values["sign_in"] = url_for("security.login")
        values["text"] = _("What you typed is still here. Sign in in a new window, then come back and send it again.")
    return values
