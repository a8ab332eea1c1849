"""The outbox."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.db.base import Base
from consult.db.types import UTCDateTime


class Message(Base):
    """A mail to be sent; written in the transaction that wants it, deleted once the server took it."""

    __tablename__ = "outbox"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'failed')", name="state"), Index(None, "state", "send_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    recipient: Mapped[bytes] = mapped_column(LargeBinary)
    """Address, encrypted under the contact key."""
    locale: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """Plain text and HTML as JSON, encrypted under the contact key: they carry single-use links."""
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    send_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
