"""How far those who answered resemble the population: from the protected tables of a release, nothing counted anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.core.aggregation.fits import MERGED, KnownMargin
from consult.core.aggregation.tables import Dataset, Table, bases, percentage
from consult.core.aggregation.variables import CHANNEL
from consult.results.beside import weighting_of
from consult.results.charts import Chart
from consult.results.charts.pairs import Pair, pairs
from consult.results.content import Content
from consult.results.presentation import Reader, category_label, channel_label, show, variable_label


@dataclass(frozen=True, slots=True)
class Compared:
    """A category of a margin: its part of the population and of those who answered, in per cent."""

    label: str
    population: float
    count: int | None
    share: float | None
    rate: float | None
    """Respondents per thousand of the population; none where the count is hidden or totals are shares."""

    @property
    def difference(self) -> float | None:
        """In percentage points."""
        return None if self.share is None else round(self.share - self.population, 1)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A variable, in all or within a channel."""

    label: str
    channel: str
    """Label of the channel; empty where there is but one."""
    basis: str
    lines: tuple[Compared, ...]
    chart: Chart

    @property
    def rates(self) -> tuple[Compared, Compared] | None:
        """The categories with the smallest and the greatest participation rate; none where none is known."""
        known = [line for line in self.lines if line.rate is not None]
        return (min(known, key=_rate), max(known, key=_rate)) if len(known) > 1 else None


def _rate(line: Compared) -> float:
    return line.rate or 0.0


def comparisons(content: Content, reader: Reader) -> list[tuple[Dataset, list[Comparison]]]:
    """Per activity with margins, every variable of them."""
    return [
        (dataset, list(_comparisons(dataset, weighting.margins, reader)))
        for dataset in content.datasets
        if (weighting := weighting_of(dataset)) is not None
    ]


def _comparisons(dataset: Dataset, margins: Sequence[KnownMargin], reader: Reader) -> Iterator[Comparison]:
    for margin in margins:
        tables = [table for table in dataset.tables if table.variable == margin.variable and not table.withheld]
        by_channel = next((table for table in tables if table.by == CHANNEL), None)
        if by_channel is None:
            one_way = (table for table in tables if not table.by)
            yield from (_comparison(table, 0, "", margin, dataset, reader) for table in one_way)
            continue
        for group, code in enumerate(by_channel.groups):
            if code not in by_channel.pooled_groups:
                yield _comparison(by_channel, group, channel_label(code, reader), margin, dataset, reader)


def _comparison(
    table: Table, group: int, channel: str, margin: KnownMargin, dataset: Dataset, reader: Reader
) -> Comparison:
    variable = dataset.variable(margin.variable)
    population = sum(total for _, total in margin.totals)
    base = bases(table)[1][group]
    lines = []
    for category, total in margin.totals:
        codes = category.split(MERGED) if category not in variable.codes() else [category]
        rows = [row for code in codes if (row := table.row(code)) is not None]
        counts = [row.counts[group] for row in rows]
        known = [count for count in counts if count is not None]
        count = sum(known) if known and len(known) == len(codes) else None
        lines.append(
            Compared(
                label="; ".join(category_label(variable, code, {}, dataset, reader) for code in codes),
                population=round(100 * total / population, 1),
                count=count,
                share=percentage(count, base),
                rate=None if count is None or total < count or population <= 100 else 1000 * count / total,
            )
        )
    shown = show(table, dataset, reader)
    label = variable_label(variable, dataset, reader)
    return Comparison(label, channel, shown.basis, tuple(lines), _chart(lines, reader))


def _chart(lines: Sequence[Compared], reader: Reader) -> Chart:
    """Two bars for each category: those who answered above, the population below."""
    _ = reader.words
    found = [Pair(line.label, (line.share, line.population)) for line in lines]
    return pairs(found, (_("Those who answered"), _("Population")), reader)
