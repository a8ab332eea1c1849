"""The guided template of a notice: what it must say, what is still missing, and the usual words for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import msgspec

from consult.core.text import LocalisedText
from consult.privacy.models import Notice
from consult.privacy.words import PARTS
from consult.processes.models import Activity

TEXTS: Final = {
    "controller": 500,
    "purpose": 2000,
    "recipients": 1000,
    "transfers": 1000,
    "automated": 1000,
    "source": 1000,
}
"""Parts that are needed in every language, with the characters that each may have."""
FURTHER: Final = {"law": 500, "authority": 500}
"""Texts that need not be there."""


def _localised(_: type, value: dict[str, str]) -> LocalisedText:
    return LocalisedText(value)


WORDINGS: Final[Mapping[str, LocalisedText]] = MappingProxyType(
    msgspec.json.decode(
        files(__package__).joinpath("wordings.json").read_bytes(), type=dict[str, LocalisedText], dec_hook=_localised
    )
)
"""Usual words for the texts, in the shipped languages; `{institution}` and `{policy}` stand for names."""


def suggested(activity: Activity) -> dict[str, LocalisedText]:
    """The usual words for an activity's notice, in those of its languages in which there are any."""
    process = activity.process
    names = {"{institution}": process.lead_institution.name, "{policy}": process.title}

    def filled(text: str, locale: str) -> str:
        for mark, name in names.items():
            text = text.replace(mark, name.resolve(locale, process.locales[0]).text)
        return text

    return {
        part: LocalisedText({code: filled(words[code], code) for code in activity.locales if code in words})
        for part, words in WORDINGS.items()
    }


def gaps(notice: Notice | None, locales: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What a notice lacks in each language, by the names of its parts; languages in which it is complete are left out.

    One that was copied from another round lacks everything until somebody has looked at it.
    """
    if notice is None or not notice.confirmed:
        return dict.fromkeys(locales, tuple(PARTS))
    found = {}
    for locale in locales:
        lacking = tuple(part for part in PARTS if not _has(notice, part, locale))
        if lacking:
            found[locale] = lacking
    return found


def sufficed(notice: Notice | None, locale: str) -> bool:
    """Whether a notice from before the template said in a language what it had to say then."""
    if notice is None or not notice.confirmed or notice.basis:
        return False
    return bool(notice.contact) and locale in notice.controller and locale in notice.purpose


def _has(notice: Notice, part: str, locale: str) -> bool:
    value = getattr(notice, part)
    return locale in value if part in TEXTS else bool(value)
