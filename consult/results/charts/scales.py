"""Scales such as those of agreement: bars stacked to 100 per cent in two hues, and the balance of their two ends.

A question is a scale where its form says so (appearance `likert` or `scale`). Its choices are the steps in their
order, the favourable end first, as forms write them; those by which one declines or does not know are no steps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from consult.core.aggregation.tables import Variable
from consult.core.questionnaire.answers import OTHER
from consult.core.questionnaire.lint import DECLINED
from consult.results.charts.bars import MOST_BARS, answers, piled
from consult.results.charts.marks import OFF, WIDE, WIDTH, Chart
from consult.results.presentation import Item, Line, Reader, Shown

_UNSURE: Final = re.compile(
    r"no_?opinion|(?:i_)?(?:do_?not|do?nt|can_?not|cant)_?(?:know|say)|unsure|not_?sure|no_?right"
)
_HUES: Final = {
    2: (1, 7),
    3: (2, 4, 6),
    4: (1, 3, 5, 7),
    5: (1, 3, 4, 5, 7),
    6: (1, 2, 3, 5, 6, 7),
    7: (1, 2, 3, 4, 5, 6, 7),
}
"""By the number of steps: which of the seven hues from one end through grey to the other they have."""

_MARK: Final = "\u200e"
"""Left-to-right mark: keeps a sign before its number."""


def steps(variable: Variable) -> list[str]:
    """The codes of a scale's steps in order; empty where a question is no scale, or one of other lengths."""
    if not variable.scale:
        return []
    found = [category.code for category in variable.categories if not category.until and not _beside(category.code)]
    return found if len(found) in _HUES else []


def _beside(code: str) -> bool:
    return code == OTHER or bool(DECLINED.fullmatch(code.lower()) or _UNSURE.fullmatch(code.lower()))


def scale(shown: Shown, variable: Variable, reader: Reader, width: float = WIDTH) -> Chart | None:
    """One bar per group in the hues of the scale, with the balance of its ends behind; none where it is no scale."""
    wanted = steps(variable)
    known = {line.code: line for line in answers(shown)}
    if len(shown.groups) > MOST_BARS or not wanted or not all(code in known for code in wanted):
        return None
    on = [known[code] for code in wanted]
    off = [line for code, line in known.items() if code not in wanted and any(share != 0 for share in line.shares)]
    if not any(share for line in on for share in line.shares) or len(off) > len(OFF):
        return None
    fills = [*(f"scale-{hue}" for hue in _HUES[len(on)]), *OFF[: len(off)]]
    half = len(on) // 2
    first, last = on[:half], on[-half:]
    figures = [_balance(first, last, group, of, reader) for group, of in enumerate(shown.bases)]
    chart = piled(shown, [*on, *off], fills, reader, figures, width)
    return replace(chart, note=_explained(first, last, figures, reader))


def statements(items: Sequence[Item], reader: Reader) -> Chart | None:
    """Several questions on the same scale, a bar for each; none where there are not two, or the scales differ."""
    first, *others = items
    codes = [[line.code for line in item.one_way.lines] for item in items]
    if not others or any(item.one_way.table.withheld for item in items) or any(one != codes[0] for one in codes):
        return None
    rows = zip(*(item.one_way.lines for item in items), strict=True)
    together = Shown(
        table=first.one_way.table,
        groups=tuple(item.label for item in items),
        by="",
        lines=tuple(
            replace(
                row[0],
                counts=tuple(line.counts[0] for line in row),
                shares=tuple(line.shares[0] for line in row),
            )
            for row in rows
        ),
        basis=first.one_way.basis,
        bases=tuple(item.one_way.bases[0] for item in items),
    )
    return scale(together, first.variable, reader, WIDE)


def balance(first: Sequence[int | None], last: Sequence[int | None], of: int | None) -> int | None:
    """By how many percentage points the counts of the first end outweigh those of the last (European Commission, *Joint
    Harmonised EU Programme of Business and Consumer Surveys: User Guide*); None where something in it is hidden."""
    ends = [[count for count in end if count is not None] for end in (first, last)]
    if not of or ends != [list(first), list(last)]:
        return None
    return round(100 * (sum(ends[0]) - sum(ends[1])) / of)


def _balance(first: Sequence[Line], last: Sequence[Line], group: int, of: int | None, reader: Reader) -> str:
    points = balance([line.counts[group] for line in first], [line.counts[group] for line in last], of)
    if points is None:
        return ""
    sign = "+" if points > 0 else "–" if points < 0 else ""
    return f"{_MARK if reader.direction == 'rtl' else ''}{sign}{reader.number(abs(points))}"


def _explained(first: Sequence[Line], last: Sequence[Line], figures: Sequence[str], reader: Reader) -> str:
    """What the figures behind the bars are."""
    _ = reader.words
    if not any(figures):
        return ""
    names = [", ".join(line.label for line in end) for end in (first, last)]
    return _("Behind each bar: percentage points of “%(first)s” less those of “%(last)s”.") % {
        "first": names[0],
        "last": names[1],
    }
