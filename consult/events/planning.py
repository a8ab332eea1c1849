"""When and where an event is held: occasions are planned, changed, copied for other cities, cancelled.

Whoever plans holds the lock of the activity. Seats are given meanwhile: what depends on how many are taken is decided
by the statement that changes the occasion.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from consult.core import localtime
from consult.core.access import Actor
from consult.core.codes import LANGUAGES
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.text import LocalisedText
from consult.events import programme, queries
from consult.events.models.planned import Occasion, Provision
from consult.events.models.signed import SignUp, Standing
from consult.events.trail import note
from consult.events.wordings import renewing
from consult.processes.models import Activity
from consult.processes.service import lock

_MOVED: Final = ("starts_at", "ends_at", "time_zone", "in_place", "place", "online", "link")
"""What calendars follow."""
_CONCERNED: Final = (Standing.ASKED, Standing.PLACED, Standing.OFFERED, Standing.LISTED)
"""Those who may still count on an occasion."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What officers decide about an occasion; times are those of the clocks of its time zone."""

    title: LocalisedText
    time_zone: str
    starts: dt.datetime
    minutes: int
    capacity: int
    in_place: bool = True
    place: LocalisedText = field(default_factory=LocalisedText)
    online: bool = False
    link: str = ""
    sign_up_until: dt.datetime | None = None
    languages: Sequence[str] = ()
    interpretation: Sequence[str] = ()
    provisions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class City:
    """Where and when else the same is held, in the locale in which the event is written."""

    title: str
    place: str
    time_zone: str
    starts: dt.datetime | None


def plan_of(occasion: Occasion) -> Plan:
    """What was decided about an occasion."""
    until = occasion.sign_up_until
    return Plan(
        title=occasion.title,
        time_zone=occasion.time_zone,
        starts=localtime.shown(occasion.starts_at, occasion.time_zone),
        minutes=round((occasion.ends_at - occasion.starts_at) / dt.timedelta(minutes=1)),
        capacity=occasion.capacity,
        in_place=occasion.in_place,
        place=occasion.place,
        online=occasion.online,
        link=occasion.link,
        sign_up_until=until and localtime.shown(until, occasion.time_zone),
        languages=occasion.languages,
        interpretation=occasion.interpretation,
        provisions=occasion.provisions,
    )


def put(
    session: Session, activity: Activity, occasion: Occasion | None, plan: Plan, *, by: Actor | None, now: dt.datetime
) -> Occasion:
    """Plan another occasion, numbered after all others, or change one.

    Refuses `events.occasion.title` and `events.occasion.place` (missing in the locale of the event),
    `events.occasion.somewhere` (neither in a place nor online), `events.occasion.link`, `events.occasion.language`,
    `events.occasion.past`, `events.occasion.sign_up_until` (after it starts), `time.skipped` and `time.twice`;
    `events.occasion.capacity` (more seats are taken) and `events.occasion.cancelled`.
    """
    lock(session, activity)
    if occasion is not None:
        session.refresh(occasion)
    refuse_if_any(_problems(activity, plan))
    values = _values(plan, occasion, now)
    with renewing(session, activity, by, now):
        if occasion is None:
            verb, occasion = "add_occasion", _added(session, activity, values)
        else:
            verb = "change_occasion"
            _change(session, occasion, values)
    details = {"occasion": occasion.number, "starts_at": occasion.starts_at.isoformat(), "capacity": occasion.capacity}
    note(session, activity, verb, details, by, now)
    return occasion


def copy(
    session: Session,
    activity: Activity,
    occasion: Occasion,
    cities: Mapping[int, City],
    *,
    by: Actor | None,
    now: dt.datetime,
) -> list[Occasion]:
    """Hold the same in other cities, with the same programme; `cities`: by the number of the row that names them.

    Refuses `events.series.empty`, `events.series.starts` (not said when) and what `put` refuses, each at the field of
    its row (`title_1`).
    """
    if not cities:
        raise Refused.because("events.series.empty")
    found: list[Problem] = []
    made = []
    for row, city in cities.items():
        if city.starts is None:
            found.append(Problem("events.series.starts", place=Place(field=f"starts_{row}")))
            continue
        plan = _elsewhere(activity, plan_of(occasion), city, city.starts)
        try:
            other = put(session, activity, None, plan, by=by, now=now)
        except Refused as refused:
            found += [replace(problem, place=_in_row(problem, row)) for problem in refused.problems]
        else:
            programme.take_over(session, other, occasion)
            made.append(other)
    refuse_if_any(found)
    return made


def concerned(session: Session, occasion: Occasion) -> int:
    """How many people count on an occasion, those included whom they bring along."""
    wanted = select(func.coalesce(func.sum(SignUp.seats), 0)).where(*_of(occasion))
    return session.execute(wanted).scalar_one()


def cancel(session: Session, activity: Activity, occasion: Occasion, *, by: Actor | None, now: dt.datetime) -> None:
    """Hold an occasion no more: whoever counted on it is cancelled, the seats are free.

    Refuses `events.occasion.cancelled` where it was before, and `events.occasion.over`.
    """
    lock(session, activity)
    session.refresh(occasion)
    values = {"state": "cancelled", "taken": 0, "sequence": Occasion.sequence + 1}
    if not _updated(session, occasion.id, values, Occasion.ends_at > now):
        raise Refused.because("events.occasion.over" if occasion.state == "planned" else "events.occasion.cancelled")
    gone = {"standing": Standing.CANCELLED, "rank": None, "offered_until": None, "revision": SignUp.revision + 1}
    session.execute(update(SignUp).where(*_of(occasion)).values(**gone).execution_options(synchronize_session=False))
    session.expire_all()
    note(session, activity, "cancel_occasion", {"occasion": occasion.number}, by, now)


def _of(occasion: Occasion) -> tuple[Any, ...]:
    return (
        SignUp.activity_id == occasion.activity_id,
        SignUp.occasion_id == occasion.id,
        SignUp.standing.in_(_CONCERNED),
    )


def _problems(activity: Activity, plan: Plan) -> Iterator[Problem]:
    source = activity.locales[0]
    if not plan.title.get(source):
        yield Problem("events.occasion.title", place=Place(field=f"title-{source}"))
    if not (plan.in_place or plan.online):
        yield Problem("events.occasion.somewhere", place=Place(field="in_place"))
    if plan.in_place and not plan.place.get(source):
        yield Problem("events.occasion.place", place=Place(field=f"place-{source}"))
    if plan.link and not plan.link.startswith(("https://", "http://")):
        yield Problem("events.occasion.link", place=Place(field="link"))
    for name in ("languages", "interpretation"):
        for code in getattr(plan, name):
            if code not in LANGUAGES:
                yield Problem("events.occasion.language", {"code": code}, Place(field=name))


def _values(plan: Plan, kept: Occasion | None, now: dt.datetime) -> dict[str, Any]:
    """The columns of a plan. What was to be at a moment stays at it as long as the clocks of the zone show it so."""
    zone, before, until_before = plan.time_zone, None, None
    if kept is not None and kept.time_zone == zone:
        before, until_before = kept.starts_at, kept.sign_up_until
    starts = localtime.moment(plan.starts, zone, field="starts", before=before)
    until = plan.sign_up_until and localtime.moment(
        plan.sign_up_until, zone, field="sign_up_until", before=until_before
    )
    if starts <= now and (kept is None or starts != kept.starts_at):
        raise Refused(Problem("events.occasion.past", place=Place(field="starts")))
    if until and until > starts:
        raise Refused(Problem("events.occasion.sign_up_until", place=Place(field="sign_up_until")))
    return {
        "title": plan.title,
        "time_zone": plan.time_zone,
        "starts_at": starts,
        "ends_at": starts + dt.timedelta(minutes=plan.minutes),
        "sign_up_until": until,
        "capacity": plan.capacity,
        "in_place": plan.in_place,
        "place": plan.place,
        "online": plan.online,
        "link": plan.link,
        "languages": list(plan.languages),
        "interpretation": list(plan.interpretation),
        "provisions": [str(one) for one in Provision if one in plan.provisions],
    }


def _added(session: Session, activity: Activity, values: Mapping[str, Any]) -> Occasion:
    session.add(queries.event(session, activity.id))  # occasions may be planned before it is said what it is
    session.flush()
    last = session.scalar(select(func.max(Occasion.number)).where(Occasion.activity_id == activity.id))
    made = Occasion(activity_id=activity.id, number=(last or 0) + 1, **values)
    session.add(made)
    session.flush()
    return made


def _change(session: Session, occasion: Occasion, values: dict[str, Any]) -> None:
    if any(getattr(occasion, name) != values[name] for name in _MOVED):
        values = values | {"sequence": Occasion.sequence + 1}
    if not _updated(session, occasion.id, values, Occasion.taken <= values["capacity"]):
        if occasion.state != "planned":
            raise Refused.because("events.occasion.cancelled")
        session.refresh(occasion)
        raise Refused(Problem("events.occasion.capacity", {"taken": occasion.taken}, Place(field="capacity")))
    session.refresh(occasion)


def _updated(session: Session, occasion_id: uuid.UUID, values: Mapping[str, Any], *where: Any) -> bool:
    """Change an occasion that was not cancelled, where that is still so."""
    changed = session.execute(
        update(Occasion)
        .where(Occasion.id == occasion_id, Occasion.state == "planned", *where)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[tuple[()]], changed).rowcount == 1


def _elsewhere(activity: Activity, plan: Plan, city: City, starts: dt.datetime) -> Plan:
    source = activity.locales[0]
    return replace(
        plan,
        title=LocalisedText({source: city.title}),
        place=LocalisedText({source: city.place}),
        time_zone=city.time_zone,
        starts=starts,
        sign_up_until=plan.sign_up_until and starts - (plan.starts - plan.sign_up_until),
    )


def _in_row(problem: Problem, row: int) -> Place:
    return Place(field=f"{problem.place.field.partition('-')[0]}_{row}")
