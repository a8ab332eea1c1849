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
from consult.core.concepts import matched, youngest
from consult.core.errors import Refused, refuse_if_any
from consult.processes import concepts, desk
from consult.processes.concepts import CodeList
from consult.processes.models import Activity, Process
from consult.questionnaires import mapping
from consult.questionnaires.mapping import Measured
from consult.questionnaires.views import bounds
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
    """Say what a question measures, and which code of the concept each of its choices or numbers is."""
    process = desk.found_process(slug)
    lists = concepts.code_lists(session(), process.id)
    asked, found = _found(process, activity, question, lists)
    concept = request.values.get("concept", found.concept).strip()
    codes = lists.get(concept)
    fields = _fields(found, codes, process)
    form = _form(found, concept, codes, fields)
    if form.validate_on_submit():
        try:
            _decide(form, process, asked, found, concept, lists, fields)
        except Refused as refused:
            places = [replace(one.place, field=_name_in(fields, one.place.field)) for one in refused.problems]
            problems = [replace(one, place=at) for one, at in zip(refused.problems, places, strict=True)]
            desk.refuse(form, Refused(*problems))
            process = desk.found_process(slug)
        else:
            if request.form.get("do") != "look":
                flash(_("Saved."), "success")
                return redirect(url_for("questionnaires.measures", slug=slug))
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
        field=partial(_name_in, fields),
        end=mapping.END,
        ranges=_ranges(form, found, fields),
    )


def _found(process: Process, slug: str, question: str, lists: Mapping[str, CodeList]) -> tuple[Activity, Measured]:
    activity = next((one for one in process.activities if one.slug == slug), None) or abort(404)
    known = mapping.measured(session(), activity, lists)
    return activity, next((one for one in known if one.id == question), None) or abort(404)


_Fields = Mapping[str, tuple[str, str]]
"""By choice, or by code where the question is for a number: the name of its field, and its label."""


def _fields(question: Measured, codes: CodeList | None, process: Process) -> _Fields:
    if codes is None:
        return {}
    if question.decimals is None:
        source = process.locales[0]
        labels = {name: label.resolve(current().code, source).text or name for name, label in question.choices.items()}
    else:
        labels = {code: _name(codes, process, code) for code in codes.codes}
        labels[mapping.END] = _("From here on no code")
    return {name: (f"code-{number}", label) for number, (name, label) in enumerate(labels.items(), 1)}


def _name_in(fields: _Fields, name: str) -> str:
    """The name of the field of a choice or code; what has none stays as it is."""
    return fields[name][0] if name in fields else name


def _name(codes: CodeList | None, process: Process, code: str) -> str:
    return codes.name(code, current().interface, _, process.locales[0]) if codes else code


def _form(question: Measured, concept: str, codes: CodeList | None, fields: _Fields) -> StaffForm:
    """A field for each choice or code, filled with what was decided about this concept, else with what it may be."""

    class MeasureForm(StaffForm):
        """What a question measures."""

    if codes is None:
        return MeasureForm()
    decided = question.decided and concept == question.concept
    if question.decimals is not None:
        starts = {code or mapping.END: bound for bound, code in question.starts.items()}
        given = bounds.written(starts if decided else youngest(codes.standard))
    else:
        given = dict(question.codes) if decided else _suggested(question, codes)
    for name, label in fields.values():
        setattr(MeasureForm, name, StringField(label, [Length(max=80)]))
    return MeasureForm(data={_name_in(fields, choice): value for choice, value in given.items()})


def _ranges(form: StaffForm, question: Measured, fields: _Fields) -> Mapping[str, str]:
    """What the bounds in a form mean; nothing where something is wrong with them."""
    if question.decimals is None or form.errors:
        return {}
    return bounds.ranges(question, bounds.read(_typed(form, fields)))


def _typed(form: StaffForm, fields: _Fields) -> dict[str, str]:
    return {choice: form[name].data or "" for choice, (name, _label) in fields.items()}


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
    fields: _Fields,
) -> None:
    """Save what was typed; or make the choices of the question the code list of a concept that has none."""
    if concept and not _WORD.fullmatch(concept):
        raise Refused.because("processes.concept.code")
    typed = _typed(form, fields)
    if question.decimals is not None:
        starts = bounds.read(typed)
        end = starts.pop(mapping.END, None)
        if request.form.get("do") == "look":
            codes = lists[concept].codes if concept in lists else ()
            refuse_if_any(mapping.problems_of(question, codes, starts, end))
        else:
            mapping.decide_bounds(session(), activity, question, concept, starts, end, lists, by=actor(), now=now())
        return
    if request.form.get("do") == "adopt":
        concepts.adopt(session(), process, concept, question.choices, by=actor(), now=now())
        lists = concepts.code_lists(session(), process.id)
        typed = dict(zip(question.choices, question.choices, strict=True))
    mapping.decide(session(), activity, question, concept, typed, lists, by=actor(), now=now())
