"""What does somebody see and change of their own account? Sign-ins, password, second factor, language of letters."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal import config, desk, notifications, places
from portal.accounts import entrances, sittings
from portal.extensions import db, utc_now
from portal.models import Account, SignIn
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import site
from portal.web.access import needs, own_account
from portal.web.language import Pages, current_language
from portal.web.signing.sessions import SITTING

pages = Pages("account", __name__, public=False)

# Where the day begins for a role; everybody else begins in the workspace.
BEGINNING = {"moderator": "/moderasi", "administrator": "/pengelola"}


@pages.page("/akun")
@needs("work")
def index() -> ResponseReturnValue:
    """The own account."""
    owner = own_account()
    return render_template(
        "account/show.html",
        about=_about(owner),
        sessions=[_sitting(one) for one in _open(owner)],
        second_factor=bool(owner.tf_primary_method),
        passkeys=len(owner.webauthn),
        compulsory=owner.needs_second_factor,
        codes=len(owner.mf_recovery_codes or []),
        languages=[{"value": code, "label": name} for code, name in config.LOCALES.items()],
        language=owner.language,
    )


@pages.page("/akun/mulai")
@needs("work")
def home() -> ResponseReturnValue:
    """Where the day begins."""
    return redirect(site.beginning(BEGINNING.get(own_account().role, "/ruang-kerja")), 303)


@pages.page("/akun/bahasa", methods=["POST"])
@needs("work")
def language() -> ResponseReturnValue:
    """Choose the language of the letters; pages follow their address."""
    chosen = request.form.get("bahasa", "")
    if chosen in config.LOCALES:
        entrances.language_chosen(db.session(), own_account(), chosen)
        flash(_("Saved."), "success")
    return _back()


@pages.page("/akun/sesi/<int(max=2147483647):sitting_id>/akhiri", methods=["POST"])
@needs("work")
def end(sitting_id: int) -> ResponseReturnValue:
    """End one of the own sign-ins."""
    return _ended(sitting_id)


@pages.page("/akun/sesi/akhiri", methods=["POST"])
@needs("work")
def end_others() -> ResponseReturnValue:
    """End all own sign-ins but this one."""
    return _ended(None)


def _ended(sitting_id: int | None) -> ResponseReturnValue:
    ended = entrances.ended_by_owner(
        db.session(), own_account(), sitting_id, session.get(SITTING, ""), request.remote_addr or ""
    )
    flash(ngettext("%(num)s sign-in was ended.", "%(num)s sign-ins were ended.", ended), "success")
    return _back()


def _back() -> Response:
    return redirect(url_for("account.index"), 303)  # type: ignore[return-value]


def _open(owner: Account) -> list[SignIn]:
    """The sign-ins that still hold."""
    now = utc_now()
    return [one for one in sittings.open_sittings(db.session(), owner.id) if sittings.holds(one, owner.role, now)]


def _sitting(one: SignIn) -> dict[str, Any]:
    code = current_language()
    return {
        "id": one.id,
        "agent": one.agent if one.agent != "?" else _("unknown browser"),
        "address": one.address,
        "begun": notifications.written_moment(one.begun, code),
        "seen": notifications.written_moment(one.seen, code),
        "here": one.id == g.sitting.id,
    }


def _about(owner: Account) -> list[tuple[str, str]]:
    """Label and value of what is known of the account."""
    role = desk.ROLES[owner.role].label
    rows = [
        (_("Name"), owner.name),
        (_("Mail address"), owner.email),
        (_("Agency"), owner.agency.name),
        (_("Role"), _(role)),
        (_("Works for"), _reach(owner)),
    ]
    before = sittings.previous(db.session(), g.sitting)
    if before:
        rows.append((_("Sign-in before this one"), notifications.written_moment(before, current_language())))
    return rows


def _reach(owner: Account) -> str:
    codes = owner.regions.split()
    return ", ".join(places.regions()[code].name for code in codes) if codes else _("all regions")
