"""What people contribute to a consultation.

Contributions carry a day and a random key, never a time: nothing tells in which order they came, nor from whom. What
joins those of one person is the HMAC of their code, as it is for responses.
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.db.base import BIG_TABLE, Base
from consult.db.types import Json


class Stakeholder(StrEnum):
    """For whom somebody speaks."""

    CITIZEN = "citizen"
    ASSOCIATION = "association"
    NGO = "ngo"
    ACADEMIA = "academia"
    EMPLOYERS = "employers"
    UNION = "union"
    LOCAL_AUTHORITY = "local_authority"
    INTERNATIONAL = "international"


class Stance(StrEnum):
    """What a comment does with what it is on."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    SUGGEST = "suggest"
    QUESTION = "question"


class State(StrEnum):
    """What became of a contribution."""

    WAITING = "waiting"
    """It waits for a moderator, and nobody else sees it."""
    SHOWN = "shown"
    REFUSED = "refused"
    """A moderator refused it for a reason of the policy; a tombstone stands in its place."""
    WITHDRAWN = "withdrawn"
    """Its author took it back: nothing of it is kept but its place."""
    SET_APART = "set_apart"
    """It looks automated or pasted: it is shown to moderators alone, and counted apart."""
    CONCERN = "concern"
    """Somebody may be in danger: it is with the focal point, and is never a result."""


class Permission(StrEnum):
    """How a written submission may be published."""

    NAMED = "named"
    ANONYMOUS = "anonymous"
    NOT = "not"


def one_of(values: type[StrEnum]) -> str:
    """The values of an enumeration, for a check constraint."""
    return ", ".join(repr(str(value)) for value in values)


class Participant(Base):
    """Somebody who contributed, known by the HMAC of their code alone."""

    __tablename__ = "participants"
    __table_args__ = (CheckConstraint(f"stakeholder IN ('', {one_of(Stakeholder)})", name="stakeholder"), BIG_TABLE)

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    locale: Mapped[str] = mapped_column(String(20))
    day: Mapped[dt.date]
    stakeholder: Mapped[str] = mapped_column(String(20), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    """Where they live (ISO 3166-1), if they said so."""
    spent_on: Mapped[dt.date | None]
    """The day on which they last contributed, and how much of that day's allowance is spent (`limits`)."""
    spent: Mapped[int] = mapped_column(default=0)


LISTED: Final = (
    "state IN ('shown', 'refused', 'withdrawn') AND parent_id IS NULL AND (alike_id IS NULL OR alike_id = id)"
)
"""What a list of comments can show, as the index of it says it: queries have to say it with the same words."""


class Comment(Base):
    """What somebody wrote about a part of a text or the whole, in answer to a comment, or to an open question."""

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint(f"state IN ({one_of(State)})", name="state"),
        CheckConstraint(f"stance IN ('', {one_of(Stance)})", name="stance"),
        CheckConstraint("target IN ('text', 'question')", name="target"),
        CheckConstraint("(stance = 'suggest') = (suggestion <> '') OR state = 'withdrawn'", name="suggestion"),
        Index(None, "activity_id", "target", "part", "state"),
        # holds all that counting comments by part asks for: 20,000 are counted in 3 ms
        Index(None, "activity_id", "target", "state", "parent_id", "version", "part"),
        Index(None, "activity_id", "code"),
        Index(None, "activity_id", "state", "id", "locale"),
        Index(None, "activity_id", "parent_id", "state", "id"),
        Index(None, "activity_id", "alike_id", "state", "code"),
        Index(
            "ix_comments_listed",
            "activity_id",
            "target",
            "part",
            "id",
            "stance",
            "locale",
            "state",
            sqlite_where=text(LISTED),
            postgresql_where=text(LISTED),
        ),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """HMAC of the author's code; none where staff entered it or nobody can be its author any more."""
    target: Mapped[str] = mapped_column(String(10))
    part: Mapped[str] = mapped_column(String(40), default="")
    """Id of the paragraph or heading (empty: the whole text), or of the open question."""
    version: Mapped[int] = mapped_column(default=0)
    """Number of the text's version that its author read; 0 for open questions."""
    parent_id: Mapped[uuid.UUID | None]
    """The comment that it answers, which answers none itself."""
    stance: Mapped[str] = mapped_column(String(10), default="")
    body: Mapped[str] = mapped_column(Text)
    suggestion: Mapped[str] = mapped_column(Text, default="")
    """The paragraph as its author would word it."""
    redacted: Mapped[list[list[int]]] = mapped_column(Json, default=list)
    """Parts of the body that a moderator blackened: `[[start, end], …]`."""
    locale: Mapped[str] = mapped_column(String(20))
    day: Mapped[dt.date]
    channel: Mapped[str] = mapped_column(String(10))
    stakeholder: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(10))
    alike_id: Mapped[uuid.UUID | None]
    """The comment that stands for those which say nearly the same, itself among them."""
    endorsed: Mapped[int] = mapped_column(default=0)
    """How many others endorsed it; shown in bands."""
    revision: Mapped[int] = mapped_column(default=0)
    """How often its author changed it while it waited: what is decided is about the words that were read."""


class AlikeMark(Base):
    """A mark (`core.alike`) of a comment that others can be alike to: of each group of them only that which stands for
    it has marks."""

    __tablename__ = "alike_marks"
    __table_args__ = BIG_TABLE

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    mark: Mapped[bytes] = mapped_column(LargeBinary(8), primary_key=True)
    comment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Endorsement(Base):
    """Somebody shares a comment of somebody else."""

    __tablename__ = "endorsements"
    __table_args__ = (Index(None, "activity_id", "code"), BIG_TABLE)

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    """What is suspect is not counted."""


class CommentTranslation(Base):
    """A comment in another language, by a person; it is shown beside the original."""

    __tablename__ = "comment_translations"

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    suggestion: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))


class Submission(Base):
    """A written submission, with files."""

    __tablename__ = "submissions"
    __table_args__ = (
        CheckConstraint(f"state IN ({one_of(State)})", name="state"),
        CheckConstraint(f"stakeholder IN ('', {one_of(Stakeholder)})", name="stakeholder"),
        CheckConstraint(f"permission IN ({one_of(Permission)})", name="permission"),
        Index(None, "activity_id", "code"),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consultations.activity_id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    stakeholder: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200), default="")
    """Of the organisation, or of whoever wants to be named; only kept where it may be published."""
    permission: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    files: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """`[{"file", "name", "type", "size"}]`, as uploads of questionnaires."""
    redacted: Mapped[list[list[int]]] = mapped_column(Json, default=list)
    locale: Mapped[str] = mapped_column(String(20))
    day: Mapped[dt.date]
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
