"""Signing up, changing that, taking it back, taking an offered place.

Each settles races by holding the occasion, then by one conditional statement on the sign-up. Mails are no business of
these: what somebody was last told is compared with where they stand (`events.messages`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.events import placing, queries, tickets, vault
from consult.events.models.planned import Event, Occasion, Selection
from consult.events.models.signed import Draw, SignUp, Standing
from consult.events.vault import Person
from consult.events.wanted import Wanted, changing, consenting, problems
from consult.participation import codes
from consult.participation.service import is_open

LIVE: Final = (*placing.HOLDING, Standing.ASKED, Standing.LISTED)
"""Those who stand so may still come."""


def sign_up(
    session: Session,
    keys: Keys,
    event: Event,
    occasion_id: uuid.UUID,
    wanted: Wanted,
    *,
    apart: bool = False,
    today: dt.date,
    now: dt.datetime,
) -> SignUp:
    """Sign somebody up under the code that is in `wanted.person`; done before, it stays what it was.

    First come, first served: a place while there is room and nobody waits for one, else the next rank of the waiting
    list. Else, and where the bot measures found something (`apart`), they wait until somebody decides. Refuses
    `events.sign_up.closed` and what `wanted.problems` finds.
    """
    digest = codes.digest(keys.codes, event.activity_id, wanted.person.code)
    known = queries.sign_up(session, event.activity_id, digest)
    if known is not None:
        return known
    refuse_if_any(problems(event, wanted))
    try:
        with session.begin_nested():  # a form that is sent twice at once takes its seats once
            return _signed(session, keys, event, occasion_id, digest, wanted, apart=apart, today=today, now=now)
    except IntegrityError:
        known = queries.sign_up(session, event.activity_id, digest)
        if known is None:
            raise
        return known


def _signed(
    session: Session,
    keys: Keys,
    event: Event,
    occasion_id: uuid.UUID,
    digest: bytes,
    wanted: Wanted,
    *,
    apart: bool,
    today: dt.date,
    now: dt.datetime,
) -> SignUp:
    occasion = placing.held(session, occasion_id)
    if not _open(session, occasion, now):
        raise Refused.because("events.sign_up.closed")
    standing, rank = Standing.ASKED, None
    if event.selection == Selection.FIRST and not apart:
        standing, rank = _in_turn(session, occasion, wanted.seats)
    made = SignUp(
        activity_id=event.activity_id,
        code=digest,
        occasion_id=occasion_id,
        standing=standing,
        rank=rank,
        way=wanted.way,
        institution=wanted.institution,
        ticket=tickets.draw(),
        profile=dict(wanted.profile),
        seats=wanted.seats,
        needs=[str(need) for need in wanted.needs],
        locale=wanted.locale,
        day=today,
        speaks=0 if wanted.speaks and event.speaking else None,
    )
    session.add(made)
    session.flush()
    vault.keep(session, keys, event.activity_id, digest, wanted.person)
    return made


def _open(session: Session, occasion: Occasion, now: dt.datetime) -> bool:
    """Whether somebody can sign up for an occasion that is held: not once places were drawn, either."""
    return (
        queries.takes(occasion, now)
        and is_open(session, occasion.activity_id, now)
        and session.get(Draw, occasion.id) is None
    )


def _in_turn(session: Session, occasion: Occasion, seats: int) -> tuple[Standing, int | None]:
    if placing.take(session, occasion.id, seats):
        return Standing.PLACED, None
    return Standing.LISTED, placing.enlist(session, occasion.id)


def answerable(session: Session, mine: SignUp, now: dt.datetime) -> bool:
    """Whether the answers to the screening can be changed: as long as one can sign up and nothing was decided."""
    return mine.standing == Standing.ASKED and _open(session, mine.occasion, now)


def change(
    session: Session, keys: Keys, event: Event, digest: bytes, wanted: Wanted, *, revision: int, now: dt.datetime
) -> None:
    """Change contact data, needs, companions, and what was answered as long as it is `answerable`. Done before, nothing
    happens.

    `revision`: of the sign-up that was changed. Refuses `events.sign_up.over` where nothing can be changed,
    `.changed` where it is another by now, `.room` where there is none for more companions.
    """
    mine, kept = _live(session, keys, event, digest, now)
    refuse_if_any(changing(event, wanted))
    answers = kept.answers
    values: dict[str, Any] = {"needs": [str(need) for need in wanted.needs], "seats": wanted.seats}
    if answerable(session, mine, now):
        answers, values["profile"] = wanted.person.answers, dict(wanted.profile)
    person = msgspec.structs.replace(wanted.person, code=kept.code, guardian=kept.guardian, answers=answers)
    if mine.revision != revision:
        if person == kept and all(getattr(mine, name) == value for name, value in values.items()):
            return
        raise Refused.because("events.sign_up.changed")
    if mine.standing in placing.HOLDING:
        _resize(session, mine.occasion, wanted.seats - mine.seats)
    _stay(session, mine, **values)
    vault.keep(session, keys, event.activity_id, digest, person)


def _resize(session: Session, occasion: Occasion, more: int) -> None:
    if more > 0 and not placing.take(session, occasion.id, more):
        raise Refused(Problem("events.sign_up.room", place=Place(field="companions")))
    if more < 0:
        placing.give_back(session, occasion.id, -more)


def agree(session: Session, keys: Keys, event: Event, digest: bytes, wanted: Wanted, *, now: dt.datetime) -> None:
    """Agree to what the event asks consent to: who was nominated by others. Done before, nothing happens.

    Refuses `events.sign_up.over` where nobody can any more, and what `wanted.consenting` finds.
    """
    mine, kept = _live(session, keys, event, digest, now)
    if mine.consented:
        return
    refuse_if_any(consenting(event, wanted))
    _stay(session, mine, consented=True)
    person = msgspec.structs.replace(kept, guardian=wanted.person.guardian)
    vault.keep(session, keys, event.activity_id, digest, person)


def cancel(session: Session, activity_id: uuid.UUID, digest: bytes, *, now: dt.datetime) -> None:
    """Take a sign-up back, an offered place with it; the seats are free again. Done before, nothing happens.

    Refuses `events.sign_up.over` once the occasion is over.
    """
    mine = _held(session, activity_id, digest)
    if mine is None or mine.occasion.ends_at <= now:
        raise Refused.because("events.sign_up.over")
    if mine.standing not in LIVE:
        return
    held = mine.standing in placing.HOLDING
    _move(session, mine, Standing.CANCELLED)
    if held:
        placing.give_back(session, mine.occasion_id, mine.seats)


def take_offer(session: Session, activity_id: uuid.UUID, digest: bytes, *, now: dt.datetime) -> None:
    """Take the place that is offered; taken before, nothing happens. Refuses `events.offer.over` where there is no
    offer any more."""
    mine = _held(session, activity_id, digest)
    if mine is not None and mine.standing == Standing.PLACED:
        return
    if mine is None or mine.offered_until is None or mine.offered_until <= now:
        raise Refused.because("events.offer.over")
    _move(session, mine, Standing.PLACED)


def _held(session: Session, activity_id: uuid.UUID, digest: bytes) -> SignUp | None:
    """A sign-up as it is now, its occasion held: nobody else changes where it stands."""
    found = queries.sign_up(session, activity_id, digest)
    if found is None:
        return None
    placing.held(session, found.occasion_id)
    return queries.sign_up(session, activity_id, digest)


def _live(session: Session, keys: Keys, event: Event, digest: bytes, now: dt.datetime) -> tuple[SignUp, Person]:
    """The same with the contact data of who may still come. Refuses `events.sign_up.over` where they may not."""
    mine = _held(session, event.activity_id, digest)
    kept = vault.person(session, keys, event.activity_id, digest)
    if mine is None or kept is None or mine.standing not in LIVE or mine.occasion.ends_at <= now:
        raise Refused.because("events.sign_up.over")
    return mine, kept


def _move(session: Session, mine: SignUp, to: Standing, **values: Any) -> None:
    """Change a sign-up that is as it was read. Refuses `events.sign_up.changed` where it is not."""
    still = SignUp.standing == mine.standing, SignUp.revision == mine.revision
    if not placing.move(session, mine.activity_id, mine.code, *still, to=to, **values):
        raise Refused.because("events.sign_up.changed")


def _stay(session: Session, mine: SignUp, **values: Any) -> None:
    """The same of what changes nothing in where somebody stands."""
    _move(session, mine, Standing(mine.standing), rank=mine.rank, offered_until=mine.offered_until, **values)
