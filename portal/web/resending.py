"""What becomes of a form that arrives after the session has ended, or when the password must be given once more?

It is kept in the answer, to be sent again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from portal.terms import N_
from portal.translating import gettext as _
from portal.web import access

# Forms that are never offered again: passwords and codes, and acts on other people's accounts.
NEVER = ("security.", "account.", "administration", "inviting", "accepting")
SECRET = ("csrf", "password", "sandi", "code", "again")
KEEPS_ITSELF = ("proposing.autosave", "proposing.keep")  # sent by a form that is still open, with everything in it
LOST_FILE = "berkas-nama"  # a field that carries the name of a file that could not be kept
RENEWED = "lagi"  # a form that sends itself again after it got a new token; true of that one time
# How the boxes are called that people write in, by the name they are sent under; the form of proposals tells its own.
LABELS: Mapping[str, str] = {
    "text": N_("Message"), "note": N_("Note"), "change_note": N_("Note for the public"), "reason": N_("Reason"),
    "comment": N_("Comment"), "answer": N_("Answer"), "words": N_("Why the ground applies here"),
}  # fmt: skip


def offered() -> dict[str, Any]:
    """Heading, text and fields of the page that answers a form without a valid token."""
    signed_out = access.account() is None
    values: dict[str, Any] = {
        "heading": _("Your session has ended.") if signed_out else _("Please send it once more."),
        "text": _("Load the page again and repeat what you did."),
    }
    if is_never():
        return values
    values |= _kept()
    values["text"] = _("You signed in anew since you opened the form. What you typed is below; look at it and send it.")
    if _is_open():
        values["renewed"] = not signed_out
        values["text"] = _(
            "You signed in anew since you opened the form. Everything in it is still here: press once more."
        )
    if signed_out:
        values["sign_in"] = url_for("security.login")
        values["text"] = _("What you typed is still here. Sign in in a new window, then come back and send it again.")
    return values


def _is_open() -> bool:
    """True for a form that is still open where it was sent from, with the file that was chosen: a proposal, by htmx."""
    return _is_proposal() and request.headers.get("HX-Request") == "true"


def is_never() -> bool:
    """True for a form that is not offered again."""
    return (request.endpoint or "").startswith(NEVER)


def after_password() -> dict[str, Any]:
    """The same of the page that asks for the password before a form is carried out; nothing where none is kept."""
    kept = {} if is_never() else _kept()
    if not kept.get("fields"):
        return {}
    return {
        "heading": _("Please give your password once more."),
        "text": _(
            "What you typed is still here. Give your password in a new window, then come back and send it again."
        ),
        "verify": url_for("security.verify", next=url_for("home.index")),
        **kept,
    }


def _kept() -> dict[str, Any]:
    """Everything that is sent again (``fields``), and what of it somebody wrote, with labels (``typed``).

    Nothing of a form that keeps itself: it stands there still.
    """
    if request.endpoint in KEEPS_ITSELF:
        return {}
    fields, lost = _fields(), _lost_file()
    if lost and LOST_FILE not in request.form:
        fields.append((LOST_FILE, lost))
    return {"fields": fields, "typed": _of_proposal() if _is_proposal() else _written(fields), "lost_file": lost}


def _lost_file() -> str:
    """The name of the file that came with the form, now or when it was sent first; an answer cannot hold it."""
    names = [file.filename or "" for file in request.files.values()]
    return next(filter(None, names), request.form.get(LOST_FILE, ""))[:200]


def _is_proposal() -> bool:
    return (request.endpoint or "").startswith("proposing.")


def _of_proposal() -> list[tuple[str, str]]:
    from portal.web.proposing import retelling  # its package is large, and this page is rare

    return retelling.told(request.form)


def _written(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The boxes with a known label, and others that hold more than one word: marks and codes have no blank."""
    found = []
    for name, value in fields:
        label = next((LABELS[part] for part in name.split("-") if part in LABELS), "")
        if value.strip() and (label or " " in value.strip()):
            other = N_("What you wrote")
            found.append((_(label or other), value))
    return found


def _fields() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != RENEWED and not any(word in name.lower() for word in SECRET)
    ]
