"""Entering somebody who came without having signed up."""

from __future__ import annotations

import secrets

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import grid, queries, walking_in
from consult.events.day_forms import WalkInForm
from consult.events.grid import Asked
from consult.events.views.attending import held
from consult.events.views.blueprint import OCCASION, blueprint
from consult.events.views.describing import render
from consult.events.views.nominating import profile
from consult.events.walking_in import WalkIn
from consult.participation import codes
from consult.processes import desk
from consult.web.context import keys, now
from consult.web.locale import current
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.route(f"{OCCASION}/walk-in", methods=["GET", "POST"])
def walk_in(slug: str, number: int) -> ResponseReturnValue:
    """What they want to say of themselves, what the profile grid asks, and their consent."""
    activity, occasion = held(slug, number)
    event = queries.event(session(), activity.id)
    fresh = codes.spell(secrets.token_bytes(codes.BITS // 8))
    spoken = current().code if current().code in activity.locales else activity.locales[0]
    form = WalkInForm(data={"code": fresh, "locale": spoken})
    form.offer(activity, event)
    asked = grid.asked(session(), activity.id)
    if form.validate_on_submit():
        code = codes.read(form.code.data) or fresh
        try:
            walking_in.walk_in(
                session(), keys(), activity, occasion, _wanted(form, asked), code=code, by=actor(), now=now()
            )
        except Refused as refused:
            desk.refuse(form, refused)
            activity, occasion = held(slug, number)
            event = queries.event(session(), activity.id)
        else:
            flash(_("They have a seat, and are marked as here."), "success")
            return redirect(url_for("events.check_in", slug=slug, number=number))
    given = profile(asked)
    return render("events/walk_in.html", activity, form=form, occasion=occasion, event=event, asked=asked, given=given)


def _wanted(form: WalkInForm, asked: list[Asked]) -> WalkIn:
    return WalkIn(
        locale=form.locale.data,
        name=form.name.data or "",
        address=form.address.data or "",
        phone=form.phone.data or "",
        institution=form.institution.data or "",
        profile=profile(asked),
        consents=form.consents.data,
        speaks="speaks" in form and form.speaks.data,
        beyond=form.beyond.data,
    )
