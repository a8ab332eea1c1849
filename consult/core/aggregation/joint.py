"""Variables made of several: women by country of residence, for tables broken down by more than one thing at a time.

A joint variable is a variable like any other: its categories are all combinations. What connects it with
its parts is known to everybody, so the auditor reckons with it: its counts by the first part add up to those of the
first part, and a table of two of its parts shows the same cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final

import msgspec

from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.tables import STATUSES, Category, Kind, Row, Table, Variable

BY: Final = "*"
"""Between the names of what is broken down by together, and the ids of which a joint variable is made."""
_AND: Final = "&"


def code_of(parts: Sequence[str]) -> str:
    """The code of a combination: no two combinations have the same."""
    return _AND.join(part.replace("^", "^^").replace(_AND, f"^{_AND}") for part in parts)


def join(parts: Sequence[Variable]) -> Variable:
    """One variable of two or more, each of which puts everybody in one category.

    The parts have their final categories (numbers: their bins).
    """
    combinations = product(*((*part.codes(), *STATUSES) for part in parts))
    return Variable(
        id=BY.join(part.id for part in parts),
        name=BY.join(part.name for part in parts),
        kind=Kind.SINGLE,
        categories=tuple(Category(code=code_of(codes), parts=codes) for codes in combinations),
        sensitive=any(part.sensitive for part in parts),
        parts=tuple(part.id for part in parts),
    )


def dependencies(variables: Iterable[Variable]) -> Iterator[Dependency]:
    """What a joint variable says of each of its parts, and of joint variables of fewer of the same parts."""
    known = list(variables)
    joint = [variable for variable in known if variable.parts]
    for fine in joint:
        for coarse in known:
            own = coarse.parts or (coarse.id,)
            if coarse.id != fine.id and set(own) < set(fine.parts):
                places = [fine.parts.index(part) for part in own]
                yield Dependency(fine=fine.id, coarse=coarse.id, under=_under(fine, places))


def _under(fine: Variable, places: Sequence[int]) -> dict[str, tuple[str, ...]]:
    def of(codes: Sequence[str]) -> str:
        return codes[places[0]] if len(places) == 1 else code_of([codes[place] for place in places])

    return {category.code: (of(category.parts),) for category in fine.categories}


def sizes(full: Table, variable: Variable, parts: Table) -> Table:
    """The one-way table of a joint variable as far as the protected table of its two parts shows the same cells.

    Combinations that are seen to be nobody's are left out.
    """
    rows, groups = variable.parts.index(parts.variable), variable.parts.index(parts.by)
    counts = {
        (row.code, group): count for row in parts.rows for group, count in zip(parts.groups, row.counts, strict=True)
    }
    pooled = {member for members in parts.pooled_rows.values() for member in members}
    pooled_groups = {member for members in parts.pooled_groups.values() for member in members}
    hidden_or_some = []
    for category in variable.categories:
        row, group = category.parts[rows], category.parts[groups]
        hidden = (row in pooled and group in {*parts.groups, *pooled_groups}) or group in pooled_groups
        count = None if hidden else counts.get((row, group), 0)
        if count != 0:
            hidden_or_some.append((category.code, count))
    return msgspec.structs.replace(
        full,
        threshold=parts.threshold,
        rows=tuple(Row(code=code, counts=(count,)) for code, count in hidden_or_some),
    )


def met(variable: Variable, table: Table) -> Variable:
    """A joint variable with the combinations alone that its protected one-way table has."""
    codes = {row.code for row in table.rows}
    return msgspec.structs.replace(
        variable, categories=tuple(category for category in variable.categories if category.code in codes)
    )
