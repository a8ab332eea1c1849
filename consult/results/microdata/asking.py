"""Files of records are made by jobs. A file waits for who asked for it, who reads its report before they fetch it."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.jobs import asking, made
from consult.jobs.asking import Asked
from consult.jobs.models import Job
from consult.processes.models import Activity, Process
from consult.results.microdata.choosing import Choice
from consult.results.microdata.making import REPORT
from consult.results.microdata.report import Report
from consult.results.trail import note

MICRODATA: Final = "results.microdata"
"""The task."""


class Order(msgspec.Struct, frozen=True):
    """What a job is to make."""

    at: Mapping[str, str]
    """The activity's name in addresses."""
    activity_id: uuid.UUID
    choice: Choice
    locale: str


class Waiting(NamedTuple):
    """A file that waits, or the job that is making it."""

    job: Job
    path: Path | None
    """None until it is made."""


def ask(session: Session, activity: Activity, choice: Choice, *, locale: str, by: Actor, now: dt.datetime) -> Asked:
    """Have a file of records made; while a job has not ended, asking for the same again changes nothing."""
    order: dict[str, Any] = msgspec.to_builtins(Order({"activity": activity.slug}, activity.id, choice, locale))
    same = hashlib.sha256(msgspec.json.encode(order, order="deterministic")).hexdigest()
    key = f"{MICRODATA}:{by.id}:{same}"
    asked = asking.ask(session, MICRODATA, order, by=by.id, process_id=activity.process_id, key=key, now=now)
    if asked.new:
        counts = {"variables": len(choice.variables), "keys": len(choice.keys)}
        note(session, activity.process, "microdata", activity.slug, by=by, now=now, details=counts)
    return asked


def waiting(session: Session, activity: Activity, folder: Path, *, by: Actor, now: dt.datetime) -> Sequence[Waiting]:
    """What somebody asked for of an activity and can fetch, or will be able to, the latest first."""
    mine = (
        Waiting(job, made.path_of(folder, job, now))
        for job in asking.asked_for(session, activity.process_id)
        if job.kind == MICRODATA and job.asked_by == by.id and job.payload["activity_id"] == str(activity.id)
    )
    return [one for one in mine if one.path or one.job.state in asking.OPEN]


def report_of(path: Path) -> Report:
    """The re-identification report of a file: it lies in it."""
    with zipfile.ZipFile(path) as archive:
        return msgspec.json.decode(archive.read(REPORT), type=Report)


def note_fetch(session: Session, activity: Activity, report: Report, *, by: Actor | None, now: dt.datetime) -> None:
    """Write down in the audit trail that a file was fetched, and how great its risk is; no number of people."""
    details = {"variables": len(report.variables), "keys": len(report.keys), "safe": report.safe}
    process = session.get_one(Process, activity.process_id)
    note(session, process, "microdata_fetch", activity.slug, by=by, now=now, details=details)
