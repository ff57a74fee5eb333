"""In which of the current revisions does a word stand? From the file of words, from what was asked before, or asked.

The file is made now and then (`portal assess`); the few revisions published since are looked through one by one, many
of them by the database. Without a file everything is asked of the database, and remembered: what is published once
never changes.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from portal import indexing, searching
from portal.columns import turned
from portal.columns.files import NotReadable, Numbers
from portal.columns.turned import PLACES, Turned
from portal.selecting import State

ENDING = ".words"
MOST_LOOKED_THROUGH = 250  # revisions published since the file was made
_MOST_BYTES = 24_000_000  # of what is remembered
_MOST_TEXTS = 4 * MOST_LOOKED_THROUGH
Key = tuple[str, int, int]
Pair = tuple[str, int]  # a word and a tier of `searching.TIERS`

_HASH = text("SELECT hash FROM revision WHERE seq = :seq")
_DOCUMENTS = text("SELECT seq, document FROM revision WHERE seq IN :revisions").bindparams(
    bindparam("revisions", expanding=True)
)


class Words:
    """What a process knows of words, for all states of a database. Bounded; safe between threads."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._held: dict[Pair, tuple[int, Numbers]] = {}
        self._bytes = 0
        self._files: dict[Key, Turned | None] = {}
        self._generation: int | None = None
        self._texts: dict[int, tuple[list[str], ...]] = {}

    def found(
        self, session: Session, pairs: Sequence[Pair], state: State, current: Numbers
    ) -> Iterator[tuple[Pair, Numbers]]:
        """For each word and tier, truth for each of the current revisions of a state."""
        if state.generation != self._generation:  # the index was made or assessed anew: nothing is sure any more
            self._held, self._bytes, self._texts, self._generation = {}, 0, {}, state.generation
        file = self.turned(session, state.seq)
        known = [self._known(pair, state.seq, file) for pair in pairs]
        newer = {until: np.flatnonzero(current > until) for until, _ in known}
        asked = [
            (pair, until) for pair, (until, _) in zip(pairs, known, strict=True)
            if not until or len(newer[until]) > MOST_LOOKED_THROUGH
        ]  # fmt: skip
        limits = [(*pair, until) for pair, until in asked]
        told = dict(zip(asked, searching.gathered(session, limits) if limits else [], strict=True))
        for pair, (until, earlier) in zip(pairs, known, strict=True):
            found = earlier[np.minimum(current, until)] if earlier is not None else np.zeros(len(current), bool)
            found[newer[until]] = False
            if (pair, until) in told:
                self._add(found, told[pair, until], current)
                self._learn(pair, state.seq, current[found])
            else:
                self._look_through(session, found, pair, newer[until], current)
            yield pair, found

    def _known(self, pair: Pair, newest: int, file: Turned | None) -> tuple[int, Numbers | None]:
        """Up to which revision it is known where a word stands (0: not at all), and truth for each revision.

        What was learned of revisions after ``newest`` is of no use: it leaves out those they replaced.
        """
        word, tier = pair
        until, packed = self._held.get(pair, (0, None))
        if packed is not None and until <= newest and (file is None or until >= file.seq):
            return until, np.unpackbits(packed, count=until + 1).view(bool)
        if file is not None and word.isalpha():
            places, _ = searching.TIERS[tier]
            return file.seq, file.found(PLACES.index(places), *searching.forms(word, tier))
        return 0, None

    @staticmethod
    def _add(found: Numbers, revisions: Numbers, current: Numbers) -> None:
        """Set the truth of some revisions, of those that are current."""
        if len(revisions):
            among = np.zeros(max(int(revisions.max()), int(current.max(initial=0))) + 1, bool)
            among[revisions] = True
            found |= among[current]

    def _learn(self, pair: Pair, until: int, revisions: Numbers) -> None:
        """Note in which revisions, among those up to one, a word stands; those that are current are enough."""
        found = np.zeros(until + 1, bool)
        found[revisions] = True
        packed = np.packbits(found)
        if self._bytes > _MOST_BYTES:
            self._held, self._bytes = {}, 0  # all at once: other threads may be reading it
        self._held[pair] = (until, packed)
        self._bytes += packed.nbytes

    # -- the few that are newer ------------------------------------------------------------------------------------

    def _look_through(self, session: Session, found: Numbers, pair: Pair, newer: Numbers, current: Numbers) -> None:
        word, tier = pair
        place = PLACES.index(searching.TIERS[tier][0])
        wanted = searching.forms(word, tier)
        for position, texts in zip(newer, self._texts_of(session, current[newer].tolist()), strict=True):
            found[position] = any(_stands(texts[place], form, beginning) for form, beginning in wanted)

    def _texts_of(self, session: Session, revisions: list[int]) -> list[tuple[list[str], ...]]:
        """The sorted words of each place of some revisions."""
        held = self._texts if len(self._texts) < _MOST_TEXTS else {}
        missing = [revision for revision in revisions if revision not in held]
        made = {}
        for seq, document in session.execute(_DOCUMENTS, {"revisions": missing}) if missing else ():
            texts = indexing.texts(json.loads(document))
            words = {place: getattr(texts, place).split() for place in PLACES[-1]}
            made[seq] = tuple(sorted({word for name in places for word in words[name]}) for places in PLACES)
        self._texts = held = {**held, **made}  # all at once: other threads may be reading it
        return [held[revision] for revision in revisions]

    # -- the file --------------------------------------------------------------------------------------------------

    def turned(self, session: Session, seq: int) -> Turned | None:
        """The newest file of words that knows nothing after a revision; None where there is none of this chain."""
        listed, known = stored(self.folder, seq), self._files
        held = {key: known[key] for key in listed.values() if key in known}
        for path, key in listed.items():
            if key not in held:
                held[key] = self._read(session, path)
            if held[key] is not None:
                break
        self._files = held  # all at once: other threads may be reading it
        return next((held[key] for key in listed.values() if held.get(key) is not None), None)

    @staticmethod
    def _read(session: Session, path: Path) -> Turned | None:
        with suppress(OSError, NotReadable):
            found = turned.read(path)
            if session.execute(_HASH, {"seq": found.seq}).scalar_one_or_none() == found.hash:
                return found
        return None


def stored(folder: Path | None, seq: int) -> dict[Path, Key]:
    """The files of words that know nothing after a revision, the newest first, and what tells each from all others.

    Those made by another version of the code are left out.
    """
    found: list[tuple[Path, Key]] = []
    for path in folder.glob(f"*-{indexing.FORM}-*{ENDING}") if folder is not None else ():
        with suppress(OSError, ValueError):
            if int(path.name.split("-")[0]) <= seq:
                file = path.stat()
                found.append((path, (path.name, file.st_ino, file.st_mtime_ns)))
    return dict(sorted(found, key=lambda one: one[1], reverse=True))


def path_of(folder: Path, seq: int, digest: str) -> Path:
    """Where the file of the words up to a revision lies."""
    return folder / f"{seq:09d}-{indexing.FORM}-{digest[:16]}{ENDING}"


def _stands(words: list[str], word: str, beginning: bool) -> bool:
    """Is a word, or with ``beginning`` one that begins with it, among sorted words?"""
    place = bisect_left(words, word)
    if place == len(words):
        return False
    return words[place].startswith(word) if beginning else words[place] == word
