"""What a release reads of one moment from the database itself, of activities that the column store knows nothing of."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from consult.processes.models import Activity, Kind
from consult.results import attended, attending, columns, consulting, contributed
from consult.results.content import Restricted
from consult.results.repeats import repeat_of

Read = consulting.Read | attending.Read


def any_came(session: Session, activity: Activity) -> bool:
    """Whether there is anything of an activity that can be counted."""
    if activity.kind == Kind.CONSULTATION:
        return contributed.any_came(session, activity.id)
    if activity.kind == Kind.EVENT:
        return attended.any_came(session, activity.id)
    return bool(columns.manifest(session, activity.id))


def again(session: Session, restricted: Restricted, key: bytes, *, apart: bool) -> dict[str, Read]:
    """By activity, what there is by now of the consultations and events of a release."""
    found: dict[str, Read] = {}
    for part in restricted.datasets:
        activity = None if repeat_of(part.activity) else session.get(Activity, uuid.UUID(part.activity))
        if activity and activity.kind == Kind.CONSULTATION:
            found[part.activity] = consulting.again(session, activity, part, key, apart=apart)
        elif activity and activity.kind == Kind.EVENT:
            found[part.activity] = attending.read(session, activity)
    return found
