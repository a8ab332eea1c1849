"""Bars: one per category of a table, or one per group, stacked to 100 per cent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from consult.results.charts.lettering import SMALL, cut, room
from consult.results.charts.marks import HIDDEN, WIDTH, Chart, Mark, Rect, Words
from consult.results.presentation import Line, Reader, Shown

MOST_BARS: Final = 15
MOST_SERIES: Final = 6
VALUE: Final = 64.0
"""Room for the figure behind a bar."""
ROW: Final = 40.0
BAR: Final = 14.0
_BASELINE: Final = 13.0
_TOP: Final = 18.0
"""From the top of a row to its bar: the label stands above."""
_INSIDE: Final = 8.0
"""Room around a figure in a bar."""


def bars(shown: Shown, reader: Reader) -> Chart | None:
    """One bar per category of a one-way table, of its percentage; none where there is nothing to draw."""
    lines = answers(shown)
    if not any(line.shares[0] for line in lines):
        return None
    kept = largest(lines, MOST_BARS)
    scale = (WIDTH - VALUE) / max(*(line.shares[0] or 0 for line in kept), 1)
    marks: list[Mark] = []
    for position, line in enumerate(kept):
        length = round((line.shares[0] or 0) * scale, 1)
        piece = Rect(0, position * ROW + _TOP, length, BAR, "series-1", line.label)
        marks += row(position, line.label, [piece] if length else [], figure(line.shares[0], reader))
    return Chart(
        height=len(kept) * ROW,
        marks=tuple(marks),
        note=left_out(len(lines) - len(kept), reader),
        description=in_words(kept, reader),
    )


def stacked(shown: Shown, reader: Reader) -> Chart | None:
    """One bar per group of a crossed table, stacked to 100 per cent; what is hidden is a piece of its own.

    None where rows overlap, or where there are more categories than colours or more groups than fit.
    """
    lines = [line for line in answers(shown) if any(share != 0 for share in line.shares)]
    if shown.table.multiple or not 2 <= len(lines) <= MOST_SERIES or len(shown.groups) > MOST_BARS:
        return None
    fills = [f"series-{series}" for series in range(1, len(lines) + 1)]
    return piled(shown, lines, fills, reader)


def piled(
    shown: Shown,
    lines: Sequence[Line],
    fills: Sequence[str],
    reader: Reader,
    figures: Sequence[str] = (),
    width: float = WIDTH,
) -> Chart:
    """A bar for each group with a piece for each line, in these fills. `figures` stand behind; none: the bases."""
    _ = reader.words
    marks: list[Mark] = []
    described = []
    for position, group in enumerate(shown.groups):
        pieces = list(_pieces(lines, fills, position, width - VALUE, reader))
        base = f"n = {reader.number(shown.bases[position] or 0)}"
        label = cut(group, width - room(f" ({base})")) + f" ({base})" if group and figures else group or base
        marks += row(position, label, pieces, figures[position] if figures else base if group else "", width)
        shares = {fill: line.shares[position] or 0 for line, fill in zip(lines, fills, strict=True)}
        marks += [words for piece in pieces for words in _inside(piece, shares.get(piece.fill, 0), reader)]
        described.append(f"{group}: " * bool(group) + ", ".join(one.label for one in pieces if one.fill != HIDDEN))
    hidden = any(isinstance(mark, Rect) and mark.fill == HIDDEN for mark in marks)
    legend = [*zip(fills, (line.label for line in lines), strict=True), *([(HIDDEN, _("hidden"))] if hidden else [])]
    return Chart(
        height=len(shown.groups) * ROW,
        width=width,
        marks=tuple(marks),
        legend=tuple(legend),
        description="; ".join(described),
    )


def row(position: int, label: str, pieces: Sequence[Rect], behind: str, width: float = WIDTH) -> Iterator[Mark]:
    """A row of a chart: its label above, its bar, its figure behind."""
    top = position * ROW
    end = pieces[-1].x + pieces[-1].width if pieces else 0
    yield Words(0, top + _BASELINE, cut(label, width))
    yield from pieces
    if behind:
        yield Words(round(end + 6, 1), top + _TOP + BAR - 3, behind, "tick")


def _pieces(lines: Sequence[Line], fills: Sequence[str], group: int, full: float, reader: Reader) -> Iterator[Rect]:
    _ = reader.words
    at, secret = 0.0, False
    top = group * ROW + _TOP
    for line, fill in zip(lines, fills, strict=True):
        share = line.shares[group]
        secret = secret or share is None
        if share:
            length = min(share * full / 100, full - at)
            yield Rect(round(at, 1), top, round(length, 1), BAR, fill, f"{line.label} {reader.percent(share)}")
            at += length
    if secret and at < full - 1:
        yield Rect(round(at, 1), top, round(full - at, 1), BAR, HIDDEN, _("hidden"))


def _inside(piece: Rect, share: float, reader: Reader) -> Iterator[Words]:
    """The figure in a piece, where there is room: colours alone say nothing on a black-and-white print."""
    text = reader.number(round(share))
    if share and room(text, SMALL) + _INSIDE <= piece.width:
        middle = round(piece.x + piece.width / 2, 1)
        yield Words(middle, piece.y + BAR - 3.5, text, f"on on-{piece.fill}", "middle")


def answers(shown: Shown) -> list[Line]:
    """The lines that are answers: no statuses."""
    return [line for line in shown.lines if not line.missing]


def largest(lines: Sequence[Line], most: int) -> list[Line]:
    """As many as fit, the largest ones, in their own order."""
    if len(lines) <= most:
        return list(lines)
    chosen = sorted(lines, key=lambda line: -sum(count or 0 for count in line.counts))[:most]
    return [line for line in lines if line in chosen]


def left_out(number: int, reader: Reader) -> str:
    """Said where not everything is drawn."""
    _ = reader.words
    return _("The largest are drawn; the table has all of them.") if number else ""


def figure(share: float | None, reader: Reader) -> str:
    """A percentage or its absence."""
    _ = reader.words
    return _("hidden") if share is None else reader.percent(share)


def in_words(lines: Iterable[Line], reader: Reader) -> str:
    """What a one-way chart shows, for those who do not see it."""
    return "; ".join(f"{line.label}: {figure(line.shares[0], reader)}" for line in lines)
