"""Small multiples: the same bars for one group beside another, on one measure."""

from __future__ import annotations

from typing import Final

from consult.results.charts.bars import answers, figure, largest, left_out
from consult.results.charts.lettering import SMALL, cut, room
from consult.results.charts.marks import HIDDEN, WIDE, Chart, Mark, Path, Rect, Words
from consult.results.presentation import Line, Reader, Shown

MOST_GROUPS: Final = 12
_MOST_ROWS: Final = 12
_ABREAST: Final = 4
"""Panels beside one another."""
_NARROWEST: Final = 100.0
"""A panel with its gap; the rest is for the answers, at the start of every band of panels."""
_GAP: Final = 10.0
_LINE: Final = 18.0
_BAR: Final = 11.0
_HEAD: Final = 38.0


def multiples(shown: Shown, reader: Reader) -> Chart | None:
    """A panel for each group with a bar for each answer; the largest groups and answers where there are many."""
    lines = [line for line in answers(shown) if any(share != 0 for share in line.shares)]
    groups = [group for group, of in enumerate(shown.bases) if of and any(line.shares[group] for line in lines)]
    if not groups:
        return None
    kept = largest(lines, _MOST_ROWS)
    chosen = sorted(sorted(groups, key=lambda group: -(shown.bases[group] or 0))[:MOST_GROUPS])
    abreast = min(_ABREAST, len(chosen))
    labels = min(max(room(line.label, SMALL) for line in kept) + _GAP + 1, WIDE - abreast * _NARROWEST)
    panel = (WIDE - labels) / abreast - _GAP
    most = max(line.shares[group] or 0 for line in kept for group in chosen)
    scale = (panel - room(figure(100, reader), SMALL) - 4) / most
    band = _HEAD + len(kept) * _LINE + _GAP
    marks: list[Mark] = []
    for position, group in enumerate(chosen):
        top, column = (position // abreast) * band, position % abreast
        if column == 0:
            marks += [
                Words(0, top + _HEAD + row * _LINE + 11, cut(line.label, labels - _GAP, SMALL), "small")
                for row, line in enumerate(kept)
            ]
        marks += _panel(shown, kept, group, labels + column * (panel + _GAP), top, panel, scale, reader)
    return Chart(
        height=(len(chosen) + abreast - 1) // abreast * band,
        width=WIDE,
        marks=tuple(marks),
        note=left_out(len(lines) - len(kept) + len(groups) - len(chosen), reader),
        description="; ".join(
            f"{shown.groups[group]}: "
            + ", ".join(f"{line.label} {figure(line.shares[group], reader)}" for line in kept)
            for group in chosen
        ),
    )


def _panel(
    shown: Shown, lines: list[Line], group: int, left: float, top: float, width: float, scale: float, reader: Reader
) -> list[Mark]:
    left = round(left, 1)
    floor = top + _HEAD + len(lines) * _LINE
    marks: list[Mark] = [
        Words(left, top + 14, cut(shown.groups[group], width, SMALL), "small strong"),
        Words(left, top + 28, f"n = {reader.number(shown.bases[group] or 0)}", "tick small"),
        Path(((left, top + _HEAD - 4), (left, floor)), "axis"),
    ]
    for row, line in enumerate(lines):
        share, y = line.shares[group], top + _HEAD + row * _LINE
        long = round(_BAR if share is None else share * scale, 1)
        if long:
            fill = HIDDEN if share is None else "series-1"
            marks.append(Rect(left, y, long, _BAR, fill, f"{line.label}: {figure(share, reader)}"))
        marks.append(Words(round(left + long + 4, 1), y + 10, figure(share, reader), "tick small"))
    return marks
