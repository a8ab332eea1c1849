"""Pairs of bars: two shares of each category, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from consult.results.charts.bars import BAR, VALUE, figure
from consult.results.charts.lettering import cut
from consult.results.charts.marks import WIDTH, Chart, Mark, Rect, Words
from consult.results.presentation import Reader

_ROW: Final = 62.0
_BASELINE: Final = 13.0
_TOP: Final = 18.0
_BESIDE: Final = 16.0
"""From one bar of a pair to the other."""


class Pair(NamedTuple):
    """A category with its two shares in per cent; none is hidden."""

    label: str
    shares: tuple[float | None, float | None]


def pairs(found: Sequence[Pair], names: tuple[str, str], reader: Reader) -> Chart:
    """Two bars for each category, called `names`, in the direction of the reader."""
    scale = (WIDTH - VALUE) / max([1.0, *(share or 0 for pair in found for share in pair.shares)])
    marks: list[Mark] = []
    for place, pair in enumerate(found):
        marks.append(Words(0, place * _ROW + _BASELINE, cut(pair.label, WIDTH)))
        for series, share in enumerate(pair.shares):
            top, length = place * _ROW + _TOP + series * _BESIDE, round((share or 0) * scale, 1)
            if length:
                marks.append(Rect(0, top, length, BAR, f"series-{series + 1}", f"{pair.label}: {names[series]}"))
            marks.append(Words(round(length + 6, 1), top + BAR - 3, figure(share, reader), "tick"))
    described = (
        f"{pair.label}: "
        + ", ".join(f"{name} {figure(share, reader)}" for name, share in zip(names, pair.shares, strict=True))
        for pair in found
    )
    return Chart(
        height=len(found) * _ROW,
        marks=tuple(marks),
        legend=tuple((f"series-{series}", name) for series, name in enumerate(names, start=1)),
        description="; ".join(described),
    ).towards(reader.direction)
