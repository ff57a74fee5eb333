"""How does anybody point out a mistake? One form without account or cookie, and a page to follow what becomes of it."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Any

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from portal import corrections, desk, places, publications, throttling
from portal.corrections import Report, Unfinished
from portal.extensions import csrf, utc_now
from portal.models import Tip
from portal.terms import N_
from portal.translating import gettext as _
from portal.validation import Problem
from portal.web import formatting, prose
from portal.web.language import Pages, current_language
from portal.web.limits import limited
from portal.web.proposals import telling
from portal.web.voice import voice

pages = Pages("corrections", __name__)

TRAP = "situs_web"  # a field that people do not see
QUICKEST = 2  # seconds from opening to sending
OLDEST = 24 * 3600
_RECORD = re.compile(r"(?:^|/)KS-?([0-9]{1,7})\b", re.IGNORECASE)
_REGION = re.compile(r"^/(?:en/)?daerah/([0-9]{2}(?:\.[0-9]{2})?)(?:-|$)")
_UNKNOWN = N_("No report has this code. Compare it with the code you were given.")
_NO_CODE = N_("Write the code you were given when you sent your report.")
_AGAIN = N_("Press send once more, please. Nothing that you wrote is lost.")


@prose.pages.page("/koreksi", endpoint="correction", methods=["GET"])
def form() -> ResponseReturnValue:
    """The form; ``hal`` names the page it is about. (The name of the endpoint is older than the form.)"""
    kind = request.args.get("jenis", "")
    report = Report(
        "", kind if kind in desk.TIP_KINDS else "correction", "", page=prose.own_path(request.args.get("hal", ""))
    )
    return _form(report)


@pages.page("/koreksi", methods=["POST"])
@csrf.exempt
def send() -> ResponseReturnValue:
    """Take a tip and lead to its receipt. The form's own signed mark stands in for a cookie."""
    report = _typed()
    problems = _suspicions() or corrections.problems(report)
    if problems:
        return _form(report, problems, 422)
    sender = throttling.network(request.remote_addr or "")
    seconds = throttling.wait("tip", sender)
    if seconds:
        return _too_often(report, seconds)
    throttling.count("tip", sender)
    try:
        tip = corrections.send(_located(report))
    except Unfinished as unfinished:
        return _form(report, unfinished.problems, 422)
    return redirect(url_for("corrections.show", code=tip.receipt), 303)


@pages.page("/koreksi/<code>")
@limited
def show(code: str) -> ResponseReturnValue:
    """What became of a tip, for whoever has its code."""
    tip = corrections.by_receipt(code)
    if tip is None:
        return _form(Report("", "correction", ""), [Problem("code", _UNKNOWN, {})], 404)
    if tip.receipt != code:
        return redirect(url_for("corrections.show", code=tip.receipt), 301)
    return _private(render_template("corrections/show.html", t=_told(tip)))


@pages.page("/koreksi/ikuti")
def follow() -> ResponseReturnValue:
    """From a typed code to its page."""
    typed = re.sub(r"[^A-Za-z0-9-]", "", request.args.get("kode", ""))[:20]
    if not typed:
        return _form(Report("", "correction", ""), [Problem("code", _NO_CODE, {})], 422)
    return redirect(url_for("corrections.show", code=typed.upper()), 303)


# -- the form -------------------------------------------------------------------------------------------------


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="correction")


def _typed() -> Report:
    """The form as it was typed; what cannot be read is empty."""
    get = request.form.get
    try:
        once = str(_signer().loads(get("tanda", ""), max_age=None))
    except BadSignature:
        once = ""
    return Report(
        once=once, kind=get("jenis", ""), text=get("laporan", ""), evidence=get("bukti", ""), contact=get("kontak", ""),
        page=_page(get("hal", "").strip()), language=current_language(),
    )  # fmt: skip


def _page(typed: str) -> str:
    """The path of this site that was named: a path, a whole address, or a record's number."""
    number = re.fullmatch(r"KS-?([0-9]{1,7})", typed, re.IGNORECASE)
    if number:
        return url_for("cooperation.bare", subject=f"KS-{int(number[1]):04d}")
    base = request.host_url.rstrip("/")
    return prose.own_path(typed.removeprefix(base) if typed.startswith(base) else typed)


def _suspicions() -> list[Problem]:
    """What people hardly do: fill in the hidden field, send at once, or send a form of another day."""
    if request.form.get(TRAP):
        return [Problem("", N_("Leave the field empty that says so, and send once more."), {})]
    try:
        _once, made = _signer().loads(request.form.get("tanda", ""), max_age=OLDEST, return_timestamp=True)
    except (SignatureExpired, BadSignature):
        return [Problem("", _AGAIN, {})]
    waited = (utc_now() - made).total_seconds()
    return [Problem("", _AGAIN, {})] if waited < QUICKEST else []


def _located(report: Report) -> Report:
    """The report with what it is about: the record or region of its page."""
    record, region = _RECORD.search(report.page), _REGION.match(report.page)
    if record:
        subject = f"KS-{int(record[1]):04d}"
        newest = publications.newest(subject)
        return replace(report, subject=subject, region=newest.document["region"]) if newest else report
    if region and region[1] in places.regions():
        return replace(report, subject=region[1], region=region[1])
    return report


def _named(about: Report | Tip) -> str:
    """A page in words: the number of its record and its region; its path where it is about neither."""
    region = voice().region(about.region) if about.region in places.regions() else ""
    record = about.subject if about.subject.startswith("KS-") else ""
    return ", ".join(text for text in (record, region) if text) or about.page


def _form(
    report: Report, problems: list[Problem] | None = None, status: int = 200, wait: int = 0
) -> ResponseReturnValue:
    found = problems or []
    errors = [{"id": FIELDS.get(one.path, ""), "text": _said(one)} for one in found]
    values = {
        "f": _fields(report, found), "errors": errors, "trap": TRAP, "about": report.page,
        "about_name": _named(_located(report)), "token": _signer().dumps(secrets.token_hex(16)),
        "code_faults": [_said(one) for one in found if one.path == "code"], "kinds": _kinds(),
        "contact": prose.contact(),
        "days": desk.TIP_KINDS["correction"].extra["days"],
    }  # fmt: skip
    response = _private(render_template("prose/correction.html", **values), status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


# The form's field for each field of a report.
FIELDS = {"kind": "jenis", "text": "laporan", "evidence": "bukti", "contact": "kontak", "page": "hal", "code": "kode"}


def _fields(report: Report, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    """What the form draws (`components/forms.html`)."""
    texts = {
        "kind": (_("What is this about?"), "", False),
        "page": (_("Page or record"), _("Its address, or a number such as KS-0011."), True),
        "text": (_("What is wrong or missing?"), _("In your own words. What would be right?"), False),
        "evidence": (
            _("Where can it be checked?"),
            _("A link, a document, or the office that can confirm it."),
            True,
        ),
        "contact": (
            _("Your mail address"),
            _("Only for the answer. It is never shown, and it is deleted once the answer was sent."),
            True,
        ),
    }
    return {
        name: {
            "name": FIELDS[name], "label": label, "hint": hint, "optional": optional, "value": getattr(report, name),
            "errors": [_said(one) for one in problems if one.path == name],
        }
        for name, (label, hint, optional) in texts.items()
    }  # fmt: skip


def _kinds() -> list[dict[str, str]]:
    notes = {
        "correction": _("a date, a name, a status, a cooperation that is not on record"),
        "reply": _("for the region or the foreign partner that a record names"),
        "personal_data": _("a telephone number, an identity number, a name that should not be there"),
        "objection": _("about a refused or withheld document, for the information officer (PPID)"),
    }
    found = []
    for kind, term in desk.TIP_KINDS.items():
        label = term.label
        found.append({"value": kind, "label": _(label), "note": notes[kind]})
    return found


def _said(problem: Problem) -> str:
    message = problem.message
    return str(_(message, **problem.values))


def _too_often(report: Report, seconds: int) -> ResponseReturnValue:
    minutes = {"minutes": str(-(-seconds // 60))}
    problem = Problem("", N_("Several reports came from your network. Send this one in %(minutes)s minutes."), minutes)
    return _form(report, [problem], 429, seconds)


def _private(body: str, status: int = 200) -> Any:
    """An answer that no cache keeps and whose address no other site hears of."""
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"  # "no-referrer" would hide from ourselves who sends the form
    return response


def _told(tip: Tip) -> dict[str, Any]:
    kind, state = desk.TIP_KINDS[tip.kind].label, desk.TIP_STATES[tip.state]
    label = state.label
    return {
        "receipt": tip.receipt, "kind": _(kind), "state": _(label), "tone": state.extra["tone"],
        "open": tip.state in corrections.OPEN, "page": tip.page, "about": _named(tip),
        "text": formatting.lines(tip.text), "evidence": formatting.lines(tip.evidence),
        "sent": telling.moment(tip.created), "due": formatting.when(tip.due),
        "extended": formatting.lines(tip.extended),
        "answer": formatting.lines(tip.answer), "closed": telling.moment(tip.closed) if tip.closed else None,
        "mail": bool(tip.contact),
    }  # fmt: skip
