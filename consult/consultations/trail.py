"""What staff do with a consultation, in the audit trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.processes.models import Activity


def note(
    session: Session, activity: Activity, verb: str, details: Mapping[str, object], by: Actor | None, now: dt.datetime
) -> None:
    """Write down what was done with a consultation."""
    session.flush()
    record(
        session,
        actor=by,
        action=f"consultations.{verb}",
        subject=activity.slug,
        now=now,
        process_id=activity.process_id,
        details=dict(details),
    )
