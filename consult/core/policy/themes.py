"""Starter sets of themes that a new process may begin with, and edit.

The labels of `global_compact` are the short titles by which the United Nations Network on Migration names the 23
objectives of the Global Compact for Safe, Orderly and Regular Migration (A/RES/73/195, paragraph 16).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import msgspec

from consult.core.text import LocalisedText


class StarterTheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One theme of a set, with the Global Compact objectives (1–23) it is aligned with."""

    code: str
    label: LocalisedText
    objectives: tuple[int, ...] = ()


class StarterSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named set of themes, in the order shown."""

    code: str
    label: LocalisedText
    themes: tuple[StarterTheme, ...]


def _localised(_: type, value: dict[str, str]) -> LocalisedText:
    """The only type of these files that msgspec does not know: an object of locale → text."""
    return LocalisedText(value)


def _read() -> Mapping[str, StarterSet]:
    source = files(__package__).joinpath("starter_themes.json").read_bytes()
    sets = msgspec.json.decode(source, type=tuple[StarterSet, ...], dec_hook=_localised)
    return MappingProxyType({starter.code: starter for starter in sets})


STARTER_SETS: Final = _read()
"""By code: `global_compact`, `migration_management`, `capacity_levels`."""
