"""The pages of the questionnaire for the hands of an institution: read, sent, merged with what others send."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Response, abort, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.core.errors import Problem
from consult.core.questionnaire import inplace, merging
from consult.core.questionnaire.accepting import Accepted, accept
from consult.core.questionnaire.answers import Answers
from consult.core.questionnaire.definition import UNANSWERED
from consult.core.questionnaire.instances import key as key_of
from consult.core.questionnaire.routing import Sheet, Standing
from consult.core.text import LocalisedText
from consult.responses import uploads
from consult.responses.joint import answering as joint
from consult.responses.joint import queries
from consult.responses.joint.models import Change
from consult.responses.reader import PageReader
from consult.responses.texts import decimal_mark
from consult.responses.views import answering as pages
from consult.responses.views import arriving
from consult.responses.views import visit as at
from consult.responses.views.blueprint import elsewhere
from consult.responses.views.drafts import sheet_of
from consult.responses.views.joint import listing
from consult.responses.views.joint.place import PREFIX, Place, place_of
from consult.web.context import settings
from consult.web.holes import cut, hole, plain
from consult.web.locale import offer
from consult.web.permissions import actor
from consult.web.security import takes_files
from consult.web.transaction import database

OWN_FIELDS: Final = pages.OWN_FIELDS | {"csrf_token", "version"}
"""Fields of a page's form that are not a question's."""


@elsewhere(f"{PREFIX}/page/<int:number>", "joint_page")
@elsewhere(f"{PREFIX}/page/<int:number>/<instance>", "joint_page")
def page(slug: str, institution_id: uuid.UUID, number: int, instance: str = "") -> Answer:
    """A page of the response as it stands."""
    place = place_of(slug, institution_id)
    offer(list(place.compiled.questionnaire.locales))
    sheet = sheet_of(place.compiled, number, instance)
    standing = place.stand(place.state.answers, sheet)
    if not standing.shows(sheet):
        return place.go(None)
    if sheet.page.listing is not None:
        return listing.show(place, sheet, standing)
    return Response(_html(place, sheet, standing, problems=standing.problems(sheet)))


@elsewhere(f"{PREFIX}/page/<int:number>", "joint_answer", ["POST"])
@elsewhere(f"{PREFIX}/page/<int:number>/<instance>", "joint_answer", ["POST"])
@takes_files
def answer(slug: str, institution_id: uuid.UUID, number: int, instance: str = "") -> Answer:
    """A page, sent by one of several hands."""
    place = place_of(slug, institution_id)
    offer(list(place.compiled.questionnaire.locales))
    place = place.under(request.form.get("edition", str(place.number)))
    sheet = sheet_of(place.compiled, number, instance)
    if sheet.page.listing is not None:
        return listing.change(place, sheet)
    sent = _sent(place, sheet)
    with database().transaction() as writing:
        written = joint.write(
            writing,
            place.joint,
            joint.put(writing, place.which, sent.page, actor()),
            complete=place.complete,
            by=actor(),
            now=place.now,
        )
    typed = {name: values for name, values in request.form.lists() if name in sheet.page.fields}
    if written is None:
        html = _html(place, sheet, sent.accepted.standing, typed=typed, seen=sent.page.seen, late=True)
        return Response(html, 409)
    later = request.form.get("then") == "later"
    problems = [found for found in sent.accepted.problems if not (later and found.code == "answer.required")]
    if problems:
        html = _html(place, sheet, sent.accepted.standing, typed=typed, seen=sent.page.seen, problems=problems)
        return Response(html, 422)
    return _onwards(place, sheet, sent.accepted, written, later=later)


def _onwards(place: Place, sheet: Sheet, accepted: Accepted, written: joint.Written, *, later: bool) -> Answer:
    if written.clashes:
        flash(
            _("Somebody else has changed the same question. Both answers are kept: decide which one counts."), "warning"
        )
        return Answer(status=303, headers={"Location": place.url(_anchor="disputed")})
    if later:
        return place.go(None)
    if accepted.more:
        return place.go(sheet, more="")
    if "check" in request.args:
        return Answer(status=303, headers={"Location": place.url("joint_check")})
    return place.go(place.stand(written.answers).after(sheet))


@dataclass(frozen=True, slots=True)
class _Sent:
    """A page that was sent, read on top of what its hand saw."""

    page: joint.Page
    accepted: Accepted


def _sent(place: Place, sheet: Sheet) -> _Sent:
    seen = _seen(place)
    with database().reading() as opened:
        base = queries.at(opened, place.which, seen)
    context = place.evaluating(place.context)
    form = {name: values for name, values in request.form.lists() if name not in OWN_FIELDS}
    logic = inplace.logic(place.compiled, sheet.page.number) if "followed" in request.form else None
    accepted = accept(
        place.compiled,
        sheet,
        form,
        base,
        context,
        files=arriving.taken_into(uploads.folder(settings().uploads, place.which.activity_id), sheet.page),
        decimal_mark=decimal_mark(place.locale),
        followed=logic.moving if logic is not None else (),
    )
    kept = {**place.context, "once": context.once}
    mine = _own_words(sheet, accepted, base)
    return _Sent(joint.Page(sheet, seen, base, mine, place.number, kept), accepted)


def _own_words(sheet: Sheet, accepted: Accepted, base: Answers) -> Answers:
    """What a hand has written: what is computed, or can only be read, says nothing of theirs."""
    mine = accepted.stored
    for question in sheet.page.asked:
        if accepted.standing.read_only(question, sheet.path):
            name = key_of(question.id, sheet.path)
            mine = merging.put(mine, name, merging.parts_of(base, name))
    return mine


def _seen(place: Place) -> int:
    """The version that a form was made of; 400 where there is none such."""
    version = request.form.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10 and int(version) <= place.state.version):
        abort(400)
    return int(version)


@dataclass(frozen=True, slots=True)
class Note:
    """What stands below a page about one of its questions."""

    id: str
    """The question's."""
    label: LocalisedText
    url: str
    remarks: int
    change: Change | None
    by: str
    """Who changed it last."""
    disputed: bool


def _notes(place: Place, sheet: Sheet) -> list[Note]:
    with database().reading() as opened:
        latest, counts = queries.latest(opened, place.which), queries.remark_counts(opened, place.which)
        disputed = {change.key for change in queries.held(opened, place.which)}
    found = []
    for question in sheet.page.asked:
        if question.type in UNANSWERED:
            continue
        key = key_of(question.id, sheet.path)
        change = latest.get(key)
        by = plain(change.user.name) if change else ""
        url = place.url("joint_question", key=key)
        found.append(Note(question.id, question.label, url, counts.get(key, 0), change, by, key in disputed))
    return found


def _html(
    place: Place,
    sheet: Sheet,
    standing: Standing,
    *,
    problems: Sequence[Problem] = (),
    typed: Mapping[str, Sequence[str]] | None = None,
    seen: int | None = None,
    late: bool = False,
) -> bytes:
    """A page of questions. With what was typed (`typed`) it still is one of the version that was `seen`."""
    words, more = place.words, {"check": ""} if "check" in request.args else {}
    reader = PageReader(
        words,
        standing,
        sheet,
        action=place.sheet_url(sheet, "joint_answer", **more),
        typed=typed,
        when={"more"} if "more" in request.args else set(),
    )
    reader.errors = {found.place.field: pages.sentence_of(words, reader, found) for found in problems}
    html = render_template(
        "responses/page.html",
        **pages.asking(
            words, sheet.page, at.media_in(place.which.activity_id, place.activity.slug, words, place.number)
        ),
        **frame(place, sheet),
        hole=hole,
        edition=place.number,
        notes=_notes(place, sheet),
        version=place.state.version if seen is None else seen,
        late=late,
    )
    return reader.encoded(cut(html))


def frame(place: Place, sheet: Sheet) -> dict[str, Any]:
    """What the layout of a page of questions needs."""
    return {
        "process": place.activity.process,
        "joint": place,
        "url_for_locale": lambda code: replace(place, locale=code).sheet_url(sheet),
    }
