"""The door of every activity: what came in and is not mixed, who is invited or interviews, what keeps bots apart."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Institution, User
from consult.core.text import LocalisedText
from consult.db.base import BIG_TABLE, Base
from consult.db.types import Json, Localised

DRAFTS: Final = "drafts"
"""The kind of data that is begun and not sent."""
DRAFT_DAYS: Final = 90
"""How long a draft is kept after it was last saved, unless officers decide otherwise."""


class Channel(StrEnum):
    """How a response came in; channels are always shown apart."""

    INVITED = "invited"
    OPEN = "open"
    ASSISTED = "assisted"
    IMPORTED = "imported"
    SUSPECT = "suspect"
    """Through the open link, and set apart by the bot measures."""


WAITING: Final = "state = 'submitted'"
"""What waits to be mixed, as the index of it says it: queries have to say it with the same words."""


class Kept:
    """What is kept of answers that came in through the door."""

    state: Mapped[str] = mapped_column(String(10), default="draft")
    edition: Mapped[int]
    locale: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    day: Mapped[dt.date]
    """The activity's day on which it was last saved; nothing finer is kept."""
    context: Mapped[Any] = mapped_column(Json)
    """What every evaluation of this draft sees: `{"today": …, "seed": …, "once": {…}}`."""
    answers: Mapped[str] = mapped_column(Text)
    """JSON object: question id → value."""
    corrects: Mapped[bool] = mapped_column(default=False)
    """Whether it will replace what was sent under the same code."""


class Intake(Kept, Base):
    """A draft, or a submission that waits to be mixed. Keyed by its code, so nothing keeps the order of arrival."""

    __tablename__ = "intake"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted')", name="state"),
        CheckConstraint(f"channel IN ({', '.join(repr(str(channel)) for channel in Channel)})", name="channel"),
        Index(
            "ix_intake_waiting",
            "activity_id",
            "channel",
            "corrects",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    code: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """HMAC of the participant's resume and receipt code."""


class TrialIntake(Kept, Base):
    """The same of a trial, apart from all that counts: it hangs on the trial's link and goes with it."""

    __tablename__ = "trial_intake"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted')", name="state"),
        {"sqlite_with_rowid": False},
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("trials.activity_id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class Measures(Base):
    """What officers decided against bots at an open link; where there is no row, `guard.USUAL` holds."""

    __tablename__ = "measures"
    __table_args__ = (
        CheckConstraint("seconds BETWEEN 0 AND 600", name="seconds"),
        CheckConstraint("hourly BETWEEN 0 AND 100000", name="hourly"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    seconds: Mapped[int]
    """Whoever sends sooner after the draft was begun is set apart; 0: nobody is."""
    hourly: Mapped[int]
    """So many submissions from one range of addresses pass in an hour; 0: any number."""
    counted: Mapped[bool]
    """Whether results count what was set apart, on its own channel."""
    work: Mapped[bool]
    """Whether sending costs some computing, or time."""


class SpentChallenge(Base):
    """A challenge that has been solved and used; kept until it could not be used anyway."""

    __tablename__ = "spent_challenges"
    __table_args__ = ({"sqlite_with_rowid": False},)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    day: Mapped[dt.date]
    """On which it expires (UTC): not when, which would tell when it was given out."""


class Interviewer(Base):
    """Somebody who may enter answers of others in an activity, as long as they are an interviewer of the institution.

    Nothing leads from here to a response: neither says which interviewer entered it.
    """

    __tablename__ = "interviewers"
    __table_args__ = (Index(None, "user_id"),)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))

    user: Mapped[User] = relationship()
    institution: Mapped[Institution] = relationship()


class Entrance(Base):
    """Which ways lead into an activity, and what its letters say. Without a row, the open link alone; none where
    institutions answer, for their hands sign in."""

    __tablename__ = "entrances"
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    open_link: Mapped[bool] = mapped_column(default=True)
    invited: Mapped[bool] = mapped_column(default=False)
    invitation: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What invitations say, in letters and mails; our own words where it is empty."""
    reminder: Mapped[LocalisedText] = mapped_column(Localised, default=LocalisedText)
    """What reminders say."""


class InvitationList(Base):
    """Invitations that were made together."""

    __tablename__ = "invitation_lists"
    __table_args__ = (UniqueConstraint("activity_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    contacts: Mapped[bool]
    """Whether its invitations are sent by mail, to addresses in the vault."""
    size: Mapped[int]
    made: Mapped[bool] = mapped_column(default=False)
    """Whether all of it is there: a list is shown once somebody can have its codes."""
    mailing: Mapped[int] = mapped_column(default=0)
    """Number of the last mailing: 0 none, 1 the invitation, then reminders."""
    used: Mapped[int] = mapped_column(default=0)
    """Codes used, rounded down, as of"""
    counted_on: Mapped[dt.date | None]


class Invitation(Base):
    """A code that lets somebody in once. Nothing leads from a used one to what was answered with it."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("state IN ('unused', 'begun', 'used')", name="state"),
        CheckConstraint("(state = 'begun') = (nonce IS NOT NULL)", name="nonce"),
        Index(None, "list_id"),
        BIG_TABLE,
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """HMAC of the invitation's code."""
    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation_lists.id", ondelete="CASCADE"))
    profile: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(10), default="unused")
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    """With the code it gives the participant's code of the draft; drawn at the first use, erased when that is sent."""


class Contact(Base):
    """Somebody whom invitations are mailed to. What is known of them lies sealed under a key outside the database."""

    __tablename__ = "contacts"
    __table_args__ = (Index(None, "list_id"), BIG_TABLE)

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation_lists.id", ondelete="CASCADE"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """Address, locale, profile and code (`participation.contacts`)."""
    mailing: Mapped[int] = mapped_column(default=0)
    """The last mailing that has come to this row, whether or not it wrote to it."""


class Quota(Base):
    """How many may take part by a channel, or of those by it who have a profile. Who has begun may finish."""

    __tablename__ = "quotas"
    __table_args__ = (
        CheckConstraint("channel IN ('invited', 'open', 'assisted')", name="channel"),
        CheckConstraint("most >= 1 AND taken >= 0", name="counts"),
        CheckConstraint("profile = '' OR channel = 'invited'", name="profile"),
    )

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    profile: Mapped[str] = mapped_column(String(80), primary_key=True, default="")
    """Empty: everybody who comes by the channel."""
    most: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class Guesses(Base):
    """How many wrong codes were typed in at an activity since they were last forgotten; not when, nor by whom."""

    __tablename__ = "guesses"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    wrong: Mapped[int]
