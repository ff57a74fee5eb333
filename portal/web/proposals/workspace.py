"""What is to be done today? The home of those who work here: what came back, what waits, the region's records."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import criteria, listing, moderation, permissions, places
from portal import desk as words
from portal.accounts import sittings
from portal.extensions import db
from portal.models import Account, Proposal
from portal.web import rows, trails
from portal.web.access import needs, own_account
from portal.web.clock import today
from portal.web.proposals import finding, telling
from portal.web.proposals.blueprint import pages
from portal.web.proposing.opening import NOT_RUNNING
from portal.web.voice import listed, voice, word

RECORDS_SHOWN = 30
_ACTS = ("propose", "endorse", "reply", "see_queue", "manage_users", "invite_clerk")
_ORDER = ("returned", "draft", "submitted", "endorsed", "seconding")


@pages.page("/ruang-kerja")
@needs("work")
def desk() -> ResponseReturnValue:
    """The workspace of one person."""
    by = own_account()
    regions = [code for code in by.regions.split() if code in places.regions()]
    before = sittings.previous(db.session(), g.sitting)
    return render_template(
        "proposals/desk.html",
        office=by.agency.name,
        role=word(words.ROLES, by.role),
        place=_place(by, regions),
        last=telling.moment(before) if before else None,
        can={act: permissions.can(by.actor, act) for act in _ACTS},
        mine=_mine(by) if permissions.can(by.actor, "propose") else {},
        waiting_for_me=[_line(one, telling.documents([one])[one.id]) for one in finding.to_endorse(db.session(), by)],
        regions=[_region(code) for code in regions] if by.role != "moderator" else [],
    )


def _place(by: Account, regions: list[str]) -> str:
    """Where the person works, in words."""
    names = [places.regions()[code].called(voice().language) for code in regions]
    return listed(names) if names else _("All regions")


def _mine(by: Account) -> dict[str, list[dict[str, Any]]]:
    """Own and the office's proposals that are open, by who has to act: the author, or the moderators."""
    session = db.session()
    view = finding.OFFICE if finding.OFFICE in finding.views(by) else finding.OWN
    found = finding.in_states(session, by, view, (*moderation.WITH_AUTHOR, *moderation.WAITING))
    documents, notes = telling.documents(found), finding.notes(session, found)
    ordered = sorted(found, key=lambda one: _ORDER.index(one.state))
    lines = [
        {
            **_line(one, documents[one.id]),
            "own": one.author_id == by.id,
            "note": notes[one.id].note if one.id in notes else "",
        }
        for one in ordered
    ]
    return {
        "returned": [line for line in lines if line["code"] == "returned"],
        "drafts": [line for line in lines if line["code"] == "draft"],
        "waiting": [line for line in lines if line["code"] in moderation.WAITING],
    }


def _line(proposal: Proposal, document: Any) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "code": proposal.state,
        "names": telling.names(proposal, document, voice()),
        "kind": telling.kind(proposal),
        "state": telling.state(proposal),
        "office": proposal.agency.name,
        "receipt": proposal.receipt,
        "changed": telling.moment(proposal.changed),
        "version": proposal.version,
        "url": telling.page_url(proposal.id),
        "edit_url": telling.edit_url(proposal) or telling.page_url(proposal.id),
    }


def _region(code: str) -> dict[str, Any]:
    """The records of one region, longest without news first, each with what can be reported about it."""
    region = places.regions()[code]
    page = listing.page(listing.matching(criteria.read([("daerah", code)])), RECORDS_SHOWN)
    axis = trails.axis(None, today())
    return {
        "name": region.called(voice().language),
        "url": url_for("regions.show", slug=region.slug),
        "code": code,
        "total": page.total,
        "rows": [_record(row, axis) for row in page.rows],
        "all_url": url_for("catalogue.index", daerah=code),
        "new_url": url_for("proposing.new"),
        "none_url": url_for("proposing.new", daerah=code, jenis="nihil"),
        "reply_url": url_for("proposals.reply", daerah=code),
    }


def _record(row: Any, axis: trails.Axis) -> dict[str, Any]:
    return {
        "view": rows.row_view(row, today(), axis),
        "update_url": url_for("proposing.new", untuk=row.subject),
        "running_url": ""
        if row.validity in NOT_RUNNING
        else url_for("proposing.new", untuk=row.subject, jenis="masih"),
        "reply_url": url_for("proposals.reply", untuk=row.subject),
    }
