"""The words of the interface that participants see, in a language in which the interface is not shipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from consult.core.plurals import PluralRule
from consult.core.text import Direction
from consult.core.translation import fingerprint

PSEUDO: Final = ("en-XA", "ar-XB")
"""Pseudo-locales (CLDR has them by these names): accented and longer, and from right to left. They are made of the
English words, to find what is not translated, not mirrored or cut off. They are never offered to participants."""
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)s|%%")
_LONGER: Final = ("öñé", "ţŵô", "ţĥŕéé", "ƒôûŕ", "ƒîṽé", "šîẋ", "šéṽéñ", "éîĝĥţ", "ñîñé", "ţéñ")
_ACCENTS: Final = str.maketrans(
    "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz", "ÅåƁƀÇçÐðÉéƑƒĜĝĤĥÎîĴĵĶķĻļṀɱÑñÔôÞþǪǫŔŕŠšŢţÛûṼṽŴŵẊẋÝýŽž"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A text of the interface, as the sources have it; one with a number in it has a plural."""

    singular: str
    plural: str = ""
    where: str = ""
    """The file that has it first."""
    comment: str = ""
    """What its author tells translators."""

    @property
    def path(self) -> str:
        """What names it: another text is another word, whatever was translated before."""
        return fingerprint(self.singular)

    def forms(self, rule: PluralRule) -> Iterator[tuple[str, str, tuple[int, ...]]]:
        """The texts to translate: path, source, and of a plural form numbers that have it."""
        if not self.plural:
            yield self.path, self.singular, ()
        for category, numbers in rule.examples.items() if self.plural else ():
            source = self.singular if category == "one" else self.plural
            yield f"{self.path}/{category}", source, numbers


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A language of participants' pages."""

    code: str
    name: str
    """In the language itself."""
    direction: Direction
    digits: str
    """`core.numbering`."""
    fallback: str
    """The shipped locale in which stands what is not translated."""
    rule: PluralRule
    words: Mapping[str, str]
    """Translations by their paths."""
    version: int = 0
    """Another one whenever anything of it changed."""

    @property
    def pseudo(self) -> bool:
        """Whether it is made of the English words."""
        return self.code in PSEUDO

    def text(self, singular: str, number: int | None = None) -> str:
        """The translation of a text, of one with a number in it the form for that; empty where there is none."""
        path = fingerprint(singular)
        return self.words.get(path if number is None else f"{path}/{self.rule.category(number)}", "")


def pseudo(catalogue: Iterable[Word]) -> tuple[Vocabulary, ...]:
    """The pseudo-locales."""
    words = [*catalogue]
    return (
        _made_of(words, Vocabulary(PSEUDO[0], accented("English"), "ltr", "latn", "en", PluralRule(), {}), accented),
        _made_of(words, Vocabulary(PSEUDO[1], mirrored("English"), "rtl", "arab", "en", PluralRule(), {}), mirrored),
    )


def _made_of(words: Iterable[Word], empty: Vocabulary, change: Callable[[str], str]) -> Vocabulary:
    texts = {path: change(source) for word in words for path, source, _ in word.forms(empty.rule)}
    return replace(empty, words=texts)


def accented(text: str) -> str:
    """A text in letters with accents, a third longer, in brackets that show where it is cut off."""
    longer = " ".join(_LONGER[: -(-len(text) // 12)])
    return f"[{_spared(text, lambda piece: piece.translate(_ACCENTS))} {longer}]"


def mirrored(text: str) -> str:
    """A text whose letters run from right to left."""
    return _spared(text, lambda piece: f"\u202e{piece}\u202c" if piece.strip() else piece)


def _spared(text: str, change: Callable[[str], str]) -> str:
    """A text that is changed but for its placeholders."""
    pieces = _PLACEHOLDER.split(text)
    spared = [*_PLACEHOLDER.findall(text), ""]
    return "".join(change(piece) + kept for piece, kept in zip(pieces, spared, strict=True))
