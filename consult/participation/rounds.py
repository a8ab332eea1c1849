"""What the next round of an activity takes over from its door."""

from __future__ import annotations

from sqlalchemy.orm import Session

from consult.db.base import columns
from consult.participation.models import DRAFTS, Entrance, Measures
from consult.privacy.models import Period
from consult.processes.models import Activity


def take_over(session: Session, activity: Activity, earlier: Activity) -> None:
    """Copy which ways lead in, what letters say, the measures against bots and how long drafts are kept.

    Who was invited by name would else be followed by whoever comes. Quotas are not copied: the profiles that they name
    come with invitations, and how many are let in is planned anew.
    """
    for model in (Entrance, Measures):
        decided = session.get(model, earlier.id)
        if decided is not None:
            session.add(model(**columns(decided) | {"activity_id": activity.id}))
    drafts = session.get(Period, (earlier.id, DRAFTS))
    if drafts is not None and drafts.length is not None:
        # What was decided after an opening is, for the next one, decided before it.
        session.add(Period(activity_id=activity.id, kind=DRAFTS, length=drafts.length, promised=drafts.length))
    session.flush()
