"""Releases and counts of processes whose reachability the caller has established, and public ones for everybody."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from consult.privacy.models import RESPONSES, Period
from consult.processes.models import Activity, Kind, Unit
from consult.results.models import FieldworkCount, Margins, MarginsState, Release

_LIGHT = (defer(Release.content, raiseload=True), defer(Release.restricted, raiseload=True))


def releases(session: Session, process_id: uuid.UUID) -> Sequence[Release]:
    """The releases of a process, the newest first, without what is in them."""
    wanted = select(Release).where(Release.process_id == process_id).order_by(Release.number.desc())
    return session.scalars(wanted.options(*_LIGHT)).all()


def shown(session: Session) -> Sequence[Release]:
    """All published releases that have not been withdrawn, of whatever process, without what is in them."""
    wanted = select(Release).where(Release.published_at.is_not(None), Release.withdrawn_at.is_(None))
    return session.scalars(wanted.options(*_LIGHT)).all()


def release(session: Session, process_id: uuid.UUID, number: int) -> Release | None:
    """One release, published or not, with what is in it."""
    wanted = select(Release).where(Release.process_id == process_id, Release.number == number)
    return session.scalar(wanted.execution_options(populate_existing=True))


def published(session: Session, process_id: uuid.UUID, number: int) -> Release | None:
    """One published release that has not been withdrawn."""
    wanted = select(Release).where(
        Release.process_id == process_id,
        Release.number == number,
        Release.published_at.is_not(None),
        Release.withdrawn_at.is_(None),
    )
    return session.scalar(wanted)


def all_published(session: Session, process_id: uuid.UUID, *, but: Collection[int] = ()) -> Sequence[Release]:
    """The releases of a process that were ever published, with what is in them, the oldest first; without those of
    some numbers. Withdrawn ones are among them: they were public."""
    wanted = select(Release).where(
        Release.process_id == process_id, Release.published_at.is_not(None), Release.number.not_in(but)
    )
    return session.scalars(wanted.order_by(Release.number)).all()


def persons(activity: Activity) -> bool:
    """Whether its units are persons, whom results must protect: who contributes to a consultation, or signs up for an
    event, always is one."""
    return activity.unit == Unit.PERSON or activity.kind != Kind.QUESTIONNAIRE


def questionnaires(session: Session, process_id: uuid.UUID) -> Sequence[Activity]:
    """The questionnaires of a process that were ever opened."""
    wanted = select(Activity).where(
        Activity.process_id == process_id, Activity.kind == Kind.QUESTIONNAIRE, Activity.opens_at.is_not(None)
    )
    return session.scalars(wanted.order_by(Activity.slug)).all()


def opened(session: Session) -> Sequence[uuid.UUID]:
    """Every questionnaire that was ever opened, but those whose responses were erased."""
    erased = select(Period.activity_id).where(Period.kind == RESPONSES, Period.begun_on.is_not(None))
    return session.scalars(
        select(Activity.id).where(
            Activity.kind == Kind.QUESTIONNAIRE, Activity.opens_at.is_not(None), Activity.id.not_in(erased)
        )
    ).all()


def latest_count(session: Session, activity_id: uuid.UUID) -> FieldworkCount | None:
    """The last fieldwork count of an activity."""
    wanted = select(FieldworkCount).where(FieldworkCount.activity_id == activity_id)
    return session.scalar(wanted.order_by(FieldworkCount.day.desc()).limit(1))


def counts(session: Session, activity_id: uuid.UUID) -> Sequence[FieldworkCount]:
    """All fieldwork counts of an activity."""
    return session.scalars(select(FieldworkCount).where(FieldworkCount.activity_id == activity_id)).all()


def counted_on(session: Session, activity_id: uuid.UUID, day: dt.date) -> bool:
    """Whether an activity's responses were counted on a day."""
    return session.get(FieldworkCount, (activity_id, day)) is not None


def margins(session: Session, activity_id: uuid.UUID) -> Sequence[Margins]:
    """The margins that were ever proposed for an activity, the latest first."""
    return session.scalars(
        select(Margins).where(Margins.activity_id == activity_id).order_by(Margins.number.desc())
    ).all()


def accepted_margins(session: Session, activity_id: uuid.UUID) -> Margins | None:
    """The margins that an activity is weighted to: the last accepted ones."""
    return next((one for one in margins(session, activity_id) if one.state == MarginsState.ACCEPTED), None)
