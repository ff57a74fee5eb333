"""How do arrays lie in a file? A line that says what kind, a head in JSON, then every array as memory holds it.

A file is there whole or not at all; who reads it maps it, so that all processes of a machine share what it holds.
"""

from __future__ import annotations

import json
import mmap
import os
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]
_ALIGNED = 64


class NotReadable(Exception):
    """A file of another kind, or not a whole one."""


def write(path: Path, kind: bytes, head: Mapping[str, Any], named: Mapping[str, Numbers]) -> None:
    """Write a file; ``kind`` ends with a line feed. Raises `OSError`."""
    named = {name: np.ascontiguousarray(array) for name, array in named.items()}
    check, offset, table = 0, 0, []
    for name, array in named.items():
        table.append([name, array.dtype.str, list(array.shape), offset])
        check = zlib.crc32(array.data, check) if array.size else check
        offset += -(-array.nbytes // _ALIGNED) * _ALIGNED
    told = json.dumps({**head, "arrays": table, "check": check}).encode()
    begin = kind + f"{len(told):012d}\n".encode() + told
    scratch, name = tempfile.mkstemp(".new", f"{path.name}.", path.parent)
    try:
        with os.fdopen(scratch, "wb") as file:
            file.write(begin + b" " * (-len(begin) % _ALIGNED))
            for array in named.values():
                if array.size:
                    file.write(array.data)
                file.write(b"\0" * (-array.nbytes % _ALIGNED))
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def read(path: Path, kind: bytes, checked: bool) -> tuple[dict[str, Any], dict[str, Numbers]]:
    """The head and the arrays of a file, mapped and not copied; ``checked`` reads all of it once for its checksum.

    Raises `NotReadable` and `OSError`.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _read(mapped, kind, checked)
    except (ValueError, KeyError, TypeError) as error:
        raise NotReadable(f"{path.name}: {error}") from error


def _read(mapped: mmap.mmap, kind: bytes, checked: bool) -> tuple[dict[str, Any], dict[str, Numbers]]:
    first = len(kind)
    if mapped[:first] != kind:
        raise NotReadable("another kind of file")
    start = first + 13
    length = int(mapped[first : start - 1])
    head = json.loads(mapped[start : start + length])
    base = -(-(start + length) // _ALIGNED) * _ALIGNED
    found, check = {}, 0
    for name, type_, shape, offset in head["arrays"]:
        count = int(np.prod(shape, dtype=np.int64))
        array = np.frombuffer(mapped, np.dtype(type_), count, base + offset) if count else np.empty(0, np.dtype(type_))
        check = zlib.crc32(array.data, check) if checked and count else check
        found[name] = array.reshape(shape)
    if checked and check != head["check"]:
        raise NotReadable("the checksum does not fit")
    return head, found
