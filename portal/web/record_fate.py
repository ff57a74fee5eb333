"""What does a reader find where a record stood? A tombstone: that it is gone, why, since when, by which offices."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import publications
from portal.publications import Published
from portal.translating import gettext as _
from portal.web import formatting, record_changes, record_head
from portal.web.moving import with_query
from portal.web.record_reading import Reading, address, fate
from portal.web.site import public_url


def answer(newest: Published, reading: Reading, explicit: bool) -> ResponseReturnValue:
    """What is answered for a reading that falls on a tombstone.

    A merged record leads to the one to read instead, unless this very revision or day was asked for (``explicit``).
    The page of a record that stands again says so and is no 410.
    """
    if newest.merged_into and not explicit:
        return redirect(url_for("cooperation.bare", subject=publications.stands_in(newest)), 301)
    response = make_response(render_template("cooperation/gone.html", **_page(newest, reading)))
    response.status_code = 410 if newest.gone else 200
    return response


def moved(newest: Published) -> ResponseReturnValue:
    """The same for a page beside the record's own, such as one of its texts."""
    if newest.merged_into:
        return redirect(url_for("cooperation.bare", subject=publications.stands_in(newest)), 301)
    return redirect(with_query(address(newest)), 302)


def plain(newest: Published, form: str) -> ResponseReturnValue:
    """The same for a file."""
    if newest.merged_into:
        into = publications.stands_in(newest)
        return redirect(with_query(url_for("cooperation.file", subject=into, form=form)), 301)
    told = " ".join(text for text in (fate(newest), record_changes.note_of(newest)) if text)
    history = public_url(url_for("cooperation.history", subject=newest.subject))
    label = _("History")
    return Response(f"{told}\n{label}: {history}\n", 410, mimetype="text/plain")


def told(newest: Published) -> dict[str, str] | None:
    """What became of the record, for the pages beside it; None while it stands."""
    return {"text": fate(newest), "url": address(newest, rev=newest.number)} if newest.gone else None


def _page(newest: Published, reading: Reading) -> dict[str, Any]:
    tomb = reading.published
    subject = tomb.subject
    return {
        "id": subject,
        "head": record_head.heading(reading),
        "title": _title(tomb),
        "told": fate(tomb),
        "reason": record_changes.note_of(tomb),
        "rows": [
            {"label": _("Date"), "value": formatting.written(tomb.day)},
            *record_changes.offices(tomb),
            {"label": _("Revision"), "value": str(tomb.number)},
        ],
        "again": "" if newest.gone else _("It stands again since %(day)s.", day=formatting.written(newest.day)),
        "url": address(newest),
        "into": tomb.merged_into,
        "into_url": url_for("cooperation.bare", subject=tomb.merged_into) if tomb.merged_into else "",
        "history_url": url_for("cooperation.history", subject=subject),
        "last_url": address(tomb, rev=tomb.number - 1),
        "hash": tomb.hash,
        "correction": url_for("prose.correction", hal=address(newest)),
    }


def _title(tomb: Published) -> str:
    if tomb.merged_into:
        return _("%(id)s was merged into %(record)s", id=tomb.subject, record=tomb.merged_into)
    return _("%(id)s was withdrawn", id=tomb.subject)
