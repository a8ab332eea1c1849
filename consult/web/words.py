"""The interface's words in languages that an administrator added: what the database has, else a shipped locale's."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from babel.support import NullTranslations, Translations

from consult import paths
from consult.core.vocabulary import Vocabulary

START: Final = "\ufdd0"
END: Final = "\ufdd1"
"""Stand around a word that falls back until the page is whole: then it is known whether that is in an attribute.
Unicode keeps these two for such use; no text has them."""
_START: Final = START.encode()
_MARKS: Final = re.compile(f"{START}|{END}".encode())
_UNMARKED: Final = {ord(START): None, ord(END): None}
_MARKUP: Final = re.compile(rb"(<(title|option|textarea|script|style)\b.*?</\2>|<[^>]*>)", re.DOTALL)
"""A tag, or an element that has no others in it."""


@cache
def shipped(locale: str) -> NullTranslations:
    """The catalogue of a shipped locale."""
    return Translations.load(str(paths.TRANSLATIONS), [locale])


class Words(NullTranslations):
    """A vocabulary as gettext has it; what is missing is the fallback's, and marked but in pseudo-locales."""

    def __init__(self, vocabulary: Vocabulary, *, marked: bool = True) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._marked = marked and not vocabulary.pseudo
        self._fallback_words = shipped(vocabulary.fallback)
        self._known: dict[str, str] = {}

    def gettext(self, message: str) -> str:
        """A text."""
        found = self._known.get(message)
        if found is None:
            found = self._vocabulary.text(message) or self._instead(self._fallback_words.gettext(message))
            self._known[message] = found
        return found

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """A text with a number in it."""
        found = self._vocabulary.text(msgid1, n)
        return found or self._instead(self._fallback_words.ngettext(msgid1, msgid2, n))

    def upgettext(self, context: str, message: str) -> str:
        """A text of which there are several meanings: participants see none."""
        return self._instead(str(self._fallback_words.upgettext(context, message)))

    def unpgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        """Such a text with a number in it."""
        return self._instead(str(self._fallback_words.unpgettext(context, singular, plural, number)))

    ugettext = gettext
    ungettext = ngettext

    def _instead(self, text: str) -> str:
        return f"{START}{text}{END}" if self._marked else text


def unmarked(text: str) -> str:
    """A text in which nothing can say in which language a word is that falls back."""
    return text.translate(_UNMARKED)


def settled(page: bytes, vocabulary: Vocabulary | None, direction: str) -> bytes:
    """A whole page in which words that fall back say in which language they are; in attributes they cannot."""
    if vocabulary is None or _START not in page:
        return page
    begin = f"<span lang='{vocabulary.fallback}' dir='{direction}'>".encode()
    pieces = _MARKUP.split(page)
    for number, piece in enumerate(pieces):
        kind = number % 3
        if kind == 0:
            pieces[number] = piece.replace(_START, begin).replace(END.encode(), b"</span>")
        elif kind == 1:
            pieces[number] = _MARKS.sub(b"", piece)
        else:  # the name of the element, which the piece before it has
            pieces[number] = b""
    return b"".join(pieces)
