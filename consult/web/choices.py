"""Choices that forms offer, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import babel
from babel.core import get_global
from wtforms.fields.choices import SelectChoice

from consult.config import LOCALES
from consult.core.codes import COUNTRIES, LANGUAGES
from consult.core.localtime import time_zones
from consult.web.locale import current, locale_of, speaking
from consult.web.templating import country, zone_name


def as_listed(names: Mapping[Any, Any]) -> list[SelectChoice]:
    """Choices by code and name, in the order in which they come."""
    return [SelectChoice(str(code), name) for code, name in names.items()]


def by_name(names: Mapping[Any, str]) -> list[SelectChoice]:
    """Choices by code and name, in the order of their names."""
    return as_listed(dict(sorted(names.items(), key=lambda item: item[1].casefold())))


def countries() -> list[SelectChoice]:
    """Countries, by their names."""
    return by_name({code: country(code) for code in COUNTRIES})


def zones(chosen: str | None = None) -> list[SelectChoice]:
    """Time zones by their cities, each under its present name; under a former one where that was chosen."""
    former = get_global("zone_aliases").keys() - {"UTC", chosen}
    return by_name({zone: zone_name(zone) for zone in time_zones() if zone not in former})


def languages() -> list[SelectChoice]:
    """The languages of the interface, each by its own name."""
    return as_listed({code: locale_of(code).name for code in LOCALES})


def every_language() -> list[SelectChoice]:
    """Every language, by its name for the reader, one that was added by its own name."""
    names = babel.Locale.parse(current().shipped).languages
    added = {one.code: one.name for one in speaking() if one.code not in LOCALES}
    return by_name({**{code: names[code] for code in LANGUAGES if code in names}, **added})
