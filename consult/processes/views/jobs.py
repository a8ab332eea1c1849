"""Long work that somebody asked for: its page with the progress, and the files it made for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.audit.service import record
from consult.jobs import asking, made
from consult.jobs.long import Long
from consult.jobs.models import Job
from consult.processes import desk
from consult.processes.models import Process
from consult.processes.views.blueprint import blueprint
from consult.web import downloads
from consult.web.context import keys, now, settings
from consult.web.fields import ConfirmForm
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.roles import STEWARD
from consult.web.transaction import session

_PREFIX = "/<locale>/desk/processes/<slug>/jobs"


def init(app: Flask, long: Mapping[str, Long]) -> None:
    """Say which long tasks there are."""
    app.extensions["consult.long"] = long


@blueprint.get(_PREFIX)
def jobs(slug: str) -> str:
    """What was asked for in the last days and is the reader's business; their files can be fetched here."""
    process = desk.found_process(slug)
    found = [job for job in asking.asked_for(session(), process.id) if _may_see(job, process)]
    return desk.render("processes/jobs.html", process, jobs=[_told(job, process) for job in found])


@blueprint.get(f"{_PREFIX}/<uuid:job_id>")
def job(slug: str, job_id: uuid.UUID) -> str:
    """How far a job has come, or how it ended. The page reads itself again until then."""
    process = desk.found_process(slug)
    found = _found(process, job_id)
    crumbs = [(_("Jobs and files"), url_for("processes.jobs", slug=slug))]
    return desk.render(
        "processes/job.html",
        process,
        crumbs=crumbs,
        problems=sentences(asking.problems_of(keys(), found)),
        may_cancel=_may_cancel(found, process),
        again=_url(found, process, _task(found).needs) if desk.can(_task(found).needs, process) else "",
        **_told(found, process),
    )


@blueprint.post(f"{_PREFIX}/<uuid:job_id>/cancel")
def cancel_job(slug: str, job_id: uuid.UUID) -> ResponseReturnValue:
    """Have a job stop before its next step: for who asked, and for the steward."""
    process = desk.found_process(slug)
    found = _found(process, job_id)
    if not _may_cancel(found, process) or not ConfirmForm().validate_on_submit():
        abort(404)
    if asking.cancel(session(), found.id, now()):
        record(
            session(),
            actor=actor(),
            action="processes.cancel",
            subject=f"{process.slug}/{found.kind}/{found.id}",
            now=now(),
            process_id=process.id,
            institution_id=process.lead_institution_id,
        )
    else:
        flash(_("It had ended before."), "info")
    return redirect(url_for("processes.job", slug=slug, job_id=job_id))


@blueprint.get(f"{_PREFIX}/<uuid:job_id>/file")
def job_file(slug: str, job_id: uuid.UUID) -> Response:
    """The file that a job made, for who asked and nobody else; for a day."""
    process = desk.found_process(slug)
    found = _found(process, job_id)
    path = _file(found, process)
    if path is None or _task(found).leads:
        abort(404)
    return downloads.send(path, found.result["name"], found.result["media_type"])


def _told(found: Job, process: Process) -> dict[str, object]:
    """What a page says of a job: what it does, and where its result is."""
    task, address, is_file = _task(found), "", made.is_file(found)
    if is_file and _file(found, process):
        there = url_for("processes.job_file", slug=process.slug, job_id=found.id)
        address = _url(found, process, task.leads, job_id=found.id) if task.leads else there
    elif found.state == "done" and not is_file:
        address = _url(found, process, task.leads, **found.result)
    return {
        "job": found,
        "title": _(task.title),
        "address": address,
        "is_file": is_file,
        "downloads": is_file and not task.leads,
    }


def _url(found: Job, process: Process, route: str, **left: Any) -> str:
    """The address of a page about what was asked for."""
    return url_for(route, slug=process.slug, **found.payload.get("at", {}), **left)


def _file(found: Job, process: Process) -> Path | None:
    """The file for who asked for it, while they may ask for it."""
    theirs = found.asked_by == actor().id and desk.can(_task(found).needs, process)
    return made.path_of(settings().made, found, now()) if theirs else None


def _task(found: Job) -> Long:
    long: Mapping[str, Long] = current_app.extensions["consult.long"]
    return long.get(found.kind) or abort(404)


def _found(process: Process, job_id: uuid.UUID) -> Job:
    found = asking.job(session(), process.id, job_id)
    if found is None or not _may_see(found, process):
        abort(404)
    return found


def _may_see(found: Job, process: Process) -> bool:
    if found.kind not in current_app.extensions["consult.long"]:  # asked for by another version
        return False
    return found.asked_by == actor().id or desk.can(_task(found).needs, process) or _is_steward(process)


def _may_cancel(found: Job, process: Process) -> bool:
    return found.state in asking.OPEN and (found.asked_by == actor().id or _is_steward(process))


def _is_steward(process: Process) -> bool:
    reach = STEWARD.scope(actor())
    return reach is not None and process.lead_institution_id in reach.institutions
