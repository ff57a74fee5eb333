"""The list as JSON: whole documents with the answers of the day, written as they are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from portal.exports.listed import LICENCE, LICENCE_NAME, Listed
from portal.flattening import answers_of
from portal.listing import Row

_CHUNK = 32_768


def write(listed: Listed) -> Iterator[bytes]:
    """The file in pieces: ``{"meta": {...}, "items": [...]}``."""
    held = ['{"meta":', _json(meta(listed)), ',"items":[']
    length, between = 0, "\n"
    for row in listed.rows:
        text = _json(item(row, listed.link(row)))
        held += [between, text]
        between, length = ",\n", length + len(text)
        if length > _CHUNK:
            yield "".join(held).encode()
            held, length = [], 0
    yield "".join([*held, "\n]}\n"]).encode()


def meta(listed: Listed) -> dict[str, Any]:
    """What stands before the records."""
    return {
        "count": listed.total,
        "generated": listed.generated,
        "licence": {"name": LICENCE_NAME, "url": LICENCE},
        "query": listed.query,
        "page": listed.page,
        "assessed_on": listed.day.isoformat(),
        "reading": listed.reading,
        "publication": {"seq": listed.state.seq, "hash": listed.state.hash},
    }


def item(row: Row, permalink: str) -> dict[str, Any]:
    """One record: which revision it is, the document as published, the answers of the day."""
    return {
        "id": row.subject,
        "revision": row.number,
        "published_at": row.known_from,
        "sha256": row.document_hash,
        "permalink": permalink,
        "answers": answers_of(row),
        "document": row.document,
    }


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
