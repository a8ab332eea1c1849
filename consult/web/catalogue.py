"""The words of the interface outside a page: for documents made for others, on the command line and by jobs."""

from __future__ import annotations

from babel.support import NullTranslations

from consult.web.locale import locale_of
from consult.web.words import Words, shipped


def catalogue(locale: str) -> NullTranslations:
    """The words of a locale, with `gettext` and `ngettext`; an added language needs the application around it."""
    found = locale_of(locale)
    return Words(found.vocabulary, marked=False) if found.vocabulary else shipped(found.shipped)
