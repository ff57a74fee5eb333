"""How is yes or no kept? A boolean column that holds nothing else, also where the database has no booleans."""

from __future__ import annotations

from sqlalchemy import Boolean
from sqlalchemy.orm import Mapped, mapped_column


def flag(name: str) -> Mapped[bool]:
    """A boolean; where the database has none of its own (SQLite) nothing but 0 and 1."""
    return mapped_column(Boolean(create_constraint=True, name=name))
