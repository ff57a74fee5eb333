"""What came in from outside, and what do moderators do with it? The list, a report, its answer, a proposal of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import corrections, desk, digits, places, publications, translating
from portal.corrections import Unfinished
from portal.editorial import NotThere, Outdated
from portal.extensions import db, today
from portal.models import Tip
from portal.terms import N_
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import formatting, paging
from portal.web.access import needs, own_account
from portal.web.language import Pages
from portal.web.proposals import telling
from portal.web.record_reading import fate
from portal.web.voice import voice, word

pages = Pages("tips", __name__, public=False)

LIST = "/moderasi/kiriman"
ONE = f"{LIST}/<int(max=2147483647):tip_id>"
FIELDS = {"state": "hasil", "answer": "jawaban", "reason": "alasan"}
_CHANGED = N_("Somebody else changed this report in the meantime. Below is how it stands now; what you wrote is kept.")

# Sentences that are written again and again: label and text, in the sender's language.
CANNED: Mapping[str, tuple[str, str]] = {
    "mended": (N_("Mended"), N_("Thank you. You are right: the record is mended.")),
    "partly": (N_("Mended in part"), N_("Thank you. We mended what the evidence bears, and left the rest as it was.")),
    "evidence": (
        N_("Nothing to check it by"),
        N_("We found no document or page that bears this out, so the record stays. Please write again with one."),
    ),
    "same": (N_("On record already"), N_("This is on record already. Thank you for looking closely.")),
    "source": (
        N_("Words of a source"),
        N_("These are the words of a source, which are never changed. A newer statement can stand beside them."),
    ),
    "ppid": (
        N_("For the information officer"),
        N_("Please turn to the information officer (PPID) of the region: the way is shown on the page of the region."),
    ),
    "unusable": (N_("Not about a cooperation"), N_("This is not about a cooperation in this register.")),
}


@pages.page(LIST)
@needs("handle_tips")
def index() -> ResponseReturnValue:
    """The reports of the own provinces: ``keadaan`` open or closed, ``jenis``, ``hal``."""
    return _list()


@pages.page(LIST, methods=["POST"])
@needs("handle_tips")
def handle() -> ResponseReturnValue:
    """Do the same to several: take them up, or answer them with one text."""
    by = own_account()
    ticked = {one: digits.whole(one) for one in request.form.getlist("kiriman")}
    chosen = {number: _number(f"versi-{one}") for one, number in ticked.items() if number is not None}
    if not chosen:
        return _list([_("Tick at least one report.")], 422)
    try:
        if request.form.get("aksi") == "ambil":
            corrections.take_up(by, chosen)
            done = len(chosen)
        else:
            done = corrections.answer(by, chosen, request.form.get("hasil", ""), request.form.get("jawaban", ""))
    except Unfinished as unfinished:
        return _list([_said(one.message, one.values) for one in unfinished.problems], 422)
    except Outdated:
        return _list([_("One of them was changed by somebody else. Nothing was done; look again.")], 409)
    except NotThere:
        abort(404)
    flash(ngettext("%(num)s report is done.", "%(num)s reports are done.", done))
    return redirect(url_for("tips.index"), 303)


@pages.page(ONE)
@needs("handle_tips")
def show(tip_id: int) -> ResponseReturnValue:
    """One report with everything that was sent, and what can be done."""
    return _one(_tip(tip_id))


@pages.page(f"{ONE}/ambil", methods=["POST"])
@needs("handle_tips")
def take_up(tip_id: int) -> ResponseReturnValue:
    """Say that it is being looked into."""
    corrections.take_up(own_account(), [_tip(tip_id).id])
    return redirect(url_for("tips.show", tip_id=tip_id), 303)


@pages.page(f"{ONE}/jawab", methods=["POST"])
@needs("handle_tips")
def answer(tip_id: int) -> ResponseReturnValue:
    """Close it with an answer to the sender."""
    tip = _tip(tip_id)
    if request.form.get("aksi") == "sisipkan":
        return _one(tip)
    try:
        corrections.answer(
            own_account(), {tip_id: _number("versi")}, request.form.get("hasil", ""), request.form.get("jawaban", "")
        )
    except Unfinished as unfinished:
        return _one(tip, unfinished, 422)
    except Outdated:
        return _outdated(tip_id)
    flash(_("The report is answered."))
    return redirect(url_for("tips.show", tip_id=tip_id), 303)


@pages.page(f"{ONE}/perpanjang", methods=["POST"])
@needs("handle_tips")
def extend(tip_id: int) -> ResponseReturnValue:
    """Take seven more working days, with a reason the sender reads."""
    tip = _tip(tip_id)
    try:
        corrections.extend(own_account(), tip_id, _number("versi"), request.form.get("alasan", ""))
    except Unfinished as unfinished:
        return _one(tip, unfinished, 422)
    except Outdated:
        return _outdated(tip_id)
    flash(_("The sender is told that more time is needed."))
    return redirect(url_for("tips.show", tip_id=tip_id), 303)


@pages.page(f"{ONE}/usulan", methods=["POST"])
@needs("handle_tips")
def propose(tip_id: int) -> ResponseReturnValue:
    """Begin a proposal of it and go to the form."""
    tip = _tip(tip_id)
    if not tip.region:
        abort(404)
    try:
        proposal = corrections.propose(own_account(), tip_id)
    except corrections.RecordGone:
        return _one(tip, None, 409, [{"id": "", "text": _gone(tip)}])
    except Outdated:
        return _outdated(tip_id)
    return redirect(url_for("proposing.edit", proposal_id=proposal.id), 303)


# -- the list -------------------------------------------------------------------------------------------------


def _list(errors: list[str] | None = None, status: int = 200) -> ResponseReturnValue:
    by = own_account()
    state = "closed" if request.args.get("keadaan") == "tertutup" else "open"
    kind = request.args.get("jenis", "")
    kind = kind if kind in desk.TIP_KINDS else ""
    page = paging.asked()
    found, total = corrections.listed(by.actor, state, kind, page)
    if moved := paging.elsewhere(min(page, paging.last(total, corrections.PAGE))):
        return moved
    return make_response(
        render_template(
            "tips/index.html", rows=[_row(tip) for tip in found],
            errors=[{"id": "", "text": one} for one in errors or []],
            counted=ngettext("%(num)s report", "%(num)s reports", total), closed=state == "closed", kind=kind,
            kinds=[{"value": code, "label": word(desk.TIP_KINDS, code)} for code in desk.TIP_KINDS],
            results=_results(), steps=_steps(page, total), typed=request.form, ticked=request.form.getlist("kiriman"),
            fields=_answer_fields({}),
        ),
        status,
    )  # fmt: skip


def _row(tip: Tip) -> dict[str, Any]:
    state = desk.TIP_STATES[tip.state]
    late = (today() - date.fromisoformat(tip.due)).days if tip.state in corrections.OPEN else 0
    return {
        "id": tip.id, "version": tip.version, "url": url_for("tips.show", tip_id=tip.id), "receipt": tip.receipt,
        "text": tip.text[:160] + ("…" if len(tip.text) > 160 else ""), "kind": word(desk.TIP_KINDS, tip.kind),
        "about": _about(tip), "sent": telling.moment(tip.created), "due": formatting.when(tip.due, short=True),
        "late": ngettext("%(num)s day late", "%(num)s days late", late) if late > 0 else "",
        "state": {"label": word(desk.TIP_STATES, tip.state), "tone": state.extra["tone"]},
        "open": tip.state in corrections.OPEN,
    }  # fmt: skip


def _about(tip: Tip) -> str:
    """What it is about in a few words: record and region, the page, or the site as a whole."""
    region = places.regions().get(tip.region)
    named = voice().region(tip.region) if region else ""
    if tip.subject.startswith("KS-"):
        return f"{tip.subject}, {named}" if named else tip.subject
    return named or tip.page or _("the site as a whole")


def _steps(page: int, total: int) -> dict[str, str] | None:
    last = paging.last(total, corrections.PAGE)
    if last == 1:
        return None
    query: dict[str, Any] = {name: request.args.get(name) for name in ("keadaan", "jenis")}
    return {
        "text": _("Page %(page)s of %(pages)s", page=formatting.number(page), pages=formatting.number(last)),
        "previous": url_for("tips.index", hal=page - 1 if page > 2 else None, **query) if page > 1 else "",
        "next": url_for("tips.index", hal=page + 1, **query) if page < last else "",
    }


# -- one report -----------------------------------------------------------------------------------------------


def _tip(tip_id: int) -> Tip:
    try:
        return corrections.open_for(db.session(), own_account(), tip_id)
    except NotThere:
        abort(404)


def _outdated(tip_id: int) -> ResponseReturnValue:
    db.session.rollback()
    message = _CHANGED
    return _one(_tip(tip_id), None, 409, [{"id": "", "text": _(message)}])


def _one(
    tip: Tip, unfinished: Unfinished | None = None, status: int = 200, errors: list[dict[str, str]] | None = None
) -> ResponseReturnValue:
    problems = {one.path: _said(one.message, one.values) for one in unfinished.problems} if unfinished else {}
    listed = [{"id": FIELDS.get(path, ""), "text": text} for path, text in problems.items()]
    proposals = corrections.proposals_of(db.session(), tip)
    return make_response(
        render_template(
            "tips/show.html", t=_told(tip), errors=[*(errors or []), *listed], fields=_answer_fields(problems, tip),
            results=_results(), canned=_canned(tip.language), mail=bool(tip.contact),
            extendable=corrections.extendable(tip),
            proposals=[
                {
                    "url": url_for("proposals.show", proposal_id=one.id), "receipt": one.receipt,
                    "state": word(desk.STATES, one.state), "tone": desk.STATES[one.state].extra["tone"],
                }
                for one in proposals
            ],
        ),
        status,
    )  # fmt: skip


def _gone(tip: Tip) -> str:
    """What became of the record of a tip; empty where it stands, and where the tip is about none."""
    newest = publications.newest(tip.subject) if tip.subject.startswith("KS-") else None
    return fate(newest) if newest is not None else ""


def _told(tip: Tip) -> dict[str, Any]:
    aim = corrections.aim_of(own_account(), tip)
    return {
        **_row(tip), "whole": formatting.lines(tip.text), "evidence": formatting.lines(tip.evidence), "page": tip.page,
        "answer": formatting.lines(tip.answer), "extended": formatting.lines(tip.extended),
        "closed": telling.moment(tip.closed) if tip.closed else None, "is_new": tip.state == "new",
        "can_propose": bool(tip.region and aim), "aim": aim[2] if aim else "", "gone": _gone(tip),
        "is_reply": tip.kind == "reply", "is_personal": tip.kind == "personal_data",
        "language": tip.language,
    }  # fmt: skip


def _answer_fields(problems: Mapping[str, str], tip: Tip | None = None) -> dict[str, dict[str, Any]]:
    """What the forms draw: result, answer, reason – as typed, a canned text added where that was pressed."""
    typed = request.form
    text = typed.get("jawaban", "")
    if tip is not None and typed.get("aksi") == "sisipkan":
        found = CANNED.get(typed.get("teks", ""))
        added = translating.catalogue(tip.language).gettext(found[1]) if found else ""
        text = text if not added or added in text else f"{text.rstrip()}\n{added}".strip()
    made = {
        "state": (_("What became of it?"), "", typed.get("hasil", "")),
        "answer": (_("Answer to the sender"), _("Anybody with the code reads it. Never a name or address."), text),
        "reason": (_("Why is more time needed?"), _("The sender reads it."), typed.get("alasan", "")),
    }
    return {
        name: {
            "name": FIELDS[name], "label": label, "hint": hint, "value": value,
            "errors": [problems[name]] if name in problems else [],
        }
        for name, (label, hint, value) in made.items()
    }  # fmt: skip


def _results() -> list[dict[str, str]]:
    return [{"value": code, "label": word(desk.TIP_STATES, code)} for code in corrections.ANSWERS]


def _canned(language: str) -> list[dict[str, str]]:
    catalogue = translating.catalogue(language)
    found = []
    for key, (label, text) in CANNED.items():
        found.append({"value": key, "label": _(label), "text": catalogue.gettext(text)})
    return found


def _said(message: str, values: Mapping[str, str]) -> str:
    return str(_(message, **values))


def _number(name: str) -> int:
    return digits.whole(request.form.get(name, "")) or 0
