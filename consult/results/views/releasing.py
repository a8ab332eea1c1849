"""The life of a release: planned, computed by a job, looked at, frozen, published, withdrawn."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Problem, Refused
from consult.privacy import queries as privacy
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.results import datasets, drafts, queries, service
from consult.results.advice import Advice, further
from consult.results.comparing import compare
from consult.results.content import Plan, content_of
from consult.results.forms import PlanForm, WithdrawForm
from consult.results.models import Release
from consult.results.service import Draft
from consult.results.views.blueprint import DESK, blueprint, content_context, question_context, reader
from consult.results.views.desk import crumb
from consult.web.context import keys, now, settings
from consult.web.fields import ConfirmForm
from consult.web.messages import sentence, sentences
from consult.web.permissions import actor, scope
from consult.web.transaction import database, rollback, session

_DRAFT = f"{DESK}/drafts/<uuid:draft>"


@blueprint.route(f"{DESK}/new", methods=["GET", "POST"])
def plan(slug: str) -> ResponseReturnValue:
    """Plan a release and have it computed; what comes of it is looked at before anything is frozen."""
    form, possible, least, advice = _plan_form(slug)
    if form.validate_on_submit():
        chosen = Plan(
            title=form.title.data,
            crossings=(*form.crossings.data, *form.together.crossings(), *form.details.data),
            threshold=form.threshold.data or least,
            method=form.method.data,
        )
        asked = drafts.plan(session(), desk.found_process(slug), chosen, by=actor(), now=now())
        if not asked.new:
            flash(
                _("A release of this process is being computed already. Wait for it, or have it cancelled."), "warning"
            )
        return redirect(url_for("processes.job", slug=slug, job_id=asked.id))
    if not form.is_submitted():
        form.crossings.data = [code for code, _label in possible if code in Plan().crossings]
    process = desk.found_process(slug)
    gone = privacy.erased_in(session(), process.id)
    return desk.render(
        "results/plan.html", process, crumbs=[crumb(process)], form=form, least=least, advice=advice, gone=gone
    )


@blueprint.post(f"{DESK}/renew")
def renew(slug: str) -> ResponseReturnValue:
    """Have the column store brought up to date now."""
    ConfirmForm().validate_on_submit()
    asked = drafts.renew(session(), desk.found_process(slug), by=actor(), now=now())
    return redirect(url_for("processes.job", slug=slug, job_id=asked.id))


@blueprint.get(_DRAFT)
def preview(slug: str, draft: uuid.UUID) -> ResponseReturnValue:
    """A computed release as it would be frozen: its tables, what is hidden, what differs from the last one."""
    return _preview(slug, draft)


@blueprint.get(f"{_DRAFT}/<activity>/<question>")
def preview_question(slug: str, draft: uuid.UUID, activity: str, question: str) -> ResponseReturnValue:
    """One question of a computed release with its breakdowns."""
    process = desk.found_process(slug)
    found = drafts.found(session(), process.id, draft, now()) or abort(404)
    crumbs = [crumb(process), (_("Preview of a release"), url_for("results.preview", slug=slug, draft=draft))]
    shown = question_context(drafts.opened(found, keys()).content, activity, question)
    return desk.render("results/question.html", process, crumbs=crumbs, **shown)


@blueprint.post(f"{_DRAFT}/freeze")
def freeze(slug: str, draft: uuid.UUID) -> ResponseReturnValue:
    """Give a computed release its number; it can never be changed then."""
    try:
        made = _held(slug, draft)
        release = drafts.freeze(session(), desk.found_process(slug), draft, made, by=actor(), now=now(), keys=keys())
    except Refused as refused:
        rollback()
        return _preview(slug, draft, sentences(refused.problems))
    flash(_("Release %(number)s is frozen. Look at it, then publish it.", number=release.number), "success")
    return redirect(url_for("results.release", slug=slug, number=release.number))


@blueprint.post(f"{_DRAFT}/discard")
def discard(slug: str, draft: uuid.UUID) -> ResponseReturnValue:
    """Forget a computed release."""
    try:
        drafts.discard(session(), desk.found_process(slug), draft, by=actor(), now=now())
    except Refused:
        return _gone(slug)
    flash(_("The draft of the release is discarded."), "success")
    return redirect(url_for("results.show", slug=slug))


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
    return desk.render("results/publish.html", process, crumbs=[crumb(process)], number=number, problems=problems)


@blueprint.route(f"{DESK}/<int:number>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, number: int) -> ResponseReturnValue:
    """Ask for a public note, then show a published release to nobody any more."""
    process, found = _found(slug, number)
    form = WithdrawForm(locales=process.locales)
    if form.validate_on_submit():
        try:
            service.withdraw(session(), process, found, form.note.data, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            process, found = _found(slug, number)
        else:
            flash(_("Release %(number)s is withdrawn.", number=number), "success")
            return redirect(url_for("results.show", slug=slug))
    elif not form.is_submitted() and not found.shown:
        abort(404)
    return desk.render("results/withdraw.html", process, crumbs=[crumb(process)], form=form, number=number)


def _plan_form(slug: str) -> tuple[PlanForm, list[tuple[str, str]], int, Advice | None]:
    """The form, the breakdowns there are, the least threshold, and what a release after the last one would cost."""
    with database().reading() as opened:
        process = processes.process(opened, scope(), slug) or abort(404)
        possible = _breakdowns(datasets.groupings(opened, process, reader()))
        details = datasets.details(opened, process, reader())
        least = datasets.thresholds(process, settings().threshold).ordinary
        method = service.usual_method(opened, process)
        advice = further(opened, process, reader())
        form = PlanForm(locales=process.locales)
    form.offer(possible, details, least, method)
    return form, possible, least, advice


def _breakdowns(found: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(found.items(), key=lambda choice: choice[1].casefold())


def _preview(slug: str, draft: uuid.UUID, problems: list[str] | None = None) -> ResponseReturnValue:
    process = desk.found_process(slug)
    found = drafts.found(session(), process.id, draft, now())
    if found is None:
        return _gone(slug)
    made = drafts.opened(found, keys())
    last = _last(process)
    page = desk.render(
        "results/preview.html",
        process,
        crumbs=[crumb(process)],
        draft=found,
        until=found.made_at + drafts.KEPT,
        problems=problems or (),
        held=sorted(made.held),
        withheld=sum(len(part.withheld) for part in made.restricted.datasets),
        last=last,
        comparison=compare(content_of(last.content), made.content, reader()) if last else None,
        question_url=lambda activity, name: url_for(
            "results.preview_question", slug=slug, draft=draft, activity=activity, question=name
        ),
        **content_context(made.content),
    )
    return (page, 422) if problems else page


def _gone(slug: str) -> ResponseReturnValue:
    """A draft is not there: it was frozen or discarded, by a second click perhaps, or has expired."""
    flash(sentence(Problem("results.draft.gone")), "info")
    return redirect(url_for("results.show", slug=slug))


def _last(process: Process) -> Release | None:
    """The latest release that everybody sees."""
    shown = [release.number for release in queries.releases(session(), process.id) if release.shown]
    return queries.release(session(), process.id, max(shown)) if shown else None


def _held(slug: str, draft: uuid.UUID) -> Draft:
    """Hold a draft against what was published since, in a reading session: nothing is locked meanwhile."""
    with database().reading() as opened:
        process: Process = processes.process(opened, scope(), slug) or abort(404)
        found = drafts.found(opened, process.id, draft, now())
        if found is None:
            raise Refused.because("results.draft.gone")
        return drafts.examine(opened, process, drafts.opened(found, keys()), keys=keys())


def _examined(slug: str, number: int) -> frozenset[int]:
    """Hold a release against earlier ones, likewise."""
    with database().reading() as opened:
        process = processes.process(opened, scope(), slug) or abort(404)
        release = queries.release(opened, process.id, number) or abort(404)
        return service.examine(opened, process, release, keys=keys())


def _found(slug: str, number: int) -> tuple[Process, Release]:
    process = desk.found_process(slug)
    return process, queries.release(session(), process.id, number) or abort(404)
