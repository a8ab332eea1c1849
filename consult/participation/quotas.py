"""Quotas: how many may take part by a channel or with a profile. Who has begun may finish."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.db.prepared import Executor
from consult.participation.models import Channel, Invitation, Quota
from consult.participation.trail import note
from consult.processes.models import Activity
from consult.processes.service import lock

CHANNELS: Final = (Channel.OPEN, Channel.INVITED, Channel.ASSISTED)
"""Channels that can have a quota."""
Counted = Callable[[Session, uuid.UUID, str], int]
"""How many responses of an activity came by a channel, of those that were mixed: a slice above counts them."""


def of(session: Session, activity_id: uuid.UUID) -> Sequence[Quota]:
    """The quotas of an activity."""
    wanted = select(Quota).where(Quota.activity_id == activity_id).order_by(Quota.channel, Quota.profile)
    return session.scalars(wanted).all()


def profiles(session: Session, activity_id: uuid.UUID) -> Sequence[str]:
    """The profiles that invitations of an activity have."""
    wanted = select(Invitation.profile).where(Invitation.activity_id == activity_id, Invitation.profile != "")
    return session.scalars(wanted.distinct().order_by(Invitation.profile)).all()


def put(
    session: Session,
    activity: Activity,
    *,
    channel: Channel,
    profile: str,
    most: int,
    mixed: int,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Set a quota, or change how many it lets in. `mixed`: the channel's responses that were mixed.

    Refuses `participation.quota.small` (below the threshold: its closing would tell of too few) and
    `participation.quota.profile` (no invitation has it).
    """
    lock(session, activity)
    least = activity.process.threshold
    if most < least:
        raise Refused(Problem("participation.quota.small", {"least": least}, Place(field="most")))
    if profile and (channel is not Channel.INVITED or profile not in profiles(session, activity.id)):
        raise Refused(Problem("participation.quota.profile", {}, Place(field="profile")))
    quota = session.get(Quota, (activity.id, channel, profile))
    if quota is None:
        quota = Quota(activity_id=activity.id, channel=channel, profile=profile)
        quota.taken = _with_profile(session, activity.id, profile) if profile else mixed
        session.add(quota)
    quota.most = most
    session.flush()
    note(session, activity, "quota", {"channel": channel, "profile": profile, "most": most}, by, now)


def remove(
    session: Session, activity: Activity, *, channel: str, profile: str, by: Actor | None, now: dt.datetime
) -> None:
    """Let in as many as come."""
    lock(session, activity)
    session.execute(
        delete(Quota).where(Quota.activity_id == activity.id, Quota.channel == channel, Quota.profile == profile)
    )
    note(session, activity, "remove_quota", {"channel": channel, "profile": profile}, by, now)


_MORE: Final = (
    update(Quota)
    .where(
        Quota.activity_id == bindparam("activity"),
        Quota.channel == bindparam("by"),
        Quota.profile == bindparam("of"),
    )
    .values(taken=Quota.taken + bindparam("more"))
    .execution_options(synchronize_session=False)
)


def mixed(session: Session, activity_id: uuid.UUID, came: Mapping[str, int]) -> None:
    """Count responses that are new, by channel, when they are mixed. What is withdrawn later leaves its place taken:
    nobody knows any more whose it was."""
    for channel, more in came.items():
        session.execute(_MORE, {"activity": activity_id, "by": channel, "of": "", "more": more})


def used(session: Executor, activity_id: uuid.UUID, profile: str) -> None:
    """Count an invitation of a profile that is used."""
    session.execute(_MORE, {"activity": activity_id, "by": Channel.INVITED, "of": profile, "more": 1})


def _with_profile(session: Session, activity_id: uuid.UUID, profile: str) -> int:
    used = (Invitation.activity_id == activity_id, Invitation.profile == profile, Invitation.state == "used")
    return session.scalar(select(func.count()).where(*used)) or 0
