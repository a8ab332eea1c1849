"""Drawing places by quotas and lot, once for each occasion, so that anyone can recompute it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.sampling import draw as sampling
from consult.core.sampling.classes import Candidate
from consult.core.sampling.record import Entries, commitment, digest, encode, enter
from consult.core.text import clean
from consult.events import filling, placing, queries
from consult.events.models.planned import Occasion, Selection
from consult.events.models.signed import Draw, SignUp, Standing
from consult.events.trail import note
from consult.processes.models import Activity

LONGEST: Final = 200
"""Characters of a seed."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draw would start from, and how far it can meet the targets, whatever the seed."""

    entries: Entries
    commitment: str
    """SHA-256 of the entries: announced before the seed is known, it shows that nobody was added after it."""
    people: tuple[int, ...]
    """By target, how many candidates certainly count for it."""
    violation: int
    """How many people will be missing or too many, over all targets, at least."""


def drawn(session: Session, occasion: Occasion) -> Draw | None:
    """The draw of an occasion, if there was one."""
    return session.get(Draw, occasion.id)


def entries(session: Session, activity: Activity, occasion: Occasion) -> Entries:
    """All that is decided before the seed is known: who waits for the draw, as tickets in classes, and the targets.

    Of profiles only what a target names goes into it: what decides nothing would only make classes smaller.
    """
    targets = filling.targets(session, occasion)
    variables = sorted({name for target in targets for name in target.cell})
    wanted = select(SignUp.ticket, SignUp.profile, SignUp.seats).where(
        SignUp.activity_id == activity.id, SignUp.occasion_id == occasion.id, SignUp.standing == Standing.ASKED
    )
    candidates = tuple(
        Candidate(ticket, {name: profile.get(name, "") for name in variables}, seats)
        for ticket, profile, seats in session.execute(wanted)
    )
    free = occasion.capacity - occasion.taken
    return enter(candidates, targets, capacity=free, threshold=activity.process.threshold)


def preview(session: Session, activity: Activity, occasion: Occasion) -> Preview:
    """What the draw would start from now."""
    found = entries(session, activity, occasion)
    sizes = [*zip(found.classes, found.candidates, strict=True)]
    people = tuple(sum(target.least(one) * many for one, many in sizes) for target in found.targets)
    # The least violation is the same whatever the seed is; who pays for it may not be.
    least = sum(one.short + one.over for one in sampling.draw(found, "").violations)
    return Preview(found, commitment(found), people, least)


def draw(
    session: Session, activity: Activity, occasion: Occasion, seed: str, *, by: Actor | None, now: dt.datetime
) -> Draw:
    """Draw: places to the winners, the waiting list in the drawn order to the others.

    Refuses `events.draw.seed`, `events.draw.selection` where places are not drawn, `events.draw.done`,
    `events.draw.open` while people can sign up, `events.draw.nobody`, and `events.over`.
    """
    sown = " ".join(clean(seed).split())
    if not 0 < len(sown) <= LONGEST:
        raise Refused(Problem("events.draw.seed", {"max": LONGEST}, Place(field="seed")))
    occasion = placing.held(session, occasion.id)
    if occasion.event.selection != Selection.DRAW:
        raise Refused.because("events.draw.selection")
    if drawn(session, occasion) is not None:
        raise Refused.because("events.draw.done")
    if occasion.state != "planned" or occasion.starts_at <= now:
        raise Refused.because("events.over")
    if now < queries.sign_up_ends(activity, occasion):
        raise Refused.because("events.draw.open")
    rows = _candidates_held(session, occasion)
    if not rows:
        raise Refused.because("events.draw.nobody")
    record = sampling.draw(entries(session, activity, occasion), sown)
    placing.take(session, occasion.id, sum(rows[ticket][1] for ticket in record.winners), listed=True)
    for ticket in record.winners:
        placing.move(session, activity.id, rows[ticket][0], to=Standing.PLACED)
    for ticket in record.waiting:
        rank = placing.enlist(session, occasion.id)
        placing.move(session, activity.id, rows[ticket][0], to=Standing.LISTED, rank=rank)
    made = Draw(occasion_id=occasion.id, seed=sown, record=encode(record), hash=digest(record), drawn_at=now)
    made.by_id = by.id if by else None
    session.add(made)
    session.flush()
    note(session, activity, "draw", {"occasion": occasion.number, "seed": sown, "hash": made.hash}, by, now)
    return made


def _candidates_held(session: Session, occasion: Occasion) -> dict[str, tuple[bytes, int]]:
    """Codes and seats of those who wait for the draw, by ticket; none of them changes or goes until it is done."""
    wanted = select(SignUp.ticket, SignUp.code, SignUp.seats).where(
        SignUp.activity_id == occasion.activity_id,
        SignUp.occasion_id == occasion.id,
        SignUp.standing == Standing.ASKED,
    )
    return {ticket: (code, seats) for ticket, code, seats in session.execute(wanted.with_for_update())}
