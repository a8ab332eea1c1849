"""How far those who answered, or came to an event, resemble the population and those who wanted to come.

All of it from the protected tables of a release: nothing is counted anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.core.aggregation.contributions import YES
from consult.core.aggregation.fits import MERGED, KnownMargin
from consult.core.aggregation.signups import ATTENDED, NO_PROFILE, SIGN_UPS
from consult.core.aggregation.tables import STATUSES, Dataset, Table, base, bases, percentage
from consult.core.aggregation.variables import CHANNEL
from consult.results import wording
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


@dataclass(frozen=True, slots=True)
class Came:
    """A category of a profile, in per cent: of those who signed up, of those who were there, of the population."""

    label: str
    signed_up: float | None
    came: float | None
    population: float | None

    @property
    def difference(self) -> float | None:
        """Between those who were there and those who signed up, in percentage points."""
        return None if self.came is None or self.signed_up is None else round(self.came - self.signed_up, 1)


@dataclass(frozen=True, slots=True)
class Turnout:
    """A question of a profile: who signed up, and who was there."""

    label: str
    basis: str
    lines: tuple[Came, ...]
    chart: Chart

    @property
    def known(self) -> bool:
        """Whether anything is told of the population."""
        return any(line.population is not None for line in self.lines)


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


# --- events ---


def turnouts(content: Content, reader: Reader) -> list[tuple[Dataset, list[Turnout]]]:
    """Per event the questions of its profile of which the release shows who was there."""
    margins = _margins(content)
    found = [
        (dataset, list(_turnouts(dataset, margins, reader)))
        for dataset in content.datasets
        if dataset.contributions and dataset.contributions.of == SIGN_UPS
    ]
    return [(dataset, some) for dataset, some in found if some]


def _margins(content: Content) -> dict[str, Mapping[str, float]]:
    """What is known of the population, in per cent, by concept and by code of the concept: the last margins count."""
    found: dict[str, Mapping[str, float]] = {}
    for dataset in content.datasets:
        weighting = weighting_of(dataset)
        for margin in weighting.margins if weighting else ():
            variable, codes = dataset.variable(margin.variable), dataset.measures.get(margin.variable, {})
            population, shares = sum(total for _, total in margin.totals), defaultdict[str, float](float)
            for name, total in margin.totals:
                shares[codes.get(name, name)] += 100 * total / population
            if variable.concept:
                found[variable.concept] = shares
    return found


def _turnouts(dataset: Dataset, margins: Mapping[str, Mapping[str, float]], reader: Reader) -> Iterator[Turnout]:
    one_way = {table.variable: table for table in dataset.one_way() if not table.withheld}
    for table in dataset.tables:
        if table.by == ATTENDED and table.variable in one_way.keys() - {*NO_PROFILE} and YES in table.groups:
            variable = dataset.variable(table.variable)
            name, of_many = _bases(table, one_way[variable.id])
            lines = tuple(
                _came(table, one_way[variable.id], of_many, margins.get(variable.concept, {}), dataset, reader)
            )
            basis = wording.of_whom(dataset, name, reader.words)
            yield Turnout(variable_label(variable, dataset, reader), basis, lines, _of_turnout(lines, reader))


def _bases(table: Table, signed: Table) -> tuple[str, tuple[int | None, int | None]]:
    """What percentages are of, the same of both: those who signed up, and those who came; and how many these are."""
    every, there = base(signed), base(table, table.groups.index(YES))
    for name in ("answered", "asked"):
        found = getattr(every, name), getattr(there, name)
        if None not in found:
            return name, found
    return "responses", (every.responses, there.responses)


def _came(
    table: Table,
    signed: Table,
    of_many: tuple[int | None, int | None],
    population: Mapping[str, float],
    dataset: Dataset,
    reader: Reader,
) -> Iterator[Came]:
    group, variable = table.groups.index(YES), dataset.variable(table.variable)
    codes = dataset.measures.get(variable.id, {})
    for row in table.rows:
        members = table.pooled_rows.get(row.code, (row.code,))
        if {*STATUSES} & {row.code, *members}:
            continue
        before = [one.counts[0] for name in members if (one := signed.row(name))]
        share = _sum([population.get(codes.get(name, name)) for name in members])
        yield Came(
            label=category_label(variable, row.code, table.pooled_rows, dataset, reader),
            signed_up=percentage(_sum(before), of_many[0], table.threshold),
            came=percentage(row.counts[group], of_many[1], table.threshold),
            population=None if share is None else round(share, 1),
        )


def _sum(numbers: Sequence[float | None]) -> Any:
    """The sum; none where one of them is hidden, or there is none."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _of_turnout(lines: Sequence[Came], reader: Reader) -> Chart:
    _ = reader.words
    found = [Pair(line.label, (line.came, line.signed_up)) for line in lines]
    return pairs(found, (_("Those who came"), _("Those who signed up")), reader)


def _chart(lines: Sequence[Compared], reader: Reader) -> Chart:
    """Two bars for each category: those who answered above, the population below."""
    _ = reader.words
    found = [Pair(line.label, (line.share, line.population)) for line in lines]
    return pairs(found, (_("Those who answered"), _("Population")), reader)
