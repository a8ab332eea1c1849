"""Charts as geometry: where bars and labels stand. `templates/results/chart.html` draws them as inline SVG.

All lengths are in units of the view box, from the inline start: in a right-to-left page the template mirrors them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from consult.core.aggregation.tables import Kind
from consult.results.presentation import Line, Reader, Shown

WIDTH: Final = 400.0
MOST_BARS: Final = 15
MOST_SERIES: Final = 6
_VALUE: Final = 64.0
"""Room for the figure behind a bar."""
_ROW: Final = 40.0
_BAR: Final = 14.0
_LONGEST: Final = 56
"""Characters of a label; the table has all of it."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar."""

    start: float
    length: float
    series: int
    """From 1; 0 for what is hidden."""
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: its label above, its segments, its figure behind."""

    y: float
    label: str
    segments: tuple[Segment, ...]
    figure: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its size, rows and legend. `left_out` rows stand in the table only."""

    height: float
    bars: tuple[Bar, ...]
    legend: tuple[tuple[int, str], ...] = ()
    left_out: int = 0
    width: float = WIDTH
    thickness: float = _BAR
    description: str = ""


def bars(shown: Shown, kind: Kind, reader: Reader) -> Chart | None:
    """One bar per category of a one-way table, of its percentage; none where there is nothing to draw."""
    lines = [line for line in shown.lines if not line.missing]
    if shown.table.withheld or kind is Kind.TEXT or not any(line.shares[0] for line in lines):
        return None
    kept = _largest(lines)
    most = max(line.shares[0] or 0 for line in kept)
    scale = (WIDTH - _VALUE) / max(most, 1)
    rows = []
    for position, line in enumerate(kept):
        share = line.shares[0]
        length = round((share or 0) * scale, 1)
        segments = (Segment(0, length, 1, line.label),) if length else ()
        rows.append(Bar(position * _ROW, _cut(line.label), segments, _figure(share, reader)))
    return Chart(
        height=len(rows) * _ROW,
        bars=tuple(rows),
        left_out=len(lines) - len(kept),
        description="; ".join(f"{line.label}: {_figure(line.shares[0], reader)}" for line in kept),
    )


def stacked(shown: Shown, reader: Reader) -> Chart | None:
    """One bar per group of a crossed table, stacked to 100 per cent; what is hidden is a segment of its own.

    None where rows overlap, or where there are more categories than colours.
    """
    _ = reader.words
    lines = [line for line in shown.lines if not line.missing and any(share != 0 for share in line.shares)]
    if shown.table.multiple or not 2 <= len(lines) <= MOST_SERIES or len(shown.groups) > MOST_BARS:
        return None
    rows = []
    for position, group in enumerate(shown.groups):
        segments = tuple(_stack(lines, position, reader))
        figure = reader.number(shown.bases[position] or 0)
        rows.append(Bar(position * _ROW, _cut(group), segments, f"n = {figure}"))
    hidden = any(segment.series == 0 for row in rows for segment in row.segments)
    legend = [*enumerate((line.label for line in lines), start=1), *([(0, _("hidden"))] if hidden else [])]
    return Chart(
        height=len(rows) * _ROW,
        bars=tuple(rows),
        legend=tuple(legend),
        description="; ".join(
            f"{row.label}: " + ", ".join(segment.label for segment in row.segments if segment.series) for row in rows
        ),
    )


def _stack(lines: Iterable[Line], group: int, reader: Reader) -> Iterable[Segment]:
    _ = reader.words
    at, scale, secret = 0.0, (WIDTH - _VALUE) / 100, False
    for series, line in enumerate(lines, start=1):
        share = line.shares[group]
        secret = secret or share is None
        if share:
            length = min(share * scale, WIDTH - _VALUE - at)
            yield Segment(round(at, 1), round(length, 1), series, f"{line.label} {reader.percent(share)}")
            at += length
    if secret and at < WIDTH - _VALUE - 1:
        yield Segment(round(at, 1), round(WIDTH - _VALUE - at, 1), 0, _("hidden"))


def _largest(lines: list[Line]) -> list[Line]:
    """As many as fit, the largest ones, in their own order."""
    if len(lines) <= MOST_BARS:
        return lines
    chosen = sorted(lines, key=lambda line: -(line.counts[0] or 0))[:MOST_BARS]
    return [line for line in lines if line in chosen]


def _figure(share: float | None, reader: Reader) -> str:
    _ = reader.words
    return _("hidden") if share is None else reader.percent(share)


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"
