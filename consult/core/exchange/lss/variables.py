"""What ExpressionScript calls the answers of a survey, and where the same answers are here.

LimeSurvey has a variable per cell: `Q`, `Q_SQ001`, `Q_Y1_X2`, `Q_SQ001comment`, `Q_other`; each has a second name of
numbers (`282267X5X47SQ001`). A tick of a multiple choice is a variable there and one of several codes here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from consult.core.exchange.lss.script import Lost
from consult.core.expressions.tree import Call, Node, Number, Reference, Text
from consult.core.questionnaire.answers import OTHER


class Kind(StrEnum):
    """What a variable holds."""

    NUMBER = "number"
    TEXT = "text"
    CODE = "code"
    """A code of a list of choices."""
    TICK = "tick"
    """`on` where a choice is among those that were chosen, else nothing."""
    PLACE = "place"
    """The code at some place of a ranking."""
    OTHER = "other"
    """The words for “other”: whether there are any is known, not what they are."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One answer."""

    kind: Kind
    question: str
    """Name of the question here."""
    code: str = ""
    """Of a tick: the choice."""
    on: str = "Y"
    """Of a tick: what LimeSurvey has for it."""
    place: int = 0
    """Of a ranking: the place, from 0."""
    with_other: bool = False
    """Whether it can be another answer than those offered."""
    labels: bool = False
    """Whether its value is a code with a label."""
    hidden: bool = False
    """Whether it is never asked: labels of such an answer cannot be had."""

    def ticked(self) -> Node:
        """Whether the choice was made; of other: whether there is another answer."""
        return Call("selected", (Reference(self.question), Text(self.code or OTHER)))

    def value(self) -> Node:
        """Its value. Raises `Lost` for the words of other."""
        match self.kind:
            case Kind.TICK:
                return Call("if", (self.ticked(), Text(self.on), Text("")))
            case Kind.PLACE:
                return Call("selected-at", (Reference(self.question), Number(float(self.place))))
            case Kind.OTHER:
                raise Lost(self.question)
        return Reference(self.question)

    def shown(self) -> Node:
        """What stands on the page for it: the label of a code."""
        if self.hidden and self.labels:
            raise Lost(self.question)
        if self.kind is Kind.TICK:
            label = Call("jr:choice-name", (Text(self.code), Text(f"${{{self.question}}}")))
            return Call("if", (self.ticked(), label, Text("")))
        value = self.value()
        return Call("jr:choice-name", (value, Text(f"${{{self.question}}}"))) if self.labels else value


@dataclass(frozen=True, slots=True)
class Own:
    """The question, and the cell of it, whose expression is translated: what `self` and `this` are."""

    code: str = ""
    suffix: str = ""


NOBODY: Final = Own()
_ABOUT: Final = frozenset({"NAOK", "code", "shown", "value", "valueNAOK"})
_LISTED: Final = frozenset({"nocomments", "comments"})


@dataclass(slots=True)
class Variables:
    """The variables of a survey."""

    _named: dict[str, Variable] = field(default_factory=dict)
    _numbered: dict[str, Variable] = field(default_factory=dict)
    _cells: dict[str, dict[str, Variable]] = field(default_factory=dict)
    """By code of the question: its variables by what follows the code and `_`."""

    def add(self, code: str, suffix: str, number: str, variable: Variable) -> None:
        """A variable by code and suffix, and by its name of numbers; the first of a name stays."""
        self._named.setdefault(f"{code}_{suffix}" if suffix else code, variable)
        self._numbered.setdefault(number, variable)
        self._cells.setdefault(code, {}).setdefault(suffix, variable)

    def find(self, written: str, own: Own) -> tuple[Variable, str]:
        """The one variable that a name stands for and what is asked about it (`shown`, else nothing)."""
        found, about = self.several(written, own)
        if len(found) != 1:
            raise Lost(written)
        return found[0], about

    def several(self, written: str, own: Own) -> tuple[list[Variable], str]:
        """All variables that a name stands for: several for `self`, `that.Q` and parts of them. Raises `Lost`."""
        head, *rest = written.removeprefix("INSERTANS:").split(".")
        if head in ("self", "that", "this"):
            code = own.code if head != "that" else (rest.pop(0) if rest else "")
            cells = self._cells.get(code, {})
            if head == "this":
                cells = {own.suffix: cells[own.suffix]} if own.suffix in cells else {}
            found = [cells[suffix] for suffix in _chosen(list(cells), [word for word in rest if word not in _ABOUT])]
        else:
            variable = self._named.get(head) or self._numbered.get(head)
            found = [variable] if variable else []
        about = [word for word in rest if word not in _LISTED and not word.startswith("sq_")]
        if not found or any(word not in _ABOUT for word in about) or len(about) > 1:
            raise Lost(written)
        asked = about[0] if about else ""
        if asked.startswith("value") and any(each.kind is not Kind.NUMBER for each in found):
            raise Lost(written)  # there the weight of an answer option, which has no place here
        return found, "shown" if asked == "shown" else ""

    def cells(self, code: str) -> dict[str, Variable]:
        """The variables of a question by what follows its code."""
        return self._cells.get(code, {})


def _chosen(suffixes: list[str], words: list[str]) -> Iterator[str]:
    """The suffixes that `sq_…`, `nocomments` and `comments` leave."""
    patterns = [word.removeprefix("sq_") for word in words if word.startswith("sq_")]
    for suffix in suffixes:
        comment = suffix.endswith("comment")
        if ("nocomments" in words and comment) or ("comments" in words and not comment):
            continue
        parts = suffix.removesuffix("comment")
        if all(parts == each or parts.startswith(f"{each}_") or parts.endswith(f"_{each}") for each in patterns):
            yield suffix
