"""The ledger, the index made from it, places and search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models import search

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSAL = "a published revision cannot be changed"


def upgrade() -> None:
    _ledger()
    _index()
    _places()
    search.create(op.get_bind())
    _refuse_changes()


def downgrade() -> None:
    search.drop(op.get_bind())
    for table in ("region_note", "answer_period", "version_facet", "version", "assessment", "revision", "country", "region"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS refuse_revision_change()")


def _text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null, primary_key=key)


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


def _answers() -> list[sa.Column[object]]:
    texts = ("status", "stage", "validity", "news", "reporting", "last_news", "last_news_kind", "silent_since")
    return [
        *(_text(name) for name in texts),
        sa.Column("silent_day", sa.Date(), nullable=True),
        sa.Column("ends_day", sa.Date(), nullable=True),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
    ]  # type: ignore[list-item]


def _index() -> None:
    op.create_table(
        "version",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        _text("subject"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        _text("known_from"),
        _text("known_until", null=True),
        sa.Column("record_number", sa.Integer(), nullable=False),
        *(_text(name) for name in ("region", "province", "legal_form", "type", "grade")),
        sa.Column("start_year", sa.Integer(), nullable=True),
        sa.Column("start_day", sa.Date(), nullable=True),
        _text("sort_name"),
        _text("card"),
        *_answers(),
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
        *_answers(),
        sa.PrimaryKeyConstraint("revision", "from_day", name="pk_answer_period"),
        sa.ForeignKeyConstraint(["revision"], ["version.revision"], name="fk_answer_period_revision"),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
    )
    op.create_table(
        "region_note",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        _text("region"),
        sa.Column("current", sa.Boolean(), nullable=False),
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


def _refuse_changes() -> None:
    """No UPDATE, DELETE or TRUNCATE of a revision, whoever asks."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_revision_change() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER revision_kept BEFORE UPDATE OR DELETE ON revision"
            " FOR EACH ROW EXECUTE FUNCTION refuse_revision_change()"
        )
        op.execute(
            "CREATE TRIGGER revision_not_emptied BEFORE TRUNCATE ON revision"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_revision_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER revision_no_{act.lower()} BEFORE {act} ON revision"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
