"""The notice of an activity and the helplines of a process whose reachability the caller has established."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from consult.accounts.models import Grant, Role, User
from consult.privacy.models import RESPONSES, Helpline, Notice, Period
from consult.privacy.template import gaps, sufficed
from consult.processes.models import Activity, Member, Process, Seat


def notice(session: Session, activity_id: uuid.UUID) -> Notice | None:
    """What participants of an activity are told about their data; none where nobody wrote it yet."""
    return session.get(Notice, activity_id)


def missing(
    session: Session, activity_id: uuid.UUID, locales: Iterable[str], *, taking_part: bool = False
) -> list[str]:
    """The locales in which an activity's notice is not complete; all, where it was copied and not looked at again.

    `taking_part`: people can, or will be able to by a schedule that was made. A notice from before the template, which
    was complete then, stays so until somebody changes it.
    """
    found = notice(session, activity_id)
    return [locale for locale in gaps(found, locales) if not (taking_part and sufficed(found, locale))]


def helplines(session: Session, process_id: uuid.UUID) -> Sequence[Helpline]:
    """The helplines of a process, by country."""
    wanted = select(Helpline).where(Helpline.process_id == process_id)
    return session.scalars(wanted.order_by(Helpline.country, Helpline.id)).all()


def helpline(session: Session, process_id: uuid.UUID, helpline_id: uuid.UUID) -> Helpline | None:
    """One of them."""
    return session.scalar(select(Helpline).where(Helpline.process_id == process_id, Helpline.id == helpline_id))


def periods(session: Session, activity_id: uuid.UUID) -> Mapping[str, Period]:
    """What was decided, announced and done about the data of an activity, by kind."""
    return {row.kind: row for row in session.scalars(select(Period).where(Period.activity_id == activity_id))}


def erased_on(session: Session, activity_id: uuid.UUID, kind: str = RESPONSES) -> dt.date | None:
    """The day on which data of a kind began to be erased, for good; none while they are kept."""
    return session.scalar(select(Period.begun_on).where(Period.activity_id == activity_id, Period.kind == kind))


def erased_in(session: Session, process_id: uuid.UUID) -> Mapping[uuid.UUID, dt.date]:
    """The activities of a process whose responses are erased, with the day on which that began."""
    begun = select(Period.activity_id, Period.begun_on).join(Activity, Activity.id == Period.activity_id)
    begun = begun.where(Activity.process_id == process_id, Period.kind == RESPONSES, Period.begun_on.is_not(None))
    return {activity_id: day for activity_id, day in session.execute(begun) if day is not None}


def erased_at_all(session: Session, activity_id: uuid.UUID) -> bool:
    """Whether erasing any data of an activity has begun."""
    begun = select(Period.kind).where(Period.activity_id == activity_id, Period.begun_on.is_not(None))
    return session.scalar(begun.limit(1)) is not None


def responsible(session: Session, activity: Activity, today: dt.date) -> Sequence[User]:
    """Who is told what is going to be erased: officers of the lead institution, and the lead of the core group."""
    lead = session.get_one(Process, activity.process_id).lead_institution_id
    officers = select(Grant.user_id).where(Grant.institution_id == lead, Grant.role == Role.OFFICER)
    leads = select(Member.user_id).where(
        Member.process_id == activity.process_id,
        Member.seat == Seat.LEAD,
        or_(Member.expires_on.is_(None), Member.expires_on >= today),
    )
    wanted = select(User).where(User.disabled_at.is_(None), or_(User.id.in_(officers), User.id.in_(leads)))
    return session.scalars(wanted.order_by(User.email)).all()
