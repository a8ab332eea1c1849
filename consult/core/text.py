"""Texts that authors write in several languages, and the writing direction of a language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]

# ISO 639 languages written from right to left in their usual script (CLDR `layout.json`, characterOrder).
_RIGHT_TO_LEFT = frozenset(
    {
        "ar",
        "arc",
        "ckb",
        "dv",
        "fa",
        "ha-Arab",
        "he",
        "khw",
        "ks",
        "ku-Arab",
        "mzn",
        "nqo",
        "prs",
        "ps",
        "sd",
        "syr",
        "ug",
        "ur",
        "yi",
    }
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"})

# Characters that reorder or hide text (bidi overrides and isolates, zero-width space, BOM). ZWJ and ZWNJ stay:
# Persian, Sinhala and Hindi need them.
_SPOOFING = dict.fromkeys(
    [
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0x200B,
        0x2060,
        0xFEFF,
        *range(0x09),
        0x0B,
        0x0C,
        *range(0x0E, 0x20),
        0x7F,
        *range(0x80, 0xA0),
    ]
)


def direction(locale: str) -> Direction:
    """Writing direction of a BCP 47 locale: by its script subtag if it has one, else by its language."""
    parts = locale.split("-")
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0].title() in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if parts[0] in _RIGHT_TO_LEFT else "ltr"


def clean(text: str) -> str:
    """Text as stored: NFC, without control characters and without marks that reorder or hide what is read."""
    return unicodedata.normalize("NFC", text).translate(_SPOOFING).replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text chosen for a reader, with the locale it is really in (to be marked with `lang` if it is another)."""

    text: str
    locale: str

    @property
    def direction(self) -> Direction:
        """Direction of the text itself, which may differ from the page's."""
        return direction(self.locale)


class LocalisedText(Mapping[str, str]):
    """One text in several locales: immutable, hashable, without empty entries."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        self._texts: dict[str, str] = {locale: text for locale, text in dict(texts).items() if text}

    def __getitem__(self, locale: str) -> str:
        return self._texts[locale]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(frozenset(self._texts.items()))

    def __eq__(self, other: object) -> bool:
        return self._texts == other._texts if isinstance(other, LocalisedText) else NotImplemented

    def __repr__(self) -> str:
        return f"LocalisedText({self._texts!r})"

    def resolve(self, locale: str, source: str = "en") -> Rendered:
        """The text for a reader: the locale, its language, the source locale, else whatever there is."""
        for candidate in (locale, locale.split("-")[0], source):
            if candidate in self._texts:
                return Rendered(self._texts[candidate], candidate)
        for candidate, text in self._texts.items():
            return Rendered(text, candidate)
        return Rendered("", locale)

    def missing(self, locales: Iterable[str]) -> list[str]:
        """The locales in which there is no text."""
        return [locale for locale in locales if locale not in self._texts]

    def with_text(self, locale: str, text: str) -> LocalisedText:
        """The same text with one locale set (or removed, where the text is empty)."""
        return LocalisedText({**self._texts, locale: text})


def plain(value: object) -> object:
    """A text as JSON has it: the `enc_hook` of every document that holds some."""
    if isinstance(value, LocalisedText):
        return dict(value)
    raise NotImplementedError(type(value))  # msgspec's word for what it cannot write
