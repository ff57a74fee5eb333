"""The ledger, the index made from it, places and search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models import guards, search

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _ledger()
    _index()
    _places()
    search.create(op.get_bind())
    guards.create(op.get_bind())


def downgrade() -> None:
    search.drop(op.get_bind())
    for table in ("region_note", "answer_period", "version_facet", "version", "assessment", "revision", "country", "region"):
        op.drop_table(table)
    guards.drop(op.get_bind())


def _text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null, primary_key=key)


def _flag(table: str, name: str) -> sa.Column[bool]:
    """A boolean; where the database has none of its own (SQLite) nothing but 0 and 1."""
    only = sa.Boolean(create_constraint=True, name=op.f(f"ck_{table}_{name}"))
    return sa.Column(name, only, nullable=False)


def _ledger() -> None:
    op.create_table(
        "revision",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        _text("time"),
        _text("subject"),
        _text("kind"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        *(_text(name) for name in ("act", "role", "office", "note", "document", "document_hash", "before_hash")),
        _text("previous"),
        _text("hash"),
        sa.PrimaryKeyConstraint("seq", name="pk_revision"),
        sa.UniqueConstraint("subject", "number", name="uq_revision_subject_number"),
        sa.UniqueConstraint("hash", name="uq_revision_hash"),
    )
    op.create_index("ix_revision_time", "revision", ["time"])


def _answers(table: str) -> list[sa.Column[object]]:
    texts = (
        "status", "stage", "validity", "news", "reporting", "last_news", "last_news_kind", "silent_since",
        "declared", "declared_on", "declared_by",
    )  # fmt: skip
    return [
        *(_text(name) for name in texts),
        sa.Column("silent_day", sa.Date(), nullable=True),
        sa.Column("ends_day", sa.Date(), nullable=True),
        sa.Column("marks", sa.Integer(), nullable=False),
        _flag(table, "differs"),
        _flag(table, "counted"),
    ]  # type: ignore[list-item]


def _index() -> None:
    op.create_table(
        "version",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        _text("subject"),
        sa.Column("number", sa.Integer(), nullable=False),
        _flag("version", "current"),
        _text("known_from"),
        _text("known_until", null=True),
        sa.Column("record_number", sa.Integer(), nullable=False),
        *(_text(name) for name in ("region", "province", "legal_form", "type", "grade")),
        sa.Column("start_year", sa.Integer(), nullable=True),
        sa.Column("start_day", sa.Date(), nullable=True),
        _text("sort_name"),
        _text("card"),
        *_answers("version"),
        sa.PrimaryKeyConstraint("revision", name="pk_version"),
        sa.ForeignKeyConstraint(["revision"], ["revision.seq"], name="fk_version_revision"),
    )
    newest = {"postgresql_where": sa.text("current"), "sqlite_where": sa.text("current")}
    op.create_index("ix_version_subject", "version", ["subject", "number"], unique=True)
    op.create_index("ix_version_known", "version", ["known_from", "known_until"])
    op.create_index("ix_version_silent", "version", ["silent_day", "record_number"], **newest)
    op.create_index("ix_version_name", "version", ["sort_name", "record_number"], **newest)
    op.create_index("ix_version_start", "version", ["start_day", "record_number"], **newest)
    op.create_index("ix_version_place", "version", ["region"], **newest)
    op.create_table(
        "version_facet",
        _text("facet"),
        _text("value"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("facet", "value", "revision", name="pk_version_facet"),
        sa.ForeignKeyConstraint(["revision"], ["version.revision"], name="fk_version_facet_revision"),
    )
    op.create_index("ix_version_facet_revision", "version_facet", ["revision"])
    op.create_table(
        "answer_period",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        *_answers("answer_period"),
        sa.PrimaryKeyConstraint("revision", "from_day", name="pk_answer_period"),
        sa.ForeignKeyConstraint(["revision"], ["version.revision"], name="fk_answer_period_revision"),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_assessment_single")),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
    )
    op.create_table(
        "region_note",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        _text("region"),
        _flag("region_note", "current"),
        _text("known_from"),
        _text("known_until", null=True),
        _text("document"),
        sa.PrimaryKeyConstraint("revision", name="pk_region_note"),
        sa.ForeignKeyConstraint(["revision"], ["revision.seq"], name="fk_region_note_revision"),
    )
    op.create_index("ix_region_note_region", "region_note", ["region"])


def _places() -> None:
    op.create_table(
        "region",
        *(_text(name) for name in ("code", "name", "name_en", "level")),
        _text("parent", null=True),
        sa.PrimaryKeyConstraint("code", name="pk_region"),
    )
    op.create_index("ix_region_parent", "region", ["parent"])
    op.create_table(
        "country",
        *(_text(name) for name in ("code", "name_id", "name_en")),
        sa.PrimaryKeyConstraint("code", name="pk_country"),
    )
