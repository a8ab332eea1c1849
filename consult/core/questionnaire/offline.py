"""A whole questionnaire as data for a device that asks it without a server (`static/js/offline.js`).

The device decides what `inplace` would let it decide on one page: relevance, calculations, filtered choices, and here
also what is required and what is ruled out. What is *left* to the server is put to everybody and not enforced; the
server decides when the answers arrive. So it is with whatever is drawn (`random`, `randomize`, `once`, …).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from consult.core.errors import Problem, refuse_if_any
from consult.core.expressions import Expression, browser
from consult.core.questionnaire.accepting import accept
from consult.core.questionnaire.answers import Answers, Form
from consult.core.questionnaire.definition import SILENT, UNANSWERED, Question
from consult.core.questionnaire.inplace import WRITABLE, Logic, States, step_of, tables
from consult.core.questionnaire.routing import Context, Sheet, Standing, stand
from consult.core.questionnaire.steps import Compiled, Step


def asked(compiled: Compiled) -> tuple[Question, ...]:
    """All questions and notes, in order."""
    return tuple(question for page in compiled.pages for question in page.asked)


@lru_cache(maxsize=200)
def logic(compiled: Compiled) -> Logic | None:
    """What a device decides; None where the questionnaire cannot be answered on one.

    That is where something is asked several times, or a file is asked for, or the choices are what was answered before.
    """
    if any(page.repeats or page.listing or page.uploads for page in compiled.pages):
        return None
    if any(step.answers_of for step in compiled.steps):
        return None
    found = _states(compiled)
    steps = tuple(step for step in compiled.steps if _takes_part(found, step))
    moving = frozenset(step.id for step in steps if found.relevance(step) == "live")
    return Logic.of(steps, moving, frozenset(step.id for step in steps if found.value(step) == "live"))


def document(compiled: Compiled, locale: str) -> dict[str, object]:
    """What the device needs to know to decide."""
    part = logic(compiled)
    assert part is not None, "only questionnaires that can be answered on a device"
    found = _states(compiled)
    expressions = [one for step in part.steps for one in (*step.expressions(), step.required, step.constraint)]
    followed = [one for one in expressions if isinstance(one, Expression) and found.follows(one)]
    return {"steps": [_step(found, step) for step in part.steps], **tables(compiled, followed, locale)}


def receive(compiled: Compiled, form: Form, context: Context, *, decimal_mark: str = ".") -> tuple[Answers, Standing]:
    """Read the form of all pages as if they had been sent one by one: what is stored of it, and where that stands.

    Refuses `answer.field.unknown` for a field that no page has. Answers that are wrong are left out.
    """
    fields = {name for page in compiled.pages for name in page.fields}
    refuse_if_any(Problem("answer.field.unknown", {"name": name[:80]}) for name in form if name not in fields)
    sent = [(page, {name: form[name] for name in page.fields & form.keys()}) for page in compiled.pages]
    stored: Answers = {}
    for _turn in range(2):  # an answer can bring up a question on an earlier page
        for page, part in sent:
            if part:
                stored = accept(compiled, Sheet(page), part, stored, context, decimal_mark=decimal_mark).stored
        standing = stand(compiled, stored, context)
        if standing.unfinished() is None:
            break
    return stored, standing


@lru_cache(maxsize=200)
def _states(compiled: Compiled) -> States:
    return States(compiled, (question.id for question in asked(compiled)), server=False)


def _takes_part(found: States, step: Step) -> bool:
    if step.question is None:
        return found.relevance(step) == "live"
    return found.relevance(step) != "left" and (step.question.type not in SILENT or found.value(step) == "live")


def _step(found: States, step: Step) -> dict[str, object]:
    parts = step_of(step, found.follows)
    question = step.question
    if question is None or question.type in SILENT | UNANSWERED:
        return parts
    if question.type not in WRITABLE:
        parts.pop("default", None)
    if found.value(step) == "left":
        parts["left"] = True  # whether it is answered can be seen, but not what
    if step.computed is None and step.read_only is False:
        parts |= dict(_checks(found, step))
    return parts


def _checks(found: States, step: Step) -> Iterator[tuple[str, object]]:
    for name, condition in (("required", step.required), ("constraint", step.constraint)):
        if condition is True:
            yield name, True
        elif isinstance(condition, Expression) and found.follows(condition):
            yield name, browser.tree(condition)
