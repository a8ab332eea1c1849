"""Which questions are put to whom: an edition compiled once, and where one participant stands in it.

Relevance, calculations, defaults and choice filters are computed in the order in which they depend on each other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

import msgspec

from consult.core.errors import Place, Problem
from consult.core.expressions import Environment, Expression, shuffled
from consult.core.expressions.environment import Path, Repeated
from consult.core.questionnaire.answers import OTHER, Answer, Answers, text_of
from consult.core.questionnaire.definition import Choice, Question, QuestionType
from consult.core.questionnaire.instances import MOST, MOST_IN_ALL, how_many, key, paths, suffixed
from consult.core.questionnaire.pages import Page, Part
from consult.core.questionnaire.steps import Compiled, Step

_SEEDS: Final = 2**31 - 1
_ONCE: Final[tuple[Path, ...]] = ((),)
"""Where what stands in no repeat is put."""


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
    environment = Environment(
        values={},
        repeated={},
        today=context.today,
        time_zone=context.time_zone,
        seed=context.seed,
        kept=context.once,
        lists=compiled.rows,
        label=lambda value, question: compiled.label(value, question, context.locale),
    )
    standing = Standing(compiled, stored, environment)
    for step in compiled.steps:
        for path in standing.paths(step.chain) if step.chain else _ONCE:
            standing.put(step, path)
    return standing


@lru_cache(maxsize=256)
def opening(compiled: Compiled) -> Page | None:
    """The page that everybody gets first, whoever and whenever; none where that depends on the reader or the day."""
    nobody = stand(compiled, {}, Context(today=dt.date(2000, 1, 1)))
    for page in compiled.pages:
        if page.repeats or page.listing or not compiled.alike(page):
            return None
        if nobody.shows(Sheet(page)):
            return page
    return None


class Sheet(NamedTuple):
    """A page as it is put once: to the instance of the repeats around it that `path` says."""

    page: Page
    path: Path = ()


class Standing:
    """One participant's answers as the questionnaire sees them. Keys are those of `instances.key`."""

    __slots__ = ("_compiled", "_environment", "_stored", "_within", "answers", "instances", "relevant", "seen")

    def __init__(self, compiled: Compiled, stored: Mapping[str, Answer], environment: Environment) -> None:
        self._compiled = compiled
        self._stored = stored
        self._environment = environment
        self._within: dict[tuple[tuple[str, ...], Path], Environment] = {}
        self.instances = 0
        """How many instances all repeats have together."""
        self.relevant: set[str] = set()
        """Keys of the groups, repeats and questions that are put to them."""
        self.seen: set[str] = set()
        """Those that they see: without questions of whose choices the filter leaves none."""
        self.answers: Answers = {}
        """Their answers to those, with calculations, hidden values and the defaults of what they have not seen yet; for
        a repeat how many instances it has."""

    # --- how it comes about ------------------------------------------------------------------------------------------

    def put(self, step: Step, path: Path) -> None:
        """Decide whether something is put to them, and with which answer, all before it being decided."""
        environment = self._environment_at(step, path) if path else self._environment
        if step.parent and (self._parent(step, path) if path else step.parent) not in self.relevant:
            return
        if step.relevant is not None and not step.relevant.truth(self._placed(step, step.relevant, environment, path)):
            return
        name = key(step.id, path) if path else step.id
        self.relevant.add(name)
        if step.repeat is not None:
            self._count(step, path, environment)
        if (step.filter is None and not step.answers_of) or not self.leaves_nothing(step, path):
            self.seen.add(name)
        if step.question is None:
            return
        self.answers[name] = answer = self._answer(step, path, environment)
        if answer is not None:
            self._tell(step, step.name, path, text_of(answer))
        if step.other:
            field = suffixed(step.other, path)
            self.answers[field] = other = self._stored.get(field)
            self._tell(step, f"{step.name}_other", path, text_of(other))

    def _environment_at(self, step: Step, path: Path) -> Environment:
        if not path:
            return self._environment
        found = self._within.get((step.chain, path))
        if found is None:
            chain = self._compiled.names_of(step.chain)
            found = msgspec.structs.replace(self._environment, chain=chain, path=path)
            self._within[step.chain, path] = found
        return found

    def _parent(self, step: Step, path: Path) -> str:
        return key(step.parent, path[: len(self._compiled.by_id[step.parent].chain)]) if path else step.parent

    def _placed(self, step: Step, expression: Expression, environment: Environment, path: Path) -> Environment:
        return environment.child(place=key(step.name, path)) if expression.volatile else environment

    def _count(self, step: Step, path: Path, environment: Environment) -> None:
        number: float = how_many(self._stored, step.id, path)
        if step.count is not None:
            number = step.count.number(self._placed(step, step.count, environment, path))
        count = int(min(max(number, 0), MOST, MOST_IN_ALL - self.instances)) if number == number else 0
        self.instances += count
        self.answers[key(step.id, path)] = count
        for instance in range(1, count + 1):
            self._tell(step, step.name, (*path, instance), "")

    def _tell(self, step: Step, name: str, path: Path, value: str | tuple[str, ...]) -> None:
        """Let expressions know an answer, or that there is an instance of a repeat."""
        if not path:
            cast(dict[str, Any], self._environment.values)[name] = value
            return
        repeated = cast(dict[str, Repeated], self._environment.repeated)
        if name not in repeated:
            repeated[name] = Repeated(self._compiled.names_of(step.chain), {}, itself=step.repeat is not None)
        repeated[name].answers[path] = value

    def _answer(self, step: Step, path: Path, environment: Environment) -> Answer:
        """The answer to a relevant question, those before it being known."""
        if step.computed is not None:
            text = self._computed(step, step.computed, path, environment)
            return step.typed(text) if text else None
        name = key(step.id, path) if path else step.id
        if step.asked and name in self._stored:
            answer = self._stored[name]
            return self._fitting(step, answer, path) if step.filter is not None or step.answers_of else answer
        if isinstance(step.default, Expression):
            text = step.default.text(self.at(step, path))
            return step.typed(text) if text else None
        return step.default

    def _computed(self, step: Step, expression: Expression, path: Path, environment: Environment) -> str:
        place, placed = key(step.name, path), self.at(step, path)
        if not step.triggers:
            return expression.text(placed)
        # Made anew only when a trigger's answer has changed: what they were is kept beside the value.
        once = environment.kept
        now = "\0".join(environment.answer(name) for name in step.triggers)
        if once.get(f"{place}/trigger", "") != now:
            once[f"{place}/trigger"] = now
            once[f"{place}/triggered"] = expression.text(placed)
        return once.get(f"{place}/triggered", "")

    def _fitting(self, step: Step, answer: Answer, path: Path) -> Answer:
        """An answer without the choices that other answers have meanwhile ruled out."""
        if isinstance(answer, tuple):
            return tuple(name for name in answer if self._offers(step, name, path)) or None
        return answer if isinstance(answer, str) and self._offers(step, answer, path) else None

    def leaves_nothing(self, step: Step, path: Path) -> bool:
        """Whether there is nothing to choose, those before it being answered as they are."""
        if step.answers_of:
            return not step.other and not any(self._offers(step, name, path) for name in self._given(step, path))
        return step.filter is not None and not any(self._offers(step, name, path) for name in (*step.codes, OTHER))

    def _given(self, step: Step, path: Path) -> list[str]:
        """What was answered to the question whose answers are the choices, each once."""
        return [*dict.fromkeys(filter(None, self._environment_at(step, path).answers(step.answers_of)))]

    def codes(self, question: Question, path: Path = ()) -> tuple[str, ...]:
        """All codes that a question may have, filtered or not."""
        step = self._compiled.by_id[question.id]
        return tuple(self._given(step, path)) if step.answers_of else step.codes

    def _offers(self, step: Step, name: str, path: Path) -> bool:
        row = step.rows.get(name)
        if step.answers_of and name in self._given(step, path):
            row = {"name": name, "label": name}
        if row is None:
            return step.other != "" and name == OTHER
        if step.filter is None:
            return True
        return step.filter.truth(self._environment_at(step, path).child(choice=row, place=key(step.name, path)))

    def at(self, step: Step, path: Path = (), dot: str = "") -> Environment:
        """What the expressions of a step see."""
        return self._environment_at(step, path).child(dot=dot, place=key(step.name, path))

    def held(self, question: Question, path: Path = ()) -> Answers:
        """What would stand in the fields of a question that is not put to them, if it were."""
        step = self._compiled.by_id[question.id]
        if key(step.id, path) in self._stored:
            return {name: self._stored.get(suffixed(name, path)) for name in (step.id, step.other)}
        if isinstance(step.default, Expression):
            return {step.id: step.typed(step.default.text(self.at(step, path)))}
        return {step.id: step.default}

    # --- what can be asked about a question ---------------------------------------------------------------------------

    def choices(self, question: Question, path: Path = ()) -> tuple[Choice, ...]:
        """The choices offered to them, in the order shown to them."""
        step = self._compiled.by_id[question.id]
        choices = step.choices
        if step.answers_of:
            choices = tuple(Choice(name=name) for name in self._given(step, path))
        offered = [choice for choice in choices if step.filter is None or self._offers(step, choice.name, path)]
        if not step.randomised:
            return tuple(offered)
        environment = self._environment_at(step, path)
        named = environment.answer(step.seed[2:-1]) if step.seed.startswith("${") else step.seed
        seed = environment.number(named) if named else _drawn(environment.seed, key(step.name, path))
        return tuple(shuffled(offered, seed))

    def read_only(self, question: Question, path: Path = ()) -> bool:
        """Whether they see the answer but cannot change it."""
        step = self._compiled.by_id[question.id]
        return step.computed is not None or self._holds(step, step.read_only, path)

    def required(self, question: Question, path: Path = ()) -> bool:
        """Whether they must answer."""
        step = self._compiled.by_id[question.id]
        return self._holds(step, step.required, path)

    def _holds(self, step: Step, condition: Expression | bool, path: Path) -> bool:
        if isinstance(condition, bool):
            return condition
        return condition.truth(self.at(step, path))

    def problem(self, question: Question, path: Path = ()) -> Problem | None:
        """What is wrong with the answer to a relevant question: `answer.required .rank.incomplete .constraint`."""
        step = self._compiled.by_id[question.id]
        answer = self.answers.get(key(question.id, path))
        if answer is None:
            missing = step.required is not False and step.answerable and self.required(question, path)
            return Problem("answer.required", {}, Place(field=question.id)) if missing else None
        if question.type is QuestionType.RANK and len(text_of(answer)) < sum(
            self._offers(step, one, path) for one in step.rows
        ):
            return Problem("answer.rank.incomplete", {}, Place(field=question.id))
        if step.constraint is None:
            return None
        value = text_of(answer)
        dot = value if isinstance(value, str) else " ".join(value)
        if step.constraint.truth(self.at(step, path, dot)):
            return None
        return Problem("answer.constraint", {}, Place(field=question.id))

    # --- pages -------------------------------------------------------------------------------------------------------

    def count(self, repeat: str, within: Path = ()) -> int:
        """How many instances a repeat has within an instance of those around it."""
        found = self.answers.get(key(repeat, within))
        return found if isinstance(found, int) else 0

    def paths(self, chain: Sequence[str], within: Path = ()) -> Iterator[Path]:
        """The instances of what stands in a chain of repeats, in order."""
        return paths(chain, self.count, within)

    def problems(self, sheet: Sheet) -> list[Problem]:
        """What is wrong with the answers that were given on a page; nothing before it was seen."""
        page, path = sheet
        shown = [question for question in page.asked if key(question.id, path) in self.seen]
        given = (question for question in shown if key(question.id, path) in self._stored)
        return [problem for question in given if (problem := self.problem(question, path)) is not None]

    def shows(self, sheet: Sheet) -> bool:
        """Whether anything on a page is put to them."""
        page, path = sheet
        if page.listing is not None:
            return key(page.listing.id, path) in self.relevant
        return any(key(question.id, path) in self.seen for question in page.asked)

    def sheets(self) -> list[Sheet]:
        """The pages that they see, in order."""
        return [sheet for sheet in self._all(self._compiled.outline, ()) if self.shows(sheet)]

    def _all(self, parts: Sequence[Part], path: Path) -> Iterator[Sheet]:
        for part in parts:
            if isinstance(part, Page):
                yield Sheet(part, path)
                continue
            for number in range(1, self.count(part.repeat.id, path) + 1):
                yield from self._all(part.parts, (*path, number))
            if part.listing is not None:
                yield Sheet(part.listing, path)

    def first_of(self, repeat: str, instance: Path) -> Sheet | None:
        """The first page that they see of an instance of a repeat."""
        depth = len(instance)
        own = (sheet for sheet in self._all(self._compiled.outline, ()) if sheet.path[:depth] == instance)
        return next((sheet for sheet in own if repeat in sheet.page.chain and self.shows(sheet)), None)

    def after(self, sheet: Sheet) -> Sheet | None:
        """The page that comes next; none after the last. An instance that somebody added leads to the list of them."""
        rest = itertools.dropwhile(lambda other: other != sheet, self._all(self._compiled.outline, ()))
        following = next((other for other in itertools.islice(rest, 1, None) if self.shows(other)), None)
        page, path = sheet
        listing = self._compiled.listings.get(page.chain[-1]) if path else None
        if listing is None or (following is not None and following.path[: len(path)] == path):
            return following
        return Sheet(listing, path[:-1])

    def unfinished(self) -> Sheet | None:
        """The first page with a question that was not put yet or whose answer is wrong; none: all can be sent."""
        return next((sheet for sheet in self.sheets() if not self._finished(sheet)), None)

    def _finished(self, sheet: Sheet) -> bool:
        page, path = sheet
        if page.listing is not None:
            return key(page.listing.id, path) in self._stored
        for question in page.asked:
            name = key(question.id, path)
            if name not in self.seen:
                continue
            new = name not in self._stored and self._compiled.by_id[question.id].open
            if new or self.problem(question, path) is not None:
                return False
        return True

    def document(self) -> Answers:
        """The answers as they are sent: those that are relevant, null where there is none."""
        kept: Answers = {}
        for step in self._compiled.answerable:
            for path in self.paths(step.chain) if step.chain else _ONCE:
                name = key(step.id, path)
                if name not in self.relevant:
                    continue
                kept[name] = self.answers.get(name)
                other = self.answers.get(suffixed(step.other, path)) if step.other else None
                if other is not None:
                    kept[suffixed(step.other, path)] = other
        return kept


def _drawn(seed: str, place: str) -> float:
    return float(int.from_bytes(hashlib.sha256(f"{seed}\0{place}".encode()).digest()[:8]) % _SEEDS)
