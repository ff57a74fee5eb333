"""What does the listing filter on? An index with a row for every published version, rebuilt from the ledger at will."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.extensions import Base
from portal.models.flags import flag


class AnswerColumns:
    """The answers of `status.assess` that filters, sorts and rows need.

    ``silent_day`` is the first day silence may be counted from, ``ends_day`` the last day of the written term,
    ``marks`` a sum of `indexing.MARKS`.
    """

    status: Mapped[str]
    stage: Mapped[str]
    validity: Mapped[str]
    news: Mapped[str]
    reporting: Mapped[str]
    last_news: Mapped[str]
    last_news_kind: Mapped[str]
    silent_since: Mapped[str]
    silent_day: Mapped[date | None]
    ends_day: Mapped[date | None]
    declared: Mapped[str]
    declared_on: Mapped[str]
    declared_by: Mapped[str]
    marks: Mapped[int]
    differs: Mapped[bool] = flag("differs")
    counted: Mapped[bool] = flag("counted")


class Version(AnswerColumns, Base):
    """One published version of a cooperation; ``current`` is the newest, its answers hold for `Assessment.day`.

    ``card``, ``facets`` and ``cells`` are made from the document for those who read many rows: what a row of the
    listing shows, its values in the facets that allow several (`indexing.facet_words`), and the cells of the table
    (`flattening.cells`).
    """

    __tablename__ = "version"

    revision: Mapped[int] = mapped_column(ForeignKey("revision.seq"), primary_key=True, autoincrement=False)
    subject: Mapped[str]
    number: Mapped[int]
    current: Mapped[bool] = flag("current")
    known_from: Mapped[str]
    known_until: Mapped[str | None]
    record_number: Mapped[int]
    region: Mapped[str]
    province: Mapped[str]
    legal_form: Mapped[str]
    type: Mapped[str]
    grade: Mapped[str]
    start_year: Mapped[int | None]
    start_day: Mapped[date | None]
    sort_name: Mapped[str]
    card: Mapped[str]
    facets: Mapped[str] = mapped_column(server_default="")
    cells: Mapped[str] = mapped_column(server_default="")

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805
        newest = text("current")
        return (
            Index("ix_version_subject", "subject", "number", unique=True),
            Index("ix_version_known", "known_from", "known_until"),
            Index("ix_version_silent", "silent_day", "record_number", postgresql_where=newest, sqlite_where=newest),
            Index("ix_version_name", "sort_name", "record_number", postgresql_where=newest, sqlite_where=newest),
            Index("ix_version_start", "start_day", "record_number", postgresql_where=newest, sqlite_where=newest),
            Index("ix_version_place", "region", postgresql_where=newest, sqlite_where=newest),
            Index("ix_version_record", "record_number"),
        )


class VersionFacet(Base):
    """A value of a version in a facet that allows several: place, country, partner kind or sector; and each partner.

    Partners are asked for as they are known today, so that only the newest version of a record has their rows.
    """

    __tablename__ = "version_facet"
    __table_args__ = (Index("ix_version_facet_revision", "revision"),)

    facet: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("version.revision"), primary_key=True)


class AnswerPeriod(AnswerColumns, Base):
    """The answers of a version from one day up to, not including, another."""

    __tablename__ = "answer_period"

    revision: Mapped[int] = mapped_column(ForeignKey("version.revision"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    until_day: Mapped[date]


class Assessment(Base):
    """The day for which the answers of the current versions were last filled in; always one row.

    ``form`` is the `indexing.FORM` the index was made in; ``generation`` rises with every assessment and rebuild, so
    that a server that runs sees that the index is another one.
    """

    __tablename__ = "assessment"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    form: Mapped[int]
    generation: Mapped[int]


class RegionNote(Base):
    """One published version of what is known of a region besides its records."""

    __tablename__ = "region_note"
    __table_args__ = (
        Index("ix_region_note_newest", "region", postgresql_where=text("current"), sqlite_where=text("current")),
    )

    revision: Mapped[int] = mapped_column(ForeignKey("revision.seq"), primary_key=True, autoincrement=False)
    region: Mapped[str] = mapped_column(index=True)
    current: Mapped[bool] = flag("current")
    known_from: Mapped[str]
    known_until: Mapped[str | None]
    document: Mapped[str]
