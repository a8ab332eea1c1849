"""How long data are kept, and what became of them

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.Column("promised", sa.Integer(), nullable=True),
        sa.Column("announced_for", sa.Date(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.CheckConstraint("erased_on IS NULL OR begun_on IS NOT NULL", name=op.f("ck_retention_begun")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_retention_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "kind", name=op.f("pk_retention")),
    )


def downgrade() -> None:
    op.drop_table("retention")
