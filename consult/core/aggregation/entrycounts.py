"""Which question says how many entries of a repeat there are to be, as everybody can read in a questionnaire."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from consult.core.aggregation.readings import Reading
from consult.core.aggregation.tables import STATUSES, Category, Kind, Span, Variable, code
from consult.core.expressions import Environment, Expression
from consult.core.expressions.tree import Reference
from consult.core.questionnaire.definition import Questionnaire
from consult.core.questionnaire.instances import MOST
from consult.core.questionnaire.steps import Compiled, Step

_ANY_DAY: Final = dt.date(2000, 1, 1)
_ANY: Final = Span(0, MOST)


class UnaccountableError(ValueError):
    """Several answers say together how many entries there are, or in a way that nothing can be reckoned with."""


class Count(NamedTuple):
    """A variable that says how many entries each respondent has."""

    variable: Variable
    each: Mapping[str, Span]
    """By answer, between which numbers that is."""


def counting(
    repeat: str, questionnaires: Sequence[Questionnaire], readings: Sequence[Reading], variables: Iterable[Variable]
) -> Count | None:
    """The variable that says how many entries a repeat has, over all editions; none where no variable does.

    `variables`: those of which tables are shown, with their bins. Raises `UnaccountableError`.
    """
    known = {variable.id: variable for variable in variables if variable.kind is not Kind.TEXT}
    found = [
        _in_edition(repeat, Compiled(questionnaire), reading, known)
        for questionnaire, reading in zip(questionnaires, readings, strict=True)
    ]
    counts = [one for one in found if isinstance(one, Count)]
    if not counts:
        return None
    if len({one.variable.id for one in counts}) > 1:
        raise UnaccountableError(repeat)
    others = [_ANY] if None in found else []  # editions in which participants say it by adding entries
    each = {answer: _hull([*(one.each[answer] for one in counts), *others]) for answer in counts[0].each}
    return Count(counts[0].variable, each)


def _in_edition(repeat: str, compiled: Compiled, reading: Reading, known: Mapping[str, Variable]) -> Count | None:
    step = compiled.by_id.get(repeat)
    if step is None or step.count is None:
        return None
    shown, plain = _shown(step.count, compiled, reading, known)
    nested = bool(step.chain and step.count.names)  # the answers of an entry around it may say it
    if not shown and not nested:
        return None
    if nested or len(shown) > 1 or not plain or step.count.volatile:
        raise UnaccountableError(repeat)
    name = next(iter(shown))
    variable = known[shown[name]]
    each = dict(_each(step.count, compiled.by_name[name], reading, variable, compiled))
    if _conditional(step, compiled):
        each = {answer: Span(0, span.most) for answer, span in each.items()}
    return Count(variable, each)


def _shown(
    expression: Expression, compiled: Compiled, reading: Reading, known: Mapping[str, Variable]
) -> tuple[dict[str, str], bool]:
    """The names on which it depends that are tabulated, with their variables; and whether it names these itself."""
    shown: dict[str, str] = {}
    left, seen = list(expression.names), set[str]()
    while left:
        name = left.pop()
        step = compiled.by_name.get(name)
        if step is None or name in seen:
            continue
        seen.add(name)
        if (variable := reading.variable(step.id)) in known:
            shown[name] = variable
        else:
            left += step.names()
    return shown, set(shown) == expression.names


def _each(
    expression: Expression, step: Step, reading: Reading, variable: Variable, compiled: Compiled
) -> Iterator[tuple[str, Span]]:
    def entries(value: str) -> int:
        env = Environment(values={step.name: value}, today=_ANY_DAY, lists=compiled.rows)
        number = expression.number(env)
        return 0 if math.isnan(number) else int(min(max(number, 0), MOST))

    for status in STATUSES:
        yield status, Span(entries(""), entries(""))
    if variable.kind is Kind.NUMBER and variable.whole and isinstance(expression.tree, Reference):
        for category in variable.categories:
            yield category.code, _of_numbers(category)
    elif variable.kind is Kind.SINGLE:
        names = {code(name): name for name in step.codes}
        for wanted in variable.codes():
            own = [entries(names.get(one, one)) for one in reading.counted_as(step.id, wanted)]
            yield wanted, Span(min(own), max(own))
    else:
        raise UnaccountableError(step.name)


def _of_numbers(category: Category) -> Span:
    least = 0 if category.lower is None else math.ceil(category.lower)
    most = MOST if category.upper is None else math.ceil(category.upper) - 1
    return Span(min(max(least, 0), MOST), min(max(most, 0), MOST))


def _conditional(step: Step, compiled: Compiled) -> bool:
    """Whether a repeat is not put to some, whatever they have said."""
    while step.relevant is None and step.parent:
        step = compiled.by_id[step.parent]
    return step.relevant is not None


def _hull(spans: Sequence[Span]) -> Span:
    return Span(min(span.least for span in spans), max(span.most or 0 for span in spans))
