"""What is a vocabulary? Terms with a code, a label and an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


def N_(message: str) -> str:
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a vocabulary: its code, its label (an English message) and what hangs on it."""

    code: str
    label: str
    extra: Mapping[str, str] = field(default_factory=dict)


class Vocabulary(Mapping[str, Term]):
    """An ordered set of terms, looked up by code."""

    def __init__(self, *terms: Term) -> None:
        self._terms = {term.code: term for term in terms}
        self._order = {code: place for place, code in enumerate(self._terms)}

    def __getitem__(self, code: str) -> Term:
        return self._terms[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def place(self, code: str) -> int:
        """The place of a code in the vocabulary's own order (0 first)."""
        return self._order[code]
