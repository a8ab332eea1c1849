"""What stands against publishing a questionnaire, and what its author should look at again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from consult.core.errors import NOWHERE, Parameter, Place, Problem, Refused
from consult.core.expressions import WARNINGS, Expression, Scope, check, cycles, parse
from consult.core.questionnaire import matrices, uploads
from consult.core.questionnaire.definition import (
    SELECTS,
    SILENT,
    UNANSWERED,
    Choice,
    ChoiceList,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
    answers_of,
    is_dynamic,
)
from consult.core.questionnaire.media import KINDS, bearers
from consult.core.questionnaire.pages import flat, split
from consult.core.questionnaire.scales import Scale
from consult.core.questionnaire.texts import lacking, texts_of

_REFERENCE: Final = re.compile(r"\$\{\s*([^{}\s]*)\s*\}")
_QUESTION_MARKS: Final = re.compile(r"[?؟？՞፧]\s*\S.*[?؟？՞፧]", re.DOTALL)
DECLINED: Final = re.compile(
    r"pnta|pnts|dnk|dk|(?:prefer|rather|want|wish)_?not.*|.*no_?answer|refus\w*|declin\w*|n_?a|-?9+[789]|none_given"
)
"""Codes by which forms name “prefer not to say”."""


DOUBTS: Final = WARNINGS | {
    "questionnaire.matrix",
    "questionnaire.contact",
    "questionnaire.picture",
    "questionnaire.two_questions",
    "questionnaire.decline",
    "questionnaire.never",
    "questionnaire.incomplete",
}
"""Codes of what is worth a look and stops nothing."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Errors refuse publication; warnings do not. Their place is the question's id (`Place.field`)."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def lint(questionnaire: Questionnaire) -> Findings:
    """Look at a whole questionnaire. Codes: `questionnaire.*`, `expression.*`."""
    found = [
        *_whole(questionnaire),
        *_names(questionnaire),
        *_later(questionnaire),
        *_lists(questionnaire),
        *_looks(questionnaire),
        *_media(questionnaire),
        *_expressions(questionnaire),
        *_mentions(questionnaire),
        *_wording(questionnaire),
        *_languages(questionnaire),
    ]
    return Findings(
        tuple(problem for problem in found if problem.code not in DOUBTS),
        tuple(problem for problem in found if problem.code in DOUBTS),
    )


def _at(node: Node, code: str, /, **params: Parameter) -> Problem:
    return Problem(code, {"name": node.name, **params}, Place(field=node.id))


def _whole(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Title, languages, and at least one question that somebody can answer."""
    if not questionnaire.title:
        yield Problem("questionnaire.title")
    answerable = (question for question in questionnaire.questions() if question.type not in SILENT | UNANSWERED)
    if next(answerable, None) is None:
        yield Problem("questionnaire.empty")


def _names(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Answers are exported by name, so a name is used once; ids are what editions have in common."""
    names = Counter(node.name for node, _ in questionnaire.walk())
    ids = Counter(node.id for node, _ in questionnaire.walk())
    for node, _ in questionnaire.walk():
        if names[node.name] > 1 or ids[node.id] > 1:
            yield _at(node, "questionnaire.name.duplicate")


def _later(questionnaire: Questionnaire) -> Iterator[Problem]:
    """What the schema has a place for and nobody can answer yet."""
    for node, _ in questionnaire.walk():
        if not isinstance(node, Question):
            continue
        if node.contact:
            # Contact data and answers never meet; until they are stored apart, they are not asked for.
            yield _at(node, "questionnaire.later", feature="our::contact")
        if node.type is QuestionType.RANK and node.or_other:
            yield _at(node, "questionnaire.later", feature="rank or_other")


def _lists(questionnaire: Questionnaire) -> Iterator[Problem]:
    lists = questionnaire.lists()
    names = {question.name for question in questionnaire.questions()}
    for question in questionnaire.questions():
        if question.type not in SELECTS:
            continue
        if given := answers_of(question.choices):
            if given not in names or question.type is QuestionType.RANK:
                yield _at(question, "questionnaire.list.missing", list=question.choices)
            continue
        if question.choices not in lists:
            yield _at(question, "questionnaire.list.missing", list=question.choices)
        elif not lists[question.choices].choices:
            yield _at(question, "questionnaire.list.empty", list=question.choices)
        elif question.turns_away and not _leaves_a_way(question, lists[question.choices]):
            yield _at(question, "questionnaire.turns_away")


def _leaves_a_way(question: Question, choices: ChoiceList) -> bool:
    return question.type is QuestionType.SELECT_ONE and {*question.turns_away} < {*choices.names()}


def _looks(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Scales without numbers, matrices that are none, addresses that say who answered, more files than can be sent."""
    for node in matrices.unmatched(questionnaire):
        yield _at(node, "questionnaire.matrix", most=matrices.MOST_COLUMNS)
    for question in questionnaire.questions():
        if question.type is QuestionType.RANGE and Scale.of(question.parameters) is None:
            yield _at(question, "questionnaire.range")
        if question.type is QuestionType.EMAIL and not question.contact:
            yield _at(question, "questionnaire.contact")
    for page in flat(split(questionnaire)):
        if len(page.uploads) > uploads.MOST:
            yield _at(page.uploads[uploads.MOST], "questionnaire.files", most=uploads.MOST)


def _media(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Sounds and pictures that say nothing to those who cannot hear or see them."""
    for bearer in bearers(questionnaire):
        if bearer.media.keys() & KINDS.keys() and not bearer.label:
            place = NOWHERE if isinstance(bearer, Choice) else Place(field=bearer.id)
            yield Problem("questionnaire.picture", {"name": bearer.name}, place)


def _sources(node: Node) -> Iterator[tuple[str, str]]:
    """The expressions of a node, each with the list whose columns it may name."""
    yield node.relevant, ""
    if isinstance(node, Repeat):
        yield node.repeat_count, ""
    if isinstance(node, Question):
        yield from ((node.required, ""), (node.constraint, ""), (node.calculation, ""), (node.read_only, ""))
        yield node.choice_filter, node.choices
        if is_dynamic(node.default):
            yield node.default, ""


def _expressions(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Every expression against what it speaks of, and calculations that wait for each other."""
    scope = Scope.of(questionnaire)
    calculations: dict[str, Expression] = {}
    ids = {node.name: node.id for node, _ in questionnaire.walk()}
    for node, _ in questionnaire.walk():
        for source, list_name in _sources(node):
            if not source:
                continue
            try:
                expression = parse(source)
            except Refused as refused:
                yield from (replace(problem, place=Place(field=node.id)) for problem in refused.problems)
                continue
            for problem in check(expression, scope.at(node.name, list_name)):
                yield replace(problem, place=Place(field=node.id))
            if isinstance(node, Question) and source == node.calculation:
                calculations[node.name] = expression
        if node.relevant.replace(" ", "") in {"false()", "0", "1=2"}:
            yield _at(node, "questionnaire.never")
    for cycle in cycles(calculations):
        yield Problem("expression.cycle", {"names": " → ".join((*cycle, cycle[0]))}, Place(field=ids[cycle[0]]))


def _mentions(questionnaire: Questionnaire) -> Iterator[Problem]:
    """`${name}` in texts: an answer that is shown again."""
    names = {node.name for node, _ in questionnaire.walk()}
    for node, _ in questionnaire.walk():
        mentioned = {name for text in texts_of(node) for words in text.values() for name in _REFERENCE.findall(words)}
        for name in sorted(mentioned - names):
            yield _at(node, "questionnaire.mention", mentioned=name)


def _wording(questionnaire: Questionnaire) -> Iterator[Problem]:
    lists = questionnaire.lists()
    for question in questionnaire.questions():
        needs_words = question.type not in SILENT and not matrices.wordless(question)
        if needs_words and not question.label and not question.hint:
            yield _at(question, "questionnaire.label.missing")
        if any(_QUESTION_MARKS.search(text) for text in question.label.values()):
            yield _at(question, "questionnaire.two_questions")
        choices = lists[question.choices].names() if question.choices in lists else ()
        if question.sensitive and question.required and not any(DECLINED.fullmatch(name.lower()) for name in choices):
            yield _at(question, "questionnaire.decline")


def _languages(questionnaire: Questionnaire) -> Iterator[Problem]:
    """For every language how many texts others have and it has not."""
    for locale, missing, total in lacking(questionnaire):
        yield Problem("questionnaire.incomplete", {"tag": locale, "missing": missing, "total": total})
