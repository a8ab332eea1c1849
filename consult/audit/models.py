"""The trail of what staff do."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.db.base import Base
from consult.db.types import Json, UTCDateTime


class Entry(Base):
    """One act. It is written with the act, in the same transaction; a job numbers and chains it by hash later."""

    __tablename__ = "audit_entries"
    __table_args__ = (UniqueConstraint("number"), Index(None, "process_id"), Index(None, "institution_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[uuid.UUID | None]
    """The user; none for the command line and jobs."""
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(80))
    """`slice.verb`, for example `questionnaires.publish`."""
    subject: Mapped[str] = mapped_column(String(200))
    process_id: Mapped[uuid.UUID | None]
    """The policy process it concerns."""
    institution_id: Mapped[uuid.UUID | None]
    """The institution it concerns, where that is not a process's."""
    details: Mapped[Any] = mapped_column(Json)
    number: Mapped[int | None]
    """Position in the chain, from 1."""
    hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """SHA-256 over the previous hash and this entry."""
