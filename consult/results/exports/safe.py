"""Texts that no spreadsheet takes for a formula."""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width ones start formulas, too


def cell(text: str) -> str:
    """A text cell: one that a spreadsheet would run is given an apostrophe in front."""
    return f"'{text}" if text.startswith(_STARTS) else text
