"""The blueprint, and what every page of a release needs."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext

from consult.results import dashboard, method
from consult.results.content import Content, content_of
from consult.results.exports import FORMATS, by_purpose, file_name
from consult.results.models import Release
from consult.results.presentation import Item, Reader, items
from consult.results.rounds import over_rounds
from consult.results.translations import words_of
from consult.web.locale import current

blueprint = Blueprint("results", __name__)
DESK = "/<locale>/desk/processes/<slug>/results"
PUBLIC = "/<locale>/p/<slug>/results"


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
        "formats": by_purpose(),
    }


def question_context(release: Release, activity: str, question: str) -> dict[str, object]:
    """What a page shows of one question of a release; 404 where there is none such."""
    content, who = content_of(release.content), reader()
    item = _found(content, activity, question)
    return {
        "release": release,
        "content": content,
        "reader": who,
        "item": item,
        "card": dashboard.card(item, who),
        "rounds": over_rounds(item, content, who),
        "crossed": dashboard.crossed(item, who),
    }


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


def _found(content: Content, activity: str, question: str) -> Item:
    known = (item for dataset in content.datasets if dataset.slug == activity for item in items(dataset, reader()))
    return next((item for item in known if item.variable.id == question), None) or abort(404)
