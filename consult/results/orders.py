"""An order (rank) place by place, from protected tables: every choice in each place, and its mean rank by group."""

from __future__ import annotations

from dataclasses import dataclass

from consult.results.comparison import Column, Compared, Comparison
from consult.results.presentation import Item, Reader, place_tables, ranks, show


@dataclass(frozen=True, slots=True)
class MeanRanks:
    """Mean ranks by the groups of a variable."""

    by: str
    groups: tuple[str, ...]
    lines: tuple[tuple[str, tuple[float | None, ...]], ...]
    """Each choice with its mean in every group; None where a count of it is hidden."""


def by_place(item: Item, reader: Reader) -> Comparison | None:
    """Every place of an order side by side; none where the further places were not counted, or cannot be shown."""
    _ = reader.words
    shown = [show(table, item.dataset, reader) for table in place_tables(item)]
    if not shown:
        return None
    columns = [{line.code: (line.counts[0], line.shares[0]) for line in one.lines} for one in shown]
    return Comparison(
        tuple(
            Column(_("Place %(number)s") % {"number": reader.number(place)}, "", one.basis, one.bases[0])
            for place, one in enumerate(shown, start=1)
        ),
        tuple(
            Compared(line.label, tuple(column.get(line.code) for column in columns), line.missing)
            for line in shown[0].lines
        ),
    )


def by_groups(item: Item, reader: Reader) -> list[MeanRanks]:
    """The mean ranks in the groups of each breakdown, where any can be shown."""
    found = []
    for shown in item.crossed:
        means = {(label, group): mean for label, group, mean in ranks(item, reader, shown.table.by)}
        labels = dict.fromkeys(label for label, _group in means)
        if means:
            lines = tuple((label, tuple(means.get((label, group)) for group in shown.table.groups)) for label in labels)
            found.append(MeanRanks(shown.by, shown.groups, lines))
    return found
