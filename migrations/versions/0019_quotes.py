"""Quotes beside releases

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "release_quotes",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_release_quotes_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["process_id", "number"],
            ["releases.process_id", "releases.number"],
            name=op.f("fk_release_quotes_process_id_number_releases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("process_id", "number", "theme", "contribution_id", name=op.f("pk_release_quotes")),
    )


def downgrade() -> None:
    op.drop_table("release_quotes")
