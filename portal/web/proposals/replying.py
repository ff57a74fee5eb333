"""How does a region reply to what is recorded about it? A dated text of its cooperation section, word for word."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import amending, digits, editorial, permissions, places
from portal.editorial.standing import at, newest
from portal.extensions import db, today
from portal.models import Account, Proposal
from portal.permissions import Thing
from portal.record import Document
from portal.web.access import needs, own_account
from portal.web.proposals import reading, telling
from portal.web.proposals.blueprint import pages
from portal.web.proposing.fields import cleaned, text_faults
from portal.web.record_reading import subject_of
from portal.web.voice import voice

LONGEST = 1500


@pages.page("/usulan/tanggapan", methods=["GET", "POST"])
@needs("reply")
def reply() -> ResponseReturnValue:
    """Write the region's reply to a record or to the region's own page; then look at it and send it."""
    by = own_account()
    proposal = _going_on(by)
    subject = proposal.subject if proposal else _subject()
    document = newest(db.session(), subject)[1]
    region = subject if document is None else str(document["region"])
    permissions.demand(by.actor, "reply", Thing(region, by.agency_id))
    if document is None:
        return _page(by, subject, None, {}), 404
    if request.method == "GET":
        return _page(by, subject, document, dict(proposal.fields) if proposal else {})
    typed = {name: request.form.get(name, "") for name in ("text", "text-en")}
    texts = {"id": cleaned(typed["text"], LONGEST), "en": cleaned(typed["text-en"], LONGEST)}
    faults = _faults(texts)
    if faults:
        return _page(by, subject, document, typed, faults), 422
    kept = _keep(by, subject, region, proposal, typed, texts)
    return redirect(url_for("proposals.preview", proposal_id=kept.id), 303)


def _going_on(by: Account) -> Proposal | None:
    """The reply that is gone on with: an own draft, or one that came back."""
    typed = request.values.get("usulan", "")
    if not typed:
        return None
    number = digits.whole(typed)
    case = reading.read(by, number) if number is not None else abort(404)
    if not case.writable or case.proposal.kind != "reply":
        abort(404)
    return case.proposal


def _subject() -> str:
    """What is replied to: a record's number, or a region's code; 404 for anything else."""
    record, region = request.values.get("untuk", ""), request.values.get("daerah", "")
    number = digits.whole(record.upper().removeprefix("KS").lstrip("-"))
    if number is not None:
        subject = subject_of(number)
        return subject if newest(db.session(), subject)[1] is not None else abort(404)
    return region if region in places.regions() else abort(404)


def _faults(texts: dict[str, str]) -> dict[str, list[str]]:
    found = {"text": text_faults(texts["id"], LONGEST), "text-en": text_faults(texts["en"], LONGEST)}
    if not texts["id"]:
        found["text"] = [_("Write the reply first.")]
    return {name: faults for name, faults in found.items() if faults}


def _keep(
    by: Account, subject: str, region: str, proposal: Proposal | None, typed: dict[str, str], texts: dict[str, str]
) -> Proposal:
    draft = proposal or editorial.start(by, "reply", region, subject)
    before = at(db.session(), subject, draft.base) or {}
    text = {code: words for code, words in texts.items() if words}
    added = {"text": text, "office": by.agency.name, "date": today().isoformat()}
    kind = draft.document_kind
    edits = amending.edits(before, {**before, "replies": [*before.get("replies", []), added]}, kind)
    return editorial.save(by, draft.id, typed.items(), edits)


def _page(
    by: Account,
    subject: str,
    document: Document | None,
    typed: dict[str, str],
    faults: dict[str, list[str]] | None = None,
) -> Any:
    wrong = faults or {}
    hint = _("At most 1,500 characters. It is published word for word, with the name of your office and the date.")
    field = {
        "name": "text",
        "label": _("Text of the reply"),
        "texts": {"id": typed.get("text", ""), "en": typed.get("text-en", "")},
        "hint": hint,
        "errors": [text for texts in wrong.values() for text in texts],
    }
    about = document if document is not None else {"region": subject}
    body = render_template(
        "proposals/reply.html",
        about=telling.named(about, voice()),
        about_url=telling.subject_url(subject),
        replies=[
            {"text": voice().words(one["text"]), "office": one["office"], "date": one["date"]}
            for one in reversed((document or {}).get("replies", []))
        ],
        possible=document is not None,
        office=by.agency.name,
        field=field,
        errors=[{"id": name, "text": text} for name, texts in wrong.items() for text in texts],
        hidden={name: request.values.get(name) for name in ("usulan", "untuk", "daerah") if request.values.get(name)},
    )
    return make_response(body)
