"""What is wrong with a decision, as the page tells it?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noted:
    """One mistake: the id of the box it is about (empty: the whole), and the words of this request's language."""

    id: str
    text: str
