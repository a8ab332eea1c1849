"""Online consultations

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from consult.db.migrate import partitions

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LISTED = "state IN ('shown', 'refused', 'withdrawn') AND parent_id IS NULL AND (alike_id IS NULL OR alike_id = id)"


def upgrade() -> None:
    op.create_table(
        "consultations",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("phases", sa.Text(), nullable=False),
        sa.Column("before", sa.Boolean(), nullable=False),
        sa.Column("propose", sa.Boolean(), nullable=False),
        sa.Column("focal_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_consultations_activity_id_activities"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["focal_id"], ["users.id"], name=op.f("fk_consultations_focal_id_users")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_consultations")),
    )
    op.create_table(
        "analyses",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_analyses_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_analyses")),
    )
    op.create_table(
        "comments",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=True),
        sa.Column("target", sa.String(length=10), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("stance", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("redacted", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("stakeholder", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("alike_id", sa.Uuid(), nullable=True),
        sa.Column("endorsed", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(stance = 'suggest') = (suggestion <> '') OR state = 'withdrawn'", name=op.f("ck_comments_suggestion")
        ),
        sa.CheckConstraint(
            "stance IN ('', 'support', 'oppose', 'suggest', 'question')", name=op.f("ck_comments_stance")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'shown', 'refused', 'withdrawn', 'set_apart', 'concern')",
            name=op.f("ck_comments_state"),
        ),
        sa.CheckConstraint("target IN ('text', 'question')", name=op.f("ck_comments_target")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_comments_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "id", name=op.f("pk_comments")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comments_activity_id_code"), ["activity_id", "code"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_comments_activity_id_target_part_state"),
            ["activity_id", "target", "part", "state"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_comments_activity_id_target_state_parent_id_version_part"),
            ["activity_id", "target", "state", "parent_id", "version", "part"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_comments_activity_id_state_id_locale"),
            ["activity_id", "state", "id", "locale"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_comments_activity_id_parent_id_state_id"),
            ["activity_id", "parent_id", "state", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_comments_activity_id_alike_id_state_code"),
            ["activity_id", "alike_id", "state", "code"],
            unique=False,
        )
        batch_op.create_index(
            "ix_comments_listed",
            ["activity_id", "target", "part", "id", "stance", "locale", "state"],
            unique=False,
            sqlite_where=sa.text(LISTED),
            postgresql_where=sa.text(LISTED),
        )

    op.create_table(
        "concerns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("object", sa.String(length=10), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("looked", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("object IN ('comment', 'statement', 'submission')", name=op.f("ck_concerns_object")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_concerns_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["done_by"], ["users.id"], name=op.f("fk_concerns_done_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
    )
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_concerns_activity_id_object_id"), ["activity_id", "object_id"], unique=False
        )

    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("object", sa.String(length=10), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("appeal", sa.String(length=10), nullable=False),
        sa.Column("appeal_words", sa.Text(), nullable=False),
        sa.Column("appeal_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "act IN ('show', 'refuse', 'redact', 'set_apart', 'concern', 'bring_back', 'give_back')",
            name=op.f("ck_decisions_act"),
        ),
        sa.CheckConstraint(
            "reason IN ('', 'insult', 'names_others', 'personal_data', 'off_topic', 'advertising', 'illegal', 'duplicate')",
            name=op.f("ck_decisions_reason"),
        ),
        sa.CheckConstraint("appeal IN ('', 'open', 'upheld', 'overturned')", name=op.f("ck_decisions_appeal")),
        sa.CheckConstraint("object IN ('comment', 'statement', 'submission')", name=op.f("ck_decisions_object")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_decisions_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_decisions_by_id_users")),
        sa.ForeignKeyConstraint(["appeal_by"], ["users.id"], name=op.f("fk_decisions_appeal_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decisions_activity_id_object_id"), ["activity_id", "object_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_decisions_activity_id_day_act_reason_object_locale_appeal"),
            ["activity_id", "day", "act", "reason", "object", "locale", "appeal"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_decisions_activity_id_appeal_act_reason"),
            ["activity_id", "appeal", "act", "reason"],
            unique=False,
        )

    op.create_table(
        "draft_texts",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_draft_texts_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_draft_texts")),
    )
    op.create_table(
        "official_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("institutions", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'approved', 'published')", name=op.f("ck_official_answers_state")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_official_answers_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_official_answers_approved_by_users")),
        sa.ForeignKeyConstraint(["drafted_by"], ["users.id"], name=op.f("fk_official_answers_drafted_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_answers")),
    )
    with op.batch_alter_table("official_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_official_answers_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "open_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_open_questions_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_questions")),
    )
    with op.batch_alter_table("open_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_open_questions_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "participants",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stakeholder", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=True),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stakeholder IN ('', 'citizen', 'association', 'ngo', 'academia', 'employers', 'union', 'local_authority', 'international')",
            name=op.f("ck_participants_stakeholder"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_participants_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "code", name=op.f("pk_participants")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "statements",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'shown', 'refused', 'withdrawn', 'set_apart', 'concern')",
            name=op.f("ck_statements_state"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_statements_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "id", name=op.f("pk_statements")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statements_activity_id_state"), ["activity_id", "state"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=True),
        sa.Column("stakeholder", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("permission", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("redacted", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("permission IN ('named', 'anonymous', 'not')", name=op.f("ck_submissions_permission")),
        sa.CheckConstraint(
            "stakeholder IN ('', 'citizen', 'association', 'ngo', 'academia', 'employers', 'union', 'local_authority', 'international')",
            name=op.f("ck_submissions_stakeholder"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'shown', 'refused', 'withdrawn', 'set_apart', 'concern')",
            name=op.f("ck_submissions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_submissions_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "id", name=op.f("pk_submissions")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_activity_id_code"), ["activity_id", "code"], unique=False)

    op.create_table(
        "text_versions",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_text_versions_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_text_versions_by_id_users")),
        sa.PrimaryKeyConstraint("activity_id", "number", name=op.f("pk_text_versions")),
    )
    op.create_table(
        "answers_to",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.CheckConstraint("kind IN ('theme', 'part', 'comment', 'submission')", name=op.f("ck_answers_to_kind")),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["official_answers.id"],
            name=op.f("fk_answers_to_answer_id_official_answers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", "kind", "target", name=op.f("pk_answers_to")),
    )
    op.create_table(
        "comment_translations",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_comment_translations_by_id_users")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_comment_translations_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "comment_id", "locale", name=op.f("pk_comment_translations")),
    )
    op.create_table(
        "endorsements",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_endorsements_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "comment_id", "code", name=op.f("pk_endorsements")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("endorsements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_endorsements_activity_id_code"), ["activity_id", "code"], unique=False)

    op.create_table(
        "alike_marks",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=8), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_alike_marks_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "mark", "comment_id", name=op.f("pk_alike_marks")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "votes",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("value IN (-1, 0, 1)", name=op.f("ck_votes_value")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["consultations.activity_id"],
            name=op.f("fk_votes_activity_id_consultations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "code", "statement_id", name=op.f("pk_votes")),
        postgresql_partition_by="HASH (activity_id)",
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("participants", "comments", "alike_marks", "endorsements", "submissions", "statements", "votes"):
            for statement in partitions(table):
                op.execute(statement)


def downgrade() -> None:
    op.drop_table("votes")
    op.drop_table("alike_marks")
    with op.batch_alter_table("endorsements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_endorsements_activity_id_code"))

    op.drop_table("endorsements")
    op.drop_table("comment_translations")
    op.drop_table("answers_to")
    op.drop_table("text_versions")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submissions_activity_id_code"))

    op.drop_table("submissions")
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statements_activity_id_state"))

    op.drop_table("statements")
    op.drop_table("participants")
    with op.batch_alter_table("open_questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_open_questions_activity_id"))

    op.drop_table("open_questions")
    with op.batch_alter_table("official_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_official_answers_activity_id"))

    op.drop_table("official_answers")
    op.drop_table("draft_texts")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_activity_id_appeal_act_reason"))
        batch_op.drop_index(batch_op.f("ix_decisions_activity_id_day_act_reason_object_locale_appeal"))
        batch_op.drop_index(batch_op.f("ix_decisions_activity_id_object_id"))

    op.drop_table("decisions")
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concerns_activity_id_object_id"))

    op.drop_table("concerns")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comments_activity_id_target_state_parent_id_version_part"))
        batch_op.drop_index(batch_op.f("ix_comments_activity_id_state_id_locale"))
        batch_op.drop_index("ix_comments_listed")
        batch_op.drop_index(batch_op.f("ix_comments_activity_id_alike_id_state_code"))
        batch_op.drop_index(batch_op.f("ix_comments_activity_id_parent_id_state_id"))
        batch_op.drop_index(batch_op.f("ix_comments_activity_id_target_part_state"))
        batch_op.drop_index(batch_op.f("ix_comments_activity_id_code"))

    op.drop_table("comments")
    op.drop_table("analyses")
    op.drop_table("consultations")
