"""Questionnaires: the document being written, its immutable editions, the sounds and pictures of both."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.questionnaire import maps
from consult.db.base import Base
from consult.db.types import Json, UTCDateTime

ADDRESS: Final = 20
"""Digits of a hash in the addresses of sounds and pictures: 80 bits. All 64 would weigh more than the questions."""


class Revision(Base):
    """One state of the document being written; the one with the highest number is the draft."""

    __tablename__ = "questionnaire_revisions"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    """Canonical JSON (`core.questionnaire.document`)."""
    origin: Mapped[str] = mapped_column(String(200))
    """Name of the file it was imported from."""
    warnings: Mapped[Any] = mapped_column(Json, default=list)
    """What the import left out or found odd: `[{"code", "params", "sheet", "row", "column"}]`."""
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))


class Edition(Base):
    """A published questionnaire: never changed, never deleted while its activity has responses."""

    __tablename__ = "editions"
    __table_args__ = (CheckConstraint("number >= 1", name="number"),)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the document, hexadecimal."""
    document: Mapped[bytes] = mapped_column(LargeBinary)
    answer_map: Mapped[bytes] = mapped_column(LargeBinary, default=maps.encode(maps.UNCHANGED))
    """How the answers before it count among those to it: canonical JSON (`core.questionnaire.maps`)."""
    published_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    published_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))


class Trial(Base):
    """The link by which an activity is tried before it opens. What is answered by it goes when this row does."""

    __tablename__ = "trials"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """HMAC of the link's code; none: the link was ended, and what was answered is still there."""


class Approval(Base):
    """What a second person said of a questionnaire before it is let out; of any other state of it nothing is said."""

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'approved', 'refused')", name="state"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'refused') = (reason <> '')", name="reason"),
        CheckConstraint("decided_by <> asked_by", name="second_person"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """What it is about: `approving.fingerprint` of document, sounds and pictures."""
    state: Mapped[str] = mapped_column(String(10), default="asked")
    asked_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    """Why it was refused."""


class Mapping(Base):
    """What a question measures: a concept, and which code of it each choice or number is.

    It goes before `our::concept`.
    """

    __tablename__ = "mappings"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Its id, which it keeps across editions and rounds."""
    concept: Mapped[str] = mapped_column(String(80))
    """Empty: none, whatever the questionnaire says."""
    codes: Mapped[dict[str, str]] = mapped_column(Json)
    """Choices with codes of the concept; what is not in it has none. Of numbers: lower bounds (`core.concepts`)."""


class Media(Base):
    """What a sound or picture is. Its content is a file of the folder `media`, once however often it is used."""

    __tablename__ = "media"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the content, hexadecimal."""
    file: Mapped[str] = mapped_column(String(32), unique=True)
    """Its name in the folder."""
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    """Bytes."""
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    """Pixels of a picture."""
    came_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    """When it was last uploaded or a draft let go of it: for a day after that it may wait for somebody who uses it."""

    @property
    def address(self) -> str:
        """By what pages name it: the beginning of the hash, which no other file of an activity shares."""
        return self.hash[:ADDRESS]


class DraftMedia(Base):
    """Which content stands under a name that the document being written uses."""

    __tablename__ = "draft_media"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    hash: Mapped[str] = mapped_column(ForeignKey("media.hash"), index=True)


class EditionMedia(Base):
    """The same for an edition, of which it is a part: never changed."""

    __tablename__ = "edition_media"
    __table_args__ = (ForeignKeyConstraint(["activity_id", "edition"], ["editions.activity_id", "editions.number"]),)

    activity_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    hash: Mapped[str] = mapped_column(ForeignKey("media.hash"), index=True)
