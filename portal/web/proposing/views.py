"""Where is a proposal written? The form, its drafts, and what the browser asks while somebody types."""

from __future__ import annotations

import re
import secrets
from typing import Any, BinaryIO, cast

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict

from portal import amending, digits, editorial, evidence, permissions, throttling
from portal.extensions import WIB, csrf, db, moment
from portal.models import Account, Proposal
from portal.web import htmx, resending
from portal.web.access import account, needs, own_account
from portal.web.language import Pages
from portal.web.proposing import forms, mistakes, opening, showing, suggesting
from portal.web.proposing.asking import LISTS
from portal.web.proposing.opening import Sheet

pages = Pages("proposing", __name__, public=False)

LARGEST_REQUEST = 24 * 1024 * 1024  # so much is read, so that a file that is too large is told beside its box


@pages.url_value_preprocessor
def _give_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    request.max_content_length = LARGEST_REQUEST


@pages.page("/usulan/baru")
@needs("propose")
def new() -> ResponseReturnValue:
    """An empty form, or the draft that is there already of this kind; without a kind it is a change."""
    by = own_account()
    sheet = opening.asked_for(by, request.args)
    if sheet is None:
        return _choice(by)
    draft = opening.own_draft(by, sheet)
    if draft is not None:
        return redirect(url_for("proposing.edit", proposal_id=draft.id), 303)
    return _page(sheet.bind())


def _choice(by: Account) -> ResponseReturnValue:
    """The question for which region; said beside the box where none of them was named."""
    wrong = [{"id": "daerah", "text": _("Choose a region from the list.")}] if "daerah" in request.args else []
    body = render_template(
        "proposing/region.html", **suggesting.regions(by), jenis=request.args.get("jenis"), errors=wrong
    )
    return make_response(body, 422 if wrong else 200)


@pages.page("/usulan/baru", methods=["POST"])
@needs("propose")
def create() -> ResponseReturnValue:
    """A form that was sent: it becomes a draft, and goes on to the preview where it is in order."""
    by = own_account()
    sheet = _sent_sheet(by)
    return _answered(by, sheet)


@pages.page("/usulan/<int(max=2147483647):proposal_id>/ubah")
@needs("propose")
def edit(proposal_id: int) -> ResponseReturnValue:
    """An own draft as it was left."""
    sheet = opening.kept(own_account(), proposal_id)
    if not opening.is_open(sheet):
        return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)
    return _page(opening.reopened(sheet))


@pages.page("/usulan/<int(max=2147483647):proposal_id>/ubah", methods=["POST"])
@needs("propose")
def update(proposal_id: int) -> ResponseReturnValue:
    """An own draft, written on."""
    by = own_account()
    sheet = opening.kept(by, proposal_id)
    if not opening.is_open(sheet):
        return redirect(url_for("proposals.show", proposal_id=proposal_id), 303)
    return _answered(by, _with_kind(sheet))


@csrf.exempt
def autosave(proposal_id: int | None = None) -> ResponseReturnValue:
    """Keep what was typed so far and say when.

    Somebody whose sign-in ended stays where they are and is told to sign in beside it; only therefore the token is
    asked for here and not before. What was on its way while something newer was kept is not written over it: the form,
    if it is still there, sends itself again. A form that does not belong to the draft that is there keeps nothing.
    """
    by = account()
    if by is None:
        return _fragment("proposing/_signed_out.html"), 401
    try:
        csrf.protect()
    except CSRFError:  # signed in anew since the form was opened: it gets the token of now, and sends itself once more
        if resending.RENEWED in request.form or not htmx.wants_fragment():
            raise
        return _fragment("proposing/_renewed.html")
    if by.needs_second_factor and not by.has_second_factor:
        raise permissions.NotAllowed("second factor")
    permissions.demand(by.actor, "propose")
    sheet = _with_kind(opening.kept(by, proposal_id)) if proposal_id else _sent_sheet(by)
    if not opening.is_open(sheet):
        return _fragment("proposing/_saved.html", sheet=sheet, saved=_("This proposal was sent already."), tasks=[])
    if other := _other(by, sheet):
        return _fragment("proposing/_other.html", other=other.id)
    if sheet.proposal is None and throttling.count("proposal", str(by.id)):
        return _fragment("proposing/_saved.html", sheet=sheet, saved=_("Not kept: too many drafts at once."), tasks=[])
    sheet.bind(_typed())
    found = mistakes.found(sheet, sheet.form.validate())
    try:
        _keep(by, sheet, found, seen=_seen())
    except editorial.Outdated:
        newer = opening.kept(by, sheet.proposal.id)  # type: ignore[union-attr]
        return _at_draft(newer, saved="", tasks=[], again=True)
    return _at_draft(sheet, saved=_saved(sheet), tasks=showing.tasks(sheet, sheet.document()))


autosave.access = "propose"
pages.page("/usulan/simpan", methods=["POST"])(autosave)
pages.page("/usulan/<int(max=2147483647):proposal_id>/simpan", methods=["POST"], endpoint="keep")(autosave)


def _at_draft(sheet: Sheet, **values: Any) -> Response:
    """The answer to keeping a draft; loading the page again leads to it."""
    answer = _fragment("proposing/_saved.html", sheet=sheet, **values)
    answer.headers["HX-Replace-Url"] = url_for("proposing.edit", proposal_id=sheet.proposal.id)  # type: ignore[union-attr]
    return answer


@pages.page("/usulan/saran")
@needs("propose")
def partners() -> ResponseReturnValue:
    """Partners whose names hold what is typed."""
    return _fragment("proposing/_suggestions.html", names=suggesting.partners(suggesting.typed_name(request.args)))


@pages.page("/usulan/serupa", methods=["POST"])
@needs("propose")
def similar() -> ResponseReturnValue:
    """Records that may be the same as what is about to be reported."""
    sheet = _sent_sheet(own_account()).bind(_typed())
    return _fragment("proposing/_similar.html", similar=showing.maybe_same(sheet))


def _typed() -> MultiDict[str, str]:
    return MultiDict(opening.typed_pairs(request.form.items(multi=True)))


def _sent_sheet(by: Account) -> Sheet:
    """The draft a sent form goes on with, or what it asks for."""
    typed = request.form.get("usulan", "")
    if typed:
        number = digits.whole(typed)
        if number is None:
            raise editorial.NotThere(typed[:20])
        return _with_kind(opening.kept(by, number))
    sheet = opening.asked_for(by, request.form)
    if sheet is None:
        raise editorial.NotThere("no region")
    return opening.gone_on_with(by, sheet, _mark())


def _other(by: Account, sheet: Sheet) -> Proposal | None:
    """A draft that a form is not to write over: it was written in another one, and this one knows nothing of it."""
    return opening.own_draft(by, sheet) if sheet.proposal is None else None


def _with_kind(sheet: Sheet) -> Sheet:
    """The sheet for the kind that is chosen in the form; one that was sent already keeps its own."""
    kind = opening.WORDS.get(request.form.get("jenis", ""), sheet.kind)
    fits = sheet.kind in opening.OF_A_RECORD and kind in sheet.kinds
    if fits and sheet.proposal is not None and sheet.proposal.state == "draft":
        sheet.kind = kind
    return sheet


def _answered(by: Account, sheet: Sheet) -> ResponseReturnValue:
    """The answer to a sent form, by the button that was pressed."""
    act = request.form.get("aksi", "pratinjau")
    typed = _typed()
    if not opening.is_open(sheet):
        return redirect(url_for("proposals.show", proposal_id=sheet.proposal.id), 303)  # type: ignore[union-attr]
    if "tambah" in request.form or "hapus" in request.form or act == "ganti":
        return _rearranged(sheet, typed)
    if (other := _other(by, sheet)) and typed:
        return _page(sheet.bind(typed), 409, other=other.id)
    if other:  # a mere button
        return redirect(url_for("proposals.preview" if other.found else "proposing.edit", proposal_id=other.id), 303)
    waiting = throttling.wait("proposal", str(by.id))
    if sheet.proposal is None and (waiting := throttling.count("proposal", str(by.id)) or waiting):
        return _too_many(sheet.bind(typed), waiting)
    sheet.bind(typed)
    sound = sheet.form.validate()
    if act == "pratinjau" and _is_empty(sheet, sound):
        return _page(sheet, 422, [mistakes.nothing(sheet)])
    _begin(by, sheet)
    refused = _attach(by, sheet)
    found = [one for one in mistakes.found(sheet, sound) if not refused or one["id"] != "berkas"]
    _keep(by, sheet, [*found, *refused])
    number = sheet.proposal.id  # type: ignore[union-attr]
    if refused or (act == "pratinjau" and found):
        return _page(sheet, 422, [*refused, *found])
    if act == "pratinjau":
        return _onward(url_for("proposals.preview", proposal_id=number))
    anchor = "bagian-bukti" if act == "unggah" or "hapus_bukti" in request.form else "simpan"
    return redirect(url_for("proposing.edit", proposal_id=number, _anchor=anchor), 303)


def _is_empty(sheet: Sheet, sound: bool) -> bool:
    """True for a form of a record in which nothing was changed: no draft is made of it."""
    given = request.files.get("berkas")
    begun = sheet.proposal is not None or bool(given and given.filename)
    return not begun and sound and bool(sheet.subject) and sheet.kind != "withdraw" and sheet.document() == sheet.base


def _onward(target: str) -> ResponseReturnValue:
    """Go on to a page; htmx, which sent the form so that a lost connection loses nothing, goes there as a whole.

    It would follow a redirect by itself, and stay at the address it was at.
    """
    if request.headers.get("HX-Request") != "true":
        return redirect(target, 303)
    answer = make_response("")
    answer.headers["HX-Redirect"] = target
    return answer


def _rearranged(sheet: Sheet, typed: MultiDict[str, str]) -> ResponseReturnValue:
    """The form with a row more or less, or for another kind; nothing is judged yet."""
    gone, more = request.form.get("hapus", ""), request.form.get("tambah", "")
    if gone:
        typed = MultiDict([(name, value) for name, value in typed.items(multi=True) if not name.startswith(f"{gone}-")])
    sheet.bind(typed)
    fresh = ""
    if more in {*LISTS, "bukti"} and more in sheet.form:
        rows = sheet.form[more]
        if len(rows.entries) < (rows.max_entries or forms.MOST_ROWS):
            fresh = rows.append_entry().name
    return _page(sheet, fresh=fresh)


def _mark() -> str:
    """The mark of the form that was sent; empty for none and for anything that is not one of ours."""
    typed = request.form.get(opening.MARK, "")
    return typed if re.fullmatch(r"[0-9a-f]{32}", typed) else ""


def _seen() -> int:
    """The version of the draft that the form knows; a draft that was only begun has the first."""
    return digits.whole(request.form.get(opening.SEEN, "")) or 1


def _begin(by: Account, sheet: Sheet) -> None:
    """Make the draft if there is none yet; a form that is sent twice at once is one draft."""
    if sheet.proposal is None:
        mark = "" if sheet.subject else _mark()
        sheet.proposal = editorial.start(by, sheet.kind, sheet.region, sheet.subject, mark)
        if sheet.proposal.base != sheet.number:  # a draft of this kind was there, or the record changed meanwhile
            typed = _typed()
            again = opening.kept(by, sheet.proposal.id).bind(typed)
            sheet.number, sheet.base, sheet.form = again.number, again.base, again.form
            sheet.form.validate()
        sheet.files = evidence.of(db.session(), sheet.proposal.id)


def _attach(by: Account, sheet: Sheet) -> list[dict[str, str]]:
    """Keep or remove a file as the form asks; what was refused is told beside the field."""
    proposal = sheet.proposal
    assert proposal is not None
    given, gone = request.files.get("berkas"), digits.whole(request.form.get("hapus_bukti", ""))
    try:
        if gone is not None:
            evidence.remove(by, proposal.id, gone)
        if given and given.filename:
            evidence.keep(by, proposal.id, given.filename, cast("BinaryIO", given.stream), _free_key(sheet))
    except evidence.Refused as refused:
        message = refused.message
        text = _(message, **refused.values)
        sheet.form["berkas"].errors = [text]
        return [{"id": "berkas", "text": text}]
    finally:
        sheet.files = evidence.of(db.session(), proposal.id)
    return []


def _free_key(sheet: Sheet) -> str:
    """A key for the source of the next file."""
    used = {one.source for one in sheet.files} | {source["key"] for source in sheet.base.get("sources", [])}
    number = sheet.proposal.id if sheet.proposal else 0
    return next(key for place in range(1, 100) if (key := f"u{number}s{place}") not in used)


def _keep(by: Account, sheet: Sheet, wrong: list[dict[str, str]], seen: int | None = None) -> None:
    """Keep the draft as typed, and what it comes to: nothing while something is wrong; `editorial.save` on ``seen``."""
    _begin(by, sheet)
    assert sheet.proposal is not None
    edits = []
    if not wrong and sheet.kind != "withdraw":
        edits = amending.edits(sheet.base, sheet.document(), sheet.document_kind)
    typed = opening.stored_pairs(request.form.items(multi=True), _mark())
    note = _note(sheet, wrong)
    sheet.proposal = editorial.save(by, sheet.proposal.id, typed, edits, note, kind=sheet.kind, seen=seen)


def _note(sheet: Sheet, wrong: list[dict[str, str]]) -> str:
    """What is said to the moderator; of a withdrawal the reason, and where it can be seen."""
    if sheet.kind != "withdraw":
        return str(sheet.form["catatan"].data or "")
    if wrong:
        return ""
    seen = [": ".join(text for text in (row["title"].data, row["place"].data) if text) for row in _named(sheet)]
    lines = [sheet.form["reason"].data, *seen, sheet.form["catatan"].data]
    return "\n".join(line for line in lines if line)[:4000]


def _named(sheet: Sheet) -> list[Any]:
    return [row for row in sheet.form.rows("bukti") if row["place"].data]


def _saved(sheet: Sheet) -> str:
    if sheet.proposal is None:
        return ""
    at = moment(sheet.proposal.changed).astimezone(WIB).strftime("%H.%M")
    return _("Draft saved %(time)s", time=at)


def _too_many(sheet: Sheet, waiting: int) -> ResponseReturnValue:
    minutes = max(1, round(waiting / 60))
    text = ngettext(
        "You have begun very many proposals. Wait %(num)s minute; what you typed stays here.",
        "You have begun very many proposals. Wait %(num)s minutes; what you typed stays here.",
        minutes,
    )
    answer = make_response(_page(sheet, 429, [{"id": "", "text": text}]))
    answer.headers["Retry-After"] = str(waiting)
    return answer


def _fragment(template: str, **values: Any) -> Response:
    answer = make_response(render_template(template, **values))
    answer.vary.update(htmx.VARIES)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(
    sheet: Sheet, status: int = 200, errors: list[dict[str, str]] | None = None, fresh: str = "", other: int = 0
) -> ResponseReturnValue:
    number = sheet.proposal.id if sheet.proposal else None
    action = url_for("proposing.update", proposal_id=number) if number else url_for("proposing.create")
    document = sheet.document()
    body = render_template(
        "proposing/form.html",
        sheet=sheet,
        form=sheet.form,
        number=number,
        mark=_mark() or secrets.token_hex(16),
        action=action,
        save_url=url_for("proposing.autosave"),
        word=opening.WORD_OF[sheet.kind],
        title=showing.title(sheet),
        names=showing.names(sheet),
        record_url=url_for("cooperation.bare", subject=sheet.subject) if sheet.subject.startswith("KS-") else "",
        kinds=showing.kinds(sheet),
        parts=showing.parts(sheet),
        countries=suggesting.countries() if "foreign_parties" in sheet.form else [],
        similar=showing.maybe_same(sheet),
        files=showing.files(sheet),
        room=len(sheet.files) < evidence.MOST,
        tasks=showing.tasks(sheet, document),
        errors=errors or [],
        fresh=fresh,
        other=other,
        saved=_saved(sheet),
        outdated=number and opening.is_outdated(sheet),
        gone=number and opening.is_gone(sheet),
        returned=sheet.proposal is not None and sheet.proposal.state == "returned",
    )
    return body, status
