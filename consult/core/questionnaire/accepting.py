"""A page that was sent: what of it is stored, what is wrong with it, and whether it must be shown again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.questionnaire.answers import OTHER, Answer, Answers, Form, read
from consult.core.questionnaire.definition import UNANSWERED, Question
from consult.core.questionnaire.pages import Page
from consult.core.questionnaire.routing import Context, Standing, stand
from consult.core.questionnaire.steps import Compiled


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a page that was sent."""

    stored: Answers
    """All answers so far with the right ones of this page; what it showed and is irrelevant now has gone."""
    standing: Standing
    problems: tuple[Problem, ...]
    """What is wrong, each with the question's id as the field of its place; none of that is stored."""
    more: bool
    """Whether its answers brought up questions on the same page that it did not show."""


def accept(
    compiled: Compiled,
    page: Page,
    form: Form,
    stored: Mapping[str, Answer],
    context: Context,
    *,
    decimal_mark: str = ".",
) -> Accepted:
    """Read a page's form on top of what is stored already.

    A question was shown where one of its fields was sent, empty or not. Answers to irrelevant, computed and read-only
    questions are discarded. Refuses `answer.field.unknown` for a field that the page does not have; problems are those
    of `answers.read`, `answer.choice.unfitting`, `answer.required` and `answer.constraint`.
    """
    refuse_if_any(Problem("answer.field.unknown", {"name": name[:80]}) for name in form if name not in page.fields)
    shown = [question for question in page.asked if not form.keys().isdisjoint(compiled.by_id[question.id].fields)]
    locked = _locked(compiled, shown, stored, context)
    wrong: dict[str, Problem] = {}
    merged: Answers = dict(stored)
    for question in shown:
        if question.type in UNANSWERED:
            continue
        if question.id in locked:
            merged[question.id] = locked[question.id]
            continue
        reading = read(question, compiled.by_id[question.id].codes, form, decimal_mark=decimal_mark)
        if reading.problem is not None:
            wrong[question.id] = reading.problem
        else:
            merged.pop(compiled.by_id[question.id].other, None)
            merged.update(reading.answers)
    standing = stand(compiled, merged, context)
    for question in shown:
        if question.id in standing.seen and question.id not in wrong:
            filtered = compiled.by_id[question.id].filter is not None
            if filtered and merged.get(question.id) != standing.answers.get(question.id):
                wrong[question.id] = Problem("answer.choice.unfitting", {}, Place(field=question.id))
            elif (problem := standing.problem(question)) is not None:
                wrong[question.id] = problem
    problems = tuple(wrong[question.id] for question in shown if question.id in wrong and question.id in standing.seen)
    sent = {question.id for question in shown}
    more = any(question.id in standing.seen and question.id not in sent for question in page.asked)
    taken_back = _taken_back(compiled, page, sent, stored, standing, context)
    return Accepted(_kept([*shown, *taken_back], stored, merged, wrong, standing), standing, problems, more)


def _taken_back(
    compiled: Compiled,
    page: Page,
    sent: set[str],
    stored: Mapping[str, Answer],
    standing: Standing,
    context: Context,
) -> list[Question]:
    """Questions that the page showed and, by what was answered on it, took back in the browser: they were not sent."""
    gone = [found for found in page.asked if found.id in stored and found.id not in sent | standing.seen]
    if not gone:
        return []
    before = stand(compiled, stored, context)
    return [question for question in gone if question.id in before.seen]


def _locked(compiled: Compiled, shown: list[Question], stored: Mapping[str, Answer], context: Context) -> Answers:
    """The answers on the page that participants see but cannot change, as they stood when it was shown."""
    steps = [compiled.by_id[question.id] for question in shown]
    if all(step.computed is None and step.read_only is False for step in steps):
        return {}
    before = stand(compiled, stored, context)
    return {question.id: before.answers.get(question.id) for question in shown if before.read_only(question)}


def _kept(
    shown: list[Question],
    stored: Mapping[str, Answer],
    merged: Answers,
    wrong: Mapping[str, Problem],
    standing: Standing,
) -> Answers:
    kept = dict(merged)
    for question in shown:
        if question.id in standing.seen and question.id not in wrong:
            continue
        for key in (question.id, f"{question.id}.{OTHER}"):
            kept.pop(key, None)
            if question.id in standing.seen and key in stored:
                kept[key] = stored[key]
    return kept
