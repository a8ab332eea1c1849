"""A histogram: how numbers or years spread, over an axis with the edges of their bins."""

from __future__ import annotations

from typing import Final

from consult.core.aggregation.tables import Category, Variable
from consult.results.charts.bars import answers, figure, in_words
from consult.results.charts.lettering import SMALL, room
from consult.results.charts.marks import HIDDEN, WIDTH, Chart, Mark, Path, Rect, Words
from consult.results.presentation import Line, Reader, Shown, number_label

_TALL: Final = 130.0
_ABOVE: Final = 18.0
"""Room for the figures over the bars."""
_BELOW: Final = 24.0
"""Room for the axis."""
_HATCHED: Final = 14.0
"""Height of a bar whose count is hidden: it says nothing about the count."""


def histogram(shown: Shown, variable: Variable, reader: Reader) -> Chart | None:
    """A bar for each bin, the open ones at the ends of the same width; none where there is nothing to draw."""
    bins = {category.code: category for category in variable.categories if not category.until}
    lines = [line for line in answers(shown) if line.code in bins]
    if not any(line.shares[0] for line in lines):
        return None
    width = WIDTH / len(lines)
    scale = _TALL / max(line.shares[0] or 0 for line in lines)
    floor = _ABOVE + _TALL
    marks: list[Mark] = []
    for position, line in enumerate(lines):
        marks += _bar(line, position * width, width, floor, scale, reader)
    marks.append(Path(((0, floor), (WIDTH, floor)), "axis"))
    marks += _axis([bins[line.code] for line in lines], variable, width, floor, reader)
    return Chart(height=floor + _BELOW, marks=tuple(marks), description=in_words(lines, reader))


def _bar(line: Line, at: float, width: float, floor: float, scale: float, reader: Reader) -> list[Mark]:
    share = line.shares[0]
    tall = round(_HATCHED if share is None else share * scale, 1)
    if not tall:
        return []
    label = f"{line.label}: {figure(share, reader)}"
    piece = Rect(round(at + 1, 1), floor - tall, round(width - 2, 1), tall, "series-1" if share else HIDDEN, label)
    text = figure(share, reader)
    fits = room(text, SMALL) <= width
    return [piece, *([Words(round(at + width / 2, 1), floor - tall - 5, text, "tick small", "middle")] if fits else [])]


def _axis(bins: list[Category], variable: Variable, width: float, floor: float, reader: Reader) -> list[Mark]:
    """A tick at every edge between two bins, with its number where there is room."""
    edges = [(position * width, one.lower) for position, one in enumerate(bins) if position and one.lower is not None]
    texts = [number_label(edge, variable, reader) for _at, edge in edges]
    every = next(
        (step for step in (1, 2, 3, 4, 6, 12) if all(room(text, SMALL) + 6 <= step * width for text in texts)), 12
    )
    marks: list[Mark] = []
    for position, ((at, _edge), text) in enumerate(zip(edges, texts, strict=True)):
        marks.append(Path(((round(at, 1), floor), (round(at, 1), floor + 4)), "axis"))
        if position % every == 0:
            marks.append(Words(round(at, 1), floor + 17, text, "tick small", "middle"))
    return marks
