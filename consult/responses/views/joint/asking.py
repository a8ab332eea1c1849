"""Which institutions are asked to answer an activity, how far they are, and what they signed: for those who ask."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.core.questionnaire.answers import decode
from consult.processes import desk
from consult.processes.models import Activity, Kind, Unit
from consult.responses import looks
from consult.responses.forms import AskForm, ReopenForm
from consult.responses.joint import asking, queries, signing
from consult.responses.joint.models import Joint
from consult.responses.joint.queries import Asked, Of
from consult.responses.views.blueprint import elsewhere
from consult.responses.views.joint.place import place_in
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.holes import hole
from consult.web.messages import sentence
from consult.web.permissions import actor
from consult.web.transaction import rollback, session

_PREFIX = "/<locale>/desk/activities/<slug>/institutions"


@elsewhere(_PREFIX, "institutions", ["GET", "POST"])
def institutions(slug: str) -> ResponseReturnValue:
    """The institutions that are asked, and a form for one more. No answer is shown before it is signed."""
    activity, form = _activity(slug), AskForm()
    form.offer(queries.uninvited(session(), activity.id))
    if form.validate_on_submit():
        try:
            asking.invite(session(), activity, uuid.UUID(form.institution_id.data), by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = _activity(slug)
        else:
            flash(_("The institution is asked to answer. Its officers and administrators name who does."), "success")
            return redirect(_address(activity))
    moment = now()
    return desk.render(
        "responses/joint/institutions.html",
        activity.process,
        crumbs=[desk.activity_crumb(activity)],
        activity=activity,
        form=form,
        invited=[(one, one.standing(moment)) for one in queries.invited(session(), activity.id)],
        open=activity.state(moment) == "open",
    )


@elsewhere(f"{_PREFIX}/<uuid:institution_id>/remove", "uninvite", ["POST"])
def uninvite(slug: str, institution_id: uuid.UUID) -> ResponseReturnValue:
    """Ask an institution no more that has not begun."""
    activity = _activity(slug)
    joint = _joint(activity, institution_id)
    if ConfirmForm().validate_on_submit():
        try:
            asking.uninvite(session(), activity, queries.of(joint), by=actor(), now=now())
        except Refused as refused:
            rollback()
            flash(sentence(refused.problems[0]), "danger")
    return redirect(_address(activity))


@elsewhere(f"{_PREFIX}/<uuid:institution_id>/signed", "signed")
def signed(slug: str, institution_id: uuid.UUID) -> str:
    """What an institution signed last, in full, and when it signed before."""
    activity = _activity(slug)
    joint = _joint(activity, institution_id)
    signatures = queries.signatures(session(), queries.of(joint)) or abort(404)
    latest = signatures[0]
    state = queries.state(session(), queries.of(joint))
    place = place_in(Asked(joint, None, latest), state, latest.edition)
    given = place.given(
        "responses/given.html", decode(latest.answers), **looks.reading(place.words), hole=hole, page_url=None
    )
    return desk.render(
        "responses/joint/signed.html",
        activity.process,
        crumbs=_crumbs(activity),
        activity=activity,
        joint=joint,
        given=given,
        signatures=signatures,
    )


@elsewhere(f"{_PREFIX}/<uuid:institution_id>/reopen", "reopen", ["GET", "POST"])
def reopen(slug: str, institution_id: uuid.UUID) -> ResponseReturnValue:
    """Let an institution change what it signed, and say why."""
    activity, form = _activity(slug), ReopenForm()
    joint = _joint(activity, institution_id)
    if form.validate_on_submit():
        try:
            signing.reopen(session(), joint, form.reason.data, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("Reopened. What was signed counts until the institution signs again."), "success")
            return redirect(_address(activity))
    return desk.render(
        "responses/joint/reopen.html",
        activity.process,
        crumbs=_crumbs(activity),
        joint=joint,
        form=form,
        onward=_address(activity),
    )


def _activity(slug: str) -> Activity:
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    return activity if activity.unit == Unit.INSTITUTION else abort(404)


def _joint(activity: Activity, institution_id: uuid.UUID) -> Joint:
    return session().get(Joint, Of(activity.id, institution_id)) or abort(404)


def _crumbs(activity: Activity) -> list[desk.Crumb]:
    return [desk.activity_crumb(activity), (_("Institutions"), _address(activity))]


def _address(activity: Activity) -> str:
    return url_for("responses.institutions", slug=activity.slug)
