"""Open questions: where officers write them, and where people answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.consultations import comments, queries, questions
from consult.consultations.comments import QUESTION, Said
from consult.consultations.forms import QuestionForm
from consult.consultations.models.asked import OpenQuestion, Phase
from consult.consultations.views import describing, sending
from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import DESK, PUBLIC, blueprint
from consult.consultations.views.commenting import form_context
from consult.consultations.views.visit import Visit
from consult.core.errors import Place, Problem, Refused
from consult.participation.views import carrying
from consult.participation.views.carrying import Form
from consult.processes import desk
from consult.web.context import now
from consult.web.locale import current
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.security import same_origin_only
from consult.web.transaction import rollback, session


@blueprint.route(f"{DESK}/questions", methods=["GET", "POST"])
def questions_asked(slug: str) -> ResponseReturnValue:
    """All open questions, and another one."""
    return _edited(slug, None)


@blueprint.route(f"{DESK}/questions/<uuid:question_id>", methods=["GET", "POST"])
def question(slug: str, question_id: uuid.UUID) -> ResponseReturnValue:
    """One question."""
    return _edited(slug, question_id)


@blueprint.post(f"{DESK}/questions/<uuid:question_id>/up")
def raise_question(slug: str, question_id: uuid.UUID) -> ResponseReturnValue:
    """Ask it earlier."""
    activity = describing.found(slug)
    questions.raise_up(session(), activity, _found(activity.id, question_id), by=actor(), now=now())
    return redirect(url_for("consultations.questions_asked", slug=slug))


@blueprint.post(f"{DESK}/questions/<uuid:question_id>/remove")
def remove_question(slug: str, question_id: uuid.UUID) -> ResponseReturnValue:
    """Ask it no more."""
    activity = describing.found(slug)
    try:
        questions.remove(session(), activity, _found(activity.id, question_id), by=actor(), now=now())
    except Refused as refused:
        rollback()
        for sentence in sentences(refused.problems):
            flash(sentence, "danger")
    else:
        flash(_("The question is removed."), "success")
    return redirect(url_for("consultations.questions_asked", slug=slug))


def _edited(slug: str, question_id: uuid.UUID | None) -> ResponseReturnValue:
    activity = describing.found(slug)
    one = None if question_id is None else _found(activity.id, question_id)
    form = QuestionForm(locales=activity.locales, data={"label": one.label, "theme": one.theme} if one else {})
    form.offer(activity.process, current().code)
    if form.validate_on_submit():
        try:
            questions.put(session(), activity, one, label=form.label.data, theme=form.theme.data, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = describing.found(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("consultations.questions_asked", slug=slug))
    return describing.render(
        "consultations/questions_asked.html" if question_id is None else "consultations/question.html",
        activity,
        form=form,
        questions=queries.questions(session(), activity.id),
        themes={theme.code: theme.label for theme in activity.process.themes},
    )


def _found(activity_id: uuid.UUID, question_id: uuid.UUID) -> OpenQuestion:
    return questions.find(session(), activity_id, question_id) or abort(404)


@blueprint.route(f"{PUBLIC}/questions", methods=["GET", "POST"])
def answer_questions(slug: str) -> Answer:
    """All open questions with a field for each; what somebody has answered already they find among their own."""
    seen = at.begun(slug)
    if Phase.ASK not in seen.consultation.phases:
        abort(404)
    asked = queries.questions(session(), seen.door.activity_id)
    if request.method == "GET":
        return _asked(seen, asked, carrying.fresh(seen.door))
    same_origin_only()
    if not seen.open:
        return at.closed(seen, 410)
    form = carrying.sent(seen.door)
    said = {
        f"answer-{one.id}": Said(words, QUESTION, part=str(one.id))
        for one in asked
        if (words := carrying.typed(f"answer-{one.id}"))
    }
    problems = [
        Problem(problem.code, problem.params, Place(field=field))
        for field, one in said.items()
        for problem in comments.problems(one)
    ]
    if not said:
        first = f"answer-{asked[0].id}" if asked else ""
        problems.append(Problem("consultations.question.unanswered", place=Place(field=first)))
    if problems:
        return _asked(seen, asked, form, problems)
    keys = {field: sending.key_of(seen, form, one.part, one.body) for field, one in said.items()}
    try:
        who = sending.contributing(seen, form, next(iter(keys.values())))
    except Refused as refused:
        rollback()
        return _asked(seen, asked, form, refused.problems)
    before = seen.consultation.before
    answered = questions.answered(session(), who.author.activity_id, who.author.code)
    for field, one in said.items():
        if one.part not in answered:
            comments.write(session(), who.author, one, key=keys[field], before=before)
    return at.thanked(who.mine, "answer_questions", first=who.first)


def _asked(seen: Visit, asked: Sequence[OpenQuestion], form: Form, problems: Sequence[Problem] = ()) -> Answer:
    context = form_context(seen, form, problems)
    context["typed"] |= {f"answer-{one.id}": request.form.get(f"answer-{one.id}", "") for one in asked}
    return at.page(
        seen,
        "consultations/questions.html",
        422 if problems else 200,
        asked=asked,
        answered=questions.answered(session(), seen.door.activity_id, seen.digest),
        **context,
    )
