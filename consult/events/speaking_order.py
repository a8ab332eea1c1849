"""The speaking order of a hearing: who asked to speak, in which order, who has the floor.

Everything here holds the occasion first. An order is always written whole, so that each place is given once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from consult.core import speaking
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.events import placing
from consult.events.models.held import Floor
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, Standing
from consult.events.trail import note
from consult.processes.models import Activity

LONGEST = 40
"""Characters of the number by which an order is drawn."""


def floor(session: Session, occasion: Occasion) -> Floor | None:
    """Who has the floor; none before an order was drawn."""
    return session.get(Floor, occasion.id)


def speakers(session: Session, occasion: Occasion) -> Sequence[SignUp]:
    """Those who have a place and asked to speak, in their order; those without a place in it first."""
    wanted = select(SignUp).where(
        SignUp.activity_id == occasion.activity_id,
        SignUp.occasion_id == occasion.id,
        SignUp.standing == Standing.PLACED,
        SignUp.speaks.is_not(None),
    )
    return session.scalars(wanted.order_by(SignUp.speaks, SignUp.ticket)).all()


def draw(
    session: Session,
    activity: Activity,
    occasion: Occasion,
    *,
    number: str,
    turns: str,
    minutes: int,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Order those who have not had the floor by lot, and where `turns` names a question of the profile, its categories
    by turns. Who has had the floor keeps their place."""
    placing.held(session, occasion.id)
    kept = floor(session, occasion) or Floor(occasion_id=occasion.id, place=0)
    rows = speakers(session, occasion)
    past = _order(session, occasion)[: kept.place]
    waiting = {row.ticket: row.profile.get(turns, "") for row in rows if row.ticket not in past}
    _write(session, occasion, [*past, *speaking.drawn(waiting, number, waiting if turns else {})])
    kept.number, kept.turns, kept.minutes, kept.place = number, turns, minutes, len(past)
    session.add(kept)
    note(session, activity, "draw_speakers", {"occasion": occasion.number, "number": number, "turns": turns}, by, now)


def add(
    session: Session, activity: Activity, occasion: Occasion, ticket: str, *, by: Actor | None, now: dt.datetime
) -> None:
    """Have somebody who has a place speak after all others. Done before, nothing happens."""
    placing.held(session, occasion.id)
    order = _order(session, occasion)
    if ticket not in order:
        _write(session, occasion, [*order, ticket])
        note(session, activity, "add_speaker", {"occasion": occasion.number}, by, now)


def remove(
    session: Session, activity: Activity, occasion: Occasion, ticket: str, *, by: Actor | None, now: dt.datetime
) -> None:
    """Have somebody not speak. Refuses `events.speaking.past` where they have had the floor."""
    placing.held(session, occasion.id)
    order = _order(session, occasion)
    _not_past(session, occasion, order, ticket)
    for row in speakers(session, occasion):
        if row.ticket == ticket:
            row.speaks = None
    _write(session, occasion, [other for other in order if other != ticket])
    note(session, activity, "remove_speaker", {"occasion": occasion.number}, by, now)


def move(
    session: Session,
    activity: Activity,
    occasion: Occasion,
    ticket: str,
    step: int,
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Have somebody speak `step` places later, or before. Refuses `events.speaking.past` where they, or whom they would
    come before, have had the floor."""
    placing.held(session, occasion.id)
    order = _order(session, occasion)
    if ticket not in order:
        return
    after = speaking.moved(order, ticket, step)
    _not_past(session, occasion, order, ticket)
    _not_past(session, occasion, after, ticket)
    _write(session, occasion, after)
    note(session, activity, "move_speaker", {"occasion": occasion.number}, by, now)


def go_on(session: Session, occasion: Occasion, *, seen: int, step: int) -> None:
    """Give the floor to the next, or back to the one before. `seen`: whose turn it was on the page; where it is
    somebody else's by now, nothing happens."""
    last = len(_order(session, occasion)) + 1
    if not 0 <= seen + step <= last:
        return
    here = Floor.occasion_id == occasion.id, Floor.place == seen
    session.execute(update(Floor).where(*here).values(place=seen + step).execution_options(synchronize_session="fetch"))


def _order(session: Session, occasion: Occasion) -> list[str]:
    return [row.ticket for row in speakers(session, occasion) if row.speaks]


def _not_past(session: Session, occasion: Occasion, order: Sequence[str], ticket: str) -> None:
    kept = floor(session, occasion)
    if kept is not None and ticket in order[: kept.place]:
        raise Refused.because("events.speaking.past")


def _write(session: Session, occasion: Occasion, order: Sequence[str]) -> None:
    """Give the places of an order; who asked and is not in it has none."""
    session.flush()
    here = SignUp.activity_id == occasion.activity_id, SignUp.occasion_id == occasion.id
    everybody = update(SignUp).where(*here, SignUp.speaks > 0).values(speaks=0)
    session.execute(everybody.execution_options(synchronize_session="fetch"))  # so that no place is taken twice
    if order:
        places = {ticket: place for place, ticket in enumerate(order, 1)}
        some = update(SignUp).where(*here, SignUp.standing == Standing.PLACED, SignUp.ticket.in_(order))
        given = some.values(speaks=case(places, value=SignUp.ticket))
        session.execute(given.execution_options(synchronize_session="fetch"))
