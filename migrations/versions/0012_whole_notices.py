"""Whole data-protection notices, complaints and helplines

Notices written before say what they said; what the template asks for besides is empty in them.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CODES = ("basis", "special")
_TEXTS = ("law", "recipients", "transfers", "automated", "source", "authority")


def upgrade() -> None:
    with op.batch_alter_table("notices") as table:
        for name in _CODES:
            table.add_column(sa.Column(name, sa.String(length=20), nullable=False, server_default=""))
        for name in _TEXTS:
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("rights", sa.Text(), nullable=False, server_default="[]"))
    with op.batch_alter_table("notices") as table:
        for name in (*_CODES, *_TEXTS, "rights"):
            table.alter_column(name, server_default=None)
    with op.batch_alter_table("processes") as table:
        table.add_column(sa.Column("complaint", sa.Text(), nullable=False, server_default="{}"))
    with op.batch_alter_table("processes") as table:
        table.alter_column("complaint", server_default=None)
    op.create_table(
        "helplines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"], ["processes.id"], name=op.f("fk_helplines_process_id_processes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helplines")),
    )
    op.create_index(op.f("ix_helplines_process_id"), "helplines", ["process_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_helplines_process_id"), table_name="helplines")
    op.drop_table("helplines")
    with op.batch_alter_table("processes") as table:
        table.drop_column("complaint")
    with op.batch_alter_table("notices") as table:
        for name in ("rights", *reversed(_TEXTS), *reversed(_CODES)):
            table.drop_column(name)
