"""Institution × item: what institutions have signed, in full, beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from msgspec import UNSET

from consult.core.aggregation.readings import Reading
from consult.core.aggregation.tables import ANSWERED, STATUSES, Kind, Matrix, Signed, Value, Variable
from consult.core.text import LocalisedText

INSTITUTION: Final = "institution"
"""The concept of the question that says for whom somebody answers."""

Given = Mapping[str, Sequence[Value]]
"""By id of the question: codes, or words, or a number, or a status."""


def naming(variables: Iterable[Variable]) -> Variable | None:
    """The variable that names institutions; none where no question has the concept."""
    kinds = (Kind.SINGLE, Kind.TEXT)
    return next((one for one in variables if one.concept == INSTITUTION and one.kind in kinds and not one.until), None)


def matrix(
    by: Variable | None,
    variables: Sequence[Variable],
    responses: Iterable[tuple[Reading, Given, str]],
    names: Mapping[str, LocalisedText] = MappingProxyType({}),
) -> Matrix:
    """All responses, each read in the terms of the newest edition; who did not say for whom stands under no name.

    With each response comes the institution that signed it, if any; that counts where no question names institutions,
    and `names` says what it was called. The same responses give the same matrix, in whichever order they come.
    """
    known = by.codes() if by is not None else sorted(names, key=lambda one: (sorted(names[one].items()), one))
    order = {code: position for position, code in enumerate(known)}
    rows = [_signed(by, variables, reading, given, signed_by) for reading, given, signed_by in responses]
    return Matrix(
        by=by.id if by is not None else "",
        names=UNSET
        if by is not None
        else {one: names[one] for one in sorted({row.institution for row in rows} - {""})},
        rows=tuple(
            sorted(rows, key=lambda row: (order.get(row.institution, len(order)), row.institution, repr(row.answers)))
        ),
    )


def _signed(
    by: Variable | None, variables: Sequence[Variable], reading: Reading, given: Given, signed_by: str
) -> Signed:
    answers = {
        variable.id: tuple(found)
        for variable in variables
        if (question := reading.question(variable.id)) is not None
        and (found := list(_read(variable, reading, question, given.get(question, ()))))
    }
    named = signed_by if by is None else str(next(iter(answers.pop(by.id, ())), ""))
    return Signed(institution=named, answers=answers)


def _read(variable: Variable, reading: Reading, question: str, values: Sequence[Value]) -> Iterable[Value]:
    """What was given, in the terms of the newest edition, each once."""
    known = [value for value in values if value not in STATUSES and value != ANSWERED]
    if variable.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.RANK):
        return dict.fromkeys(one for value in known for one in reading.counts_as(question, str(value)))
    return known
