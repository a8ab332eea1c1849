"""Charts as geometry. Which kind of picture a table gets is decided here; `templates/results/chart.html` draws it."""

from __future__ import annotations

from collections.abc import Sequence

from consult.core.aggregation.tables import Kind, Variable
from consult.results.charts.bars import bars, stacked
from consult.results.charts.histogram import histogram
from consult.results.charts.marks import Chart
from consult.results.charts.multiples import multiples
from consult.results.charts.over_time import over_time
from consult.results.charts.scales import scale, statements, steps
from consult.results.charts.tiles import is_of_countries, tiles
from consult.results.comparison import Comparison
from consult.results.presentation import Item, Reader, Shown

__all__ = ["Chart", "alone", "by_groups", "over", "together"]


def alone(item: Item, reader: Reader) -> Chart | None:
    """The picture of a question: a scale, a map, a histogram or bars; none where there is nothing to draw."""
    shown, variable = item.one_way, item.variable
    if shown.table.withheld or variable.only_answered:
        return None
    return _towards(_alone(shown, variable, reader), reader)


def _alone(shown: Shown, variable: Variable, reader: Reader) -> Chart | None:
    if variable.kind in (Kind.NUMBER, Kind.DATE) and _even(variable) and not shown.table.pooled_rows:
        return histogram(shown, variable, reader)
    if is_of_countries(variable):
        return tiles(shown, reader)
    return scale(shown, variable, reader) or bars(shown, reader)


def _even(variable: Variable) -> bool:
    """Whether the bins are of one width. Somebody can have decided on others: side by side they are no axis."""
    inner = [(one.lower, one.upper) for one in variable.categories if one.lower is not None and one.upper is not None]
    return len({f"{upper - lower:.9g}" for lower, upper in inner}) <= 1


def by_groups(shown: Shown, variable: Variable, reader: Reader) -> Chart | None:
    """The picture of a breakdown: a scale or a stacked bar for each group, else small multiples."""
    found = scale(shown, variable, reader) or stacked(shown, reader) or multiples(shown, reader)
    return _towards(found, reader)


def together(items: Sequence[Item], reader: Reader) -> Chart | None:
    """The picture of statements that are judged on one scale; none where they are not."""
    wanted = [item for item in items if steps(item.variable)]
    return _towards(statements(wanted, reader), reader) if len(wanted) > 1 else None


def over(compared: Comparison, names: list[str], reader: Reader) -> Chart | None:
    """The picture of a question over rounds or releases, which are called `names`."""
    return _towards(over_time(compared, names, reader), reader)


def _towards(chart: Chart | None, reader: Reader) -> Chart | None:
    return chart.towards(reader.direction) if chart else None
