"""A release as one long table: a row per cell, for every format that holds rows rather than pages.

Further measures of a cell are further fields here; CSV, Parquet, the data package and the
command line follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from consult.core.aggregation.tables import Variable
from consult.core.aggregation.variables import CIRCUMSTANCES
from consult.results import method
from consult.results.content import Content
from consult.results.presentation import Item, Line, Reader, Shown, items, summary_values

PUBLISHED = "published"
PERTURBED = "perturbed"
SUPPRESSED = "suppressed"
WITHHELD = "withheld"
SUMMARY = "summary"
STATUSES = (PUBLISHED, PERTURBED, SUPPRESSED, WITHHELD, SUMMARY)


class Cell(NamedTuple):
    """One number of a release, or the place where one is hidden."""

    activity: str
    question: str
    question_label: str
    by: str
    """Name of the question by whose groups the table is broken down; empty in a one-way table."""
    by_label: str
    group: str
    group_label: str
    category: str
    category_label: str
    count: int | None  # type: ignore[assignment]  # the column is called so; nobody counts in a row
    """None where it is hidden, and beside a summary."""
    percent: float | None
    value: float | None
    """A mean, quartile and so on, called by `category_label`."""
    basis: str
    """What `percent` is of, in words."""
    status: str
    """`published`, `perturbed` (with noise), `suppressed`, `withheld` (the whole table) or `summary`."""
    note: str
    weighted_percent: float | None = None
    weighted_channel: str = ""
    """Whose responses were weighted; empty where they are all."""
    standard_error: float | None = None
    interval_lower: float | None = None
    interval_upper: float | None = None
    design_effect: float | None = None
    effective_n: int | None = None


def cells(content: Content, reader: Reader) -> Iterator[Cell]:
    """Every cell of every table, in the order of the release."""
    note = method.synthetic_mark(reader) if content.synthetic else ""
    for dataset in content.datasets:
        for item in items(dataset, reader):
            yield from of(item, reader, note)


def of(item: Item, reader: Reader, note: str = "") -> Iterator[Cell]:
    """The cells of one question: alone, by groups, summarised."""
    for shown in (item.one_way, *item.crossed):
        yield from table(item, shown, note)
    head = _head(item, item.one_way)
    for label, value in summary_values(item, reader):
        yield Cell(*head, "", "", "", label, None, None, value, "", SUMMARY, note)


def table(item: Item, shown: Shown, note: str = "") -> Iterator[Cell]:
    """The cells of one table of a question."""
    head = _head(item, shown)
    if shown.table.withheld:
        yield Cell(*head, "", "", "", "", None, None, None, "", WITHHELD, note)
    told = PERTURBED if shown.table.noise else PUBLISHED
    for line in shown.lines:
        groups = zip(shown.table.groups, shown.groups, line.counts, line.shares, strict=True)
        for index, (code, label, count, share) in enumerate(groups):
            status = SUPPRESSED if count is None else told
            yield Cell(
                *(*head, code, label, line.code, line.label, count, share, None, shown.basis, status, note),
                *_weighted(shown, line, index),
            )


def _weighted(shown: Shown, line: Line, index: int) -> tuple[float | None, str, *tuple[float | None, ...]] | tuple[()]:
    """The weighted share of a cell; beside a one-way table of several channels those of the table by channel stand."""
    cell = line.weighted[index] if len(shown.beside) == len(shown.groups) else None
    if cell is None:
        return ()
    channel = shown.beside[index].channel
    return cell.share, channel, cell.error, cell.lower, cell.upper, cell.design_effect, cell.effective


def name(variable: Variable) -> str:
    """What a variable is called; a circumstance keeps its colon, which no question's name can start with."""
    return variable.id if variable.id in CIRCUMSTANCES else variable.name


def _head(item: Item, shown: Shown) -> tuple[str, str, str, str, str]:
    by = name(item.dataset.variable(shown.table.by)) if shown.table.by else ""
    return item.dataset.slug, name(item.variable), item.label, by, shown.by
