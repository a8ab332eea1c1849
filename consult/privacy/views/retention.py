"""How long the data of an activity are kept: decided at the desk, told to participants in the notice."""

from __future__ import annotations

from flask import Flask, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.config import LOCALES
from consult.core.errors import Refused
from consult.privacy import addresses, queries
from consult.privacy.forms import periods_form
from consult.privacy.kinds import Retention, Since
from consult.privacy.models import RESPONSES
from consult.privacy.retention import NOTICE, Due, decide, dues
from consult.privacy.views.blueprint import blueprint
from consult.processes import desk
from consult.processes.models import Activity
from consult.web.context import now, settings
from consult.web.locale import offer
from consult.web.permissions import actor
from consult.web.transaction import session


def init(app: Flask, retention: Retention) -> None:
    """Say what is kept for a time only."""
    app.extensions["consult.retention"] = retention


def _kinds() -> Retention:
    found: Retention = current_app.extensions["consult.retention"]
    return found


def kept(activity: Activity) -> list[Due]:
    """What becomes of the data of an activity, by kind; the responses first."""
    return dues(session(), activity, _kinds().kinds, now=now())


@blueprint.route(addresses.RETENTION, methods=["GET", "POST"])
def retention(slug: str) -> ResponseReturnValue:
    """What is erased on which day, and what was; for how long officers want it kept."""
    offer(list(LOCALES))
    activity = desk.found_activity(slug)
    closed = activity.state(now()) == "closed"
    form = periods_form([due for due in kept(activity) if _decided_here(due, activity, closed=closed)])
    if form.validate_on_submit():
        lengths = {name: length for name, length in form.data.items() if name != "csrf_token"}
        try:
            decide(session(), activity, _kinds().kinds, lengths, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = desk.found_activity(slug)
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
        dues=kept(activity),
        closed=closed,
        notice=NOTICE.days,
        backup_days=settings().backup_days,
    )


def _decided_here(due: Due, activity: Activity, *, closed: bool) -> bool:
    """Not what a closed activity has none of, nor what the notice promises where there is none yet."""
    if due.kind.since is Since.SAVING:
        return not closed
    return due.kind.name != RESPONSES or queries.notice(session(), activity.id) is not None
