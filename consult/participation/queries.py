"""What the door of an activity must know of it, in one statement."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import Institution
from consult.core.text import LocalisedText
from consult.processes.models import Activity, Process
from consult.questionnaires.models import Edition


@dataclass(frozen=True, slots=True)
class Lead:
    """The institution that asks."""

    name: LocalisedText


@dataclass(frozen=True, slots=True)
class Host:
    """The policy process that listens, as far as participants see it."""

    slug: str
    title: LocalisedText
    locales: tuple[str, ...]
    contact: str
    synthetic: bool
    lead_institution: Lead


@dataclass(frozen=True, slots=True)
class Door:
    """An activity as participants meet it. Equal doors look the same."""

    activity_id: uuid.UUID
    slug: str
    title: LocalisedText
    locales: tuple[str, ...]
    time_zone: str
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    edition: int
    """Number of the edition that new participants answer."""
    process: Host

    def state(self, now: dt.datetime) -> str:
        """`scheduled`, `open` or `closed` at a moment."""
        if self.opens_at is None or now < self.opens_at:
            return "scheduled"
        return "closed" if self.closes_at is not None and self.closes_at <= now else "open"


_NEWEST = select(func.max(Edition.number)).where(Edition.activity_id == Activity.id).scalar_subquery()
_DOORS = (
    select(Activity, Process, Institution.name, _NEWEST)
    .join(Process, Activity.process_id == Process.id)
    .join(Institution, Process.lead_institution_id == Institution.id)
    .where(Process.public, Activity.opens_at.is_not(None))
)


def door(session: Session, slug: str) -> Door | None:
    """The door of an activity of a public process; none while it is a draft: those are nobody's business."""
    found = session.execute(_DOORS.where(Activity.slug == slug)).one_or_none()
    if found is None or found[3] is None:
        return None
    activity, process, institution, edition = found
    return Door(
        activity_id=activity.id,
        slug=activity.slug,
        title=activity.title,
        locales=tuple(activity.locales),
        time_zone=activity.time_zone,
        opens_at=activity.opens_at,
        closes_at=activity.closes_at,
        edition=edition,
        process=Host(
            process.slug, process.title, tuple(process.locales), process.contact, process.synthetic, Lead(institution)
        ),
    )
