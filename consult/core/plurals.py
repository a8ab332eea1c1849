"""Plural rules: which form of a text belongs to a whole number.

A rule names for each category but `other` a condition in the syntax of CLDR (Unicode Technical Standard 35, part 3,
“Language Plural Rules”), in its older form with words as well: `one: i = 0 or n = 1`. What is counted here is whole, so
that `n` and `i` are the number and the operands of fractions (`v w f t c e`) are 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

from consult.core.errors import Parameter, Problem, Refused

_Read = TypeVar("_Read")

OTHER: Final = "other"
CATEGORIES: Final = ("zero", "one", "two", "few", "many", OTHER)
"""In the order in which forms are shown."""
LONGEST: Final = 2_000
"""Characters that a rule may have."""
_SAMPLES: Final = (*range(201), 1_000, 1_000_000)
"""Numbers by which it is told which categories a rule has: rules look at the last two digits, or at round numbers."""
_TOKEN: Final = re.compile(r"\s*(?:(\d{1,9}(?!\d))|(\.\.|!=|[=%,])|([a-z]+))")
_WORDS: Final = {"mod": "%"}
_FORMS: Final = {("=",): False, ("!=",): True, ("is",): False, ("is", "not"): True, ("in",): False, ("not", "in"): True}
"""How a relation can be written, and whether it denies."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Whether an operand, or what is left of it, is one of some numbers."""

    whole: bool
    """Whether the operand is the number; else it is 0."""
    modulo: int
    """0: nothing is divided."""
    ranges: tuple[tuple[int, int], ...]
    denied: bool

    def holds(self, number: int) -> bool:
        """Whether it is so for a number."""
        value = number if self.whole else 0
        if self.modulo:
            value %= self.modulo
        return any(first <= value <= last for first, last in self.ranges) != self.denied


Condition = tuple[tuple[Relation, ...], ...]
"""Alternatives, in each of which all relations hold."""


@dataclass(frozen=True)
class PluralRule:
    """The conditions of a language's categories, in the order in which they are tried."""

    conditions: Mapping[str, Condition] = field(default_factory=dict)

    def category(self, number: int) -> str:
        """The category of a number from 0 upwards."""
        for name, condition in self.conditions.items():
            if any(all(relation.holds(number) for relation in relations) for relations in condition):
                return name
        return OTHER

    @cached_property
    def examples(self) -> Mapping[str, tuple[int, ...]]:
        """The categories that whole numbers have, each with the numbers by which it was told."""
        found: dict[str, list[int]] = {name: [] for name in CATEGORIES}
        for number in _SAMPLES:
            found[self.category(number)].append(number)
        return {name: tuple(numbers) for name, numbers in found.items() if numbers}


def parse(text: str) -> PluralRule:
    """A rule as it is typed: a line, or a piece between semicolons, for each category; CLDR's samples are passed over.

    Refuses, with the line: `plural.line` (it is no “category: condition”), `plural.category` (there is none of that
    name, or `other` has a condition), `plural.twice`, `plural.condition` (it cannot be read), `plural.never` (no number
    is in that category); and `plural.long` as a whole.
    """
    if len(text) > LONGEST:
        raise Refused.because("plural.long", longest=LONGEST)
    found: dict[str, Condition] = {}
    for line in filter(None, (piece.strip() for piece in re.split(r"[;\n]", text))):
        name, colon, condition = line.partition(":")
        name, condition = name.strip(), condition.partition("@")[0].strip()
        if not colon:
            raise _refused("plural.line", line)
        if name == OTHER and not condition:
            continue
        if name not in CATEGORIES[:-1]:
            raise _refused("plural.category", line, name=name)
        if name in found:
            raise _refused("plural.twice", line, name=name)
        found[name] = _condition(condition, line)
    rule = PluralRule(found)
    for name in found:
        if name not in rule.examples:
            raise _refused("plural.never", name, name=name)
    return rule


def known(conditions: Mapping[str, str]) -> PluralRule:
    """A rule as CLDR has it; categories that only fractions have are left out."""
    rule = PluralRule({name: _condition(condition, name) for name, condition in conditions.items() if name != OTHER})
    return PluralRule({name: found for name, found in rule.conditions.items() if name in rule.examples})


def _refused(code: str, line: str, **params: Parameter) -> Refused:
    return Refused(Problem(code, {"line": line[:80], **params}))


def _condition(text: str, line: str) -> Condition:
    try:
        return tuple(_Reading(text).alternatives())
    except ValueError:
        raise _refused("plural.condition", line) from None


class _Reading:
    """A condition that is being read; `ValueError` where it cannot be."""

    def __init__(self, text: str) -> None:
        self.tokens = [*_tokens(text), ""]
        self.place = 0

    def alternatives(self) -> Iterator[tuple[Relation, ...]]:
        """Relations with `and` and `or` between them."""
        yield tuple(self._several("and", self._relation))
        while self._took("or"):
            yield tuple(self._several("and", self._relation))
        if self._next():
            raise ValueError

    def _several(self, between: str, read: Callable[[], _Read]) -> Iterator[_Read]:
        yield read()
        while self._took(between):
            yield read()

    def _relation(self) -> Relation:
        operand = self._take()
        if operand not in tuple("nivwftce"):
            raise ValueError
        modulo = self._number() if self._took("%") else 0
        form = [self._take()]
        if form[0] == "not" or (form[0] == "is" and self._next() == "not"):
            form.append(self._take())
        denied = _FORMS.get(tuple(form))
        if denied is None:
            raise ValueError
        return Relation(operand in ("n", "i"), modulo, tuple(self._several(",", self._range)), denied)

    def _range(self) -> tuple[int, int]:
        first = self._number()
        return first, self._number() if self._took("..") else first

    def _number(self) -> int:
        return int(self._take())

    def _next(self) -> str:
        return self.tokens[self.place]

    def _take(self) -> str:
        found = self._next()
        if not found:
            raise ValueError
        self.place += 1
        return found

    def _took(self, token: str) -> bool:
        if self._next() != token:
            return False
        self.place += 1
        return True


def _tokens(text: str) -> Iterator[str]:
    place = 0
    while place < len(text.rstrip()):
        found = _TOKEN.match(text, place)
        if found is None:
            raise ValueError(text)
        token = next(filter(None, found.groups()))
        yield _WORDS.get(token, token)
        place = found.end()
