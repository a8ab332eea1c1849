"""Having a questionnaire put on paper: a draft or an edition, in one of its locales, in a format."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.progress import Progress, Steps
from consult.db.installation import Installation
from consult.jobs.asking import Asked, ask
from consult.jobs.long import Order
from consult.jobs.made import Made
from consult.privacy import queries as privacy
from consult.processes import queries as processes
from consult.processes.models import Activity
from consult.questionnaires import queries
from consult.questionnaires.models import Edition, Revision
from consult.questionnaires.paper.making import FORMATS, Printed, paper

TASK: Final = "questionnaires.paper"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which paper."""

    edition: int | None
    """Its number; None: the draft."""
    locale: str
    extension: str

    def name(self, slug: str) -> str:
        """What the file is called."""
        what = "draft" if self.edition is None else str(self.edition)
        return f"{slug}-{what}-{self.locale}.{self.extension}"


def version(session: Session, activity: Activity, edition: int | None) -> Revision | Edition | None:
    """An edition by its number, or the draft."""
    if edition is None:
        return queries.draft(session, activity.id)
    return queries.edition(session, activity.id, edition)


def printed(session: Session, activity: Activity, edition: int | None, *, backup_days: int) -> Printed | None:
    """What is put on paper, read whole. `backup_days`: see `Printed`."""
    found = version(session, activity, edition)
    if found is None:
        return None
    _lead = activity.process.lead_institution.name  # read while the session is open
    return Printed(activity, found, privacy.notice(session, activity.id), backup_days)


def write(found: Printed, wanted: Wanted) -> bytes:
    """The file."""
    return FORMATS[wanted.extension].write(paper(found, wanted.locale))


def have_made(session: Session, activity: Activity, wanted: Wanted, *, by: Actor, now: dt.datetime) -> Asked:
    """Have a paper made for somebody; while that job has not ended there is no second one."""
    payload: dict[str, Any] = {
        "at": {"activity": activity.slug},
        "edition": wanted.edition,
        "locale": wanted.locale,
        "extension": wanted.extension,
    }
    key = f"{TASK}:{activity.id}:{wanted.edition}:{wanted.locale}:{wanted.extension}:{by.id}"
    return ask(session, TASK, payload, by=by.id, process_id=activity.process_id, key=key, now=now)


def make(installation: Installation, order: Order, target: Path, progress: Progress) -> Made:
    """Write a paper that was asked for; its steps are what is put on it, and the file."""
    wanted = Wanted(order.payload["edition"], order.payload["locale"], order.payload["extension"])
    steps = Steps(progress, 2)
    with installation.database.reading() as session:
        activity = processes.activity_named(session, order.payload["at"]["activity"])
        assert activity is not None, "activities are never deleted"
        days = installation.settings.backup_days
        found = printed(session, activity, wanted.edition, backup_days=days)
    assert found is not None, "editions and drafts are never deleted"
    steps.step()
    target.write_bytes(write(found, wanted))
    steps.step()
    return Made(wanted.name(activity.slug), FORMATS[wanted.extension].media_type)
