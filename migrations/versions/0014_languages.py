"""Languages of participants' pages that are translated in the browser

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "languages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=35), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("english", sa.String(length=80), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("digits", sa.String(length=8), nullable=False),
        sa.Column("plural", sa.Text(), nullable=False),
        sa.Column("fallback", sa.String(length=35), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("direction IN ('ltr', 'rtl')", name=op.f("ck_languages_direction")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_languages")),
        sa.UniqueConstraint("code", name=op.f("uq_languages_code")),
    )
    # The words of the interface belong to no process.
    with op.batch_alter_table("wordings") as batch:
        batch.alter_column("process_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM wordings WHERE process_id IS NULL")
    with op.batch_alter_table("wordings") as batch:
        batch.alter_column("process_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("languages")
