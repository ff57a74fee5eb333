"""The list as a table: one line for each record, codes beside words, written as it is read.

RFC 4180 with CRLF, UTF-8 without a byte-order mark (one would be part of the first column's name for every program
that reads it plainly). A cell that a spreadsheet would take for a formula gets an apostrophe before it. The licence
stands in the answer's headers, never among the data.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from portal.exports.listed import Listed
from portal.flattening import CELLS, flat

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_CHUNK = 32_768


def safe(cell: str) -> str:
    """The cell as text, whatever program opens it."""
    return f"'{cell}" if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA) else cell


def write(listed: Listed) -> Iterator[bytes]:
    """The file in pieces."""
    pieces = io.StringIO()
    table = csv.writer(pieces, lineterminator="\r\n")
    table.writerow([cell.name for cell in CELLS])
    for row in listed.rows:
        assert row.document is not None
        table.writerow([safe(cell) for cell in flat(row.document, row, listed.link(row), listed.say, listed.language)])
        if pieces.tell() > _CHUNK:
            yield _taken(pieces)
    yield _taken(pieces)


def _taken(pieces: io.StringIO) -> bytes:
    text = pieces.getvalue()
    pieces.seek(0)
    pieces.truncate()
    return text.encode()
