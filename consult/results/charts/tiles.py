"""A map of tiles: how answers spread over countries, small ones as large as big ones."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import Final

from consult.core.aggregation.tables import Kind, Variable
from consult.results.charts.bars import answers, figure, in_words
from consult.results.charts.marks import HIDDEN, WIDE, Chart, Mark, Tile
from consult.results.charts.world import COLUMNS, PLACES, ROWS
from consult.results.presentation import Line, Reader, Shown

FEWEST: Final = 8
"""Countries from which a map is worth its room."""
_GAP: Final = 1.5
_LIMITS: Final = (1.0, 2.0, 5.0, 10.0)
"""Per cent at which the next band begins."""
_EMPTY: Final = "nowhere"
"""The fill of countries that the question does not offer, or that nobody named."""


def is_of_countries(variable: Variable) -> bool:
    """Whether most categories of a question are countries by their ISO codes."""
    codes = variable.codes()
    known = sum(code in PLACES for code in codes)
    return variable.kind is Kind.SINGLE and known >= FEWEST and 2 * known > len(codes)


def tiles(shown: Shown, reader: Reader) -> Chart | None:
    """Every country with its share of a one-way table in one of five bands; none where all are hidden or empty."""
    _ = reader.words
    lines = {line.code: line for line in answers(shown) if line.code in PLACES}
    if not any(line.shares[0] for line in lines.values()):
        return None
    side = WIDE / COLUMNS
    marks: list[Mark] = []
    for code, (column, row) in PLACES.items():
        line = lines.get(code)
        place = (round(column * side, 1), round(row * side, 1), round(side - _GAP, 1))
        label = f"{line.label}: {figure(line.shares[0], reader)}" if line else ""
        marks.append(Tile(*place, code, _band(line), label))
    elsewhere = [line for line in answers(shown) if line.code not in PLACES and line.shares[0] != 0]
    return Chart(
        height=round(ROWS * side, 1),
        width=WIDE,
        marks=tuple(marks),
        legend=tuple(_legend([_band(line) for line in lines.values()], reader)),
        note=_("Not on the map: %(answers)s.") % {"answers": in_words(elsewhere, reader)} if elsewhere else "",
        description=_("Countries with the largest shares: %(answers)s.")
        % {"answers": in_words(_foremost(list(lines.values())), reader)},
    )


def _band(line: Line | None) -> str:
    if line is None or line.shares[0] == 0:
        return _EMPTY
    share = line.shares[0]
    return HIDDEN if share is None else f"band-{1 + bisect_right(_LIMITS, share)}"


def _foremost(lines: list[Line], most: int = 5) -> list[Line]:
    return sorted((line for line in lines if line.shares[0]), key=lambda line: -(line.shares[0] or 0))[:most]


def _legend(used: list[str], reader: Reader) -> list[tuple[str, str]]:
    _ = reader.words
    limits = [reader.percent(limit, decimals=0) for limit in _LIMITS]
    bands = [
        _("under %(number)s") % {"number": limits[0]},
        *(_("%(lower)s to under %(upper)s") % {"lower": one, "upper": another} for one, another in pairwise(limits)),
        _("%(number)s and over") % {"number": limits[-1]},
    ]
    named = [(f"band-{number}", label) for number, label in enumerate(bands, start=1)]
    return [*named, *([(HIDDEN, _("hidden"))] if HIDDEN in used else []), (_EMPTY, _("nobody, or not asked about"))]
