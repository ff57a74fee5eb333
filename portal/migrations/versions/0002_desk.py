"""People, proposals and their decisions, evidence, tips, letters, acts; who proposed a revision, and tombstones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.models import guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "agency", "account", "passkey", "invitation", "sign_in", "attempt", "tip", "proposal", "decision", "message", "evidence", "letter", "act",
)


def upgrade() -> None:
    for name, default in (("merged_into", ""), ("proposed_role", ""), ("proposed_office", ""), ("evidence", "[]")):
        op.add_column("revision", sa.Column(name, sa.String(), nullable=False, server_default=default))
    merged = sa.text("merged_into <> ''")
    op.create_index(
        "ix_revision_merged_into", "revision", ["merged_into", "subject"], postgresql_where=merged, sqlite_where=merged
    )
    _people()
    _proposals()
    _post()
    guards.create_kept(op.get_bind())


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
    guards.drop_kept(op.get_bind())
    op.drop_index("ix_revision_merged_into", "revision")
    for name in ("merged_into", "proposed_role", "proposed_office", "evidence"):
        op.drop_column("revision", name)


def _flag(table: str, name: str) -> sa.Column[bool]:
    """A boolean; where the database has none of its own (SQLite) nothing but 0 and 1."""
    only = sa.Boolean(create_constraint=True, name=op.f(f"ck_{table}_{name}"))
    return sa.Column(name, only, nullable=False)


def _people() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        _flag("agency", "active"),
        sa.Column("created", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agency"),
    )
    op.create_index("ix_agency_region", "agency", ["region"])
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        _flag("account", "active"),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("regions", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        _flag("account", "demo"),
        sa.Column("created", sa.String(), nullable=False),
        sa.Column("last_sign_in", sa.String(), nullable=True),
        sa.Column("fs_uniquifier", sa.String(64), nullable=False),
        sa.Column("fs_webauthn_user_handle", sa.String(64), nullable=True),
        sa.Column("tf_primary_method", sa.String(), nullable=True),
        sa.Column("tf_totp_secret", sa.String(), nullable=True),
        sa.Column("tf_last_counter", sa.Integer(), nullable=True),
        sa.Column("mf_recovery_codes", sa.UnicodeText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("fs_webauthn_user_handle", name="uq_account_fs_webauthn_user_handle"),
        sa.UniqueConstraint("email", name="uq_account_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_account_fs_uniquifier"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_account_agency_id_agency"),
    )
    op.create_index("ix_account_agency_id", "account", ["agency_id"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.UnicodeText(), nullable=True),
        _flag("passkey", "backup_state"),
        sa.Column("device_type", sa.String(64), nullable=False),
        sa.Column("extensions", sa.String(255), nullable=True),
        sa.Column("create_datetime", sa.DateTime(), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.Column("lastuse_datetime", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("usage", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_passkey_account_id_account", ondelete="CASCADE"),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])
    op.create_index("ix_passkey_credential_id", "passkey", ["credential_id"], unique=True)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("regions", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("created", sa.String(), nullable=False),
        sa.Column("expires", sa.String(), nullable=False),
        sa.Column("used", sa.String(), nullable=True),
        sa.Column("revoked", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_invitation_agency_id_agency"),
        sa.ForeignKeyConstraint(["invited_by"], ["account.id"], name="fk_invitation_invited_by_account"),
    )
    op.create_index("ix_invitation_email", "invitation", ["email"])
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("begun", sa.String(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_token_hash"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sign_in_account_id_account", ondelete="CASCADE"),
    )
    op.create_index("ix_sign_in_account", "sign_in", ["account_id", "ended"])
    op.create_table(
        "attempt",
        sa.Column("bucket", sa.String(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "key_hash", name="pk_attempt"),
    )


def _proposals() -> None:
    op.create_table(
        "tip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.String(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("extended", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("closed", sa.String(), nullable=True),
        sa.Column("handled_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tip"),
        sa.UniqueConstraint("receipt", name="uq_tip_receipt"),
        sa.UniqueConstraint("once", name="uq_tip_once"),
        sa.ForeignKeyConstraint(["handled_by"], ["account.id"], name="fk_tip_handled_by_account"),
    )
    op.create_index("ix_tip_state", "tip", ["state", "due"])
    op.create_index("ix_tip_subject", "tip", ["subject"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_role", sa.String(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("typed", sa.String(), nullable=False),
        sa.Column("edits", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.String(), nullable=False),
        sa.Column("changed", sa.String(), nullable=False),
        sa.Column("submitted", sa.String(), nullable=True),
        sa.Column("endorsed_by", sa.Integer(), nullable=True),
        sa.Column("endorsed_at", sa.String(), nullable=True),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.String(), nullable=True),
        _flag("proposal", "expiry_told"),
        sa.Column("tip_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.UniqueConstraint("receipt", name="uq_proposal_receipt"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_proposal_agency_id_agency"),
        sa.ForeignKeyConstraint(["agreed_by"], ["account.id"], name="fk_proposal_agreed_by_account"),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name="fk_proposal_author_id_account"),
        sa.ForeignKeyConstraint(["endorsed_by"], ["account.id"], name="fk_proposal_endorsed_by_account"),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name="fk_proposal_opened_by_account"),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name="fk_proposal_tip_id_tip"),
    )
    op.create_index("ix_proposal_agency_id", "proposal", ["agency_id"])
    op.create_index("ix_proposal_author_id", "proposal", ["author_id"])
    op.create_index("ix_proposal_state", "proposal", ["state", "submitted"])
    op.create_index("ix_proposal_subject", "proposal", ["subject", "state"])
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("change_note", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_decision_by_account"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_decision_proposal_id_proposal"),
    )
    op.create_index("ix_decision_at", "decision", ["at"])
    op.create_index("ix_decision_proposal_id", "decision", ["proposal_id"])
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_message_by_account"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_message_proposal_id_proposal"),
    )
    op.create_index("ix_message_proposal_id", "message", ["proposal_id"])
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stored", sa.String(), nullable=False),
        sa.Column("mimetype", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("disclosure", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("removed", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.UniqueConstraint("stored", name="uq_evidence_stored"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_evidence_proposal_id_proposal"),
        sa.ForeignKeyConstraint(["uploaded_by"], ["account.id"], name="fk_evidence_uploaded_by_account"),
    )
    op.create_index("ix_evidence_proposal_id", "evidence", ["proposal_id"])
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"])
    op.create_index("ix_evidence_uploaded_by", "evidence", ["uploaded_by"])


def _post() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created", sa.String(), nullable=False),
        sa.Column("next_try", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent", sa.String(), nullable=True),
        sa.Column("given_up", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("once", name="uq_letter_once"),
    )
    op.create_index("ix_letter_waiting", "letter", ["sent", "next_try"])
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_act"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_act_by_account"),
    )
    op.create_index("ix_act_at", "act", ["at"])
    op.create_index("ix_act_by", "act", ["by"])
