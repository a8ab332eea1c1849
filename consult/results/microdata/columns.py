"""The columns of a file of records, and blocks of records as codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from consult.core.aggregation.tables import NOT_RELEVANT, SELECTED, SKIPPED, UNSELECTED, Kind, Variable
from consult.results.microdata.names import names

if TYPE_CHECKING:
    import numpy as np

MEASURED: Final = (Kind.NUMBER, Kind.DATE)
"""Kinds of variables that can leave in groups or as they were given."""
SKIPPED_AT: Final = -1
NOT_ASKED_AT: Final = -2
BLANKED_AT: Final = -3
MISSING: Final = (SKIPPED_AT, NOT_ASKED_AT, BLANKED_AT)
"""What stands in a block where there is no answer."""
BLANKED: Final = ":blanked"
STATUS: Final[Mapping[int, str]] = {SKIPPED_AT: SKIPPED, NOT_ASKED_AT: NOT_RELEVANT, BLANKED_AT: BLANKED}
"""The same in a CSV."""
_WHOLE: Final = re.compile(r"0|-?[1-9]\d{0,8}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: codes, or numbers or dates as they were given."""

    name: str
    variable: Variable
    choice: str = ""
    """For multi-choice questions: the choice of which it tells whether it was taken."""
    codes: tuple[str, ...] = ()
    """Empty for numbers and dates that leave as they were given."""

    @property
    def coded(self) -> bool:
        """Whether it holds codes."""
        return bool(self.codes) or self.variable.kind not in MEASURED

    @property
    def values(self) -> tuple[int, ...]:
        """The numbers by which SPSS and Stata know the codes: the codes themselves where all are whole numbers."""
        if self.choice:
            return (0, 1)
        if self.codes and all(_WHOLE.fullmatch(code) for code in self.codes):
            return tuple(map(int, self.codes))
        return tuple(range(1, len(self.codes) + 1))


class Block(NamedTuple):
    """Some records. By name of the column: the place of the answer among the codes (0 for a number), negative where
    there is none; and the numbers (days since 1970 for dates), meaningless where there is none."""

    codes: Mapping[str, np.ndarray[Any, Any]]
    numbers: Mapping[str, np.ndarray[Any, Any]]

    @property
    def rows(self) -> int:
        """How many records."""
        return len(next(iter(self.codes.values()), ()))


def columns(variables: Iterable[Variable]) -> tuple[Column, ...]:
    """The columns of variables: one for each choice of a multi-choice question, else one each."""
    made = [column for variable in variables for column in _of(variable)]
    found = names(f"{one.variable.name}_{one.choice}" if one.choice else one.variable.name for one in made)
    return tuple(replace(column, name=name) for column, name in zip(made, found, strict=True))


def _of(variable: Variable) -> Iterator[Column]:
    if variable.kind is Kind.MULTIPLE:
        for code in variable.codes():
            yield Column("", variable, choice=code, codes=(UNSELECTED, SELECTED))
    else:
        yield Column("", variable, codes=variable.codes())


def named(found: Sequence[Column], variable: str) -> Iterator[Column]:
    """The columns of a variable."""
    return (column for column in found if column.variable.id == variable)
