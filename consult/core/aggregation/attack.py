"""The auditor: plays the attacker who knows everything published, with a linear programme.

The unknowns are the hidden cells of all tables together; the constraints are every sum of `cells.sums`, and that no
count is negative, nor other than what the attacker has been told of it elsewhere (the fieldwork page). For a cell, the
least and the greatest value under these constraints bound what can be known of it (Fischetti and Salazar, *Solving the
cell suppression problem on tabular data with linear constraints*, 2001: the attacker's sub-problems). Counts are whole,
so bounds are rounded inwards; an attacker who insists on whole counts (`whole`) goes on by branch and bound where the
programme's solution is not whole.

The attacker reckons with tables and their margins, not with the fact that three tables of three pairs of variables
come from one table of all three.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from consult.core.aggregation.cellkey import Noise
from consult.core.aggregation.cells import Sum, cells, sums, with_all_groups
from consult.core.aggregation.polytope import EPSILON, SOLVED, UNBOUNDED, Polytope
from consult.core.aggregation.tables import UNKNOWN, UNTOLD, Key, Table, Told


class Interval(NamedTuple):
    """What an attacker learns of a cell."""

    lower: float
    upper: float
    """A whole number, or infinity where nothing bounds it."""


class Broken(NamedTuple):
    """A cell that is known more closely than it may be."""

    key: Key
    interval: Interval
    need: int


class ContradictionError(ValueError):
    """What is published cannot all be true: the tables do not come from the same responses."""


@dataclass(frozen=True, slots=True)
class System:
    """Everything published: known cells, and sums in which cells stand."""

    known: Mapping[Key, int]
    sums: Sequence[Sum]
    told: Told

    @classmethod
    def of(
        cls,
        tables: Iterable[Table],
        told: Told = UNTOLD,
        links: Iterable[Sum] = (),
        beside: Iterable[tuple[Key, int | None]] = (),
    ) -> System:
        """The attacker's view of tables of one activity; a cell shown anywhere is known everywhere.

        A count with noise says between which numbers the true one lies. `links`: further sums that hold among cells;
        `beside`: cells of other tables.
        """
        seen = with_all_groups(table for table in tables if not table.withheld)
        shown = [*beside, *(cell for table in seen if not table.noise for cell in cells(table))]
        found = cls.seen(shown, (*links, *(one for table in seen for one in sums(table))), told)
        return cls(found.known, found.sums, _narrowed(found, [table for table in seen if table.noise]))

    @classmethod
    def seen(cls, shown: Iterable[tuple[Key, int | None]], links: Iterable[Sum], told: Told = UNTOLD) -> System:
        """The attacker's view of cells, hidden ones without a count, and of the sums among them."""
        known: dict[Key, int] = {}
        relations = dict.fromkeys(links)
        for cell, count in shown:
            if count is not None and known.setdefault(cell, count) != count:
                raise ContradictionError(f"{cell!r} is shown as {known[cell]} and as {count}")
        _know_nobody(known, relations)
        return cls(known, tuple(relations), told)


def _narrowed(system: System, tables: Iterable[Table]) -> Told:
    """What is known of cells beforehand, and from counts with noise."""
    spans = dict(system.told)
    for table in tables:
        for cell, shown in cells(table):
            if shown is not None:
                spans[cell] = span = spans.get(cell, UNKNOWN).narrowed(Noise(table.noise).span(shown))
                if not span.allows(system.known.get(cell, span.least)):
                    raise ContradictionError(f"{cell!r} cannot be {span.least} … {span.most}")
    return spans


def _know_nobody(known: dict[Key, int], relations: Iterable[Sum]) -> None:
    """Where a whole is nobody, so are its parts: it spares the programmes most of what no table shows."""
    before = -1
    while before < len(known):
        before = len(known)
        for whole, parts in relations:
            if known.get(whole) == 0:
                for part in parts:
                    known.setdefault(part, 0)


@dataclass(slots=True)
class _Component:
    """Hidden cells that are linked by sums, as one linear programme."""

    keys: list[Key] = field(default_factory=list)
    equations: list[tuple[dict[Key, int], int]] = field(default_factory=list)


def bounds(system: System, wanted: Iterable[Key], *, whole: bool = False) -> dict[Key, Interval]:
    """The tightest bounds on each wanted cell; a known cell is bounded by itself."""
    found: dict[Key, Interval] = {}
    for component, targets in _components(system, set(wanted)):
        programme = _Programme(component, system.told, whole=whole)
        for target in sorted(targets):
            found[target] = Interval(programme.extreme(target, least=True), programme.extreme(target, least=False))
    for target in wanted:
        if target in system.known:
            found[target] = Interval(system.known[target], system.known[target])
        least, most = system.told.get(target, UNKNOWN)
        found.setdefault(target, Interval(least, math.inf if most is None else most))
    return found


def broken(system: System, needs: Mapping[Key, int], *, whole: bool = False) -> list[Broken]:
    """The cells that can be bounded to an interval narrower than they need, in order.

    Every solution found for one cell is a possible truth for all; cells that have taken values far enough apart in
    these need no programme of their own. With `whole` nothing but such values acquits a cell.
    """
    found = [
        Broken(cell, Interval(system.known[cell], system.known[cell]), needs[cell])
        for cell in needs
        if cell in system.known
    ]
    for component, targets in _components(system, set(needs) - set(system.known)):
        programme = _Programme(component, system.told, whole=whole)
        for target in programme.spread({target: needs[target] for target in targets}):
            if programme.seen(target) >= needs[target]:
                continue
            upper = programme.extreme(target, least=False)
            if programme.seen(target) >= needs[target]:
                continue
            interval = Interval(programme.extreme(target, least=True), upper)
            if interval.upper - interval.lower < needs[target] or (whole and programme.seen(target) < needs[target]):
                found.append(Broken(target, interval, needs[target]))
    return sorted(found)


def _components(system: System, wanted: set[Key]) -> Iterable[tuple[_Component, set[Key]]]:
    """Linked groups of hidden cells that contain a wanted one."""
    leader: dict[Key, Key] = {}

    def find(cell: Key) -> Key:
        root = cell
        while leader.setdefault(root, root) != root:
            root = leader[root]
        while leader[cell] != root:
            leader[cell], cell = root, leader[cell]
        return root

    equations: list[tuple[dict[Key, int], int]] = []
    for whole, parts in system.sums:
        unknown: dict[Key, int] = defaultdict(int)
        constant = 0
        for cell, sign in ((whole, -1), *((part, 1) for part in parts)):
            if cell in system.known:
                constant -= sign * system.known[cell]
            else:
                unknown[cell] += sign
        if not unknown and constant:
            raise ContradictionError(f"the parts of {whole!r} do not add up")
        if unknown:
            equations.append((unknown, constant))
            first = find(next(iter(unknown)))
            for cell in unknown:
                leader[find(cell)] = first
    grouped: dict[Key, _Component] = defaultdict(_Component)
    for cell in leader:
        grouped[find(cell)].keys.append(cell)
    for unknown, constant in equations:
        grouped[find(next(iter(unknown)))].equations.append((unknown, constant))
    for component in grouped.values():
        if targets := wanted & set(component.keys):
            yield component, targets


_NODES: Final = 10_000
"""Nodes that a search for whole counts may look at; what is then not settled counts as possible."""


class _Programme:
    """The linear programme of one component, and the range of values its solutions have shown."""

    def __init__(self, component: _Component, told: Told, *, whole: bool) -> None:
        import numpy  # noqa: PLC0415  # heavy, and only audits need it
        from scipy.sparse import csr_array  # noqa: PLC0415  # heavy, and only audits need it

        self._index = {cell: position for position, cell in enumerate(component.keys)}
        entries = [
            (row, self._index[cell], sign)
            for row, (unknown, _) in enumerate(component.equations)
            for cell, sign in unknown.items()
        ]
        rows, columns, signs = zip(*entries, strict=True)
        shape = (len(component.equations), len(component.keys))
        self._matrix = csr_array((numpy.array(signs, dtype=float), (rows, columns)), shape=shape)
        self._constants = numpy.array([constant for _, constant in component.equations], dtype=float)
        self._bounds = [told.get(cell, UNKNOWN) for cell in component.keys]
        self._whole = whole
        self._possible = Polytope(self._bounds, (self._matrix, self._constants), whole=whole)

    def seen(self, cell: Key) -> float:
        """How far apart the values are that a cell took so far."""
        return self._possible.seen(self._index[cell])

    def spread(self, needs: Mapping[Key, int]) -> list[Key]:
        """The cells that were not seen as far apart as they need by solutions that move many of them at once."""
        cells = {self._index[cell]: cell for cell in needs}
        left = self._possible.spread({place: float(needs[cell]) for place, cell in cells.items()})
        return sorted(cells[place] for place in left)

    def extreme(self, cell: Key, *, least: bool) -> float:
        """Least or greatest possible count of a cell; infinity where nothing bounds it."""
        import numpy  # noqa: PLC0415  # heavy, and only audits need it

        result = self._possible.extreme(self._index[cell], least=least)
        if result.status == UNBOUNDED:
            return math.inf
        if result.status != SOLVED:
            raise ContradictionError(f"no responses can have led to these tables ({result.message})")
        value = float(result.fun)
        if self._whole and (abs(result.x - result.x.round()) > EPSILON).any():
            objective = numpy.zeros(len(self._index))
            objective[self._index[cell]] = 1 if least else -1
            value, solution = self._in_whole_numbers(objective)
            if solution is not None:
                self._possible.saw(solution)
        return math.ceil(value - EPSILON) if least else math.floor(EPSILON - value)

    def _in_whole_numbers(self, objective: Any) -> tuple[float, Any]:
        """A bound of the objective among whole counts, and such counts where any were found."""
        import numpy  # noqa: PLC0415  # heavy, and only audits need it
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  # heavy, and only audits need it

        lower, upper = zip(*self._bounds, strict=True)
        result = milp(
            objective,
            integrality=numpy.ones(len(objective)),
            bounds=Bounds(lower, [numpy.inf if most is None else most for most in upper]),
            constraints=LinearConstraint(self._matrix, self._constants, self._constants),
            options={"node_limit": _NODES, "mip_rel_gap": 0},
        )
        if result.mip_dual_bound is None:
            raise ContradictionError(f"no whole responses can have led to these tables ({result.message})")
        return float(result.mip_dual_bound), None if result.x is None else result.x.round()
