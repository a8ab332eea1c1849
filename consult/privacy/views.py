"""The notice of an activity: written at the desk, read by everybody."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.config import LOCALES
from consult.core.errors import Refused
from consult.privacy import addresses, queries, service
from consult.privacy.forms import NoticeForm, periods_form
from consult.privacy.kinds import Retention, Since
from consult.privacy.retention import NOTICE, Due, decide, dues
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Activity
from consult.web.context import now
from consult.web.locale import offer
from consult.web.permissions import actor
from consult.web.transaction import session

blueprint = Blueprint("privacy", __name__)


def init(app: Flask, retention: Retention) -> None:
    """Say what is kept for a time only."""
    app.extensions["consult.retention"] = retention


def _kinds() -> Retention:
    found: Retention = current_app.extensions["consult.retention"]
    return found


def _dues(activity: Activity) -> list[Due]:
    return dues(session(), activity, _kinds().kinds, now=now())


@blueprint.route("/<locale>/desk/activities/<slug>/notice", methods=["GET", "POST"])
def write(slug: str) -> ResponseReturnValue:
    """Write the notice of an activity in every locale in which it is offered."""
    offer(list(LOCALES))
    activity = desk.found_activity(slug)
    notice = queries.notice(session(), activity.id)
    form = NoticeForm(obj=notice, locales=activity.locales)
    if form.validate_on_submit():
        try:
            service.write(
                session(),
                activity,
                controller=form.controller.data,
                purpose=form.purpose.data,
                contact=form.contact.data,
                months=form.months.data,
                by=actor(),
                now=now(),
            )
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("questionnaires.show", slug=slug))
    crumbs = [desk.activity_crumb(activity)]
    return desk.render("privacy/write.html", activity.process, crumbs=crumbs, activity=activity, form=form)


@blueprint.route(addresses.RETENTION, methods=["GET", "POST"])
def retention(slug: str) -> ResponseReturnValue:
    """What is erased on which day, and what was; for how long officers want it kept."""
    offer(list(LOCALES))
    activity = desk.found_activity(slug)
    closed = activity.state(now()) == "closed"
    form = periods_form([due for due in _dues(activity) if not (closed and due.kind.since is Since.SAVING)])
    if form.validate_on_submit():
        lengths = {name: length for name, length in form.data.items() if name != "csrf_token"}
        try:
            decide(session(), activity, _kinds().kinds, lengths, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("privacy.retention", slug=slug))
    crumbs = [desk.activity_crumb(activity)]
    return desk.render(
        "privacy/retention.html",
        activity.process,
        crumbs=crumbs,
        activity=activity,
        form=form,
        dues=_dues(activity),
        closed=closed,
        notice=NOTICE.days,
    )


@blueprint.get("/<locale>/q/<slug>/privacy")
def notice(slug: str) -> str:
    """What participants of an activity are told about their data."""
    activity = processes.public_activity(session(), slug) or abort(404)
    found = queries.notice(session(), activity.id) or abort(404)
    offer(activity.locales)
    return render_template(
        "privacy/notice.html",
        activity=activity,
        process=activity.process,
        notice=found,
        periods=[due for due in _dues(activity) if due.kind.usual is not None],
        source=activity.locales[0],
        synthetic=activity.process.synthetic,
    )
