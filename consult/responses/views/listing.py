"""The instances of a repeat of which participants say themselves how many there are: add, change, remove, go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, cast

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from consult.core.errors import Problem, Refused
from consult.core.questionnaire.answers import Answers, decode, encode
from consult.core.questionnaire.instances import MOST_IN_ALL, how_many, key, more, moved, without
from consult.core.questionnaire.routing import Sheet, Standing
from consult.core.questionnaire.steps import Compiled
from consult.participation.service import Coming
from consult.responses.reader import PageReader
from consult.responses.views import drafts
from consult.responses.views import visit as at
from consult.responses.views.visit import Visit, go
from consult.web.messages import sentence


def show(
    seen: Visit,
    compiled: Compiled,
    sheet: Sheet,
    standing: Standing,
    draft: Coming,
    *,
    remove: int = 0,
    problem: Problem | None = None,
) -> Answer:
    """The list. `remove` asks whether that instance shall really go; `problem` says why something could not be done."""
    repeat, words = sheet.page.listing, at.texts(seen, compiled)
    assert repeat is not None
    summary = compiled.blocks[repeat.id].summary
    pieces = at.parts(
        seen,
        "responses/list.html",
        draft.edition,
        sheet.page.number,
        context=lambda: {
            "repeat": repeat,
            "title": compiled.questionnaire.title,
            "summary": summary.id if summary else "",
            "text": words.text,
            "words": words.words,
            "media_of": at.media(seen, words, draft.edition),
            "url_for_locale": partial(drafts.in_locale, seen, sheet.page),
        },
    )
    count = standing.count(repeat.id, sheet.path)
    when = {"some" if count else "none", *(["sure"] if 0 < remove <= count else [])}
    reader = PageReader(words, standing, sheet, action=drafts.action(seen, sheet), when=when)
    reader.removed = remove
    reader.address = lambda path: drafts.url(seen, "page", standing.first_of(repeat.id, path) or sheet)
    if problem is not None:
        reader.errors = {"list": sentence(problem)}
    return Response(reader.encoded(pieces), 422 if problem else 200)


def change(seen: Visit, compiled: Compiled, sheet: Sheet, draft: Coming) -> Answer:
    """What was done to the list."""
    standing = at.standing_of(seen, compiled, draft, sheet)
    if not standing.shows(sheet):
        return drafts.onwards(seen, draft)
    remove = request.form.get("remove", "")
    number = int(remove) if remove.isascii() and remove.isdigit() and len(remove) < 4 else 0
    if number and "sure" not in request.form:
        return show(seen, compiled, sheet, standing, draft, remove=number)
    try:
        return drafts.take(seen, draft, partial(_accepted, seen, compiled, sheet, number))
    except Refused as refused:
        return show(seen, compiled, sheet, standing, draft, problem=refused.problems[0])


_Leads = Callable[[Visit, Sheet, Standing], Answer]
"""Where something leads that was done to a list, once it is stored."""


def _accepted(
    seen: Visit, compiled: Compiled, sheet: Sheet, remove: int, draft: Coming
) -> tuple[Coming, Callable[[], Answer]]:
    """The draft with what was done, and where that leads."""
    repeat = sheet.page.listing
    assert repeat is not None
    known, then = decode(draft.answers), request.form.get("then")
    count = how_many(known, repeat.id, sheet.path)
    answers = {**known, key(repeat.id, sheet.path): count}
    context, leads = draft.context, cast(_Leads, _onwards)
    if remove:
        leads = _back
        if request.form.get("of") == str(count) and remove <= count:  # what another device has removed stays the last
            answers, context = removed(compiled, sheet, remove, known, context)
    elif then == "add":
        if at.standing_of(seen, compiled, draft, sheet).instances >= MOST_IN_ALL:
            raise Refused.because("answer.instances", most=MOST_IN_ALL)
        answers, leads = more(known, repeat.id, sheet.path), _to_added
    elif then == "later" and not seen.assisted:
        leads = _later
    new = replace(draft, locale=seen.locale, day=seen.day(draft.channel), context=context, answers=encode(answers))
    return new, lambda: leads(seen, sheet, at.standing_of(seen, compiled, new, sheet))


def removed(
    compiled: Compiled, sheet: Sheet, remove: int, answers: Answers, context: Mapping[str, Any]
) -> tuple[Answers, dict[str, Any]]:
    """Answers and context without one instance, and without what was computed once for it."""
    repeat = sheet.page.listing
    assert repeat is not None
    members, place = compiled.members(repeat.id), (*sheet.path, remove)
    by_name = {step.name: len(step.chain) for step in members}
    once = moved(context["once"], by_name, place, part="/")
    by_id = {step.id: len(step.chain) for step in members}
    return without(answers, by_id, repeat.id, place), {**context, "once": once}


def _onwards(seen: Visit, sheet: Sheet, standing: Standing) -> Answer:
    return go(seen, "check") if "check" in request.args else drafts.go_to(seen, standing.after(sheet))


def _back(seen: Visit, sheet: Sheet, _standing: Standing) -> Answer:
    return drafts.go_to(seen, sheet)


def _later(seen: Visit, _sheet: Sheet, _standing: Standing) -> Answer:
    return go(seen, "saved")


def _to_added(seen: Visit, sheet: Sheet, standing: Standing) -> Answer:
    """To the first page of the newest instance; where nothing of it is put to them, back to the list."""
    repeat = sheet.page.listing
    assert repeat is not None
    added = (*sheet.path, standing.count(repeat.id, sheet.path))
    return drafts.go_to(seen, standing.first_of(repeat.id, added) or sheet)
