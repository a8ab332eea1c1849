"""`regex()`: it searches, in RE2 syntax, in time linear in the text."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol

import re2

_MEMORY: Final = 1 << 20
"""Bytes that one compiled pattern may use."""


class Pattern(Protocol):
    """A compiled pattern."""

    def search(self, text: str) -> object | None:
        """A match anywhere in the text, or None."""


@lru_cache(maxsize=512)
def pattern(source: str) -> Pattern | None:
    """The compiled pattern, or None where RE2 cannot run it (look-around, back-references, or simply wrong)."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        compiled: Pattern = re2.compile(source, options)
    except (re2.error, UnicodeEncodeError):
        return None
    return compiled


def found(text: str, source: str) -> bool:
    """Whether the pattern is found anywhere in the text; a pattern that cannot run is found nowhere."""
    compiled = pattern(source)
    try:
        return compiled is not None and compiled.search(text) is not None
    except UnicodeEncodeError:
        return False
