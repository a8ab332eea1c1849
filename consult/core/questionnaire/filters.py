"""What the filters of choice lists leave, as far as that can be told from the columns of the choices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from consult.core.expressions import Environment, Expression, browser

Rows = Mapping[str, Mapping[str, str]]
"""The columns of the choices of a list, by code."""


def settled(filtering: Expression, rows: Rows) -> frozenset[str] | None:
    """What a filter leaves that looks at nothing but the columns of the choices."""
    if not filtering.by_columns:
        return None
    nobody = Environment(today=dt.date(2000, 1, 1))
    return frozenset(name for name, row in rows.items() if filtering.truth(nobody.child(choice=row)))


def alike(filtering: Expression, rows: Rows) -> tuple[tuple[str, ...], ...]:
    """The codes of a list, those together about which a filter decides alike."""
    if filtering.volatile:
        return tuple((name,) for name in rows)
    columns = sorted(browser.columns(filtering))
    found: dict[tuple[str | None, ...], list[str]] = {}
    for name, row in rows.items():
        found.setdefault(tuple(row.get(column) for column in columns), []).append(name)
    return tuple(map(tuple, found.values()))
