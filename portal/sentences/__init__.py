"""How is a cooperation told in one or two sentences? The same words open the page, its feed, its export and its link.

A sentence is a message with marks for its parts (`parts`); the words themselves come from a `Speaker`, which knows the
language. Here stands only which sentence fits (`telling`), what goes into it (`slots`) and who says it (`witnesses`).
"""

from __future__ import annotations

from portal.sentences.parts import Part, Slots, Speaker, compose, in_words, plain
from portal.sentences.slots import MOST_FIELDS, MOST_NAMES, declaration, form, step
from portal.sentences.telling import changed, summary

__all__ = [
    "MOST_FIELDS",
    "MOST_NAMES",
    "Part",
    "Slots",
    "Speaker",
    "changed",
    "compose",
    "declaration",
    "form",
    "in_words",
    "plain",
    "step",
    "summary",
]
