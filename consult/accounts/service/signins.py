"""Signed-in browsers, and how guessing passwords is slowed down."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from consult.accounts.models import Attempt, Link, SignIn, User
from consult.audit.service import record
from consult.config import Keys
from consult.core.access import Actor
from consult.core.fingerprint import fingerprint
from consult.db.insert import insert

LIFETIME = dt.timedelta(hours=12)
FREE_ATTEMPTS = 5
LONGEST_PAUSE = dt.timedelta(minutes=15)
FORGOTTEN_AFTER = dt.timedelta(days=1)


def token_of(keys: Keys, cookie: str) -> bytes:
    """What is stored of the token in a cookie."""
    return fingerprint(keys.codes, "sign-in", cookie)


def begin(session: Session, keys: Keys, user: User, *, now: dt.datetime) -> str:
    """Sign a browser in; the token for its cookie."""
    cookie = secrets.token_urlsafe(32)
    session.add(SignIn(token=token_of(keys, cookie), user_id=user.id, created_at=now, expires_at=now + LIFETIME))
    record(session, actor=Actor(user.id, user.name), action="accounts.sign_in", subject=str(user.id), now=now)
    return cookie


def end(session: Session, token: bytes, *, by: Actor, now: dt.datetime) -> None:
    """Sign one of a person's own browsers out."""
    ended = session.execute(delete(SignIn).where(SignIn.user_id == by.id, SignIn.token == token))
    if cast(CursorResult[tuple[()]], ended).rowcount:
        record(session, actor=by, action="accounts.sign_out", subject=str(by.id), now=now)


def end_all(session: Session, user_id: uuid.UUID, *, by: Actor | None, now: dt.datetime) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(SignIn).where(SignIn.user_id == user_id))
    record(session, actor=by, action="accounts.sign_out_everywhere", subject=str(user_id), now=now)


def subject_of(keys: Keys, email: str) -> bytes:
    """What attempts are counted by, whether or not there is such an account."""
    return fingerprint(keys.codes, "attempt", email)


def attempt(session: Session, subject: bytes, *, now: dt.datetime) -> bool:
    """Count an attempt before it is checked, so that parallel guesses count too; false while the account rests.

    Five attempts are free. After each further one the account rests, a minute at first, a quarter of an hour at most;
    attempts made meanwhile are refused and change nothing, so that nobody can lock anybody out for good.
    """
    counted = session.execute(
        insert(session, Attempt)
        .values(subject=subject, failures=1, blocked_until=now)
        .on_conflict_do_update(
            index_elements=["subject"],
            set_={"failures": Attempt.failures + 1},
            where=Attempt.blocked_until <= now,
        )
        .returning(Attempt.failures)
    ).scalar()
    if counted is None:
        return False
    session.execute(update(Attempt).where(Attempt.subject == subject).values(blocked_until=now + _pause(counted)))
    return True


def forget_attempts(session: Session, subject: bytes) -> None:
    """Start counting again: whoever tried was the right one."""
    session.execute(delete(Attempt).where(Attempt.subject == subject))


def tidy(session: Session, *, now: dt.datetime) -> None:
    """Delete what has run out: sign-ins, links, and attempts of more than a day ago."""
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    session.execute(delete(Link).where(Link.expires_at <= now))
    session.execute(delete(Attempt).where(Attempt.blocked_until <= now - FORGOTTEN_AFTER))


def _pause(failures: int) -> dt.timedelta:
    if failures < FREE_ATTEMPTS:
        return dt.timedelta(0)
    return min(dt.timedelta(minutes=2.0 ** min(failures - FREE_ATTEMPTS, 10)), LONGEST_PAUSE)
