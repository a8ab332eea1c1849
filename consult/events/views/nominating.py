"""Entering somebody whom an institution or association nominates."""

from __future__ import annotations

import secrets

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import grid, nominating, queries
from consult.events.choosing_forms import NominateForm
from consult.events.grid import Asked
from consult.events.models.planned import Need
from consult.events.nominating import Nominee
from consult.events.views import planning
from consult.events.views.blueprint import OCCASION, blueprint
from consult.events.views.describing import render
from consult.participation import once
from consult.processes import desk
from consult.web.context import keys, now
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.route(f"{OCCASION}/nominate", methods=["GET", "POST"])
def nominate(slug: str, number: int) -> ResponseReturnValue:
    """Who it is, how they are reached, and what the profile grid asks of them."""
    activity, occasion = planning.found(slug, number)
    form = NominateForm(data={"key": secrets.token_hex(16)})
    form.offer(activity, occasion.event.needs)
    cells = queries.counted(session(), activity.id)
    # What nobody counts is not kept in the open: those who sign up themselves have it sealed (`events.screening`).
    asked = [one for one in grid.asked(session(), activity.id) if one.concept or one.id in cells]
    if form.validate_on_submit():
        nominee = _nominee(form, asked)
        told = form.key.data or "", nominee.institution, nominee.name, nominee.address, nominee.phone
        code = once.code_for(keys().codes, activity.id, *told)
        try:
            nominating.nominate(session(), keys(), activity, occasion, nominee, code=code, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity, occasion = planning.found(slug, number)
        else:
            flash(_("Entered. They are written to, and say on their own page whether they agree."), "success")
            return redirect(url_for("events.people", slug=slug, number=number))
    return render("events/nominate.html", activity, form=form, occasion=occasion, asked=asked, given=profile(asked))


def _nominee(form: NominateForm, asked: list[Asked]) -> Nominee:
    return Nominee(
        name=form.name.data,
        institution=form.institution.data,
        locale=form.locale.data,
        address=form.address.data or "",
        phone=form.phone.data or "",
        profile=profile(asked),
        needs=[Need(need) for need in form.needs.data or ()],
    )


def profile(asked: list[Asked]) -> dict[str, str]:
    """What was chosen of the questions that profiles are made of."""
    given = {one.id: request.form.get(f"profile-{one.id}", "") for one in asked}
    return {one.id: given[one.id] for one in asked if given[one.id] in one.choices}
