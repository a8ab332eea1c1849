"""Letting people in and out."""

from __future__ import annotations

import datetime as dt

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core import localtime
from consult.core.errors import Problem, Refused
from consult.processes import desk
from consult.processes.models import Activity
from consult.questionnaires import fieldwork
from consult.questionnaires.forms import ReopenForm, ScheduleForm
from consult.questionnaires.views.activity import lines
from consult.questionnaires.views.blueprint import PREFIX, blueprint
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.permissions import actor
from consult.web.transaction import rollback, session


@blueprint.route(f"{PREFIX}/schedule", methods=["GET", "POST"])
def schedule(slug: str) -> ResponseReturnValue:
    """When people can take part, by the clocks of the activity's time zone."""
    activity = desk.found_activity(slug)
    form = ScheduleForm()
    already = activity.state(now()) == "open"
    if already:
        del form.opens_at
    if not form.is_submitted():
        _fill(form, activity)
    elif form.validate():
        try:
            opens_at = activity.opens_at if already else _moment(form, activity, "opens_at")
            closes_at = _moment(form, activity, "closes_at")
            fieldwork.schedule(session(), activity, opens_at=opens_at, closes_at=closes_at, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("The schedule is set."), "success")
            return _back(activity)
    return _page("questionnaires/schedule.html", activity, form=form, already=already)


@blueprint.route(f"{PREFIX}/open", endpoint="open", methods=["GET", "POST"])
def open_activity(slug: str) -> ResponseReturnValue:
    """Ask once, then let people take part from this moment."""
    activity = desk.found_activity(slug)
    found: tuple[Problem, ...] = ()
    if ConfirmForm().validate_on_submit():
        try:
            fieldwork.open_now(session(), activity, by=actor(), now=now())
        except Refused as refused:
            rollback()
            found = refused.problems
        else:
            flash(_("People can take part from now on."), "success")
            return _back(activity)
    else:
        found = tuple(fieldwork.hindrances(session(), activity, now=now()))
    return _page("questionnaires/open.html", activity, hindrances=lines(found))


@blueprint.route(f"{PREFIX}/close", methods=["GET", "POST"])
def close(slug: str) -> ResponseReturnValue:
    """Ask once, then let nobody take part any more."""
    activity = desk.found_activity(slug)
    if ConfirmForm().validate_on_submit():
        fieldwork.close_now(session(), activity, by=actor(), now=now())
        flash(_("The activity is closed."), "success")
        return _back(activity)
    return _page("questionnaires/close.html", activity)


@blueprint.route(f"{PREFIX}/reopen", methods=["GET", "POST"])
def reopen(slug: str) -> ResponseReturnValue:
    """Let people take part again, until a moment if one is given."""
    activity = desk.found_activity(slug)
    form = ReopenForm()
    if form.validate_on_submit():
        try:
            closes_at = _moment(form, activity, "closes_at")
            fieldwork.reopen(session(), activity, closes_at=closes_at, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("People can take part again."), "success")
            return _back(activity)
    return _page("questionnaires/reopen.html", activity, form=form)


def _moment(form: ScheduleForm | ReopenForm, activity: Activity, name: str) -> dt.datetime | None:
    typed: dt.datetime | None = form[name].data
    if typed is None:
        return None
    return localtime.moment(typed, activity.time_zone, field=name, before=getattr(activity, name))


def _fill(form: ScheduleForm, activity: Activity) -> None:
    for name in ("opens_at", "closes_at"):
        moment = getattr(activity, name)
        if name in form and moment is not None:
            form[name].data = localtime.shown(moment, activity.time_zone)


def _back(activity: Activity) -> ResponseReturnValue:
    return redirect(desk.activity_url(activity))


def _page(template: str, activity: Activity, **context: object) -> str:
    return desk.render(
        template,
        activity.process,
        crumbs=[desk.activity_crumb(activity)],
        activity=activity,
        state=activity.state(now()),
        **context,
    )
