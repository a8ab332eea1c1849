"""Walk-ins: people who come on the day without having signed up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.localtime import local
from consult.events import placing, queries, tickets, vault
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, Standing, Way
from consult.events.trail import note
from consult.events.vault import Person
from consult.participation import codes
from consult.participation.service import day
from consult.processes.models import Activity


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody who came on the day; they need not say who they are."""

    locale: str
    name: str = ""
    address: str = ""
    """Of their e-mail."""
    phone: str = ""
    institution: str = ""
    """For whom they come."""
    profile: Mapping[str, str] = field(default_factory=dict)
    consents: bool = False
    speaks: bool = False
    """Whether they ask to speak."""
    beyond: bool = False
    """Whether there shall be a seat more where all are taken."""


def walk_in(
    session: Session,
    keys: Keys,
    activity: Activity,
    occasion: Occasion,
    wanted: WalkIn,
    *,
    code: str,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Give somebody a seat who is there; sent twice with the same code, they have one.

    Refuses `events.walk_in.early` before the day of the occasion, `events.walk_in.consent` and `events.walk_in.full`.
    """
    zone = occasion.time_zone
    if occasion.state != "planned" or local(now, zone).date() < local(occasion.starts_at, zone).date():
        raise Refused.because("events.walk_in.early")
    if not wanted.consents:
        raise Refused(Problem("events.walk_in.consent", place=Place(field="consents")))
    placing.held(session, occasion.id)
    digest = codes.digest(keys.codes, activity.id, code)
    if queries.sign_up(session, activity.id, digest) is not None:
        return
    if not placing.take(session, occasion.id, 1, listed=True):
        if not wanted.beyond:
            raise Refused(Problem("events.walk_in.full", place=Place(field="beyond")))
        placing.add(session, occasion.id, 1)
    session.add(
        SignUp(
            activity_id=activity.id,
            code=digest,
            occasion_id=occasion.id,
            standing=Standing.PLACED,
            way=Way.WALK_IN,
            institution=wanted.institution,
            ticket=tickets.draw(),
            profile=dict(wanted.profile),
            locale=wanted.locale,
            day=day(now, activity.time_zone),
            attended=True,
            speaks=0 if wanted.speaks and occasion.event.speaking else None,
        )
    )
    session.flush()
    if wanted.name or wanted.address or wanted.phone:
        person = Person(name=wanted.name, address=wanted.address, phone=wanted.phone, code=code)
        vault.keep(session, keys, activity.id, digest, person)
    note(session, activity, "walk_in", {"occasion": occasion.number, "beyond": wanted.beyond}, by, now)
