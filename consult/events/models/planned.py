"""What officers plan: an event, its occasions, who should be there."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Json, Localised, UTCDateTime
from consult.processes.models import Activity


class Form(StrEnum):
    """The forms of events."""

    FOCUS_GROUP = "focus_group"
    HEARING = "hearing"
    INTEREST_GROUP = "interest_group"
    DIASPORA_MEETING = "diaspora_meeting"
    WORKSHOP = "workshop"


class Selection(StrEnum):
    """How it is decided who gets a place."""

    NOMINATION = "nomination"
    """People are nominated, by others or themselves, and chosen with reasons against the profile grid."""
    FIRST = "first"
    """First come, first served; then a waiting list."""
    DRAW = "draw"
    """By quotas and lot, so that anyone can recompute it."""


class Need(StrEnum):
    """What participants may need to take part."""

    INTERPRETER = "interpreter"
    SIGN_LANGUAGE = "sign_language"
    CHILDCARE = "childcare"
    WHEELCHAIR = "wheelchair"
    LARGE_PRINT = "large_print"
    TRAVEL = "travel"


class Provision(StrEnum):
    """What a place or a call provides so that everybody can take part."""

    STEP_FREE = "step_free"
    HEARING_LOOP = "hearing_loop"
    SIGN_LANGUAGE = "sign_language"
    CAPTIONS = "captions"
    CHILDCARE = "childcare"
    LARGE_PRINT = "large_print"
    QUIET_ROOM = "quiet_room"
    TRAVEL = "travel"


def one_of(values: type[StrEnum]) -> str:
    """The values of an enumeration, for a check constraint."""
    return ", ".join(repr(str(value)) for value in values)


class Event(Base):
    """What an activity of the kind event is. It is held on one occasion, or on several: a series."""

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint(f"form IN ({one_of(Form)})", name="form"),
        CheckConstraint(f"selection IN ({one_of(Selection)})", name="selection"),
        CheckConstraint("companions BETWEEN 0 AND 9", name="companions"),
        CheckConstraint("offer_hours BETWEEN 1 AND 720", name="offer_hours"),
        CheckConstraint("minimum_age BETWEEN 0 AND 99", name="minimum_age"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    form: Mapped[str] = mapped_column(String(20), default=Form.FOCUS_GROUP)
    about: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What it is about, and what becomes of what is said; sanitised Markdown."""
    consent: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What people agree to who sign up; sanitised Markdown."""
    guardian: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What guardians agree to where minors take part; empty: minors do not."""
    minimum_age: Mapped[int] = mapped_column(default=18)
    """Who is younger needs a guardian's consent, where there is one to be given."""
    selection: Mapped[str] = mapped_column(String(20), default=Selection.NOMINATION)
    seed_source: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """From where the seed of the draw will come: said before people sign up, known only once nobody can any more."""
    companions: Mapped[int] = mapped_column(default=0)
    """How many people somebody who signs up may bring along."""
    needs: Mapped[list[str]] = mapped_column(Json, default=list)
    """What people are asked whether they need (`Need`)."""
    offer_hours: Mapped[int] = mapped_column(default=48)
    """How long a place that became free is offered to the next on the waiting list."""
    speaking: Mapped[bool] = mapped_column(default=False)
    """Whether people can ask to speak: a hearing has a speaking order."""
    feedback_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("activities.id", ondelete="SET NULL"))
    """The questionnaire by which participants say afterwards what they thought of it."""
    expected: Mapped[dict[str, float]] = mapped_column(Json, default=dict)
    """What was expected of that feedback: the mean by question."""

    activity: Mapped[Activity] = relationship(foreign_keys=activity_id)

    @property
    def nominates(self) -> bool:
        """Whether people are nominated: by others or by themselves."""
        return self.selection == Selection.NOMINATION

    @property
    def asks_institution(self) -> bool:
        """Whether people say for which institution they come, or by which they are nominated."""
        return self.nominates or self.form == Form.INTEREST_GROUP

    @classmethod
    def unset(cls, activity_id: uuid.UUID) -> Event:
        """Before anything was decided."""
        nothing = LocalisedText()
        return cls(
            activity_id=activity_id,
            form=Form.FOCUS_GROUP,
            about=nothing,
            consent=nothing,
            guardian=nothing,
            minimum_age=18,
            selection=Selection.NOMINATION,
            seed_source=nothing,
            companions=0,
            needs=[],
            offer_hours=48,
            speaking=False,
            expected={},
        )


class Occasion(Base):
    """A time and place at which an event is held."""

    __tablename__ = "occasions"
    __table_args__ = (
        UniqueConstraint("activity_id", "number"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint("capacity BETWEEN 1 AND 100000", name="capacity"),
        # Races for the last place are settled here.
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
        CheckConstraint("state IN ('planned', 'cancelled')", name="state"),
        CheckConstraint("online OR in_place", name="somewhere"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.activity_id", ondelete="CASCADE"))
    number: Mapped[int]
    """1 for the first of the activity; stands in addresses."""
    title: Mapped[LocalisedText] = mapped_column(Localised)
    """What tells it from the others of its series: the city, say."""
    in_place: Mapped[bool] = mapped_column(default=True)
    place: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """Where it is, as an address is written, and how one gets there."""
    online: Mapped[bool] = mapped_column(default=False)
    link: Mapped[str] = mapped_column(String(500), default="")
    """Where one joins online; told only to those who have a place."""
    time_zone: Mapped[str] = mapped_column(String(60))
    """IANA name of the place's time zone."""
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    sign_up_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """When signing up ends; none: with the activity, or when it starts."""
    capacity: Mapped[int]
    """Seats of participants and those whom they bring along."""
    taken: Mapped[int] = mapped_column(default=0)
    """Seats that are given or offered."""
    listed: Mapped[int] = mapped_column(default=0)
    """How many have come onto the waiting list so far: the rank of the last."""
    languages: Mapped[list[str]] = mapped_column(Json, default=list)
    """Languages in which it is held (ISO 639)."""
    interpretation: Mapped[list[str]] = mapped_column(Json, default=list)
    """Languages into which it is interpreted."""
    provisions: Mapped[list[str]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(String(10), default="planned")
    sequence: Mapped[int] = mapped_column(default=0)
    """How often time, place or state were changed: calendars keep the highest."""

    event: Mapped[Event] = relationship()


class Slot(Base):
    """A part of an occasion's programme."""

    __tablename__ = "programme"
    __table_args__ = (Index(None, "occasion_id"), CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    occasion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("occasions.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[LocalisedText] = mapped_column(Localised)
    minutes: Mapped[int]
    """How long it takes; it begins where the one before it ends."""
    theme: Mapped[str] = mapped_column(String(80), default="")


class Handout(Base):
    """A document for those who take part; its bytes are a file."""

    __tablename__ = "handouts"
    __table_args__ = (Index(None, "activity_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.activity_id", ondelete="CASCADE"))
    title: Mapped[LocalisedText] = mapped_column(Localised)
    file: Mapped[str] = mapped_column(String(80))
    """Name in the store of files (`files.Folder`)."""
    filename: Mapped[str] = mapped_column(String(200))
    """As it was called where it came from."""
    size: Mapped[int]


class Target(Base):
    """How many places people of a profile should have on each occasion: a row of the profile grid."""

    __tablename__ = "targets"
    __table_args__ = (
        Index(None, "activity_id"),
        CheckConstraint("minimum >= 0 AND (maximum IS NULL OR maximum >= minimum)", name="bounds"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("events.activity_id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    cell: Mapped[dict[str, list[str]]] = mapped_column(Json)
    """Categories by question of the screening: who answered one of each."""
    minimum: Mapped[int] = mapped_column(default=0)
    maximum: Mapped[int | None]
