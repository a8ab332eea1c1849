"""Single-use links by which a person sets a password: an invitation, or a reset."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from consult.accounts.models import Link, User
from consult.accounts.service import signins
from consult.audit.service import record
from consult.config import Keys
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.fingerprint import fingerprint
from consult.core.sealing import key_id, seal, unseal
from consult.db.installation import Installation
from consult.jobs.models import Job
from consult.jobs.service import enqueue

_REQUEST = b"accounts.reset"
LIFETIMES = {"invitation": dt.timedelta(days=7), "reset": dt.timedelta(hours=1)}


def request(session: Session, keys: Keys, email: str, *, now: dt.datetime) -> None:
    """Have the worker send a link to an address, if there is such an account. Costs the same if there is none."""
    key = fingerprint(keys.codes, "reset", email).hex()
    enqueue(
        session, "accounts.reset", {"email": seal(keys.contact, email.encode(), _REQUEST).hex()}, run_at=now, key=key
    )


def requested_email(keys: Keys, payload: Mapping[str, str]) -> str:
    """The address in a job that `request` enqueued."""
    return unseal(keys.contact, bytes.fromhex(payload["email"]), _REQUEST).decode()


def keys_waiting(installation: Installation) -> Iterator[str]:
    """The keys under which addresses in jobs that `request` enqueued are sealed."""
    with installation.database.reading() as session:
        for payload in session.scalars(select(Job.payload).where(Job.kind == "accounts.reset")):
            yield key_id(bytes.fromhex(payload["email"]))


def draw() -> str:
    """The token of a fresh link, 256 bits: drawn first, so that the mail is written before the database is locked."""
    return secrets.token_urlsafe(32)


def purpose_for(user: User | None) -> str:
    """An invitation until there is a password, then a reset."""
    return "reset" if user is not None and user.password else "invitation"


def make(session: Session, keys: Keys, user: User, token: str, *, by: Actor | None, now: dt.datetime) -> None:
    """Let a token set this person's password. Older links end."""
    purpose = purpose_for(user)
    session.execute(delete(Link).where(Link.user_id == user.id))
    session.add(Link(token=_hashed(keys, token), user_id=user.id, purpose=purpose, expires_at=now + LIFETIMES[purpose]))
    record(session, actor=by, action="accounts.make_link", subject=str(user.id), now=now, details={"purpose": purpose})
    session.flush()


def made_since(session: Session, user: User, moment: dt.datetime) -> bool:
    """Whether a link was made for a person since a moment."""
    made = [
        link.expires_at - LIFETIMES[link.purpose]
        for link in session.scalars(select(Link).where(Link.user_id == user.id))
    ]
    return any(when > moment for when in made)


def find(session: Session, keys: Keys, token: str, *, now: dt.datetime) -> User | None:
    """Whom a link is for; none where it was used, has expired, or the account is disabled."""
    wanted = select(User).join(Link, Link.user_id == User.id).where(*_valid(keys, token, now))
    return session.scalar(wanted.where(User.disabled_at.is_(None)))


def redeem(session: Session, keys: Keys, token: str, password_hash: str, *, now: dt.datetime) -> User:
    """Set a password by a link and end every sign-in and every other link; refuses with `accounts.link.gone`."""
    user_id: uuid.UUID | None = session.scalar(delete(Link).where(*_valid(keys, token, now)).returning(Link.user_id))
    user = session.get(User, user_id) if user_id else None
    if user is None or user.disabled_at is not None:
        raise Refused.because("accounts.link.gone")
    set_password(session, keys, user, password_hash, by=Actor(user.id, user.name), now=now)
    return user


def set_password(session: Session, keys: Keys, user: User, password_hash: str, *, by: Actor, now: dt.datetime) -> None:
    """Replace a password: links and sign-ins made under the old one end."""
    user.password = password_hash
    session.execute(delete(Link).where(Link.user_id == user.id))
    signins.end_all(session, user.id, by=by, now=now)
    signins.forget_attempts(session, signins.subject_of(keys, user.email))
    record(session, actor=by, action="accounts.set_password", subject=str(user.id), now=now)


def _valid(keys: Keys, token: str, now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return Link.token == _hashed(keys, token), Link.expires_at > now


def _hashed(keys: Keys, token: str) -> bytes:
    return fingerprint(keys.codes, "link", token)
