"""Coding

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from consult.db.migrate import partitions

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "codebook_versions",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("maps", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_codebook_versions_by_id_users")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["processes.id"], name=op.f("fk_codebook_versions_process_id_processes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("process_id", "number", name=op.f("pk_codebook_versions")),
    )
    op.create_table(
        "codebooks",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("twice", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("twice BETWEEN 0 AND 100", name=op.f("ck_codebooks_twice")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["processes.id"], name=op.f("fk_codebooks_process_id_processes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_codebooks")),
    )
    op.create_table(
        "coding_items",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("concern", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('comment', 'submission', 'answer')", name=op.f("ck_coding_items_kind")),
        sa.CheckConstraint("state IN ('open', 'concern')", name=op.f("ck_coding_items_state")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_coding_items_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "id", name=op.f("pk_coding_items")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "translation_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_translation_batches_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_translation_batches_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_batches")),
        sa.UniqueConstraint("activity_id", "number", name=op.f("uq_translation_batches_activity_id_number")),
    )
    op.create_table(
        "adjudications",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_adjudications_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_adjudications_by_id_users")),
        sa.PrimaryKeyConstraint("activity_id", "item_id", name=op.f("pk_adjudications")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answer_translations",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_answer_translations_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["translation_batches.id"],
            name=op.f("fk_answer_translations_batch_id_translation_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_answer_translations_by_id_users")),
        sa.PrimaryKeyConstraint("activity_id", "item_id", "locale", name=op.f("pk_answer_translations")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("answer_translations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_translations_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "codings",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("coder_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('coded', 'skipped')", name=op.f("ck_codings_state")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_codings_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["coder_id"], ["users.id"], name=op.f("fk_codings_coder_id_users")),
        sa.PrimaryKeyConstraint("activity_id", "item_id", "coder_id", name=op.f("pk_codings")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("codings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_codings_coder_id"), ["coder_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        for table in ("coding_items", "adjudications", "answer_translations", "codings"):
            for statement in partitions(table):
                op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("codings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_codings_coder_id"))

    op.drop_table("codings")
    with op.batch_alter_table("answer_translations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_translations_batch_id"))

    op.drop_table("answer_translations")
    op.drop_table("adjudications")
    op.drop_table("translation_batches")
    op.drop_table("coding_items")
    op.drop_table("codebooks")
    op.drop_table("codebook_versions")
