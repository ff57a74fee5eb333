"""Who works here, and what may be changed about it? The pages of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import desk, places
from portal.accounts import directory, people, sittings
from portal.accounts.people import NobodyThere, Post, Refused
from portal.extensions import db
from portal.models import Account
from portal.validation import Problem
from portal.web import paging
from portal.web.access import fresh, needs, own_account
from portal.web.administration import words
from portal.web.administration.board import page, pages
from portal.web.language import current_language

HERE = "administration.people"


@pages.page("/pengelola/orang", endpoint="people")
@needs("manage_users")
def index() -> ResponseReturnValue:
    """Everybody, by name; to be searched and narrowed."""
    asked = {name: words.asked(name) for name in ("q", "peran", "keadaan")}
    state = {"aktif": "active", "nonaktif": "disabled"}.get(asked["keadaan"], "")
    wanted = directory.Wanted(
        words=asked["q"], role=asked["peran"] if asked["peran"] in desk.ROLES else "", state=state
    )
    found = directory.people(db.session(), wanted, paging.asked())
    if moved := paging.elsewhere(found.page):
        return moved
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    fields = {
        "q": words.field("q", _("Name, mail address or office"), asked["q"]),
        "role": words.field("peran", _("Role"), asked["peran"]),
        "state": words.field("keadaan", _("State"), asked["keadaan"]),
    }
    return page(
        "people.html",
        HERE,
        total=found.total,
        narrowed=bool(kept),
        fields=fields,
        roles=_roles(),
        rows=[_row(account) for account in found.rows],
        steps=words.steps(found, lambda n: url_for(HERE, hal=n if n > 1 else None, **kept)),
    )


def _row(account: Account) -> dict[str, Any]:
    return {
        "cells": [
            {
                "text": account.name,
                "url": url_for("administration.person", account_id=account.id),
                "note": account.email,
            },
            {"text": words.office(account.agency)},
            {"text": words.role(account.role), "note": _reach(account)},
            words.moment(account.last_sign_in),
            words.state(account),
        ]
    }


def _reach(account: Account) -> str:
    return words.reach(account.role, account.regions) if account.role == "moderator" else ""


def _roles() -> list[tuple[str, str]]:
    return [(code, words.role(code)) for code in desk.ROLES]


@pages.page("/pengelola/orang/<int(max=2147483647):account_id>", endpoint="person")
@needs("manage_users")
def show(account_id: int) -> ResponseReturnValue:
    """One person: what they may do, their second factor, sign-ins, and what was done to the account."""
    session, account = db.session(), _account(account_id)
    wanted = directory.Wanted(account=account_id)
    done = directory.acts(session, directory.Wanted(about=people.about(account)))
    return page(
        "person.html",
        HERE,
        account=account,
        is_own=account.id == own_account().id,
        facts=_facts(account),
        live=len(sittings.open_sittings(session, account_id)),
        sign_ins=directory.sign_ins(session, wanted).total,
        acts=[_act(act, who) for act, who in done.rows[:10]],
    )


def _facts(account: Account) -> list[dict[str, Any]]:
    factors = account.tf_primary_method or account.webauthn
    rows = [
        (_("Mail address"), {"text": account.email}),
        (_("Role"), {"text": words.role(account.role)}),
        (_("Agency"), {"text": words.office(account.agency)}),
        (_("Reach"), {"text": words.reach(account.role, account.regions)}),
        (_("State"), words.state(account)),
        (_("Second factor"), {"text": _("set up")} if factors else {"nil": _("not yet")}),
        (_("Language of letters"), {"text": dict(words.languages())[account.language]}),
        (_("Account since"), words.moment(account.created)),
        (_("Last sign-in"), words.moment(account.last_sign_in)),
    ]
    return [{"label": label, "value": _said(cell), "missing": cell.get("nil")} for label, cell in rows]


def _said(cell: words.Cell) -> str | None:
    return cell["tag"]["label"] if "tag" in cell else cell.get("text")


def _act(act: Any, who: Account | None) -> dict[str, Any]:
    office = f"{who.name}, {who.agency.name}" if who else _("command line")
    return {"cells": [words.moment(act.at), {"text": words.act(act.what), "note": act.detail}, {"text": office}]}


@pages.page("/pengelola/orang/<int(max=2147483647):account_id>/ubah", methods=["GET", "POST"], endpoint="change_person")
@needs("manage_users")
@fresh
def change(account_id: int) -> ResponseReturnValue:
    """Another name, language, role, office or reach for somebody; nobody changes their own."""
    account = _somebody_else(account_id)
    if request.method == "GET":
        return _form(account, account.name, account.language, _post(account))
    name, language = request.form.get("name", ""), request.form.get("language", "")
    post = posted()
    try:
        people.change(own_account(), account_id, name, language, post, request.remote_addr or "")
    except NobodyThere:
        abort(404)
    except Refused as refused:
        return _form(_account(account_id), name, language, post, refused.problems)
    flash(_("The account was changed."))
    return redirect(url_for("administration.person", account_id=account_id), 303)


def _post(account: Account) -> Post:
    return Post(account.role, account.agency_id, tuple(account.regions.split()) if account.role == "moderator" else ())


def posted() -> Post:
    """The post as the form says it; what is not in it comes out as something that is refused."""
    return Post(request.form.get("role", ""), words.number("agency") or 0, tuple(request.form.getlist("provinces")))


def post_fields(post: Post, agencies: Sequence[Any], problems: Sequence[Problem]) -> dict[str, Any]:
    """The fields of a post: role, office, provinces."""
    hint = _("Only for moderators; none chosen means all provinces.")
    language = current_language()
    provinces = [
        {"value": one.code, "label": one.called(language), "checked": one.code in post.provinces}
        for one in places.provinces()
    ]
    return {
        "role": words.field("role", _("Role"), post.role, problems),
        "roles": [{"value": code, "label": words.role(code), "note": _what(code)} for code in desk.ROLES],
        "agency": words.field("agency", _("Agency"), str(post.agency or ""), problems),
        "agencies": [(str(agency.id), words.office(agency)) for agency in agencies],
        "provinces": words.field("provinces", _("Provinces"), "", problems, hint),
        "province_options": provinces,
    }


def _what(role: str) -> str:
    """What a role may do, in one line."""
    return {
        "agency_clerk": _("proposes for the own office"),
        "coordinator": _("supports proposals of the region, replies for it, invites clerks"),
        "moderator": _("decides on proposals; needs a second factor"),
        "administrator": _("looks after accounts and offices, publishes nothing; needs a second factor"),
    }[role]


def _form(
    account: Account, name: str, language: str, post: Post, problems: Sequence[Problem] = ()
) -> ResponseReturnValue:
    agencies = directory.open_agencies(db.session(), own_account())
    fields = {
        "name": words.field("name", _("Name"), name, problems),
        "language": words.field("language", _("Language of letters"), language, problems),
        **post_fields(post, agencies, problems),
    }
    return page(
        "change_person.html",
        HERE,
        422 if problems else 200,
        account=account,
        fields=fields,
        languages=words.languages(),
        problems=words.summary(problems),
    )


@pages.page(
    "/pengelola/orang/<int(max=2147483647):account_id>/nonaktif", methods=["GET", "POST"], endpoint="disable_person"
)
@needs("manage_users")
@fresh
def disable(account_id: int) -> ResponseReturnValue:
    """Ask before an account is disabled, then do it."""
    account = _somebody_else(account_id)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            people.set_active(own_account(), account_id, False, request.remote_addr or "")
        except Refused as refused:
            account, problems = _account(account_id), refused.problems
        else:
            flash(_("The account is disabled; its sign-ins were ended."))
            return redirect(url_for("administration.person", account_id=account_id), 303)
    live = len(sittings.open_sittings(db.session(), account_id))
    status = 422 if problems else 200
    return page("disable.html", HERE, status, account=account, live=live, problems=words.summary(problems))


@pages.page("/pengelola/orang/<int(max=2147483647):account_id>/aktif", methods=["POST"], endpoint="enable_person")
@needs("manage_users")
@fresh
def enable(account_id: int) -> ResponseReturnValue:
    """Let a disabled account sign in again."""
    _somebody_else(account_id)
    people.set_active(own_account(), account_id, True, request.remote_addr or "")
    flash(_("The account can sign in again."))
    return redirect(url_for("administration.person", account_id=account_id), 303)


@pages.page("/pengelola/orang/<int(max=2147483647):account_id>/keluarkan", methods=["POST"], endpoint="sign_out_person")
@needs("manage_users")
def sign_out(account_id: int) -> ResponseReturnValue:
    """End every sign-in of somebody, also one's own."""
    _account(account_id)
    people.sign_out(own_account(), account_id, request.remote_addr or "")
    flash(_("All sign-ins of the account were ended."))
    return redirect(url_for("administration.person", account_id=account_id), 303)


def _account(account_id: int) -> Account:
    found = db.session.get(Account, account_id)
    if found is None:
        abort(404)
    return found


def _somebody_else(account_id: int) -> Account:
    if account_id == own_account().id:
        abort(403)
    return _account(account_id)
