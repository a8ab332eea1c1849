"""Writing to people who signed up: a job finds who does not know how things are, and puts mails into the outbox.

A mail and the mark that it was written are one transaction, on condition that nothing of the sign-up changed since it
was read: whoever is killed in between has written nothing, and two at once write one mail. Not with the request that
changes something: the outbox would tell when somebody signed up.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, CursorResult, exists, select, update
from sqlalchemy.orm import Session, aliased

from consult.config import Keys
from consult.db.installation import Installation
from consult.events import feedback, vault
from consult.events.letters import letter, zone_of
from consult.events.messages import SOON, THANKED_WITHIN, step
from consult.events.models.planned import Event, Occasion
from consult.events.models.signed import SignUp, Standing, Way
from consult.events.vault import Person
from consult.mail.service import Letter, post
from consult.processes.models import Activity

AT_ONCE: Final = 200
"""People written to in one transaction."""


def write(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Write to everybody who does not know how things are; without a mail server they are called (`events.calling`).

    What goes wrong with one occasion is raised after all others were written about.
    """
    if not installation.settings.smtp_url:
        return
    with installation.database.reading() as session:
        goes_on = (Occasion.ends_at > now) | (Occasion.state == "planned")
        wanted = select(Occasion.id).where(goes_on, Occasion.ends_at > now - THANKED_WITHIN)
        occasions = session.scalars(wanted.order_by(Occasion.id)).all()
    failed: Exception | None = None
    for occasion_id in occasions:
        try:
            _write_about(installation, occasion_id, now)
        except Exception as error:  # whatever it is, it must keep nobody else from their letter
            failed = failed or error
    if failed is not None:
        raise failed


def _write_about(installation: Installation, occasion_id: uuid.UUID, now: dt.datetime) -> None:
    after: bytes | None = b""
    while after is not None:
        with installation.database.reading() as session:
            ready, after = _composed(installation, session, occasion_id, after, now)
        if ready:
            with installation.database.transaction() as session:
                for one in ready:
                    _send(session, installation.keys, one, now)


@dataclass(frozen=True, slots=True)
class _Ready:
    """Somebody, as they were read, and what they are written; no letter where there is nothing to say."""

    seat: SignUp
    changes: Mapping[str, object]
    to: str
    letter: Letter | None


def _composed(
    installation: Installation, session: Session, occasion_id: uuid.UUID, after: bytes, now: dt.datetime
) -> tuple[Sequence[_Ready], bytes | None]:
    """The next letters about an occasion, and after whom to go on; none where those were the last."""
    keys, settings = installation.keys, installation.settings
    occasion = session.get_one(Occasion, occasion_id)
    which = unthanked(occasion) if occasion.ends_at <= now else unaware(occasion, now)
    found = page(session, keys, occasion, which, after)
    asked = _feedback(session, occasion.event, now)
    ready = []
    for seat, person in found.people:
        done = step(seat, occasion, zone_of(person, occasion), now) if person.address else None
        if done is not None:
            said = None
            if done.topic is not None:
                said = letter(done.topic, seat, person, occasion, settings=settings, feedback=asked, now=now)
            ready.append(_Ready(seat, done.changes, person.address, said))
    return ready, found.last


def unaware(occasion: Occasion, now: dt.datetime) -> ColumnElement[bool]:
    """Who may not know how things are, or is to be reminded: `messages.step` says what of."""
    untold = SignUp.told != SignUp.standing + f":{occasion.number}.{occasion.sequence}"
    if occasion.starts_at > now + SOON:
        return (SignUp.way != Way.WALK_IN) & untold
    return (SignUp.way != Way.WALK_IN) & (untold | (SignUp.standing == Standing.PLACED) & ~SignUp.reminded)


def unthanked(occasion: Occasion) -> ColumnElement[bool]:
    """Who is to be thanked: whoever was there, or had a place where nobody wrote down who came."""
    one = aliased(SignUp)
    mine = one.activity_id == occasion.activity_id, one.occasion_id == occasion.id
    kept = exists().where(*mine, one.attended.is_not(None))
    came = SignUp.attended.is_(True) | (SignUp.standing == Standing.PLACED) & ~kept
    return ~SignUp.thanked & came


@dataclass(frozen=True, slots=True)
class Page:
    """Some of those who signed up for an occasion, with how they are reached."""

    people: Sequence[tuple[SignUp, Person]]
    """Without those whose contact data were erased."""
    last: bytes | None
    """After whose key to go on; none where these were the last."""


def page(session: Session, keys: Keys, occasion: Occasion, which: ColumnElement[bool], after: bytes) -> Page:
    """The next of those who signed up for an occasion, in the order of their random keys."""
    mine = SignUp.activity_id == occasion.activity_id, SignUp.occasion_id == occasion.id
    wanted = select(SignUp).where(*mine, which, SignUp.code > after).order_by(SignUp.code).limit(AT_ONCE)
    seats = session.scalars(wanted).all()
    people = vault.people(session, keys, occasion.activity_id, [seat.code for seat in seats])
    last = seats[-1].code if len(seats) == AT_ONCE else None
    return Page([(seat, people[seat.code]) for seat in seats if seat.code in people], last)


def settle(session: Session, seat: SignUp, changes: Mapping[str, object]) -> bool:
    """Note what somebody knows, unless anything of it changed since it was read. One statement decides."""
    same = (
        SignUp.standing == seat.standing,
        SignUp.occasion_id == seat.occasion_id,
        SignUp.told == seat.told,
        SignUp.reminded == seat.reminded,
        SignUp.thanked == seat.thanked,
    )
    mine = SignUp.activity_id == seat.activity_id, SignUp.code == seat.code
    done = session.execute(
        update(SignUp).where(*mine, *same).values(**changes).execution_options(synchronize_session=False)
    )
    return cast(CursorResult[tuple[()]], done).rowcount == 1


def _send(session: Session, keys: Keys, one: _Ready, now: dt.datetime) -> None:
    if settle(session, one.seat, one.changes) and one.letter is not None:
        post(session, keys, to=one.to, locale=one.seat.locale, letter=one.letter, now=now)


def _feedback(session: Session, event: Event, now: dt.datetime) -> Activity | None:
    """The feedback questionnaire of an event, while people can answer it."""
    found = feedback.asked(session, event)
    return found if found is not None and found.state(now) == "open" and found.process.public else None
