"""Single records for data stewards: choose, read the re-identification report, fetch."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.aggregation.tables import Variable
from consult.jobs import made
from consult.privacy import queries as privacy
from consult.processes import desk
from consult.processes.models import Activity, Process
from consult.results.forms import FetchForm, MicrodataForm
from consult.results.microdata import asking
from consult.results.microdata.asking import Waiting
from consult.results.microdata.choosing import Choice, Offer, dataset_of, offer
from consult.results.microdata.report import lines, paragraphs
from consult.results.presentation import variable_label
from consult.results.views.blueprint import DESK, blueprint, reader
from consult.web import downloads
from consult.web.context import now, settings
from consult.web.locale import current
from consult.web.permissions import actor
from consult.web.transaction import session

_FORMATS = (("csv", "CSV"), ("r", "R"), ("sav", "SPSS (.sav)"), ("dta", "Stata (.dta)"))


@blueprint.route(f"{DESK}/microdata/<activity>", methods=["GET", "POST"])
def microdata(slug: str, activity: str) -> ResponseReturnValue:
    """Choose what leaves; a job makes the file, which waits for who asked to have read its report."""
    process, found = _found(slug, activity)
    there = offer(session(), found)
    form = _form(found, there)
    if there and form.validate_on_submit():
        chosen = there.only(_choice(form))
        asked = asking.ask(session(), found, chosen, locale=current().interface, by=actor(), now=now())
        return redirect(url_for("processes.job", slug=slug, job_id=asked.id))
    return desk.render(
        "results/microdata.html",
        process,
        crumbs=[_crumb(slug)],
        form=form,
        activity=found,
        offer=there,
        gone=privacy.erased_on(session(), found.id),
        waiting=_waiting(found),
        kept=made.KEPT,
    )


@blueprint.route(f"{DESK}/microdata/<activity>/<uuid:job_id>", methods=["GET", "POST"])
def microdata_file(slug: str, activity: str, job_id: uuid.UUID) -> ResponseReturnValue:
    """The re-identification report of a file, then the file; for who asked for it."""
    process, found = _found(slug, activity)
    job, path = next((one for one in _waiting(found) if one.job.id == job_id), (None, None))
    if job is None or path is None:
        abort(404)
    report, form = asking.report_of(path), FetchForm()
    if not report.safe:
        form.warn()
    if "discard" in request.form:
        made.remove(settings().made, job)
        flash(_("The file is deleted."), "success")
        return redirect(url_for("results.microdata", slug=slug, activity=activity))
    if form.validate_on_submit():
        asking.note_fetch(session(), found, report, by=actor(), now=now())
        return downloads.send(path, job.result["name"], job.result["media_type"])
    who = reader()
    return desk.render(
        "results/microdata_file.html",
        process,
        crumbs=[
            _crumb(slug),
            (desk.activity_title(found), url_for("results.microdata", slug=slug, activity=activity)),
        ],
        form=form,
        activity=found,
        report=report,
        until=job.ended_at + made.KEPT if job.ended_at else None,
        lines=list(lines(report, who)),
        paragraphs=paragraphs(who),
        megabytes=max(0.1, round(path.stat().st_size / 1_000_000, 1)),
    )


def _found(slug: str, name: str) -> tuple[Process, Activity]:
    process = desk.found_process(slug)
    return process, next((one for one in process.activities if one.slug == name), None) or abort(404)


def _waiting(activity: Activity) -> Sequence[Waiting]:
    return asking.waiting(session(), activity, settings().made, by=actor(), now=now())


def _form(activity: Activity, there: Offer | None) -> MicrodataForm:
    form = MicrodataForm(obj=there.usual() if there else Choice(variables=()))
    if there:
        dataset, who = dataset_of(activity), reader()

        def named(variables: Iterable[Variable]) -> list[tuple[str, str]]:
            return [(one.id, _label(one, variable_label(one, dataset, who))) for one in variables]

        form.variables.choices = form.keys.choices = named(there.variables)
        form.exact.choices, form.texts.choices = named(there.numbers()), named(there.texts)
    form.formats.choices = list(_FORMATS)
    return form


def _label(variable: Variable, label: str) -> str:
    return _("%(label)s (sensitive)", label=label) if variable.sensitive else label


def _choice(form: MicrodataForm) -> Choice:
    several = {name: tuple(form[name].data or ()) for name in ("variables", "keys", "exact", "texts", "formats")}
    return Choice(blank=form.blank.data, **several)


def _crumb(slug: str) -> desk.Crumb:
    return _("Results"), url_for("results.show", slug=slug)
