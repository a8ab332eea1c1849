"""Orders (rank): every place of them counted, and mean ranks made of the counts that are shown.

Each place is a variable like any other, whose categories are the choices: who stands first, who second, and so on. A
mean rank is reckoned from the protected counts of all places, so it tells nothing that these do not. What everybody
knows of them is that each respondent gave every choice one place; the auditor reckons with it (`Dependency.order`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from consult.core.aggregation.dependencies import Dependency
from consult.core.aggregation.tables import STATUSES, Kind, Table, Variable, order_of, place_of
from consult.core.aggregation.tabulate import Source, ordered


def with_places(variables: Iterable[Variable], sources: Sequence[Source]) -> Iterator[Variable]:
    """The variables, each order followed by its further places where they can be counted."""
    for variable in variables:
        yield variable
        if variable.kind is Kind.RANK and _countable(variable, sources):
            for place in range(2, len(variable.categories) + 1):
                yield msgspec.structs.replace(
                    variable,
                    id=place_of(variable.id, place),
                    name=place_of(variable.name, place),
                    place=place,
                    concept="",
                )


def _countable(variable: Variable, sources: Sequence[Source]) -> bool:
    """Whether everybody who answered has put the same choices in order, all of them.

    Not where the choices were filtered or differ between editions, where an answer map has merged some, where imported
    responses are incomplete, or in segments from before whole orders were kept.
    """
    for source in sources:
        name = source.question(variable)
        if name is None:
            continue
        if source.reading.codes.get(name) or ordered(name) not in source.table.columns:
            return False
        answered = source.table[name].cast("string").notin(STATUSES)
        length = source.table[ordered(name)].length().coalesce(0)
        if (answered & (length != len(variable.categories))).sum().execute():
            return False
    return True


def dependencies(variables: Iterable[Variable]) -> Iterator[Dependency]:
    """What everybody knows of the places of each order."""
    places: dict[str, list[str]] = {}
    for variable in variables:
        if variable.place:
            question, _place = order_of(variable.id)
            places.setdefault(question, [question]).append(variable.id)
    return (Dependency(fine=names[0], coarse="", under={}, order=tuple(names)) for names in places.values())


def mean_ranks(places: Sequence[Table]) -> Mapping[tuple[str, str], float]:
    """By choice and group, the mean of its places, from the tables of all places in their order.

    None where a count is hidden or stands together with others in any of them, or where fewer than the threshold gave
    the choice a place. Two decimals: Σ place · count / Σ count.
    """
    first = places[0]
    found = {}
    for code in (row.code for row in first.rows if row.code not in STATUSES):
        for group in first.groups:
            counts = [_count(table, code, group) for table in places]
            known = [count for count in counts if count is not None]
            if len(known) == len(counts) and sum(known) >= max(1, *(table.threshold for table in places)):
                total = sum(place * count for place, count in enumerate(known, start=1))
                found[code, group] = round(total / sum(known), 2)
    return found


def _count(table: Table, code: str, group: str) -> int | None:
    row = None if code in table.pooled_rows else table.row(code)
    return row.counts[table.groups.index(group)] if row is not None and group in table.groups else None
