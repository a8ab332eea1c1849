"""The words of the interface outside a request: for documents made for others, on the command line and by jobs."""

from __future__ import annotations

from functools import cache

from babel.support import NullTranslations, Translations

from consult import paths


@cache
def catalogue(locale: str) -> NullTranslations:
    """The catalogue of a shipped locale, with `gettext` and `ngettext`."""
    return Translations.load(str(paths.TRANSLATIONS), [locale])
