"""How is somebody invited? By administrators everywhere, by coordinators the clerks of their own region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import config, desk, permissions
from portal.accounts import directory, invitations
from portal.accounts.invitations import Guest
from portal.accounts.people import NobodyThere, Post, Refused
from portal.extensions import db
from portal.models import Agency, Invitation
from portal.validation import Problem
from portal.web.access import fresh, needs, own_account
from portal.web.administration import board, words
from portal.web.administration.users import post_fields, posted
from portal.web.language import Pages, current_language

pages = Pages("inviting", __name__, public=False)

HERE = "administration.invitations"
REGION = "inviting.clerks"


# -- administrators -------------------------------------------------------------------------------------------


@board.pages.page("/pengelola/undangan", endpoint="invitations")
@needs("manage_users")
def index() -> ResponseReturnValue:
    """The invitations, newest first."""
    rows = [_row(invitation, agency) for invitation, agency in directory.invitations(db.session(), own_account())]
    return board.page("invitations.html", HERE, rows=rows, can_send=bool(current_app.config["PUBLIC_URL"]))


@board.pages.page("/pengelola/undangan/baru", methods=["GET", "POST"], endpoint="invite")
@needs("manage_users")
@fresh
def invite() -> ResponseReturnValue:
    """Invite anybody, as anything."""
    if request.method == "GET":
        return _form(Guest("", "", config.FIRST_LOCALE), Post("agency_clerk", words.number("instansi") or 0))
    guest, post = _guest(), posted()
    try:
        sent = invitations.invite(own_account(), guest, post, request.remote_addr or "")
    except Refused as refused:
        return _form(guest, post, refused.problems)
    return _sent(sent.invitation.email, HERE)


def _form(guest: Guest, post: Post, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    agencies = directory.open_agencies(db.session(), own_account())
    fields = {**_guest_fields(guest, problems), **post_fields(post, agencies, problems)}
    status = 422 if problems else 200
    return board.page(
        "invite.html", HERE, status, fields=fields, languages=words.languages(), problems=words.summary(problems)
    )


@board.pages.page(
    "/pengelola/undangan/<int(max=2147483647):invitation_id>/cabut", methods=["POST"], endpoint="revoke_invitation"
)
@needs("manage_users")
def revoke(invitation_id: int) -> ResponseReturnValue:
    """Make an invitation useless."""
    return _revoke(invitation_id, HERE)


@board.pages.page(
    "/pengelola/undangan/<int(max=2147483647):invitation_id>/ulang", methods=["POST"], endpoint="resend_invitation"
)
@needs("manage_users")
def resend(invitation_id: int) -> ResponseReturnValue:
    """Send an invitation once more, with a new link."""
    return _resend(invitation_id, HERE)


# -- coordinators ---------------------------------------------------------------------------------------------


@pages.page("/ruang-kerja/undangan")
@needs("invite_clerk")
def clerks() -> ResponseReturnValue:
    """The clerks of the own region who were invited, with the form for one more."""
    if permissions.can(own_account().actor, "manage_users"):
        return redirect(url_for(HERE), 303)
    return _clerks(Guest("", "", current_language()))


@pages.page("/ruang-kerja/undangan", methods=["POST"])
@needs("invite_clerk")
def invite_clerk() -> ResponseReturnValue:
    """Invite a clerk of the own region."""
    guest, post = _guest(), Post("agency_clerk", words.number("agency") or 0)
    own = {agency.id for agency in directory.open_agencies(db.session(), own_account())}
    if post.agency and post.agency not in own:
        abort(404)
    try:
        sent = invitations.invite(own_account(), guest, post, request.remote_addr or "")
    except Refused as refused:
        return _clerks(guest, post.agency, refused.problems)
    return _sent(sent.invitation.email, REGION)


def _clerks(guest: Guest, agency: int = 0, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    account = own_account()
    agencies = directory.open_agencies(db.session(), account)
    fields = {
        **_guest_fields(guest, problems),
        "agency": words.field("agency", _("Agency"), str(agency or ""), problems),
    }
    body = render_template(
        "administration/clerks.html",
        region=words.region(account.agency.region),
        fields=fields,
        agencies=[(str(one.id), one.name) for one in agencies],
        languages=words.languages(),
        rows=[_row(invitation, one) for invitation, one in directory.invitations(db.session(), account)],
        problems=words.summary(problems),
    )
    return body, 422 if problems else 200


@pages.page("/ruang-kerja/undangan/<int(max=2147483647):invitation_id>/cabut", methods=["POST"])
@needs("invite_clerk")
def revoke_clerk(invitation_id: int) -> ResponseReturnValue:
    """Make an invitation of the own region useless."""
    return _revoke(invitation_id, REGION)


@pages.page("/ruang-kerja/undangan/<int(max=2147483647):invitation_id>/ulang", methods=["POST"])
@needs("invite_clerk")
def resend_clerk(invitation_id: int) -> ResponseReturnValue:
    """Send an invitation of the own region once more."""
    return _resend(invitation_id, REGION)


# -- both -----------------------------------------------------------------------------------------------------


def _guest() -> Guest:
    form = request.form
    return Guest(form.get("email", ""), form.get("name", ""), form.get("language", ""))


def _guest_fields(guest: Guest, problems: Sequence[Problem]) -> dict[str, Any]:
    hint = _("The invitation goes there; the person signs in with it.")
    return {
        "email": words.field("email", _("Official mail address"), guest.email, problems, hint),
        "name": words.field("name", _("Name"), guest.name, problems, _("Never shown to the public.")),
        "language": words.field("language", _("Language of letters"), guest.language, problems),
    }


def _sent(email: str, back: str) -> ResponseReturnValue:
    flash(_("The invitation to %(email)s is on its way. Its link works for 72 hours.", email=email))
    return redirect(url_for(back), 303)


def _revoke(invitation_id: int, back: str) -> ResponseReturnValue:
    try:
        invitations.revoke(own_account(), invitation_id, request.remote_addr or "")
    except NobodyThere:
        abort(404)
    flash(_("The link of the invitation no longer works."))
    return redirect(url_for(back), 303)


def _resend(invitation_id: int, back: str) -> ResponseReturnValue:
    try:
        sent = invitations.resend(own_account(), invitation_id, request.remote_addr or "")
    except NobodyThere:
        abort(404)
    except Refused as refused:
        flash(" ".join(words.told(problem) for problem in refused.problems), "stop")
        return redirect(url_for(back), 303)
    return _sent(sent.invitation.email, back)


def _row(invitation: Invitation, agency: Agency) -> dict[str, Any]:
    """An invitation as a row: cells, and which buttons it has."""
    is_open = invitations.is_open(invitation)
    role = desk.ROLES[invitation.role].code
    return {
        "id": invitation.id,
        "email": invitation.email,
        "name": invitation.name,
        "office": words.office(agency),
        "role": words.role(role),
        "reach": words.reach(role, invitation.regions) if role == "moderator" else "",
        "state": _state(invitation, is_open),
        "sent": words.moment(invitation.created),
        "expires": words.moment(invitation.expires) if is_open else None,
        "is_open": is_open,
        "again": not invitation.used,
    }


def _state(invitation: Invitation, is_open: bool) -> dict[str, str]:
    if is_open:
        return {"label": _("Waits for an answer"), "tone": "way"}
    if invitation.used:
        return {"label": _("Accepted"), "tone": "go"}
    if invitation.revoked:
        return {"label": _("Revoked"), "tone": "stop"}
    return {"label": _("Expired"), "tone": "done"}
