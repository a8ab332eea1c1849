"""What institutions answer together: hands, changes, remarks, signatures

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ROLES = ("administrator", "officer", "translator", "facilitator", "steward", "interviewer", "coder")


def _roles(*roles: str) -> None:
    with op.batch_alter_table("grants") as batch_op:
        batch_op.drop_constraint(op.f("ck_grants_role"), type_="check")
        batch_op.create_check_constraint(op.f("ck_grants_role"), f"role IN ({', '.join(map(repr, roles))})")


def upgrade() -> None:
    _roles(*_ROLES, "respondent")
    op.create_table(
        "joint_responses",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'signed')", name=op.f("ck_joint_responses_state")),
        sa.CheckConstraint("(version = 0) = (edition IS NULL)", name=op.f("ck_joint_responses_begun")),
        sa.ForeignKeyConstraint(
            ["activity_id", "edition"],
            ["editions.activity_id", "editions.number"],
            name=op.f("fk_joint_responses_activity_id_edition_editions"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_joint_responses_activity_id_activities")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_joint_responses_institution_id_institutions")
        ),
        sa.PrimaryKeyConstraint("activity_id", "institution_id", name=op.f("pk_joint_responses")),
    )
    with op.batch_alter_table("joint_responses") as batch_op:
        batch_op.create_index(batch_op.f("ix_joint_responses_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "hands",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("signs", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id", "institution_id"],
            ["joint_responses.activity_id", "joint_responses.institution_id"],
            name=op.f("fk_hands_activity_id_institution_id_joint_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_hands_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("activity_id", "institution_id", "user_id", name=op.f("pk_hands")),
    )
    with op.batch_alter_table("hands") as batch_op:
        batch_op.create_index(batch_op.f("ix_hands_user_id"), ["user_id"], unique=False)

    op.create_table(
        "joint_changes",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(outcome IN ('taken', 'dropped')) = (settled_at IS NOT NULL)", name=op.f("ck_joint_changes_settled")
        ),
        sa.CheckConstraint("outcome IN ('stored', 'held', 'taken', 'dropped')", name=op.f("ck_joint_changes_outcome")),
        sa.ForeignKeyConstraint(
            ["activity_id", "institution_id"],
            ["joint_responses.activity_id", "joint_responses.institution_id"],
            name=op.f("fk_joint_changes_activity_id_institution_id_joint_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["settled_by"], ["users.id"], name=op.f("fk_joint_changes_settled_by_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_joint_changes_user_id_users")),
        sa.PrimaryKeyConstraint("activity_id", "institution_id", "version", "key", name=op.f("pk_joint_changes")),
    )
    op.create_table(
        "joint_remarks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id", "institution_id"],
            ["joint_responses.activity_id", "joint_responses.institution_id"],
            name=op.f("fk_joint_remarks_activity_id_institution_id_joint_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_joint_remarks_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_remarks")),
    )
    with op.batch_alter_table("joint_remarks") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_joint_remarks_activity_id_institution_id_key"),
            ["activity_id", "institution_id", "key"],
            unique=False,
        )

    op.create_table(
        "joint_signatures",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("institution_name", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(reopened_at IS NULL) = (reopened_by IS NULL)", name=op.f("ck_joint_signatures_reopened")),
        sa.ForeignKeyConstraint(
            ["activity_id", "institution_id"],
            ["joint_responses.activity_id", "joint_responses.institution_id"],
            name=op.f("fk_joint_signatures_activity_id_institution_id_joint_responses"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["reopened_by"], ["users.id"], name=op.f("fk_joint_signatures_reopened_by_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_joint_signatures_user_id_users")),
        sa.PrimaryKeyConstraint("activity_id", "institution_id", "number", name=op.f("pk_joint_signatures")),
    )
    with op.batch_alter_table("joint_signatures") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_joint_signatures_activity_id_response_id"), ["activity_id", "response_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("joint_signatures") as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_signatures_activity_id_response_id"))

    op.drop_table("joint_signatures")
    with op.batch_alter_table("joint_remarks") as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_remarks_activity_id_institution_id_key"))

    op.drop_table("joint_remarks")
    op.drop_table("joint_changes")
    with op.batch_alter_table("hands") as batch_op:
        batch_op.drop_index(batch_op.f("ix_hands_user_id"))

    op.drop_table("hands")
    with op.batch_alter_table("joint_responses") as batch_op:
        batch_op.drop_index(batch_op.f("ix_joint_responses_institution_id"))

    op.drop_table("joint_responses")
    op.execute("DELETE FROM grants WHERE role = 'respondent'")
    _roles(*_ROLES)
