"""Signing up, changing that, taking it back, taking an offered place.

Each settles races by holding the occasion, then by one conditional statement on the sign-up. Mails are no business of
these: what somebody was last told is compared with where they stand (`events.messages`).
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import Any, Final, cast

import msgspec
from sqlalchemy import CursorResult, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.events import placing, queries, vault
from consult.events.models.planned import Event, Occasion, Selection
from consult.events.models.signed import Draw, SignUp, Standing
from consult.events.wanted import Wanted, changing, problems
from consult.participation import codes
from consult.participation.service import is_open

HOLDING: Final = frozenset({Standing.PLACED, Standing.OFFERED})
"""Who has seats."""
WAITING: Final = frozenset({Standing.ASKED, Standing.LISTED})
LIVE: Final = HOLDING | WAITING
_TICKET: Final = 12
"""Letters and digits of a ticket: 60 random bits."""


def takes(occasion: Occasion, now: dt.datetime) -> bool:
    """Whether one can still sign up for an occasion, where its event is open."""
    ends = min(occasion.starts_at, occasion.sign_up_until or occasion.starts_at)
    return occasion.state == "planned" and now < ends


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
        ticket=codes.spell(secrets.token_bytes(16))[-_TICKET:],
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
        takes(occasion, now) and is_open(session, occasion.activity_id, now) and session.get(Draw, occasion.id) is None
    )


def _in_turn(session: Session, occasion: Occasion, seats: int) -> tuple[Standing, int | None]:
    if _take(session, occasion, seats):
        return Standing.PLACED, None
    return Standing.LISTED, placing.enlist(session, occasion.id)


def _take(session: Session, occasion: Occasion, seats: int) -> bool:
    """Take seats of an occasion that is held, unless others wait for them."""
    waiting = exists().where(
        SignUp.activity_id == occasion.activity_id,
        SignUp.occasion_id == occasion.id,
        SignUp.standing == Standing.LISTED,
    )
    return not session.scalar(select(waiting)) and placing.take(session, occasion.id, seats)


def answerable(session: Session, mine: SignUp, now: dt.datetime) -> bool:
    """Whether the answers to the screening can be changed: as long as one can sign up and nothing was decided."""
    return mine.standing == Standing.ASKED and _open(session, mine.occasion, now)


def change(
    session: Session, keys: Keys, event: Event, digest: bytes, wanted: Wanted, *, revision: int, now: dt.datetime
) -> None:
    """Change contact data, needs, companions, and what was answered as long as it is `answerable`.

    `revision`: of the sign-up that was changed. Refuses `events.sign_up.over` where nothing can be changed,
    `.changed` where it is another by now, `.room` where there is none for more companions.
    """
    mine = _held(session, event.activity_id, digest)
    kept = vault.person(session, keys, event.activity_id, digest)
    if mine is None or kept is None or mine.standing not in LIVE or mine.occasion.ends_at <= now:
        raise Refused.because("events.sign_up.over")
    if mine.revision != revision:
        raise Refused.because("events.sign_up.changed")
    refuse_if_any(changing(event, wanted))
    answers = kept.answers
    values: dict[str, Any] = {"needs": [str(need) for need in wanted.needs], "seats": wanted.seats}
    if answerable(session, mine, now):
        answers, values["profile"] = wanted.person.answers, dict(wanted.profile)
    if mine.standing in HOLDING:
        _resize(session, mine.occasion, wanted.seats - mine.seats)
    _settle(session, mine, **values)
    person = msgspec.structs.replace(wanted.person, code=kept.code, guardian=kept.guardian, answers=answers)
    vault.keep(session, keys, event.activity_id, digest, person)


def _resize(session: Session, occasion: Occasion, more: int) -> None:
    if more > 0 and not _take(session, occasion, more):
        raise Refused(Problem("events.sign_up.room", place=Place(field="companions")))
    if more < 0:
        placing.give_back(session, occasion.id, -more)


def cancel(session: Session, activity_id: uuid.UUID, digest: bytes, *, now: dt.datetime) -> None:
    """Take a sign-up back, an offered place with it; the seats are free again. Done before, nothing happens.

    Refuses `events.sign_up.over` once the occasion is over.
    """
    mine = _held(session, activity_id, digest)
    if mine is None or mine.occasion.ends_at <= now:
        raise Refused.because("events.sign_up.over")
    if mine.standing not in LIVE:
        return
    held = mine.standing in HOLDING
    _settle(session, mine, standing=Standing.CANCELLED, offered_until=None, rank=None)
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
    _settle(session, mine, standing=Standing.PLACED, offered_until=None, rank=None)


def _held(session: Session, activity_id: uuid.UUID, digest: bytes) -> SignUp | None:
    """A sign-up as it is now, its occasion held: nobody else changes where it stands."""
    found = queries.sign_up(session, activity_id, digest)
    if found is None:
        return None
    placing.held(session, found.occasion_id)
    return queries.sign_up(session, activity_id, digest)


def _settle(session: Session, mine: SignUp, **values: Any) -> None:
    """Change a sign-up that stands as it was read. Refuses `events.sign_up.changed` where it does not."""
    done = session.execute(
        update(SignUp)
        .where(
            SignUp.activity_id == mine.activity_id,
            SignUp.code == mine.code,
            SignUp.standing == mine.standing,
            SignUp.revision == mine.revision,
        )
        .values(revision=SignUp.revision + 1, **values)
        .execution_options(synchronize_session="fetch")
    )
    if cast(CursorResult[tuple[()]], done).rowcount != 1:
        raise Refused.because("events.sign_up.changed")
