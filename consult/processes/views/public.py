"""What the public sees of a process."""

from __future__ import annotations

from typing import Final

from flask import abort, render_template, url_for

from consult.processes import desk, queries
from consult.processes.models import Activity, Kind, Process
from consult.processes.views.blueprint import blueprint
from consult.web.context import now
from consult.web.locale import current, offer
from consult.web.transaction import session

FIRST: Final = {
    Kind.QUESTIONNAIRE: "responses.first",
    Kind.CONSULTATION: "consultations.first",
    Kind.EVENT: "events.first",
}
"""The page on which people begin, by the kind of the activity."""


@blueprint.get("/<locale>/p/<slug>")
def public(slug: str) -> str:
    """What a policy is about, where it stands, what one can do now and by when."""
    process = queries.public_process(session(), slug) or abort(404)
    offer(process.locales)
    moment = now()
    by_state: dict[str, list[Activity]] = {"open": [], "scheduled": [], "closed": []}
    for activity in process.activities:
        by_state.get(activity.state(moment), []).append(activity)
    return render_template(
        "processes/public.html",
        process=process,
        source=process.locales[0],
        synthetic=process.synthetic,
        stages=desk.stages(),
        activities=by_state,
    )


@blueprint.app_template_global()
def process_url(process: Process) -> str:
    """The public page of a process, in the reader's locale where it is offered in it."""
    return url_for("processes.public", locale=_nearest(process.locales), slug=process.slug)


@blueprint.app_template_global()
def answer_url(activity: Activity) -> str:
    """Where people take part in an activity, in the reader's locale where it is offered in it."""
    return url_for(FIRST[Kind(activity.kind)], locale=_nearest(activity.locales), slug=activity.slug)


@blueprint.app_template_global()
def activity_url(activity: Activity) -> str:
    """The desk page of an activity."""
    return desk.activity_url(activity)


def _nearest(locales: list[str]) -> str:
    reader = current()
    return next((code for code in (reader.code, reader.shipped) if code in locales), locales[0])
