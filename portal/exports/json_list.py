"""The list as JSON: whole documents with the answers of the day, written as they are read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from portal.exports.listed import LICENCE, LICENCE_NAME, Listed
from portal.flattening import answers_of
from portal.streaming import Taken

_CHUNK = 65_536


def write(listed: Listed) -> Iterator[bytes]:
    """The file in pieces: ``{"meta": {...}, "items": [...]}``. A document leaves as the text that was published."""
    held = ['{"meta":', _json(meta(listed)), ',"items":[']
    length, between = 0, "\n"
    for row in listed.rows:
        slug, checksum, *_ = json.loads(row.cells)
        head = _json(_head(row, checksum, listed.link(row.subject, slug, row.number)))
        held += [between, head[:-1], ',"document":', row.text, "}"]
        between, length = ",\n", length + len(row.text)
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


def item(row: Taken, permalink: str) -> dict[str, Any]:
    """One record: which revision it is, the document as published, the answers of the day."""
    return {**_head(row, json.loads(row.cells)[1], permalink), "document": row.document}


def _head(row: Taken, checksum: str, permalink: str) -> dict[str, Any]:
    return {
        "id": row.subject,
        "revision": row.number,
        "published_at": row.known_from,
        "sha256": checksum,
        "permalink": permalink,
        "answers": answers_of(row),
    }


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
