"""What can be done to a sent proposal? Its page: read it, talk about it, support it, take it back."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from portal import digits, editorial, moderation, safety, throttling
from portal.editorial import Outdated
from portal.editorial.drafting import LONGEST_MESSAGE
from portal.extensions import db
from portal.models import Revision
from portal.moderation import WrongMove
from portal.terms import N_
from portal.web.access import needs, own_account
from portal.web.proposals import finding, reading, telling
from portal.web.proposals.blueprint import pages
from portal.web.proposals.reading import Case
from portal.web.proposing.fields import cleaned
from portal.web.signing.forms import too_many

ONE = "/usulan/<int(max=2147483647):proposal_id>"
# What is said at the top after something was done; the code stands in the address.
NEWS = {
    "terkirim": N_("Proposal %(receipt)s sent. Moderators usually reply within 3 working days."),
    "ditarik": N_("Proposal %(receipt)s taken back."),
    "didukung": N_("Proposal %(receipt)s supported. Moderators see it."),
    "pesan": N_("Your message was sent."),
}
_NEWS_STATES = {
    "terkirim": moderation.WAITING,
    "ditarik": ("withdrawn",),
    "didukung": ("endorsed", "seconding"),
    "pesan": (*moderation.WAITING, *moderation.WITH_AUTHOR, *moderation.CLOSED),
}
LONGEST_NOTE = 500


@pages.page(ONE)
@needs("read_proposal")
def show(proposal_id: int) -> ResponseReturnValue:
    """One proposal: what it changes, its evidence, what was decided and said."""
    return _page(proposal_id)


@pages.page(f"{ONE}/pesan", methods=["POST"])
@needs("read_proposal")
def message(proposal_id: int) -> ResponseReturnValue:
    """Say something to the moderators, or to the author."""
    by = own_account()
    typed = request.form.get("text", "")
    text = cleaned(typed, LONGEST_MESSAGE)
    error = ""
    if not text:
        error = _("Write a message first.")
    elif len(text) > LONGEST_MESSAGE:
        error = _("Write at most %(most)s characters; these are %(count)s.", most=LONGEST_MESSAGE, count=len(text))
    elif safety.is_piled(text):
        error = _("Too many marks stand on one letter.")
    if error:
        return _page(proposal_id, typed=typed, error=error), 422
    case = reading.read(by, proposal_id)
    if case.proposal.state == "draft":
        return _page(proposal_id, typed=typed, error=_("A draft can be talked about once it is sent.")), 422
    wait = throttling.wait("message", str(by.id))
    if wait:
        return _page(proposal_id, typed=typed, error=too_many(wait)), 429, {"Retry-After": str(wait)}
    throttling.count("message", str(by.id))  # each one is a letter to several people
    editorial.say(by, proposal_id, text)
    return _back(proposal_id, "pesan", "utas")


@pages.page(f"{ONE}/dukung", methods=["POST"])
@needs("endorse")
def endorse(proposal_id: int) -> ResponseReturnValue:
    """Support a proposal of the region, as it was shown."""
    by = own_account()
    version = digits.whole(request.form.get("version", ""))
    note = cleaned(request.form.get("note", ""), LONGEST_NOTE)[:LONGEST_NOTE]
    try:
        if version is None:
            raise Outdated("no version")
        editorial.endorse(by, proposal_id, version, note)
    except (Outdated, WrongMove):
        return _page(proposal_id, late=True, support=note), 409
    return _back(proposal_id, "didukung")


@pages.page(f"{ONE}/tarik", methods=["GET", "POST"])
@needs("propose")
def take_back(proposal_id: int) -> ResponseReturnValue:
    """Take an own proposal back, after being asked."""
    by = own_account()
    case = reading.read(by, proposal_id)
    if request.method == "POST":
        try:
            editorial.take_back(by, proposal_id)
        except (Outdated, WrongMove):
            return _page(proposal_id, late=True), 409
        return _back(proposal_id, "ditarik")
    if not case.own or not _can_take_back(case):
        return redirect(telling.page_url(proposal_id), 303)
    return render_template(
        "proposals/take_back.html", proposal=case.proposal, names=case.names, kind=telling.kind(case.proposal),
        state=telling.state(case.proposal), url=telling.page_url(proposal_id),
    )  # fmt: skip


def _back(proposal_id: int, news: str, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("proposals.show", proposal_id=proposal_id, kabar=news, _anchor=anchor), 303)


def _can_take_back(case: Case) -> bool:
    return "withdraw" in moderation.open_moves(case.proposal.state)


def _page(proposal_id: int, *, typed: str = "", error: str = "", late: bool = False, support: str = "") -> Any:
    case = reading.read(own_account(), proposal_id)
    proposal, session = case.proposal, db.session()
    moves = finding.decisions(session, proposal)
    revisions = _revisions([one.revision for one in moves if one.revision])
    said = finding.notes(session, [proposal]).get(proposal.id)
    told = said if proposal.state in {"returned", "rejected", "partly_published"} else None
    body = render_template(
        "proposals/show.html",
        proposal=proposal,
        names=case.names,
        kind=telling.kind(proposal),
        state=telling.state(proposal),
        meaning=telling.meaning(proposal) if case.own else "",
        gone=telling.gone(proposal, case.stands, case.voice),
        sent=telling.moment(proposal.submitted) if proposal.submitted else None,
        about_url=telling.subject_url(proposal.subject),
        edit_url=telling.edit_url(proposal) if case.writable else "",
        rows=case.rows,
        files=reading.files(session, proposal),
        answer=telling.story(proposal, [told], revisions, case.voice)[0] if told else None,
        story=telling.story(proposal, moves, revisions, case.voice),
        thread=telling.thread(finding.messages(session, proposal), case.reader.id),
        can_endorse=proposal.state == "submitted" and case.may("endorse"),
        can_take_back=case.own and _can_take_back(case),
        can_decide=case.may("decide") and proposal.state in moderation.WAITING,
        news=_news(case) if not (error or late) else "",
        typed=typed,
        error=error,
        late=late,
        support=support,
        longest=LONGEST_MESSAGE,
    )
    return make_response(body)


def _news(case: Case) -> str:
    """What was just done, if it is still so."""
    code = request.args.get("kabar", "")
    if case.proposal.state not in _NEWS_STATES.get(code, ()):
        return ""
    message = NEWS[code]
    return _(message) % {"receipt": case.proposal.receipt}


def _revisions(numbers: list[int]) -> dict[int, Revision]:
    found = db.session().execute(select(Revision).where(Revision.seq.in_(numbers))).scalars() if numbers else ()
    return {one.seq: one for one in found}
