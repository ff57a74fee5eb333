"""Which offices work here? Added, renamed, closed and opened again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import places
from portal.accounts import directory, people
from portal.accounts.people import NobodyThere, Refused
from portal.extensions import db
from portal.models import Agency
from portal.validation import Problem
from portal.web.access import fresh, needs, own_account
from portal.web.administration import words
from portal.web.administration.board import page, pages

HERE = "administration.agencies"


@pages.page("/pengelola/instansi", endpoint="agencies")
@needs("manage_agencies")
def index() -> ResponseReturnValue:
    """Every office, with the form for one more."""
    return _index()


@pages.page("/pengelola/instansi", methods=["POST"], endpoint="add_agency")
@needs("manage_agencies")
def add() -> ResponseReturnValue:
    """Add an office."""
    name, region = request.form.get("name", ""), request.form.get("region", "")
    try:
        agency = people.add_agency(own_account(), name, region, request.remote_addr or "")
    except Refused as refused:
        return _index(name, region, refused.problems)
    flash(_("The office was added: %(name)s", name=agency.name))
    return redirect(url_for(HERE), 303)


def _index(name: str = "", region: str = "", problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    hint = _("As on letters, without the region’s name. The public reads it beside every change.")
    fields = {
        "name": words.field("name", _("Name of the office"), name, problems, hint),
        "region": words.field("region", _("Region"), region, problems),
    }
    regions = [(code, f"{words.region(code)} ({code})") for code in places.regions()]
    rows = [_row(agency, count) for agency, count in directory.agencies(db.session())]
    status = 422 if problems else 200
    return page(
        "agencies.html", HERE, status, fields=fields, regions=regions, rows=rows, problems=words.summary(problems)
    )


def _row(agency: Agency, members: int) -> dict[str, Any]:
    return {
        "cells": [
            {"text": agency.name, "url": url_for("administration.agency", agency_id=agency.id)},
            {"text": words.region(agency.region)},
            {"text": str(members)},
            _state(agency),
        ]
    }


def _state(agency: Agency) -> words.Cell:
    label, tone = (_("Open"), "go") if agency.active else (_("Closed"), "stop")
    return {"tag": {"label": label, "tone": tone}}


@pages.page("/pengelola/instansi/<int(max=2147483647):agency_id>", endpoint="agency")
@needs("manage_agencies")
def show(agency_id: int) -> ResponseReturnValue:
    """One office: its people, its name, and whether it is open."""
    agency = _agency(agency_id)
    return _show(agency, agency.name)


@pages.page("/pengelola/instansi/<int(max=2147483647):agency_id>", methods=["POST"], endpoint="rename_agency")
@needs("manage_agencies")
def rename(agency_id: int) -> ResponseReturnValue:
    """Give an office another name."""
    name = request.form.get("name", "")
    try:
        people.rename_agency(own_account(), agency_id, name, request.remote_addr or "")
    except NobodyThere:
        abort(404)
    except Refused as refused:
        return _show(_agency(agency_id), name, refused.problems)
    flash(_("The office was renamed."))
    return redirect(url_for("administration.agency", agency_id=agency_id), 303)


def _show(agency: Agency, name: str, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    hint = _("What was published keeps the name the office had then.")
    members = directory.people(db.session(), directory.Wanted(agency=agency.id))
    rows = [
        {
            "cells": [
                {"text": account.name, "url": url_for("administration.person", account_id=account.id)},
                {"text": words.role(account.role)},
                words.state(account),
            ]
        }
        for account in members.rows
    ]
    return page(
        "agency.html",
        HERE,
        422 if problems else 200,
        agency=agency,
        where=words.region(agency.region),
        state=_state(agency),
        is_own=agency.id == own_account().agency_id,
        fields={"name": words.field("name", _("Name of the office"), name, problems, hint)},
        rows=rows,
        problems=words.summary(problems),
    )


@pages.page("/pengelola/instansi/<int(max=2147483647):agency_id>/tutup", methods=["POST"], endpoint="close_agency")
@needs("manage_agencies")
@fresh
def close(agency_id: int) -> ResponseReturnValue:
    """Close an office: nobody of it can sign in any more."""
    return _set_open(agency_id, False, _("The office is closed; the sign-ins of its people were ended."))


@pages.page("/pengelola/instansi/<int(max=2147483647):agency_id>/buka", methods=["POST"], endpoint="open_agency")
@needs("manage_agencies")
@fresh
def reopen(agency_id: int) -> ResponseReturnValue:
    """Open a closed office again."""
    return _set_open(agency_id, True, _("The office is open again."))


def _set_open(agency_id: int, is_open: bool, told: str) -> ResponseReturnValue:
    try:
        people.set_agency_open(own_account(), agency_id, is_open, request.remote_addr or "")
    except NobodyThere:
        abort(404)
    except Refused as refused:
        agency = _agency(agency_id)
        return _show(agency, agency.name, refused.problems)
    flash(told)
    return redirect(url_for("administration.agency", agency_id=agency_id), 303)


def _agency(agency_id: int) -> Agency:
    found = db.session.get(Agency, agency_id)
    if found is None:
        abort(404)
    return found
