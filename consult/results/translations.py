"""The words of the interface outside a request: for downloads made on the command line and by jobs."""

from __future__ import annotations

from functools import cache

from babel.support import Translations

from consult import paths
from consult.results.presentation import Words


@cache
def words_of(locale: str) -> Words:
    """The catalogue of a shipped locale."""
    found: Words = Translations.load(str(paths.TRANSLATIONS), [locale]).gettext
    return found
