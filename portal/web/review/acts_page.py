"""What can be asked for on a record besides a change of its data? Withhold, withdraw, merge, bring back."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from portal import digits, permissions, publications, throttling
from portal import vocabulary as words
from portal.editorial import Incomplete, NotThere, Outdated, acting
from portal.editorial.standing import at, newest
from portal.extensions import db
from portal.models import Account
from portal.permissions import Thing
from portal.publications import Published
from portal.record import Document
from portal.web import record_changes
from portal.web.access import needs, own_account
from portal.web.proposing import fields
from portal.web.proposing.fields import cleaned
from portal.web.review.blueprint import acts
from portal.web.review.noted import Noted
from portal.web.review.ruling import LONGEST
from portal.web.signing.forms import too_many
from portal.web.voice import voice, word

ONE = "/moderasi/tindakan/<subject>"
# Each act: the right it needs.
RIGHTS = {"withhold": "ask_withholding", "withdraw": "propose", "merge": "merge", "restore": "restore"}


@acts.page(ONE)
@needs("ask_withholding")
def show(subject: str) -> ResponseReturnValue:
    """What this person may ask for on a record."""
    return _page(own_account(), subject, MultiDict(), "", [])


@acts.page(ONE, methods=["POST"])
@needs("ask_withholding")
def ask(subject: str) -> ResponseReturnValue:
    """Ask for one act; another moderator decides on it."""
    by, form, act = own_account(), request.form, request.form.get("act", "")
    if act not in RIGHTS or (act == "withdraw" and by.role != "moderator"):
        return _page(by, subject, form, "", [Noted("", _("Choose what is to be done."))], 422)
    wait = throttling.wait("proposal", str(by.id))
    if wait:
        page = _page(by, subject, form, act, [Noted("", too_many(wait))], 429)
        page.headers["Retry-After"] = str(wait)
        return page
    try:
        made = _asked(by, subject, act, form)
    except Incomplete as lacking:
        db.session.rollback()
        errors = [Noted(f"{act}-{one.path}" if one.path else "", _(one.message) % dict(one.values))
                  for one in lacking.problems]  # fmt: skip
        return _page(by, subject, form, act, errors, 422)
    except Outdated:
        db.session.rollback()
        text = _("The record changed meanwhile. Please look at it and ask again.")
        return _page(by, subject, form, act, [Noted("", text)], 409)
    throttling.count("proposal", str(by.id))  # each one is a letter to several people
    return redirect(url_for("proposals.show", proposal_id=made.id, kabar="terkirim"), 303)


def _asked(by: Account, subject: str, act: str, form: MultiDict[str, str]) -> Any:
    reason = cleaned(form.get(f"{act}-reason", ""), LONGEST + 1)
    if act == "withhold":
        review = _date_box(form)
        said = cleaned(form.get("withhold-words", ""), 300)
        letter = form.get("withhold-ground", "")
        return acting.ask_withholding(
            by, subject, form.get("withhold-text", ""), letter, said, review.data or "", reason
        )
    if act == "withdraw":
        return acting.ask_withdrawal(by, subject, reason)
    if act == "merge":
        target = cleaned(form.get("merge-target", ""), 20).upper()
        return acting.ask_merge(by, subject, target, reason)
    return acting.ask_restoring(by, subject, digits.whole(form.get("restore-number", "")) or 0, reason)


def _date_box(form: MultiDict[str, str]) -> Any:
    made = BaseForm({"review_on": fields.Date(_("Look at it again on"), future=True)}, prefix="withhold-")
    made.process(form if form else None)
    return made["review_on"]


def _page(
    by: Account, subject: str, form: MultiDict[str, str], act: str, errors: list[Noted], code: int = 200
) -> Response:
    session = db.session()
    region = acting.region_of(session, subject)
    thing = Thing(region, by.agency_id)
    may = {name: permissions.can(by.actor, right, thing) for name, right in RIGHTS.items()}
    may["withdraw"] = may["withdraw"] and by.role == "moderator"  # agencies have the form of proposals for that
    if not any(may.values()):
        raise NotThere(subject)
    number, document = newest(session, subject)
    said = voice()
    last = document or at(session, subject, number - 1) or {}
    review = _date_box(form)
    problems: dict[str, str] = {error.id: error.text for error in reversed(errors)}
    review.errors = [problems["withhold-review_on"]] if "withhold-review_on" in problems else []
    body = render_template(
        "review/acts.html",
        subject=subject,
        title=said.plain(last["title"]),
        url=url_for("cooperation.bare", subject=subject),
        stands=document is not None,
        may=may,
        texts=_to_withhold(session, subject, last),
        grounds=[(letter, _("Article 17 letter %(letter)s: %(what)s", letter=letter, what=_(label)))
                 for letter, label in acting.GROUNDS],
        review=review,
        revisions=[(one.number, _revision(one)) for one in publications.history(subject) if _restorable(one, number)],
        target=_target(form),
        typed=form,
        act=act,
        errors=errors,
        problems=problems,
    )  # fmt: skip
    return make_response(body, code)


def _to_withhold(session: Session, subject: str, document: Document) -> list[tuple[str, str]]:
    """The texts and the published files; of what is withheld already, with its day of review."""
    sources = {f"{acting.FILE}{source['key']}": source for source in document.get("sources", [])}
    files = acting.published_files(session, subject, document) if document else {}
    named = [
        *((one["key"], _text(one), one) for one in document.get("instruments", [])),
        *((key, _("File: %(name)s (%(source)s)", name=one.name, source=sources[key]["title"]), sources[key])
          for key, one in files.items()),
    ]  # fmt: skip
    return [(key, _with_review(label, item)) for key, label, item in named]


def _with_review(label: str, item: Any) -> str:
    """The name of a text or file, and until when it is withheld."""
    day = item.get("withheld", {}).get("review_on")
    if not day:
        return label
    return _("%(what)s – withheld, to be looked at again on %(day)s", what=label, day=voice().date(day))


def _text(item: Any) -> str:
    said = voice()
    named = [word(words.INSTRUMENT_KINDS, item["kind"]), item.get("number", "")]
    if item.get("title"):
        named.append(said.plain(item["title"]))
    if item.get("signed_on"):
        named.append(said.date(item["signed_on"]))
    return ", ".join(text for text in named if text)


def _restorable(one: Published, newest_number: int) -> bool:
    return one.number != newest_number and not one.gone


def _revision(one: Published) -> str:
    day = voice().date(one.day.isoformat())
    about = record_changes.note_of(one) or record_changes.author(one)
    return _("Revision %(number)s, %(day)s: %(about)s", number=one.number, day=day, about=about[:80])


def _target(form: MultiDict[str, str]) -> str:
    """The record that was named to merge into, by its title."""
    named = cleaned(form.get("merge-target", ""), 20).upper()
    document = newest(db.session(), named)[1] if named.startswith("KS-") else None
    return voice().plain(document["title"]) if document else ""
