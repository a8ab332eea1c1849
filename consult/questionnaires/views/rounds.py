"""Planning the next round of a questionnaire."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.processes import desk
from consult.questionnaires import rounds
from consult.questionnaires.forms import RoundForm
from consult.questionnaires.views.activity import render
from consult.questionnaires.views.blueprint import PREFIX, blueprint
from consult.web.context import now
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.route(f"{PREFIX}/next-round", methods=["GET", "POST"])
def next_round(slug: str) -> ResponseReturnValue:
    """Copy the questionnaire and its notice into a new activity."""
    activity = desk.found_activity(slug)
    form = RoundForm()
    if form.validate_on_submit():
        try:
            made = rounds.next_round(session(), activity, title=form.title.data, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = desk.found_activity(slug)
        else:
            flash(_("The next round is planned. Look at the questionnaire and the notice again."), "success")
            return redirect(url_for("questionnaires.show", slug=made.slug))
    return render("questionnaires/next_round.html", activity, form=form)
