"""Which proposals are there? The table of one's own, the office's and the region's proposals (ux §7.9)."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import desk
from portal.extensions import db
from portal.models import Account, Decision, Proposal
from portal.record import Document
from portal.terms import N_
from portal.web import paging
from portal.web.access import needs, own_account
from portal.web.proposals import finding, telling
from portal.web.proposals.blueprint import pages
from portal.web.voice import voice, word

VIEWS = {finding.OWN: N_("My proposals"), finding.OFFICE: N_("My office"), finding.REGION: N_("My region")}


@pages.page("/usulan")
@needs("read_proposal")
def index() -> ResponseReturnValue:
    """The proposals this person may see, those that came back first."""
    by = own_account()
    views = finding.views(by)
    view = request.args.get("lihat", finding.OWN)
    view = view if view in views else finding.OWN
    state = request.args.get("keadaan", "")
    state = state if state in desk.STATES else ""
    found = finding.listed(db.session(), by, view, state, paging.asked())
    if moved := paging.elsewhere(found.number):
        return moved
    return render_template(
        "proposals/index.html",
        views=[_view(name, view) for name in views] if len(views) > 1 else [],
        view=view,
        states=[{"value": code, "label": word(desk.STATES, code)} for code in desk.STATES],
        state=state,
        rows=_rows(by, found.proposals),
        total=found.total,
        pager=_pager(found, view, state),
    )


def _view(name: str, current: str) -> dict[str, Any]:
    label = VIEWS[name]
    return {
        "label": _(label),
        "url": url_for("proposals.index", lihat=name),
        "current": name == current,
        "id": f"lihat-{name}",
    }


def _rows(by: Account, found: Any) -> list[dict[str, Any]]:
    documents = telling.documents(found)
    notes = finding.notes(db.session(), found)
    return [_row(by, proposal, documents[proposal.id], notes.get(proposal.id)) for proposal in found]


def _row(by: Account, proposal: Proposal, document: Document, said: Decision | None) -> dict[str, Any]:
    changed = telling.moment(proposal.changed)
    who = proposal.receipt if proposal.author_id == by.id else f"{proposal.receipt} · {proposal.agency.name}"
    return {
        "cells": [
            {"text": telling.names(proposal, document, voice()), "url": telling.page_url(proposal.id), "note": who},
            {"text": telling.kind(proposal)},
            {"tag": {**telling.state(proposal), "stale": False}},
            {"text": changed["text"], "datetime": changed["value"]},
            _next(by, proposal, said),
        ]
    }


def _next(by: Account, proposal: Proposal, said: Decision | None) -> dict[str, Any]:
    """The note of the moderator, and what the reader can do now."""
    told = said.note if said and proposal.state in {"returned", "rejected", "partly_published"} else ""
    note = told if len(told) < 200 else told[:199].rstrip() + "…"
    if proposal.author_id == by.id and proposal.state in {"draft", "returned"}:
        label = _("Mend") if proposal.state == "returned" else _("Go on")
        return {"text": label, "url": telling.edit_url(proposal) or telling.page_url(proposal.id), "note": note}
    return {"text": note} if note else {"text": None}


def _pager(found: finding.Found, view: str, state: str) -> dict[str, Any]:
    def url(number: int) -> str:
        asked: dict[str, Any] = {"lihat": view if view != finding.OWN else None, "keadaan": state or None}
        return url_for("proposals.index", **asked, hal=number if number > 1 else None)

    shown = sorted({1, found.pages, *range(max(1, found.number - 2), min(found.pages, found.number + 2) + 1)})
    listed: list[dict[str, Any]] = []
    for place, number in enumerate(shown):
        if place and number - shown[place - 1] > 1:
            listed.append({"gap": True})
        listed.append({"n": number, "url": url(number), "current": number == found.number})
    return {
        "text": ngettext("%(num)s proposal", "%(num)s proposals", found.total),
        "pages": listed,
        "previous": url(found.number - 1) if found.number > 1 else None,
        "next": url(found.number + 1) if found.number < found.pages else None,
    }
