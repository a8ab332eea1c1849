"""Measures against bots, spent challenges, and a channel for what is set apart

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BEFORE = "channel IN ('invited', 'open', 'assisted', 'imported')"
_AFTER = "channel IN ('invited', 'open', 'assisted', 'imported', 'suspect')"


def upgrade() -> None:
    op.create_table(
        "measures",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("hourly", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("work", sa.Boolean(), nullable=False),
        sa.CheckConstraint("hourly BETWEEN 0 AND 100000", name=op.f("ck_measures_hourly")),
        sa.CheckConstraint("seconds BETWEEN 0 AND 600", name=op.f("ck_measures_seconds")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_measures_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_measures")),
    )
    op.create_table(
        "spent_challenges",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_spent_challenges_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "challenge", name=op.f("pk_spent_challenges")),
        sqlite_with_rowid=False,
    )
    _allow(_BEFORE, _AFTER)
    apart = sa.text("channel = 'suspect'")
    op.create_index("ix_responses_apart", "responses", ["activity_id"], postgresql_where=apart, sqlite_where=apart)


def downgrade() -> None:
    # What was set apart came through the open link; without that channel nothing tells it from the rest.
    for table in ("intake", "responses"):
        op.execute(f"UPDATE {table} SET channel = 'open' WHERE channel = 'suspect'")  # noqa: S608  # names of ours
    op.drop_index("ix_responses_apart", "responses")
    _allow(_AFTER, _BEFORE)
    op.drop_table("spent_challenges")
    op.drop_table("measures")


def _allow(before: str, after: str) -> None:
    """Replace the check of channels. SQLite writes the table anew, and what it looks like must be said in full."""
    for table in (_intake(before), _responses(before)):
        name = op.f(f"ck_{table.name}_channel")
        with op.batch_alter_table(table.name, copy_from=table) as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, after)


def _intake(channels: str) -> sa.Table:
    return sa.Table(
        "intake",
        sa.MetaData(),
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
        sa.CheckConstraint(channels, name=op.f("ck_intake_channel")),
        sa.CheckConstraint("state IN ('draft', 'submitted')", name=op.f("ck_intake_state")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_intake_activity_id_activities")),
        sa.PrimaryKeyConstraint("activity_id", "code", name=op.f("pk_intake")),
        sqlite_with_rowid=False,
    )


def _responses(channels: str) -> sa.Table:
    return sa.Table(
        "responses",
        sa.MetaData(),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("stored", sa.Boolean(), nullable=False),
        sa.CheckConstraint(channels, name=op.f("ck_responses_channel")),
        sa.ForeignKeyConstraint(
            ["activity_id", "edition"],
            ["editions.activity_id", "editions.number"],
            name=op.f("fk_responses_activity_id_edition_editions"),
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_responses_activity_id_activities")),
        sa.PrimaryKeyConstraint("activity_id", "id", name=op.f("pk_responses")),
        sa.UniqueConstraint("activity_id", "code", name=op.f("uq_responses_activity_id_code")),
        sa.Index(
            "ix_responses_fresh",
            "activity_id",
            postgresql_where=sa.text("NOT stored"),
            sqlite_where=sa.text("NOT stored"),
        ),
        sqlite_with_rowid=False,
    )
