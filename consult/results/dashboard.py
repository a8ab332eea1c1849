"""A release as one page: activities, questions by theme with their charts, and what is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.core.aggregation.contributions import is_statement
from consult.core.aggregation.tables import NO_CODE
from consult.results import charts, method
from consult.results.charts import Chart
from consult.results.comparison import Comparison
from consult.results.content import Content
from consult.results.presentation import Item, Reader, Shown, number_label, summary_values, variable_label
from consult.results.sections import by_theme


@dataclass(frozen=True, slots=True)
class Card:
    """A question on the page."""

    item: Item
    chart: Chart | None
    finding: str
    base: str
    hidden: str
    weighted: str
    """What must be read with the weighted shares."""
    summary: Sequence[tuple[str, str]]

    @property
    def anchor(self) -> str:
        """Identifier of the card within the page."""
        return f"{self.item.dataset.slug}-{self.item.variable.id.strip(':')}"


@dataclass(frozen=True, slots=True)
class Section:
    """A theme with its questions."""

    heading: str
    cards: tuple[Card, ...]
    scales: tuple[Chart, ...]
    """Statements that are judged on the same scale, side by side."""
    voted: tuple[Item, ...] = ()
    """Statements of a consultation, which are in one of these and have no card."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """A breakdown on a question's own page."""

    shown: Shown
    chart: Chart | None
    hidden: str
    weighted: str


@dataclass(frozen=True, slots=True)
class OverTime:
    """A question over rounds or releases."""

    compared: Comparison
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class Secret:
    """What is hidden of one table, and why."""

    label: str
    by: str
    hidden: int
    of: int
    withheld: bool
    threshold: int


def sections(content: Content, reader: Reader, items: Sequence[Item] | None = None) -> list[Section]:
    """Questions under the headings they belong to; those of all activities if none are given."""
    return [_section(heading, found, reader, items is None) for heading, found in by_theme(content, reader, items)]


def _section(heading: str, items: Sequence[Item], reader: Reader, whole: bool) -> Section:
    """`whole`: of a whole release, where every statement has a page of its own."""
    charts = tuple(scales(items, reader))
    voted = [item for item in items if is_statement(item.variable.id) and not item.one_way.table.withheld]
    if not (whole and charts) or len(voted) < 2:
        voted = []
    names = {item.variable.id for item in voted}
    cards = tuple(card(item, reader) for item in items if item.variable.id not in names)
    return Section(heading, cards, charts, tuple(voted))


def scales(items: Sequence[Item], reader: Reader) -> Iterator[Chart]:
    """The questions among some that share a scale, in one picture for each scale."""
    alike: dict[tuple[str, ...], list[Item]] = {}
    for item in items:
        alike.setdefault(item.variable.codes(), []).append(item)
    return (chart for found in alike.values() if (chart := charts.together(found, reader)))


def crossed(item: Item, reader: Reader) -> list[Crossed]:
    """The breakdowns of a question."""
    return [
        Crossed(
            shown,
            charts.by_groups(shown, item.variable, reader),
            method.hidden_sentence(shown.table, reader),
            method.beside_sentence(shown, item.dataset, reader),
        )
        for shown in item.crossed
    ]


def over_time(compared: Comparison, reader: Reader) -> OverTime:
    """A comparison over rounds or releases with its chart."""
    return OverTime(compared, charts.over(compared, [f"{one.label} · {one.note}" for one in compared.columns], reader))


def card(item: Item, reader: Reader) -> Card:
    """A question with its chart and sentences."""
    return Card(
        item=item,
        chart=charts.alone(item, reader),
        finding=finding(item, reader),
        base=method.base_sentence(item, reader),
        hidden=method.hidden_sentence(item.one_way.table, reader),
        weighted=method.beside_sentence(item.one_way, item.dataset, reader),
        summary=[(label, number_label(value, item.variable, reader)) for label, value in summary_values(item, reader)],
    )


def secrets(content: Content, reader: Reader) -> list[Secret]:
    """Every table in which something is hidden."""
    found = []
    for dataset in content.datasets:
        labels = {variable.id: variable_label(variable, dataset, reader) for variable in dataset.variables}
        for table in dataset.tables:
            if table.withheld or table.hidden():
                cells = sum(len(row.counts) + len(row.unselected) for row in table.rows)
                found.append(
                    Secret(
                        label=labels[table.variable],
                        by=labels.get(table.by, ""),
                        hidden=table.hidden(),
                        of=cells,
                        withheld=table.withheld,
                        threshold=table.threshold,
                    )
                )
    return found


def finding(item: Item, reader: Reader) -> str:
    """What a table says in one sentence; empty where it says nothing."""
    _ = reader.words
    summary = item.one_way.table.summary
    if summary is not None and summary.quartiles is not None:
        return _("Half of the answers are under %(median)s.") % {
            "median": number_label(summary.quartiles[1], item.variable, reader)
        }
    lines = (line for line in item.one_way.lines if not line.missing and line.code != NO_CODE)
    shares = [(line.shares[0], line) for line in lines if line.shares[0]]
    if item.variable.only_answered or not shares:
        return ""
    share, line = max(shares, key=lambda pair: pair[0] or 0)
    if line.code in item.one_way.table.pooled_rows:
        return ""
    return _("Most often: %(answer)s (%(percent)s, %(basis)s).") % {
        "answer": line.label,
        "percent": reader.percent(share or 0),
        "basis": item.one_way.basis,
    }
