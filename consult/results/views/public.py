"""Published releases, for everybody."""

from __future__ import annotations

from flask import Response, abort, render_template, request

from consult.config import LOCALES
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.results import queries
from consult.results.content import content_of
from consult.results.models import Release
from consult.results.views.blueprint import (
    PUBLIC,
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
    release_context,
    representativeness_context,
    themes_context,
    themes_of,
)
from consult.web.locale import offer
from consult.web.transaction import session


@blueprint.get(PUBLIC)
def public(slug: str) -> str:
    """The published releases of a process; those that were withdrawn with their notes."""
    process = _process(slug)
    return _render("results/public.html", process, releases=_listed(process))


@blueprint.get(f"{PUBLIC}/<int:number>")
def published(slug: str, number: int) -> str:
    """One published release."""
    process = _process(slug)
    found = _release(process, number)
    before = [one.number for one in _listed(process) if one.number < number and one.shown]
    shown = release_context(found, public=True)
    return _render("results/published.html", process, before=max(before, default=None), **shown)


@blueprint.get(f"{PUBLIC}/<int:number>/group")
def published_group(slug: str, number: int) -> str:
    """One group of a published release alone; `of` in the query: which."""
    process = _process(slug)
    found = group_context(_release(process, number), request.args.get("of", ""))
    return _render("results/published_group.html", process, **found)


@blueprint.get(f"{PUBLIC}/<int:number>/themes")
def published_themes(slug: str, number: int) -> str:
    """What was published on each theme."""
    process = _process(slug)
    found = themes_context(
        _release(process, number),
        "results.published_question",
        "results.published_themes_file",
        "results.published_quotes_file",
    )
    return _render("results/published_themes.html", process, **found)


@blueprint.get(f"{PUBLIC}/<int:number>/themes.csv")
def published_themes_file(slug: str, number: int) -> Response:
    """The same as a file."""
    return themes_of(_release(_process(slug), number))


@blueprint.get(f"{PUBLIC}/<int:number>/quotes.csv")
def published_quotes_file(slug: str, number: int) -> Response:
    """The quotes beside a published release as a file."""
    return quotes_of(_release(_process(slug), number))


@blueprint.get(f"{PUBLIC}/<int:number>/<activity>/<question>")
def published_question(slug: str, number: int, activity: str, question: str) -> str:
    """One question of a published release with its breakdowns."""
    process = _process(slug)
    release = _release(process, number)
    content, earlier = content_of(release.content), earlier_than(number, process.id)
    found = question_context(content, activity, question, earlier, charts="results.published_chart")
    return _render("results/published_question.html", process, release=release, **found)


@blueprint.get(f"{PUBLIC}/<int:earlier>/compare/<int:number>")
def published_compare(slug: str, earlier: int, number: int) -> str:
    """Two published releases side by side."""
    process = _process(slug)
    before, after = (_release(process, one) for one in (earlier, number))
    return _render("results/published_compare.html", process, **comparison_context(before, after))


@blueprint.get(f"{PUBLIC}/<int:number>/<activity>/matrix")
def published_matrix(slug: str, number: int, activity: str) -> str:
    """What institutions signed, beside each other."""
    process = _process(slug)
    found = matrix_context(_release(process, number), activity, "results.published_matrix_file")
    return _render("results/published_matrix.html", process, **found)


@blueprint.get(f"{PUBLIC}/<int:number>/<activity>/matrix.csv")
def published_matrix_file(slug: str, number: int, activity: str) -> Response:
    """The same as a file."""
    return matrix_of(_release(_process(slug), number), activity)


@blueprint.get(f"{PUBLIC}/<int:number>/representativeness")
def published_representativeness(slug: str, number: int) -> str:
    """How far those who answered resemble the population."""
    process = _process(slug)
    found = representativeness_context(_release(process, number))
    return _render("results/published_representativeness.html", process, **found)


@blueprint.get(f"{PUBLIC}/<int:number>/<activity>/<question>/chart.<extension>")
def published_chart(slug: str, number: int, activity: str, question: str, extension: str) -> Response:
    """A chart of a question of a published release as a picture; `by` in the query: what it is broken down by."""
    found = _release(_process(slug), number)
    return chart_of(found, activity, question, extension, request.args.get("by", ""))


@blueprint.get(f"{PUBLIC}/<int:number>/download.<extension>")
def published_download(slug: str, number: int, extension: str) -> Response:
    """A published release as a file; 503 while it is a report that is still being made."""
    process = _process(slug)
    found = _release(process, number)
    if answer := download_of(found, extension):
        return answer
    page = _render("results/published_report.html", process, release=found, extension=extension)
    return Response(page, 503, {"Retry-After": "60"})


def _process(slug: str) -> Process:
    process = processes.public_process(session(), slug) or abort(404)
    offer([code for code in process.locales if code in LOCALES])
    return process


def _listed(process: Process) -> list[Release]:
    return [release for release in queries.releases(session(), process.id) if release.published_at]


def _release(process: Process, number: int) -> Release:
    """A release that everybody may see; 410 with its note where it was withdrawn."""
    found = queries.release(session(), process.id, number)
    if found is None or found.published_at is None:
        abort(404)
    if found.withdrawn_at is not None:
        abort(Response(_render("results/published_withdrawn.html", process, release=found), 410))
    return found


def _render(template: str, process: Process, **context: object) -> str:
    return render_template(
        template, **{"process": process, "source": process.locales[0], "synthetic": process.synthetic, **context}
    )
