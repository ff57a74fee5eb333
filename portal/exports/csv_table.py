"""The list as a table: one line for each record, codes beside words, written as it is read.

RFC 4180 with CRLF, UTF-8 without a byte-order mark (one would be part of the first column's name for every program
that reads it plainly). A cell that a spreadsheet would take for a formula gets an apostrophe before it. The licence
stands in the answer's headers, never among the data.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from portal.exports.listed import Listed
from portal.flattening import CELLS, Sheet

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# What a cell begins with that is looked at twice.
_DOUBTFUL = frozenset({*FORMULA, *(char for char in map(chr, range(0x3001)) if char.isspace())})
_CHUNK = 65_536


def safe(cell: str) -> str:
    """The cell as text, whatever program opens it."""
    return f"'{cell}" if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA) else cell


def write(listed: Listed) -> Iterator[bytes]:
    """The file in pieces."""
    pieces = io.StringIO()
    line, link = Sheet(listed.say, listed.language).line, listed.link
    table = csv.writer(pieces, lineterminator="\r\n")
    table.writerow([cell.name for cell in CELLS])
    for row in listed.rows:
        held = json.loads(row.cells)
        cells = line(row, held, link(row.subject, held[0], row.number))
        table.writerow([safe(cell) if cell[:1] in _DOUBTFUL else cell for cell in cells])
        if pieces.tell() > _CHUNK:
            yield _taken(pieces)
    yield _taken(pieces)


def _taken(pieces: io.StringIO) -> bytes:
    text = pieces.getvalue()
    pieces.seek(0)
    pieces.truncate()
    return text.encode()
