"""Concepts of processes, and what questions measure

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concepts",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"], ["processes.id"], name=op.f("fk_concepts_process_id_processes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("process_id", "code", name=op.f("pk_concepts")),
    )
    op.create_table(
        "mappings",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("concept", sa.String(length=80), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_mappings_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "question", name=op.f("pk_mappings")),
    )


def downgrade() -> None:
    op.drop_table("mappings")
    op.drop_table("concepts")
