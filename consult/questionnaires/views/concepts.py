"""What the questions of a process measure: an overview, and the mapping editor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import Length

from consult.config import LOCALES
from consult.core.concepts import matched
from consult.core.errors import Refused
from consult.processes import concepts, desk
from consult.processes.concepts import CodeList
from consult.processes.models import Activity, Process
from consult.questionnaires import mapping
from consult.questionnaires.mapping import Measured
from consult.questionnaires.views.blueprint import blueprint
from consult.web.context import now
from consult.web.fields import StaffForm
from consult.web.locale import current
from consult.web.permissions import actor
from consult.web.transaction import session

_PREFIX: Final = "/<locale>/desk/processes/<slug>/concepts"
_WORD: Final = re.compile(r"[\w.-]{1,80}")


@blueprint.get(_PREFIX)
def measures(slug: str) -> str:
    """The questions of every questionnaire of the process, with their concepts."""
    process = desk.found_process(slug)
    lists = concepts.code_lists(session(), process.id)
    return desk.render(
        "questionnaires/concepts.html",
        process,
        lists=lists,
        activities=list(mapping.questions(session(), process.activities, lists)),
        label=lambda concept: concepts.label_of(concept, _),
    )


@blueprint.route(f"{_PREFIX}/<activity>/<question>", methods=["GET", "POST"])
def measure(slug: str, activity: str, question: str) -> ResponseReturnValue:
    """Say what a question measures, and which code of the concept each of its choices is."""
    process = desk.found_process(slug)
    lists = concepts.code_lists(session(), process.id)
    asked, found = _found(process, activity, question, lists)
    concept = request.values.get("concept", found.concept).strip()
    form = _form(found, concept, lists.get(concept), process)
    if form.validate_on_submit():
        try:
            _decide(form, process, asked, found, concept, lists)
        except Refused as refused:
            places = [replace(one.place, field=_field(found, one.place.field)) for one in refused.problems]
            problems = [replace(one, place=at) for one, at in zip(refused.problems, places, strict=True)]
            desk.refuse(form, Refused(*problems))
            process = desk.found_process(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("questionnaires.measures", slug=slug))
    codes = lists.get(concept)
    return desk.render(
        "questionnaires/concept.html",
        process,
        crumbs=[(_("Concepts"), url_for("questionnaires.measures", slug=slug))],
        form=form,
        question=found,
        activity=asked,
        concept=concept,
        codes=codes,
        readable=_WORD.fullmatch(concept) is not None,
        known={name: concepts.label_of(name, _) for name in lists},
        name=partial(_name, codes, process),
        field=partial(_field, found),
    )


def _found(process: Process, slug: str, question: str, lists: Mapping[str, CodeList]) -> tuple[Activity, Measured]:
    activity = next((one for one in process.activities if one.slug == slug), None) or abort(404)
    known = mapping.measured(session(), activity, lists)
    return activity, next((one for one in known if one.id == question), None) or abort(404)


def _field(question: Measured, choice: str) -> str:
    """The name of a choice's field; what is no choice stays as it is."""
    numbers = {name: f"code-{number}" for number, name in enumerate(question.choices, 1)}
    return numbers.get(choice, choice)


def _name(codes: CodeList | None, process: Process, code: str) -> str:
    return codes.name(code, current().interface, _, process.locales[0]) if codes else code


def _form(question: Measured, concept: str, codes: CodeList | None, process: Process) -> StaffForm:
    """A field for each choice, filled with what was decided about this concept, else with what it may be."""

    class MeasureForm(StaffForm):
        """What a question measures."""

    if codes is None:
        return MeasureForm()
    decided = question.decided and concept == question.concept
    given = question.codes if decided else _suggested(question, codes)
    for choice, label in question.choices.items():
        words = label.resolve(current().code, process.locales[0]).text
        setattr(MeasureForm, _field(question, choice), StringField(words or choice, [Length(max=80)]))
    return MeasureForm(data={_field(question, choice): code for choice, code in given.items()})


def _suggested(question: Measured, codes: CodeList) -> dict[str, str]:
    """What choices may be codes of, by code or by name in any language; only what is saved counts."""
    names = {code: [codes.name(code, locale, _) for locale in LOCALES] for code in codes.codes}
    return matched({name: list(label.values()) for name, label in question.choices.items()}, names)


def _decide(
    form: StaffForm,
    process: Process,
    activity: Activity,
    question: Measured,
    concept: str,
    lists: Mapping[str, CodeList],
) -> None:
    """Save what was typed; or make the choices of the question the code list of a concept that has none."""
    if concept and not _WORD.fullmatch(concept):
        raise Refused.because("processes.concept.code")
    chosen = {choice: form[name].data for choice in question.choices if (name := _field(question, choice)) in form}
    if request.form.get("do") == "adopt":
        concepts.adopt(session(), process, concept, question.choices, by=actor(), now=now())
        lists = concepts.code_lists(session(), process.id)
        chosen = dict(zip(question.choices, question.choices, strict=True))
    mapping.decide(session(), activity, question, concept, chosen, lists, by=actor(), now=now())
