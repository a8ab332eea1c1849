"""Answers: read from what a participant typed, kept in a document, shown to expressions and put back into fields.

A document of answers is a JSON object of question id → value: text, whole number, number, ISO date, code of a choice,
list of codes in the order of the choices, `OK` for an acknowledgement; null where the question was put and left
unanswered; no key where it was not put. `<id>.other` has the words for a choice `other` that the author asked for
with `or_other`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from consult.core.errors import Place, Problem
from consult.core.expressions.values import number_text
from consult.core.questionnaire.definition import SILENT, Question, QuestionType
from consult.core.text import clean

Answer = str | int | float | tuple[str, ...] | None
Answers = dict[str, Answer]
Form = Mapping[str, Sequence[str]]
"""A posted form: name of the field → its values."""

ACKNOWLEDGED: Final = "OK"
OTHER: Final = "other"
LONGEST_TEXT: Final = 10_000
"""Characters of a text; nobody is asked for a book."""
_LARGEST: Final = 10**15
"""Beyond this a number would lose its last digit in a column of floating-point numbers."""
_DATE_PARTS: Final = ("year", "month", "day")
_DECIMAL_MARKS: Final = ".,\u066b"
_GROUP_MARKS: Final = re.compile(r"(?<=\d)[\s'’\u00a0\u202f\u2009\u066c](?=\d{3}(\D|$))")
_SIGNS: Final = str.maketrans({"\u2212": "-", "\uff0b": "+", "\uff0c": ",", "\uff0e": "."})
_PLAIN: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_DECODER: Final = msgspec.json.Decoder(dict[str, str | int | float | tuple[str, ...] | None])


def decode(document: str) -> Answers:
    """The answers of a document."""
    return _DECODER.decode(document)


def encode(answers: Mapping[str, Answer]) -> str:
    """Answers as a document: canonical, with sorted keys."""
    return msgspec.json.encode(answers, order="sorted").decode()


def text_of(answer: Answer) -> str | tuple[str, ...]:
    """An answer as expressions see it."""
    if answer is None:
        return ""
    if isinstance(answer, int | float):
        return number_text(float(answer))
    return answer


def fields(question: Question) -> tuple[str, ...]:
    """Names of the form fields of a question. Each comes with every form that shows it, except those for parts."""
    if question.type in SILENT:
        return ()
    if question.type is QuestionType.DATE:
        return (question.id, *(f"{question.id}.{part}" for part in _DATE_PARTS))
    return (question.id, f"{question.id}.{OTHER}") if question.or_other else (question.id,)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of the fields of one question."""

    answers: Answers
    """By key of the document; empty where there is a problem."""
    problem: Problem | None = None


def read(question: Question, choices: Sequence[str], form: Form, *, decimal_mark: str = ".") -> Reading:
    """The answer in a form's fields; `choices` are the codes that may be chosen, in order.

    Codes: `answer.number.unreadable .whole .large`, `answer.date.incomplete .impossible`, `answer.text.long` (limit),
    `answer.choice.unknown`.
    """
    values = form.get(question.id, ())
    answer: Answer | Problem
    match question.type:
        case QuestionType.NOTE:
            return Reading({})
        case QuestionType.INTEGER | QuestionType.DECIMAL:
            answer = _number(question, _first(values), decimal_mark)
        case QuestionType.DATE:
            answer = _date(question, form)
        case QuestionType.SELECT_ONE:
            return _choice(question, choices, form)
        case QuestionType.SELECT_MULTIPLE:
            return _choices(question, choices, form)
        case QuestionType.ACKNOWLEDGE:
            chosen = [value for value in values if value]
            answer = ACKNOWLEDGED if chosen == [ACKNOWLEDGED] else None
            if chosen and answer is None:
                answer = _problem(question, "answer.choice.unknown")
        case _:
            answer = _text(question, _first(values))
    return Reading({}, answer) if isinstance(answer, Problem) else Reading({question.id: answer})


def refill(question: Question, answers: Mapping[str, Answer], *, decimal_mark: str = ".") -> dict[str, tuple[str, ...]]:
    """The fields of a form that say what was answered: the contrary of `read`."""
    answer = answers.get(question.id)
    if answer is None:
        return {}
    if question.type is QuestionType.DATE and isinstance(answer, str):
        parts = zip(_DATE_PARTS, answer.split("-"), strict=False)
        return {f"{question.id}.{part}": (text if part == "year" else text.lstrip("0"),) for part, text in parts}
    if isinstance(answer, int | float):
        return {question.id: (number_text(float(answer)).replace(".", decimal_mark),)}
    if isinstance(answer, tuple):
        filled: dict[str, tuple[str, ...]] = {question.id: answer}
    else:
        filled = {question.id: (answer,)}
    other = answers.get(f"{question.id}.{OTHER}")
    return {**filled, f"{question.id}.{OTHER}": (other,)} if isinstance(other, str) else filled


def from_text(question: Question, text: str, choices: Sequence[str]) -> Answer:
    """The answer that a default or a calculation writes as text; none where it does not fit the question."""
    several = question.type is QuestionType.SELECT_MULTIPLE
    found = read(question, choices, {question.id: text.split() if several else (text,)})
    return found.answers.get(question.id)


def read_number(text: str, decimal_mark: str = ".") -> float | None:
    """A number in digits of any script, with signs, decimal marks and grouping of any custom; None: not a number.

    A single `,` or `.` before exactly three digits groups them where the reader's decimal mark is the other one.
    """
    if text.isascii() and text.isdecimal():
        return float(text)
    plain = "".join(str(unicodedata.decimal(letter, letter)) for letter in text.strip().translate(_SIGNS))
    plain = _GROUP_MARKS.sub("", plain)
    marks = [letter for letter in plain if letter in _DECIMAL_MARKS]
    if marks:
        decimal = marks[-1]
        grouping = len(marks) > 1 and marks.count(decimal) > 1
        if len(marks) == 1 and decimal != decimal_mark and decimal != "\u066b":
            grouping = re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}{re.escape(decimal)}\d{{3}}", plain) is not None
        whole, _, fraction = (plain, "", "") if grouping else plain.rpartition(decimal)
        plain = _ungrouped(whole) + ("" if grouping else f".{fraction}")
    return float(plain) if _PLAIN.fullmatch(plain) else None


def _ungrouped(whole: str) -> str:
    """A whole number without its group marks; left as it is (and so unreadable) where groups are not of three."""
    if not re.search(rf"[{_DECIMAL_MARKS}]", whole):
        return whole
    well = re.fullmatch(rf"[+-]?\d{{1,3}}([{_DECIMAL_MARKS}]\d{{2,3}})*[{_DECIMAL_MARKS}]\d{{3}}", whole)
    return re.sub(rf"[{_DECIMAL_MARKS}]", "", whole) if well else whole


def _first(values: Sequence[str]) -> str:
    return next((value for value in values if value), "")


def _problem(question: Question, code: str, **params: str | int) -> Problem:
    return Problem(code, params, Place(field=question.id))


def _cleaned(typed: str) -> str:
    """Text as stored, without the space around it; what is plainly clean is not looked at again."""
    return (typed if typed.isascii() and typed.isprintable() else clean(typed)).strip()


def _text(question: Question, typed: str) -> str | Problem | None:
    text = _cleaned(typed)
    if len(text) > LONGEST_TEXT:
        return _problem(question, "answer.text.long", limit=LONGEST_TEXT)
    return text or None


def _number(question: Question, typed: str, decimal_mark: str) -> int | float | Problem | None:
    text = _cleaned(typed)
    if not text:
        return None
    number = read_number(text, decimal_mark) if len(text) <= 60 else None
    if number is None:
        return _problem(question, "answer.number.unreadable")
    if abs(number) > _LARGEST:
        return _problem(question, "answer.number.large")
    if question.type is QuestionType.DECIMAL:
        return number
    return int(number) if number.is_integer() else _problem(question, "answer.number.whole")


def _date(question: Question, form: Form) -> str | Problem | None:
    parts = [_first(form.get(f"{question.id}.{part}", ())).strip() for part in _DATE_PARTS]
    if not any(parts):
        parts = _first(form.get(question.id, ())).strip().split("-")
    if not any(parts):
        return None
    if len(parts) != len(_DATE_PARTS) or not all(parts):
        return _problem(question, "answer.date.incomplete")
    numbers = [_digits(part) for part in parts]
    if None in numbers or numbers[0] is None or numbers[0] < 1000:
        return _problem(question, "answer.date.impossible")
    try:
        return dt.date(*(number or 0 for number in numbers)).isoformat()
    except ValueError:
        return _problem(question, "answer.date.impossible")


def _digits(text: str) -> int | None:
    plain = "".join(str(unicodedata.decimal(letter, letter)) for letter in text)
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 4 else None


def _choice(question: Question, choices: Sequence[str], form: Form) -> Reading:
    chosen = _first(form.get(question.id, ()))
    if question.or_other and chosen == OTHER:
        return _with_other(question, OTHER, form)
    if chosen and chosen not in choices:
        return Reading({}, _problem(question, "answer.choice.unknown"))
    return Reading({question.id: chosen or None})


def _choices(question: Question, choices: Sequence[str], form: Form) -> Reading:
    chosen = {value for value in form.get(question.id, ()) if value}
    allowed = (*choices, OTHER) if question.or_other else choices
    ordered = tuple(name for name in allowed if name in chosen)
    if len(ordered) != len(chosen):
        return Reading({}, _problem(question, "answer.choice.unknown"))
    if question.or_other and OTHER in chosen:
        return _with_other(question, ordered, form)
    return Reading({question.id: ordered or None})


def _with_other(question: Question, answer: Answer, form: Form) -> Reading:
    key = f"{question.id}.{OTHER}"
    words = _text(question, _first(form.get(key, ())))
    if isinstance(words, Problem):
        return Reading({}, words)
    return Reading({question.id: answer, key: words} if words else {question.id: answer})
