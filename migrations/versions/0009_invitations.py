"""Invitations

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from consult.db.migrate import partitions

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entrances",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("open_link", sa.Boolean(), nullable=False),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.Column("invitation", sa.Text(), nullable=False),
        sa.Column("reminder", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_entrances_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_entrances")),
    )
    op.create_table(
        "guesses",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_guesses_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_guesses")),
    )
    op.create_table(
        "invitation_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("contacts", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("mailing", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_invitation_lists_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_lists")),
        sa.UniqueConstraint("activity_id", "name", name=op.f("uq_invitation_lists_activity_id_name")),
    )
    op.create_table(
        "quotas",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("channel IN ('invited', 'open', 'assisted')", name=op.f("ck_quotas_channel")),
        sa.CheckConstraint("profile = '' OR channel = 'invited'", name=op.f("ck_quotas_profile")),
        sa.CheckConstraint("most >= 1 AND taken >= 0", name=op.f("ck_quotas_counts")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_quotas_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "channel", "profile", name=op.f("pk_quotas")),
    )
    op.create_table(
        "contacts",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mailing", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_contacts_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["invitation_lists.id"], name=op.f("fk_contacts_list_id_invitation_lists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "id", name=op.f("pk_contacts")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contacts_list_id"), ["list_id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=16), nullable=True),
        sa.CheckConstraint("(state = 'begun') = (nonce IS NOT NULL)", name=op.f("ck_invitations_nonce")),
        sa.CheckConstraint("state IN ('unused', 'begun', 'used')", name=op.f("ck_invitations_state")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_invitations_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["invitation_lists.id"],
            name=op.f("fk_invitations_list_id_invitation_lists"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "code", name=op.f("pk_invitations")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_list_id"), ["list_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        for table in ("contacts", "invitations"):
            for statement in partitions(table):
                op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_list_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_list_id"))

    op.drop_table("contacts")
    op.drop_table("quotas")
    op.drop_table("invitation_lists")
    op.drop_table("guesses")
    op.drop_table("entrances")
