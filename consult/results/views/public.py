"""Published releases, for everybody."""

from __future__ import annotations

from flask import Response, abort, render_template, request

from consult.config import LOCALES
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.results import queries
from consult.results.models import Release
from consult.results.views.blueprint import (
    PUBLIC,
    blueprint,
    chart_of,
    download_of,
    earlier_than,
    question_context,
    release_context,
)
from consult.web.locale import offer
from consult.web.transaction import session


@blueprint.get(PUBLIC)
def public(slug: str) -> str:
    """The published releases of a process."""
    process = _process(slug)
    published = [release for release in queries.releases(session(), process.id) if release.published_at]
    return _render("results/public.html", process, releases=published)


@blueprint.get(f"{PUBLIC}/<int:number>")
def published(slug: str, number: int) -> str:
    """One published release."""
    process = _process(slug)
    return _render("results/published.html", process, **release_context(_release(process, number), public=True))


@blueprint.get(f"{PUBLIC}/<int:number>/<activity>/<question>")
def published_question(slug: str, number: int, activity: str, question: str) -> str:
    """One question of a published release with its breakdowns."""
    process = _process(slug)
    found = question_context(
        _release(process, number), activity, question, earlier_than(number, process.id), public=True
    )
    return _render("results/published_question.html", process, **found)


@blueprint.get(f"{PUBLIC}/<int:number>/<activity>/<question>/chart.<extension>")
def published_chart(slug: str, number: int, activity: str, question: str, extension: str) -> Response:
    """A chart of a question of a published release as a picture; `by` in the query: what it is broken down by."""
    found = _release(_process(slug), number)
    return chart_of(found, activity, question, extension, request.args.get("by", ""))


@blueprint.get(f"{PUBLIC}/<int:number>/download.<extension>")
def published_download(slug: str, number: int, extension: str) -> Response:
    """A published release as a file."""
    return download_of(_release(_process(slug), number), extension)


def _process(slug: str) -> Process:
    process = processes.public_process(session(), slug) or abort(404)
    offer([code for code in process.locales if code in LOCALES])
    return process


def _release(process: Process, number: int) -> Release:
    return queries.published(session(), process.id, number) or abort(404)


def _render(template: str, process: Process, **context: object) -> str:
    return render_template(
        template, **{"process": process, "source": process.locales[0], "synthetic": process.synthetic, **context}
    )
