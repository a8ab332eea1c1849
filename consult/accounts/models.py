"""Institutions, the people who work for them, what they may do, and how they signed in."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.types import Localised, UTCDateTime


class Role(StrEnum):
    """What a person may do for an institution; one person may hold several."""

    ADMINISTRATOR = "administrator"
    OFFICER = "officer"
    TRANSLATOR = "translator"
    FACILITATOR = "facilitator"
    STEWARD = "steward"
    INTERVIEWER = "interviewer"
    CODER = "coder"
    RESPONDENT = "respondent"


class Institution(Base):
    """A ministry, department, agency, statistics office, NGO, association or university."""

    __tablename__ = "institutions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[LocalisedText] = mapped_column(Localised)
    kind: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))
    operates: Mapped[bool] = mapped_column(default=False)
    """Whether its administrators manage the installation: other institutions and their first administrators."""

    users: Mapped[list[Grant]] = relationship(back_populates="institution")


class User(Base):
    """A member of staff. Participants have no account."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254))
    """Lower case, NFC."""
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(20), default="en")
    password: Mapped[str] = mapped_column(String(200), default="")
    """argon2id hash; empty until the invitation is accepted."""
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Encrypted under the contact key; none while the second step is not set up."""
    totp_step: Mapped[int] = mapped_column(default=0)
    """The last time step accepted: a code works once."""
    disabled_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    grants: Mapped[list[Grant]] = relationship(back_populates="user", cascade="all, delete-orphan")


class Grant(Base):
    """One role of one person at one institution."""

    __tablename__ = "grants"
    __table_args__ = (CheckConstraint(f"role IN ({', '.join(repr(str(role)) for role in Role)})", name="role"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)

    user: Mapped[User] = relationship(back_populates="grants")
    institution: Mapped[Institution] = relationship(back_populates="users")


class SignIn(Base):
    """A signed-in browser; deleting the row signs it out at once."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index(None, "user_id"),)

    token: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """HMAC of the token in the cookie."""
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)


class Link(Base):
    """A single-use link sent to a person: an invitation or a password reset."""

    __tablename__ = "account_links"
    __table_args__ = (CheckConstraint("purpose IN ('invitation', 'reset')", name="purpose"), Index(None, "user_id"))

    token: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)


class RecoveryCode(Base):
    """A single-use code for when the authenticator is lost; used ones are deleted."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """HMAC of the code."""


class Attempt(Base):
    """Failed sign-ins per account, to slow down guessing; nothing of who tried is kept."""

    __tablename__ = "sign_in_attempts"

    subject: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """HMAC of the e-mail address typed, whether or not there is such an account."""
    failures: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
