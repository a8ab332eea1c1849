"""The questionnaire on paper: which papers there are, and having one made."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.questionnaire import document
from consult.processes import desk
from consult.processes.models import Activity
from consult.questionnaires import papers, queries, service
from consult.questionnaires.paper.making import FORMATS
from consult.questionnaires.papers import Wanted
from consult.questionnaires.views.activity import render
from consult.questionnaires.views.blueprint import blueprint
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.permissions import actor
from consult.web.transaction import session

_PREFIX = "/<locale>/desk/processes/<slug>/paper/<activity>"


@dataclass(frozen=True, slots=True)
class Version:
    """A draft or an edition that can be put on paper."""

    edition: int | None
    title: str
    locales: tuple[str, ...]


@blueprint.get(_PREFIX)
def paper(slug: str, activity: str) -> str:
    """The draft, where it is not published, and every edition, each in its languages."""
    found = _found(slug, activity)
    return render("questionnaires/paper.html", found, versions=_versions(found), formats=list(FORMATS))


@blueprint.post(_PREFIX)
def make_paper(slug: str, activity: str) -> ResponseReturnValue:
    """Have a paper made for who asks."""
    ConfirmForm().validate_on_submit()
    found = _found(slug, activity)
    edition = request.form.get("edition", 0, int) or None
    version = next((one for one in _versions(found) if one.edition == edition), None) or abort(404)
    wanted = Wanted(edition, request.form.get("language", ""), request.form.get("format", ""))
    if wanted.locale not in version.locales or wanted.extension not in FORMATS:
        abort(404)
    asked = papers.have_made(session(), found, wanted, by=actor(), now=now())
    return redirect(url_for("processes.job", slug=slug, job_id=asked.id))


def _found(slug: str, named: str) -> Activity:
    activity = desk.found_activity(named)
    if activity.process.slug != slug:
        abort(404)
    return activity


def _versions(activity: Activity) -> list[Version]:
    draft = queries.draft(session(), activity.id)
    editions = queries.documents(session(), activity.id)
    found = [
        Version(one.number, _("Edition %(number)s", number=one.number), document.decode(one.document).locales)
        for one in reversed(editions)
    ]
    if draft is not None and not service.is_published(session(), activity, draft, editions[-1] if editions else None):
        found.insert(0, Version(None, _("Draft"), document.decode(draft.document).locales))
    return found
