"""An event at a glance, and what it is."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import guiding, queries, service
from consult.events.forms import DescribeForm
from consult.events.models.planned import Event, Form, Need, Selection
from consult.events.service import Particulars
from consult.events.views.blueprint import DESK, blueprint
from consult.events.words import FORMS, SELECTIONS
from consult.privacy import queries as privacy
from consult.privacy.template import gaps
from consult.privacy.words import PARTS
from consult.processes import desk
from consult.processes.models import Activity, Kind
from consult.questionnaires import fieldwork, rounds
from consult.questionnaires import queries as questionnaires
from consult.web.context import now
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import session

render = desk.render_activity
"""A desk page of an event."""


@blueprint.get(DESK)
def show(slug: str) -> str:
    """One event: what it is, its occasions, what is missing, when people can sign up."""
    activity = found(slug)
    notice = privacy.notice(session(), activity.id)
    return render(
        "events/show.html",
        activity,
        event=queries.event(session(), activity.id),
        occasions=queries.occasions(session(), activity.id),
        now=now(),
        edition=questionnaires.latest_edition(session(), activity.id),
        targets=queries.targets(session(), activity.id),
        guided=bool(guiding.blocks(session(), activity.id)),
        following=rounds.following(session(), activity),
        forms=FORMS,
        selections=SELECTIONS,
        notice_written=notice is not None,
        gaps=gaps(notice, activity.locales),
        parts=PARTS,
        hindrances=sentences(fieldwork.hindrances(session(), activity, now=now())),
    )


@blueprint.route(f"{DESK}/describe", methods=["GET", "POST"])
def describe(slug: str) -> ResponseReturnValue:
    """Form, selection, consent, languages."""
    activity = found(slug)
    form = _form(activity, queries.event(session(), activity.id))
    if form.validate_on_submit():
        try:
            service.describe(session(), activity, _wanted(form), by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("events.show", slug=slug))
    return render("events/describe.html", activity, form=form)


def _form(activity: Activity, kept: Event) -> DescribeForm:
    names = ("form", "about", "selection", "seed_source", "consent", "minimum_age", "guardian", "companions", "needs")
    form = DescribeForm(
        locales=[activity.locales[0], *(code for code in activity.process.locales if code != activity.locales[0])],
        data={
            **{name: getattr(kept, name) for name in names},
            "offer_hours": kept.offer_hours,
            "speaking": kept.speaking,
            "further": activity.locales[1:],
        },
    )
    form.offer(activity)
    return form


def _wanted(form: DescribeForm) -> Particulars:
    return Particulars(
        form=Form(form.form.data),
        selection=Selection(form.selection.data),
        about=form.about.data,
        consent=form.consent.data,
        locales=form.further.data or (),
        guardian=form.guardian.data,
        minimum_age=form.minimum_age.data or 0,
        seed_source=form.seed_source.data,
        companions=form.companions.data or 0,
        needs=[Need(need) for need in form.needs.data or ()],
        offer_hours=form.offer_hours.data or 0,
        speaking=form.speaking.data,
    )


def found(slug: str) -> Activity:
    """The event of an address within the request's scope, else 404."""
    return desk.found_activity(slug, Kind.EVENT)
