"""How is a file of evidence given out? As an attachment that no browser runs: public ones to all, others to staff."""

from __future__ import annotations

from flask import Flask, Response, abort, send_file
from flask.typing import ResponseReturnValue

from portal import editorial, evidence, places, publications
from portal.extensions import db
from portal.models import Evidence
from portal.web import access
from portal.web.language import Pages

pages = Pages("files", __name__)
own_pages = Pages("evidence_files", __name__, public=False)

_INERT = "sandbox; default-src 'none'; frame-ancestors 'none'"


@own_pages.page("/usulan/<int(max=2147483647):proposal_id>/bukti/<int(max=2147483647):evidence_id>")
@access.needs("work")
def own(proposal_id: int, evidence_id: int) -> ResponseReturnValue:
    """A file of a proposal, for those who may read the proposal."""
    try:
        found = evidence.one(db.session(), access.own_account(), proposal_id, evidence_id)
    except editorial.NotThere:
        abort(404)
    return _given_out(found)


@pages.page("/kerja-sama/<record:subject>/bukti/<sha256>")
def of_record(subject: str, sha256: str) -> ResponseReturnValue:
    """A file that the newest revision of a record names and a moderator disclosed."""
    return _public(subject, sha256)


@pages.page("/daerah/<slug>/bukti/<sha256>")
def of_region(slug: str, sha256: str) -> ResponseReturnValue:
    """The same of a region's note."""
    code = slug.split("-", 1)[0]
    region = places.regions().get(code)
    if region is None or region.slug != slug:
        abort(404)
    return _public(code, sha256)


def _public(subject: str, sha256: str) -> ResponseReturnValue:
    newest = publications.newest(subject)
    if newest is not None and newest.gone:
        abort(410)
    found = evidence.public(db.session(), subject, sha256)
    return _given_out(found) if found is not None else abort(404)


def _given_out(found: Evidence) -> Response:
    """The file, fixed in type, to be saved and not opened (trust S12, S25)."""
    try:
        response = send_file(
            evidence.path(found),
            mimetype=found.mimetype,
            as_attachment=True,
            download_name=found.name,
            etag=found.sha256,
        )
    except FileNotFoundError:
        abort(404)
    response.headers["Content-Security-Policy"] = _INERT
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def register(app: Flask) -> None:
    """Give the application the addresses of files."""
    app.register_blueprint(pages)
    app.register_blueprint(own_pages)
