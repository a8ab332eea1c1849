"""How long the data of an activity are kept: what is erased on which day, told beforehand, shortened, prolonged.

What goes when an activity has been closed for long goes on a day that was announced `NOTICE` before: where the job did
not run meanwhile, or a period was shortened to less, the day is put off until then.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.localtime import local
from consult.privacy import queries
from consult.privacy.kinds import Kind, Since, Unit
from consult.privacy.models import MONTHS, RESPONSES, Period
from consult.processes.models import Activity
from consult.processes.service import lock

NOTICE: Final = dt.timedelta(days=14)
"""How long before the day officers are told."""

_GRAIN: Final = 10


@dataclass(frozen=True, slots=True)
class Due:
    """What becomes of one kind of data of an activity."""

    kind: Kind
    length: int
    """How long it is kept, in the kind's unit."""
    most: int
    """How long it may be kept."""
    promised: int
    """How long it is kept at most, as participants are told; it can be shorter."""
    on: dt.date | None
    """The day on which it is erased; none where it has no closing yet, or goes day by day."""
    told: bool = False
    """Whether that day was announced."""
    begun: dt.date | None = None
    """The day on which erasing it began."""
    erased: dt.date | None = None

    def over(self, today: dt.date) -> dt.date:
        """Of what goes day by day: what was last saved before this day has been kept long enough."""
        assert self.kind.unit is Unit.DAYS
        return today - dt.timedelta(days=self.length - 1)


def dues(session: Session, activity: Activity, kinds: Sequence[Kind], *, now: dt.datetime) -> list[Due]:
    """What becomes of the data of an activity, by kind; kinds of which it has none are left out."""
    rows = queries.periods(session, activity.id)
    notice = queries.notice(session, activity.id)
    months = notice.months if notice else MONTHS
    ahead: _Bounds | None = None
    found = []
    for kind in kinds:
        if kind.concerns(session, activity.id):
            if kind.usual is None:
                bounds = ahead or _Bounds(months, months, kind.most)
            else:
                bounds = _Bounds(kind.usual, kind.usual, kind.most)
            ends = kind.ends(session, activity.id) if kind.since is Since.ENDING else None
            due = _due(activity, kind, rows.get(kind.name) or Period(), bounds, ends, now)
            found.append(due)
            if kind.usual is None:
                ahead = _Bounds(due.length, due.promised, due.length)
    return found


class _Bounds(NamedTuple):
    length: int
    """How long a kind is kept unless officers decide otherwise."""
    promised: int
    """How long participants are told then."""
    most: int


def _due(
    activity: Activity, kind: Kind, row: Period, bounds: _Bounds, ends: dt.datetime | None, now: dt.datetime
) -> Due:
    promised = bounds.promised if row.promised is None else min(row.promised, max(bounds.promised, bounds.most))
    most = bounds.most if _promising(activity, now) else min(promised, bounds.most)
    length = min(bounds.length if row.length is None else row.length, most)
    if kind.since is Since.SAVING or activity.closes_at is None:
        return Due(kind, length, most, promised, None, begun=row.begun_on, erased=row.erased_on)
    begins = max(activity.closes_at, ends or activity.closes_at)
    on = later(day(begins, activity), length, kind.unit)
    told = row.announced_for is not None and row.announced_for >= on
    known = row.announced_for if told else max(on, day(now, activity) + NOTICE)
    return Due(kind, length, most, promised, known, told, row.begun_on, row.erased_on)


def _promising(activity: Activity, now: dt.datetime) -> bool:
    """Whether nobody could answer yet, so that nobody was told anything."""
    return activity.state(now) in ("draft", "scheduled")


def day(moment: dt.datetime, activity: Activity) -> dt.date:
    """The activity's day at a moment."""
    return local(moment, activity.time_zone).date()


def later(begin: dt.date, length: int, unit: Unit) -> dt.date:
    """A day after so many days or months; where the month has no such day, its last."""
    if unit is Unit.DAYS:
        return begin + dt.timedelta(days=length)
    months = begin.year * 12 + begin.month - 1 + length
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(begin.day, calendar.monthrange(year, month + 1)[1]))


def decide(
    session: Session,
    activity: Activity,
    kinds: Sequence[Kind],
    lengths: Mapping[str, int],
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Keep kinds of data of an activity for so long; names of kinds that are not there change nothing.

    Before that, the months of responses are those of the notice: without one they cannot be decided. Once people could
    answer, nothing is kept for longer than they were told. Refuses `privacy.period` (outside the
    bounds) and `privacy.period.begun` (it is being erased).
    """
    lock(session, activity)
    notice, promising = queries.notice(session, activity.id), _promising(activity, now)
    found, changed = [], {}
    for due in dues(session, activity, kinds, now=now):
        length = lengths.get(due.kind.name, due.length)
        if length == due.length or (promising and due.kind.name == RESPONSES and notice is None):
            continue
        place = Place(field=due.kind.name)
        if due.begun is not None:
            found.append(Problem("privacy.period.begun", place=place))
        elif not due.kind.least <= length <= due.most:
            found.append(Problem("privacy.period", {"least": due.kind.least, "most": due.most}, place))
        else:
            changed[due.kind.name] = length
    refuse_if_any(found)
    if not changed:
        return
    for name, length in changed.items():
        if promising and name == RESPONSES:
            assert notice is not None
            notice.months = length
            continue
        row = row_of(session, activity, name)
        row.length = length
        row.promised = length if promising else row.promised
    session.flush()
    note(session, activity, "keep", changed, by=by, now=now)


def imminent(session: Session, activity: Activity, kinds: Sequence[Kind], *, now: dt.datetime) -> list[Due]:
    """What is going to be erased within `NOTICE`, and was not announced."""
    today = day(now, activity)
    return [
        due
        for due in dues(session, activity, kinds, now=now)
        if due.on is not None and not due.told and due.begun is None and due.on - NOTICE <= today
    ]


def announce(session: Session, activity: Activity, kinds: Sequence[Kind], *, now: dt.datetime) -> list[Due]:
    """Set the day of what is imminent, and write it down."""
    coming = imminent(session, activity, kinds, now=now)
    for due in coming:
        row_of(session, activity, due.kind.name).announced_for = due.on
        note(session, activity, "announce", {"kind": due.kind.name, "on": str(due.on)}, by=None, now=now)
    session.flush()
    return coming


def row_of(session: Session, activity: Activity, kind: str) -> Period:
    """The row of a kind of data of an activity, made where there is none."""
    row = session.get(Period, (activity.id, kind))
    if row is None:
        row = Period(activity_id=activity.id, kind=kind)
        session.add(row)
    return row


def about(count: int) -> int:
    """A number as the audit trail has it: rounded down to tens, as the fieldwork page does."""
    return count - count % _GRAIN


def note(
    session: Session,
    activity: Activity,
    verb: str,
    details: Mapping[str, object],
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Write down in the audit trail what was done about the data of an activity."""
    record(
        session,
        actor=by,
        action=f"privacy.{verb}",
        subject=activity.slug,
        now=now,
        process_id=activity.process_id,
        details=details,
    )
