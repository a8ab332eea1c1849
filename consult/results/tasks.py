"""Work of the worker: the column store up to date and its files few, a count a day, releases, reports, records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.progress import Progress
from consult.db.installation import Installation
from consult.jobs.long import Long, Order, Settle
from consult.jobs.made import Made, to_file
from consult.privacy.models import RESPONSES
from consult.processes.models import Process
from consult.results import drafts, engines, erasing, held_files, queries, reports, service, upkeep
from consult.results.content import content_of, plan_of
from consult.results.exports import FORMATS, file_name
from consult.results.microdata import asking, making
from consult.results.models import Release
from consult.results.presentation import Reader
from consult.results.translations import words_of
from consult.web.messages.marks import N_


def refresh(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Bring every activity's segments up to date."""
    upkeep.refresh(installation)


def compact(installation: Installation, _payload: Mapping[str, Any], _now: dt.datetime) -> None:
    """Merge small segments of every activity."""
    upkeep.compact(installation)


def count(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Count every activity's responses that have not been counted today."""
    upkeep.count(installation, now)


def sweep(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """See that the reports of published releases, and no others, are kept."""
    with installation.database.transaction() as session:
        reports.keep(session, installation.settings.reports, now)


def forget(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete the drafts of releases that nobody decided on."""
    with installation.database.transaction() as session:
        drafts.forget(session, now)


def draft(installation: Installation, order: Order, progress: Progress) -> Settle:
    """Compute a release to be looked at."""
    wanted = plan_of(order.payload["plan"].encode())
    with installation.database.snapshot() as session:
        made = service.draft(
            session,
            session.get_one(Process, order.process_id),
            wanted,
            now=order.now,
            settings=installation.settings,
            engine=engines.connect(installation.settings),
            keys=installation.keys,
            progress=progress,
        )

    # Sealed here: what is done under the write lock is brief.
    kept = drafts.sealed(order.process_id, made, draft_id=order.id, by=order.by, now=order.now, keys=installation.keys)

    def settle(session: Session) -> Mapping[str, object]:
        session.add(kept)
        return {"draft": str(order.id)}

    return settle


def renew(installation: Installation, order: Order, progress: Progress) -> Settle:
    """Bring a process's part of the column store up to date."""
    with installation.database.reading() as session:
        activities = [activity.id for activity in queries.questionnaires(session, order.process_id)]
    upkeep.refresh(installation, activities, progress)
    return lambda _session: {}


def records(installation: Installation, order: Order, target: Path, progress: Progress) -> Made:
    """Write single records with their re-identification report."""
    wanted = msgspec.convert(order.payload, asking.Order)
    making.make(
        installation.database,
        wanted.activity_id,
        wanted.choice,
        target,
        settings=installation.settings,
        engine=engines.connect(installation.settings),
        reader=Reader(wanted.locale, words_of(wanted.locale)),
        now=order.now,
        progress=progress,
    )
    return Made(f"{wanted.at['activity']}-records.zip", "application/zip")


def report(installation: Installation, order: Order, target: Path, progress: Progress) -> Made:
    """Write the report of a release for whoever asked."""
    wanted = reports.Wanted(order.payload["extension"], order.payload["locale"])
    release = _release(installation, order)
    with target.open("wb") as file:
        file.writelines(reports.pieces(release, wanted, progress))
    return Made(file_name(content_of(release.content), *wanted), FORMATS[wanted.extension].media_type)


def all_reports(installation: Installation, order: Order, progress: Progress) -> Settle:
    """Write the reports of a published release that are kept."""
    reports.make_missing(installation.settings.reports, _release(installation, order), progress)
    return lambda _session: {}


def _release(installation: Installation, order: Order) -> Release:
    """The release that an order is about; refuses `results.release.withdrawn`."""
    number = order.payload["at"]["number"]
    with installation.database.reading() as session:
        release = queries.release(session, order.process_id, number)
    assert release is not None, "releases are never deleted"
    if release.withdrawn_at is not None:
        raise Refused.because("results.release.withdrawn", number=number)
    return release


TASKS = {
    "results.refresh": refresh,
    "results.compact": compact,
    "results.count": count,
    "results.forget": forget,
    reports.KEEP: sweep,
}
EVERY = {
    "results.refresh": dt.timedelta(minutes=5),
    "results.compact": dt.timedelta(minutes=15),
    "results.count": dt.timedelta(hours=1),
    "results.forget": dt.timedelta(hours=1),
    reports.KEEP: dt.timedelta(days=1),
}
ERASERS = {RESPONSES: erasing.responses}
LONG = {
    drafts.DRAFT: Long(draft, N_("Computing a release"), needs="results.plan", leads="results.preview"),
    drafts.RENEW: Long(renew, N_("Taking in new responses"), needs="results.plan", leads="results.plan"),
    asking.MICRODATA: Long(
        to_file(records),
        N_("Making a file of single records"),
        needs="results.microdata",
        leads="results.microdata_file",
    ),
    reports.ONE: Long(to_file(report), N_("Making a report"), needs="results.release"),
    held_files.TASK: Long(to_file(held_files.make), N_("Making the report of an event"), needs="results.event_report"),
    reports.ALL: Long(
        all_reports, N_("Making the reports of a release"), needs="results.release", leads="results.release"
    ),
}
