"""What does somebody find behind the link of an invitation? A password to choose, once; or nothing at all.

The address holds the secret: nothing here is cached, indexed or told on to other sites, and a look at the page sets no
cookie. The form carries no other token: only who holds the letter knows where to send it.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.accounts import invitations, passwords
from portal.accounts.people import NobodyThere, Refused
from portal.extensions import csrf, db
from portal.models import Invitation
from portal.terms import N_
from portal.validation import Problem
from portal.web.administration import words
from portal.web.language import Pages

pages = Pages("accepting", __name__)


@pages.page("/undangan/<token>")
def show(token: str) -> ResponseReturnValue:
    """The invitation, and the form that accepts it."""
    try:
        invitation = invitations.pending(db.session(), token)
    except NobodyThere:
        return _dead()
    return _form(invitation, invitation.name)


@pages.page("/undangan/<token>", methods=["POST"])
@csrf.exempt
def accept(token: str) -> ResponseReturnValue:
    """Make the account, and show where to sign in."""
    name, password, again = (request.form.get(key, "") for key in ("name", "password", "again"))
    try:
        invitations.pending(db.session(), token)
        if password != again:
            raise Refused(Problem("again", N_("The two passwords differ."), {}))
        account = invitations.accept(token, name, password, request.remote_addr or "")
    except NobodyThere:
        return _dead()
    except Refused as refused:
        return _form(invitations.pending(db.session(), token), name, refused.problems)
    return _quiet(render_template("administration/accepted.html", email=account.email, role=words.role(account.role)))


def _form(invitation: Invitation, name: str, problems: Sequence[Problem] = ()) -> Response:
    agency = invitations.office(db.session(), invitation)
    least = passwords.least(invitation.role)
    hint = _("At least %(least)s characters; several words are fine. Common passwords are refused.", least=least)
    body = render_template(
        "administration/accept.html",
        action=url_for("accepting.accept", **request.view_args or {}),
        email=invitation.email,
        office=words.office(agency),
        role=words.role(invitation.role),
        fields={
            "name": words.field("name", _("Your name"), name, problems, _("Never shown to the public.")),
            "password": words.field("password", _("Password"), "", problems, hint),
            "again": words.field("again", _("The same password again"), "", problems),
        },
        problems=words.summary(problems),
    )
    return _quiet(body, 422 if problems else 200)


def _dead() -> Response:
    """The same page for a link that is unknown, used, revoked or expired."""
    return _quiet(render_template("administration/no_invitation.html"), 404)


def _quiet(body: str, code: int = 200) -> Response:
    response = make_response(body, code)
    response.headers["Referrer-Policy"] = "same-origin"  # "no-referrer" would hide from ourselves who sends the form
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
