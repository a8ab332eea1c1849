"""Lines over rounds or releases: how the shares of a question's answers changed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from consult.results.charts.bars import MOST_SERIES, figure, left_out
from consult.results.charts.lettering import SMALL, cut
from consult.results.charts.marks import WIDTH, Chart, Dot, Mark, Path, Words
from consult.results.comparison import Compared, Comparison
from consult.results.presentation import Reader

_TALL: Final = 160.0
_ABOVE: Final = 10.0
_BELOW: Final = 26.0
_MARGIN: Final = 44.0
"""Room for the percentages beside the axis."""
_STEPS: Final = (1, 2, 5, 10, 20, 25, 50)
"""Per cent between two grid lines."""
_MOST_LINES: Final = 5
"""Grid lines."""


def over_time(compared: Comparison, names: list[str], reader: Reader) -> Chart | None:
    """A line for each answer over what it is compared over, called `names`; where a share is hidden, it is broken."""
    lines = [line for line in compared.lines if not line.missing and any(_shares(line))]
    if not lines or len(names) < 2:
        return None
    kept = sorted(lines, key=lambda line: -max(share or 0 for share in _shares(line)))[:MOST_SERIES]
    kept = [line for line in lines if line in kept]
    top = max(share or 0 for line in kept for share in _shares(line))
    step = next((step for step in _STEPS if top / step <= _MOST_LINES), 50)
    ceiling = max(1, math.ceil(top / step)) * step
    across = [round(_MARGIN + (WIDTH - 2 * _MARGIN) * at / (len(names) - 1), 1) for at in range(len(names))]
    marks: list[Mark] = list(_frame(names, across, step, ceiling, reader))
    for series, line in enumerate(kept, start=1):
        marks += _course(line, f"series-{series}", across, ceiling, reader)
    return Chart(
        height=_ABOVE + _TALL + _BELOW,
        marks=tuple(marks),
        legend=tuple((f"series-{series}", line.label) for series, line in enumerate(kept, start=1)),
        note=left_out(len(lines) - len(kept), reader),
        description="; ".join(
            f"{line.label}: {', '.join(figure(share, reader) for share in _shares(line))}" for line in kept
        ),
    )


def _frame(names: list[str], across: list[float], step: int, ceiling: int, reader: Reader) -> Iterator[Mark]:
    for level in range(0, ceiling + 1, step):
        y = round(_height(level, ceiling), 1)
        yield Path(((_MARGIN - 8, y), (WIDTH - _MARGIN + 8, y)), "axis" if level == 0 else "grid")
        yield Words(_MARGIN - 12, y + 4, reader.percent(level, decimals=0), "tick small", "end")
    for name, x in zip(names, across, strict=True):
        yield Words(x, _ABOVE + _TALL + 18, cut(name, WIDTH / len(names), SMALL), "tick small", "middle")


def _course(line: Compared, fill: str, across: list[float], ceiling: int, reader: Reader) -> Iterator[Mark]:
    points: list[tuple[float, float]] = []
    for x, share in zip(across, _shares(line), strict=True):
        if share is None:
            yield from _line(points, fill)
            points = []
        else:
            points.append((x, round(_height(share, ceiling), 1)))
            yield Dot(*points[-1], fill, f"{line.label}: {figure(share, reader)}")
    yield from _line(points, fill)


def _line(points: list[tuple[float, float]], fill: str) -> Iterator[Mark]:
    if len(points) > 1:
        yield Path(tuple(points), f"course {fill}")


def _height(share: float, ceiling: int) -> float:
    return _ABOVE + _TALL * (1 - share / ceiling)


def _shares(line: Compared) -> list[float | None]:
    return [cell[1] if cell else None for cell in line.cells]
