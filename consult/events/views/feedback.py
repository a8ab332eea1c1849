"""The feedback of participants: its questionnaire, and what is expected of it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import feedback as asking
from consult.events import queries
from consult.events.feedback_forms import expected_form
from consult.events.views.blueprint import DESK, blueprint
from consult.events.views.describing import found, render
from consult.processes import desk
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import rollback, session


@blueprint.route(f"{DESK}/feedback", methods=["GET", "POST"])
def feedback(slug: str) -> ResponseReturnValue:
    """The questionnaire of an event, or how it is made; which means are expected."""
    activity = found(slug)
    event = queries.event(session(), activity.id)
    form = expected_form(asking.scales(), event.expected)
    if form.validate_on_submit():
        means = {one.name: float(form[one.name].data) for one in asking.scales() if form[one.name].data is not None}
        try:
            asking.expect(session(), activity, means, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("events.feedback", slug=slug))
    asked = asking.asked(session(), event)
    return render("events/feedback.html", activity, form=form, asked=asked, scales=asking.scales())


@blueprint.post(f"{DESK}/feedback/questionnaire")
def make_feedback(slug: str) -> ResponseReturnValue:
    """Make the questionnaire."""
    ConfirmForm().validate_on_submit()
    activity = found(slug)
    try:
        made = asking.make(session(), activity, by=actor(), now=now())
    except Refused as refused:
        rollback()
        flash(" ".join(sentences(refused.problems)), "warning")
        return redirect(url_for("events.feedback", slug=slug))
    flash(_("The questionnaire is made. Complete its notice, publish it and open it in time."), "success")
    return redirect(desk.activity_url(made))
