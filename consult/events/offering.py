"""Offering places that became free to those on the waiting list, each for a time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from consult.core.sampling.classes import Class
from consult.core.sampling.waiting import next_in_line
from consult.events import filling, placing, queries
from consult.events.models.planned import Occasion, Selection
from consult.events.models.signed import SignUp, Standing
from consult.processes.models import Activity

TOO_LATE: Final = "too_late"
"""The reason of who did not take an offer in time (`words.REASONS`)."""
_HOUR: Final = dt.timedelta(hours=1)


def due(session: Session, now: dt.datetime) -> Sequence[uuid.UUID]:
    """Occasions to come where an offer has run out, or somebody waits while seats are free."""
    late = (SignUp.standing == Standing.OFFERED) & (SignUp.offered_until <= now)
    waiting = (SignUp.standing == Standing.LISTED) & (Occasion.taken < Occasion.capacity)
    here = (SignUp.activity_id == Occasion.activity_id) & (SignUp.occasion_id == Occasion.id)
    wanted = select(Occasion.id).join(SignUp, here).where(Occasion.state == "planned", or_(late, waiting))
    return session.scalars(wanted.where(or_(late, Occasion.starts_at > now)).distinct().order_by(Occasion.id)).all()


def offer(session: Session, occasion_id: uuid.UUID, *, now: dt.datetime) -> int:
    """Take back offers that have run out, and offer the free seats to the next on the waiting list; how many offers
    were made. Done again, or by two at once, nothing more comes of it.

    Where places are drawn or people are chosen the next is who leaves the grid filled best, else who has waited
    longest; a party for which the seats do not suffice is passed over. Once an occasion has begun nothing is offered.
    """
    occasion = placing.held(session, occasion_id)
    _take_back(session, occasion, now)
    if occasion.state != "planned" or occasion.starts_at <= now or _still_choosing(session, occasion, now):
        return 0
    until = _until(occasion, now)
    by_grid = occasion.event.selection != Selection.FIRST
    targets = filling.targets(session, occasion) if by_grid else ()
    waiting, made = _waiting(session, occasion), 0
    held = [*filling.held(session, occasion)]
    while (free := occasion.capacity - occasion.taken) > 0:
        line = ((ticket, one) for ticket, (_code, one) in waiting.items())
        found = next_in_line(line, targets, held, free)
        if found is None:
            break
        code, one = waiting.pop(found)
        # They may have gone, or bring others along by now.
        still = SignUp.standing == Standing.LISTED, SignUp.seats == one.size
        if placing.move(
            session, occasion.activity_id, code, *still, to=Standing.OFFERED, rank=SignUp.rank, offered_until=until
        ):
            placing.take(session, occasion.id, one.size, listed=True)
            held.append((one, 1))
            made += 1
    return made


def _take_back(session: Session, occasion: Occasion, now: dt.datetime) -> None:
    late = select(SignUp.code, SignUp.seats).where(
        SignUp.activity_id == occasion.activity_id,
        SignUp.occasion_id == occasion.id,
        SignUp.standing == Standing.OFFERED,
        SignUp.offered_until <= now,
    )
    for code, seats in session.execute(late.with_for_update()).all():
        placing.move(session, occasion.activity_id, code, to=Standing.REFUSED, reason=TOO_LATE)
        placing.give_back(session, occasion.id, seats)


def _still_choosing(session: Session, occasion: Occasion, now: dt.datetime) -> bool:
    """Whether seats are still given by hand: people can be nominated, or wait to be chosen."""
    if occasion.event.selection != Selection.NOMINATION:
        return False
    if now < queries.sign_up_ends(session.get_one(Activity, occasion.activity_id), occasion):
        return True
    asked = select(func.count()).where(
        SignUp.activity_id == occasion.activity_id,
        SignUp.occasion_id == occasion.id,
        SignUp.standing == Standing.ASKED,
    )
    return session.scalar(asked) != 0


def _until(occasion: Occasion, now: dt.datetime) -> dt.datetime:
    """When an offer made now runs out: at a full hour, for a time that tells less of who made room for it."""
    end = now + dt.timedelta(hours=occasion.event.offer_hours)
    full = end.replace(minute=0, second=0, microsecond=0)
    return min(full if full == end else full + _HOUR, occasion.starts_at)


def _waiting(session: Session, occasion: Occasion) -> dict[str, tuple[bytes, Class]]:
    wanted = select(SignUp.ticket, SignUp.code, SignUp.profile, SignUp.seats).where(
        SignUp.activity_id == occasion.activity_id,
        SignUp.occasion_id == occasion.id,
        SignUp.standing == Standing.LISTED,
    )
    rows = session.execute(wanted.order_by(SignUp.rank))
    return {ticket: (code, filling.one(profile, seats)) for ticket, code, profile, seats in rows}
