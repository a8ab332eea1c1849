"""An index of what waits to be mixed, which quotas count beside what they keep

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

quotas = sa.table("quotas", *map(sa.column, ("activity_id", "channel", "profile", "taken")))
intake = sa.table("intake", *map(sa.column, ("activity_id", "channel", "state", "corrects")))
waiting = (
    sa.select(sa.func.count())
    .where(
        intake.c.activity_id == quotas.c.activity_id,
        intake.c.channel == quotas.c.channel,
        intake.c.state == "submitted",
        intake.c.corrects.is_(sa.false()),
    )
    .scalar_subquery()
)
of_channels = sa.update(quotas).where(quotas.c.profile == "")


def upgrade() -> None:
    where = sa.text("state = 'submitted'")
    columns = ["activity_id", "channel", "corrects"]
    op.create_index("ix_intake_waiting", "intake", columns, sqlite_where=where, postgresql_where=where)
    op.execute(of_channels.values(taken=sa.case((quotas.c.taken > waiting, quotas.c.taken - waiting), else_=0)))


def downgrade() -> None:
    op.execute(of_channels.values(taken=quotas.c.taken + waiting))
    op.drop_index("ix_intake_waiting", "intake")
