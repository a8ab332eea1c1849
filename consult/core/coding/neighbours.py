"""Which codes a text may have: those of the coded texts that are most like it, in its own language.

Texts are compared by the cosine of their TF-IDF weights, (1 + ln tf) · (ln((1 + N) / (1 + df)) + 1) for each word
(G. Salton, C. Buckley, *Term-weighting approaches in automatic text retrieval*, Information Processing & Management 24
(1988), 513–523). The same texts give the same proposals, in whatever order they come.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

NEIGHBOURS: Final = 7
LEAST: Final = 0.1
"""Texts that are less alike than this say nothing about one another."""
_UNSEEN: Final = frozenset("\u0640\u200c\u200d")
"""What changes the look of a word and not the word: tatweel, joiners."""
_UNSPACED: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x3400, 0x9FFF),  # Han
)
"""Scripts that put no space between words: there each letter counts with the one after it."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A text with the codes that it was given; `key` tells it from the others."""

    key: str
    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A code that a text may have: by what share of its neighbours' likeness (0 to 1)."""

    code: str
    score: float


def words(text: str) -> Iterator[str]:
    """The words of a text, without case and accents: letters and digits between what is neither, in any script.

    As Unicode Standard Annex 29 divides words, but for apostrophes, which divide too (*l’école* has *école*).
    """
    word: list[str] = []
    for letter in unicodedata.normalize("NFKD", text).casefold():
        kind = unicodedata.category(letter)[0]
        if kind in "LN" or (kind == "M" and _vowel(letter)):
            word.append(letter)
        elif kind != "M" and letter not in _UNSEEN:
            yield from _of(word)
            word = []
    yield from _of(word)


def _vowel(mark: str) -> bool:
    """Whether a mark is a vowel or the like, which makes another word (Devanagari, Bengali, Khmer …).

    Accents, and the short vowels of Arabic and Hebrew, are written by some and left out by others.
    """
    return not (0x0300 <= ord(mark) < 0x0900 or 0x1AB0 <= ord(mark) < 0x1B00 or 0x1DC0 <= ord(mark) < 0x1E00)


def _of(word: list[str]) -> Iterator[str]:
    letters = [letter for letter in word if letter not in _UNSEEN]
    unspaced = any(low <= ord(letter) <= high for letter in letters[:1] for low, high in _UNSPACED)
    if unspaced and len(letters) > 1:
        yield from map("".join, itertools.pairwise(letters))
    elif letters:
        yield "".join(letters)


class Neighbours:
    """Coded texts of one language, laid out so that those like another text are found."""

    def __init__(self, coded: Iterable[Coded]) -> None:
        texts = sorted(coded, key=lambda one: one.key)
        counts = [Counter(words(one.text)) for one in texts]
        found = Counter(word for count in counts for word in count)
        self._rarity = {word: math.log((1 + len(texts)) / (1 + seen)) + 1 for word, seen in found.items()}
        self._texts = texts
        self._with: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, count in enumerate(counts):
            for word, weight in self._weights(count).items():
                self._with[word].append((place, weight))

    def _weights(self, count: Mapping[str, int]) -> dict[str, float]:
        """Weights of length 1; words that no coded text has are as rare as can be, and lengthen the text."""
        unseen = math.log(1 + len(self._texts)) + 1
        weights = {word: (1 + math.log(tf)) * self._rarity.get(word, unseen) for word, tf in sorted(count.items())}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()} if length else {}

    def like(self, text: str, k: int = NEIGHBOURS) -> list[tuple[Coded, float]]:
        """The k texts most like another one, with the cosine; those equally like it by their keys."""
        cosines: dict[int, float] = defaultdict(float)
        for word, weight in self._weights(Counter(words(text))).items():
            for place, other in self._with.get(word, ()):
                cosines[place] += weight * other
        best = sorted(cosines.items(), key=lambda item: (-round(item[1], 9), item[0]))
        return [(self._texts[place], cosine) for place, cosine in best[:k] if cosine >= LEAST]

    def proposals(self, text: str, known: Collection[str], k: int = NEIGHBOURS) -> list[Proposal]:
        """The known codes of the k texts most like it, the best first."""
        near = self.like(text, k)
        total = sum(cosine for _, cosine in near)
        scores: dict[str, float] = defaultdict(float)
        for one, cosine in near:
            for code in one.codes:
                if code in known:
                    scores[code] += cosine / total
        found = (Proposal(code, min(1.0, score)) for code, score in scores.items())
        return sorted(found, key=lambda one: (-round(one.score, 9), one.code))
