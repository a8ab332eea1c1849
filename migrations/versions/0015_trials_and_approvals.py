"""Trials of questionnaires before they open, and approval by a second person

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_trials_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_trials")),
    )
    op.create_table(
        "trial_intake",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'submitted')", name=op.f("ck_trial_intake_state")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["trials.activity_id"],
            name=op.f("fk_trial_intake_activity_id_trials"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "code", name=op.f("pk_trial_intake")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "approvals",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'approved', 'refused')", name=op.f("ck_approvals_state")),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_approvals_decided")),
        sa.CheckConstraint("(state = 'refused') = (reason <> '')", name=op.f("ck_approvals_reason")),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_approvals_second_person")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_approvals_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_approvals_asked_by_users")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_approvals_decided_by_users")),
        sa.PrimaryKeyConstraint("activity_id", "hash", name=op.f("pk_approvals")),
    )
    with op.batch_alter_table("processes") as batch:
        batch.add_column(sa.Column("approval", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("processes") as batch:
        batch.alter_column("approval", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("processes") as batch:
        batch.drop_column("approval")
    for table in ("approvals", "trial_intake", "trials"):
        op.drop_table(table)
