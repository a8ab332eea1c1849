"""An attacker written without the auditor: reckons with combinations of answers instead of cells."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog

from consult.core.aggregation.cells import cells
from consult.core.aggregation.disclosure import Protected, protect_crossed, protect_one_way
from consult.core.aggregation.tables import (
    NOT_RELEVANT,
    OTHERWISE,
    SELECTED,
    SKIPPED,
    UNSELECTED,
    Coordinate,
    Key,
    Kind,
    Table,
    Variable,
)
from tests.core.aggregation.recount import Record, crossed, one_way


def margins(records: list[Record], *variables: Variable | int) -> list[Table]:
    *names, k = variables
    return [protect_one_way(one_way(records, name), k, sensitive=False).table for name in names]


def cross(records: list[Record], variable: Variable, by: Variable, k: int, *, sensitive: bool = False) -> Protected:
    rows, groups = margins(records, variable, by, k)
    return protect_crossed(crossed(records, variable, by), rows, groups, k, sensitive=sensitive)


class Attacker:
    """Reckons with how many respondents gave each whole combination of answers: nothing is freer than that.

    Unlike the auditor it knows no sums. It knows which combinations a cell takes in, and solves for the combinations.
    """

    def __init__(self, variables: list[Variable], tables: list[Table]) -> None:
        self.ids = [variable.id for variable in variables]
        profiles = itertools.product(*(list(self.outcomes(variable)) for variable in variables))
        self.profiles = [found for found in profiles if self.possible(dict(zip(self.ids, found, strict=True)))]
        self.pools = {
            (side, code): set(members)
            for table in tables
            for side, pools in ((table.variable, table.pooled_rows), (table.by, table.pooled_groups))
            for code, members in pools.items()
        }
        rows, values = [], []
        for table in tables:
            for cell, count in () if table.withheld else cells(table):
                if count is not None:
                    rows.append(self.takes_in(cell))
                    values.append(count)
        self.matrix, self.values = np.array(rows, dtype=float), np.array(values, dtype=float)

    @staticmethod
    def possible(profile: dict[str, object]) -> bool:
        return bool(profile)

    @staticmethod
    def outcomes(variable: Variable) -> Iterator[object]:
        if variable.kind is Kind.MULTIPLE:
            codes = variable.codes()
            for size in range(1, len(codes) + 1):
                yield from itertools.combinations(codes, size)
        else:
            yield from variable.codes()
        yield SKIPPED
        yield NOT_RELEVANT

    def takes_in(self, cell: Key) -> list[float]:
        return [
            float(all(self.matches(dict(zip(self.ids, profile, strict=True)), place) for place in cell))
            for profile in self.profiles
        ]

    def matches(self, profile: dict[str, object], place: Coordinate) -> bool:
        name, code = place
        if "/" in name:
            name, choice = name.split("/")
            chosen = isinstance(profile[name], tuple) and choice in profile[name]
            answered = isinstance(profile[name], tuple)
            return {SELECTED: chosen, UNSELECTED: answered and not chosen, OTHERWISE: not chosen}[code]
        return profile[name] in self.pools.get(place, {code})

    def width(self, cell: Key) -> int:
        extremes = []
        for sign in (1, -1):
            objective = sign * np.array(self.takes_in(cell))
            found = linprog(objective, A_eq=self.matrix, b_eq=self.values, bounds=(0, None), method="highs")
            assert found.status == 0, found.message
            extremes.append(sign * found.fun)
        return int(np.floor(extremes[1] + 1e-6)) - int(np.ceil(extremes[0] - 1e-6))
