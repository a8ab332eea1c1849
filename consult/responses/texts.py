"""The texts of an edition in one locale, as pages show them: escaped, with holes where answers are piped in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

import babel
import msgspec
from babel.dates import format_date, get_date_format
from babel.numbers import get_decimal_symbol
from markupsafe import Markup, escape

from consult.core.expressions.values import number_text
from consult.core.questionnaire import inplace
from consult.core.questionnaire.answers import OTHER, Answer
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.steps import PIPE, Compiled, Step
from consult.core.text import LocalisedText
from consult.web.holes import hole, plain
from consult.web.locale import locale_of
from consult.web.templating import marked

_LINE: Final = Markup("<br>")


class Texts:
    """An edition's words in a locale."""

    def __init__(self, compiled: Compiled, locale: str) -> None:
        self.compiled = compiled
        self.locale = locale
        self.source = compiled.questionnaire.source
        self._labels: dict[tuple[str, str], str] = {}
        self._logic: dict[int, str] = {}

    def text(self, text: LocalisedText) -> Markup:
        """HTML of an authored text: answers that it names become holes, line ends breaks."""
        chosen = text.resolve(self.locale, self.source)
        lines = [self._piped(line, "answer") for line in chosen.text.strip().splitlines()]
        return marked(_LINE.join(lines), chosen.locale)

    def words(self, text: LocalisedText) -> Markup:
        """The same without any tag: for titles and options."""
        return self._piped(" ".join(text.resolve(self.locale, self.source).text.split()), "words")

    def _piped(self, text: str, kind: str) -> Markup:
        found = Markup("")
        for number, piece in enumerate(PIPE.split(plain(text))):
            step = self.compiled.by_name.get(piece) if number % 2 else None
            if step is not None and step.question is not None:
                found += hole(kind, step.id)
            else:
                found += escape(f"${{{piece}}}" if number % 2 else piece)
        return found

    def lines(self, key: str, answers: Mapping[str, Answer]) -> list[str]:
        """An answer in words, one line per choice; nothing where there is none."""
        answer, step = answers.get(key), self.compiled.by_id[key]
        if answer is None:
            return []
        other = answers.get(step.other) if step.other else None
        if isinstance(answer, tuple):
            return [self._choice(step, name, other) for name in answer]
        if isinstance(answer, str):
            return [self._word(step, answer, other)]
        return [number_text(float(answer)).replace(".", decimal_mark(self.locale))]

    def _word(self, step: Step, answer: str, other: Answer) -> str:
        kind = step.question.type if step.question else QuestionType.TEXT
        if step.choices or step.other:
            return self._choice(step, answer, other)
        if kind is QuestionType.DATE:
            return _long_date(answer, self.locale)
        return answer

    def logic(self, number: int) -> str:
        """What can change on a page, for the script."""
        if number not in self._logic:
            found = inplace.logic(self.compiled, number)
            assert found is not None, "only pages with logic ask for it"
            document = inplace.document(self.compiled, found, self.locale)
            self._logic[number] = data_block({**document, "mark": decimal_mark(self.locale)})
        return self._logic[number]

    def _choice(self, step: Step, name: str, other: Answer) -> str:
        if name == OTHER and step.other and isinstance(other, str):
            return other
        if (step.id, name) not in self._labels:
            label = self.compiled.label(name, step.name, self.locale)
            self._labels[step.id, name] = PIPE.sub("", label).strip() or name
        return self._labels[step.id, name]


def data_block(value: object) -> str:
    """JSON that can stand in a `<script>`: nothing in it ends the element or begins a comment."""
    return msgspec.json.encode(value).decode().replace("<", "\\u003c")


@cache
def cldr(locale: str) -> babel.Locale:
    """CLDR's data of a locale, else those of the interface that it falls back to."""
    try:
        return babel.Locale.parse(locale, sep="-")
    except (babel.UnknownLocaleError, ValueError):
        return babel.Locale.parse(locale_of(locale).interface)


@lru_cache(maxsize=5_000)
def _long_date(iso: str, locale: str) -> str:
    return str(format_date(dt.date.fromisoformat(iso), format="long", locale=cldr(locale)))


@cache
def decimal_mark(locale: str) -> str:
    """The decimal mark of a locale."""
    return str(get_decimal_symbol(cldr(locale)))


@cache
def date_order(locale: str) -> tuple[str, ...]:
    """In which order day, month and year are written."""
    pattern = get_date_format("short", locale=cldr(locale)).pattern
    places = {"day": pattern.find("d"), "month": pattern.find("M"), "year": pattern.find("y")}
    return tuple(sorted(places, key=lambda part: places[part]))
