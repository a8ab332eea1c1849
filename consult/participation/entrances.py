"""Which ways lead into an activity, what its invitations and reminders say, and the lists of those who have one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.text import LocalisedText
from consult.jobs.service import enqueue
from consult.participation import wordings
from consult.participation.models import Entrance, InvitationList
from consult.participation.trail import note
from consult.privacy import queries as privacy
from consult.processes.models import Activity, Unit
from consult.processes.service import lock
from consult.processes.wordings import Stamp


def entrance(session: Session, activity_id: uuid.UUID) -> Entrance:
    """The ways into an activity; where nothing was decided the open link, but none where institutions answer."""
    activity = session.get_one(Activity, activity_id)
    unset = Entrance(activity_id=activity_id, open_link=activity.unit != Unit.INSTITUTION, invited=False)
    unset.invitation = unset.reminder = LocalisedText()
    return session.get(Entrance, activity_id) or unset


def decide(
    session: Session, activity: Activity, *, open_link: bool, invited: bool, by: Actor | None, now: dt.datetime
) -> None:
    """Decide who may come in. Refuses `participation.entrance.none`, but where institutions answer."""
    if not (open_link or invited or activity.unit == Unit.INSTITUTION):
        raise Refused(Problem("participation.entrance.none", place=Place(field="open_link")))
    lock(session, activity)
    found = entrance(session, activity.id)
    found.open_link, found.invited = open_link, invited
    session.add(found)
    session.flush()
    note(session, activity, "entrance", {"open_link": open_link, "invited": invited}, by, now)


def word(
    session: Session,
    activity: Activity,
    *,
    invitation: LocalisedText,
    reminder: LocalisedText,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Say what invitations and reminders say."""
    lock(session, activity)
    found = entrance(session, activity.id)
    before = wordings.texts(found)
    found.invitation, found.reminder = invitation, reminder
    session.add(found)
    session.flush()
    wordings.renew(session, activity, before, wordings.texts(found), Stamp(by, now))
    note(session, activity, "word", {}, by, now)


def lists(session: Session, activity_id: uuid.UUID) -> Sequence[InvitationList]:
    """The lists of an activity that are made."""
    wanted = select(InvitationList).where(InvitationList.activity_id == activity_id, InvitationList.made)
    return session.scalars(wanted.order_by(InvitationList.name)).all()


def begin_list(session: Session, activity: Activity, name: str, *, size: int, contacts: bool) -> InvitationList:
    """A list that is being made. Refuses `participation.list.taken`, and `questionnaires.erased` once data of the
    activity were erased: what came after that would stay for good."""
    lock(session, activity)
    if privacy.erased_at_all(session, activity.id):
        raise Refused.because("questionnaires.erased")
    named = InvitationList.activity_id == activity.id, InvitationList.name == name
    taken = session.scalar(select(InvitationList.made).where(*named))
    if taken is not None:
        raise Refused(Problem("participation.list.taken", place=Place(field="name")))
    begun = InvitationList(activity_id=activity.id, name=name, size=size, contacts=contacts)
    session.add(begun)
    session.flush()
    return begun


def remove_list(
    session: Session, activity: Activity, list_id: uuid.UUID, *, by: Actor | None, now: dt.datetime
) -> None:
    """Delete a list: its codes let nobody in any more, its contacts are forgotten. What was sent stays.

    A task forgets its files and the bytes of its rows, which no transaction can.
    """
    gone = session.scalar(
        delete(InvitationList)
        .where(InvitationList.activity_id == activity.id, InvitationList.id == list_id)
        .returning(InvitationList.name)
    )
    if gone is not None:
        about = {"process_id": str(activity.process_id), "list_id": str(list_id)}
        enqueue(session, "participation.forget_list", about, run_at=now)
        note(session, activity, "remove_list", {"list": gone}, by, now)
