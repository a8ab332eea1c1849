"""Planning, freezing and publishing a release."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.results import datasets, engines, queries, service
from consult.results.advice import Advice, further
from consult.results.content import Plan
from consult.results.forms import ConfirmForm, PlanForm
from consult.results.models import Release
from consult.results.service import Draft
from consult.results.views.blueprint import DESK, blueprint, reader
from consult.web.context import keys, now, settings
from consult.web.messages import sentences
from consult.web.permissions import actor, scope
from consult.web.transaction import database, rollback, session


@blueprint.route(f"{DESK}/new", methods=["GET", "POST"])
def plan(slug: str) -> ResponseReturnValue:
    """Plan a release and freeze it; publishing is another step."""
    form, possible, least, advice = _plan_form(slug)
    if form.validate_on_submit():
        chosen = Plan(
            title=form.title.data,
            crossings=tuple(form.crossings.data),
            threshold=form.threshold.data or least,
            method=form.method.data,
        )
        try:
            made = _computed(slug, chosen)
            release = service.freeze(session(), desk.found_process(slug), made, by=actor(), now=now(), keys=keys())
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("Release %(number)s is frozen. Look at it, then publish it.", number=release.number), "success")
            return redirect(url_for("results.release", slug=slug, number=release.number))
    elif not form.is_submitted():
        form.crossings.data = [code for code, _label in possible if code in Plan().crossings]
    process = desk.found_process(slug)
    return desk.render("results/plan.html", process, crumbs=[_crumb(process)], form=form, least=least, advice=advice)


@blueprint.route(f"{DESK}/<int:number>/publish", methods=["GET", "POST"])
def publish(slug: str, number: int) -> ResponseReturnValue:
    """Ask once, then let everybody see a frozen release."""
    problems: list[str] = []
    if ConfirmForm().validate_on_submit():
        try:
            held = _examined(slug, number)
            process, found = _found(slug, number)
            service.publish(session(), process, found, by=actor(), now=now(), keys=keys(), held=held)
        except Refused as refused:
            rollback()
            problems = sentences(refused.problems)
        else:
            flash(_("Release %(number)s is published.", number=number), "success")
            return redirect(url_for("results.release", slug=slug, number=number))
    process, _release = _found(slug, number)
    return desk.render("results/publish.html", process, crumbs=[_crumb(process)], number=number, problems=problems)


def _plan_form(slug: str) -> tuple[PlanForm, list[tuple[str, str]], int, Advice | None]:
    """The form, the breakdowns there are, the least threshold, and what a release after the last one would cost."""
    with database().reading() as opened:
        process = processes.process(opened, scope(), slug) or abort(404)
        possible = _breakdowns(datasets.groupings(opened, process, reader()))
        least = datasets.thresholds(process, settings().threshold).ordinary
        method = service.usual_method(opened, process)
        advice = further(opened, process, reader())
        form = PlanForm(locales=process.locales)
    form.offer(possible, least, method)
    return form, possible, least, advice


def _breakdowns(found: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(found.items(), key=lambda choice: choice[1].casefold())


def _computed(slug: str, chosen: Plan) -> Draft:
    """Compute in a reading session of its own: nothing is locked meanwhile."""
    with database().reading() as opened:
        process: Process = processes.process(opened, scope(), slug) or abort(404)
        engine = engines.connect(settings())
        return service.draft(opened, process, chosen, now=now(), settings=settings(), engine=engine, keys=keys())


def _examined(slug: str, number: int) -> frozenset[int]:
    """Hold a release against earlier ones, likewise."""
    with database().reading() as opened:
        process = processes.process(opened, scope(), slug) or abort(404)
        release = queries.release(opened, process.id, number) or abort(404)
        return service.examine(opened, process, release, keys=keys())


def _found(slug: str, number: int) -> tuple[Process, Release]:
    process = desk.found_process(slug)
    return process, queries.release(session(), process.id, number) or abort(404)


def _crumb(process: Process) -> desk.Crumb:
    return _("Results"), url_for("results.show", slug=process.slug)
