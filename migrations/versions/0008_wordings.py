"""Translations with their states, and the gate of each process

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wordings",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("translated", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_wordings_by_id_users")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["processes.id"], name=op.f("fk_wordings_process_id_processes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "object_id", "path", "locale", "number", name=op.f("pk_wordings")),
    )
    op.create_index(
        op.f("ix_wordings_process_id_source_hash_locale"), "wordings", ["process_id", "source_hash", "locale"]
    )
    # What there is was offered in whatever languages its files have, and goes on like that until an officer decides.
    with op.batch_alter_table("processes") as batch:
        batch.add_column(sa.Column("gate", sa.String(length=10), nullable=False, server_default="begun"))
        batch.create_check_constraint(op.f("ck_processes_gate"), "gate IN ('reviewed', 'complete', 'begun')")
    with op.batch_alter_table("processes") as batch:
        batch.alter_column("gate", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("processes") as batch:
        batch.drop_constraint(op.f("ck_processes_gate"), type_="check")
        batch.drop_column("gate")
    op.drop_table("wordings")
