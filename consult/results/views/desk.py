"""The core group's pages: the dashboard, a release, a question, downloads, the fieldwork page."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from consult.processes import desk
from consult.processes.models import Process
from consult.results import queries
from consult.results.models import Release
from consult.results.presentation import channel_label
from consult.results.views.blueprint import (
    DESK,
    blueprint,
    chart_of,
    download_of,
    earlier_than,
    question_context,
    reader,
    release_context,
)
from consult.web.context import now
from consult.web.transaction import session


@blueprint.get(DESK)
def show(slug: str) -> str:
    """The whole process on one page: its latest published release, or what to do until there is one."""
    process = desk.found_process(slug)
    known = _visible(process)
    latest = next((release for release in known if release.published_at is not None), None)
    shown = release_context(_one(process, latest.number)) if latest else {"release": None}
    return desk.render("results/show.html", process, releases=known, state_of=_state, now=now(), **shown)


@blueprint.get(f"{DESK}/<int:number>")
def release(slug: str, number: int) -> str:
    """One release; frozen ones only for those who may publish them."""
    process = desk.found_process(slug)
    found = _one(process, number)
    return desk.render(
        "results/release.html", process, crumbs=[_crumb(process)], state_of=_state, **release_context(found)
    )


@blueprint.get(f"{DESK}/<int:number>/<activity>/<question>")
def question(slug: str, number: int, activity: str, question: str) -> str:
    """One question with its breakdowns."""
    process = desk.found_process(slug)
    found = _one(process, number)
    crumbs = [
        _crumb(process),
        (
            _("Release %(number)s", number=number),
            url_for("results.release", slug=slug, number=number),
        ),
    ]
    shown = question_context(found, activity, question, earlier_than(number, process.id))
    return desk.render("results/question.html", process, crumbs=crumbs, **shown)


@blueprint.get(f"{DESK}/<int:number>/<activity>/<question>/chart.<extension>")
def chart(slug: str, number: int, activity: str, question: str, extension: str) -> Response:
    """A chart of a question as a picture; `by` in the query: what it is broken down by."""
    found = _one(desk.found_process(slug), number)
    return chart_of(found, activity, question, extension, request.args.get("by", ""))


@blueprint.get(f"{DESK}/<int:number>/download.<extension>")
def download(slug: str, number: int, extension: str) -> Response:
    """A release as a file in the reader's locale."""
    return download_of(_one(desk.found_process(slug), number), extension)


@blueprint.get(f"{DESK}/fieldwork")
def fieldwork(slug: str) -> str:
    """How many responses there are, rounded down to tens: the only count before a release."""
    process = desk.found_process(slug)
    known = [
        (activity, queries.latest_count(session(), activity.id))
        for activity in queries.questionnaires(session(), process.id)
    ]
    who = reader()
    return desk.render(
        "results/fieldwork.html",
        process,
        crumbs=[_crumb(process)],
        counts=known,
        now=now(),
        language=who.language,
        channel=lambda code: channel_label(code, who),
    )


def _visible(process: Process) -> list[Release]:
    releases = queries.releases(session(), process.id)
    return [release for release in releases if release.published_at or desk.can("results.publish", process)]


def _one(process: Process, number: int) -> Release:
    found = queries.release(session(), process.id, number)
    if found is None or (found.published_at is None and not desk.can("results.publish", process)):
        abort(404)
    return found


def _state(release: Release) -> str:
    return "published" if release.published_at else "frozen"


def _crumb(process: Process) -> desk.Crumb:
    return _("Results"), url_for("results.show", slug=process.slug)
