"""The web addresses that records cite, and whether they open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("first_asked", sa.String(), nullable=True),
        sa.Column("last_asked", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("failing_since", sa.String(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_link"),
    )
    op.create_index("ix_link_due", "link", ["due"])
    op.create_index("ix_link_failing_since", "link", ["failing_since"])
    work = op.create_table(
        "link_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("swept", sa.String(), nullable=False),
        sa.Column("busy_until", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_link_work_single")),
        sa.PrimaryKeyConstraint("id", name="pk_link_work"),
    )
    op.bulk_insert(work, [{"id": 1, "changes": 0, "read": 0, "swept": "", "busy_until": ""}])


def downgrade() -> None:
    op.drop_table("link_work")
    op.drop_table("link")
