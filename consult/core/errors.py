"""Errors are codes with parameters; the web layer and the command line choose the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Parameter = str | int | float


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an outside shape something is wrong: a sheet's cell, or a field of a form."""

    sheet: str = ""
    row: int | None = None
    """Row as a spreadsheet counts it, from 1."""
    column: str = ""
    """Header of the column."""
    field: str = ""
    """Name of the form field or id of the question."""


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a code such as `xlsform.type.unknown`, parameters for the sentence, the place.

    Every code has a sentence in `consult/web/messages/`; a test keeps the two equal.
    """

    code: str
    params: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    place: Place = NOWHERE


class Refused(Exception):  # noqa: N818  # it says no, it does not fail
    """Something was asked that cannot be done; carries every problem found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems: tuple[Problem, ...] = problems

    @classmethod
    def because(cls, code: str, /, **params: Parameter) -> Refused:
        """Refusal for a single reason without a place."""
        return cls(Problem(code, params))


def refuse_if_any(problems: Iterable[Problem]) -> None:
    """Raise `Refused` with all of them where there are any."""
    found = tuple(problems)
    if found:
        raise Refused(*found)
