"""Naming the interviewers of an activity."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.accounts import letters
from consult.accounts.models import Role
from consult.accounts.service.people import Invitee
from consult.core.errors import Refused
from consult.participation import interviewers as naming
from consult.participation import queries
from consult.participation.views.blueprint import blueprint
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.forms import PersonForm
from consult.processes.models import Activity, Kind
from consult.web.context import keys, now, settings
from consult.web.fields import ConfirmForm
from consult.web.locale import current
from consult.web.permissions import actor
from consult.web.transaction import session

_PREFIX = "/<locale>/desk/activities/<slug>/interviewers"


@blueprint.route(_PREFIX, methods=["GET", "POST"])
def interviewers(slug: str) -> ResponseReturnValue:
    """Who interviews, and a form for one more."""
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    form = PersonForm()
    form.offer(processes.institutions(session()))
    if not form.is_submitted():
        form.institution_id.data = str(activity.process.lead_institution_id)
    elif form.validate():
        try:
            return _name(activity, form)
        except Refused as refused:
            desk.refuse(form, refused)
    found = queries.interviewers(session(), activity.id)
    return desk.render(
        "participation/interviewers.html",
        activity.process,
        crumbs=[desk.activity_crumb(activity)],
        activity=activity,
        form=form,
        interviewers=found,
    )


@blueprint.route(f"{_PREFIX}/<uuid:user_id>/remove", methods=["GET", "POST"])
def remove_interviewer(slug: str, user_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once, then let a person interview no more."""
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    known = (named.interviewer for named in queries.interviewers(session(), activity.id))
    interviewer = next((found for found in known if found.user_id == user_id), None) or abort(404)
    name = interviewer.user.name
    if ConfirmForm().validate_on_submit():
        naming.remove(session(), activity, user_id, by=actor(), now=now())
        flash(_("%(name)s is no interviewer of this activity any more.", name=name), "success")
        return redirect(_address(activity))
    return desk.render(
        "participation/remove_interviewer.html",
        activity.process,
        crumbs=_crumbs(activity),
        name=name,
        onward=_address(activity),
    )


def _name(activity: Activity, form: PersonForm) -> ResponseReturnValue:
    """Name the interviewer. Who has no account yet gets one, and a link to set a password: by mail, else to copy."""
    moment = now()
    places = {str(place.id): place for place in processes.institutions(session())}
    place = places[form.institution_id.data]
    invitee = Invitee(form.email.data, form.name.data, current().interface, frozenset({Role.INTERVIEWER}))
    user, link = letters.welcome(session(), settings(), keys(), place, invitee, by=actor(), now=moment)
    naming.add(session(), activity, user_id=user.id, institution_id=place.id, by=actor(), now=moment)
    if link:
        return desk.render(
            "processes/link.html",
            activity.process,
            crumbs=_crumbs(activity),
            user=user,
            link=link,
            onward=_address(activity),
        )
    flash(_("%(name)s is an interviewer of this activity.", name=user.name), "success")
    return redirect(_address(activity))


def _crumbs(activity: Activity) -> list[desk.Crumb]:
    return [desk.activity_crumb(activity), (_("Interviewers"), _address(activity))]


def _address(activity: Activity) -> str:
    return url_for("participation.interviewers", slug=activity.slug)
