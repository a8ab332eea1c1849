"""The trial of an activity at the desk: its link, how much was answered by it, and all of that as a file."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Problem, Refused
from consult.core.exchange.responses import TRIAL, writing
from consult.core.exchange.responses.writing import Given, Table
from consult.core.questionnaire import document
from consult.core.questionnaire.answers import decode
from consult.core.questionnaire.steps import Compiled
from consult.participation import codes, trials
from consult.participation.models import TrialIntake
from consult.processes import desk
from consult.processes.models import Activity, Kind
from consult.questionnaires import fieldwork, queries
from consult.responses.views.blueprint import elsewhere
from consult.responses.views.files import note_download
from consult.web.context import keys, now, settings
from consult.web.fields import ConfirmForm
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import rollback, session

_PREFIX: Final = "/<locale>/desk/activities/<slug>/trial"
_FORMATS: Final[Mapping[str, tuple[str, Callable[[list[Table]], bytes]]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", writing.xlsx),
    "csv": ("text/csv; charset=utf-8", lambda found: writing.csv(found[0])),
}


@elsewhere(_PREFIX, "trials", ["GET", "POST"])
def trials_(slug: str) -> str:
    """How the trial stands; sent, a new link, which is shown this once."""
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    made, refused = "", tuple[Problem, ...]()
    if ConfirmForm().validate_on_submit():
        code = codes.spell(secrets.token_bytes(16))
        try:
            digest = trials.digest(keys().codes, activity.id, code)
            trials.renew(session(), activity, digest, by=actor(), now=now())
            made = f"{settings().base_url}{_link(activity)}#{code}"
        except Refused as error:
            rollback()
            activity, refused = desk.found_activity(slug, Kind.QUESTIONNAIRE), error.problems
    found, counts = trials.trial(session(), activity.id), trials.counts(session(), activity.id)
    return desk.render(
        "responses/trials.html",
        activity.process,
        crumbs=[desk.activity_crumb(activity)],
        activity=activity,
        before=activity.state(now()) in trials.BEFORE,
        works=found is not None and found.secret is not None,
        published=queries.latest_edition(session(), activity.id) is not None,
        counts=counts,
        repeats={count.edition: len(_tables(activity, count.edition)) > 1 for count in counts},
        made=made,
        refused=sentences(refused),
    )


def _link(activity: Activity) -> str:
    return url_for("responses.trial_first", slug=activity.slug, locale=activity.locales[0])


@elsewhere(f"{_PREFIX}/end", "end_trial", ["POST"])
def end(slug: str) -> ResponseReturnValue:
    """Let nobody try it any more."""
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    if ConfirmForm().validate_on_submit():
        trials.end(session(), activity, by=actor(), now=now())
        flash(_("The link no longer works."), "success")
    return redirect(url_for("responses.trials", slug=slug))


@elsewhere(f"{_PREFIX}/delete", "delete_trial", ["POST"])
def delete(slug: str) -> ResponseReturnValue:
    """Delete what was answered, and the link with it."""
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    if ConfirmForm().validate_on_submit():
        fieldwork.forget_trial(session(), activity, by=actor(), now=now())
        flash(_("Deleted."), "success")
    return redirect(url_for("responses.trials", slug=slug))


@elsewhere(f"{_PREFIX}/<int:number>.<extension>", "export_trial")
def export(slug: str, number: int, extension: str) -> Response:
    """What was answered of an edition, sent or not, each row marked as of a trial."""
    activity = desk.found_activity(slug, Kind.QUESTIONNAIRE)
    if extension not in _FORMATS:
        abort(404)
    media_type, write = _FORMATS[extension]
    name = f"{slug}-trial-{number}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    tables = _tables(activity, number)
    note_download(activity, {"trial": number})
    return Response(write(tables), mimetype=media_type, headers=headers)


def _tables(activity: Activity, number: int) -> list[Table]:
    edition = queries.edition(session(), activity.id, number) or abort(404)
    found = trials.answers(session(), activity.id, number)
    return writing.tables(Compiled(document.decode(edition.document)), [_given(one) for one in found])


def _given(one: TrialIntake) -> Given:
    return Given(decode(one.answers), one.edition, one.locale, TRIAL, one.state, one.day.isoformat())
