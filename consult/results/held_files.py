"""Reports of events as PDF and DOCX, made by a job for whoever asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.progress import Progress
from consult.db.installation import Installation
from consult.events import queries as events
from consult.jobs.asking import Asked, ask
from consult.jobs.long import Order
from consult.jobs.made import Made
from consult.participation.service import day
from consult.processes.models import Activity, Process
from consult.results import held
from consult.results.exports import FORMATS, REPORTS_OF_EVENTS
from consult.results.presentation import Reader
from consult.results.reports import Wanted
from consult.results.translations import words_of

TASK: Final = "results.event_report"


def have_made(
    session: Session, activity: Activity, occasion: int, wanted: Wanted, *, by: Actor, now: dt.datetime
) -> Asked:
    """Have the report of an event made, or that of an occasion by its number; 0: of all."""
    at = {"activity": activity.slug, "occasion": occasion}
    payload = {"at": at, "id": str(activity.id), "extension": wanted.extension, "locale": wanted.locale}
    key = f"{TASK}:{activity.id}:{occasion}:{wanted.extension}:{wanted.locale}:{by.id}"
    return ask(session, TASK, payload, by=by.id, process_id=activity.process_id, key=key, now=now)


def make(installation: Installation, order: Order, target: Path, progress: Progress) -> Made:
    """Write it."""
    at, wanted = order.payload["at"], Wanted(order.payload["extension"], order.payload["locale"])
    reader = Reader(wanted.locale, words_of(wanted.locale))
    with installation.database.reading() as session:
        activity = next(
            one for one in session.get_one(Process, order.process_id).activities if str(one.id) == order.payload["id"]
        )
        occasion = events.occasion(session, activity.id, at["occasion"])
        found = held.read(session, activity, occasion, reader, key=installation.keys.codes, now=order.now)
        report = held.report_of(found, day(order.now, activity.time_zone))
    with target.open("wb") as file:
        file.writelines(REPORTS_OF_EVENTS[wanted.extension](report, reader, progress))
    name = "-".join([activity.slug, *([str(at["occasion"])] if at["occasion"] else []), wanted.locale])
    return Made(f"{name}.{wanted.extension}", FORMATS[wanted.extension].media_type)
