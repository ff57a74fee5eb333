"""In which revisions does a word stand? The words of all records turned around, mapped from one file.

There is a list for each place a word may be looked for in (`models.search.SIGNS`: the names; names and topics;
anywhere). The words of a list are sorted, and what one word is found in lies beside that of the next: a beginning of
words is one stretch of the list. A word that many revisions hold has a bit for each of them, any other the numbers of
those it is found in. Words with a digit are left out: they are looked for whole, which the database does as fast.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np

from portal.columns import files
from portal.columns.files import NotReadable, Numbers
from portal.models.search import SIGNS, turned_mark

PLACES = tuple(SIGNS)
_KIND = b"tautan-words-1\n"
_DENSE = 32  # one in so many revisions: then bits take less room than numbers of four bytes
_AT_ONCE = 500  # words
_PARTS = ("words", "starts", "numbers", "dense", "bits")


@dataclass(frozen=True, slots=True)
class _List:
    """The words of one place: bytes of one width, with where the numbers of each start; which have bits, and those."""

    words: Numbers
    starts: Numbers
    numbers: Numbers
    dense: Numbers
    bits: Numbers

    def stretch(self, word: str, beginning: bool) -> tuple[int, int]:
        """The first word and the one after the last that are this one, or begin with it."""
        if len(word) >= self.words.dtype.itemsize:  # longer than any; the width has room for one letter more
            return 0, 0
        first = int(np.searchsorted(self.words, word.encode()))
        if beginning:
            return first, int(np.searchsorted(self.words, word.encode() + b"~"))  # ~ sorts after every letter
        return first, first + int(first < len(self.words) and self.words[first] == word.encode())

    def add(self, first: int, last: int, found: Numbers) -> None:
        """Set the bits and numbers of a stretch in an array with truth for each revision."""
        among = slice(*np.searchsorted(self.dense, (first, last)))
        if among.start < among.stop:
            found |= np.unpackbits(np.bitwise_or.reduce(self.bits[among]), count=len(found)).view(bool)
        found[self.numbers[int(self.starts[first]) : int(self.starts[last])]] = True

    def fits(self, seq: int) -> bool:
        """True where no part leads beyond another, nor beyond a revision."""
        starts, dense, numbers = self.starts, self.dense, self.numbers
        return bool(
            starts[0] == 0
            and (len(starts), starts[-1]) == (len(self.words) + 1, len(numbers))
            and np.all(starts[:-1] <= starts[1:])
            and self.bits.shape == (len(dense), -(-(seq + 1) // 8))
            and 0 <= dense.min(initial=0) <= dense.max(initial=0) <= max(len(self.words) - 1, 0)
            and 0 <= numbers.min(initial=0) <= numbers.max(initial=0) <= seq
        )

    def add_marks(self, marks: Numbers, sums: Numbers) -> None:
        """Add the mark of each word to the sums of the revisions that hold it."""
        for word, bits in zip(self.dense.tolist(), self.bits, strict=True):
            sums += np.unpackbits(bits, count=len(sums)) * marks[word]
        for first in range(0, len(marks), _AT_ONCE):
            starts = self.starts[first : first + _AT_ONCE + 1]
            numbers = self.numbers[int(starts[0]) : int(starts[-1])]
            np.add.at(sums, numbers, np.repeat(marks[first : first + _AT_ONCE], np.diff(starts)))


@dataclass(frozen=True, slots=True)
class Turned:
    """The words of all revisions up to ``seq``, whose hash is kept to tell this chain from another."""

    seq: int
    hash: str
    lists: tuple[_List, ...]

    def found(self, place: int, *wanted: tuple[str, bool]) -> Numbers:
        """Truth for each revision up to `seq`: holds one of the words, or (True) a word that begins with it."""
        held = self.lists[place]
        found = np.zeros(self.seq + 1, bool)
        for word, beginning in wanted:
            first, last = held.stretch(word, beginning)
            if first < last:
                held.add(first, last, found)
        return found

    def sums(self) -> Numbers:
        """For each revision up to `seq` what `models.search.turned_sum` gives for its words (uint64)."""
        found = np.zeros(self.seq + 1, np.uint64)
        for place, held in enumerate(self.lists):
            marks = np.fromiter((turned_mark(word.decode(), place) for word in held.words), np.uint64, len(held.words))
            held.add_marks(marks, found)
        return found

    @property
    def is_sorted(self) -> bool:
        """True where the words of every list are found by halving."""
        return all(bool(np.all(held.words[:-1] < held.words[1:])) for held in self.lists)


def read(path: Path) -> Turned:
    """The words of a file, mapped and shared, its checksum and its bounds seen to.

    Raises `files.NotReadable` and `OSError`.
    """
    head, found = files.read(path, _KIND, checked=True)
    try:
        lists = tuple(_List(*(found[f"{place} {part}"] for part in _PARTS)) for place in range(len(PLACES)))
        turned = Turned(head["seq"], head["hash"], lists)
        if not all(held.fits(turned.seq) for held in lists):
            raise NotReadable(f"{path.name}: what it holds does not fit together")
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise NotReadable(f"{path.name}: {error}") from error
    return turned


@contextmanager
def writer(path: Path, seq: int, digest: str) -> Iterator[Writer]:
    """What takes the words one after the other, in little memory; the file is there when all went well.

    Raises `OSError`.
    """
    with ExitStack() as open_:

        def scratch() -> IO[bytes]:
            return open_.enter_context(TemporaryFile(dir=path.parent))

        lists = [_ListWriter(scratch(), scratch(), seq) for _ in PLACES]
        yield Writer(lists)
        named = {f"{place} {part}": found for place, held in enumerate(lists) for part, found in held.parts()}
        files.write(path, _KIND, {"seq": seq, "hash": digest}, named)


class Writer:
    """Takes what is found for each word, the words of each place in their order."""

    def __init__(self, lists: Sequence[_ListWriter]) -> None:
        self._lists = lists

    def add(self, place: int, word: str, revisions: Numbers) -> None:
        """The revisions, rising, in which a word stands."""
        self._lists[place].add(word, revisions)


class _ListWriter:
    """One place: the words in memory, what is found for them in two scratch files."""

    def __init__(self, numbers: IO[bytes], bits: IO[bytes], seq: int) -> None:
        self._numbers, self._bits, self._room = numbers, bits, seq + 1
        self._words: list[bytes] = []
        self._starts, self._dense = array("q", [0]), array("q")

    def add(self, word: str, revisions: Numbers) -> None:
        """Numbers for few revisions, bits for many."""
        few = len(revisions) * _DENSE <= self._room
        if few:
            self._numbers.write(revisions.astype(np.int32).data)
        else:
            found = np.zeros(self._room, bool)
            found[revisions] = True
            self._bits.write(np.packbits(found).data)
            self._dense.append(len(self._words))
        self._words.append(word.encode())
        self._starts.append(self._starts[-1] + (len(revisions) if few else 0))

    def parts(self) -> Iterator[tuple[str, Numbers]]:
        """The arrays of the list, by `_PARTS`."""
        width = max(map(len, self._words), default=0) + 2  # the mark for the end of a stretch fits as well
        yield "words", np.array(self._words, f"S{width}")
        yield "starts", np.array(self._starts, np.int64)
        yield "numbers", _mapped(self._numbers, np.dtype(np.int32))
        yield "dense", np.array(self._dense, np.int64)
        yield "bits", _mapped(self._bits, np.dtype(np.uint8)).reshape(len(self._dense), -(-self._room // 8))


def _mapped(file: IO[bytes], kind: np.dtype[Any]) -> Numbers:
    file.flush()
    return np.memmap(file, kind, "r") if file.tell() else np.empty(0, kind)
