"""Jobs that somebody watches, drafts of releases, withdrawn releases

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATES = "state IN ('waiting', 'running', 'failed', 'done', 'refused', 'cancelled')"
_STATES_BEFORE = "state IN ('waiting', 'running', 'failed')"


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_jobs_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_jobs_state"), _STATES)
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("asked_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("process_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("done", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("steps", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("cancelled", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("result", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("refusal", sa.LargeBinary(), nullable=True))
        batch_op.create_index(batch_op.f("ix_jobs_process_id"), ["process_id"], unique=False)
    # The default was for the rows that there were.
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        for column in ("done", "steps", "cancelled"):
            batch_op.alter_column(column, server_default=None)
    op.create_table(
        "release_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("computed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_release_drafts_made_by_users")),
        sa.ForeignKeyConstraint(["process_id"], ["processes.id"], name=op.f("fk_release_drafts_process_id_processes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_drafts")),
    )
    with op.batch_alter_table("release_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_release_drafts_process_id"), ["process_id"], unique=False)
    with op.batch_alter_table("releases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_releases_withdrawn"),
            "withdrawn_at IS NULL OR (published_at IS NOT NULL AND note IS NOT NULL)",
        )


def downgrade() -> None:
    with op.batch_alter_table("releases", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_releases_withdrawn"), type_="check")
        batch_op.drop_column("note")
        batch_op.drop_column("withdrawn_at")
    with op.batch_alter_table("release_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_release_drafts_process_id"))
    op.drop_table("release_drafts")
    # What has ended is not known to the older version, and would be run again by nobody.
    op.execute("DELETE FROM jobs WHERE asked_at IS NOT NULL")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_jobs_process_id"))
        for column in (
            "refusal",
            "result",
            "ended_at",
            "cancelled",
            "steps",
            "done",
            "process_id",
            "asked_by",
            "asked_at",
        ):
            batch_op.drop_column(column)
        batch_op.drop_constraint(op.f("ck_jobs_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_jobs_state"), _STATES_BEFORE)
