"""In which files can one record be taken away? JSON, CSV, a feed of its revisions, BibTeX."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.etree import ElementTree as Xml

from flask import Response, current_app, json, url_for

from portal import indexing, sentences, status
from portal.exports import LICENCE, LICENCE_NAME, csv_table, json_list
from portal.exports.atom_feed import NAMED_SINCE
from portal.exports.listed import Listed
from portal.publications import Published
from portal.record import canonical
from portal.safety import xml_text
from portal.selecting import State
from portal.streaming import Taken
from portal.web import record_changes, record_head
from portal.web.record_reading import Reading, address
from portal.web.record_view import stamp
from portal.web.site import authority, public_url

_ATOM = "http://www.w3.org/2005/Atom"
_BIBTEX = {
    **{letter: f"\\{letter}" for letter in "&%$#_"},
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def permalink(published: Published) -> str:
    """The full address of one revision, for ever the same."""
    return public_url(address(published, rev=published.number))


def row_of(published: Published, day: date) -> Taken:
    """A revision as a row of the list, assessed on a day, so that every export says the same of it."""
    document = published.document
    revision = {
        "seq": published.seq, "subject": published.subject, "number": published.number, "time": published.time,
        "document_hash": published.document_hash,
    }  # fmt: skip
    found = {
        **indexing.rows(revision, document).version,
        **indexing.answer_columns(status.assess(document, day)),
        "text": canonical(document).decode(),
    }
    return Taken._make(found[name] for name in Taken._fields)


def as_json(reading: Reading) -> Response:
    """The document, the answers of the day, and the revision with its hashes."""
    published = reading.published
    body: dict[str, Any] = {
        **json_list.item(row_of(published, reading.day), permalink(published)),
        "assessed_on": reading.day.isoformat(),
        "summary": sentences.plain(record_head.summary(reading)),
        "published": {
            "seq": published.seq, "number": published.number, "newest": reading.newest, "time": published.time,
            "role": published.role, "office": published.office, "note": published.note, "hash": published.hash,
            **_behind(published),
        },
        "licence": {"name": LICENCE_NAME, "url": LICENCE},
    }  # fmt: skip
    return Response(json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n", mimetype="application/json")


def _behind(published: Published) -> dict[str, Any]:
    """Who proposed a revision and the files behind it, as the public log writes them, where there are any."""
    found: dict[str, Any] = {}
    if published.proposed_role:
        found["proposed_by"] = {"role": published.proposed_role, "office": published.proposed_office}
    if published.evidence:
        found["evidence_sha256"] = list(published.evidence)
    return found


def as_csv(reading: Reading) -> Response:
    """One line, with the columns of the whole list."""
    published = reading.published
    row = row_of(published, reading.day)
    listed = Listed(
        rows=[row], total=1, say=reading.voice.say, language=reading.voice.language,
        link=lambda *_named: permalink(published), address="", page=public_url(address(published)), query="",
        generated=published.time,
        state=State(published.seq, published.hash, reading.day, published.day), reading="", day=reading.day,
        site=current_app.config["SITE_NAME"], authority=authority(),
    )  # fmt: skip
    response = Response(b"".join(csv_table.write(listed)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename={published.subject}.csv"
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    return response


def as_atom(reading: Reading, found: Sequence[Published]) -> Response:
    """The revisions of the record as a feed (RFC 4287), newest first."""
    subject = reading.published.subject
    revisions = record_changes.revisions(found, reading.voice, whole=found[-1].number == 1)
    Xml.register_namespace("", _ATOM)
    feed = Xml.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": reading.voice.language})
    _add(feed, "id", _tag(subject))
    _add(feed, "title", reading.voice.plain(reading.document["title"]))
    _add(feed, "updated", found[0].time)
    _add(_add(feed, "author"), "name", current_app.config["SITE_NAME"])
    own = public_url(url_for("cooperation.file", subject=subject, form="atom"))
    _add(feed, "link", rel="self", type="application/atom+xml", href=own)
    _add(feed, "link", rel="alternate", type="text/html", href=public_url(address(found[0])))
    _add(feed, "link", rel="license", href=LICENCE)
    _add(feed, "rights", LICENCE_NAME)
    for one, told in zip(found, revisions, strict=False):
        entry = _add(feed, "entry")
        _add(entry, "id", _tag(f"{subject}/{one.number}"))
        _add(entry, "title", f"{told['label']}: {told['changed']}")
        _add(entry, "updated", one.time)
        _add(entry, "link", rel="alternate", type="text/html", href=permalink(one))
        _add(entry, "summary", " ".join(text for text in (told["by"], told["note"]) if text))
    body = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _add(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if text:
        element.text = xml_text(text)
    return element


def _tag(name: str) -> str:
    return f"tag:{authority()},{NAMED_SINCE}:kerja-sama/{name}"


def as_bibtex(reading: Reading) -> Response:
    """One entry, for the revision that is read."""
    published = reading.published
    fields = {
        "author": "{" + _bib(current_app.config["SITE_NAME"]) + "}",
        "title": _bib(reading.voice.plain(reading.document["title"])),
        "year": str(published.day.year),
        "howpublished": f"\\url{{{permalink(published)}}}",
        "note": _bib(stamp(reading)),
        "language": {"id": "indonesian", "en": "english"}[reading.voice.language],
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    text = f"@misc{{{published.subject}-r{published.number},\n{lines}\n}}\n"
    return Response(text, content_type="application/x-bibtex; charset=utf-8")


def _bib(text: str) -> str:
    return "".join(_BIBTEX.get(letter, letter) for letter in text)


WRITERS = {"json": as_json, "csv": as_csv, "bib": as_bibtex}
