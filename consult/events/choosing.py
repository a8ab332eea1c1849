"""Choosing: who gets a place, who waits for one, who does not get one, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.text import clean
from consult.events import placing
from consult.events.models.planned import Occasion, Selection
from consult.events.models.signed import SignUp, Standing
from consult.events.trail import note
from consult.processes.models import Activity

LONGEST: Final = 500
"""Characters of a reason."""


class Act(StrEnum):
    """What officers decide about somebody."""

    PLACE = "place"
    LIST = "list"
    REFUSE = "refuse"


MOVES: Final = {
    Act.PLACE: (Standing.PLACED, (Standing.ASKED, Standing.LISTED, Standing.REFUSED)),
    Act.LIST: (Standing.LISTED, (Standing.ASKED, Standing.REFUSED)),
    Act.REFUSE: (Standing.REFUSED, (Standing.ASKED, Standing.LISTED, Standing.OFFERED, Standing.PLACED)),
}
"""Where somebody stands after it, and where they may have stood before."""
_BY_HAND: Final = {
    Selection.NOMINATION: (Act.PLACE, Act.LIST, Act.REFUSE),
    Selection.FIRST: (Act.LIST, Act.REFUSE),
    Selection.DRAW: (Act.REFUSE,),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What came of a decision about several."""

    done: int
    moved: int
    """Who stands elsewhere meanwhile: somebody else decided, or they changed or took back their sign-up."""
    full: int
    """For whom there was no room."""


def acts(selection: str, standings: Sequence[Standing]) -> list[Act]:
    """What can be decided about those who stand so: who comes first or is drawn is not chosen by hand.

    Where places go to who comes first, those wait whom the bot measures set apart: they can be let into the line.
    """
    return [act for act in _BY_HAND[Selection(selection)] if set(MOVES[act][1]) & {*standings}]


def choose(
    session: Session,
    activity: Activity,
    occasion: Occasion,
    seen: Mapping[bytes, int],
    act: Act,
    reason: str,
    *,
    by: Actor | None,
    now: dt.datetime,
) -> Chosen:
    """Decide about those who signed up for an occasion, by the revision that was seen of each.

    Refuses `events.choose.nobody`, `events.choose.reason`, `events.choose.by_hand`, and `events.over` once the occasion
    has begun or was cancelled.
    """
    said = clean(reason).strip()
    _check(occasion, seen, act, said, now)
    placing.held(session, occasion.id)
    wanted = select(SignUp.code, SignUp.ticket, SignUp.standing, SignUp.seats, SignUp.revision).where(
        SignUp.activity_id == activity.id, SignUp.occasion_id == occasion.id, SignUp.code.in_(seen)
    )
    to, origins = MOVES[act]
    done, full = [], 0
    for code, ticket, standing, seats, revision in session.execute(wanted.order_by(SignUp.code)).all():
        if standing not in origins or revision != seen[code]:
            continue
        if act is Act.PLACE and not placing.take(session, occasion.id, seats, listed=True):
            full += 1
            continue
        rank = placing.enlist(session, occasion.id) if act is Act.LIST else None
        still = SignUp.standing == standing, SignUp.revision == revision
        moved = placing.move(session, activity.id, code, *still, to=to, reason=said, rank=rank)
        if moved:
            done.append(ticket)
        if (act is Act.PLACE and not moved) or (moved and standing in placing.HOLDING):
            placing.give_back(session, occasion.id, seats)
    if done:
        details = {"occasion": occasion.number, "act": act, "tickets": sorted(done)}
        note(session, activity, "choose", details, by, now)
    return Chosen(len(done), len(seen) - len(done) - full, full)


def _check(occasion: Occasion, seen: Mapping[bytes, int], act: Act, said: str, now: dt.datetime) -> None:
    if not seen:
        raise Refused.because("events.choose.nobody")
    if act not in acts(occasion.event.selection, list(Standing)):
        raise Refused.because("events.choose.by_hand")
    if len(said) > LONGEST or (not said and act is not Act.LIST):
        raise Refused(Problem("events.choose.reason", {"max": LONGEST}, Place(field="reason")))
    if occasion.state != "planned" or occasion.starts_at <= now:
        raise Refused.because("events.over")
