"""Who of those placed on an occasion was there.

A mark says how somebody is to be marked, not what changes: sent twice it counts once, and of two marks of one person
the one that arrives last stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.events import vault
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, Standing
from consult.events.trail import note
from consult.events.vault import Person
from consult.participation import codes
from consult.processes.models import Activity

MARKS: Final[Mapping[str, bool | None]] = {"here": True, "away": False, "open": None}
"""How somebody can be marked; open: it is not known."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody who has a place, as the list on the day shows them."""

    row: SignUp
    name: str
    """Empty where they gave none, or their contact data were erased."""
    companions: Sequence[str] = ()
    needs: str = ""
    """In their own words."""

    @property
    def mark(self) -> str:
        """How they are marked: of `MARKS`."""
        return next(name for name, there in MARKS.items() if there is self.row.attended)

    def is_meant(self, typed: str) -> bool:
        """Whether a part of the name or companions' names was typed, or the whole ticket in any case and grouping."""
        wanted = typed.casefold().strip()
        return wanted in " ".join([self.name, *self.companions]).casefold() or is_ticket(self.row.ticket, typed)


def is_ticket(ticket: str, typed: str) -> bool:
    """Whether a ticket was typed, in any case and grouping."""
    return codes.plain(typed) == codes.plain(ticket) != ""


def placed(session: Session, keys: Keys, occasion: Occasion) -> list[Listed]:
    """Those who have a place, by their names; who gave none comes last."""
    rows = session.scalars(select(SignUp).where(*_of(occasion))).all()
    persons = vault.people(session, keys, occasion.activity_id, [row.code for row in rows])
    listed = (_listed(row, persons.get(row.code)) for row in rows)
    return sorted(listed, key=lambda one: (not one.name, one.name.casefold(), one.row.ticket))


def _listed(row: SignUp, person: Person | None) -> Listed:
    return Listed(row, person.name, person.companions, person.needs) if person else Listed(row, "")


def marks(session: Session, occasion: Occasion) -> dict[str, str]:
    """How everybody who has a place is marked, by ticket."""
    names = {there: name for name, there in MARKS.items()}
    wanted = select(SignUp.ticket, SignUp.attended).where(*_of(occasion))
    return {ticket: names[there] for ticket, there in session.execute(wanted)}


def mark(
    session: Session,
    activity: Activity,
    occasion: Occasion,
    given: Iterable[tuple[str, str]],
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Mark people by their tickets (`MARKS`); who has no place any more is left out."""
    wanted = dict(given)
    changed = 0
    for name, there in MARKS.items():
        tickets = [ticket for ticket, marked in wanted.items() if marked == name]
        if tickets:
            changed += _set(session, occasion, there, SignUp.ticket.in_(tickets))
    if changed:
        # Without tickets: the trail would tell to the second when somebody came.
        note(session, activity, "mark", {"occasion": occasion.number}, by, now)


def close(session: Session, activity: Activity, occasion: Occasion, *, by: Actor | None, now: dt.datetime) -> None:
    """Mark everybody who is not marked as not there. Refuses `events.list.early` before the occasion has begun."""
    if now < occasion.starts_at:
        raise Refused.because("events.list.early")
    if _set(session, occasion, False, SignUp.attended.is_(None)):
        note(session, activity, "close_list", {"occasion": occasion.number}, by, now)


def _of(occasion: Occasion) -> tuple[ColumnElement[bool], ...]:
    here = SignUp.activity_id == occasion.activity_id, SignUp.occasion_id == occasion.id
    return *here, SignUp.standing == Standing.PLACED


def _set(session: Session, occasion: Occasion, there: bool | None, *whom: ColumnElement[bool]) -> int:
    done = session.execute(
        update(SignUp)
        .where(*_of(occasion), *whom, SignUp.attended.is_distinct_from(there))
        .values(attended=there)
        .execution_options(synchronize_session="fetch")
    )
    return cast(CursorResult[tuple[()]], done).rowcount
