"""How does a moderator decide on one proposal? The page, the decision, its consequences, and the way to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import digits, editorial, moderation, throttling
from portal.editorial import Conflicting, Incomplete, Outdated, deciding, queueing, undoing
from portal.extensions import db
from portal.models import Account, Proposal
from portal.terms import N_
from portal.web import htmx
from portal.web.access import fresh, needs, own_account
from portal.web.proposals import telling
from portal.web.proposals.reading import Case
from portal.web.proposing.fields import cleaned
from portal.web.review import canned, ruling
from portal.web.review.blueprint import pages
from portal.web.review.noted import Noted
from portal.web.review.ruling import Typed
from portal.web.review.screen import Screen, again, first_typed, opened, publish_label, read
from portal.web.signing.forms import too_many

ONE = "/moderasi/<int(max=2147483647):proposal_id>"
# What is said of a proposal that was just decided, by the move.
DECIDED = {
    "publish": N_("Proposal %(receipt)s is published."),
    "publish_part": N_("Proposal %(receipt)s is published in part; the rest is refused."),
    "publish_return": N_("Part of proposal %(receipt)s is published; the rest went back to the sender."),
    "return": N_("Proposal %(receipt)s went back to the sender."),
    "reject": N_("Proposal %(receipt)s is refused."),
    "agree": N_("You agreed to proposal %(receipt)s. It is published once a second moderator agrees too."),
    "undo": N_("The publication of proposal %(receipt)s is undone; it waits for a decision again."),
}


@pages.page(ONE)
@needs("see_queue")
def show(proposal_id: int) -> ResponseReturnValue:
    """One proposal, to be decided or to be looked at."""
    case = read(own_account(), proposal_id)
    if not _is_free(case):
        return _page(case, Typed())
    return _surely(case, lambda: _page(case, first_typed(case)))


@pages.page(ONE, methods=["POST"])
@needs("decide")
def decide(proposal_id: int) -> ResponseReturnValue:
    """Decide, ask before refusing all, or only show the page again as it was filled in."""
    case = read(own_account(), proposal_id)
    typed = _typed(case)
    action = request.form.get("action", "")
    if action == "reject":
        return _confirm(case, typed)
    if action == "publish":
        return _surely(case, lambda: _decided(case, typed, ""))
    if action in {"return", "reject_sure"}:
        return _decided(case, typed, {"return": "return", "reject_sure": "reject"}[action])
    if action == "insert":
        typed.note = canned.with_text(typed.note, typed.canned, case.proposal.author.language)
    return _page(case, typed)


@pages.page(f"{ONE}/isian/<key>", methods=["POST"])
@needs("decide")
def editor(proposal_id: int, key: str) -> ResponseReturnValue:
    """The boxes of one field, opened because *change* was chosen."""
    case = read(own_account(), proposal_id)
    typed = _typed(case)
    found = typed.editors.get(key)
    if not htmx.wants_fragment() or found is None or not found.is_there:
        return _page(case, typed)
    typed.verdicts[key] = "amend"
    return _fragment("review/_editor.html", row={"key": key, "editor": found, "open": True}, fresh=True)


@pages.page(f"{ONE}/hitung", methods=["POST"])
@needs("decide")
def count(proposal_id: int) -> ResponseReturnValue:
    """The words of the button for what is chosen now."""
    case = read(own_account(), proposal_id)
    typed = _typed(case)
    if not htmx.wants_fragment():
        return _page(case, typed)
    return _fragment("review/_publish_label.html", label=publish_label(case, typed))


@pages.page(f"{ONE}/kalimat", methods=["POST"])
@needs("decide")
def insert(proposal_id: int) -> ResponseReturnValue:
    """The note with a text added to it."""
    case = read(own_account(), proposal_id)
    typed = _typed(case)
    typed.note = canned.with_text(typed.note, typed.canned, case.proposal.author.language)
    if not htmx.wants_fragment():
        return _page(case, typed)
    return _fragment("review/_note.html", typed=typed, problems={}, fresh=True)


@pages.page(f"{ONE}/buka", methods=["POST"])
@needs("decide")
def open_it(proposal_id: int) -> ResponseReturnValue:
    """Say to the others that this proposal is being looked at."""
    by = own_account()
    proposal = queueing.open_softly(by, proposal_id)
    if not htmx.wants_fragment():
        return redirect(url_for("review.show", proposal_id=proposal_id), 303)
    return _fragment("review/_opened.html", opened=opened(by, proposal), own=proposal.opened_by == by.id)


@pages.page(f"{ONE}/pesan", methods=["POST"])
@needs("decide")
def say(proposal_id: int) -> ResponseReturnValue:
    """A message to the sender, without a decision."""
    by, text = own_account(), cleaned(request.form.get("text", ""), ruling.LONGEST)
    case = read(by, proposal_id)
    typed = first_typed(case) if _is_free(case) else Typed()
    if not text:
        return _page(case, typed, [Noted("text", _("Write the message first."))], 422)
    wait = throttling.wait("message", str(by.id))
    if wait:
        page = _page(case, typed, [Noted("text", too_many(wait))], 429, message=text)
        page.headers["Retry-After"] = str(wait)
        return page
    throttling.count("message", str(by.id))  # each one is a letter
    editorial.say(by, proposal_id, text)
    return redirect(url_for("review.show", proposal_id=proposal_id, _anchor="percakapan"), 303)


@pages.page(f"{ONE}/batalkan", methods=["POST"])
@needs("decide")
def undo(proposal_id: int) -> ResponseReturnValue:
    """Take the own publication of the last minutes back; that of a new record buries it, which needs the password."""
    case = read(own_account(), proposal_id)
    return _surely(case, lambda: _undone(case.reader, proposal_id), deciding.WHOLE | {"new"})


def _undone(by: Account, proposal_id: int) -> ResponseReturnValue:
    try:
        editorial.undo(by, proposal_id)
    except Conflicting:
        text = _("The record was changed again since, so this publication cannot be undone.")
    except Outdated:
        text = _("The ten minutes are over, or it is undone already. Propose the change instead.")
    else:
        return redirect(url_for("review.show", proposal_id=proposal_id, diputus=proposal_id), 303)
    case = again(by, proposal_id)
    return _page(case, first_typed(case) if _is_free(case) else Typed(), [], 409, text)


def _surely(
    case: Case, go: Callable[[], ResponseReturnValue], kinds: frozenset[str] = deciding.WHOLE
) -> ResponseReturnValue:
    """Go on; where a record or a text is taken away or brought back, only with a password given a short time ago."""
    return fresh(go)() if case.proposal.kind in kinds else go()


def _is_free(case: Case) -> bool:
    return queueing.is_free_for(db.session(), case.reader, case.proposal)


def _typed(case: Case) -> Typed:
    return ruling.read(request.form, case.proposal, case.stands)


def _number(name: str) -> int:
    number = digits.whole(request.form.get(name, ""))
    return -1 if number is None else number


def _decided(case: Case, typed: Typed, whole: str) -> ResponseReturnValue:
    made, problems = ruling.ruling(typed, _number("version"), _number("base"), whole)
    kind = case.proposal.document_kind
    if problems:
        return _page(case, typed, problems, 422)
    try:
        editorial.decide(case.reader, case.proposal.id, made)
    except Incomplete as lacking:
        fresh = again(case.reader, case.proposal.id)
        return _page(fresh, typed, ruling.noted(lacking.problems, typed, kind), 422)
    except Outdated as late:
        return _too_late(case.reader, case.proposal.id, isinstance(late, Conflicting))
    return _onward(case.reader, case.proposal)


def _onward(by: Account, proposal: Proposal) -> ResponseReturnValue:
    """To the next proposal of the queue, or back to the queue; both tell what was decided."""
    following = queueing.following(db.session(), by, proposal)
    if following is None:
        return redirect(url_for("review.index", diputus=proposal.id), 303)
    return redirect(url_for("review.show", proposal_id=following.id, diputus=proposal.id), 303)


def _too_late(by: Account, proposal_id: int, record_changed: bool) -> ResponseReturnValue:
    """409: the fresh comparison, with the words that were typed; verdicts only where they still mean the same."""
    case = again(by, proposal_id)
    moves = queueing.moves(db.session(), case.proposal)
    if case.proposal.state not in moderation.WAITING:
        if moves and moves[-1].by == by.id and moves[-1].move in moderation.DECISIONS:
            return _onward(by, case.proposal)  # pressed twice: it was decided the first time
        last = moves[-1]
        text = _(
            "Somebody was faster: %(who)s decided on it at %(when)s. Your decision was not carried out.",
            who=telling.role(last.role, last.office),
            when=telling.moment(last.at)["text"],
        )
        return _page(case, _typed(case), [], 409, text)
    typed = _typed(case)
    typed.forget_choices(edit.key for edit in case.stands.conflicts)
    if record_changed:
        text = _("The record changed while you decided. Below is the new comparison; please decide again.")
    else:
        text = _("The proposal changed while you decided. Below it stands as it is now; please decide again.")
    return _page(case, typed, [], 409, text)


def _confirm(case: Case, typed: Typed) -> ResponseReturnValue:
    """Refusing all asks once more and tells what follows."""
    if not typed.note:
        error = Noted("note", _("Write to the sender why the proposal is refused."))
        return _page(case, typed, [error], 422)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in {"action", "csrf_token"}]
    return render_template(
        "review/reject.html", proposal=case.proposal, names=case.names, typed=typed, kept=kept,
        office=case.proposal.agency.name,
    )  # fmt: skip


def _page(
    case: Case, typed: Typed, errors: list[Noted] | None = None, code: int = 200, alert: str = "", message: str = ""
) -> Response:
    screen = Screen(case, typed, _is_free(case), tuple(errors or ()))
    problems = {error.id: error.text for error in reversed(screen.errors) if error.id}
    following = queueing.following(db.session(), case.reader, case.proposal)
    body = render_template(
        "review/show.html", **screen.values(), problems=problems, alert=alert, message=message,
        flash=decided_before(case.reader),
        skip=url_for("review.show", proposal_id=following.id) if following else url_for("review.index"),
    )  # fmt: skip
    return make_response(body, code)


def decided_before(by: Account) -> dict[str, Any] | None:
    """What was just decided (``diputus`` in the address), with the way to undo it while that is possible."""
    number = digits.whole(request.args.get("diputus", ""))
    if number is None:
        return None
    session = db.session()
    proposal = session.get(Proposal, number)
    moves = queueing.moves(session, proposal) if proposal is not None else []
    if proposal is None or not moves or moves[-1].by != by.id or moves[-1].move not in DECIDED:
        return None
    message = DECIDED[moves[-1].move]
    last = undoing.undoable(session, by, proposal)
    return {
        "text": _(message, receipt=proposal.receipt),
        "url": url_for("review.show", proposal_id=proposal.id),
        "undo": url_for("review.undo", proposal_id=proposal.id) if last else "",
        "minutes": max(1, undoing.minutes_left(last)) if last else 0,
    }


def _fragment(template: str, **values: Any) -> ResponseReturnValue:
    response = make_response(render_template(template, fragment=True, **values))
    response.vary.update(htmx.VARIES)
    response.headers["Cache-Control"] = "no-store"
    return response
