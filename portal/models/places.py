"""Which regions and countries does the database know?"""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import Base


class RegionRow(Base):
    """A province, kabupaten or kota (Kemendagri code with dot)."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    level: Mapped[str]
    parent: Mapped[str | None] = mapped_column(index=True)


class CountryRow(Base):
    """A country (ISO 3166-1 alpha-2)."""

    __tablename__ = "country"

    code: Mapped[str] = mapped_column(primary_key=True)
    name_id: Mapped[str]
    name_en: Mapped[str]
