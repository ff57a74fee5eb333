"""What if the record changed while a proposal was written? Each field both changed asks: mine, or theirs?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import editorial
from portal.editorial.standing import at
from portal.extensions import db
from portal.terms import N_
from portal.web.access import needs, own_account
from portal.web.proposals import reading, telling
from portal.web.proposals.blueprint import pages
from portal.web.proposals.moves import ONE
from portal.web.proposals.reading import Case

SIDES = {"mine": N_("Keep mine"), "theirs": N_("Take the new one")}


@pages.page(f"{ONE}/bentrok", methods=["GET", "POST"])
@needs("propose")
def conflict(proposal_id: int) -> ResponseReturnValue:
    """Ask about the fields that others changed too; the rest comes together by itself."""
    by = own_account()
    case = reading.read(by, proposal_id)
    if not case.writable:
        return redirect(telling.page_url(proposal_id), 303)
    if not case.stands.conflicts or case.stands.gone:
        return redirect(url_for("proposals.preview", proposal_id=proposal_id), 303)
    if request.method == "GET":
        return _page(case)
    if request.form.get("revision") != str(case.stands.number):
        return _page(case, late=True), 409
    asked = {row["key"] for row in _asked(case)}
    chosen = {key: request.form.get(f"pilih-{key}", "") for key in asked}
    open_keys = {key for key, side in chosen.items() if side not in SIDES}
    if open_keys:
        return _page(case, open_keys, chosen), 422
    editorial.rebase(by, proposal_id, _with_support(case, chosen))
    return redirect(url_for("proposals.preview", proposal_id=proposal_id, kabar="digabung"), 303)


def _asked(case: Case) -> list[dict[str, Any]]:
    return telling.rows(case.proposal, case.stands.ground, case.stands.conflicts, case.voice)


def _with_support(case: Case, chosen: dict[str, str]) -> dict[str, str]:
    """What only supports an edit goes with it: a support that conflicts stays mine while any of its fields does."""
    kept = dict(chosen)
    mine = "mine" if "mine" in chosen.values() or not chosen else "theirs"
    for edit in case.stands.conflicts:
        kept.setdefault(edit.key, mine)
    return kept


def _page(
    case: Case, missing: Collection[str] = (), chosen: dict[str, str] | None = None, *, late: bool = False
) -> Any:
    proposal = case.proposal
    rows = _asked(case)
    errors = [
        {"id": f"pilih-{row['key']}-mine", "text": _("%(field)s: choose which one stays.", field=row["label"])}
        for row in rows
        if row["key"] in missing
    ]
    fits = [edit for edit in case.stands.open if edit not in case.stands.conflicts]
    old = at(db.session(), proposal.subject, proposal.base)
    body = render_template(
        "proposals/conflict.html",
        proposal=proposal,
        names=case.names,
        rows=rows,
        chosen=chosen or {},
        sides=[{"value": code, "label": _(label)} for code, label in SIDES.items()],
        kept=[row["label"] for row in telling.rows(proposal, case.stands.ground, fits, case.voice)],
        merged=telling.changed_since(old, case.stands, proposal, case.voice),
        number=case.stands.number,
        base=proposal.base,
        about_url=telling.subject_url(proposal.subject),
        url=telling.page_url(proposal.id),
        errors=errors,
        late=late,
    )
    return make_response(body)
