"""CSV: one row per cell of every table, UTF-8 with a mark so that spreadsheets read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from consult.core.aggregation.tables import Variable
from consult.core.aggregation.variables import CIRCUMSTANCES
from consult.results import method
from consult.results.content import Content
from consult.results.exports.safe import cell
from consult.results.presentation import Item, Line, Reader, Shown, items, summary_values

_COLUMNS = (
    "activity",
    "question",
    "question_label",
    "by",
    "by_label",
    "group",
    "group_label",
    "category",
    "category_label",
    "count",
    "percent",
    "basis",
    "status",
    "note",
    "weighted_percent",
    "weighted_channel",
    "standard_error",
    "interval_lower",
    "interval_upper",
    "design_effect",
    "effective_n",
)
Fields = list[str | int | float | None]


def write(content: Content, _frozen: bytes, _hash: str, reader: Reader) -> Iterator[bytes]:
    """Header and cells. Hidden cells have an empty count and the status `suppressed`."""
    yield "\ufeff".encode()
    yield _line(list(_COLUMNS))
    note = method.synthetic_mark(reader) if content.synthetic else ""
    for dataset in content.datasets:
        for item in items(dataset, reader):
            for shown in (item.one_way, *item.crossed):
                for fields, beside in _cells(item, shown):
                    yield _line([*fields, note, *beside])
            for label, value in summary_values(item.one_way.table.summary, reader):
                number = int(value) if value.is_integer() else value
                yield _line(
                    [*_head(item, item.one_way), "", "", "", label, number, None, "", "summary", note, *[None] * 7]
                )


def _head(item: Item, shown: Shown) -> Fields:
    by = item.dataset.variable(shown.table.by) if shown.table.by else None
    return [item.dataset.slug, _name(item.variable), item.label, _name(by) if by else "", shown.by]


def _name(variable: Variable) -> str:
    """What a variable is called; a circumstance keeps its colon, which no question's name can start with."""
    return variable.id if variable.id in CIRCUMSTANCES else variable.name


def _cells(item: Item, shown: Shown) -> Iterator[tuple[Fields, Fields]]:
    head = _head(item, shown)
    if shown.table.withheld:
        yield [*head, "", "", "", "", None, None, "", "withheld"], _beside(shown, None)
    for line in shown.lines:
        for index, group in enumerate(shown.groups):
            count = line.counts[index]
            status = "suppressed" if count is None else "published"
            place: Fields = [shown.table.groups[index], group, line.code, line.label]
            yield [*head, *place, count, line.shares[index], shown.basis, status], _beside(shown, line, index)


def _beside(shown: Shown, line: Line | None, index: int = 0) -> Fields:
    """The weighted share of a cell; beside a one-way table of several channels those of the table by channel stand."""
    cell = line.weighted[index] if line and len(shown.beside) == len(shown.groups) else None
    if cell is None:
        return [None] * 7
    interval: Fields = [cell.error, cell.lower, cell.upper, cell.design_effect, cell.effective]
    return [cell.share, shown.beside[index].channel, *interval]


def _line(fields: Fields) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(
        [cell(field) if isinstance(field, str) else field for field in fields]
    )
    return buffer.getvalue().encode()
