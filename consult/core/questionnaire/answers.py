"""Answers: read from what a participant typed, kept in a document, shown to expressions and put back into fields.

A document of answers is a JSON object of question id → value: text, whole number, number, ISO date (`2001-02-03`),
time (`08:30`) or both (`2001-02-03T08:30`, local), code of a choice, list of codes in the order of the choices (of a
rank: in the participant's), `OK` for an acknowledgement, `{"file", "type", "size"}` for a file (no other answer is an
object); null where the question was put and left unanswered; no key
where it was not put. `<id>.other` has the words for a choice `other` that the author asked for with `or_other`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from consult.core.errors import Place, Problem
from consult.core.expressions.values import number_text
from consult.core.questionnaire import moments
from consult.core.questionnaire.definition import SILENT, UPLOADS, Question, QuestionType
from consult.core.questionnaire.internet import read_email, read_url
from consult.core.questionnaire.numerals import read_digits, read_number
from consult.core.questionnaire.scales import Scale
from consult.core.questionnaire.uploads import REMOVE, Upload
from consult.core.text import clean

Answer = str | int | float | tuple[str, ...] | Upload | None
Answers = dict[str, Answer]
Form = Mapping[str, Sequence[str]]
"""A posted form: name of the field → its values."""

ACKNOWLEDGED: Final = "OK"
OTHER: Final = "other"
LONGEST_TEXT: Final = 10_000
"""Characters of a text; nobody is asked for a book."""
_LARGEST: Final = 10**15
"""Beyond this a number would lose its last digit in a column of floating-point numbers."""
_DECODER: Final = msgspec.json.Decoder(dict[str, str | int | float | tuple[str, ...] | Upload | None])
_FILE: Final = '{"file":"'
"""What stands in a document with a file, and in a text never: quotation marks have a backslash there."""


def decode(document: str) -> Answers:
    """The answers of a document."""
    return _DECODER.decode(document)


def encode(answers: Mapping[str, Answer]) -> str:
    """Answers as a document: canonical, with sorted keys."""
    return msgspec.json.encode(answers, order="sorted").decode()


def uploads(document: str) -> Mapping[str, Upload]:
    """The files in a document, by key."""
    if _FILE not in document:
        return {}
    return {key: answer for key, answer in decode(document).items() if isinstance(answer, Upload)}


def files(*documents: str) -> set[str]:
    """The names of all files in documents."""
    return {upload.file for document in documents for upload in uploads(document).values()}


def text_of(answer: Answer) -> str | tuple[str, ...]:
    """An answer as expressions see it."""
    if isinstance(answer, str | tuple):
        return answer
    if isinstance(answer, int | float):
        return number_text(float(answer))
    return "" if answer is None else str(answer)


def fields(question: Question) -> tuple[str, ...]:
    """Names of the form fields of a question. Each comes with every form that shows it, except those for parts."""
    if question.type in SILENT:
        return ()
    if question.type in UPLOADS:
        return (question.id, f"{question.id}.{REMOVE}")
    parts = tuple(f"{question.id}.{part}" for part in moments.parts(question))
    if parts:
        return (question.id, *parts)
    return (question.id, f"{question.id}.{OTHER}") if question.or_other else (question.id,)


class Reading(msgspec.Struct, frozen=True):
    """What was read of the fields of one question."""

    answers: Answers
    """By key of the document; empty where there is a problem."""
    problem: Problem | None = None


class _Sent(msgspec.Struct, frozen=True):
    """The fields of one question, as they were sent."""

    question: Question
    choices: Sequence[str]
    form: Form
    decimal_mark: str

    def values(self) -> list[str]:
        """What its own field holds, without what is empty."""
        return [value for value in self.form.get(self.question.id, ()) if value]

    def first(self, part: str = "") -> str:
        """What was typed into a field, or into one for a part."""
        values = self.form.get(f"{self.question.id}.{part}" if part else self.question.id, ())
        return values[0] if len(values) == 1 else next(filter(None, values), "")


def read(question: Question, choices: Sequence[str], form: Form, *, decimal_mark: str = ".") -> Reading:
    """The answer in a form's fields; `choices` are the codes that may be chosen, in order.

    Codes: `answer.number.unreadable .whole .large`, `answer.range` (first, last, step), those of `moments.read`,
    `answer.text.long` (limit), `answer.email`, `answer.url`, `answer.choice.unknown`, `answer.rank.twice .incomplete`.
    """
    reader = _READERS.get(question.type, _text)
    if moments.parts(question):
        reader = _moment
    found = reader(_Sent(question, choices, form, decimal_mark))
    if isinstance(found, Problem):
        return Reading({}, replace(found, place=Place(field=question.id)))
    return found if isinstance(found, Reading) else Reading({question.id: found})


def refill(question: Question, answers: Mapping[str, Answer], *, decimal_mark: str = ".") -> dict[str, tuple[str, ...]]:
    """The fields of a form that say what was answered: the contrary of `read`."""
    answer = answers.get(question.id)
    if answer is None or isinstance(answer, Upload):
        return {}
    if isinstance(answer, str | int) and moments.parts(question):
        return {f"{question.id}.{part}": (text,) for part, text in moments.split(question, answer).items()}
    if isinstance(answer, int | float):
        scale = Scale.of(question.parameters) if question.type is QuestionType.RANGE else None
        mark = "." if scale is not None and scale.short else decimal_mark
        return {question.id: (number_text(float(answer)).replace(".", mark),)}
    if isinstance(answer, tuple):
        ranked = question.type is QuestionType.RANK
        filled: dict[str, tuple[str, ...]] = {question.id: _placed(answer) if ranked else answer}
    else:
        filled = {question.id: (answer,)}
    other = answers.get(f"{question.id}.{OTHER}")
    return {**filled, f"{question.id}.{OTHER}": (other,)} if isinstance(other, str) else filled


def from_text(question: Question, text: str, choices: Sequence[str]) -> Answer:
    """The answer that a default or a calculation writes as text; none where it does not fit the question."""
    values: Sequence[str] = (_whole(text),) if question.type is QuestionType.INTEGER else (text,)
    if question.type in (QuestionType.SELECT_MULTIPLE, QuestionType.RANK):
        values = text.split() if question.type is QuestionType.SELECT_MULTIPLE else _placed(text.split())
    return read(question, choices, {question.id: values}).answers.get(question.id)


def _whole(text: str) -> str:
    """The whole part of a computed number, as an integer of an XForm keeps it; any other text as it is."""
    number = read_number(text)
    return text if number is None or abs(number) > _LARGEST else str(int(number))


def _placed(codes: Sequence[str]) -> tuple[str, ...]:
    """An order of choices as the fields of a rank say it: `1 b`, `2 a`."""
    return tuple(f"{place} {name}" for place, name in enumerate(codes, start=1))


def _cleaned(typed: str) -> str:
    """Text as stored, without the space around it; what is plainly clean is not looked at again."""
    return (typed if typed.isascii() and typed.isprintable() else clean(typed)).strip()


def _words(typed: str) -> str | Problem | None:
    text = _cleaned(typed)
    return Problem("answer.text.long", {"limit": LONGEST_TEXT}) if len(text) > LONGEST_TEXT else text or None


def _text(sent: _Sent) -> str | Problem | None:
    return _words(sent.first())


def _nothing(sent: _Sent) -> Reading:
    """What no field of a form says: notes are not answered, and files come beside the form."""
    return Reading({})


def _email(sent: _Sent) -> str | Problem | None:
    text = _cleaned(sent.first())
    return (read_email(text) or Problem("answer.email")) if text else None


def _url(sent: _Sent) -> str | Problem | None:
    text = _cleaned(sent.first())
    return (read_url(text) or Problem("answer.url")) if text else None


def _number(sent: _Sent) -> float | Problem | None:
    text = _cleaned(sent.first())
    if not text:
        return None
    number = read_number(text, sent.decimal_mark) if len(text) <= 60 else None
    if number is None:
        return Problem("answer.number.unreadable")
    return Problem("answer.number.large") if abs(number) > _LARGEST else number


def _integer(sent: _Sent) -> int | Problem | None:
    number = _number(sent)
    if not isinstance(number, float):
        return number
    return int(number) if number.is_integer() else Problem("answer.number.whole")


def _range(sent: _Sent) -> float | Problem | None:
    scale = Scale.of(sent.question.parameters)
    chosen = sent.first()
    if scale is None or not chosen:
        return _number(sent)
    # A button sends its number with a point, whatever the reader's decimal mark.
    number = float(chosen) if scale.short and chosen in scale.texts() else _number(sent)
    if not isinstance(number, float):
        return number
    if not scale.has(number):
        ends = {"first": float(scale.start), "last": float(scale.last), "step": float(scale.step)}
        return Problem("answer.range", ends)
    return int(number) if scale.whole else number


def _moment(sent: _Sent) -> str | int | Problem | None:
    typed = {part: sent.first(part) for part in moments.parts(sent.question)}
    return moments.read(sent.question, sent.first(), typed)


def _acknowledgement(sent: _Sent) -> str | Problem | None:
    chosen = sent.values()
    if not chosen:
        return None
    return ACKNOWLEDGED if chosen == [ACKNOWLEDGED] else Problem("answer.choice.unknown")


def _choice(sent: _Sent) -> Answer | Problem | Reading:
    chosen = sent.first()
    if sent.question.or_other and chosen == OTHER:
        return _with_other(sent, OTHER)
    return Problem("answer.choice.unknown") if chosen and chosen not in sent.choices else chosen or None


def _choices(sent: _Sent) -> Answer | Problem | Reading:
    chosen = set(sent.values())
    allowed = (*sent.choices, OTHER) if sent.question.or_other else sent.choices
    ordered = tuple(name for name in allowed if name in chosen)
    if len(ordered) != len(chosen):
        return Problem("answer.choice.unknown")
    return _with_other(sent, ordered) if sent.question.or_other and OTHER in chosen else ordered or None


def _rank(sent: _Sent) -> Answer | Problem:
    """Choices with their places (`2 a`): all of them, each in a place of its own. Where a filter leaves fewer,
    `Standing.problem` knows whether it is all of those."""
    placed: dict[str, int] = {}
    for value in sent.values():
        typed, _, name = value.partition(" ")
        place = read_digits(typed)
        if place is None or name not in sent.choices or name in placed:
            return Problem("answer.choice.unknown")
        placed[name] = place
    if len(set(placed.values())) < len(placed):
        return Problem("answer.rank.twice")
    whole = len(placed) == len(sent.choices) or sent.question.choice_filter
    if placed and (not whole or sorted(placed.values()) != list(range(1, len(placed) + 1))):
        return Problem("answer.rank.incomplete")
    return tuple(sorted(placed, key=placed.__getitem__)) or None


def _with_other(sent: _Sent, answer: Answer) -> Problem | Reading:
    words = _words(sent.first(OTHER))
    if isinstance(words, Problem):
        return words
    found = {sent.question.id: answer}
    return Reading({**found, f"{sent.question.id}.{OTHER}": words} if words else found)


_READERS: Final[Mapping[QuestionType, Callable[[_Sent], Answer | Problem | Reading]]] = {
    **dict.fromkeys((QuestionType.NOTE, *UPLOADS), _nothing),
    QuestionType.INTEGER: _integer,
    QuestionType.DECIMAL: _number,
    QuestionType.RANGE: _range,
    QuestionType.DATE: _moment,
    QuestionType.TIME: _moment,
    QuestionType.DATETIME: _moment,
    QuestionType.SELECT_ONE: _choice,
    QuestionType.SELECT_MULTIPLE: _choices,
    QuestionType.RANK: _rank,
    QuestionType.ACKNOWLEDGE: _acknowledgement,
    QuestionType.EMAIL: _email,
    QuestionType.URL: _url,
}
