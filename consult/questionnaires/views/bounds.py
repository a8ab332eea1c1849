"""Lower bounds in the mapping editor: as officers type them, and what they mean in words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from babel.numbers import format_decimal, get_decimal_symbol
from flask_babel import gettext as _

from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.expressions.values import number_text
from consult.core.questionnaire.numerals import read_number
from consult.questionnaires.mapping import END, Measured
from consult.web.locale import cldr, current

_GROUPED_FROM = 10_000
"""Years have no marks between their digits."""


def written(bounds: Mapping[str, float]) -> dict[str, str]:
    """Bounds as they stand in fields."""
    mark = get_decimal_symbol(cldr(current().interface))
    return {name: number_text(bound).replace(".", mark) for name, bound in bounds.items()}


def read(typed: Mapping[str, str]) -> dict[str, float]:
    """What was typed, by code or `END`, as numbers; empty fields are left out.

    Refuses `questionnaires.bound.number`, with the code as its field.
    """
    mark = get_decimal_symbol(cldr(current().interface))
    found = {name: read_number(text, mark) for name, text in typed.items() if text}
    refuse_if_any(
        Problem("questionnaires.bound.number", {}, Place(field=name)) for name, bound in found.items() if bound is None
    )
    return {name: bound for name, bound in found.items() if bound is not None}


def ranges(question: Measured, bounds: Mapping[str, float]) -> dict[str, str]:
    """Which numbers each code stands for, in words; with `END`, those that stand for none."""
    if not bounds:
        return {}
    order = sorted(bounds.items(), key=lambda one: one[1])
    found = {name: _between(low, high, question.decimals or 0) for (name, low), (_next, high) in pairwise(order)}
    last, greatest = order[-1]
    found[last] = _("%(number)s and over") % {"number": _number(greatest)}
    under = _("under %(number)s") % {"number": _number(order[0][1])}
    return found | {END: f"{under}; {found[END]}" if END in found else under}


def _between(low: float, high: float, decimals: int) -> str:
    if decimals:
        return str(_("%(from_number)s to under %(to_number)s", from_number=_number(low), to_number=_number(high)))
    return _number(low) if high - low == 1 else f"{_number(low)}–{_number(high - 1)}"


def _number(value: float) -> str:
    locale = cldr(current().interface)
    return str(format_decimal(value, "#,##0.######", locale, group_separator=abs(value) >= _GROUPED_FROM))
