"""The core group's pages: the dashboard, a release, a question, downloads, the fieldwork page."""

from __future__ import annotations

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.privacy import queries as privacy
from consult.processes import desk
from consult.processes.models import Process
from consult.results import drafts, expected, queries, reports
from consult.results.content import content_of
from consult.results.models import Release
from consult.results.presentation import channel_label
from consult.results.views.blueprint import (
    DESK,
    blueprint,
    chart_of,
    comparison_context,
    download_of,
    earlier_than,
    group_context,
    matrix_context,
    matrix_of,
    question_context,
    quotes_of,
    reader,
    release_context,
    representativeness_context,
    themes_context,
    themes_of,
)
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.locale import current
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.get(DESK)
def show(slug: str) -> str:
    """The whole process on one page: its latest published release, or what to do until there is one."""
    process = desk.found_process(slug)
    known = _visible(process)
    latest = next((release for release in known if release.shown), None)
    shown = release_context(found_release(process, latest.number)) if latest else {"release": None}
    waiting = drafts.waiting(session(), process.id, now()) if desk.can("results.preview", process) else ()
    activities = queries.questionnaires(session(), process.id)
    return desk.render(
        "results/show.html",
        process,
        releases=known,
        drafts=waiting,
        activities=activities,
        asked_after_events=expected.any_asked(session(), process),
        now=now(),
        **shown,
    )


@blueprint.get(f"{DESK}/<int:number>")
def release(slug: str, number: int) -> str:
    """One release; frozen ones only for those who may publish them."""
    process = desk.found_process(slug)
    found = found_release(process, number)
    before = [one.number for one in _visible(process) if one.number < number and one.state != "frozen"]
    return desk.render(
        "results/release.html",
        process,
        crumbs=[crumb(process)],
        before=max(before, default=None),
        **release_context(found),
    )


@blueprint.get(f"{DESK}/<int:number>/group")
def group(slug: str, number: int) -> str:
    """One group alone; `of` in the query: which."""
    process = desk.found_process(slug)
    found = group_context(found_release(process, number), request.args.get("of", ""))
    return desk.render("results/group.html", process, crumbs=crumbs(process, number), **found)


@blueprint.get(f"{DESK}/<int:number>/themes")
def themes(slug: str, number: int) -> str:
    """What was released on each theme."""
    process = desk.found_process(slug)
    found = themes_context(
        found_release(process, number), "results.question", "results.themes_file", "results.quotes_file"
    )
    return desk.render("results/themes.html", process, crumbs=crumbs(process, number), **found)


@blueprint.get(f"{DESK}/<int:number>/themes.csv")
def themes_file(slug: str, number: int) -> Response:
    """The same as a file."""
    return themes_of(found_release(desk.found_process(slug), number))


@blueprint.get(f"{DESK}/<int:number>/quotes.csv")
def quotes_file(slug: str, number: int) -> Response:
    """The quotes beside a release as a file."""
    return quotes_of(found_release(desk.found_process(slug), number))


@blueprint.get(f"{DESK}/<int:number>/<activity>/<question>")
def question(slug: str, number: int, activity: str, question: str) -> str:
    """One question with its breakdowns."""
    process = desk.found_process(slug)
    found = found_release(process, number)
    earlier = earlier_than(number, process.id)
    shown = question_context(content_of(found.content), activity, question, earlier, charts="results.chart")
    return desk.render("results/question.html", process, crumbs=crumbs(process, number), **shown)


@blueprint.get(f"{DESK}/<int:earlier>/compare/<int:number>")
def compare(slug: str, earlier: int, number: int) -> str:
    """Two releases side by side; those that are not published, or no longer, only for those who publish."""
    process = desk.found_process(slug)
    before, after = (_known(process, one) for one in (earlier, number))
    return desk.render("results/compare.html", process, crumbs=[crumb(process)], **comparison_context(before, after))


@blueprint.get(f"{DESK}/<int:number>/<activity>/matrix")
def matrix(slug: str, number: int, activity: str) -> str:
    """What institutions signed, beside each other."""
    process = desk.found_process(slug)
    found = matrix_context(found_release(process, number), activity, "results.matrix_file")
    return desk.render("results/matrix.html", process, crumbs=crumbs(process, number), **found)


@blueprint.get(f"{DESK}/<int:number>/<activity>/matrix.csv")
def matrix_file(slug: str, number: int, activity: str) -> Response:
    """The same as a file."""
    return matrix_of(found_release(desk.found_process(slug), number), activity)


@blueprint.get(f"{DESK}/<int:number>/representativeness")
def representativeness(slug: str, number: int) -> str:
    """How far those who answered resemble the population."""
    process = desk.found_process(slug)
    found = representativeness_context(found_release(process, number))
    return desk.render("results/representativeness.html", process, crumbs=crumbs(process, number), **found)


@blueprint.get(f"{DESK}/<int:number>/<activity>/<question>/chart.<extension>")
def chart(slug: str, number: int, activity: str, question: str, extension: str) -> Response:
    """A chart of a question as a picture; `by` in the query: what it is broken down by."""
    found = found_release(desk.found_process(slug), number)
    return chart_of(found, activity, question, extension, request.args.get("by", ""))


@blueprint.get(f"{DESK}/<int:number>/download.<extension>")
def download(slug: str, number: int, extension: str) -> ResponseReturnValue:
    """A release as a file in the reader's locale; where it is a report that is not kept, how to have it made."""
    process = desk.found_process(slug)
    found = found_release(process, number)
    return download_of(found, extension) or desk.render(
        "results/report.html", process, crumbs=crumbs(process, number), release=found, extension=extension
    )


@blueprint.post(f"{DESK}/<int:number>/report.<extension>")
def make_report(slug: str, number: int, extension: str) -> ResponseReturnValue:
    """Have a report made for who asks."""
    ConfirmForm().validate_on_submit()
    process = desk.found_process(slug)
    found, wanted = found_release(process, number), reports.Wanted(extension, current().interface)
    if wanted not in reports.EVERY:
        abort(404)
    asked = reports.ask_one(session(), process, found, wanted, by=actor(), now=now())
    return redirect(url_for("processes.job", slug=slug, job_id=asked.id))


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
        crumbs=[crumb(process)],
        counts=known,
        gone=privacy.erased_in(session(), process.id),
        now=now(),
        language=who.language,
        channel=lambda code: channel_label(code, who),
    )


@blueprint.get(f"{DESK}/feedback")
def event_feedback(slug: str) -> str:
    """What participants said of events, beside what was expected; `release` in the query: of which release."""
    process = desk.found_process(slug)
    shown = [one for one in _visible(process) if one.shown]
    wanted = request.args.get("release", type=int)
    chosen = next((one for one in shown if wanted in (None, one.number)), None)
    if wanted is not None and chosen is None:
        abort(404)
    release = found_release(process, chosen.number) if chosen else None
    content, who = content_of(release.content) if release else None, reader()
    return desk.render(
        "results/event_feedback.html",
        process,
        crumbs=[crumb(process)],
        release=release,
        releases=shown,
        feedback=expected.feedback(session(), process, content, who),
        reader=who,
    )


def _visible(process: Process) -> list[Release]:
    releases = queries.releases(session(), process.id)
    return [release for release in releases if release.published_at or desk.can("results.publish", process)]


def _known(process: Process, number: int) -> Release:
    """A release that who has signed in may know of."""
    found = queries.release(session(), process.id, number)
    if found is None or not (found.shown or desk.can("results.publish", process)):
        abort(404)
    return found


def found_release(process: Process, number: int) -> Release:
    """A release whose numbers may be shown; 410 with its note where it was withdrawn."""
    found = queries.release(session(), process.id, number)
    if found is None or (found.published_at is None and not desk.can("results.publish", process)):
        abort(404)
    if found.withdrawn_at is not None:
        page = desk.render("results/withdrawn.html", process, crumbs=[crumb(process)], release=found)
        abort(Response(page, 410))
    return found


def crumbs(process: Process, number: int) -> list[desk.Crumb]:
    """The way back to a release."""
    address = url_for("results.release", slug=process.slug, number=number)
    return [crumb(process), (_("Release %(number)s", number=number), address)]


def crumb(process: Process) -> desk.Crumb:
    """The way back to the results of a process."""
    return _("Results"), url_for("results.show", slug=process.slug)
