"""How the profile grid of an occasion is filled: who has seats, and what the next would bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.sampling.classes import Candidate, Class
from consult.core.sampling.targets import Standing, Target, grid
from consult.events import queries
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp
from consult.events.placing import HOLDING

Held = Sequence[tuple[Class, int]]
"""Classes, with how many tickets of each have seats."""


def targets(session: Session, occasion: Occasion) -> tuple[Target, ...]:
    """The targets of the profile grid, in their order."""
    return tuple(
        Target({name: tuple(kinds) for name, kinds in row.cell.items()}, row.minimum, row.maximum)
        for row in queries.targets(session, occasion.activity_id)
    )


def one(profile: Mapping[str, str], seats: int) -> Class:
    """Somebody, with whom they bring along, as the grid counts them."""
    return Class.of(Candidate("", profile, seats))


def held(session: Session, occasion: Occasion) -> Held:
    """Those who have a place, or have been offered one."""
    wanted = select(SignUp.profile, SignUp.seats).where(
        SignUp.activity_id == occasion.activity_id,
        SignUp.occasion_id == occasion.id,
        SignUp.standing.in_(HOLDING),
    )
    found = Counter((tuple(sorted(profile.items())), seats) for profile, seats in session.execute(wanted))
    return [(one(dict(profile), seats), tickets) for (profile, seats), tickets in found.items()]


def filled(session: Session, occasion: Occasion) -> tuple[Standing, ...]:
    """How those who have seats stand against each target."""
    return grid(targets(session, occasion), held(session, occasion))
