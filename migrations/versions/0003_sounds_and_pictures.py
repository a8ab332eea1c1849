"""Sounds and pictures of questionnaires

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=32), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_media")),
        sa.UniqueConstraint("file", name=op.f("uq_media_file")),
    )
    op.create_table(
        "draft_media",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_draft_media_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hash"], ["media.hash"], name=op.f("fk_draft_media_hash_media")),
        sa.PrimaryKeyConstraint("activity_id", "name", name=op.f("pk_draft_media")),
    )
    op.create_index(op.f("ix_draft_media_hash"), "draft_media", ["hash"])
    op.create_table(
        "edition_media",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id", "edition"],
            ["editions.activity_id", "editions.number"],
            name=op.f("fk_edition_media_activity_id_edition_editions"),
        ),
        sa.ForeignKeyConstraint(["hash"], ["media.hash"], name=op.f("fk_edition_media_hash_media")),
        sa.PrimaryKeyConstraint("activity_id", "edition", "name", name=op.f("pk_edition_media")),
    )
    op.create_index(op.f("ix_edition_media_hash"), "edition_media", ["hash"])


def downgrade() -> None:
    op.drop_table("edition_media")
    op.drop_table("draft_media")
    op.drop_table("media")
