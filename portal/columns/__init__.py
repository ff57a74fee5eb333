"""Which records match, answered from memory? All current records as columns of numbers, mapped from one file.

A record is a position (0, 1, 2 … by its number). What filters ask of it stands in arrays (`arrays`), in one file for
each state of the database that all processes of a machine share (`shelf`); they are made from the tables, or patched
after a publication (`making`). `answering` finds, counts and orders with them. `portal.selecting` gives the same
answers in SQL, for past days and while the file is being made; `portal verify` compares the file with the tables.

Which of them hold a word is told by `words`: from a second file (`turned`, made by `turning` at night), and from what
was published since.
"""

from __future__ import annotations

from portal.columns.answering import Columns, Found
from portal.columns.shelf import current, faults, keep_in, prepare, turn, turned_sums

__all__ = ["Columns", "Found", "current", "faults", "keep_in", "prepare", "turn", "turned_sums"]
