"""The column store's manifest, fieldwork counts, releases with their quotes."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Json, Localised, UTCDateTime


class Segment(Base):
    """One immutable Parquet file of the column store. This table is the truth; a file without a row is an orphan."""

    __tablename__ = "segments"
    __table_args__ = (
        ForeignKeyConstraint(["activity_id", "edition"], ["editions.activity_id", "editions.number"]),
        Index(None, "activity_id"),
        CheckConstraint("rows > 0", name="rows"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID]
    edition: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file, hexadecimal."""
    rows: Mapped[int] = mapped_column(Integer)


class FieldworkCount(Base):
    """How many responses an activity had on a day, rounded down to tens: the only count before a release."""

    __tablename__ = "fieldwork_counts"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    counts: Mapped[Any] = mapped_column(Json)
    """`{"total": n, "country": {…}, "locale": {…}, "channel": {…}, "asked": id}`: `asked` is the question whose answers
    are the countries."""


class MarginsState(StrEnum):
    """What became of margins."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Margins(Base):
    """Known totals of the population that responses of an activity are weighted to. The last accepted ones count."""

    __tablename__ = "margins"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'accepted', 'refused')", name="state"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    file: Mapped[str] = mapped_column(Text)
    """The margins as they were written, in the form of CSV."""
    totals: Mapped[Any] = mapped_column(Json)
    """The same, read: a list of `core.aggregation.fits.KnownMargin`."""
    lower: Mapped[float]
    upper: Mapped[float]
    """Bounds of weights, as multiples of their mean; 0: none."""
    model: Mapped[LocalisedText] = mapped_column(Localised)
    """The model and its assumptions, under which self-selected responses have intervals; empty: they have none."""
    state: Mapped[str] = mapped_column(String(10), default=MarginsState.PROPOSED)
    proposed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    proposed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    fitted_on: Mapped[dt.date | None]
    """Day of the fit: there is one a day for all margins of an activity."""
    fit: Mapped[Any] = mapped_column(Json, nullable=True)
    """A list of `core.aggregation.fits.Fit`, in round numbers."""


class Release(Base):
    """A frozen set of aggregates of a process. Numbers leave the system only through a published one."""

    __tablename__ = "releases"
    __table_args__ = (
        CheckConstraint(
            "withdrawn_at IS NULL OR (published_at IS NOT NULL AND note IS NOT NULL)",
            name="withdrawn",
        ),
    )

    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("processes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    title: Mapped[LocalisedText] = mapped_column(Localised)
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of `content`, hexadecimal."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Canonical JSON: parameters, edition hashes and protected tables."""
    restricted: Mapped[bytes] = mapped_column(LargeBinary)
    """The unprotected tables and the suppression pattern, encrypted under the contact key."""
    engine: Mapped[str] = mapped_column(String(80))
    """Engine and versions; beside the hash, not in it."""
    frozen_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    frozen_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """Nobody is shown it any more. It was public: the auditor goes on counting it among what is known."""
    note: Mapped[LocalisedText | None] = mapped_column(Localised)
    """What everybody is told of the withdrawal, in the process's locales."""

    @property
    def shown(self) -> bool:
        """Whether everybody may see it."""
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def state(self) -> str:
        """`frozen`, `published` or `withdrawn`."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "published" if self.published_at is not None else "frozen"


class ReleaseQuote(Base):
    """A contribution that officers chose to stand under a theme beside a release, which has no word of it.

    What is shown is read from the contribution whenever it is shown, and only while everybody may read it.
    """

    __tablename__ = "release_quotes"
    __table_args__ = (
        ForeignKeyConstraint(["process_id", "number"], ["releases.process_id", "releases.number"], ondelete="CASCADE"),
    )

    process_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    theme: Mapped[str] = mapped_column(String(80), primary_key=True)
    """Its code."""
    contribution_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Of a comment or a written submission."""
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.activity_id", ondelete="CASCADE"))
    position: Mapped[int]


class ReleaseDraft(Base):
    """A computed release that has no number yet: it is frozen or discarded, or expires."""

    __tablename__ = "release_drafts"
    __table_args__ = (Index(None, "process_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """That of the job which computed it."""
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("processes.id"))
    title: Mapped[LocalisedText] = mapped_column(Localised)
    computed: Mapped[bytes] = mapped_column(LargeBinary)
    """All of it, encrypted under the contact key: not even its protected tables are released yet."""
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
