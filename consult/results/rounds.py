"""A question compared over rounds and releases, from protected tables: nothing here is counted anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from consult.core.aggregation.tables import Dataset, Kind
from consult.core.aggregation.variables import CIRCUMSTANCES
from consult.results.comparison import Column, Compared, Comparison
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
    _ = reader.words
    return _compared(
        item,
        [
            (
                _("Round %(number)s") % {"number": reader.number(one.dataset.round)},
                reader.text(one.dataset.title, one.dataset.source),
                one,
            )
            for one in (*reversed(before), item)
        ],
    )


def over_releases(item: Item, content: Content, earlier: Iterable[Content], reader: Reader) -> Comparison | None:
    """The comparison of a question with what earlier releases of the same activity said of it, the earliest first.

    None where none of them has it. `earlier`: published before `content`, in any order.
    """
    if item.variable.kind not in (Kind.SINGLE, Kind.MULTIPLE):
        return None
    found = [
        (one, same)
        for one in sorted(earlier, key=lambda one: one.number)
        for dataset in one.datasets
        if dataset.activity == item.dataset.activity and (same := _same(item, dataset, reader))
    ]
    _ = reader.words
    return _compared(
        item,
        [
            (
                _("Release %(number)s") % {"number": reader.number(one.number)},
                reader.text(one.title, one.source),
                same,
            )
            for one, same in (*found, (content, item))
        ],
    )


def _compared(item: Item, columns_of: Sequence[tuple[str, str, Item]]) -> Comparison | None:
    """Questions side by side under labels and titles; `item` is the last of them."""
    known = [column for column in columns_of if not column[2].one_way.table.withheld]
    shown = [one for _title, _number, one in known]
    if len(shown) < 2 or shown[-1] is not item:
        return None
    lines = {_row(line): line for one in shown for line in one.one_way.lines}
    order = dict.fromkeys(_row(line) for one in reversed(shown) for line in one.one_way.lines if not line.missing)
    statuses = dict.fromkeys(_row(line) for line in item.one_way.lines if line.missing)
    columns = [{_row(line): (line.counts[0], line.shares[0]) for line in one.one_way.lines} for one in shown]
    return Comparison(
        tuple(Column(label, note, one.one_way.basis, one.one_way.bases[0]) for label, note, one in known),
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
