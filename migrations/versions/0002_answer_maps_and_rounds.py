"""Answer maps of editions, rounds of activities

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The editions there are changed nothing by a map: codes stay what they were.
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer_map", sa.LargeBinary(), nullable=True))
    editions = sa.table("editions", sa.column("answer_map", sa.LargeBinary()))
    op.execute(editions.update().values(answer_map=b"{}"))
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.alter_column("answer_map", existing_type=sa.LargeBinary(), nullable=False)

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed", sa.Boolean(), nullable=True))
    notices = sa.table("notices", sa.column("confirmed", sa.Boolean()))
    op.execute(notices.update().values(confirmed=True))
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.alter_column("confirmed", existing_type=sa.Boolean(), nullable=False)

    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("previous_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=True))
    activities = sa.table("activities", sa.column("round", sa.Integer()))
    op.execute(activities.update().values(round=1))
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.alter_column("round", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_activities_previous_id_activities"), "activities", ["previous_id"], ["id"]
        )
        batch_op.create_unique_constraint(batch_op.f("uq_activities_previous_id"), ["previous_id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_activities_round"), "(round = 1) = (previous_id IS NULL) AND round >= 1"
        )


def downgrade() -> None:
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_activities_round"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_activities_previous_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_activities_previous_id_activities"), type_="foreignkey")
        batch_op.drop_column("round")
        batch_op.drop_column("previous_id")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_column("confirmed")
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.drop_column("answer_map")
