"""Rounds: the same questionnaire again, next year or in the next city."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.privacy.service import take_over
from consult.processes import wordings
from consult.processes.addresses import add_with_slug
from consult.processes.models import Activity, Kind
from consult.processes.service import lock
from consult.processes.wordings import Stamp
from consult.questionnaires import mapping, media, queries
from consult.questionnaires.models import Edition, Revision
from consult.questionnaires.trail import note
from consult.questionnaires.wordings import KIND

TakeOver = Callable[[Session, Activity, Activity], None]
"""Copies what a slice above has decided for an earlier round (the last) to a new one."""


def following(session: Session, activity: Activity) -> Activity | None:
    """The next round of an activity."""
    return session.scalar(select(Activity).where(Activity.previous_id == activity.id))


def next_round(
    session: Session,
    activity: Activity,
    *,
    title: str,
    by: Actor | None,
    now: dt.datetime,
    above: Sequence[TakeOver] = (),
) -> Activity:
    """Plan the next round of an activity in the same process.

    Its draft is the newest edition as it is, with its translations, concepts, sounds and pictures and the ids of its
    questions, by which rounds are compared; its notice is that of this round, to be looked at again. What slices above
    have decided, those copy that are named. Answers and codes are not copied.
    Refuses `questionnaires.edition.missing` (an event need not have one) and `questionnaires.round.taken` (there is a
    next round).
    """
    lock(session, activity)
    edition = queries.latest_edition(session, activity.id)
    if edition is None and activity.kind != Kind.EVENT:
        raise Refused.because("questionnaires.edition.missing")
    if following(session, activity) is not None:
        raise Refused.because("questionnaires.round.taken")
    made = _copy(activity, title)
    add_with_slug(session, made, title, str(activity.kind))
    if edition is not None:
        _draft(session, made, edition, f"{activity.slug}, {edition.number}", Stamp(by, now))
        mapping.take_over(session, made, activity)
    wordings.take_over(session, made, activity, KIND, now)
    for copy in (take_over, *above):
        copy(session, made, activity)
    details = {"round": made.round, "previous": activity.slug, "edition": edition.number if edition else 0}
    note(session, made, "next_round", details, by, now)
    return made


def _draft(session: Session, activity: Activity, edition: Edition, origin: str, stamp: Stamp) -> None:
    """Begin an activity's draft with what an edition of another asks."""
    session.add(
        Revision(
            activity_id=activity.id,
            number=1,
            document=edition.document,
            origin=origin,
            warnings=[],
            created_at=stamp.now,
            created_by=stamp.by.id if stamp.by else None,
        )
    )
    session.flush()
    media.take_over(session, activity, edition)


def _copy(activity: Activity, title: str) -> Activity:
    return Activity(
        process_id=activity.process_id,
        previous_id=activity.id,
        round=activity.round + 1,
        kind=activity.kind,
        unit=activity.unit,
        title=LocalisedText({activity.locales[0]: title}),
        locales=list(activity.locales),
        time_zone=activity.time_zone,
    )
