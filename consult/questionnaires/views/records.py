"""The record of processing and the beginning of a DPIA, as files."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import Response, abort
from flask_babel import gettext as _

from consult.core.questionnaire import document
from consult.core.questionnaire.definition import SILENT, UNANSWERED, Questionnaire
from consult.core.questionnaire.standing import NAMES
from consult.privacy import papers, word
from consult.privacy import queries as privacy
from consult.privacy.papers import Asked, Reader
from consult.privacy.views.retention import kept
from consult.processes import desk
from consult.processes.models import Activity
from consult.questionnaires import queries
from consult.questionnaires.views.blueprint import PREFIX, blueprint
from consult.web.context import now
from consult.web.locale import current
from consult.web.templating import country, moment
from consult.web.transaction import session

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get(f"{PREFIX}/<kind>.<form>")
def record(slug: str, kind: str, form: str) -> Response:
    """One of them in the reader's language; 404 before there is a notice."""
    if kind not in papers.KINDS or form not in ("docx", "txt"):
        abort(404)
    activity = desk.found_activity(slug)
    notice = privacy.notice(session(), activity.id) or abort(404)
    reader = Reader(current().interface, _, lambda day: _day(day, activity), country)
    today = now().astimezone(ZoneInfo(activity.time_zone)).date()
    made = papers.paper(kind, activity, notice, kept(activity), _asked(activity), reader, today=today)
    body, media_type = (word.write(made), DOCX) if form == "docx" else (papers.as_text(made).encode(), "text/plain")
    attachment = {"Content-Disposition": f'attachment; filename="{slug}-{kind}.{form}"'}
    return Response(body, mimetype=media_type, headers=attachment)


def _day(day: dt.datetime | None, activity: Activity) -> str:
    return "–" if day is None else str(moment(day, activity.time_zone))


def _asked(activity: Activity) -> Asked:
    """What the newest edition asks; before there is one, the draft."""
    edition = queries.latest_edition(session(), activity.id)
    found = edition or queries.draft(session(), activity.id)
    if found is None:
        return Asked(0, (), ())
    questionnaire: Questionnaire = document.decode(found.document)
    questions = [question for question in questionnaire.questions() if question.type not in SILENT | UNANSWERED]
    return Asked(
        len(questions),
        tuple(question.label for question in questions if question.sensitive),
        tuple(question.label for question in questions if question.name in NAMES),
    )
