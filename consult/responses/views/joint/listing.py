"""The instances of a repeat, of which the hands of an institution say how many there are."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, render_template, request
from werkzeug.wrappers import Response as Answer

from consult.core.errors import Problem, Refused
from consult.core.questionnaire.instances import MOST_IN_ALL, how_many, key, more
from consult.core.questionnaire.routing import Sheet, Standing
from consult.responses.joint import answering as joint
from consult.responses.joint.queries import State
from consult.responses.reader import PageReader
from consult.responses.views import visit as at
from consult.responses.views.joint.place import Place
from consult.responses.views.listing import removed
from consult.web.holes import cut, hole
from consult.web.messages import sentence
from consult.web.permissions import actor
from consult.web.transaction import database


def show(place: Place, sheet: Sheet, standing: Standing, *, remove: int = 0, problem: Problem | None = None) -> Answer:
    """The list. `remove` asks whether that instance shall really go; `problem` says why something could not be done."""
    repeat, words = sheet.page.listing, place.words
    assert repeat is not None
    summary = place.compiled.blocks[repeat.id].summary
    html = render_template(
        "responses/list.html",
        hole=hole,
        repeat=repeat,
        title=place.compiled.questionnaire.title,
        summary=summary.id if summary else "",
        text=words.text,
        words=words.words,
        media_of=at.media_in(place.which.activity_id, place.activity.slug, words, place.number),
        process=place.activity.process,
        joint=place,
        url_for_locale=lambda code: replace(place, locale=code).sheet_url(sheet),
    )
    count = standing.count(repeat.id, sheet.path)
    when = {"some" if count else "none", *(["sure"] if 0 < remove <= count else [])}
    reader = PageReader(words, standing, sheet, action=place.sheet_url(sheet, "joint_answer"), when=when)
    reader.removed = remove
    reader.address = lambda path: place.sheet_url(standing.first_of(repeat.id, path) or sheet)
    if problem is not None:
        reader.errors = {"list": sentence(problem)}
    return Response(reader.encoded(cut(html)), 422 if problem else 200)


def change(place: Place, sheet: Sheet) -> Answer:
    """What was done to the list, on top of what others have done to it."""
    standing = place.stand(place.state.answers, sheet)
    if not standing.shows(sheet):
        return place.go(None)
    remove = request.form.get("remove", "")
    number = int(remove) if remove.isascii() and remove.isdigit() and len(remove) < 4 else 0
    if number and "sure" not in request.form:
        return show(place, sheet, standing, remove=number)
    try:
        with database().transaction() as writing:
            written = joint.write(
                writing,
                place.joint,
                lambda known: _written(place, sheet, number, known),
                complete=place.complete,
                by=actor(),
                now=place.now,
            )
    except Refused as refused:
        return show(place, sheet, standing, problem=refused.problems[0])
    if written is None or request.form.get("then") == "later":
        return place.go(None)
    return _onwards(place, sheet, place.stand(written.answers), removing=bool(number))


def _written(place: Place, sheet: Sheet, remove: int, known: State) -> joint.Written:
    repeat = sheet.page.listing
    assert repeat is not None
    context = {**place.context, **known.context}
    count = how_many(known.answers, repeat.id, sheet.path)
    answers = {**known.answers, key(repeat.id, sheet.path): count}
    if remove:
        if request.form.get("of") == str(count) and remove <= count:  # what somebody else has removed stays the last
            answers, context = removed(place.compiled, sheet, remove, known.answers, context)
    elif request.form.get("then") == "add":
        if place.stand(known.answers, sheet).instances >= MOST_IN_ALL:
            raise Refused.because("answer.instances", most=MOST_IN_ALL)
        answers = more(known.answers, repeat.id, sheet.path)
    return joint.Written(answers, known.edition or place.number, context)


def _onwards(place: Place, sheet: Sheet, standing: Standing, *, removing: bool) -> Answer:
    repeat = sheet.page.listing
    assert repeat is not None
    if removing:
        return place.go(sheet)
    if request.form.get("then") != "add":
        return place.go(standing.after(sheet))
    added = (*sheet.path, standing.count(repeat.id, sheet.path))
    return place.go(standing.first_of(repeat.id, added) or sheet)
