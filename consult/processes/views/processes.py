"""Processes and their activities: overview, beginning, settings."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.config import LOCALES
from consult.core.errors import Refused
from consult.core.policy.stages import Stage
from consult.core.translation import Gate
from consult.processes import desk, queries, service
from consult.processes.forms import ActivityForm, BeginForm, ProcessForm, RenameForm, institution_choices
from consult.processes.models import Kind, Process, Unit
from consult.processes.service import Particulars
from consult.processes.themes import tree
from consult.processes.views.blueprint import blueprint
from consult.processes.words import SEATS, STAGES
from consult.web.context import now, settings
from consult.web.locale import current
from consult.web.permissions import actor, scope
from consult.web.transaction import session


@blueprint.get("/<locale>/desk/")
def index() -> str:
    """The processes that somebody works on."""
    found = sorted(queries.processes(session(), scope()), key=lambda process: desk.title(process).casefold())
    return render_template("processes/index.html", processes=found, stages=STAGES, now=now())


@blueprint.route("/<locale>/desk/processes/new", methods=["GET", "POST"])
def begin() -> ResponseReturnValue:
    """Begin a process: its title, first language, lead institution and country."""
    form = BeginForm()
    leads = queries.institutions(session(), scope().institutions)
    form.lead_institution_id.choices = institution_choices(leads)
    if not form.is_submitted():
        form.locale.data = current().interface
        form.country.data = leads[0].country if leads else None
    elif form.validate():
        process = service.begin(
            session(),
            title=form.title.data,
            locale=form.locale.data,
            lead_institution_id=uuid.UUID(form.lead_institution_id.data),
            country=form.country.data,
            floor=settings().threshold,
            by=actor(),
            now=now(),
        )
        flash(_("The process is there. Now describe it."), "success")
        return redirect(url_for("processes.describe", slug=process.slug))
    crumbs = [(_("Policy processes"), url_for("processes.index"))]
    return render_template("processes/begin.html", form=form, crumbs=crumbs)


@blueprint.get("/<locale>/desk/processes/<slug>")
def show(slug: str) -> str:
    """One process: its activities, core group and themes at a glance."""
    process = desk.found_process(slug)
    return desk.render(
        "processes/show.html",
        process,
        stages=desk.stages(),
        seats=SEATS,
        members=queries.members(session(), process.id),
        themes=tree(process.themes),
        now=now(),
    )


@blueprint.route("/<locale>/desk/processes/<slug>/settings", methods=["GET", "POST"])
def describe(slug: str) -> ResponseReturnValue:
    """Everything that the officers decide about a process."""
    process = desk.found_process(slug)
    lead = process.lead_institution_id
    # Whoever runs the process by a seat only does not give it away, not even to an institution of their own.
    leads = queries.institutions(session(), scope().institutions if lead in scope().institutions else {lead})
    form = ProcessForm(obj=process, locales=process.locales)
    form.offer(process.locales[0], leads)
    if not form.is_submitted():
        form.lead_institution_id.data = str(process.lead_institution_id)
        form.further.data = list(process.locales[1:])
    elif form.validate():
        try:
            wanted = _particulars(process, form)
            service.describe(session(), process, wanted, floor=settings().threshold, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("processes.describe", slug=process.slug))
    return desk.render("processes/describe.html", process, form=form)


def _particulars(process: Process, form: ProcessForm) -> Particulars:
    further = [code for code in LOCALES if code in (form.further.data or ())]
    return Particulars(
        title=form.title.data,
        mandate=form.mandate.data,
        public_name=form.public_name.data,
        lead_institution_id=uuid.UUID(form.lead_institution_id.data),
        country=form.country.data,
        locales=(process.locales[0], *further),
        stage=Stage(form.stage.data),
        gate=Gate(form.gate.data),
        approval=form.approval.data,
        contact=form.contact.data,
        threshold=form.threshold.data,
        public=form.public.data,
    )


@blueprint.route("/<locale>/desk/processes/<slug>/activities/new", methods=["GET", "POST"])
def plan(slug: str) -> ResponseReturnValue:
    """Plan an activity."""
    process = desk.found_process(slug)
    form = ActivityForm()
    form.offer()
    if form.validate_on_submit():
        activity = service.plan(
            session(),
            process,
            kind=Kind(form.kind.data),
            title=form.title.data,
            unit=Unit(form.unit.data),
            time_zone=form.time_zone.data,
            by=actor(),
            now=now(),
        )
        flash(_("The activity is there. Now say what it asks."), "success")
        return redirect(desk.activity_url(activity))
    return desk.render("processes/plan.html", process, form=form)


@blueprint.route("/<locale>/desk/activities/<slug>/settings", methods=["GET", "POST"])
def rename(slug: str) -> ResponseReturnValue:
    """Title, unit and time zone of an activity."""
    activity = desk.found_activity(slug)
    form = RenameForm(obj=activity, locales=activity.locales)
    form.offer()
    if form.validate_on_submit():
        try:
            service.rename(
                session(),
                activity,
                title=form.title.data,
                unit=Unit(form.unit.data),
                time_zone=form.time_zone.data,
                by=actor(),
                now=now(),
            )
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("Saved."), "success")
            return redirect(desk.activity_url(activity))
    crumbs = [desk.activity_crumb(activity)]
    return desk.render("processes/rename.html", activity.process, crumbs=crumbs, activity=activity, form=form)
