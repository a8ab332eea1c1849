"""Dates and times as they are typed, in parts: day, month, year, calendar, hour, minute.

Kept are `2001-02-03`, `08:30` and `2001-02-03T08:30`, local and without a zone. Where a question asks only for the
year, or for month and year (appearances `year`, `month-year`), it is the first day of that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from consult.core.errors import Problem
from consult.core.questionnaire.calendars import Calendar, Parts, day_of, gregorian_year, offered
from consult.core.questionnaire.definition import Question, QuestionType
from consult.core.questionnaire.numerals import read_digits

CALENDAR: Final = "calendar"
_DATE: Final = ("year", "month", "day")
_TIME: Final = ("hour", "minute")
_EARLIEST: Final = 1000
"""No year of two digits is understood as one of our time."""
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{1,2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)

Typed = Mapping[str, str]
"""What was typed into the parts of a question."""


def parts(question: Question) -> tuple[str, ...]:
    """The parts that a question asks for; none where it is answered in one field."""
    return _parts(question.type, question.appearance)


@lru_cache(maxsize=1_000)
def _parts(kind: QuestionType, appearance: tuple[str, ...]) -> tuple[str, ...]:
    calendar = (CALENDAR,) if _calendars(kind, appearance, "") else ()
    match kind:
        case QuestionType.DATE:
            return (*_date_parts(kind, appearance), *calendar)
        case QuestionType.DATETIME:
            return (*_DATE, *calendar, *_TIME)
        case QuestionType.TIME:
            return _TIME
        case QuestionType.INTEGER if calendar:
            return ("year", *calendar)
    return ()


def calendars(question: Question, language: str = "") -> tuple[Calendar, ...]:
    """The calendars that a question offers, the customary one of a language first; none where there is no choice."""
    return _calendars(question.type, question.appearance, language)


@lru_cache(maxsize=1_000)
def _calendars(kind: QuestionType, appearance: tuple[str, ...], language: str) -> tuple[Calendar, ...]:
    dated = kind in (QuestionType.DATE, QuestionType.DATETIME)
    if dated or (kind is QuestionType.INTEGER and "year" in appearance):
        return offered(appearance, language)
    return ()


def _date_parts(kind: QuestionType, appearance: tuple[str, ...]) -> tuple[str, ...]:
    if kind is QuestionType.DATE:
        if "month-year" in appearance:
            return _DATE[:2]
        if "year" in appearance:
            return _DATE[:1]
    return _DATE


def read(question: Question, whole: str, typed: Typed) -> str | int | Problem | None:
    """The answer in a question's parts, else in its only field as it is kept; None where nothing was typed.

    Codes: `answer.date.incomplete .month .year .impossible`, `answer.time.incomplete .impossible` and
    `answer.choice.unknown`.
    """
    typed = {part: text.strip() for part, text in typed.items() if text.strip()}
    if not typed.keys() - {CALENDAR}:
        typed = _apart(question, whole.strip())
    if not typed:
        return None
    if question.type is QuestionType.TIME:
        return _time(typed)
    date = _date(question, typed)
    if question.type is not QuestionType.DATETIME or not isinstance(date, str):
        return date
    time = _time(typed)
    return f"{date}T{time}" if isinstance(time, str) else time


def split(question: Question, answer: str | int) -> dict[str, str]:
    """The parts that say what was answered: the contrary of `read`."""
    found = _apart(question, str(answer))
    wanted = parts(question)
    plain = {part: text if part in ("year", *_TIME) else text.lstrip("0") for part, text in found.items()}
    if CALENDAR in wanted:
        plain[CALENDAR] = Calendar.GREGORIAN
    return {part: text for part, text in plain.items() if part in wanted}


def _apart(question: Question, text: str) -> dict[str, str]:
    """An answer as it is kept, or as an expression writes it, in parts."""
    if not text:
        return {}
    if question.type is QuestionType.INTEGER:
        return {"year": text}
    date, _, clock = text.replace(" ", "T").partition("T")
    if question.type is QuestionType.TIME:
        date, clock = "", text
    found = dict(zip(_DATE, date.split("-", 2), strict=False)) if date else {}
    time = _CLOCK.fullmatch(clock)
    if time is not None:
        found |= zip(_TIME, time.groups(), strict=True)
    elif clock:
        found["minute" if question.type is QuestionType.TIME else "day"] = text
    return found


def _date(question: Question, typed: Typed) -> str | int | Problem:
    wanted = _date_parts(question.type, question.appearance) if question.type is not QuestionType.INTEGER else _DATE[:1]
    if any(part not in typed for part in wanted):
        return Problem("answer.date.incomplete" if wanted == _DATE else "answer.date.month")
    known = (*calendars(question), Calendar.GREGORIAN)
    calendar = next((one for one in known if one == typed.get(CALENDAR, Calendar.GREGORIAN)), None)
    if calendar is None:
        return Problem("answer.choice.unknown")
    numbers = [read_digits(typed[part]) if part in typed else 1 for part in _DATE]
    year, month, day = (number or 0 for number in numbers)
    if year < _EARLIEST:
        return Problem("answer.date.year" if wanted == _DATE[:1] else "answer.date.impossible")
    if question.type is QuestionType.INTEGER:
        return gregorian_year(calendar, year)
    try:
        date = day_of(calendar, Parts(year, month, day))
    except ValueError:
        return Problem("answer.date.impossible")
    return date.isoformat() if date.year >= _EARLIEST else Problem("answer.date.impossible")


def _time(typed: Typed) -> str | Problem:
    if any(part not in typed for part in _TIME):
        return Problem("answer.time.incomplete")
    hour, minute = (read_digits(typed[part]) for part in _TIME)
    if hour is None or minute is None or hour > 23 or minute > 59:
        return Problem("answer.time.impossible")
    return f"{hour:02}:{minute:02}"
