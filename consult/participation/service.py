"""What comes in through the door: drafts are begun, saved and submitted, each by one conditional statement.

Whether the activity is open is decided inside that statement, so nothing is taken after the closing second, and nothing
is lost when the same draft is saved from two devices.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.types import LargeBinary, Uuid

from consult.db.prepared import Executor, Prepared
from consult.db.types import UTCDateTime
from consult.participation.models import Channel, Intake, Quota, TrialIntake
from consult.processes.models import Activity
from consult.questionnaires.models import Trial


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


_ACTIVITY = bindparam("activity", type_=Uuid)
_CODE = bindparam("digest", type_=LargeBinary)
_NOW = bindparam("now", type_=UTCDateTime)
_VALUES = ("edition", "locale", "day", "context", "answers", "state", "corrects", "channel")


def _open() -> ColumnElement[bool]:
    begun = Activity.opens_at <= _NOW
    not_over = or_(Activity.closes_at.is_(None), Activity.closes_at > _NOW)
    return exists().where(Activity.id == _ACTIVITY, begun, not_over)


def _tried() -> ColumnElement[bool]:
    """The link is held until what is put there is committed: an opening waits for it, and takes it along."""
    link = select(Trial.activity_id).where(Trial.activity_id == _ACTIVITY, Trial.secret.is_not(None))
    not_begun = or_(Activity.opens_at.is_(None), Activity.opens_at > _NOW)
    before = exists().where(Activity.id == _ACTIVITY, not_begun)
    return and_(before, link.with_for_update(read=True, key_share=True).exists())


def _full(table: Table) -> ColumnElement[bool]:
    return exists().where(
        Quota.activity_id == _ACTIVITY,
        Quota.channel == bindparam("new_channel", type_=table.c.channel.type),
        Quota.profile == bindparam("profile", type_=Quota.profile.type),
        Quota.taken >= Quota.most,
    )


class Tray:
    """Where drafts and submissions lie, and the statements by which they come and go."""

    def __init__(self, model: type[Intake | TrialIntake], taking: ColumnElement[bool]) -> None:
        table = cast(Table, model.__table__)
        here = table.c.activity_id == _ACTIVITY, table.c.code == _CODE
        new = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in _VALUES}
        self.find = Prepared(select(*(table.c[name] for name in _VALUES)).where(*here))
        draft = select(_ACTIVITY, _CODE, *new.values()).where(taking)
        self.begin, self.begin_within = (
            Prepared(
                {
                    dialect.__name__.rpartition(".")[2]: dialect.insert(table)
                    .from_select(["activity_id", "code", *_VALUES], begun)
                    .on_conflict_do_nothing()
                    for dialect in (postgresql, sqlite)
                }
            )
            for begun in (draft, draft.where(~_full(table)))
        )
        self.replace = Prepared(
            update(table)
            .where(
                *here,
                table.c.state == bindparam("seen_state", type_=table.c.state.type),
                table.c.answers == bindparam("seen_answers", type_=table.c.answers.type),
                taking,
            )
            .values(new)
        )
        gone = delete(table).where(*here)
        self.remove = Prepared(gone)
        self.discard = Prepared(gone.where(table.c.state == "draft", table.c.corrects.is_(False)))
        self.is_open = Prepared(select(literal(1)).where(taking))


INTAKE: Final = Tray(Intake, _open())
"""What counts: open to all while the activity is."""
TRIAL: Final = Tray(TrialIntake, _tried())
"""What does not: open before that, to those who have the link."""
_TABLE = cast(Table, Intake.__table__)
_ENTER = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(_TABLE)
    .on_conflict_do_nothing()
    .execution_options(preserve_rowcount=True)
    for dialect in (postgresql, sqlite)
}


def find(session: Executor, activity_id: uuid.UUID, digest: bytes, tray: Tray = INTAKE) -> Coming | None:
    """What has come in under a code and is not mixed yet."""
    row = tray.find.row(session, {"activity": activity_id, "digest": digest})
    return None if row is None else Coming(*row)


def begin(
    session: Executor,
    activity_id: uuid.UUID,
    digest: bytes,
    coming: Coming,
    *,
    now: dt.datetime,
    profile: str = "",
    tray: Tray = INTAKE,
) -> bool:
    """Store a draft; False where the activity is not open, something lies under that code already or the quota of the
    profile is full."""
    parameters = {"activity": activity_id, "digest": digest, "now": now, **_new(coming)}
    if not profile:
        return tray.begin.count(session, parameters) == 1
    return tray.begin_within.count(session, {**parameters, "profile": profile}) == 1


def enter(session: Session, activity_id: uuid.UUID, rows: Iterable[tuple[bytes, Coming]]) -> int:
    """Store submissions that did not come through the door; how many were new. What is there already stays."""
    new = 0
    for digest, coming in rows:
        values = {"activity_id": activity_id, "code": digest}
        values |= {name: getattr(coming, name) for name in _VALUES}
        entered = session.execute(_ENTER[session.get_bind().dialect.name], values)
        assert isinstance(entered, CursorResult)
        new += entered.rowcount
    return new


def replace(
    session: Executor,
    activity_id: uuid.UUID,
    digest: bytes,
    seen: Coming,
    coming: Coming,
    *,
    now: dt.datetime,
    tray: Tray = INTAKE,
) -> bool:
    """Store a new state of what was seen; False where it changed meanwhile or the activity is not open."""
    seen_values = {"seen_state": seen.state, "seen_answers": seen.answers}
    parameters = {"activity": activity_id, "digest": digest, "now": now, **seen_values, **_new(coming)}
    return tray.replace.count(session, parameters) == 1


def remove(session: Executor, activity_id: uuid.UUID, digest: bytes, tray: Tray = INTAKE) -> bool:
    """Forget what came in under a code; whether there was anything."""
    return tray.remove.count(session, {"activity": activity_id, "digest": digest}) == 1


def discard(session: Executor, activity_id: uuid.UUID, digest: bytes, tray: Tray = INTAKE) -> bool:
    """Forget a draft under which nothing has been sent yet; whether there was one."""
    return tray.discard.count(session, {"activity": activity_id, "digest": digest}) == 1


def is_open(session: Executor, activity_id: uuid.UUID, now: dt.datetime, tray: Tray = INTAKE) -> bool:
    """Whether the activity takes answers at a moment."""
    return tray.is_open.row(session, {"activity": activity_id, "now": now}) is not None


def day(now: dt.datetime, time_zone: str) -> dt.date:
    """The activity's day at a moment."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def _new(coming: Coming) -> dict[str, Any]:
    return {f"new_{name}": getattr(coming, name) for name in _VALUES}
