"""What is done with an activity, in the audit trail: each slice has its own name in front of what it did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Protocol

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.processes.models import Activity


class Note(Protocol):
    """Writes down what was done with an activity; details never say how many have taken part, nor what they said."""

    def __call__(
        self,
        session: Session,
        activity: Activity,
        verb: str,
        details: Mapping[str, object],
        by: Actor | None,
        now: dt.datetime,
    ) -> None:
        """Note a verb of the slice."""


def noting(slice_name: str) -> Note:
    """How a slice writes into the trail."""

    def note(
        session: Session,
        activity: Activity,
        verb: str,
        details: Mapping[str, object],
        by: Actor | None,
        now: dt.datetime,
    ) -> None:
        session.flush()
        record(
            session,
            actor=by,
            action=f"{slice_name}.{verb}",
            subject=activity.slug,
            now=now,
            process_id=activity.process_id,
            details=dict(details),
        )

    return note
