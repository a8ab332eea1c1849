"""What a report contains, in order, in the reader's language; `exports.pdf` and `exports.docx` write it down.

Front page, what to know before quoting a number, the questions by theme, what is hidden and why, the method, and an
annex with the breakdowns. Nothing is computed here: numbers, labels and sentences are those of pages and downloads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from consult.core.progress import Progress, unwatched
from consult.core.text import Direction
from consult.results import charts, dashboard, method, opinions
from consult.results.charts import Chart
from consult.results.content import Content
from consult.results.presentation import Item, Line, Reader, Shown, items
from consult.results.sections import by_theme

ABREAST: Final = 5
"""Groups side by side on a page; a table with more of them goes on below."""
MOST_GROUPS: Final = 12
"""A table with more groups is left to the spreadsheet."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; those of the first level begin a chapter, `listed` ones stand in the table of contents."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str
    anchor: str
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; its tone is `finding`, `base`, `caveat` or none."""

    kind: ClassVar[str] = "text"
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    kind: ClassVar[str] = "bullets"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values."""

    kind: ClassVar[str] = "facts"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: heads of its columns, and rows that begin with their own head."""

    kind: ClassVar[str] = "grid"
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wordy: bool = False
    """Whether its cells are words and not numbers."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart; what it shows in words stands in the chart."""

    kind: ClassVar[str] = "figure"
    chart: Chart
    title: str


Block = Heading | Text | Bullets | Facts | Grid | Figure


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its front page, and what follows."""

    locale: str
    direction: Direction
    title: str
    subtitle: str
    frozen_on: dt.date
    mark: str
    """Said on the front page where responses are invented; empty otherwise."""
    facts: tuple[tuple[str, str], ...]
    contents: str
    """Heading of the table of contents."""
    blocks: tuple[Block, ...]


def report_of(content: Content, hash_: str, reader: Reader, progress: Progress = unwatched) -> Report:
    """The whole report."""
    _ = reader.words
    frozen_on = dt.date.fromisoformat(content.frozen_on)
    named = _("Release %(number)s") % {"number": reader.number(content.number)}
    title = reader.text(content.title, content.source)
    return Report(
        locale=reader.locale,
        direction=reader.direction,
        title=reader.text(content.process_title, content.source),
        subtitle=f"{named} · {title}" if title else named,
        frozen_on=frozen_on,
        mark=method.synthetic_mark(reader) if content.synthetic else "",
        facts=((_("Frozen on"), reader.date(frozen_on)), *list(method.facts(content, hash_, reader))[3:]),
        contents=_("Contents"),
        blocks=tuple(_blocks(content, reader, progress)),
    )


def _blocks(content: Content, reader: Reader, progress: Progress) -> Iterator[Block]:
    _ = reader.words
    yield Heading(1, _("Before you quote a number"), "caveats")
    yield Bullets((*method.caveats(reader, content), method.reading(reader)))
    yield from _activities(content, reader)
    steps = 2 * sum(1 for dataset in content.datasets for _table in dataset.one_way())
    done = 0
    yield from _opinions(content, reader)
    for theme, (heading, found) in enumerate(by_theme(content, reader), start=1):
        yield Heading(1, heading, f"theme-{theme}")
        for chart in dashboard.scales(found, reader):
            yield Heading(2, _("Statements side by side"), f"theme-{theme}-statements", listed=False)
            yield Figure(chart, _("Statements side by side"))
        for item in found:
            yield from _question(item, reader)
            done += 1
            progress(done, steps)
    yield from _hidden(content, reader)
    yield from _method(content, reader)
    yield from _annex(content, reader, progress, done, steps)


def _activities(content: Content, reader: Reader) -> Iterator[Block]:
    _ = reader.words
    counted = method.counted(content, reader)
    yield Heading(2, _("Activities in this release"), "activities")
    yield Grid(
        _("Activities in this release"),
        (_("Activity"), counted, _("Editions")),
        tuple(
            (
                reader.text(dataset.title, dataset.source),
                count(dataset.responses, reader),
                "–"
                if dataset.contributions
                else ", ".join(reader.number(number) for number, _hash in dataset.editions),
            )
            for dataset in content.datasets
        ),
    )


def _opinions(content: Content, reader: Reader) -> Iterator[Block]:
    _ = reader.words
    for number, found in enumerate(opinions.every(content, reader), start=1):
        yield Heading(1, found.title, f"opinions-{number}")
        for group in found.groups:
            yield Heading(2, group.heading, f"opinions-{number}-{group.letter}", listed=False)
            yield (
                Bullets(tuple(mark.sentence for mark in group.marks)) if group.marks else Text(opinions.nothing(reader))
            )
        if found.common:
            yield Heading(2, _("Common ground"), f"opinions-{number}-common", listed=False)
            yield Text(opinions.on_common_ground(reader))
            yield Grid(_("Common ground"), found.heads, tuple((one.label, *one.shares) for one in found.common))
        if found.left_out:
            yield Text(found.left_out, "caveat")


def _question(item: Item, reader: Reader) -> Iterator[Block]:
    card = dashboard.card(item, reader)
    yield Heading(2, item.label, _anchor(item))
    if card.finding:
        yield Text(card.finding, "finding")
    yield Text(card.base, "base")
    if card.chart:
        yield Figure(card.chart, item.label)
    if card.summary:
        yield Facts(tuple(card.summary))
    if not item.one_way.table.withheld:
        yield _one_way(item, reader)
        yield from _note(item.one_way, reader)


def _one_way(item: Item, reader: Reader) -> Grid:
    """The table of a question. Every column of it is made here."""
    _ = reader.words
    shown = item.one_way
    return Grid(
        item.label,
        (
            *(_("Answer"), _("Count"), _("Per cent (%(basis)s)") % {"basis": shown.basis}),
            *(f"{_('weighted')} ({reader.channel(column.channel)})" for column in shown.beside),
        ),
        tuple(
            (line.label, count(line.counts[0], reader), _share(line, 0, reader), *_weighted(line, reader))
            for line in shown.lines
        ),
    )


def _weighted(line: Line, reader: Reader) -> Iterator[str]:
    """The weighted shares beside a line, each with its interval where it has one."""
    for cell in line.weighted:
        interval = reader.interval(cell) if cell else ""
        yield f"{reader.weighted(cell)} ({interval})" if cell and interval else reader.weighted(cell) if cell else ""


def _annex(content: Content, reader: Reader, progress: Progress, done: int, steps: int) -> Iterator[Block]:
    _ = reader.words
    every = [item for dataset in content.datasets for item in items(dataset, reader)]
    if any(item.crossed for item in every):
        yield Heading(1, _("Annex: breakdowns by groups"), "annex")
    for item in every:
        if item.crossed:
            yield Heading(2, item.label, f"annex-{_anchor(item)}", listed=False)
        for place, shown in enumerate(item.crossed):
            yield from _crossed(item, shown, f"annex-{_anchor(item)}-{place}", reader)
        done += 1
        progress(done, steps)


def _crossed(item: Item, shown: Shown, anchor: str, reader: Reader) -> Iterator[Block]:
    _ = reader.words
    by = _("By: %(variable)s") % {"variable": shown.by}
    yield Heading(3, by, anchor, listed=False)
    if chart := charts.by_groups(shown, item.variable, reader):
        yield Figure(chart, f"{item.label} {by}")
    if len(shown.groups) > MOST_GROUPS:
        yield Text(_("Groups: %(number)s. See the spreadsheet.") % {"number": reader.number(len(shown.groups))})
        return
    for start in range(0, len(shown.groups), ABREAST):
        part = range(start, min(start + ABREAST, len(shown.groups)))
        rows = [(line.label, *(_both(line, group, reader) for group in part)) for line in shown.lines]
        sizes = (_("Size of the group"), *(count(shown.table.totals[group], reader) for group in part))
        yield Grid(f"{item.label} {by}", (_("Answer"), *(shown.groups[group] for group in part)), (*rows, sizes))
    yield from _note(shown, reader)


def _note(shown: Shown, reader: Reader) -> Iterator[Block]:
    _ = reader.words
    basis = _("Percentages: %(basis)s.") % {"basis": shown.basis}
    yield Text(" ".join([basis, method.hidden_sentence(shown.table, reader)]).strip(), "caveat")


def _hidden(content: Content, reader: Reader) -> Iterator[Block]:
    _ = reader.words
    yield Heading(1, _("What is hidden and why"), "hidden")
    found = dashboard.secrets(content, reader)
    yield from (Text(text) for text in method.protected(content, reader))
    if not found:
        yield Text(_("Nothing is hidden in this release."))
        return
    yield Grid(
        _("Tables in which something is hidden"),
        (_("Question"), _("By"), _("Hidden counts"), _("Threshold")),
        tuple(
            (
                secret.label,
                secret.by or "–",
                _("the whole table")
                if secret.withheld
                else _("%(hidden)s of %(cells)s")
                % {"hidden": reader.number(secret.hidden), "cells": reader.number(secret.of)},
                reader.number(secret.threshold),
            )
            for secret in found
        ),
        wordy=True,
    )


def _method(content: Content, reader: Reader) -> Iterator[Block]:
    _ = reader.words
    yield Heading(1, _("Method"), "method")
    yield from (Text(text) for text in method.tabulation(content, reader))
    for number, dataset in enumerate(content.datasets, start=1):
        yield Heading(2, reader.text(dataset.title, dataset.source), f"method-{number}", listed=False)
        yield Bullets((*method.weighting(dataset, reader), *method.editions(dataset, reader)))


def count(value: int | None, reader: Reader) -> str:
    """A count or its absence."""
    _ = reader.words
    return _("hidden") if value is None else reader.number(value)


def _share(line: Line, group: int, reader: Reader) -> str:
    share = line.shares[group]
    return "" if line.missing else "–" if share is None else reader.percent(share)


def _both(line: Line, group: int, reader: Reader) -> str:
    """A count with its percentage."""
    _ = reader.words
    number, share = count(line.counts[group], reader), line.shares[group]
    beside = line.weighted[group] if len(line.weighted) == len(line.counts) else None
    weighted = f"; {_('weighted')} {reader.weighted(beside)}" if beside else ""
    return number if share is None else f"{number}\u00a0({reader.percent(share)}{weighted})"


def _anchor(item: Item) -> str:
    return f"{item.dataset.slug}-{item.variable.id.strip(':')}"


def chapters(blocks: Sequence[Block]) -> list[Heading]:
    """What the table of contents lists."""
    return [block for block in blocks if isinstance(block, Heading) and block.listed]
