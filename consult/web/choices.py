"""Choices that several forms offer, in the reader's language."""

from __future__ import annotations

from consult.config import LOCALES
from consult.core.codes import COUNTRIES
from consult.web.locale import locale_of
from consult.web.templating import country

Choice = tuple[str, str]
"""Code and name."""


def countries() -> list[Choice]:
    """Countries, by their names."""
    return sorted(((code, country(code)) for code in COUNTRIES), key=lambda choice: choice[1].casefold())


def languages() -> list[Choice]:
    """The languages of the interface, each by its own name."""
    return [(code, locale_of(code).name) for code in LOCALES]
