"""A question compared over rounds, from the protected tables of one release: nothing here is counted anew."""

from __future__ import annotations

from collections.abc import Iterator

from consult.core.aggregation.tables import Dataset, Kind
from consult.core.aggregation.variables import CIRCUMSTANCES
from consult.results.comparison import Compared, Comparison, column
from consult.results.content import Content
from consult.results.presentation import Item, Line, Reader, items


def over_rounds(item: Item, content: Content, reader: Reader) -> Comparison | None:
    """The comparison of a question with earlier rounds; none where the release has none that asked the same.

    The same is what has the same id, which a copied questionnaire keeps, else the same concept; and what is answered
    in the same way. Numbers and dates are grouped by their own bins in each round, so they are not compared.
    """
    if item.variable.kind not in (Kind.SINGLE, Kind.MULTIPLE) or item.variable.id in CIRCUMSTANCES:
        return None
    before = [found for dataset in _earlier(item.dataset, content) if (found := _same(item, dataset, reader))]
    shown = [one for one in (*reversed(before), item) if not one.one_way.table.withheld]
    if len(shown) < 2 or shown[-1] is not item:
        return None
    lines = {_row(line): line for one in shown for line in one.one_way.lines}
    order = dict.fromkeys(_row(line) for one in reversed(shown) for line in one.one_way.lines if not line.missing)
    statuses = dict.fromkeys(_row(line) for line in item.one_way.lines if line.missing)
    columns = [{_row(line): (line.counts[0], line.shares[0]) for line in one.one_way.lines} for one in shown]
    _ = reader.words
    return Comparison(
        tuple(
            column(one, _("Round %(number)s") % {"number": reader.number(one.dataset.round)}, reader) for one in shown
        ),
        tuple(
            Compared(lines[row].label, tuple(column.get(row) for column in columns), lines[row].missing)
            for row in (*order, *statuses)
        ),
    )


def _row(line: Line) -> tuple[str, str]:
    """What shares a row: the same code under the same words. No answer map says what a code was in another round."""
    return line.code, " ".join(line.label.casefold().split())


def _earlier(dataset: Dataset, content: Content) -> Iterator[Dataset]:
    """The rounds before, the latest first, as far as the release holds them without a gap."""
    known = {one.activity: one for one in content.datasets}
    while (dataset_before := known.get(dataset.previous)) is not None:
        yield dataset_before
        dataset = dataset_before


def _same(item: Item, dataset: Dataset, reader: Reader) -> Item | None:
    wanted = item.variable
    alike = [
        one
        for one in items(dataset, reader)
        if one.variable.kind is wanted.kind and not one.variable.until and not wanted.until
    ]
    by_id = next((one for one in alike if one.variable.id == wanted.id), None)
    return by_id or next((one for one in alike if wanted.concept and one.variable.concept == wanted.concept), None)
