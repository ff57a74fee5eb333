"""What exactly is sent? The differences the moderator will see, the evidence and the hints; then: send."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import editorial
from portal.editorial import Outdated
from portal.editorial.drafting import NothingProposed, NotSound
from portal.editorial.standing import at
from portal.extensions import db
from portal.models import Account
from portal.web.access import needs, own_account
from portal.web.proposals import hints, reading, telling
from portal.web.proposals.blueprint import pages
from portal.web.proposals.moves import ONE
from portal.web.proposals.reading import Case

WITHOUT_EDITS = frozenset({"withdraw", "merge"})


@pages.page(f"{ONE}/pratinjau")
@needs("propose")
def preview(proposal_id: int) -> ResponseReturnValue:
    """The differences the moderator will see; conflicts are asked about first."""
    case = reading.read(own_account(), proposal_id)
    if not case.writable:
        return redirect(telling.page_url(proposal_id), 303)
    if case.stands.conflicts and not case.stands.gone:
        return redirect(url_for("proposals.conflict", proposal_id=proposal_id), 303)
    return _page(case)


@pages.page(f"{ONE}/kirim", methods=["POST"])
@needs("propose")
def send(proposal_id: int) -> ResponseReturnValue:
    """Send the proposal; pressed twice it is sent once."""
    by = own_account()
    case = reading.read(by, proposal_id)
    if case.writable and request.form.get("sah") != "1":
        text = _("Confirm that you are authorised to submit this.")
        return _page(case, [{"id": "sah", "text": text}]), 422
    try:
        editorial.submit(by, proposal_id)
    except NothingProposed:
        return _page(reading.read(by, proposal_id), nothing=True), 422
    except NotSound as unsound:
        return _page(_again(by, proposal_id), _problems(unsound, _again(by, proposal_id))), 422
    except Outdated:
        fresh = _again(by, proposal_id)
        if fresh.stands.conflicts and not fresh.stands.gone:
            return redirect(url_for("proposals.conflict", proposal_id=proposal_id), 303)
        return _page(fresh), 409
    return redirect(url_for("proposals.show", proposal_id=proposal_id, kabar="terkirim"), 303)


def _again(by: Account, proposal_id: int) -> Case:
    db.session.rollback()
    return reading.read(by, proposal_id)


def _problems(unsound: NotSound, case: Case) -> list[dict[str, str]]:
    return [telling.problem(one.path, one.message, one.values, case.proposal, case.voice) for one in unsound.problems]


def _page(case: Case, errors: list[dict[str, str]] | None = None, *, nothing: bool = False) -> Any:
    proposal, session = case.proposal, db.session()
    rows = case.rows
    moved = proposal.subject and case.stands.number != proposal.base and not case.stands.gone
    old = at(session, proposal.subject, proposal.base) if moved else None
    body = render_template(
        "proposals/preview.html",
        proposal=proposal,
        gone=case.stands.gone,
        names=case.names,
        kind=telling.kind(proposal),
        rows=rows,
        empty=nothing or not (rows or proposal.kind in WITHOUT_EDITS),
        files=reading.files(session, proposal),
        hints=hints.found(case),
        merged=telling.changed_since(old, case.stands, proposal, case.voice),
        number=case.stands.number,
        edit_url=telling.edit_url(proposal),
        about_url=telling.subject_url(proposal.subject),
        url=telling.page_url(proposal.id),
        errors=errors or [],
    )
    return make_response(body)
