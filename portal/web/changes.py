"""What changed lately, and what do machines find at fixed addresses? Latest changes, their feed, sitemap, health."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import differences, listing, places, publications, selecting, sentences
from portal.exports.atom_feed import NAMED_SINCE
from portal.extensions import db
from portal.publications import Change, FirstImport
from portal.record import DOCUMENTS
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import crawling, formatting, paging, record_changes, record_reading
from portal.web.language import Pages, current_language
from portal.web.limits import limited
from portal.web.site import authority
from portal.web.voice import voice

pages = Pages("changes", __name__)

SHOWN = 25
IN_FEED = 50  # entries of the feed; so many numbers of the ledger are a part of the older ones

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
    before, made = paging.before(), _first_import()
    if before is not None and before > selecting.state(db.session()).seq:  # nothing is newer
        return redirect(url_for("changes.index"), 303)
    found = publications.changes(SHOWN + 1, before, after_seq=made.seq if made else 0)
    more = len(found) > SHOWN
    entries = [entry(change) for change in found[:SHOWN]] + ([] if more else beginning(before))
    if before is not None and not entries:  # nothing is older
        return redirect(url_for("changes.index"), 303)
    return render_template(
        "changes/index.html",
        entries=entries,
        older=found[SHOWN - 1].published.seq if more else None,
        continued=before is not None,
    )


@pages.page("/perubahan.atom")
def feed() -> ResponseReturnValue:
    """The same as a feed (Atom 1.0, RFC 4287): the newest, and where the older ones are."""
    entries = latest(IN_FEED)
    return _feed(entries, older=entries[0].seq // IN_FEED if entries else 0)


@pages.page("/perubahan-<int(max=2147483647):number>.atom")
@limited
def archive(number: int) -> ResponseReturnValue:
    """A part of the feed that nothing is added to any more (RFC 5005): what so many numbers of the ledger brought."""
    newest, oldest = selecting.state(db.session()).seq // IN_FEED, _oldest_part()
    if not oldest <= number <= newest:
        abort(404)
    made, end = _first_import(), number * IN_FEED
    begun = max(made.seq if made else 0, end - IN_FEED)
    entries = [entry(change) for change in publications.changes(IN_FEED, end + 1, after_seq=begun)]
    if made is not None and end - IN_FEED < made.seq:
        entries += beginning(None)
    return _feed(entries, older=number - 1, number=number, younger=number + 1 if number < newest else 0)


def _feed(entries: list[Entry], older: int, number: int = 0, younger: int = 0) -> ResponseReturnValue:
    """Entries as a feed; the numbers are those of parts, 0 where there is none. ``number`` is 0 for the feed itself."""
    response = make_response(
        render_template(
            "changes/feed.xml",
            entries=entries,
            updated=entries[0].time if entries else "1970-01-01T00:00:00Z",
            authority=f"{authority()},{NAMED_SINCE}",
            language=current_language(),
            number=number,
            older=older if older >= _oldest_part() else 0,
            younger=younger,
        )
    )
    response.mimetype = "application/atom+xml"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _oldest_part() -> int:
    """The number of the part that begins the feed: the first import is one entry."""
    made = _first_import()
    return -(-made.seq // IN_FEED) if made else 1


def latest(limit: int) -> list[Entry]:
    """The newest changes; where they reach back that far, the first import as the last of them."""
    made = _first_import()
    found = [entry(change) for change in publications.changes(limit, after_seq=made.seq if made else 0)]
    return found + beginning(None)[: limit - len(found)]


def _first_import() -> FirstImport | None:
    return listing.kept("first import", publications.first_import)


def beginning(before: int | None) -> list[Entry]:
    """The first import as one entry; nothing where a list is continued beyond it, or there was none."""
    made = _first_import()
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
