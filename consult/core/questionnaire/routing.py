"""Which questions are put to whom: an edition compiled once, and where one participant stands in it.

Relevance, calculations, defaults and choice filters are computed in the order in which they depend on each other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from consult.core.errors import Place, Problem
from consult.core.expressions import Environment, Expression, shuffled
from consult.core.questionnaire.answers import OTHER, Answer, Answers, text_of
from consult.core.questionnaire.definition import Choice, Question
from consult.core.questionnaire.pages import Page
from consult.core.questionnaire.steps import Compiled, Step

_SEEDS: Final = 2**31 - 1
_NO_ANSWERS: Final[Mapping[str, Answer]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Context:
    """What every evaluation of one participant's answers sees, fixed when they are first saved."""

    today: dt.date
    time_zone: str = "UTC"
    seed: str = ""
    locale: str = ""
    """In which `jr:choice-name` gives labels."""
    once: dict[str, str] = field(default_factory=dict)
    """What was computed once and is kept; evaluations add to it."""


def stand(compiled: Compiled, stored: Mapping[str, Answer], context: Context) -> Standing:
    """Where somebody stands who has answered this much. Never raises, whatever was answered."""
    values: dict[str, str | tuple[str, ...]] = {}
    environment = Environment(
        values=values,
        today=context.today,
        time_zone=context.time_zone,
        seed=context.seed,
        kept=context.once,
        lists=compiled.rows,
        label=lambda value, question: compiled.label(value, question, context.locale),
    )
    standing = Standing(compiled, stored, environment)
    relevant, answers = standing.relevant, standing.answers
    for step in compiled.steps:
        if step.parent and step.parent not in relevant:
            continue
        if step.relevant is not None and not _truth(step, step.relevant, environment):
            continue
        relevant.add(step.id)
        if not standing.leaves_nothing(step):
            standing.seen.add(step.id)
        if step.question is None:
            continue
        answer = standing.answer_at(step)
        answers[step.id] = answer
        if answer is not None:
            values[step.name] = text_of(answer)
        if step.other:
            other = stored.get(step.other)
            answers[step.other] = other
            values[f"{step.name}_other"] = text_of(other)
    return standing


@lru_cache(maxsize=256)
def opening(compiled: Compiled) -> Page | None:
    """The page that everybody gets first, whoever and whenever; none where that depends on the reader or the day."""
    nobody = stand(compiled, {}, Context(today=dt.date(2000, 1, 1)))
    for page in compiled.pages:
        if not compiled.alike(page):
            return None
        if nobody.shows(page):
            return page
    return None


class Standing:
    """One participant's answers as the questionnaire sees them."""

    __slots__ = ("_compiled", "_environment", "_stored", "answers", "relevant", "seen")

    def __init__(self, compiled: Compiled, stored: Mapping[str, Answer], environment: Environment) -> None:
        self._compiled = compiled
        self._stored = stored
        self._environment = environment
        self.relevant: set[str] = set()
        """Ids of the groups and questions that are put to them."""
        self.seen: set[str] = set()
        """Those that they see: without questions of whose choices the filter leaves none."""
        self.answers: Answers = {}
        """Their answers to those, with calculations, hidden values and the defaults of what they have not seen yet."""

    def answer_at(self, step: Step) -> Answer:
        """The answer to a relevant question, those before it being known."""
        question = step.question
        assert question is not None
        if step.computed is not None:
            text = self._computed(step, step.computed)
            return step.typed(text) if text else None
        if step.id in self._stored and step.asked:
            answer = self._stored[step.id]
            return self._fitting(step, answer) if step.filter is not None else answer
        if isinstance(step.default, Expression):
            text = step.default.text(self.at(step))
            return step.typed(text) if text else None
        return step.default

    def _computed(self, step: Step, expression: Expression) -> str:
        if not step.trigger:
            return expression.text(self.at(step))
        # Made anew only when the trigger's answer has changed: what it was is kept beside the value.
        once = self._environment.kept
        now = self._environment.answer(step.trigger)
        if once.get(f"{step.name}/trigger", "") != now:
            once[f"{step.name}/trigger"] = now
            once[f"{step.name}/triggered"] = expression.text(self.at(step))
        return once.get(f"{step.name}/triggered", "")

    def _fitting(self, step: Step, answer: Answer) -> Answer:
        """An answer without the choices that other answers have meanwhile ruled out."""
        if isinstance(answer, tuple):
            return tuple(name for name in answer if self._offers(step, name)) or None
        return answer if isinstance(answer, str) and self._offers(step, answer) else None

    def leaves_nothing(self, step: Step) -> bool:
        """Whether there is nothing to choose, those before it being answered as they are."""
        return step.filter is not None and not any(self._offers(step, name) for name in (*step.codes, OTHER))

    def _offers(self, step: Step, name: str) -> bool:
        row = step.rows.get(name)
        if row is None:
            return step.other != ""
        return step.filter is None or step.filter.truth(self._environment.child(choice=row, place=step.name))

    def at(self, step: Step, dot: str = "") -> Environment:
        """What the expressions of a step see."""
        return self._environment.child(dot=dot, place=step.name)

    def held(self, question: Question) -> Answers:
        """What would stand in the fields of a question that is not put to them, if it were."""
        step = self._compiled.by_id[question.id]
        if step.id in self._stored:
            return {key: self._stored.get(key) for key in (step.id, step.other)}
        return {
            step.id: step.typed(step.default.text(self.at(step)))
            if isinstance(step.default, Expression)
            else step.default
        }

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """The choices offered to them, in the order shown to them."""
        step = self._compiled.by_id[question.id]
        offered = [choice for choice in step.choices if step.filter is None or self._offers(step, choice.name)]
        if not step.randomised:
            return tuple(offered)
        named = self._environment.answer(step.seed[2:-1]) if step.seed.startswith("${") else step.seed
        seed = self._environment.number(named) if named else _drawn(self._environment.seed, step.name)
        return tuple(shuffled(offered, seed))

    def read_only(self, question: Question) -> bool:
        """Whether they see the answer but cannot change it."""
        step = self._compiled.by_id[question.id]
        return step.computed is not None or _holds(step, step.read_only, self)

    def required(self, question: Question) -> bool:
        """Whether they must answer."""
        step = self._compiled.by_id[question.id]
        return _holds(step, step.required, self)

    def problem(self, question: Question) -> Problem | None:
        """What is wrong with the answer to a relevant question: `answer.required`, `answer.constraint`."""
        step = self._compiled.by_id[question.id]
        answer = self.answers.get(question.id)
        if answer is None:
            missing = step.required is not False and step.answerable and self.required(question)
            return Problem("answer.required", {}, Place(field=question.id)) if missing else None
        if step.constraint is None:
            return None
        value = text_of(answer)
        dot = value if isinstance(value, str) else " ".join(value)
        if step.constraint.truth(self.at(step, dot)):
            return None
        return Problem("answer.constraint", {}, Place(field=question.id))

    def problems(self, page: Page) -> list[Problem]:
        """What is wrong with the answers that were given on a page; nothing before it was seen."""
        found = (self.problem(question) for question in page.asked if self._was_seen(question))
        return [problem for problem in found if problem is not None]

    def _was_seen(self, question: Question) -> bool:
        return question.id in self.seen and question.id in self._stored

    def shows(self, page: Page) -> bool:
        """Whether anything on a page is put to them."""
        return any(question.id in self.seen for question in page.asked)

    def pages(self) -> list[Page]:
        """The pages that they see, in order."""
        return [page for page in self._compiled.pages if self.shows(page)]

    def after(self, page: Page) -> Page | None:
        """The page that comes next; none after the last."""
        return next((other for other in self._compiled.pages[page.number :] if self.shows(other)), None)

    def unfinished(self) -> Page | None:
        """The first page with a question that was not put yet or whose answer is wrong; none: all can be sent."""
        for page in self.pages():
            for question in page.asked:
                if question.id not in self.seen:
                    continue
                new = question.id not in self._stored and self._compiled.by_id[question.id].open
                if new or self.problem(question) is not None:
                    return page
        return None

    def document(self) -> Answers:
        """The answers as they are sent: those that are relevant, null where there is none."""
        kept: Answers = {}
        for step in self._compiled.answerable:
            if step.id in self.relevant:
                kept[step.id] = self.answers.get(step.id)
                other = self.answers.get(step.other) if step.other else None
                if other is not None:
                    kept[step.other] = other
        return kept


def _truth(step: Step, condition: Expression, environment: Environment) -> bool:
    return condition.truth(environment.child(place=step.name) if condition.volatile else environment)


def _holds(step: Step, condition: Expression | bool, standing: Standing) -> bool:
    return condition if isinstance(condition, bool) else condition.truth(standing.at(step))


def _drawn(seed: str, place: str) -> float:
    return float(int.from_bytes(hashlib.sha256(f"{seed}\0{place}".encode()).digest()[:8]) % _SEEDS)
