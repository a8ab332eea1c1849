"""What a release says of weights: the margins they were fitted to, how that went, and weighted shares beside counts."""

from __future__ import annotations

from typing import Final

import msgspec

from consult.core.text import LocalisedText

MERGED: Final = "+"
"""Joins the codes of categories that a margin knows together, as those that stand together in a table."""
WEIGHT: Final = 1_000_000
"""Weights are counted in millionths, so that sums are the same on every engine."""
SHARE: Final = 1_000
"""Weighted shares are counted in thousandths: per cent with one decimal."""


class KnownMargin(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the population by the categories of one variable."""

    variable: str
    """Its id."""
    totals: tuple[tuple[str, float], ...]
    """Category, or several joined by `MERGED`, and its total (> 0)."""

    def category(self, code: str) -> str | None:
        """The category of the margin in which a code counts; none where nothing is known of it."""
        return next((name for name, _ in self.totals if code == name or code in name.split(MERGED)), None)


class Fit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the weights of one channel came about; their mean is 1."""

    channel: str
    refused: str = ""
    """Code of the reason for which the channel has no weights."""
    rounds: int = 0
    least: float = 0.0
    greatest: float = 0.0
    """Round numbers between which all weights lie."""
    trimmed: int = 0
    """Weights that stand at a bound, rounded down to tens."""
    missed: float = 0.0
    """Largest deviation from a margin, in per cent of its total; above zero where weights were trimmed."""
    design_effect: float = 0.0
    effective: int = 0
    """Kish's effective sample size, rounded down to tens."""


class Uncertainty(msgspec.Struct, frozen=True, kw_only=True):
    """Of a weighted share: standard error and 95 % interval in thousandths; design effect in hundredths."""

    error: int
    lower: int
    upper: int
    design_effect: int
    effective: int


class WeightedRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Shares of one category by group, in thousandths; None is hidden, or has no weights."""

    code: str
    shares: tuple[int | None, ...]
    errors: tuple[Uncertainty | None, ...] = ()
    """Where the sample allows them."""


class WeightedTable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Weighted shares in the rows and groups of the count table of the same name, of the same base."""

    variable: str
    by: str = ""
    channel: str = ""
    """Whose weights; none: each group is a channel with weights of its own."""
    unit: int = 1
    """What shares are rounded to, in thousandths."""
    rows: tuple[WeightedRow, ...]


class Weighting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Margins that were accepted for an activity, and what came of them."""

    margins: tuple[KnownMargin, ...]
    lower: float = 0.0
    upper: float = 0.0
    """Bounds of weights, as multiples of their mean; 0: none."""
    model: LocalisedText = LocalisedText()
    """The model, with its assumptions, under which a self-selected sample has intervals."""
    fits: tuple[Fit, ...] = ()
    tables: tuple[WeightedTable, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    """Tables (variable, variable of the groups) whose weighted shares would give a hidden count away."""

    def table(self, variable: str, by: str = "") -> WeightedTable | None:
        """The weighted table that stands beside a count table."""
        return next((table for table in self.tables if (table.variable, table.by) == (variable, by)), None)
