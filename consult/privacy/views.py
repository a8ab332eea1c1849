"""The notice of an activity: written at the desk, read by everybody."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.config import LOCALES
from consult.core.errors import Refused
from consult.privacy import queries, service
from consult.privacy.forms import NoticeForm
from consult.processes import desk
from consult.processes import queries as processes
from consult.web.context import now
from consult.web.locale import offer
from consult.web.permissions import actor
from consult.web.transaction import session

blueprint = Blueprint("privacy", __name__)


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
        source=activity.locales[0],
        synthetic=activity.process.synthetic,
    )
