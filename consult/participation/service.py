"""What comes in through the door: drafts are begun, saved and submitted, each by one conditional statement.

Whether the activity is open is decided inside that statement, so nothing is taken after the closing second, and nothing
is lost when the same draft is saved from two devices.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Result, Table, bindparam, delete, exists, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.types import LargeBinary, Uuid

from consult.db.types import UTCDateTime
from consult.participation.models import Channel, Intake, Quota
from consult.processes.models import Activity


@dataclass(frozen=True, slots=True)
class Coming:
    """What an intake row holds, its keys left out."""

    edition: int
    locale: str
    day: dt.date
    context: dict[str, Any]
    answers: str
    state: str = "draft"
    corrects: bool = False
    channel: str = Channel.OPEN


Executor = Session | Connection
"""A statement is enough for each of these, so that they also work where each is a transaction of its own."""

_ACTIVITY = bindparam("activity", type_=Uuid)
_CODE = bindparam("digest", type_=LargeBinary)
_NOW = bindparam("now", type_=UTCDateTime)


def _open() -> ColumnElement[bool]:
    begun = Activity.opens_at <= _NOW
    not_over = or_(Activity.closes_at.is_(None), Activity.closes_at > _NOW)
    return exists().where(Activity.id == _ACTIVITY, begun, not_over)


_VALUES = ("edition", "locale", "day", "context", "answers", "state", "corrects", "channel")
_TABLE = cast(Table, Intake.__table__)
_FIND = select(*(_TABLE.c[name] for name in _VALUES)).where(_TABLE.c.activity_id == _ACTIVITY, _TABLE.c.code == _CODE)
_DRAFT = select(
    _ACTIVITY,
    _CODE,
    *(bindparam(f"new_{name}", type_=_TABLE.c[name].type) for name in _VALUES),
).where(_open())
_FULL = exists().where(
    Quota.activity_id == _ACTIVITY,
    Quota.channel == bindparam("new_channel", type_=_TABLE.c.channel.type),
    or_(Quota.profile == "", Quota.profile == bindparam("profile", type_=Quota.profile.type)),
    Quota.taken >= Quota.most,
)
_BEGIN, _BEGIN_WITHIN = (
    {
        dialect.__name__.rpartition(".")[2]: dialect.insert(_TABLE)
        .from_select(["activity_id", "code", *_VALUES], draft)
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True)
        for dialect in (postgresql, sqlite)
    }
    for draft in (_DRAFT, _DRAFT.where(~_FULL))
)
_ENTER = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(_TABLE)
    .on_conflict_do_nothing()
    .execution_options(preserve_rowcount=True)
    for dialect in (postgresql, sqlite)
}
_REPLACE = (
    update(_TABLE)
    .where(
        _TABLE.c.activity_id == _ACTIVITY,
        _TABLE.c.code == _CODE,
        _TABLE.c.state == bindparam("seen_state", type_=_TABLE.c.state.type),
        _TABLE.c.answers == bindparam("seen_answers", type_=_TABLE.c.answers.type),
        _open(),
    )
    .values({name: bindparam(f"new_{name}", type_=_TABLE.c[name].type) for name in _VALUES})
)
_REMOVE = delete(_TABLE).where(_TABLE.c.activity_id == _ACTIVITY, _TABLE.c.code == _CODE)
_DISCARD = _REMOVE.where(_TABLE.c.state == "draft", _TABLE.c.corrects.is_(False))
_IS_OPEN = select(literal(1)).where(_open())


def find(session: Executor, activity_id: uuid.UUID, digest: bytes) -> Coming | None:
    """What has come in under a code and is not mixed yet."""
    row = session.execute(_FIND, {"activity": activity_id, "digest": digest}).one_or_none()
    return None if row is None else Coming(*row)


def begin(
    session: Executor,
    activity_id: uuid.UUID,
    digest: bytes,
    coming: Coming,
    *,
    now: dt.datetime,
    profile: str | None = None,
) -> bool:
    """Store a draft; False where the activity is not open or something lies under that code already.

    With a profile, which may be empty, also where a quota of the channel or of that profile is full.
    """
    parameters = {"activity": activity_id, "digest": digest, "now": now, **_new(coming)}
    if profile is None:
        return _count(session.execute(_BEGIN[_dialect(session)], parameters)) == 1
    within = session.execute(_BEGIN_WITHIN[_dialect(session)], {**parameters, "profile": profile})
    return _count(within) == 1


def enter(session: Session, activity_id: uuid.UUID, rows: Iterable[tuple[bytes, Coming]]) -> int:
    """Store submissions that did not come through the door; how many were new. What is there already stays."""
    new = 0
    for digest, coming in rows:
        values = {"activity_id": activity_id, "code": digest}
        values |= {name: getattr(coming, name) for name in _VALUES}
        new += _count(session.execute(_ENTER[_dialect(session)], values))
    return new


def replace(
    session: Executor, activity_id: uuid.UUID, digest: bytes, seen: Coming, coming: Coming, *, now: dt.datetime
) -> bool:
    """Store a new state of what was seen; False where it changed meanwhile or the activity is not open."""
    seen_values = {"seen_state": seen.state, "seen_answers": seen.answers}
    parameters = {"activity": activity_id, "digest": digest, "now": now, **seen_values, **_new(coming)}
    return _count(session.execute(_REPLACE, parameters)) == 1


def remove(session: Executor, activity_id: uuid.UUID, digest: bytes) -> bool:
    """Forget what came in under a code; whether there was anything."""
    return _count(session.execute(_REMOVE, {"activity": activity_id, "digest": digest})) == 1


def discard(session: Executor, activity_id: uuid.UUID, digest: bytes) -> bool:
    """Forget a draft under which nothing has been sent yet; whether there was one."""
    return _count(session.execute(_DISCARD, {"activity": activity_id, "digest": digest})) == 1


def is_open(session: Executor, activity_id: uuid.UUID, now: dt.datetime) -> bool:
    """Whether the activity takes answers at a moment."""
    return session.scalar(_IS_OPEN, {"activity": activity_id, "now": now}) is not None


def day(now: dt.datetime, time_zone: str) -> dt.date:
    """The activity's day at a moment."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def _new(coming: Coming) -> dict[str, Any]:
    return {f"new_{name}": getattr(coming, name) for name in _VALUES}


def _dialect(session: Executor) -> str:
    bind = session if isinstance(session, Connection) else session.get_bind()
    return bind.dialect.name


def _count(result: Result[Any]) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount
