"""The blueprint, which every module of views adds its routes to, and what pages about invitations share."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.processes import desk
from consult.processes.models import Activity

blueprint = Blueprint("participation", __name__)
PREFIX = "/<locale>/desk/processes/<slug>/invitations/<activity>"
"""By process and activity, so that the pages of jobs find them."""


def found(slug: str, activity: str) -> Activity:
    """The activity of a process within the request's scope, else 404."""
    known = desk.found_activity(activity)
    if known.process.slug != slug:
        abort(404)
    return known


def address(page: str, activity: Activity, **values: object) -> str:
    """Where a page about an activity's invitations is."""
    where = {"slug": activity.process.slug, "activity": activity.slug}
    return url_for(f"participation.{page}", **where, **values)  # type: ignore[arg-type]  # of the URL only


def back(activity: Activity) -> ResponseReturnValue:
    """To the page about all invitations."""
    return redirect(address("invitations", activity))


def render(template: str, activity: Activity, **context: object) -> str:
    """A page about invitations."""
    own = template == "participation/invitations.html"
    crumbs = [desk.activity_crumb(activity)]
    if not own:
        crumbs.append((_("Invitations"), address("invitations", activity)))
    return desk.render(template, activity.process, crumbs=crumbs, activity=activity, at=address, **context)
