"""Texts that no spreadsheet takes for a formula, and that can stand in XML."""

from __future__ import annotations

import re

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width ones start formulas, too


def cell(text: str) -> str:
    """A text cell: one that a spreadsheet would run is given an apostrophe in front."""
    return f"'{text}" if text.startswith(_STARTS) else text


_NO_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def xml(text: str) -> str:
    """A text, or a whole document, without the characters for which XML has no place (XML 1.0, production 2)."""
    return _NO_XML.sub("", text)
