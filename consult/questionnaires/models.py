"""Questionnaires: the document being written, and its immutable editions."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.questionnaire import maps
from consult.db.base import Base
from consult.db.types import Json, UTCDateTime


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
