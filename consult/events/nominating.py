"""Nominating: institutions and associations name people, and who works on the event enters them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.events import drawing, placing, queries, tickets, vault
from consult.events.models.planned import Need, Occasion, Selection
from consult.events.models.signed import SignUp, Standing, Way
from consult.events.trail import note
from consult.events.vault import Person
from consult.participation import codes
from consult.participation.service import day
from consult.processes.models import Activity


@dataclass(frozen=True, slots=True)
class Nominee:
    """Somebody who was nominated."""

    name: str
    institution: str
    """Who nominates them."""
    locale: str
    """In which they are written to."""
    address: str = ""
    """Of their e-mail."""
    phone: str = ""
    profile: Mapping[str, str] = field(default_factory=dict)
    needs: Sequence[Need] = ()


def nominate(
    session: Session,
    keys: Keys,
    activity: Activity,
    occasion: Occasion,
    nominee: Nominee,
    *,
    code: str,
    by: Actor | None,
    now: dt.datetime,
) -> SignUp:
    """Enter somebody who was nominated; they wait for the selection as others do, and have not consented yet.

    `code` is theirs alone: they come back with it; entered under it before, they stay as they were. Refuses
    `events.nominate.reach` where they cannot be reached, `events.nominate.first` where places go to who comes first,
    `events.draw.done`, and `events.over`.
    """
    occasion = placing.held(session, occasion.id)
    digest = codes.digest(keys.codes, activity.id, code)
    known = queries.sign_up(session, activity.id, digest)
    if known is not None:
        return known
    _check(session, occasion, nominee, now)
    person = Person(name=nominee.name, address=nominee.address, phone=nominee.phone, code=code)
    vault.keep(session, keys, activity.id, digest, person)
    made = SignUp(
        activity_id=activity.id,
        code=digest,
        occasion_id=occasion.id,
        standing=Standing.ASKED,
        way=Way.NOMINATED,
        institution=nominee.institution,
        consented=False,
        ticket=tickets.draw(),
        profile=dict(nominee.profile),
        needs=[str(need) for need in nominee.needs],
        locale=nominee.locale,
        day=day(now, activity.time_zone),
    )
    session.add(made)
    session.flush()
    # Without the ticket: the trail would tell to the second when somebody was signed up.
    note(session, activity, "nominate", {"occasion": occasion.number}, by, now)
    return made


def _check(session: Session, occasion: Occasion, nominee: Nominee, now: dt.datetime) -> None:
    if not (nominee.address or nominee.phone):
        raise Refused(Problem("events.nominate.reach", place=Place(field="address")))
    if occasion.event.selection == Selection.FIRST:
        raise Refused.because("events.nominate.first")
    if occasion.state != "planned" or occasion.starts_at <= now:
        raise Refused.because("events.over")
    if drawing.drawn(session, occasion) is not None:
        raise Refused.because("events.draw.done")
