"""A page that was sent: what of it is stored, what is wrong with it, and whether it must be shown again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.expressions.environment import Path
from consult.core.questionnaire.answers import OTHER, Answer, Answers, Form, Reading, read
from consult.core.questionnaire.definition import UNANSWERED, UPLOADS, Question
from consult.core.questionnaire.instances import key, suffixed
from consult.core.questionnaire.routing import Context, Sheet, Standing, stand
from consult.core.questionnaire.steps import Compiled
from consult.core.questionnaire.uploads import REMOVE, Upload


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a page that was sent."""

    stored: Answers
    """All answers so far with the right ones of this page; what it showed and is irrelevant now has gone."""
    standing: Standing
    problems: tuple[Problem, ...]
    """What is wrong, each with the question's id as the field of its place; none of that is stored."""
    more: bool
    """Whether its answers brought up questions or choices on the same page that it did not show."""


def accept(
    compiled: Compiled,
    sheet: Sheet,
    form: Form,
    stored: Mapping[str, Answer],
    context: Context,
    *,
    files: Mapping[str, Upload | Problem] = MappingProxyType({}),
    decimal_mark: str = ".",
    followed: Collection[str] = (),
) -> Accepted:
    """Read a page's form on top of what is stored already.

    A question was shown where one of its fields was sent, empty or not. Answers to irrelevant, computed and read-only
    questions are discarded. `followed` are the ids of questions whose choices the browser kept as the answers had them;
    others were offered as answers stood before, and left open they are put again where that was another list. `files`:
    what came for questions that ask for one, by id, or what is wrong with it; those for which nothing came keep the
    file they have. Refuses `answer.field.unknown` for a field that the page does not have; problems are those of
    `answers.read` and `files`, `answer.choice.unfitting`, `answer.required` and `answer.constraint`.
    """
    page, path = sheet
    refuse_if_any(Problem("answer.field.unknown", {"name": name[:80]}) for name in form if name not in page.fields)
    shown = [question for question in page.asked if not form.keys().isdisjoint(compiled.by_id[question.id].fields)]
    before = _before(compiled, stored, context, sheet)
    locked, codes = _locked(compiled, shown, path, before), _codes(compiled, shown, path, before)
    merged: Answers = {**stored, **locked}
    open_ones = [question for question in shown if key(question.id, path) not in locked]

    def reads(question: Question, among: tuple[str, ...]) -> Reading:
        if question.type in UPLOADS:
            return _given(question, form, files, stored.get(key(question.id, path)))
        return read(question, among, form, decimal_mark=decimal_mark)

    wrong = _read(compiled, open_ones, path, codes, reads, merged)
    standing = stand(compiled, merged, context, sheet)
    standing.know(compiled.at_once)  # what is computed once is kept from the first time on
    visible = {question.id for question in page.asked if key(question.id, path) in standing.seen}
    read_well = [question for question in shown if question.id in visible and question.id not in wrong]
    wrong |= _wrong(compiled, read_well, path, merged, standing)
    unfollowed = [question for question in read_well if question.id not in followed]
    left_open = [question for question in unfollowed if merged.get(key(question.id, path)) is None]
    renewed = _renewed(compiled, left_open, path, before, standing)
    for name in renewed:  # they count as not put yet
        wrong.pop(name, None)
        merged.pop(key(name, path), None)
    problems = tuple(wrong[question.id] for question in shown if question.id in wrong and question.id in visible)
    sent = {question.id for question in shown}
    taken_back = _taken_back(sheet, sent | visible, stored, before)
    kept = _kept([*shown, *taken_back], path, stored, merged, visible, visible - wrong.keys())
    return Accepted(kept, standing, problems, more=bool(renewed) or not visible <= sent)


def _before(compiled: Compiled, stored: Mapping[str, Answer], context: Context, sheet: Sheet) -> Callable[[], Standing]:
    """How the answers stood when the page was shown; to look back sets nothing back that is computed once."""
    earlier = replace(context, once=dict(context.once))
    return cache(lambda: stand(compiled, stored, earlier, sheet))


def _read(
    compiled: Compiled,
    questions: list[Question],
    path: Path,
    codes: Mapping[str, tuple[str, ...]],
    reads: Callable[[Question, tuple[str, ...]], Reading],
    merged: Answers,
) -> dict[str, Problem]:
    """Put what was sent into the answers; what cannot be read, by question."""
    wrong: dict[str, Problem] = {}
    for question in questions:
        if question.type in UNANSWERED:
            continue
        reading = reads(question, codes[question.id])
        if reading.problem is not None:
            wrong[question.id] = reading.problem
        else:
            merged.pop(suffixed(compiled.by_id[question.id].other, path), None)
            for field, answer in reading.answers.items():
                merged[suffixed(field, path)] = answer
    return wrong


def _given(question: Question, form: Form, files: Mapping[str, Upload | Problem], before: Answer) -> Reading:
    """The file that a question has now: the one that came, else the one before, unless that was taken back."""
    came = files.get(question.id)
    if isinstance(came, Problem):
        return Reading({}, replace(came, place=Place(field=question.id)))
    kept = None if any(form.get(f"{question.id}.{REMOVE}", ())) else before
    return Reading({question.id: came or kept})


def _wrong(
    compiled: Compiled, questions: list[Question], path: Path, merged: Answers, standing: Standing
) -> dict[str, Problem]:
    """What is wrong with answers that could be read, by question."""
    found: dict[str, Problem] = {}
    for question in questions:
        name = key(question.id, path)
        filtered = compiled.by_id[question.id].filter is not None
        if filtered and merged.get(name) != standing.answers.get(name):
            found[question.id] = Problem("answer.choice.unfitting", {}, Place(field=question.id))
        elif question.id in compiled.judged and (problem := standing.problem(question, path)) is not None:
            found[question.id] = problem
    return found


def _renewed(
    compiled: Compiled, questions: list[Question], path: Path, before: Callable[[], Standing], standing: Standing
) -> set[str]:
    """Those that now offer other choices than the page did: nobody can be held to what they could not see."""
    filtered = [question for question in questions if compiled.by_id[question.id].varying]
    return {
        question.id for question in filtered if before().choices(question, path) != standing.choices(question, path)
    }


def _taken_back(
    sheet: Sheet, here: set[str], stored: Mapping[str, Answer], before: Callable[[], Standing]
) -> list[Question]:
    """Questions that the page showed and, by what was answered on it, took back in the browser: they were not sent."""
    page, path = sheet
    gone = [found for found in page.asked if found.id not in here and key(found.id, path) in stored]
    return [question for question in gone if key(question.id, path) in before().seen]


def _codes(
    compiled: Compiled, shown: list[Question], path: Path, before: Callable[[], Standing]
) -> dict[str, tuple[str, ...]]:
    """The codes that may be chosen; where other answers are the choices, as those stood when the page was shown."""
    steps = {question.id: compiled.by_id[question.id] for question in shown}
    return {
        question.id: before().codes(question, path) if steps[question.id].answers_of else steps[question.id].codes
        for question in shown
    }


def _locked(compiled: Compiled, shown: list[Question], path: Path, before: Callable[[], Standing]) -> Answers:
    """The answers on the page that participants see but cannot change, as they stood when it was shown."""
    steps = [compiled.by_id[question.id] for question in shown]
    if all(step.computed is None and step.read_only is False for step in steps):
        return {}
    names = [key(question.id, path) for question in shown if before().read_only(question, path)]
    return {name: before().answers.get(name) for name in names}


def _kept(
    shown: list[Question],
    path: Path,
    stored: Mapping[str, Answer],
    merged: Answers,
    visible: set[str],
    right: set[str],
) -> Answers:
    kept = dict(merged)
    for question in shown:
        if question.id in right:
            continue
        for name in (question.id, f"{question.id}.{OTHER}"):
            place = suffixed(name, path)
            kept.pop(place, None)
            if question.id in visible and place in stored:
                kept[place] = stored[place]
    return kept
