"""Questions whose choices, or whose being asked, depend on the answer to another: countries by the region chosen.

Everybody can read a questionnaire. Where `choice_filter` offers a country under one region only, the counts by country
add up to those by region; where `relevant` puts a question to those alone who said yes, whoever was not asked said
no. And an edition that lacks a question did not ask it: whatever else that edition lacks was not asked of the same
people. `dependencies` finds what an answer allows by evaluating the conditions, `sums` says which cells therefore add
up.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from consult.core.aggregation.cells import Sum, row_coordinate
from consult.core.aggregation.readings import AS_IT_IS, Reading
from consult.core.aggregation.tables import (
    NOT_RELEVANT,
    OTHERWISE,
    SELECTED,
    SKIPPED,
    STATUSES,
    Coordinate,
    Key,
    Kind,
    Table,
    Variable,
    choice_of,
    code,
    key,
)
from consult.core.aggregation.variables import CIRCUMSTANCES, EDITION, kind
from consult.core.expressions import Environment, Expression
from consult.core.expressions.tree import Conjunction, Node, render
from consult.core.questionnaire.answers import OTHER
from consult.core.questionnaire.definition import SELECTS, Questionnaire
from consult.core.questionnaire.steps import Compiled, Step

_ANY_DAY: Final = dt.date(2000, 1, 1)
_PAIR: Final = ":pair"
"""Keeps pairs of single categories apart from cells that tables show."""


class Dependency(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What each answer to one question allows another's to be."""

    fine: str
    """The variable that depends; for a multi-choice question one of its choices."""
    coarse: str
    """The variable that it depends on."""
    under: dict[str, tuple[str, ...]]
    """By code of the one, the codes of the other with which it can occur."""
    order: tuple[str, ...] = ()
    """Instead of these: the places of an order, of which everybody who answered has filled all, each choice once."""


# --- what a questionnaire says ---------------------------------------------------------------------------------------


def dependencies(
    questionnaires: Iterable[Questionnaire],
    variables: Iterable[Variable],
    tables: Iterable[Table],
    readings: Sequence[Reading] = (),
    numbers: Sequence[int] = (),
) -> tuple[Dependency, ...]:
    """The dependencies between variables, from the editions answered and the full one-way tables.

    Known are conditions, or parts of them joined by *and*, that one single-choice question alone decides; and, where
    several editions were answered, in which of them an answer could be given. `numbers`: those of the editions; none:
    from 1.
    """
    one_way = {table.variable: table for table in tables if not table.by}
    asked = [
        variable
        for variable in variables
        if variable.id not in CIRCUMSTANCES and not (variable.parts or variable.place or variable.coded)
    ]
    kinds = {variable.id: variable.kind for variable in asked}
    editions = _editions(questionnaires, kinds, readings)
    names = tuple(map(str, numbers or range(1, len(editions) + 1)))
    pairs = dict.fromkeys(pair for edition in editions for pair in edition.pairs())
    return (
        *(one for fine, coarse in pairs for one in _dependencies(one_way[fine], one_way[coarse], editions)),
        *(one for name in kinds for one in _by_edition(one_way[name], editions, names)),
    )


def depended_on(
    questionnaires: Iterable[Questionnaire], variables: Iterable[Variable], readings: Sequence[Reading]
) -> set[str]:
    """Ids of the variables that decide about others."""
    kinds = {variable.id: variable.kind for variable in variables if variable.id not in CIRCUMSTANCES}
    return {coarse for edition in _editions(questionnaires, kinds, readings) for _fine, coarse in edition.pairs()}


def _editions(
    questionnaires: Iterable[Questionnaire], kinds: Mapping[str, Kind], readings: Sequence[Reading]
) -> list[_Edition]:
    known = list(questionnaires)
    return [
        _Edition(Compiled(questionnaire), kinds, reading)
        for questionnaire, reading in zip(known, readings or [AS_IT_IS] * len(known), strict=True)
    ]


def _dependencies(fine: Table, coarse: Table, editions: Sequence[_Edition]) -> Iterator[Dependency]:
    everywhere = tuple(row.code for row in coarse.rows)
    under: dict[str, tuple[str, ...]] = {}
    for row in fine.rows:
        allowed = tuple(
            answer
            for answer in everywhere
            if any(edition.allows(fine.variable, row.code, coarse.variable, answer) for edition in editions)
        )
        under[row.code] = allowed or everywhere
    return _parts(fine, coarse.variable, under, everywhere)


def _by_edition(fine: Table, editions: Sequence[_Edition], everywhere: tuple[str, ...]) -> Iterator[Dependency]:
    if len(editions) == 1:
        return iter(())
    under = {
        row.code: tuple(
            number
            for number, edition in zip(everywhere, editions, strict=True)
            if edition.can_have(fine.variable, row.code)
        )
        or everywhere
        for row in fine.rows
    }
    return _parts(fine, EDITION, under, everywhere)


def _parts(
    fine: Table, coarse: str, under: Mapping[str, tuple[str, ...]], everywhere: tuple[str, ...]
) -> Iterator[Dependency]:
    parts = {fine.variable: dict(under)}
    if fine.multiple:
        # Choices overlap: each is a variable of its own, with everybody else on its other side.
        statuses = {status: under[status] for status in STATUSES}
        parts = {choice_of(fine.variable, code): {SELECTED: under[code]} for code in under if code not in statuses}
        parts = {name: {**part, OTHERWISE: everywhere} for name, part in (*parts.items(), (fine.variable, statuses))}
        if coarse == EDITION:
            chosen = {answer for code in under if code not in statuses for answer in under[code]}
            parts[fine.variable][OTHERWISE] = tuple(sorted(chosen)) or everywhere
    for name, part in parts.items():
        if any(allowed != everywhere for allowed in part.values()):
            yield Dependency(fine=name, coarse=coarse, under=part)


class _Edition:
    """The conditions of one edition of a questionnaire, each with the question that decides it, by variable."""

    def __init__(self, compiled: Compiled, kinds: Mapping[str, Kind], reading: Reading) -> None:
        self._compiled, self._reading = compiled, reading
        self._steps = {
            name: step
            for step in compiled.answerable
            if (name := reading.variable(step.id)) in kinds and step.question and kind(step.question) is kinds[name]
        }
        self._single = {step.name: name for name, step in self._steps.items() if kinds[name] is Kind.SINGLE}
        self._relevance = {name: list(self._conditions(step)) for name, step in self._steps.items()}
        self._filters = {name: list(_conjuncts(step.filter)) for name, step in self._steps.items() if not step.computed}

    def _conditions(self, step: Step) -> Iterator[Expression]:
        """All that must be true for a question to be put: its own condition and those of the groups around it."""
        yield from _conjuncts(step.relevant)
        if step.parent:
            yield from self._conditions(self._compiled.by_id[step.parent])

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Ids of questions, each with one that it depends on."""
        for name, step in self._steps.items():
            for condition in (*self._relevance[name], *self._filters.get(name, ())):
                decides = self._decider(step, condition)
                if decides in self._single and self._steps[self._single[decides]].around(step.chain):
                    yield name, self._single[decides]

    @staticmethod
    def _decider(step: Step, condition: Expression) -> str:
        """What decides a condition; nothing where it looks at other entries of a repeat than the own one."""
        return "" if step.chain and condition.across else _decides(condition)

    def can_have(self, variable: str, row: str) -> bool:
        """Whether whoever answered this edition can stand in a row."""
        step = self._steps.get(variable)
        if step is None or row == NOT_RELEVANT:
            return row == NOT_RELEVANT and (step is None or bool(self._relevance[variable]))
        if row == SKIPPED or step.question is None or step.question.type not in SELECTS:
            return True
        return any(self._offered(step, own) for own in self._reading.counted_as(step.id, row))

    def allows(self, fine: str, row: str, coarse: str, answer: str) -> bool:
        """Whether the code of one variable can occur together with that of another."""
        step, other = self._steps.get(fine), self._steps.get(coarse)
        if step is None or other is None:
            return (row if step is None else answer) == NOT_RELEVANT
        return any(
            self._together(fine, step, own, other, answered)
            for own in self._reading.counted_as(step.id, row)
            for answered in self._reading.counted_as(other.id, answer)
        )

    def _together(self, fine: str, step: Step, row: str, other: Step, answer: str) -> bool:
        names = {code(name): name for name in other.codes}
        value = "" if answer in STATUSES else names.get(answer, answer)
        env = Environment(values={other.name: value}, today=_ANY_DAY, lists=self._compiled.rows)
        deciding = [one for one in self._relevance[fine] if self._decider(step, one) == other.name]
        put = all(condition.truth(env) for condition in deciding)
        if row == NOT_RELEVANT:
            return not put or len(deciding) < len(self._relevance[fine])
        return put and (row == SKIPPED or self._offers(step, row, other.name, env))

    def _offers(self, step: Step, row: str, other: str, env: Environment) -> bool:
        if step.question is None or step.question.type not in SELECTS:
            return True
        columns = next((columns for name, columns in step.rows.items() if code(name) == row), None)
        if columns is None:
            return self._offered(step, row)
        offered = env.child(choice=columns)
        filters = self._filters.get(self._reading.variable(step.id), ())
        return all(part.truth(offered) for part in filters if self._decider(step, part) == other)

    @staticmethod
    def _offered(step: Step, row: str) -> bool:
        return row in map(code, step.rows) or (row == OTHER and step.other != "")


def _conjuncts(condition: Expression | None) -> Iterator[Expression]:
    """A condition as the parts that must all be true."""
    if condition is not None:
        items: tuple[Node, ...] = (condition.tree,)
        if isinstance(condition.tree, Conjunction):
            items = condition.tree.items
        yield from (Expression(render(item), item) for item in items)


def _decides(condition: Expression) -> str:
    """The name of the one question that decides a condition; empty where it takes more than one, or chance."""
    alone = len(condition.names) == 1 and not condition.labelled and not condition.volatile
    return next(iter(condition.names)) if alone else ""


# --- what adds up ----------------------------------------------------------------------------------------------------

_Members = Mapping[str, tuple[str, ...]]
"""Codes of a variable, each with the categories that stand together in it."""


class _Crossed:
    """The cells of all crossed tables, by variable."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self.cells: list[tuple[Coordinate, Coordinate]] = []
        self.members: dict[Coordinate, tuple[str, ...]] = {}
        self.beside: dict[str, dict[Coordinate, dict[str, tuple[str, ...]]]] = defaultdict(lambda: defaultdict(dict))
        """By variable, and by the group that it is broken down by."""
        self._overlapping: set[str] = set()
        for table in tables:
            if table.by and not table.withheld:
                self._take(table)

    def _take(self, table: Table) -> None:
        if table.multiple:
            self._overlapping.add(table.variable)
        for row in table.rows:
            place = row_coordinate(table, row.code)
            self.members[place] = table.pooled_rows.get(row.code, (place[1],))
            for name in table.groups:
                group = table.by, name
                self.members[group] = table.pooled_groups.get(name, (name,))
                self.cells.append((place, group))
                self.beside[place[0]][group][place[1]] = self.members[place]
                self.beside[group[0]][place][group[1]] = self.members[group]

    def divisions(self, one: str, other: str) -> Iterator[tuple[list[Coordinate], bool]]:
        """The groups by which two variables are both broken down; and whether these are everybody, each once."""
        sides = (one,) if other == EDITION else (one, other)
        names = [{place[0] for place in self.beside[side]} for side in sides]
        for name in sorted(set.intersection(*names)):
            groups = sorted({place for side in sides for place in self.beside[side] if place[0] == name})
            categories = [member for group in groups for member in self.members[group]]
            once = len(categories) == len(set(categories))
            yield groups, once and name.split("/")[0] not in self._overlapping


def sums(known: Sequence[Dependency], tables: Iterable[Table]) -> Iterator[Sum]:
    """Every sum that dependencies add to those of the tables.

    Within everybody, and within each category by which both variables of a dependency are broken down, the categories
    of either are made of the pairs of categories that can occur.
    """
    found = list(tables)
    crossed = _Crossed(found)
    for order in (one.order for one in known if one.order):
        yield from _in_order(order, found, crossed)
    known = [one for one in known if not one.order]
    for one in known:
        fine, coarse = crossed.beside[one.fine], crossed.beside[one.coarse]
        answers: _Members = {answer: (answer,) for allowed in one.under.values() for answer in allowed}
        yield from _made_of_pairs(one, (), {row: (row,) for row in one.under}, answers)
        for groups, whole in crossed.divisions(one.fine, one.coarse):
            for group in groups:
                beside = answers if one.coarse == EDITION else coarse.get(group, {})
                yield from _made_of_pairs(one, (group,), fine.get(group, {}), beside)
            if whole:
                pairs = [tuple(_pairs(one, one.under, answers, within)) for within in ((), *((g,) for g in groups))]
                yield from ((pair, tuple(parts)) for pair, *parts in zip(*pairs, strict=True))
        for sides in crossed.cells:
            for row, answer in (sides, sides[::-1]):
                if (row[0], answer[0]) == (one.fine, one.coarse):
                    pairs_of = _pairs(one, crossed.members[row], crossed.members[answer], ())
                    yield key(row, answer), tuple(pairs_of)
    yield from _settled_by_one(known, crossed)


def _in_order(order: tuple[str, ...], tables: Iterable[Table], crossed: _Crossed) -> Iterator[Sum]:
    """Each choice has one place with everybody who answered: in all, and in every group of all places.

    What stands together in a table of some place consists of the categories that it names.
    """
    first = order[0]
    one_way = [table for table in tables if table.variable in order and not table.by]
    codes = dict.fromkeys(row.code for table in one_way for row in table.rows)
    for group in (None, *dict.fromkeys(group for name in order for group in crossed.beside[name])):
        side = (group,) if group else ()
        for name in order:
            for pool in crossed.beside[name].get(group, {}) if group else ():
                if members := [one for one in crossed.members[name, pool] if (name, one) != (name, pool)]:
                    yield key((name, pool), *side), tuple(key((name, one), *side) for one in members)
        for status in STATUSES:
            yield from ((key((first, status), *side), (key((name, status), *side),)) for name in order[1:])
        missing = tuple(key((first, status), *side) for status in STATUSES)
        for chosen in (one for one in codes if one not in STATUSES):
            yield key(*side), (*(key((name, chosen), *side) for name in order), *missing)


def _settled_by_one(known: Iterable[Dependency], crossed: _Crossed) -> Iterator[Sum]:
    """The cells of two variables that a third settles both, as categories of the third."""
    settled: dict[str, dict[str, Mapping[str, tuple[str, ...]]]] = defaultdict(dict)
    for one in known:
        if all(len(allowed) == 1 for allowed in one.under.values()):
            settled[one.fine][one.coarse] = one.under
    for fine, coarse in settled.items():
        for row, group in crossed.cells:
            if row[0] in coarse and group[0] in coarse:
                yield (
                    key(row, group),
                    tuple(
                        key((fine, code))
                        for code, (answer,) in coarse[row[0]].items()
                        if answer in crossed.members[row] and coarse[group[0]][code][0] in crossed.members[group]
                    ),
                )


def _made_of_pairs(one: Dependency, within: tuple[Coordinate, ...], fine: _Members, coarse: _Members) -> Iterator[Sum]:
    everywhere = dict.fromkeys(answer for allowed in one.under.values() for answer in allowed)
    for name, members in fine.items():
        yield key((one.fine, name), *within), tuple(_pairs(one, members, everywhere, within))
    for name, members in coarse.items():
        yield key((one.coarse, name), *within), tuple(_pairs(one, one.under, members, within))


def _pairs(
    one: Dependency, rows: Iterable[str], answers: Collection[str], within: tuple[Coordinate, ...]
) -> Iterator[Key]:
    """The pairs of categories that can occur together; what occurs with one answer alone is such a pair itself."""
    for row in rows:
        allowed = one.under.get(row, ())
        for answer in allowed:
            if answer in answers:
                pair = ((one.coarse, answer), (_PAIR, "")) if len(allowed) > 1 else ()
                yield key((one.fine, row), *pair, *within)
