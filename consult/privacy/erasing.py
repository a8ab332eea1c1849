"""Erasing what has been kept for as long as was said, and once more what a restored backup brought back.

Erasing everything of a kind begins with settling, in the database, that it has begun: the activity stays closed from
then on, and nobody can give it more time. Only then the ledger gets its line, so that it names nothing that is kept
after all; then it is erased in steps, and last comes the entry in the audit trail. Whoever is killed in between leaves
a beginning, and the next run goes on with it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.db.installation import Installation
from consult.db.session import Database
from consult.privacy.kinds import Retention, Since, Wanted
from consult.privacy.ledger import WITHDRAWN, Ledger, Line
from consult.privacy.retention import Due, about, announce, day, dues, imminent, note, row_of
from consult.processes.models import Activity
from consult.processes.service import lock

Tell = Callable[[Session, Activity, Sequence[Due]], Callable[[Session], None]]
"""Writes letters that tell officers what is going to be erased; what comes of it posts them in another session."""


def run(installation: Installation, retention: Retention, *, now: dt.datetime, tell: Tell) -> None:
    """Announce what is going to be erased, and erase what is due."""
    for activity_id in _opened(installation.database):
        _announce(installation.database, activity_id, retention, now, tell)
        with installation.database.reading() as session:
            activity = session.get_one(Activity, activity_id)
            today, due = day(now, activity), dues(session, activity, retention.kinds, now=now)
        for one in due:
            if one.erased is not None:
                continue
            if one.kind.since is Since.SAVING:
                retention.erase(installation, one.kind.name, Wanted(activity_id, one.over(today), now))
            elif one.begun is not None or (one.told and one.on is not None and one.on <= today):
                _erase(installation, retention, activity_id, one, now)
    Ledger(installation.settings.ledger).settle(now.date())


def _opened(database: Database) -> Sequence[uuid.UUID]:
    with database.reading() as session:
        return session.scalars(select(Activity.id).where(Activity.opens_at.is_not(None))).all()


def _announce(database: Database, activity_id: uuid.UUID, retention: Retention, now: dt.datetime, tell: Tell) -> None:
    with database.reading() as session:
        # Looked at and written without the write lock, which is taken only where there is something to announce.
        activity = session.get_one(Activity, activity_id)
        coming = imminent(session, activity, retention.kinds, now=now)
        post = tell(session, activity, coming) if coming else None
    if post is None:
        return
    with database.transaction() as session:
        activity = session.get_one(Activity, activity_id)
        lock(session, activity)
        if announce(session, activity, retention.kinds, now=now):
            post(session)


def _erase(
    installation: Installation, retention: Retention, activity_id: uuid.UUID, due: Due, now: dt.datetime
) -> None:
    database, kind = installation.database, due.kind
    with database.reading() as session:
        today = day(now, session.get_one(Activity, activity_id))
    with database.transaction() as session:
        if not _begun(session, activity_id, retention, due, now):
            return
    Ledger(installation.settings.ledger).note(Line(today, activity_id, kind.name))
    count = retention.erase(installation, kind.name, Wanted(activity_id, dt.date.max, now))
    with database.transaction() as session:
        activity = session.get_one(Activity, activity_id)
        row = row_of(session, activity, kind.name)
        if row.erased_on is None:
            row.erased_on = today
            details = {"kind": kind.name, "on": str(today), "about": about(count)}
            note(session, activity, "erase", details, by=None, now=now)


def _begun(session: Session, activity_id: uuid.UUID, retention: Retention, due: Due, now: dt.datetime) -> bool:
    """Settle that it is erased, unless the activity was opened again or more time was given meanwhile."""
    activity = session.get_one(Activity, activity_id)
    lock(session, activity)
    still = next((one for one in dues(session, activity, retention.kinds, now=now) if one.kind is due.kind), None)
    if still is None or activity.state(now) != "closed":
        return False
    if still.begun is None:
        if not still.told or still.on is None or still.on > day(now, activity):
            return False
        row_of(session, activity, due.kind.name).begun_on = day(now, activity)
        note(session, activity, "begin_erasing", {"kind": due.kind.name}, by=None, now=now)
        session.flush()
    return True


@dataclass(frozen=True, slots=True)
class Again:
    """What was erased once more."""

    activities: int
    """Activities of which something came back."""
    pieces: int
    unknown: tuple[str, ...]
    """Kinds of data that this version does not know."""


def again(installation: Installation, retention: Retention, ledger: Ledger, *, now: dt.datetime) -> Again:
    """Erase what a ledger names: after a restore, before anybody is served. What is gone already is passed over.

    What is named for an activity that is not there is passed over too.
    """
    known = {kind.name for kind in retention.kinds}
    there, unknown = _all(installation.database), set[str]()
    counts: dict[uuid.UUID, int] = {}
    for lines in ledger.batches():
        codes: dict[uuid.UUID, list[bytes]] = {}
        for line in lines:
            if line.activity not in there:
                continue
            if line.kind == WITHDRAWN:
                codes.setdefault(line.activity, []).append(bytes.fromhex(line.code))
            elif line.kind in known:
                counts[line.activity] = counts.get(line.activity, 0) + _whole(installation, retention, line, now)
            else:
                unknown.add(line.kind)
        for activity_id, digests in codes.items():
            count = retention.withdraw(installation, activity_id, digests)
            counts[activity_id] = counts.get(activity_id, 0) + count
            if count:
                _noted(installation.database, activity_id, WITHDRAWN, count, now)
    return Again(sum(map(bool, counts.values())), sum(counts.values()), tuple(sorted(unknown)))


def _all(database: Database) -> set[uuid.UUID]:
    with database.reading() as session:
        return set(session.scalars(select(Activity.id)))


def _whole(installation: Installation, retention: Retention, line: Line, now: dt.datetime) -> int:
    """Erase everything of a kind of an activity, and have it stay closed."""
    database = installation.database
    with database.transaction() as session:
        row = row_of(session, session.get_one(Activity, line.activity), line.kind)
        news, done = row.begun_on is None, row.erased_on is not None
        row.begun_on = row.begun_on or line.day
    count = retention.erase(installation, line.kind, Wanted(line.activity, dt.date.max, now))
    with database.transaction() as session:
        row_of(session, session.get_one(Activity, line.activity), line.kind).erased_on = line.day
    if count or news or not done:
        _noted(database, line.activity, line.kind, count, now)
    return count


def _noted(database: Database, activity_id: uuid.UUID, kind: str, count: int, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = session.get_one(Activity, activity_id)
        note(session, activity, "erase_again", {"kind": kind, "about": about(count)}, by=None, now=now)
