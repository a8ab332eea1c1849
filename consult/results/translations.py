"""The words of the interface outside a request: for downloads made on the command line and by jobs."""

from __future__ import annotations

from collections.abc import Callable

from consult.web.catalogue import catalogue

Words = Callable[[str], str]


def words_of(locale: str) -> Words:
    """The words of a shipped locale."""
    found: Words = catalogue(locale).gettext
    return found
