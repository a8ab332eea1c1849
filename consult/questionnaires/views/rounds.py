"""Planning the next round of a questionnaire."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, current_app, flash, redirect
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


def init(app: Flask, above: Sequence[rounds.TakeOver]) -> None:
    """Say what slices above copy to the next round."""
    app.extensions["consult.rounds"] = above


@blueprint.route(f"{PREFIX}/next-round", methods=["GET", "POST"])
def next_round(slug: str) -> ResponseReturnValue:
    """Copy the questionnaire, its notice and what was decided about its door into a new activity."""
    activity = desk.found_activity(slug)
    form = RoundForm()
    if form.validate_on_submit():
        try:
            above = current_app.extensions["consult.rounds"]
            made = rounds.next_round(session(), activity, title=form.title.data, by=actor(), now=now(), above=above)
        except Refused as refused:
            desk.refuse(form, refused)
            activity = desk.found_activity(slug)
        else:
            flash(_("The next round is planned. Look at everything again, above all the notice."), "success")
            return redirect(desk.activity_url(made))
    return render("questionnaires/next_round.html", activity, form=form)
