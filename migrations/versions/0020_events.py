"""Events

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from consult.db.migrate import partitions

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _texts_to_be_coded(*kinds: str) -> None:
    without_rowid = {"sqlite_with_rowid": False}
    with op.batch_alter_table("coding_items", table_kwargs=without_rowid) as batch_op:
        batch_op.drop_constraint(op.f("ck_coding_items_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_coding_items_kind"), f"kind IN ({', '.join(map(repr, kinds))})")


def upgrade() -> None:
    _texts_to_be_coded("comment", "submission", "answer", "note")
    op.create_table(
        "events",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("guardian", sa.Text(), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=False),
        sa.Column("selection", sa.String(length=20), nullable=False),
        sa.Column("seed_source", sa.Text(), nullable=False),
        sa.Column("companions", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("offer_hours", sa.Integer(), nullable=False),
        sa.Column("speaking", sa.Boolean(), nullable=False),
        sa.Column("feedback_id", sa.Uuid(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "form IN ('focus_group', 'hearing', 'interest_group', 'diaspora_meeting', 'workshop')",
            name=op.f("ck_events_form"),
        ),
        sa.CheckConstraint("selection IN ('nomination', 'first', 'draw')", name=op.f("ck_events_selection")),
        sa.CheckConstraint("companions BETWEEN 0 AND 9", name=op.f("ck_events_companions")),
        sa.CheckConstraint("minimum_age BETWEEN 0 AND 99", name=op.f("ck_events_minimum_age")),
        sa.CheckConstraint("offer_hours BETWEEN 1 AND 720", name=op.f("ck_events_offer_hours")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_events_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["activities.id"], name=op.f("fk_events_feedback_id_activities"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_events")),
    )
    op.create_table(
        "guide_blocks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("probes", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 600", name=op.f("ck_guide_blocks_minutes")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["events.activity_id"], name=op.f("fk_guide_blocks_activity_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_blocks")),
    )
    with op.batch_alter_table("guide_blocks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guide_blocks_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "handouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["events.activity_id"], name=op.f("fk_handouts_activity_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handouts")),
    )
    with op.batch_alter_table("handouts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handouts_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "occasions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("in_place", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sign_up_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("interpretation", sa.Text(), nullable=False),
        sa.Column("provisions", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'cancelled')", name=op.f("ck_occasions_state")),
        sa.CheckConstraint("capacity BETWEEN 1 AND 100000", name=op.f("ck_occasions_capacity")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_occasions_ends_after_it_starts")),
        sa.CheckConstraint("online OR in_place", name=op.f("ck_occasions_somewhere")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_occasions_taken")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["events.activity_id"], name=op.f("fk_occasions_activity_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasions")),
        sa.UniqueConstraint("activity_id", "number", name=op.f("uq_occasions_activity_id_number")),
    )
    op.create_table(
        "sign_up_contacts",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["events.activity_id"],
            name=op.f("fk_sign_up_contacts_activity_id_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "id", name=op.f("pk_sign_up_contacts")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "targets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.CheckConstraint("minimum >= 0 AND (maximum IS NULL OR maximum >= minimum)", name=op.f("ck_targets_bounds")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["events.activity_id"], name=op.f("fk_targets_activity_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
    )
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_targets_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "draws",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(length=200), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_draws_by_id_users")),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasions.id"], name=op.f("fk_draws_occasion_id_occasions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("occasion_id", name=op.f("pk_draws")),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("said", sa.String(length=10), nullable=False),
        sa.Column("speaker", sa.String(length=80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("view", sa.String(length=20), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("(said = 'position') = (institution <> '')", name=op.f("ck_notes_institution")),
        sa.CheckConstraint("said IN ('note', 'quote', 'position')", name=op.f("ck_notes_said")),
        sa.CheckConstraint(
            "view IN ('', 'supports', 'supports_partly', 'opposes', 'none')", name=op.f("ck_notes_view")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["events.activity_id"], name=op.f("fk_notes_activity_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["block_id"], ["guide_blocks.id"], name=op.f("fk_notes_block_id_guide_blocks"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_notes_by_id_users")),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasions.id"], name=op.f("fk_notes_occasion_id_occasions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notes_activity_id_occasion_id"), ["activity_id", "occasion_id"], unique=False
        )

    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_programme_minutes")),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasions.id"], name=op.f("fk_programme_occasion_id_occasions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_occasion_id"), ["occasion_id"], unique=False)

    op.create_table(
        "sign_ups",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=False),
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("consented", sa.Boolean(), nullable=False),
        sa.Column("ticket", sa.String(length=20), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("told", sa.String(length=40), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("thanked", sa.Boolean(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.Column("speaks", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("(standing = 'offered') = (offered_until IS NOT NULL)", name=op.f("ck_sign_ups_offer")),
        sa.CheckConstraint("rank IS NULL OR standing IN ('listed', 'offered')", name=op.f("ck_sign_ups_rank")),
        sa.CheckConstraint(
            "standing IN ('asked', 'placed', 'offered', 'listed', 'refused', 'cancelled')",
            name=op.f("ck_sign_ups_standing"),
        ),
        sa.CheckConstraint("way IN ('self', 'nominated', 'walk_in')", name=op.f("ck_sign_ups_way")),
        sa.CheckConstraint("seats BETWEEN 1 AND 10", name=op.f("ck_sign_ups_seats")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["events.activity_id"], name=op.f("fk_sign_ups_activity_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasions.id"], name=op.f("fk_sign_ups_occasion_id_occasions")),
        sa.PrimaryKeyConstraint("activity_id", "code", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint(
            "activity_id", "occasion_id", "rank", name=op.f("uq_sign_ups_activity_id_occasion_id_rank")
        ),
        sa.UniqueConstraint("activity_id", "ticket", name=op.f("uq_sign_ups_activity_id_ticket")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("sign_ups", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_ups_activity_id_occasion_id_standing"),
            ["activity_id", "occasion_id", "standing"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_sign_ups_activity_id_occasion_id_speaks"),
            ["activity_id", "occasion_id", "speaks"],
            unique=True,
            sqlite_where=sa.text("speaks > 0"),
            postgresql_where=sa.text("speaks > 0"),
        )

    op.create_table(
        "floors",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("turns", sa.String(length=80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 60", name=op.f("ck_floors_minutes")),
        sa.CheckConstraint("place >= 0", name=op.f("ck_floors_place")),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasions.id"], name=op.f("fk_floors_occasion_id_occasions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("occasion_id", name=op.f("pk_floors")),
    )
    op.create_table(
        "summings",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("conduct", sa.Text(), nullable=False),
        sa.Column("themes", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasions.id"], name=op.f("fk_summings_occasion_id_occasions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("occasion_id", name=op.f("pk_summings")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("sign_ups", "sign_up_contacts"):
            for statement in partitions(table):
                op.execute(statement)


def downgrade() -> None:
    op.execute("DELETE FROM codings WHERE item_id IN (SELECT id FROM coding_items WHERE kind = 'note')")
    op.execute("DELETE FROM adjudications WHERE item_id IN (SELECT id FROM coding_items WHERE kind = 'note')")
    op.execute("DELETE FROM coding_items WHERE kind = 'note'")
    _texts_to_be_coded("comment", "submission", "answer")
    op.drop_table("summings")
    op.drop_table("floors")
    with op.batch_alter_table("sign_ups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ups_activity_id_occasion_id_speaks"))
        batch_op.drop_index(batch_op.f("ix_sign_ups_activity_id_occasion_id_standing"))

    op.drop_table("sign_ups")
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_occasion_id"))

    op.drop_table("programme")
    with op.batch_alter_table("notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notes_activity_id_occasion_id"))

    op.drop_table("notes")
    op.drop_table("draws")
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_targets_activity_id"))

    op.drop_table("targets")
    op.drop_table("sign_up_contacts")
    op.drop_table("occasions")
    with op.batch_alter_table("handouts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handouts_activity_id"))

    op.drop_table("handouts")
    with op.batch_alter_table("guide_blocks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guide_blocks_activity_id"))

    op.drop_table("guide_blocks")
    op.drop_table("events")
