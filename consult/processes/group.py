"""The core group: who has a seat in a process, for which institution, until when."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.processes.models import Member, Process, Seat
from consult.processes.service import lock


def seat(
    session: Session,
    process: Process,
    *,
    user_id: uuid.UUID,
    institution_id: uuid.UUID,
    seat: Seat,
    expires_on: dt.date | None,
    by: Actor | None,
    now: dt.datetime,
) -> Member:
    """Give a person a seat, or change the one they have.

    Refuses `processes.seat.expiry` (an adviser's seat without an end) and `processes.seat.past` (an end before today).
    """
    found = []
    if seat is Seat.ADVISER and expires_on is None:
        found.append(Problem("processes.seat.expiry", place=Place(field="expires_on")))
    if expires_on is not None and expires_on < now.date():
        found.append(Problem("processes.seat.past", place=Place(field="expires_on")))
    refuse_if_any(found)
    lock(session, process)
    member = session.get(Member, (process.id, user_id)) or Member(process_id=process.id, user_id=user_id)
    member.institution_id, member.seat, member.expires_on = institution_id, seat, expires_on
    session.add(member)
    session.flush()
    details = {"seat": seat, "institution": str(institution_id), "expires_on": str(expires_on or "")}
    record(
        session,
        actor=by,
        action="processes.seat",
        subject=str(user_id),
        now=now,
        process_id=process.id,
        details=details,
    )
    return member


def unseat(session: Session, process: Process, user_id: uuid.UUID, *, by: Actor | None, now: dt.datetime) -> None:
    """Take a person out of the core group. Refuses `processes.seat.missing`."""
    member = session.get(Member, (process.id, user_id))
    if member is None:
        raise Refused.because("processes.seat.missing")
    session.delete(member)
    session.flush()
    record(
        session,
        actor=by,
        action="processes.unseat",
        subject=str(user_id),
        now=now,
        process_id=process.id,
        details={"seat": member.seat},
    )
