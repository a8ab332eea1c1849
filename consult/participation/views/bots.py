"""What keeps bots apart at the open link of an activity."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.participation import measures, queries
from consult.participation.forms import BotsForm
from consult.participation.guard import Guard
from consult.participation.views.blueprint import blueprint
from consult.processes import desk
from consult.web.context import now
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.route("/<locale>/desk/activities/<slug>/bots", methods=["GET", "POST"])
def bots(slug: str) -> ResponseReturnValue:
    """What is set apart at the open link."""
    activity = desk.found_activity(slug)
    form = BotsForm(obj=queries.guard(session(), activity.id))
    if form.validate_on_submit():
        guard = Guard(form.seconds.data, form.hourly.data, form.counted.data, form.work.data)
        measures.decide(session(), activity, guard, by=actor(), now=now())
        flash(_("Saved."), "success")
        return redirect(desk.activity_url(activity))
    crumbs = [desk.activity_crumb(activity)]
    return desk.render("participation/bots.html", activity.process, crumbs=crumbs, activity=activity, form=form)
