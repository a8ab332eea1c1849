"""Margins of an activity: what is known of the population, how responses fit, whether releases are weighted to it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.aggregation.fits import Fit
from consult.core.errors import Problem, Refused
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Activity, Kind
from consult.questionnaires.views.activity import Line, lines
from consult.results import engines, margins, queries, weighing
from consult.results.datasets import thresholds
from consult.results.forms import ConfirmForm, MarginsForm, ModelForm
from consult.results.models import Margins, MarginsState
from consult.results.presentation import channel_label
from consult.results.views.blueprint import blueprint, reader
from consult.web.context import now, settings
from consult.web.permissions import actor, scope
from consult.web.security import takes_files
from consult.web.transaction import database, rollback, session

MARGINS = "/<locale>/desk/activities/<slug>/margins"


@blueprint.route(MARGINS, methods=["GET", "POST"], endpoint="margins")
@takes_files
def propose(slug: str) -> ResponseReturnValue:
    """The latest margins and their fit; below, new ones are proposed. What was typed or chosen stays in the form."""
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    known = weighing.variables_of(session(), activity) or abort(404)
    form, problems = MarginsForm(), []
    if form.validate_on_submit():
        if form.file.data:
            form.lines.data = margins.text(form.file.data.read())
        try:
            written = (form.lines.data or "").encode()
            margins.propose(
                session(),
                activity,
                file=form.lines.data or "",
                totals=margins.read(written, "CSV", known),
                lower=float(form.lower.data or 0),
                upper=float(form.upper.data or 0),
                by=actor(),
                now=now(),
            )
        except Refused as refused:
            rollback()
            problems = lines(refused.problems)
        else:
            flash(_("The margins are proposed. See how they fit, then accept or refuse them."), "success")
            return redirect(_address(slug))
    return _page(slug, form, problems)


@blueprint.post(f"{MARGINS}/<int:number>/fit")
def fit_margins(slug: str, number: int) -> ResponseReturnValue:
    """Have the column store say how margins fit: once a day, in round numbers."""
    ConfirmForm().validate_on_submit() or abort(400)
    problems: list[Line] = []
    try:
        fits = _fits(slug, number)
        margins.keep_fit(session(), desk.found_activity(slug, Kind.QUESTIONNAIRE), number, fits, by=actor(), now=now())
    except Refused as refused:
        rollback()
        problems = lines(refused.problems)
    return _page(slug, MarginsForm(formdata=None), problems) if problems else redirect(_address(slug))


@blueprint.post(f"{MARGINS}/<int:number>")
def decide_margins(slug: str, number: int) -> ResponseReturnValue:
    """Accept margins, or refuse them."""
    ConfirmForm().validate_on_submit() or abort(400)
    activity, accept = desk.found_activity(slug, Kind.QUESTIONNAIRE), request.form.get("decision") == "accept"
    _one(activity, number)
    try:
        margins.decide(session(), activity, number, accept=accept, by=actor(), now=now())
    except Refused as refused:
        rollback()
        return _page(slug, MarginsForm(formdata=None), lines(refused.problems))
    flash(
        _("Releases from now on are weighted to these margins.")
        if accept
        else _("These margins are refused. Releases are not weighted to them."),
        "success",
    )
    return redirect(_address(slug))


@blueprint.route(f"{MARGINS}/<int:number>/model", methods=["GET", "POST"])
def model(slug: str, number: int) -> ResponseReturnValue:
    """Name the model under which a self-selected sample has intervals."""
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    found = _one(activity, number)
    form = ModelForm(locales=activity.locales, obj=found)
    if form.validate_on_submit():
        margins.name_model(session(), activity, number, form.model.data, by=actor(), now=now())
        flash(_("The model is kept. Releases from now on print it."), "success")
        return redirect(_address(slug))
    crumbs = [desk.activity_crumb(activity), (_("Margins of the population"), _address(slug))]
    return desk.render("results/model.html", activity.process, crumbs=crumbs, activity=activity, form=form)


def _page(slug: str, form: MarginsForm, problems: list[Line]) -> str:
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    known, who = queries.margins(session(), activity.id), reader()
    if known and not form.is_submitted():
        form.lines.data = known[0].file
        form.lower.data, form.upper.data = known[0].lower or None, known[0].upper or None
    in_force = queries.accepted_margins(session(), activity.id)
    return desk.render(
        "results/margins.html",
        activity.process,
        crumbs=[desk.activity_crumb(activity)],
        activity=activity,
        form=form,
        problems=problems,
        margins=known,
        in_force=in_force,
        shown=next((one for one in known if one.state == MarginsState.PROPOSED), in_force),
        fits=margins.fits,
        may_fit=margins.may_fit(session(), activity, now()),
        channel=lambda code: channel_label(code, who),
        reader=who,
    )


def _fits(slug: str, number: int) -> Sequence[Fit]:
    """In a reading session of its own: nothing is locked meanwhile."""
    with database().reading() as opened:
        activity = processes.activity(opened, scope(), slug) or abort(404)
        found = next((one for one in queries.margins(opened, activity.id) if one.number == number), None) or abort(404)
        if not margins.may_fit(opened, activity, now()):
            raise Refused(Problem("weights.margins.day"))
        limits = thresholds(activity.process, settings().threshold)
        store, engine = settings().column_store, engines.connect(settings())
        return weighing.fit(opened, activity, margins.wanted(found), limits, store=store, engine=engine)


def _one(activity: Activity, number: int) -> Margins:
    known = queries.margins(session(), activity.id)
    return next((one for one in known if one.number == number), None) or abort(404)


def _address(slug: str) -> str:
    return url_for("results.margins", slug=slug)
