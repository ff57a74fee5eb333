"""The list as a feed: the newest changes among the records that match (Atom 1.0, RFC 4287)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from portal import answers
from portal.exports.listed import LICENCE, LICENCE_NAME, Listed
from portal.safety import xml_text
from portal.streaming import Taken
from portal.terms import N_

# Part of every id, for ever: the year from which the names are given (RFC 4151).
NAMED_SINCE = "2026"  # part of the name of every feed and entry, for ever (RFC 4151)


def write(listed: Listed) -> Iterator[bytes]:
    """The feed in pieces; its rows come newest first."""
    rows = list(listed.rows)
    yield "".join(_head(listed, rows)).encode()
    for row in rows:
        yield "".join(_entry(listed, row)).encode()
    yield b"</feed>\n"


def _head(listed: Listed, rows: list[Taken]) -> Iterator[str]:
    updated = max((row.known_from for row in rows), default=listed.generated)
    title = listed.say(N_("Latest changes: foreign cooperation of regional governments"))
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_text(listed.language)}">\n'
    yield f"<id>{_text(tag(listed, 'kerja-sama' + ('?' + listed.query if listed.query else '')))}</id>\n"
    yield f"<title>{_text(title)}</title>\n"
    yield f"<updated>{_text(updated)}</updated>\n"
    yield f"<author><name>{_text(listed.site)}</name></author>\n"
    yield f'<link rel="self" type="application/atom+xml" href="{_text(listed.address)}"/>\n'
    yield f'<link rel="alternate" type="text/html" href="{_text(listed.page)}"/>\n'
    yield f'<link rel="license" href="{LICENCE}"/>\n'
    yield f"<rights>{LICENCE_NAME}</rights>\n"


def _entry(listed: Listed, row: Taken) -> Iterator[str]:
    language, document = listed.language, row.document
    title, summary = document["title"], document.get("summary", {})
    link = listed.link(row.subject, json.loads(row.cells)[0], row.number)
    status = listed.say(answers.STATUSES[row.status].label)
    text = f"{status}. {summary.get(language) or summary.get('id', '')}".strip()
    yield "<entry>\n"
    yield f"<id>{_text(tag(listed, f'{row.subject}/{row.number}'))}</id>\n"
    yield f"<title>{_text(title.get(language, title['id']))}</title>\n"
    yield f"<updated>{_text(row.known_from)}</updated>\n"
    yield f'<link rel="alternate" type="text/html" href="{_text(link)}"/>\n'
    yield f'<category term="{_text(row.status)}" label="{_text(status)}"/>\n'
    yield f"<summary>{_text(text)}</summary>\n"
    yield "</entry>\n"


def tag(listed: Listed, name: str) -> str:
    """A name that stays the same for ever and is used nowhere else."""
    return f"tag:{listed.authority},{NAMED_SINCE}:{name}"


def _text(value: str) -> str:
    """Text for XML: escaped, without the characters XML has no way to write."""
    return escape(xml_text(value))
