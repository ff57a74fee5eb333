"""What listings and tables read of a version without opening its document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMES = ("facets", "cells")


def upgrade() -> None:
    """The columns stay empty until the index is written anew (`portal upgrade` does both)."""
    op.execute("UPDATE assessment SET form = 0")
    for name in NAMES:
        op.add_column("version", sa.Column(name, sa.String(), nullable=False, server_default=""))
    later = sa.text("NOT (role = 'initial_import' AND number = 1)")
    op.create_index("ix_revision_later", "revision", ["seq"], postgresql_where=later, sqlite_where=later)
    op.create_index("ix_version_record", "version", ["record_number"])
    op.create_index("ix_evidence_subject", "evidence", ["subject"])
    op.create_index("ix_tip_created", "tip", ["created"])
    op.create_index("ix_tip_closed", "tip", ["closed"])
    current = sa.text("current")
    op.create_index("ix_region_note_newest", "region_note", ["region"], postgresql_where=current, sqlite_where=current)


def downgrade() -> None:
    op.drop_index("ix_region_note_newest", "region_note")
    op.drop_index("ix_tip_closed", "tip")
    op.drop_index("ix_tip_created", "tip")
    op.drop_index("ix_evidence_subject", "evidence")
    op.drop_index("ix_version_record", "version")
    op.drop_index("ix_revision_later", "revision")
    for name in reversed(NAMES):
        op.drop_column("version", name)
