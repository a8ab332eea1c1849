"""Work to be done by a worker process."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.db.base import Base
from consult.db.types import Json, UTCDateTime


class Job(Base):
    """One piece of work, enqueued in the transaction that wants it, run at least once.

    It is deleted when it is done, unless somebody asked for it: then it stays for some days, so that they can read
    what became of it.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'failed', 'done', 'refused', 'cancelled')", name="state"),
        Index(None, "state", "run_at"),
        Index("uq_jobs_key", "key", unique=True),
        Index(None, "process_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(String(80))
    """Name of the registered task, `slice.task`."""
    payload: Mapped[Any] = mapped_column(Json)
    key: Mapped[str | None] = mapped_column(String(200))
    """Where set, at most one such job waits: enqueuing it again changes nothing. Cleared when it starts; of a job that
    somebody asked for when it ends, so that there is one at most."""
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    run_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    lease: Mapped[uuid.UUID | None]
    """Drawn by the worker that took it, so that a late one cannot report for another."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Class and place of the last failure, without data."""

    asked_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """Set where somebody asked for it and is told how far it has come."""
    asked_by: Mapped[uuid.UUID | None]
    """The user who asked; none for the command line."""
    process_id: Mapped[uuid.UUID | None]
    """The policy process that it is about."""
    done: Mapped[int] = mapped_column(default=0)
    """Steps done,"""
    steps: Mapped[int] = mapped_column(default=0)
    """of how many; 0 while nobody knows."""
    cancelled: Mapped[bool] = mapped_column(default=False)
    """Whether it is to stop before its next step."""
    ended_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    result: Mapped[Any] = mapped_column(Json, nullable=True)
    """What came of it: names and numbers by which it is found."""
    refusal: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Why it was refused, under seal: the reasons can name cells."""
