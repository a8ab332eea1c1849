"""Answers for translators: batches made, fetched and taken in again."""

from __future__ import annotations

import uuid

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.coding import batches, queries, service
from consult.coding.forms import BatchForm, FileForm
from consult.coding.models import Batch
from consult.coding.views.blueprint import DESK, blueprint, render
from consult.core.errors import Problem, Refused
from consult.privacy.retention import about
from consult.processes import desk
from consult.processes.models import Process
from consult.questionnaires import exchanging
from consult.questionnaires.exchanging import FORMATS
from consult.questionnaires.views.activity import lines
from consult.web.context import keys, now
from consult.web.locale import locale_of
from consult.web.permissions import actor, may
from consult.web.security import takes_files
from consult.web.transaction import rollback, session

_PREFIX = f"{DESK}/translations"


@blueprint.get(_PREFIX)
def translations(slug: str) -> str:
    """The batches, and what could go into the next one."""
    process = desk.found_process(slug)
    return _page(process, _form(process))


@blueprint.post(f"{_PREFIX}/new")
def make_batch(slug: str) -> ResponseReturnValue:
    """Put answers aside for translators."""
    process = desk.found_process(slug)
    form = _form(process)
    if form.validate_on_submit():
        activity, _slash, source = form.which.data.partition("/")
        within = next((one for one in process.activities if one.slug == activity), None) or abort(404)
        try:
            batch = batches.make(session(), within, source, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            process = desk.found_process(slug)
        else:
            flash(_("Batch %(number)s is ready for translators.", number=batch.number), "success")
            return redirect(url_for("coding.translations", slug=slug))
    return _page(process, form)


def _form(process: Process) -> BatchForm:
    form = BatchForm()
    activities = {one.id: one for one in process.activities}
    waiting = batches.waiting(session(), process) if may("coding.make_batch") else []
    form.offer(
        [
            (
                f"{activities[one.activity_id].slug}/{one.locale}",
                f"{desk.activity_title(activities[one.activity_id])} – {locale_of(one.locale).name}",
            )
            for one in waiting
        ]
    )
    return form


def _page(process: Process, form: BatchForm) -> str:
    progress = batches.progress(session(), process)
    return render(
        "coding/translations.html",
        process,
        form=form,
        rows=[(batch, *progress.get(batch.id, (0, 0))) for batch in queries.batches(session(), process.id)],
        titles={one.id: desk.activity_title(one) for one in process.activities},
        most=batches.MOST,
        about=about,
    )


@blueprint.post(f"{_PREFIX}/<uuid:batch_id>/file")
def batch_file(slug: str, batch_id: uuid.UUID) -> Response:
    """A batch as a file."""
    process, batch = _found(slug, batch_id)
    form = request.form.get("form", "")
    wanted = FORMATS.get(form) or abort(400)
    service.note(session(), process, "fetch_batch", {"number": batch.number, "form": form}, by=actor(), now=now())
    data = wanted.write(batches.file_of(session(), keys().codes, batch))
    headers = {"Content-Disposition": f'attachment; filename="{process.slug}-answers-{batch.number}.{form}"'}
    return Response(data, mimetype=wanted.media_type, headers=headers)


@blueprint.route(f"{_PREFIX}/<uuid:batch_id>", methods=["GET", "POST"])
@takes_files
def batch(slug: str, batch_id: uuid.UUID) -> ResponseReturnValue:
    """Fetch a batch, and bring it back translated."""
    process, batch = _found(slug, batch_id)
    form, problems = FileForm(), list[Problem]()
    if form.validate_on_submit():
        upload = form.file.data
        try:
            file = exchanging.read(upload.read(), upload.filename)
            done = batches.take(session(), process, batch, file, by=actor(), now=now())
        except Refused as refused:
            rollback()
            process, batch = _found(slug, batch_id)
            problems = list(refused.problems)
        else:
            flash(ngettext("%(num)s answer is translated.", "%(num)s answers are translated.", done), "success")
            return redirect(url_for("coding.translations", slug=slug))
    crumb = _("Answers for translators"), url_for("coding.translations", slug=slug)
    return render(
        "coding/batch.html",
        process,
        crumb,
        form=form,
        batch=batch,
        problems=lines(map(_named, problems)),
        title=next(desk.activity_title(one) for one in process.activities if one.id == batch.activity_id),
        formats=list(FORMATS),
    )


def _named(problem: Problem) -> Problem:
    """A problem that names two locales, with their names."""
    if problem.code != "exchange.locale":
        return problem
    return Problem(problem.code, {name: locale_of(str(code)).name for name, code in problem.params.items()})


def _found(slug: str, batch_id: uuid.UUID) -> tuple[Process, Batch]:
    process = desk.found_process(slug)
    return process, queries.batch(session(), process.id, batch_id) or abort(404)
