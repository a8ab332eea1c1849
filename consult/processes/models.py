"""Policy processes, their core groups and themes, and the activities by which they listen."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Institution, User
from consult.core.policy.stages import Stage
from consult.core.text import LocalisedText
from consult.core.translation import Gate
from consult.db.base import Base
from consult.db.types import Json, Localised, UTCDateTime


def _one_of(values: type[StrEnum]) -> str:
    return ", ".join(repr(str(value)) for value in values)


class Seat(StrEnum):
    """A member's role in the core group. Advisers are external and their seat expires."""

    LEAD = "lead"
    MEMBER = "member"
    OBSERVER = "observer"
    ADVISER = "adviser"


class Kind(StrEnum):
    """Kinds of activities."""

    QUESTIONNAIRE = "questionnaire"
    CONSULTATION = "consultation"
    EVENT = "event"


class Unit(StrEnum):
    """What one response stands for; persons are protected by disclosure control."""

    PERSON = "person"
    INSTITUTION = "institution"
    EVENT = "event"


class Process(Base):
    """The drafting of one policy."""

    __tablename__ = "processes"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint(f"stage IN ({_one_of(Stage)})", name="stage"),
        CheckConstraint(f"gate IN ({_one_of(Gate)})", name="gate"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[LocalisedText] = mapped_column(Localised)
    mandate: Mapped[LocalisedText] = mapped_column(Localised)
    """What the policy is about and who asked for it; sanitised Markdown on the public page."""
    public_name: Mapped[LocalisedText] = mapped_column(Localised)
    """What it calls the people it listens to: “Ghanaians abroad”."""
    lead_institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    country: Mapped[str] = mapped_column(String(2))
    locales: Mapped[list[str]] = mapped_column(Json)
    """Locales offered to the public, the source locale first."""
    stage: Mapped[str] = mapped_column(String(20), default=Stage.AGENDA_SETTING)
    contact: Mapped[str] = mapped_column(String(200), default="")
    """Address or telephone that participants may write to or call, usable without a name."""
    complaint: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText())
    """How participants can complain; empty: at the contact."""
    gate: Mapped[str] = mapped_column(String(10), default=Gate.REVIEWED)
    """When a further locale of its activities is offered to the public."""
    approval: Mapped[bool] = mapped_column(default=False)
    """Whether a second person has to approve of what its activities ask before anybody is asked it."""
    threshold: Mapped[int] = mapped_column(default=10)
    """Disclosure threshold; never under the installation's floor."""
    public: Mapped[bool] = mapped_column(default=False)
    synthetic: Mapped[bool] = mapped_column(default=False)
    """Whether its responses are made up (the demo): said on every page and download."""

    lead_institution: Mapped[Institution] = relationship()
    members: Mapped[list[Member]] = relationship(back_populates="process", cascade="all, delete-orphan")
    themes: Mapped[list[Theme]] = relationship(
        back_populates="process", cascade="all, delete-orphan", order_by="Theme.position"
    )
    activities: Mapped[list[Activity]] = relationship(back_populates="process", order_by="Activity.slug")


class Member(Base):
    """A seat in the core group: a user, for an institution, with a role."""

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint(f"seat IN ({_one_of(Seat)})", name="seat"),
        CheckConstraint("seat <> 'adviser' OR expires_on IS NOT NULL", name="advisers_expire"),
        Index(None, "user_id"),
    )

    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("processes.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    seat: Mapped[str] = mapped_column(String(20))
    expires_on: Mapped[dt.date | None]

    process: Mapped[Process] = relationship(back_populates="members")
    user: Mapped[User] = relationship()
    institution: Mapped[Institution] = relationship()


class Theme(Base):
    """A policy issue of the process; themes form a small tree."""

    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("process_id", "code"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("processes.id", ondelete="CASCADE"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(80))
    """What `our::theme` of an imported questionnaire names."""
    label: Mapped[LocalisedText] = mapped_column(Localised)
    position: Mapped[int] = mapped_column(default=0)
    objectives: Mapped[list[int]] = mapped_column(Json, default=list)
    """Global Compact objectives (1–23) it is aligned with."""
    targets: Mapped[list[str]] = mapped_column(Json, default=list)
    """Targets of the Sustainable Development Goals, for example `10.7`."""

    process: Mapped[Process] = relationship(back_populates="themes")


class Concept(Base):
    """A concept of the process with a code list of its own, beside those of the bank (`core.concepts`)."""

    __tablename__ = "concepts"

    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("processes.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    """What `our::concept` of an imported questionnaire names."""
    label: Mapped[LocalisedText] = mapped_column(Localised)
    categories: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """The codes in their order: `[{"code", "label": {locale: words}}]`."""


class Wording(Base):
    """A version of a translation of one text: never changed, never deleted while its process is there."""

    __tablename__ = "wordings"
    __table_args__ = (Index(None, "process_id", "source_hash", "locale"),)

    process_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("processes.id", ondelete="CASCADE"))
    """None: the words of the interface, which belong to no process."""
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    """Kind of the object: `questionnaire`, `title`, `notice`, … (`processes.wordings.Texts`)."""
    object_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The process, activity or language."""
    path: Mapped[str] = mapped_column(String(500), primary_key=True)
    """Which of its texts."""
    locale: Mapped[str] = mapped_column(String(35), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """1 for the first version in this locale."""
    source: Mapped[str] = mapped_column(Text)
    """What it is a translation of."""
    source_hash: Mapped[str] = mapped_column(String(16))
    """`core.translation.fingerprint` of the source: the memory of translations finds them by it."""
    text: Mapped[str] = mapped_column(Text)
    """Empty where the translation was taken away."""
    reviewed: Mapped[bool]
    translated: Mapped[bool]
    """Whether it was written as a translation; else it came with its source."""
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))


class Activity(Base):
    """What the public or institutions take part in. Whether it is open follows from its two moments."""

    __tablename__ = "activities"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint(f"kind IN ({_one_of(Kind)})", name="kind"),
        CheckConstraint(f"unit IN ({_one_of(Unit)})", name="unit"),
        CheckConstraint(
            "closes_at IS NULL OR opens_at IS NULL OR opens_at <= closes_at", name="opens_before_it_closes"
        ),
        CheckConstraint("(round = 1) = (previous_id IS NULL) AND round >= 1", name="round"),
        UniqueConstraint("previous_id"),
        Index(None, "process_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    process_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("processes.id"))
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("activities.id"))
    """The activity of which it is the next round; each has one next round at most."""
    round: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(20), default=Unit.PERSON)
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[LocalisedText] = mapped_column(Localised)
    locales: Mapped[list[str]] = mapped_column(Json)
    """Locales offered, the source locale first."""
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    """IANA name in which its opening and closing are set and its days begin."""
    opens_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    closes_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    sealed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """When the closed activity's responses were mixed for the last time; cleared when it is reopened."""

    process: Mapped[Process] = relationship(back_populates="activities")
    previous: Mapped[Activity | None] = relationship(remote_side="Activity.id")

    def state(self, now: dt.datetime) -> str:
        """`draft`, `scheduled`, `open` or `closed` at a moment."""
        if self.opens_at is None:
            return "draft"
        if now < self.opens_at:
            return "scheduled"
        return "closed" if self.closes_at is not None and self.closes_at <= now else "open"
