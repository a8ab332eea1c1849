"""The blueprint, and what every page of a release needs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from functools import partial

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext

from consult.core.aggregation.tables import Dataset
from consult.results import (
    dashboard,
    groups,
    method,
    opinions,
    orders,
    queries,
    quotes,
    reports,
    signing,
    themes,
    wording,
)
from consult.results.alike import over_questionnaires
from consult.results.comparing import compare
from consult.results.content import Content, content_of
from consult.results.exports import FORMATS, PACKAGE, REPORTS, by_purpose, drawings, file_name, write
from consult.results.models import Release
from consult.results.presentation import Item, Reader, items
from consult.results.representativeness import comparisons, turnouts
from consult.results.rounds import over_releases, over_rounds
from consult.results.translations import words_of
from consult.web import downloads
from consult.web.context import settings
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
    prefix = "results.published_" if public else "results."
    download, question, matrix, compared, group, by_theme, quoted = (
        f"{prefix}{name}"
        for name in ("download", "question", "matrix", "representativeness", "group", "themes", "quotes_file")
    )
    return {
        "download_url": lambda extension: address(download, extension=extension),
        "question_url": lambda activity, name: address(question, activity=activity, question=name),
        "matrix_url": lambda activity: address(matrix, activity=activity),
        "representativeness_url": address(compared),
        "turnouts": bool(turnouts(content, who)),
        "group_url": address(group),
        "themes_url": address(by_theme),
        "quotes_url": address(quoted) if quotes.any_shown(session(), release) else "",
        "groups": groups.choices(content, who),
        "release": release,
        "caveats": method.caveats(who, content),
        "paragraphs": method.paragraphs(content, who),
        "formats": by_purpose(),
        "late": [
            one for one in REPORTS if not reports.kept(settings().reports, release, reports.Wanted(one, who.locale))
        ],
        **content_context(content),
    }


def content_context(content: Content) -> dict[str, object]:
    """What a page shows of what was computed, whether it is frozen or not."""
    who = reader()
    return {
        "content": content,
        "reader": who,
        "sections": dashboard.sections(content, who),
        "counted": method.counted(content, who),
        "opinions": list(opinions.every(content, who)),
        "common_ground": opinions.on_common_ground(who),
        "nothing_marks": opinions.nothing(who),
        "secrets": dashboard.secrets(content, who),
        "weightings": [(dataset, lines) for dataset in content.datasets if (lines := method.weighting(dataset, who))],
    }


def question_context(
    content: Content, activity: str, question: str, earlier: Sequence[Content] = (), *, charts: str = ""
) -> dict[str, object]:
    """What a page shows of one question beside `earlier` releases; 404 where there is none such.

    `charts`: the endpoint of its charts as files; empty for what is not frozen.
    """
    who = reader()
    address = partial(
        url_for, charts, slug=content.process, number=content.number, activity=activity, question=question
    )
    item = _found(content, activity, question)
    rounds = over_rounds(item, content, who)
    releases = over_releases(item, content, earlier, who)
    return {
        "content": content,
        "reader": who,
        "item": item,
        "card": dashboard.card(item, who),
        "chart_url": (lambda extension, by: address(extension=extension, by=by or None)) if charts else None,
        "rounds": rounds and dashboard.over_time(rounds, who),
        "releases": releases and dashboard.over_time(releases, who),
        "alike": over_questionnaires(item, content, who),
        "places": orders.by_place(item, who),
        "mean_ranks": orders.by_groups(item, who),
        "crossed": dashboard.crossed(item, who),
    }


def group_context(release: Release, wanted: str) -> dict[str, object]:
    """What a page shows of one group of a release, by what the address calls it; 404 where there is none such."""
    content, who = content_of(release.content), reader()
    found = groups.group(content, wanted, who) or abort(404)
    return {
        "release": release,
        "content": content,
        "reader": who,
        "group": found,
        "groups": groups.choices(content, who),
        "wanted": wanted,
        "sections": dashboard.sections(content, who, found.items),
    }


def themes_context(release: Release, question: str, file: str, quoted: str) -> dict[str, object]:
    """What a page shows of the themes; `question`, `file`, `quoted`: the endpoints of a question and of downloads."""
    content, found = content_of(release.content), quotes.shown(session(), release, current().interface)
    address = partial(url_for, slug=content.process, number=release.number)
    return {
        "release": release,
        "content": content,
        "themes": themes.themes(content, reader(), found),
        "question_url": lambda activity, name: address(question, activity=activity, question=name),
        "file_url": address(file),
        "quotes": found,
        "quotes_url": address(quoted) if found else "",
        **quote_context(),
    }


def quote_context() -> dict[str, object]:
    """By what quotes are shown: for whom somebody speaks, and where what they wrote stands."""
    locale = current().interface
    return {
        "speak_for": wording.speak_for(gettext),
        "quote_url": lambda quote: quotes.address(settings(), quote, locale),
    }


def quotes_of(release: Release) -> Response:
    """The quotes beside a release as a file: never kept, for what they say can go at any time."""
    found = quotes.as_file(session(), release, reader(), settings())
    return _as_csv(iter([found]), content_of(release.content), "quotes")


def themes_of(release: Release) -> Response:
    """The same as a file."""
    content, locale = content_of(release.content), current().interface
    return _as_csv(themes.as_csv(content, Reader(locale, words_of(locale))), content, "themes")


def matrix_context(release: Release, activity: str, file: str) -> dict[str, object]:
    """What a page shows of what institutions signed; `file`: the endpoint of the download. 404 where nobody did."""
    content, dataset = _signed(release, activity)
    return {
        "release": release,
        "content": content,
        "dataset": dataset,
        "parts": signing.parts(content, dataset, reader()),
        "file_url": url_for(file, slug=content.process, number=release.number, activity=activity),
    }


def matrix_of(release: Release, activity: str) -> Response:
    """The same as a file; 404 likewise."""
    content, dataset = _signed(release, activity)
    locale = current().interface
    return _as_csv(signing.as_csv(content, dataset, Reader(locale, words_of(locale))), content, activity)


def _as_csv(pieces: Iterator[bytes], content: Content, what: str) -> Response:
    name = f"{content.process}-{content.number}-{what}-{current().interface}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pieces, mimetype="text/csv; charset=utf-8", headers=headers)


def _signed(release: Release, activity: str) -> tuple[Content, Dataset]:
    content = content_of(release.content)
    found = next((one for one in content.datasets if one.slug == activity and one.matrix is not None), None)
    return content, found or abort(404)


def comparison_context(before: Release, after: Release) -> dict[str, object]:
    """What a page shows of two releases side by side."""
    who = reader()
    found = compare(content_of(before.content), content_of(after.content), who)
    return {"before": before, "after": after, "comparison": found, "reader": who}


def representativeness_context(release: Release) -> dict[str, object]:
    """How far those who answered, or came to events, resemble others; 404 where nothing can be compared."""
    content, who = content_of(release.content), reader()
    found, came = comparisons(content, who), turnouts(content, who)
    if not found and not came:
        abort(404)
    return {"release": release, "content": content, "reader": who, "comparisons": found, "turnouts": came}


def earlier_than(number: int, process_id: uuid.UUID) -> list[Content]:
    """What the last few releases that were published before one say."""
    before = [one.number for one in queries.releases(session(), process_id) if one.shown and one.number < number]
    found = (queries.published(session(), process_id, one) for one in before[:MOST_EARLIER])
    return [content_of(one.content) for one in found if one]


def download_of(release: Release, extension: str) -> Response | None:
    """A release as a file, streamed; none where it is a report that is not kept, 404 for a format there is not."""
    wanted = FORMATS.get(extension) or abort(404)
    content, locale = content_of(release.content), current().interface
    name = file_name(content, extension, locale)
    if extension in REPORTS:
        path = reports.kept(settings().reports, release, reports.Wanted(extension, locale))
        return downloads.send(path, name, wanted.media_type) if path else None
    # The words are the catalogue's own: the request is over when the last piece is written.
    who = Reader(locale, words_of(locale))
    quoted = quotes.as_file(session(), release, who, settings()) if extension == PACKAGE else b""
    pieces = write(extension, content, release.content, release.hash, who, quotes=quoted)
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
