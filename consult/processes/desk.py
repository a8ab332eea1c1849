"""What every desk page of a process shows: the rail of its activities, the way back, only links that lead somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.processes import queries
from consult.processes.models import Activity, Kind, Process
from consult.processes.words import STAGES
from consult.web.context import now
from consult.web.fields import StaffForm
from consult.web.locale import current
from consult.web.messages.marks import N_
from consult.web.permissions import actor, scope
from consult.web.rules import PERMISSIONS
from consult.web.transaction import rollback, session

HOMES: Final = {
    Kind.QUESTIONNAIRE: "questionnaires.show",
    Kind.CONSULTATION: "consultations.show",
    Kind.EVENT: "events.show",
}
"""The desk page of an activity, by its kind."""
Crumb = tuple[str, str]
"""Label and address."""

RAIL = (
    ("processes.show", N_("Overview")),
    ("processes.describe", N_("Settings")),
    ("processes.group", N_("Core group")),
    ("processes.themes", N_("Themes")),
    ("privacy.helplines", N_("Help for participants")),
    ("questionnaires.measures", N_("Concepts")),
    ("questionnaires.translations", N_("Translations")),
    ("coding.overview", N_("Coding")),
    ("results.show", N_("Results")),
    ("results.fieldwork", N_("Fieldwork")),
)
"""Pages of a process, those of slices above among them, by their routes."""


@dataclass(frozen=True, slots=True)
class RailItem:
    """A link of the rail."""

    label: str
    url: str
    state: str = ""
    here: bool = False


def found_process(slug: str) -> Process:
    """The process of an address within the request's scope, else 404."""
    return queries.process(session(), scope(), slug) or abort(404)


def found_activity(slug: str, kind: Kind | None = None) -> Activity:
    """The activity of an address within the request's scope, of a kind where only that will do, else 404."""
    found = queries.activity(session(), scope(), slug)
    return found if found is not None and kind in (None, found.kind) else abort(404)


def can(endpoint: str, process: Process) -> bool:
    """Whether who has signed in may use a route for this process: `may` knows only of routes at all."""
    reach = PERMISSIONS[endpoint].scope(actor())
    if reach is None:
        return False
    return process.lead_institution_id in reach.institutions or process.id in reach.processes


def stages() -> list[tuple[str, str]]:
    """The stages of the policy cycle with their names for the reader."""
    return [(str(stage), _(label)) for stage, label in STAGES.items()]


def title(process: Process) -> str:
    """The process's title for the reader."""
    return process.title.resolve(current().code, process.locales[0]).text


def activity_title(activity: Activity) -> str:
    """The activity's title for the reader."""
    return activity.title.resolve(current().code, activity.locales[0]).text


def refuse(form: StaffForm, refused: Refused) -> None:
    """Undo what the request wrote and show in the form why it was refused."""
    rollback()
    form.refuse(refused.problems)


def render(template: str, process: Process, *, crumbs: Sequence[Crumb] = (), **context: object) -> str:
    """A desk page within a process; `crumbs` are those between the process's overview and the page itself."""
    trail = [(_("Policy processes"), url_for("processes.index"))]
    if request.endpoint != "processes.show":
        trail.append((title(process), url_for("processes.show", slug=process.slug)))
    return render_template(
        template,
        process=process,
        rail_pages=_pages(process),
        rail_activities=_activities(process),
        crumbs=[*trail, *crumbs],
        can=partial(can, process=process),
        synthetic=process.synthetic,
        source=process.locales[0],
        **context,
    )


def render_activity(template: str, activity: Activity, **context: object) -> str:
    """A desk page of an activity: its own, or one to which the way leads from there."""
    own = request.endpoint == HOMES[Kind(activity.kind)]
    return render(
        template,
        activity.process,
        crumbs=[] if own else [activity_crumb(activity)],
        activity=activity,
        state=activity.state(now()),
        **context,
    )


def activity_crumb(activity: Activity) -> Crumb:
    """The way back to an activity's own page."""
    return activity_title(activity), activity_url(activity)


def activity_url(activity: Activity, **values: str) -> str:
    """The desk page of an activity."""
    return url_for(HOMES[Kind(activity.kind)], slug=activity.slug, **values)  # type: ignore[arg-type]  # of the URL only


def _pages(process: Process) -> list[RailItem]:
    return [
        RailItem(_(label), url_for(endpoint, slug=process.slug), here=request.endpoint == endpoint)
        for endpoint, label in RAIL
        if can(endpoint, process)
    ]


def _activities(process: Process) -> list[RailItem]:
    moment = now()
    given = request.view_args or {}
    here = given.get("activity") or (None if "/desk/processes/" in request.path else given.get("slug"))
    return [
        RailItem(
            activity_title(activity),
            activity_url(activity),
            activity.state(moment),
            activity.slug == here,
        )
        for activity in process.activities
    ]
