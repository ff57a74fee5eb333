"""Which answer and page does each thing that goes wrong become?"""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, TooManyRequests
from werkzeug.http import HTTP_STATUS_CODES

from portal.editorial.drafting import NotThere
from portal.editorial.standing import Outdated
from portal.extensions import db, limiter
from portal.ledger import PUBLISH
from portal.models import Revision
from portal.permissions import NotAllowed
from portal.translating import gettext as _
from portal.web import access, htmx, resending
from portal.web.moving import without_slash

RECORD_NUMBER = re.compile(r"KS-?([0-9]{1,7})", re.IGNORECASE)


def register(app: Flask) -> None:
    """Give every failure its page: same header, footer and tone, right status."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _bad_token)
    app.register_error_handler(access.PasswordNeeded, _password_needed)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(NotThere, _not_there)
    app.register_error_handler(Outdated, _outdated)
    app.register_error_handler(DatabaseError, _storage_error)
    app.register_error_handler(Exception, _own_error)


def _not_allowed(_error: NotAllowed) -> ResponseReturnValue:
    """Somebody asked for what their role, region or part in the matter does not allow."""
    _give_up()
    return page(403)


def _not_there(_error: NotThere) -> ResponseReturnValue:
    """A proposal that does not exist, or is none of theirs: the two look the same."""
    _give_up()
    return page(404)


def _outdated(_error: Outdated) -> ResponseReturnValue:
    """Somebody else was faster."""
    _give_up()
    return page(409)


def _bad_token(_error: CSRFError) -> ResponseReturnValue:
    """A form that is older than the sign-in, or that another site sent.

    Whoever is signed out signs in first. What was typed is shown again, to be looked at and sent once more.
    """
    if htmx.wants_fragment() and access.account() is None:
        return access.to_sign_in()
    return page(400, **resending.offered())


def _password_needed(_error: access.PasswordNeeded) -> ResponseReturnValue:
    """A form for which the password was given too long ago: nothing is done, and what was typed is shown again.

    A mere button is pressed again instead, on its page.
    """
    _give_up()
    values = resending.after_password()
    return page(400, **values) if values else access.to_verify()


def _headings(code: int) -> tuple[str, str]:
    """Heading and explanation of a status code."""
    texts = {
        403: (_("You may not open this page."), _("This page is only for those who work on it.")),
        404: (_("This page does not exist."), _("The address may be mistyped, or the record was merged into another.")),
        405: (_("This page cannot be used that way."), _("Open it as a page instead.")),
        409: (_("Somebody else was faster."), _("What you saw has changed. Go back, load the page again and look.")),
        410: (_("This record was withdrawn."), _("Its history is kept; the reason is told here.")),
        413: (_("What you sent is too large."), _("Send less at a time.")),
        429: (_("Too many requests."), _("Wait a little, then load the page again.")),
        500: (_("Something broke on our side."), _("We have noted it. Please try again in a few minutes.")),
        503: (_("The register is busy."), _("Please try again in a few seconds.")),
    }
    if code in texts:
        return texts[code]
    return (
        (_("This request cannot be answered."), _("Please check the address."))
        if code < 500
        else texts[500]
    )  # fmt: skip


def page(code: int, **values: Any) -> ResponseReturnValue:
    """The page of a status code; htmx takes only its ``#pesan-isi``."""
    if request_ctx.url_adapter is None:  # a host that is not ours: no address can be built
        return _bare(code)
    heading, text = _headings(code)
    if "heading" in values:
        heading, text = values.pop("heading"), values.pop("text")
    try:
        body = render_template("errors/error.html", code=code, heading=heading, text=text, **values)
    except Exception:
        current_app.logger.exception("the error page itself failed")
        return _bare(code)
    response = make_response(body, code)
    response.headers["Cache-Control"] = "no-store"
    if htmx.wants_fragment():
        response.headers["HX-Push-Url"] = "false"
    return response


def _bare(code: int) -> Response:
    """The answer when no page can be made: the status, in words, as plain text."""
    response = make_response(f"{code} {HTTP_STATUS_CODES.get(code, '')}\n", code)
    response.mimetype = "text/plain"
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400 and error.response is not None:
        return error.response
    if code < 400:
        return error.get_response()
    values: dict[str, Any] = {}
    right = without_slash() if code == 404 and request.method in {"GET", "HEAD"} else None
    if right:
        return redirect(right, 301)
    if code == 404:
        number = RECORD_NUMBER.search(request.path)
        values["record"] = _offered(int(number.group(1))) if number else None
    if isinstance(error, TooManyRequests):
        values["wait"] = _seconds(error)
    response = make_response(page(code, **values))
    if code == 429:
        response.headers["Retry-After"] = str(values["wait"])
    if error.get_headers():
        allow = dict(error.get_headers()).get("Allow")
        if allow:
            response.headers["Allow"] = allow
    return response


def _offered(number: int) -> str | None:
    """The record that can be read instead, if there is one: this one, or the one it was merged into.

    A page that is not there never waits for a writer.
    """
    if request.method not in {"GET", "HEAD"}:
        return None
    subject = f"KS-{number:04d}"
    wanted = select(Revision.act, Revision.merged_into).where(Revision.subject == subject)
    try:
        newest = db.session.execute(wanted.order_by(Revision.number.desc()).limit(1)).first()
    except SQLAlchemyError:
        db.session.rollback()
        return None
    if newest is None:
        return None
    return subject if newest.act == PUBLISH else newest.merged_into or None


def _seconds(error: TooManyRequests) -> int:
    """How long to wait: until the limit that was met is counted anew."""
    limit = limiter.current_limit if isinstance(error, RateLimitExceeded) else None
    return max(1, int(limit.reset_at - time.time())) if limit else 60


def _storage_error(error: DatabaseError) -> ResponseReturnValue:
    """The database is locked, restarting, damaged or took too long: 503 with a time to come back."""
    _give_up()
    current_app.logger.warning("storage: %s", error.orig)
    response = make_response(page(503))
    response.headers["Retry-After"] = "5"
    return response


def _own_error(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged with an incident number that the page shows; nothing else leaks."""
    incident = secrets.token_hex(4)
    current_app.logger.error("incident %s: %s %s", incident, request.method, request.path, exc_info=error)
    _give_up()
    return page(500, incident=incident)


def _give_up() -> None:
    """End the transaction of a request that failed; a connection that is gone must not fail it again."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()
