"""Responses from a file: taken in by those who run an activity, with a report of every row that is not."""

from __future__ import annotations

from typing import Final

from flask import abort
from flask.typing import ResponseReturnValue

from consult.core.errors import Refused
from consult.core.exchange import responses
from consult.core.questionnaire import document
from consult.core.questionnaire.steps import Compiled
from consult.participation.service import day
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Activity, Kind
from consult.questionnaires import queries
from consult.questionnaires.views.activity import Line, lines
from consult.responses.forms import ImportForm
from consult.responses.importing import Taken, take_in
from consult.responses.views.blueprint import elsewhere
from consult.web.context import keys, now
from consult.web.permissions import actor, scope
from consult.web.security import UPLOAD_LIMIT, takes_files
from consult.web.transaction import database, session

SHOWN: Final = 1_000
"""Problems that the page lists; the command line lists all."""


@elsewhere("/<locale>/desk/activities/<slug>/responses/import", "import", ["GET", "POST"])
@takes_files
def import_responses(slug: str) -> ResponseReturnValue:
    """Choose a file; then say what was taken in, and everything that was not."""
    with database().reading() as opened:
        # Reading a large file takes a moment; nothing is locked before it is over.
        before = processes.activity(opened, scope(), slug) or abort(404)
        numbers = [edition.number for edition in queries.editions(opened, before.id)] or abort(404)
        form = ImportForm()
        form.edition.choices = [(number, str(number)) for number in numbers]
        problems: list[Line] = []
        found: responses.Found | None = None
        edition = queries.edition(opened, before.id, form.edition.data) if form.validate_on_submit() else None
        if edition is not None:
            questionnaire = document.decode(edition.document)
            try:
                found = responses.read(
                    form.file.data.read(),
                    Compiled(questionnaire),
                    day=day(now(), before.time_zone),
                    filename=form.file.data.filename,
                    incomplete=form.incomplete.data,
                )
            except Refused as refused:
                problems = lines(refused.problems)
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    taken: Taken | None = None
    if found is not None and edition is not None:
        try:
            taken = _take_in(activity, found, edition.number, questionnaire.source)
        except Refused as refused:
            desk.refuse(form, refused)
    return desk.render(
        "responses/import.html",
        activity.process,
        crumbs=[desk.activity_crumb(activity)],
        activity=activity,
        form=form,
        problems=problems,
        taken=taken,
        found=found,
        refused=lines(found.refused[:SHOWN]) if found else [],
        warnings=lines(found.warnings[:SHOWN]) if found else [],
        limit=UPLOAD_LIMIT // 1024 // 1024,
    )


def _take_in(activity: Activity, found: responses.Found, edition: int, locale: str) -> Taken:
    return take_in(
        session(),
        activity,
        found.rows,
        edition=edition,
        locale=locale,
        key=keys().codes,
        day=day(now(), activity.time_zone),
        by=actor(),
        now=now(),
    )
