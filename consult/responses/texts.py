"""The texts of an edition in one locale, as pages show them: escaped, with holes where answers are piped in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Final

import msgspec
from babel.dates import format_date, format_skeleton, format_time, get_date_format, get_datetime_format
from babel.numbers import get_decimal_symbol
from babel.units import format_unit
from flask_babel import gettext
from markupsafe import Markup, escape

from consult.core import numbering
from consult.core.documents import PDF, SPREADSHEETS, TEXT_DOCUMENTS, WORDS
from consult.core.expressions.environment import Path
from consult.core.expressions.values import number_text
from consult.core.filetypes import IMAGES
from consult.core.questionnaire import inplace, instances, moments
from consult.core.questionnaire.answers import OTHER, Answer
from consult.core.questionnaire.calendars import Calendar, parts_of, year_in
from consult.core.questionnaire.definition import Question, QuestionType
from consult.core.questionnaire.instances import how_many, paths, shared, suffixed
from consult.core.questionnaire.steps import PIPE, Compiled, Step
from consult.core.questionnaire.uploads import Upload
from consult.core.text import LocalisedText
from consult.web.holes import hole, plain
from consult.web.locale import cldr, figures, locale_of
from consult.web.messages.marks import N_
from consult.web.templating import marked

_LINE: Final = Markup("<br>")
_GLUED: Final = re.compile(r"(?<=[^\W\d])\xa0(?=[^\W\d])")
"""No-break spaces between words, which texts bring along from web pages: on a phone, lines would break within words."""
CALENDARS: Final[Mapping[Calendar, str]] = {
    Calendar.GREGORIAN: N_("Gregorian calendar"),
    Calendar.PERSIAN: N_("Solar Hijri calendar"),
    Calendar.ETHIOPIAN: N_("Ethiopian calendar"),
}
"""What calendars are called, in the source language of the interface."""

KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(IMAGES, N_("Picture")),
    **dict.fromkeys(TEXT_DOCUMENTS, N_("Text document")),
    **dict.fromkeys(SPREADSHEETS, N_("Spreadsheet")),
    PDF: N_("Document"),
    WORDS: N_("Plain text"),
}
"""What kinds of files are called, by media type, likewise."""


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
        for number, piece in enumerate(PIPE.split(_GLUED.sub(" ", plain(text)))):
            step = self.compiled.by_name.get(piece) if number % 2 else None
            if step is not None and step.question is not None:
                found += hole(kind, step.id)
            else:
                found += escape(f"${{{piece}}}" if number % 2 else piece)
        return found

    def lines(self, key: str, answers: Mapping[str, Answer], chain: Sequence[str] = (), path: Path = ()) -> list[str]:
        """The answer to a question in words, one line per choice, an order with numbers; nothing where there is none.

        In a repeat it is that of the instance at which a reader is (`path` in the repeats of `chain`); of one that they
        are not in, those of all instances.
        """
        step = self.compiled.by_id[key]
        if not step.chain:
            return self._lines(step, answers, ())
        places = paths(step.chain, partial(how_many, answers), shared(chain, step.chain, path))
        return [line for place in places for line in self._lines(step, answers, place)]

    def _lines(self, step: Step, answers: Mapping[str, Answer], path: Path) -> list[str]:
        answer = answers.get(instances.key(step.id, path) if path else step.id)
        if answer is None:
            return []
        other = answers.get(suffixed(step.other, path)) if step.other else None
        if isinstance(answer, tuple):
            chosen = [self._choice(step, name, other, answers, path) for name in answer]
            ranked = step.question is not None and step.question.type is QuestionType.RANK
            return (
                [f"{self.number(place)}. {words}" for place, words in enumerate(chosen, start=1)] if ranked else chosen
            )
        if isinstance(answer, str):
            if step.choices or step.other:
                return [self._choice(step, answer, other, answers, path)]
            return [self._word(step, answer)]
        if isinstance(answer, Upload):
            return [told(answer, self.locale)]
        number = self.number(float(answer))
        return [self._beside(step.question, number, int(answer)) if step.question else number]

    def number(self, value: float) -> str:
        """A number as this locale writes it, without marks between thousands: as it is typed."""
        return _number(float(value), decimal_mark(self.locale), locale_of(self.locale).digits)

    def _word(self, step: Step, answer: str) -> str:
        question = step.question
        if question is not None and question.type is QuestionType.ACKNOWLEDGE:
            return str(gettext("Confirmed"))
        if question is None or not moments.parts(question):
            return answer
        date, _, time = answer.partition("T") if question.type is not QuestionType.TIME else ("", "", answer)
        if not date:
            return figures(_time(time, self.locale), self.locale)
        day = dt.date.fromisoformat(date)
        words = _date(date, "".join(part[0] for part in moments.parts(question) if part in _ORDERED), self.locale)
        if time:
            words = _both(words, _time(time, self.locale), self.locale)
        return self._beside(question, figures(words, self.locale), day)

    def _beside(self, question: Question, words: str, answer: dt.date | int) -> str:
        """A date in words, with the same day in the other calendars in which the question can be answered."""
        asked = moments.parts(question)
        others = []
        for calendar in moments.calendars(question)[1:]:
            if isinstance(answer, int):
                spelt = str(year_in(calendar, answer))
            else:
                try:
                    found = parts_of(calendar, answer)._asdict()
                except ValueError:
                    continue
                spelt = "/".join(str(found[part]) for part in date_order(self.locale) if part in asked)
            others.append(f"{gettext(CALENDARS[calendar])}: {figures(spelt, self.locale)}")
        return f"{words} ({'; '.join(others)})" if others else words

    def logic(self, number: int) -> str:
        """What can change on a page, for the script."""
        if number not in self._logic:
            found = inplace.logic(self.compiled, number)
            assert found is not None, "only pages with logic ask for it"
            document = inplace.document(self.compiled, found, self.locale)
            self._logic[number] = data_block({**document, **ways(self.locale)})
        return self._logic[number]

    def _choice(self, step: Step, name: str, other: Answer, answers: Mapping[str, Answer], path: Path) -> str:
        if name == OTHER and step.other and isinstance(other, str):
            return other
        if (step.id, name) not in self._labels:
            self._labels[step.id, name] = self.compiled.label(name, step.name, self.locale).strip()
        label = self._labels[step.id, name]
        if "${" not in label:
            return label or name

        def named(found: re.Match[str]) -> str:
            """An answer that a label names, as where the members of a household are to choose from."""
            mentioned = self.compiled.by_name.get(found[1])
            if mentioned is None or mentioned.choices:  # labels that name each other would never end
                return ""
            return ", ".join(self.lines(mentioned.id, answers, step.chain, path))

        return PIPE.sub(named, label).strip() or name


def told(upload: Upload, locale: str) -> str:
    """What a file is, and how large."""
    kind, extension = gettext(KINDS[upload.type]), upload.extension.upper()
    return str(
        gettext("%(kind)s (%(extension)s), %(size)s", kind=kind, extension=extension, size=size(upload.size, locale))
    )


def size(count: int, locale: str) -> str:
    """A number of bytes in kilobytes or megabytes."""
    kilobytes = max(1, round(count / 1_000))
    small = kilobytes < 1_000
    value, unit = (kilobytes, "kilobyte") if small else (round(count / 1_000_000, 1), "megabyte")
    return figures(format_unit(value, f"digital-{unit}", length="short", locale=cldr(locale)), locale)


def data_block(value: object) -> str:
    """JSON that can stand in a `<script>`: nothing in it ends the element or begins a comment."""
    return msgspec.json.encode(value).decode().replace("<", "\\u003c")


_ORDERED: Final = ("year", "month", "day")


@lru_cache(maxsize=5_000)
def _number(value: float, mark: str, digits: str) -> str:
    return numbering.written(number_text(value).replace(".", numbering.decimal_mark(digits, mark)), digits)


@lru_cache(maxsize=5_000)
def _date(iso: str, asked: str, locale: str) -> str:
    """A date in words; `asked` are the first letters of its parts, as only its year may be asked for."""
    day = dt.date.fromisoformat(iso)
    if asked == "ymd":
        return str(format_date(day, format="long", locale=cldr(locale)))
    return str(format_skeleton({"y": "y", "ym": "yMMMM"}[asked], day, locale=cldr(locale)))


@lru_cache(maxsize=5_000)
def _time(iso: str, locale: str) -> str:
    return str(format_time(dt.time.fromisoformat(iso), format="short", locale=cldr(locale)))


def _both(date: str, time: str, locale: str) -> str:
    pattern = str(get_datetime_format("long", locale=cldr(locale))).replace("'", "")
    return pattern.replace("{0}", time).replace("{1}", date)


@cache
def decimal_mark(locale: str) -> str:
    """The decimal mark that a locale’s readers type with Latin digits; that of other digits is understood by itself."""
    return str(get_decimal_symbol(cldr(locale)))


def point(locale: str) -> str:
    """The decimal mark as a locale's readers are shown it."""
    return numbering.decimal_mark(locale_of(locale).digits, decimal_mark(locale))


def ways(locale: str) -> dict[str, str]:
    """How the script reads and writes numbers: the decimal mark that is typed; where digits are not Latin, which."""
    digits = locale_of(locale).digits
    if digits == numbering.LATIN:
        return {"mark": decimal_mark(locale)}
    return {
        "mark": decimal_mark(locale),
        "point": point(locale),
        "digits": figures("0123456789", locale),
        "system": digits,
    }


@cache
def date_order(locale: str) -> tuple[str, ...]:
    """In which order day, month and year are written."""
    pattern = get_date_format("short", locale=cldr(locale)).pattern
    places = {"day": pattern.find("d"), "month": pattern.find("M"), "year": pattern.find("y")}
    return tuple(sorted(places, key=lambda part: places[part]))
