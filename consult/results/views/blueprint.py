"""The blueprint, and what every page of a release needs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext

from consult.results import dashboard, method, queries
from consult.results.content import Content, content_of
from consult.results.exports import FORMATS, drawings, file_name
from consult.results.models import Release
from consult.results.presentation import Item, Reader, items
from consult.results.rounds import over_releases, over_rounds
from consult.results.translations import words_of
from consult.web.locale import current
from consult.web.transaction import session

blueprint = Blueprint("results", __name__)
DESK = "/<locale>/desk/processes/<slug>/results"
PUBLIC = "/<locale>/p/<slug>/results"
MOST_EARLIER = 5
"""Releases with which a question is compared."""


def reader() -> Reader:
    """Who reads: the locale of the address and its words."""
    return Reader(current().interface, gettext)


def release_context(release: Release, *, public: bool = False) -> dict[str, object]:
    """What a page shows of a release; `public`: with links to the public pages."""
    content, who = content_of(release.content), reader()
    address = partial(url_for, slug=content.process, number=release.number)
    download, question = (
        ("results.published_download", "results.published_question")
        if public
        else ("results.download", "results.question")
    )
    return {
        "download_url": lambda extension: address(download, extension=extension),
        "question_url": lambda activity, name: address(question, activity=activity, question=name),
        "release": release,
        "content": content,
        "reader": who,
        "sections": dashboard.sections(content, who),
        "secrets": dashboard.secrets(content, who),
        "caveats": method.caveats(who),
        "paragraphs": method.paragraphs(content, who),
        "formats": tuple(FORMATS),
    }


def question_context(
    release: Release, activity: str, question: str, earlier: Sequence[Content], *, public: bool = False
) -> dict[str, object]:
    """What a page shows of one question of a release beside `earlier` ones; 404 where there is none such.

    `public`: with links to the public pages.
    """
    content, who = content_of(release.content), reader()
    address = partial(url_for, slug=content.process, number=release.number, activity=activity, question=question)
    chart = "results.published_chart" if public else "results.chart"
    item = _found(content, activity, question)
    rounds = over_rounds(item, content, who)
    releases = over_releases(item, content, earlier, who)
    return {
        "release": release,
        "content": content,
        "reader": who,
        "item": item,
        "card": dashboard.card(item, who),
        "chart_url": lambda extension, by: address(chart, extension=extension, by=by or None),
        "rounds": rounds and dashboard.over_time(rounds, who),
        "releases": releases and dashboard.over_time(releases, who),
        "crossed": dashboard.crossed(item, who),
    }


def earlier_than(number: int, process_id: uuid.UUID) -> list[Content]:
    """What the last few releases that were published before one say."""
    before = [one.number for one in queries.releases(session(), process_id) if one.published_at and one.number < number]
    found = (queries.published(session(), process_id, one) for one in before[:MOST_EARLIER])
    return [content_of(one.content) for one in found if one]


def download_of(release: Release, extension: str) -> Response:
    """A release as a file, streamed; 404 for a format there is not."""
    wanted = FORMATS.get(extension) or abort(404)
    content, locale = content_of(release.content), current().interface
    # The words are the catalogue's own: the request is over when the last piece is written.
    pieces = wanted.write(content, release.content, release.hash, Reader(locale, words_of(locale)))
    name = file_name(content, extension, locale)
    return Response(
        pieces,
        mimetype=wanted.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def chart_of(release: Release, activity: str, question: str, extension: str, by: str) -> Response:
    """A chart of a question as a file, broken down by something or by nothing; 404 where there is none such."""
    media_type = drawings.MEDIA_TYPES.get(extension) or abort(404)
    content, who = content_of(release.content), reader()
    known = drawings.drawings(content, _found(content, activity, question), who)
    drawing = next((drawing for found, drawing in known if found == by), None) or abort(404)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(content, extension, who.locale)}"'}
    return Response(drawing.drawn(extension, who), mimetype=media_type, headers=headers)


def _found(content: Content, activity: str, question: str) -> Item:
    known = (item for dataset in content.datasets if dataset.slug == activity for item in items(dataset, reader()))
    return next((item for item in known if item.variable.id == question), None) or abort(404)
