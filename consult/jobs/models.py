"""Work to be done by a worker process."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.db.base import Base
from consult.db.types import Json, UTCDateTime


class Job(Base):
    """One piece of work, enqueued in the transaction that wants it, run at least once, deleted when it is done."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'failed')", name="state"),
        Index(None, "state", "run_at"),
        Index("uq_jobs_key", "key", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(String(80))
    """Name of the registered task, `slice.task`."""
    payload: Mapped[Any] = mapped_column(Json)
    key: Mapped[str | None] = mapped_column(String(200))
    """Where set, at most one such job waits: enqueuing it again changes nothing. Cleared when it starts."""
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    run_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    lease: Mapped[uuid.UUID | None]
    """Drawn by the worker that took it, so that a late one cannot report for another."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Class and place of the last failure, without data."""
