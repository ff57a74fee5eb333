"""What changed lately, and what do machines find at fixed addresses? Latest changes, their feed, sitemap, health."""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import differences, listing, places, publications, sentences
from portal.exports.atom_feed import NAMED_SINCE
from portal.publications import Change
from portal.record import DOCUMENTS
from portal.web import crawling, formatting, record_changes, record_reading
from portal.web.language import Pages, current_language
from portal.web.site import authority
from portal.web.voice import voice

pages = Pages("changes", __name__)

SHOWN = 25
IN_FEED = 50

for rule, view in crawling.ADDRESSES:
    pages.add_url_rule(rule, view_func=view)


@dataclass(frozen=True, slots=True)
class Entry:
    """One change as a line of the list and an entry of the feed; ``kind`` is its mark on the timeline."""

    seq: int
    kind: str
    date: dict[str, str]
    title: str
    url: str
    text: str
    time: str
    subject: str
    number: int


@pages.page("/perubahan")
def index() -> ResponseReturnValue:
    """The latest changes, newest first; ``sebelum`` continues with what is older than a revision."""
    before = _before()
    found = publications.changes(SHOWN + 1, before, imported=False)
    more = len(found) > SHOWN
    return render_template(
        "changes/index.html",
        entries=[entry(change) for change in found[:SHOWN]] + ([] if more else beginning(before)),
        older=found[SHOWN - 1].published.seq if more else None,
        continued=before is not None,
    )


@pages.page("/perubahan.atom")
def feed() -> ResponseReturnValue:
    """The same as a feed (Atom 1.0, RFC 4287), the newest only."""
    entries = latest(IN_FEED)
    response = make_response(
        render_template(
            "changes/feed.xml",
            entries=entries,
            updated=entries[0].time if entries else "1970-01-01T00:00:00Z",
            authority=f"{authority()},{NAMED_SINCE}",
            language=current_language(),
        )
    )
    response.mimetype = "application/atom+xml"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _before() -> int | None:
    text = request.args.get("sebelum", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def latest(limit: int) -> list[Entry]:
    """The newest changes; where they reach back that far, the first import as the last of them."""
    found = [entry(change) for change in publications.changes(limit, imported=False)]
    return found + beginning(None)[: limit - len(found)]


def beginning(before: int | None) -> list[Entry]:
    """The first import as one entry; nothing where a list is continued beyond it, or there was none."""
    made = listing.kept("first import", publications.first_import)
    if made is None or (before is not None and before <= made.seq):
        return []
    records = ngettext("%(num)s cooperation", "%(num)s cooperations", made.records)
    regions = ngettext("what is said of %(num)s region", "what is said of %(num)s regions", made.regions)
    return [
        Entry(
            seq=made.seq,
            kind="check",
            date={"value": made.day.isoformat(), "text": formatting.written(made.day)},
            title=_("Initial import"),
            url=url_for("catalogue.index"),
            text=_("First published: %(records)s, and %(regions)s", records=records, regions=regions),
            time=made.time,
            subject="initial-import",
            number=1,
        )
    ]


def entry(change: Change) -> Entry:
    """A change in words: what it is about, which fields changed, who proposed and published it, the note."""
    published = change.published
    region = published.kind == "region"
    what = [_what(change), record_changes.author(published)]
    note = record_changes.note_of(published)
    if note:
        what.append(note)
    return Entry(
        seq=published.seq,
        kind="check" if region or published.gone or published.role == publications.FIRST_IMPORT else "act",
        date={"value": published.day.isoformat(), "text": formatting.written(published.day)},
        title=_about_region(published.subject) if region else voice().plain(published.document["title"]),
        url=_region_url(published.subject) if region else record_reading.address(published, rev=published.number),
        text=" · ".join(what),
        time=published.time,
        subject=published.subject,
        number=published.number,
    )


def _what(change: Change) -> str:
    if change.published.gone:
        return record_changes.told(change.published, change.before, voice())
    if change.before is None:
        return _("First published")
    return _("Changed: %(fields)s", fields=_fields(change, DOCUMENTS[change.published.kind]))


def _fields(change: Change, fields: object) -> str:
    found = differences.changes(change.before or {}, change.published.document, fields)  # type: ignore[arg-type]
    return sentences.changed(found, voice()) or _("nothing in the document")


def _about_region(code: str) -> str:
    return _("What is said of %(region)s", region=places.regions()[code].called(current_language()))


def _region_url(code: str) -> str:
    return url_for("regions.show", slug=places.regions()[code].slug)
