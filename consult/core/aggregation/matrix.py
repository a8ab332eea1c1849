"""Institution × item: what institutions have signed, in full, beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from consult.core.aggregation.readings import Reading
from consult.core.aggregation.tables import ANSWERED, STATUSES, Kind, Matrix, Signed, Value, Variable

INSTITUTION: Final = "institution"
"""The concept of the question that says for whom somebody answers."""

Given = Mapping[str, Sequence[Value]]
"""By id of the question: codes, or words, or a number, or a status."""


def naming(variables: Iterable[Variable]) -> Variable | None:
    """The variable that names institutions; none where no question has the concept."""
    kinds = (Kind.SINGLE, Kind.TEXT)
    return next((one for one in variables if one.concept == INSTITUTION and one.kind in kinds and not one.until), None)


def matrix(by: Variable, variables: Sequence[Variable], responses: Iterable[tuple[Reading, Given]]) -> Matrix:
    """All responses, each read in the terms of the newest edition; who did not say for whom stands under no name.

    The same responses give the same matrix, in whichever order they come.
    """
    order = {code: position for position, code in enumerate(by.codes())}
    rows = [_signed(by, variables, reading, given) for reading, given in responses]
    return Matrix(
        by=by.id,
        rows=tuple(
            sorted(rows, key=lambda row: (order.get(row.institution, len(order)), row.institution, repr(row.answers)))
        ),
    )


def _signed(by: Variable, variables: Sequence[Variable], reading: Reading, given: Given) -> Signed:
    answers = {
        variable.id: tuple(found)
        for variable in variables
        if (question := reading.question(variable.id)) is not None
        and (found := list(_read(variable, reading, question, given.get(question, ()))))
    }
    return Signed(institution=str(next(iter(answers.pop(by.id, ())), "")), answers=answers)


def _read(variable: Variable, reading: Reading, question: str, values: Sequence[Value]) -> Iterable[Value]:
    """What was given, in the terms of the newest edition, each once."""
    known = [value for value in values if value not in STATUSES and value != ANSWERED]
    if variable.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.RANK):
        return dict.fromkeys(one for value in known for one in reading.counts_as(question, str(value)))
    return known
