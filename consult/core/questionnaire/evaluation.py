"""What is put to one participant and with which answers: decided step by step, each after those it depends on.

Decided is what somebody asks about, and nothing else: a page of a long questionnaire needs little of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import msgspec

from consult.core.expressions import Environment, Expression, shuffled
from consult.core.expressions.environment import Path, Repeated
from consult.core.questionnaire.answers import OTHER, Answer, Answers, text_of
from consult.core.questionnaire.definition import Choice, Question
from consult.core.questionnaire.instances import MOST, MOST_IN_ALL, how_many, key, paths, suffixed
from consult.core.questionnaire.steps import Compiled, Needed, Step

_SEEDS: Final = 2**31 - 1
ONCE: Final[tuple[Path, ...]] = ((),)
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


class Evaluation:
    """One participant's answers as the questionnaire sees them. Keys are those of `instances.key`."""

    __slots__ = (
        *("_compiled", "_environment", "_instances", "_known", "_plain", "_stored", "_within"),
        *("answers", "instances", "relevant", "seen"),
    )

    def __init__(self, compiled: Compiled, stored: Mapping[str, Answer], environment: Environment) -> None:
        self._compiled = compiled
        self._plain = compiled.plain
        self._stored = stored
        self._environment = environment
        self._known: set[str] = set()
        self._instances: dict[tuple[str, ...], tuple[Path, ...]] = {}
        self._within: dict[tuple[tuple[str, ...], Path], Environment] = {}
        self.instances = 0
        """How many instances all repeats have together."""
        self.relevant: set[str] = set()
        """Keys of the groups, repeats and questions that are put to them, as far as that is decided."""
        self.seen: set[str] = set()
        """Those that they see: without questions of whose choices the filter leaves none."""
        self.answers: Answers = {}
        """Their answers to those, with calculations, hidden values and the defaults of what they have not seen yet; for
        a repeat how many instances it has."""

    # --- how it comes about ------------------------------------------------------------------------------------------

    def know(self, needed: Needed, path: Path = ()) -> None:
        """Decide about what is needed, in an instance that there is where that suffices."""
        known = self._known
        for step, everywhere in needed:
            name = step.id
            if name in known:
                continue
            if not step.chain:
                known.add(name)
                self._put(step, name, ())
            elif everywhere:
                known.add(name)
                for place in self._places(step.chain):
                    if (one := key(name, place)) not in known:
                        self._put(step, one, place)
            else:
                place = path[: len(step.chain)]
                if (one := key(name, place)) not in known:
                    known.add(one)
                    self._put(step, one, place)

    def decided(self, step: Step, path: Path) -> str:
        """The key of a step in an instance that there is, about which is decided now if it was not before."""
        name = key(step.id, path[: len(step.chain)])
        if name not in self._known and step.id not in self._known:
            self.know(self._compiled.needs(step), path)
        return name

    def _places(self, chain: tuple[str, ...]) -> tuple[Path, ...]:
        """The instances of what stands in a chain of repeats, about which is decided."""
        if chain not in self._instances:
            self._instances[chain] = tuple(self.paths(chain))
        return self._instances[chain]

    def _know_names(self, step: Step, expression: Expression, path: Path) -> None:
        """Decide about what an expression of a step speaks of that plays no part in whether something is put."""
        for name in expression.names:
            named = self._compiled.named(name)
            if named is not None:
                everywhere = name in expression.across or not named.around(step.chain)
                self.know(self._compiled.needs(named, everywhere=everywhere), path)

    def _put(self, step: Step, name: str, path: Path) -> None:
        """Decide whether something is put to them, and with which answer, all before it being decided."""
        if step.parent and (key(step.parent, path[: step.within]) if path else step.parent) not in self.relevant:
            return
        if step.id in self._plain:
            self.relevant.add(name)
            self.seen.add(name)
            self.answers[name] = self._stored.get(name)
            return
        environment = self._environment_at(step, path) if path else self._environment
        if step.relevant is not None and not step.relevant.truth(self._placed(step, step.relevant, environment, path)):
            return
        self.relevant.add(name)
        if step.repeat is not None:
            self._count(step, path, environment)
        if (step.filter is None and not step.answers_of) or not self.leaves_nothing(step, path):
            self.seen.add(name)
        if step.question is None:
            return
        self.answers[name] = answer = self._answer(step, name, path, environment)
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

    def _answer(self, step: Step, name: str, path: Path, environment: Environment) -> Answer:
        """The answer to a relevant question, those before it being known."""
        if step.computed is not None:
            text = self._computed(step, step.computed, path, environment)
            return step.typed(text) if text else None
        if step.asked and name in self._stored:
            answer = self._stored[name]
            return self._fitting(step, answer, path) if step.filter is not None or step.answers_of else answer
        if isinstance(step.default, Expression):
            text = step.default.text(self._placed(step, step.default, environment, path))
            return step.typed(text) if text else None
        return step.default

    def _computed(self, step: Step, expression: Expression, path: Path, environment: Environment) -> str:
        placed = self._placed(step, expression, environment, path)
        if not step.triggers:
            return expression.text(placed)
        place = key(step.name, path)
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
            given = self._given(step, path)
            fitting = given if step.filter is None else [name for name in given if self._offers(step, name, path)]
            return not step.other and not fitting
        if step.settled is not None:
            return not step.settled and not step.other
        if step.filter is None:
            return False
        different = (*(codes[0] for codes in step.alike), OTHER)
        return not any(self._offers(step, name, path) for name in different)

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
        if step.settled is not None:
            return name in step.settled
        placed = self._placed(step, step.filter, self._environment_at(step, path), path)
        return step.filter.truth(msgspec.structs.replace(placed, choice=row))

    def _left(self, step: Step, path: Path) -> set[str]:
        """The codes of a list that a filter leaves."""
        left = (codes for codes in step.alike if self._offers(step, codes[0], path))
        return {name for codes in left for name in codes}

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
        offered = step.offered()
        if step.answers_of:
            given = self._given(step, path)
            offered = tuple(
                Choice(name=name) for name in given if step.filter is None or self._offers(step, name, path)
            )
        elif step.filter is not None and step.settled is None:
            left = self._left(step, path)
            offered = tuple(choice for choice in offered if choice.name in left)
        if not step.randomised:
            return offered
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
        self._know_names(step, condition, path)
        return condition.truth(self.at(step, path))

    def count(self, repeat: str, within: Path = ()) -> int:
        """How many instances a repeat has within an instance of those around it."""
        self.decided(self._compiled.by_id[repeat], within)
        found = self.answers.get(key(repeat, within))
        return found if isinstance(found, int) else 0

    def paths(self, chain: Sequence[str], within: Path = ()) -> Iterator[Path]:
        """The instances of what stands in a chain of repeats, in order."""
        return paths(chain, self.count, within)


def _drawn(seed: str, place: str) -> float:
    return float(int.from_bytes(hashlib.sha256(f"{seed}\0{place}".encode()).digest()[:8]) % _SEEDS)
