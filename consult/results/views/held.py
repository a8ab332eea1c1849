"""The report of an event, or of one of its occasions, and having it made as a file."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from consult.events import queries as events
from consult.events.models.planned import Occasion
from consult.participation.service import day
from consult.processes import desk
from consult.processes.models import Activity, Kind
from consult.results import held, held_files
from consult.results.exports import REPORTS_OF_EVENTS
from consult.results.reports import Wanted
from consult.results.views.blueprint import DESK, blueprint, reader
from consult.web.context import keys, now
from consult.web.fields import ConfirmForm
from consult.web.locale import current
from consult.web.permissions import actor
from consult.web.transaction import session

_REPORT = f"{DESK}/events/<activity>"


@blueprint.get(_REPORT)
def event_report(slug: str, activity: str) -> str:
    """What an event brought; `occasion` in the query: one of them alone."""
    found, occasion = _found(slug, activity)
    who = reader()
    read = held.read(session(), found, occasion, who, key=keys().codes, now=now())
    return desk.render(
        "results/event_report.html",
        found.process,
        crumbs=[desk.activity_crumb(found)],
        report=held.report_of(read, day(now(), found.time_zone)),
        reader=who,
        activity=found,
        number=occasion.number if occasion else 0,
        occasions=events.occasions(session(), found.id),
        extensions=list(REPORTS_OF_EVENTS),
    )


@blueprint.post(f"{_REPORT}/report.<extension>")
def make_event_report(slug: str, activity: str, extension: str) -> ResponseReturnValue:
    """Have it made as a file for who asks."""
    ConfirmForm().validate_on_submit()
    found, occasion = _found(slug, activity)
    wanted = Wanted(extension, current().interface)
    if extension not in REPORTS_OF_EVENTS:
        abort(404)
    number = occasion.number if occasion else 0
    asked = held_files.have_made(session(), found, number, wanted, by=actor(), now=now())
    return redirect(url_for("processes.job", slug=slug, job_id=asked.id))


def _found(slug: str, named: str) -> tuple[Activity, Occasion | None]:
    activity = desk.found_activity(named)
    if activity.process.slug != slug or activity.kind != Kind.EVENT:
        abort(404)
    number = request.args.get("occasion", 0, int)
    occasion = events.occasion(session(), activity.id, number) if number else None
    if number and (occasion is None or occasion.state != "planned"):
        abort(404)
    return activity, occasion
